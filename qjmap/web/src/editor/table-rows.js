/* Returns the rows of the page's tables as records, with and without the changes of the reader. */

import { withoutEdits } from "./edited-cells.js";
import { recordOf, rowsOf } from "../app/import/import-client.js";

/** @typedef {import("./change-list.js").ChangeList} ChangeList */
/** @typedef {{ table: string, id: string, record: RowRecord, isNew: boolean }} EditedRow A row with its changes; `isNew` if the reader has added it. */
/** @typedef {ReturnType<typeof makeTableRows>} TableRows */

const HASH_LENGTH = 6; // number of characters of a hash in an id
const MOST = 20000; // maximum number of rows of a table that are read; the others can be edited from their panel, and `qjmap apply` checks references to them

/**
 * Returns a short hash of a text (FNV-1a) in letters and digits. The id of a row is made from it, so that a row gets the same id whoever
 * enters it.
 *
 * @param {string} text
 */
function hash(text) {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum.toString(36).padStart(HASH_LENGTH, "0").slice(-HASH_LENGTH);
}

/** Normalises a text for comparison. @param {string} text */
export const folded = (text) => text.normalize("NFKC").trim().toLowerCase();

/** Returns the column that names the rows of a table. @param {ProgramData["tables"][string]} table */
export const titleOf = ({ columns }) => ["name", "title"].find((name) => columns.some((column) => column.name === name)) || "id";

/** Returns the ids to which a cell refers. @param {string} type type of its column: "id", "ids" or "roles" @param {string} cell */
const referred = (type, cell) => (type === "id" ? [cell] : cell.split("|").map((item) => (type === "roles" ? item.replace(/:[^:]*$/, "") : item)));

/** Makes the functions that read rows. @param {{ store: Store, meta: Meta, program: ProgramData, list: ChangeList }} given */
export function makeTableRows({ store, meta, program, list }) {
  /** @type {Map<string, Promise<EditedRow[]>>} table -> its rows without changes */
  const read = new Map();

  /** Returns the columns of a table that can be edited, the project's own columns last. @param {string} table */
  const columnsOf = (table) => [...program.tables[table].columns, ...(meta.own?.[table] || []).map(({ name, label }) => ({
    name, type: "own", vocab: "", required: false, refers: [], headers: [label?.zh || name],
  }))];
  /** Returns the columns that are read, including those of words as typed. @param {string} table */
  const recorded = (table) => columnsOf(table).flatMap(({ name, vocab }) => (vocab ? [name, name + "_word"] : [name]));
  /**
   * Returns the row of the page's tables without changes; null if there is none.
   *
   * @param {string} table
   * @param {string} id
   * @returns {Promise<RowRecord | null>}
   */
  async function original(table, id) {
    const r = store.ref(id);
    if (r === undefined || store.draft(r) || store.draft(r) === undefined || store.tableOf(r) !== table) return null;
    await store.load([r]);
    return withoutEdits(() => recordOf(store, r, recorded(table)));
  }

  /** Reads the rows of a table without changes. @param {string} table */
  async function readTable(table) {
    const rows = /** @type {EditedRow[]} */ ([]), columns = recorded(table);
    for await (const r of store.rows(table) ? rowsOf(store, table) : []) {
      if (rows.length >= MOST) break;
      rows.push({ table, id: store.id(r), record: withoutEdits(() => recordOf(store, r, columns)), isNew: false });
    }
    return rows;
  }

  /**
   * Returns all rows of a table with their changes: without deleted rows, and with added ones.
   *
   * @param {string} table
   * @returns {Promise<EditedRow[]>}
   */
  async function all(table) {
    const reading = read.get(table) || readTable(table);
    read.set(table, reading);
    const known = await reading, changed = new Map(list.net.filter((one) => one.table === table).map((one) => [one.id, one]));
    if (!changed.size) return known;
    const rows = /** @type {EditedRow[]} */ ([]);
    for (const row of known) {
      const change = changed.get(row.id);
      if (!change) rows.push(row);
      else if (!change.removed) rows.push({ ...row, record: { ...row.record, ...change.new } });
    }
    for (const { id, added, new: cells } of changed.values()) if (added) rows.push({ table, id, record: { id, ...cells }, isNew: true });
    return rows;
  }

  return {
    columnsOf, original, all,
    /**
     * Returns the references to rows, as [table, id, column] of the referring row; references among these rows do not count.
     *
     * @param {Set<string>} ids ids of the rows
     * @returns {Promise<string[][]>}
     */
    async naming(ids) {
      const found = /** @type {string[][]} */ ([]);
      for (const table of Object.keys(program.tables)) {
        const columns = program.tables[table].columns.filter(({ name, type }) => name !== "id" && ["id", "ids", "roles"].includes(type));
        for (const row of columns.length ? await all(table) : []) {
          if (ids.has(row.id)) continue;
          for (const { name, type } of columns) if (row.record[name] && referred(type, row.record[name]).some((id) => ids.has(id))) found.push([table, row.id, name]);
        }
      }
      return found;
    },
    /**
     * Returns an unused id for a new row: the slug of its English name, else the table and a hash of its name and a few other cells
     * (site-1abc2d); with a number at its end if that is taken.
     *
     * @param {string} table
     * @param {RowRecord} record
     * @param {Set<string>} [besides] further ids that are taken
     */
    newId(table, record, besides) {
      const english = (record.name_en || "").normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 48);
      const base = english || `${table.replace(/s$/, "").replace("_", "-")}-${hash(JSON.stringify([table, record[titleOf(program.tables[table])] || "", record.subject || "", record.period || "", record.seq || ""]))}`;
      for (let number = 1; ; number++) {
        const id = number > 1 ? `${base}-${number}` : base;
        if (store.ref(id) === undefined && !besides?.has(id) && !Object.keys(program.tables).some((name) => list.of(name, id))) return id;
      }
    },
  };
}
