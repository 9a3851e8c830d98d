/* The rows of the page's tables as records, with the changes that the reader has made. */

import { recordOf, rowsOf } from "../app/import/import-client.js";

/** @typedef {import("./change-list.js").ChangeList} ChangeList */
/** @typedef {{ table: string, id: string, record: RowRecord, isNew: boolean }} EditedRow */

const HASH_LENGTH = 6;
const MOST = 20000; // rows of a table that are walked; others are edited from their panel, and `qjmap apply` finds what refers to them

/**
 * A short hash of a text in letters and digits (FNV-1a): the same row gets the same id from whoever enters it.
 *
 * @param {string} text
 */
function hash(text) {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum.toString(36).padStart(HASH_LENGTH, "0").slice(-HASH_LENGTH);
}

/** @param {ProgramData["tables"][string]} table */
export const titleOf = ({ columns }) => ["name", "title"].find((name) => columns.some((column) => column.name === name)) || "id";

/**
 * @param {{ store: Store, meta: Meta, program: ProgramData, list: ChangeList }} given
 */
export function makeRows({ store, meta, program, list }) {
  /** Columns of a table that can be edited, own ones last. @param {string} table */
  const columnsOf = (table) => [...program.tables[table].columns, ...(meta.own?.[table] || []).map(({ name, label }) => ({
    name, type: "own", vocab: "", required: false, refers: [], headers: [label?.zh || name],
  }))];
  /** @param {string} table */
  const recorded = (table) => columnsOf(table).flatMap(({ name, vocab }) => (vocab ? [name, name + "_word"] : [name]));
  /** The row of the page's tables; null for none. @param {string} table @param {string} id @returns {Promise<RowRecord | null>} */
  async function original(table, id) {
    const r = store.ref(id);
    if (r === undefined || store.draft(r) || store.tableOf(r) !== table) return null;
    await store.load([r]);
    return recordOf(store, r, recorded(table));
  }

  /** All rows of a table with their changes. @param {string} table @returns {Promise<EditedRow[]>} */
  async function all(table) {
    const rows = /** @type {EditedRow[]} */ ([]), changed = new Map(list.net.filter((one) => one.table === table).map((one) => [one.id, one]));
    if (store.rows(table)) {
      for await (const r of rowsOf(store, table)) {
        if (rows.length >= MOST) break;
        const id = store.id(r), change = changed.get(id);
        if (!change || !change.removed) rows.push({ table, id, record: { ...recordOf(store, r, recorded(table)), ...(change ? change.new : {}) }, isNew: false });
      }
    }
    for (const { id, added, new: cells } of changed.values()) if (added) rows.push({ table, id, record: { id, ...cells }, isNew: true });
    return rows;
  }

  /** Ids that a cell refers to. @param {string} type @param {string} cell */
  const referred = (type, cell) => (type === "id" ? [cell] : cell.split("|").map((item) => (type === "roles" ? item.replace(/:[^:]*$/, "") : item)));

  return {
    columnsOf, original, all,
    /** Rows that refer to one: [table, id, column]. @param {string} id @returns {Promise<string[][]>} */
    async naming(id) {
      const found = /** @type {string[][]} */ ([]);
      for (const table of Object.keys(program.tables)) {
        const columns = program.tables[table].columns.filter(({ name, type }) => name !== "id" && ["id", "ids", "roles"].includes(type));
        for (const row of columns.length ? await all(table) : []) {
          for (const { name, type } of columns) if (row.id !== id && row.record[name] && referred(type, row.record[name]).includes(id)) found.push([table, row.id, name]);
        }
      }
      return found;
    },
    /** An id for a new row: of its English name, else of a hash. @param {string} table @param {RowRecord} record */
    newId(table, record) {
      const english = (record.name_en || "").normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 48);
      const base = english || `${table.replace(/s$/, "").replace("_", "-")}-${hash(JSON.stringify([table, record[titleOf(program.tables[table])] || "", record.subject || "", record.period || "", record.seq || ""]))}`;
      const taken = new Set(list.net.map((one) => one.id));
      for (let number = 1; ; number++) {
        const id = number > 1 ? `${base}-${number}` : base;
        if (store.ref(id) === undefined && !taken.has(id)) return id;
      }
    },
  };
}
