/* Lists of the editor: the rows of a table, and what was changed, row by row, old and new. */

import { labelOf } from "./fields.js";
import { titleOf } from "./rows.js";
import { buttonOf, el, elIn, listen } from "../app/base/dom.js";

const SHOWN = 100; // rows of a table at once; others are found by their name

/** @typedef {{ language: Language, program: ProgramData, rows: import("./judge.js").Rows, list: import("./rows.js").ChangeList }} ListParts */

/**
 * The rows of a table, found by name or id.
 *
 * @param {ListParts} parts
 * @param {(table: string, id: string) => void} open
 * @param {(table: string) => void} add
 */
export function makeRowList({ language, program, rows }, open, add) {
  const { t } = language, select = el("select", { id: "qj-editor-table" }), search = el("input", { id: "qj-editor-search", type: "search", autocomplete: "off" });
  const found = el("ul", { class: "qj-plain qj-editor-rows" }), count = el("p", { class: "qj-quiet", role: "status" }), node = el("section", { class: "qj-editor-part" });
  let turn = 0;

  async function draw() {
    const number = turn += 1, table = select.value, word = search.value.trim().toLowerCase(), title = titleOf(program.tables[table]);
    const all = await rows.all(table);
    if (number !== turn) return;
    const matching = all.filter(({ id, record }) => !word || `${id}\n${record[title] || ""}\n${record.name_en || ""}\n${record.aliases || ""}`.toLowerCase().includes(word));
    found.replaceChildren(...matching.slice(0, SHOWN).map(({ id, record, isNew }) => el("li", {}, buttonOf("qj-editor-row", [
      elIn("span", {}, record[title] || id), el("span", { class: "qj-quiet" }, id), isNew ? el("span", { class: "qj-draft" }, t("editor.new")) : null,
    ], () => open(table, id), { "data-id": id }))));
    count.textContent = t(matching.length > SHOWN ? "editor.rows_some" : "editor.rows", { count: matching.length, shown: SHOWN });
  }

  listen(select, "change", draw);
  listen(search, "input", draw);
  return {
    node, draw, focus: () => search.focus(),
    /** Writes the words of the page's language. */
    fill() {
      const table = select.value || "sites";
      select.replaceChildren(...Object.keys(program.tables).map((name) => el("option", { value: name, selected: name === table }, t("table." + name))));
      node.replaceChildren(
        el("div", { class: "qj-drop-field" }, el("label", { for: select.id }, t("drop.table_of")), select),
        el("div", { class: "qj-drop-field" }, el("label", { for: search.id }, t("editor.find")), search),
        buttonOf("qj-action", t("editor.add"), () => add(select.value), { "data-act": "add" }), count, found);
      draw();
    },
  };
}

/**
 * What was changed, row by row.
 *
 * @param {ListParts} parts
 * @param {(table: string, id: string) => void} open
 */
export function makeChangeView({ language, program, list }, open) {
  const { t } = language, node = el("ol", { class: "qj-plain qj-editor-changes" });
  /** @param {NetChange} change */
  function line({ table, id, added, removed, old, new: next }) {
    const op = added ? (removed ? "change" : "add") : removed ? "delete" : "change", title = titleOf(program.tables[table]);
    const columns = program.tables[table].columns, name = next[title] || old[title] || id;
    /** @param {string} column */
    const label = (column) => labelOf(language, columns.find((one) => one.name === column) || { name: column, type: "", vocab: "", required: false, refers: [], headers: [column] });
    const cells = op === "delete" ? [] : Object.keys(next).filter((column) => next[column] || old[column]).map((column) => el("li", {},
      el("span", { class: "qj-quiet" }, label(column)), " ", op === "change" ? [el("del", {}, old[column] || t("editor.empty")), " → "] : null, el("ins", {}, next[column] || t("editor.empty"))));
    return el("li", {}, el("strong", {}, t("editor.op." + op)), " ", t("table." + table), " ",
      op === "delete" ? elIn("span", {}, name) : buttonOf("qj-link", elIn("span", {}, name), () => open(table, id)), " ", el("span", { class: "qj-quiet" }, id), el("ul", { class: "qj-plain" }, cells));
  }
  return { node, draw() { node.replaceChildren(...list.net.map(line)); } };
}
