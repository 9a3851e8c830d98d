/* The list of faults below the grid: those of the table's changed rows, each with a button that goes to its cell. */

import { isFault } from "./row-faults.js";
import { buttonOf, el } from "../app/base/dom.js";

const SHOWN = 50; // maximum number of faults in the list

/** Lists the faults of the grid's table, and shows the number of its rows and faults. */
export class FaultList {
  /** `go` makes a cell active and moves the focus to it. @param {import("./grid-model.js").GridModel} model @param {(place: import("./grid-view.js").Place) => void} go */
  constructor(model, go) {
    this.model = model;
    this.go = go;
    this.count = el("p", { id: "qj-grid-count", role: "status" });
    this.list = el("ol", { class: "qj-plain qj-grid-faults" });
    this.node = el("div", { class: "qj-grid-below" }, this.count, this.list);
  }

  /** Fills the list. */
  draw() {
    const { model } = this, { faults, language } = model.parts, { t, now } = language;
    const found = model.rows.flatMap(({ id }, row) => faults.of(model.table, id).filter(isFault).map((fault) => ({ row, fault, column: Math.max(0, model.columns.findIndex(({ name }) => name === fault.column)) })));
    this.count.textContent = t(found.length ? "grid.faults" : "grid.rows", { rows: model.rows.length, count: found.length });
    this.count.dataset.faults = String(found.length);
    this.list.replaceChildren(...found.slice(0, SHOWN).map(({ row, column, fault }) => el("li", {}, buttonOf("qj-link", t("grid.cell", { row: row + 1, column: model.label(column) }), () => this.go({ row, column }), { "data-act": "fault" }), " ",
      el("span", { class: "qj-fault" }, fault.told[now].message), " ", el("span", { class: "qj-quiet" }, fault.told[now].cure))));
  }
}
