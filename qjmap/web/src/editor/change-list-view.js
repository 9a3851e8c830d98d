/* The list of changed rows with old and new cells; each row can be opened in the form and shown on the map. */

import { changedCells, operationOf } from "./apply-changes-to-page.js";
import { titleOf } from "./table-rows.js";
import { buttonOf, el, elIn } from "../app/base/dom.js";

const SHOWN = 200; // maximum number of rows in the list; the grid has all

/**
 * Makes the list of changed rows. Returns its element (`node`), and `draw`, which fills it with the present net changes.
 *
 * @param {import("./row-list.js").ListParts & { nameOf: (id: string) => string }} parts
 * @param {(table: string, id: string) => void} open opens a row in the form
 * @param {(id: string) => void} show shows a row in the page's panel
 */
export function makeChangeView({ language, program, list, faults, nameOf }, open, show) {
  const { t } = language, node = el("ol", { class: "qj-plain qj-editor-changes" });
  /** Makes the entry of a changed row. @param {NetChange} change */
  function line(change) {
    const { table, id, old, new: next } = change, op = operationOf(change), title = titleOf(program.tables[table]), name = next[title] || old[title] || nameOf(id);
    return el("li", { "data-id": id }, el("strong", {}, t("editor.op." + op)), " ", t("table." + table), " ",
      op === "delete" ? elIn("span", {}, name) : buttonOf("qj-link", elIn("span", {}, name), () => open(table, id)), " ", el("span", { class: "qj-quiet" }, id), " ",
      faults.isRefused(change) ? el("span", { class: "qj-badge qj-refused" }, t("editor.refused")) : null,
      op === "add" && faults.isRefused(change) ? null : buttonOf("qj-link", t("editor.show"), () => show(id), { "data-act": "show" }),
      el("ul", { class: "qj-plain" }, changedCells({ language, program }, change)));
  }
  return {
    node,
    draw() {
      const { net } = list;
      node.replaceChildren(...net.slice(0, SHOWN).map(line), ...(net.length > SHOWN ? [el("li", { class: "qj-quiet" }, t("editor.changes_more", { count: net.length - SHOWN }))] : []));
    },
  };
}
