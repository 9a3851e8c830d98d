/* The elements of the grid: an ARIA grid with virtual rows. The active cell contains the field in which it is edited, so that an input method
 * for Chinese works from the first key on.
 */

import { choiceButtons } from "./form-fields.js";
import { el, langOf } from "../app/base/dom.js";
import { makeVirtualRows } from "../app/list/virtual-rows.js";

const LONG = ["description", "description_en", "status_note", "note", "locator", "address"];
const NUMBER_WIDTH = 64; // px, width of the column of row numbers

/** @typedef {{ row: number, column: number }} Place Indices of the row and column of a cell. */
/** @typedef {{ top: number, bottom: number, left: number, right: number }} Area Rows and columns that are selected, ends included. */

/** The elements of the grid, its active cell and its selection. */
export class GridView {
  /** `parts` are as in `EditGridParts`; `choose` is called with the id that the reader chooses for an ambiguous name. @param {import("./grid-model.js").GridModel} model @param {{ optionsOf: (column: import("./form-fields.js").FieldColumn) => string, nameOf: (id: string) => string, aroundOf: (id: string) => string, choose: (fault: ToldFault, id: string) => void }} parts */
  constructor(model, parts) {
    this.model = model;
    this.parts = parts;
    this.field = el("input", { class: "qj-grid-field", type: "text", autocomplete: "off", spellcheck: "false" });
    this.longField = el("textarea", { class: "qj-grid-field", rows: 1, spellcheck: "false" });
    this.bubble = el("div", { id: "qj-grid-fault", class: "qj-grid-fault", hidden: true });
    this.scroll = el("div", { id: "qj-grid", class: "qj-grid", tabindex: "-1" });
    this.body = el("tbody");
    /** @type {Place} */
    this.active = { row: 0, column: 0 };
    /** @type {Place} the other corner of the selection */
    this.anchor = { row: 0, column: 0 };
    /** @type {WeakMap<HTMLElement, import("./grid-model.js").GridRow>} element of an unchanged row without faults -> the row */
    this.unchanged = new WeakMap();
    this.drawnLength = 0; // number of rows when all were drawn
    this.isFocused = false; // whether the focus is in the active cell; if so, it is restored after rows are made again
    this.rows = makeVirtualRows(this.scroll, { line: (index) => this.line(index), need: () => null, width: () => model.columns.length + 1 });
  }

  /** The field of the active cell: one line, or several for long texts. */
  get input() { return LONG.includes(this.model.columns[this.active.column]?.name) ? this.longField : this.field; }

  /** The selected rows and columns. @returns {Area} */
  get area() {
    const { active: a, anchor: b } = this;
    return { top: Math.min(a.row, b.row), bottom: Math.max(a.row, b.row), left: Math.min(a.column, b.column), right: Math.max(a.column, b.column) };
  }

  /** Makes the table again for the present rows and columns. @param {boolean} keep whether to keep the scroll position */
  fill(keep) {
    const { model } = this, { columns } = model;
    this.active = { row: Math.min(this.active.row, model.length - 1), column: Math.min(this.active.column, columns.length - 1) };
    if (!keep) this.active = { row: 0, column: 0 };
    this.anchor = { ...this.active };
    this.body = el("tbody");
    const table = el("table", { role: "grid", "aria-label": model.parts.language.t("table." + model.table), "aria-rowcount": model.length + 1, "aria-colcount": columns.length + 1, "aria-multiselectable": "true" },
      el("colgroup", {}, el("col"), columns.map(() => el("col"))),
      el("thead", {}, el("tr", { "aria-rowindex": 1 }, el("td", { "aria-colindex": 1 }), columns.map((column, at) => el("th", { scope: "col", "aria-colindex": at + 2, title: column.name }, model.label(at), column.required ? " *" : "")))), this.body);
    const widths = [NUMBER_WIDTH, ...columns.map((_, at) => model.width(at))];
    table.querySelectorAll("col").forEach((col, at) => { col.style.width = widths[at] + "px"; });
    table.style.width = widths.reduce((sum, width) => sum + width, 0) + "px";
    this.scroll.replaceChildren(table, this.bubble);
    this.drawnLength = model.length;
    this.rows.set(this.body, model.length, keep);
    this.paint();
  }

  /** Draws the visible rows again: those that a change or a fault concerns, or all if their number is another. */
  redraw() {
    const { model } = this;
    if (model.length === this.drawnLength) {
      for (const node of Array.from(this.body.rows)) {
        const index = Number(node.dataset.index ?? NaN);
        if (index >= 0 && !this.isDrawn(node, index)) node.replaceWith(this.line(index));
      }
    } else {
      this.scroll.querySelector("table")?.setAttribute("aria-rowcount", String(model.length + 1));
      this.drawnLength = model.length;
      this.rows.set(this.body, model.length, true);
    }
    if (this.isFocused && !this.input.isConnected) this.scroll.focus({ preventScroll: true });
    this.paint();
  }

  /** Returns whether an element shows a row as it is now; rows that are changed or have faults count as not drawn. @param {HTMLElement} node @param {number} row */
  isDrawn(node, row) { return this.unchanged.get(node) === this.model.row(row) && this.model.isUnchanged(row); }

  /** Makes the element of a row. @param {number} row */
  line(row) {
    const { model } = this, operation = model.operation(row), { t } = model.parts.language, isBlank = row >= model.rows.length;
    const head = el("th", { scope: "row", "aria-colindex": 1, title: operation ? t("editor.draft." + operation) : null }, isBlank ? "＋" : row + 1, operation ? el("span", { class: "qj-grid-mark" }, operation === "add" ? "＋" : "✎") : null);
    const cells = model.columns.map((_, column) => this.cell(row, column));
    if (row === this.active.row) this.put(cells[this.active.column]);
    const node = el("tr", { "data-index": row, "aria-rowindex": row + 2, "data-op": operation || null }, head, cells);
    if (model.isUnchanged(row)) this.unchanged.set(node, model.row(row));
    return node;
  }

  /** Makes the element of a cell. @param {number} row @param {number} column */
  cell(row, column) {
    const { model } = this, text = model.shown(row, column), told = model.faults(row, column);
    return el("td", {
      role: "gridcell", "aria-colindex": column + 2, "data-column": column, lang: text ? langOf(text) : null, class: model.isChanged(row, column) ? "qj-grid-changed" : null,
      "aria-invalid": told.some(({ severity }) => severity === "fault") ? "true" : null, "data-told": told.length ? (told.some(({ severity }) => severity === "fault") ? "fault" : "warning") : null,
      "aria-readonly": model.isOpen(row, column) ? null : "true", "aria-selected": String(this.isSelected(row, column)),
    }, text);
  }

  /** Returns whether a cell is selected. @param {number} row @param {number} column */
  isSelected(row, column) {
    const { top, bottom, left, right } = this.area;
    return row >= top && row <= bottom && column >= left && column <= right;
  }

  /** Moves the field into the active cell, and restores the focus. @param {HTMLElement} cell */
  put(cell) {
    const { input, model, active } = this, { isFocused } = this, value = model.shown(active.row, active.column), column = model.columns[active.column];
    for (const field of [this.field, this.longField]) if (field !== input && field.isConnected) field.remove();
    if (!input.dataset.editing) input.value = value;
    input.readOnly = !model.isOpen(active.row, active.column);
    input.setAttribute("aria-label", `${model.label(active.column)} ${active.row + 1}`);
    if (input === this.field) {
      const refers = ["id", "ids", "roles"].includes(column.type) && column.name !== "id";
      if (refers || column.vocab) input.setAttribute("list", this.parts.optionsOf(column)); else input.removeAttribute("list");
    }
    cell.replaceChildren(input);
    this.isFocused = isFocused;
    if (isFocused) Promise.resolve().then(() => this.focus());
  }

  /** Moves the focus into the active cell; scrolls to it if necessary. */
  focus() {
    const { input } = this;
    if (!input.isConnected) this.show(this.active.row);
    if (document.activeElement !== input) input.focus({ preventScroll: true });
    this.isFocused = true;
    if (!input.dataset.editing) input.select();
  }

  /** Returns the element of a cell; null if its row is not in the document. @param {Place} place @returns {HTMLElement | null} */
  nodeOf({ row, column }) { return this.body.querySelector(`tr[data-index="${row}"] > [data-column="${column}"]`); }

  /** Scrolls to a row, unless it is in the document. @param {number} row */
  show(row) {
    if (!this.body.querySelector(`tr[data-index="${row}"]`)) this.rows.moveTo(row);
  }

  /** Makes a cell active. @param {Place} place @param {boolean} [extend] whether to extend the selection to it */
  moveTo(place, extend = false) {
    const { model } = this, former = this.nodeOf(this.active), { row: oldRow, column: oldColumn } = this.active;
    const next = { row: Math.max(0, Math.min(model.length - 1, place.row)), column: Math.max(0, Math.min(model.columns.length - 1, place.column)) };
    this.active = next;
    if (!extend) this.anchor = { ...next };
    this.show(next.row);
    if (former && former.isConnected && (oldRow !== next.row || oldColumn !== next.column)) former.replaceWith(this.cell(oldRow, oldColumn));
    const node = this.nodeOf(next);
    if (node && !node.contains(this.input)) this.put(node);
    node?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.paint();
  }

  /** Marks the selected cells, and shows the faults of the active one. */
  paint() {
    for (const row of this.body.rows) {
      const index = Number(row.dataset.index);
      for (const cell of /** @type {HTMLCollectionOf<HTMLElement>} */ (row.children)) {
        if (cell.dataset.column === undefined) continue;
        const column = Number(cell.dataset.column), selected = String(this.isSelected(index, column));
        if (cell.getAttribute("aria-selected") !== selected) cell.setAttribute("aria-selected", selected);
        cell.classList.toggle("qj-grid-active", index === this.active.row && column === this.active.column);
      }
    }
    this.tell();
  }

  /** Shows the faults of the active cell beside it. */
  tell() {
    const { model, active, bubble, input } = this, faults = model.faults(active.row, active.column), node = this.nodeOf(active), { now } = model.parts.language;
    bubble.hidden = !faults.length || !node;
    if (faults.length) input.setAttribute("aria-describedby", bubble.id); else input.removeAttribute("aria-describedby");
    if (faults.some(({ severity }) => severity === "fault")) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    bubble.replaceChildren(...(bubble.hidden ? [] : faults.map((fault) => el("p", { class: "qj-fault", "data-severity": fault.severity || "fault" }, fault.told[now].message, " ", el("span", { class: "qj-quiet" }, fault.told[now].cure),
      choiceButtons(this.parts, fault, (id) => this.parts.choose(fault, id))))));
    if (bubble.hidden || !node) return;
    bubble.style.left = Math.max(this.scroll.scrollLeft + 4, Math.min(node.offsetLeft, this.scroll.scrollLeft + this.scroll.clientWidth - bubble.offsetWidth - 8)) + "px";
    const under = node.offsetTop + node.offsetHeight, isBelow = under + bubble.offsetHeight <= this.scroll.scrollTop + this.scroll.clientHeight;
    bubble.style.top = (isBelow ? under : Math.max(0, node.offsetTop - bubble.offsetHeight)) + "px";
  }
}
