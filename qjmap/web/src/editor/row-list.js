/* The rows of a table as a list of names, found by name or id. */

import { folded, titleOf } from "./table-rows.js";
import { buttonOf, closest, el, elIn, listen } from "../app/base/dom.js";

const SHOWN = 100; // maximum number of listed rows; the others are found by searching

/** @typedef {{ language: Language, program: ProgramData, rows: import("./table-rows.js").TableRows, list: import("./change-list.js").ChangeList, faults: import("./row-faults.js").RowFaults }} ListParts `rows` reads the rows of the tables, `list` has the changes, `faults` the faults of changed rows. */

/**
 * Makes the choice of a table, a search field, and the list of rows that it finds.
 *
 * @param {ListParts} parts
 * @param {(table: string, id: string) => void} open called when a row is chosen
 * @param {(table: string) => void} add called when a new row is wanted
 * @param {(table: string, word: string) => void} chosen called when another table or word is chosen
 */
export function makeRowList({ language, program, rows }, open, add, chosen) {
  const { t } = language, select = el("select", { id: "qj-editor-table" }), search = el("input", { id: "qj-editor-search", type: "search", autocomplete: "off" });
  const found = el("ul", { class: "qj-plain qj-editor-rows" }), count = el("p", { class: "qj-quiet", role: "status" }), node = el("section", { class: "qj-editor-part" });
  let turn = 0;
  const names = el("div", {}); // the part that is hidden while the grid is open

  /** Lists the rows that the search finds. */
  async function draw() {
    if (names.hidden) return;
    const number = turn += 1, table = select.value, word = folded(search.value), title = titleOf(program.tables[table]);
    const all = await rows.all(table);
    if (number !== turn) return;
    const matching = all.filter(({ id, record }) => !word || folded([id, record[title], record.name_en, record.aliases].filter(Boolean).join("\n")).includes(word));
    found.replaceChildren(...matching.slice(0, SHOWN).map(({ id, record, isNew }, at) => el("li", {}, buttonOf("qj-editor-row", [
      elIn("span", {}, record[title] || id), el("span", { class: "qj-quiet" }, id), isNew ? el("span", { class: "qj-draft" }, t("editor.new")) : null,
    ], () => open(table, id), { "data-id": id, tabindex: at ? -1 : 0 }))));
    count.textContent = t(matching.length > SHOWN ? "editor.rows_some" : "editor.rows", { count: matching.length, shown: SHOWN });
  }

  /** Moves the focus to a row by the arrow keys: the list is one stop of the Tab key. @param {KeyboardEvent} event */
  function move(event) {
    const all = /** @type {HTMLElement[]} */ (Array.from(found.querySelectorAll(".qj-editor-row"))), row = closest(event, ".qj-editor-row"), at = row ? all.indexOf(row) : -1;
    const to = { ArrowDown: Math.min(at + 1, all.length - 1), ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all.length || (at < 0 && event.key !== "ArrowDown")) return;
    event.preventDefault();
    all.forEach((one, index) => { one.tabIndex = index === Math.max(to, 0) ? 0 : -1; });
    (all[to] || search).focus();
  }

  const choose = () => {
    draw();
    chosen(select.value, search.value);
  };
  listen(select, "change", choose);
  listen(search, "input", choose);
  listen(search, "keydown", move);
  listen(found, "keydown", move);
  return {
    node, draw, focus: () => search.focus(),
    get table() { return select.value; },
    get word() { return search.value; },
    /** Shows or hides the list of rows. @param {boolean} yes */
    showNames(yes) { names.hidden = !yes; },
    /** Fills the controls in the language of the page. */
    fill() {
      const table = select.value || "sites";
      select.replaceChildren(...Object.keys(program.tables).map((name) => el("option", { value: name, selected: name === table }, t("table." + name))));
      node.replaceChildren(
        el("div", { class: "qj-drop-field" }, el("label", { for: select.id }, t("drop.table_of")), select),
        el("div", { class: "qj-drop-field" }, el("label", { for: search.id }, t("editor.find")), search),
        names);
      names.replaceChildren(buttonOf("qj-action", t("editor.add"), () => add(select.value), { "data-act": "add" }), count, found);
      draw();
    },
  };
}
