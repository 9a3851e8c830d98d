/* Shows the changes on the page before they are in the tables: added and moved rows become drafts on the map, panel and list show the new
 * values of changed cells, and badges mark changed and deleted rows.
 */

import { showEdits } from "./edited-cells.js";
import { labelOf } from "./form-fields.js";
import { el, templatePart } from "../app/base/dom.js";

/** @typedef {import("./change-list.js").ChangeList} ChangeList */

const BATCH = "editor"; // batch of the drafts that the editor makes

/** Returns whether a draft was made by the editor. @param {Draft} draft */
export const isOfEditor = ({ batch }) => batch === BATCH;

/** Returns what a net change does to its row: "add", "change" or "delete". @param {NetChange} change */
export const operationOf = ({ added, removed }) => (added ? (removed ? "change" : "add") : removed ? "delete" : "change");

/**
 * Returns a list item for each changed cell of a row: column, old and new value; of an added row for each cell, without an old value; [] for
 * a deleted row.
 *
 * @param {{ language: Language, program: ProgramData }} parts
 * @param {NetChange} change
 */
export function changedCells({ language, program }, change) {
  const { table, old, new: next } = change, op = operationOf(change), columns = program.tables[table].columns, { t } = language;
  /** Returns the label of a column. @param {string} column */
  const label = (column) => labelOf(language, columns.find(({ name }) => name === column) || { name: column, type: "", vocab: "", required: false, refers: [], headers: [column] });
  return op === "delete" ? [] : Object.keys(next).filter((column) => next[column] || old[column]).map((column) => el("li", {},
    el("span", { class: "qj-quiet" }, label(column)), " ", op === "change" ? [el("del", {}, old[column] || t("editor.empty")), " → "] : null, el("ins", {}, next[column] || t("editor.empty"))));
}

/**
 * Returns the change that undoes an added or moved row whose draft the reader has removed; an empty list if the row is unchanged.
 *
 * @param {Draft} draft
 * @param {ChangeList} list
 * @returns {RowChange[]}
 */
function takenBack({ kind, table, record: { id } }, list) {
  const change = list.of(table, id);
  if (!change) return [];
  if (kind === "row") return [{ op: "delete", table, id, old: {} }];
  const names = ["lon", "lat", "datum", "precision"].filter((name) => name in change.new);
  /** Returns the cells of the position. @param {RowRecord} cells */
  const some = (cells) => Object.fromEntries(names.map((name) => [name, cells[name] || ""]));
  return [{ op: "change", table, id, old: some(change.new), new: some(change.old) }];
}

/**
 * Makes the draft of an added row.
 *
 * @param {NetChange} change
 * @param {Position | null} point
 * @param {ProgramData} program
 * @returns {Draft}
 */
const addedDraft = ({ table, id, new: cells }, point, program) => ({
  kind: "row", key: id, batch: BATCH, table, state: "added", record: { id, ...cells }, point, radius: program.radius_m[cells.precision || "site"] ?? null, name: cells.name || cells.title || id,
});

/**
 * Makes the draft of a moved row; null for a change that does not move a row of the page to a valid position.
 *
 * @param {NetChange} change
 * @param {Position | null} point
 * @param {Store} store
 * @returns {Draft | null}
 */
function movedDraft({ table, id, removed, new: cells }, point, store) {
  const r = store.ref(id);
  if (removed || !point || r === undefined || !("lon" in cells || "lat" in cells)) return null;
  const from = store.located(r) ? [Number(store.get(r, "lon")), Number(store.get(r, "lat"))] : null;
  return { kind: "move", key: "edit:" + id, batch: BATCH, table, state: "added", record: { id, ...cells }, point, from, radius: null, name: cells.name || store.nameOfId(id) };
}

/**
 * Puts a badge on each changed or deleted row in the list view.
 *
 * @param {HTMLElement} scroll the list of the page's rows
 * @param {ChangeList} list
 * @param {Language} language
 */
function markRows(scroll, list, language) {
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (scroll.querySelectorAll("tr[data-id]"))) {
    const change = list.of(/** @type {HTMLElement} */ (row.closest("table")).dataset.table || "", row.dataset.id || ""), first = row.firstElementChild;
    const op = change && !(change.added && !change.removed) ? operationOf(change) : "", badge = row.querySelector(".qj-edited");
    if (badge ? badge.getAttribute("data-op") === op : !op) continue;
    badge?.remove();
    if (op && first) first.prepend(el("span", { class: "qj-badge qj-draft qj-edited", "data-op": op }, language.t("editor.draft." + op)), " ");
  }
}

/**
 * Makes the part that shows the changes on the page. Returns `show`, which updates the page, and `note`, a section for the panel of a row.
 *
 * @param {PageFace} face
 * @param {ChangeList} list
 * @param {import("./row-faults.js").RowFaults} faults
 * @param {(table: string, id: string) => Position | null | undefined} pointOf returns the position (WGS 84) of a row as the import worker
 *   read it: null if it has none, undefined if it was not read yet
 */
export function makeChangedRows({ store, drafts, filter, language }, list, faults, pointOf) {
  /** @type {ProgramData | null} */
  let program = null;
  let mine = /** @type {Draft[]} */ ([]), isSetting = false;
  const scroll = templatePart("list-scroll"), mark = () => markRows(scroll, list, language);

  /** Makes the draft of an added or moved row; null for any other change. @param {NetChange} change @param {ProgramData} data */
  function draftOf(change, data) {
    const point = pointOf(change.table, change.id) || null;
    return change.added && !change.removed ? addedDraft(change, point, data) : movedDraft(change, point, store);
  }

  /** Undoes the changes whose drafts the reader has removed from the list of drafts. */
  function followDrops() {
    if (isSetting) return;
    const there = new Set(drafts().all.map(({ key }) => key)), gone = mine.filter(({ key }) => !there.has(key));
    mine = mine.filter(({ key }) => there.has(key));
    list.add(...gone.flatMap((draft) => takenBack(draft, list)));
  }

  return {
    /** Updates the page to the present list of changes. @param {ProgramData} data */
    async show(data) {
      if (!program) {
        program = data;
        drafts().onChange(followDrops);
        new MutationObserver(mark).observe(scroll, { childList: true, subtree: true });
      }
      let isNew = false;
      for (const table of Object.keys(data.tables)) {
        const rows = list.net.filter((one) => one.table === table && !one.added && !one.removed).map(({ id, new: cells }) => ({ id, cells }));
        isNew = showEdits(store, table, rows, data.tables[table].columns.filter(({ vocab }) => vocab).map(({ name }) => name)) || isNew;
      }
      mark();
      const next = list.net.flatMap((change) => (faults.isRefused(change) ? [] : draftOf(change, data) || []));
      if (!isNew && JSON.stringify(next) === JSON.stringify(mine)) return;
      mine = next;
      isSetting = true;
      const setting = drafts().set([...drafts().all.filter((draft) => !isOfEditor(draft)), ...next]); // calls its listeners before it returns; `isSetting` keeps `followDrops` from acting on that
      isSetting = false;
      await setting; // the search has the new cells now
      if (isNew) filter.renew();
    },
    /**
     * Returns the section of a row's panel that lists its changed cells; null if it is unchanged.
     *
     * @param {string} table
     * @param {string} id
     * @returns {HTMLElement | null}
     */
    note(table, id) {
      const change = list.of(table, id);
      if (!change || !program || (change.added && !change.removed)) return null;
      return el("section", { class: "qj-section qj-edited-cells", "data-op": operationOf(change) },
        el("p", {}, el("span", { class: "qj-badge qj-draft" }, language.t("editor.draft." + operationOf(change))), " ", el("span", { class: "qj-quiet" }, language.t("editor.draft_note"))),
        el("ul", { class: "qj-plain" }, changedCells({ language, program }, change)));
    },
  };
}
