/* Validates edited rows in the import worker, by the same rules as dropped files. */

import { keyOf } from "./change-list.js";
import { listBoundaries, listEntries, startImportWorker } from "../app/import/import-client.js";

/** @typedef {import("./table-rows.js").TableRows} TableRows */
/** @typedef {{ faults: ToldFault[], point: Position | null }} Validation Faults and warnings of a row, and its position in WGS 84. */
/** @typedef {{ id: string, record: RowRecord }} CheckedRow A row to validate; `id` is empty if it has none yet. */
/** @typedef {ReturnType<typeof makeValidator>} Validator */

const WARNED = ["name-duplicate", "row-differs", "name-also"]; // faults of an import that are only warnings in the editor

/** Returns a cell in quotation marks, as in CSV. @param {string} cell */
const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;
/** Returns rows as the text of a CSV file. @param {string[][]} rows */
const csvOf = (rows) => rows.map((cells) => cells.map(quoted).join(",")).join("\n") + "\n";

/**
 * Makes the functions that ask the import worker; it is started on first use.
 *
 * @param {{ store: Store, meta: Meta, layers: Layer[], program: ProgramData, rows: TableRows, list: import("./change-list.js").ChangeList }} given
 */
export function makeValidator({ store, meta, layers, program, rows, list }) {
  /** @type {ReturnType<typeof startImportWorker> | null} */
  let starting = null;
  /** Entries of the store, read on first use. @type {Promise<Entry[]> | null} */
  let reading = null;
  const start = () => (starting = starting || startImportWorker());
  const storedEntries = () => (reading = reading || listEntries(store));

  /**
   * Returns the rows to which references may refer: those of the map with their changed names, and added ones; without deleted rows, and
   * without the rows that are validated.
   *
   * @param {string} validated their table
   * @param {Set<string>} ids
   */
  async function entriesBut(validated, ids) {
    const net = list.net, gone = new Set(net.filter((one) => one.removed || one.added).map((one) => one.id));
    const named = new Map(net.filter((one) => !one.added && !one.removed && one.new.name).map((one) => [one.id, one.new.name]));
    const entries = (await storedEntries()).filter((entry) => !gone.has(entry.id) && !(entry.table === validated && ids.has(entry.id))).map((entry) => {
      const name = named.get(entry.id);
      return name ? { ...entry, names: [name, ...entry.names.slice(1)] } : entry;
    });
    for (const { table, id, added, new: cells } of net) {
      if (added && !ids.has(id)) entries.push({ table, id, names: [cells.name || cells.title || id], at: null, adcode: cells.adcode || "", parent: cells.parent || "" });
    }
    return entries;
  }

  /**
   * Validates rows of a table, which are either all new or all in the table already.
   *
   * @param {string} table
   * @param {CheckedRow[]} checked
   * @param {boolean} isNew
   * @returns {Promise<Validation[]>}
   */
  async function validate(table, checked, isNew) {
    const columns = program.tables[table].columns, known = new Set(columns.map(({ name }) => name)), ids = new Set(checked.map(({ id }) => id).filter(Boolean));
    const filled = new Set(checked.flatMap(({ id, record }) => [...(id ? ["id"] : []), ...Object.keys(record).filter((name) => record[name])]));
    const names = Array.from(new Set([...columns.filter(({ required }) => required).map(({ name }) => name), ...filled]));
    const text = csvOf([names, ...checked.map(({ id, record }) => names.map((name) => (name === "id" ? id : record[name] || "")))]);
    const there = isNew ? (await rows.all(table)).filter((row) => !ids.has(row.id)).map(({ record }) => ({ record, file: `data/${table}.csv`, row: "?" })) : [];
    const job = /** @type {ImportJob} */ ({
      name: `${table}.csv`, text, table, datum: "", choice: names.map((name) => (known.has(name) ? name : "")), shown: names, region: meta.region, entries: await entriesBut(table, ids), outlines: listBoundaries(layers), there,
    });
    const result = /** @type {ImportResult} */ (await (await start())(job));
    const faults = (result.faults || []).map((fault) => (WARNED.includes(fault.code) ? { ...fault, severity: "warning" } : fault));
    const numbers = result.numbers || [], points = new Map((result.rows || []).map(({ row, point }) => [row, point || null]));
    return checked.map((_, at) => ({
      faults: faults.filter(({ row, rows: several }) => row === numbers[at] || (row === null && (checked.length === 1 || several?.includes(numbers[at])))),
      point: points.get(numbers[at]) || null,
    }));
  }

  return {
    /** Validates one row. @param {string} table @param {string} id @param {RowRecord} record @param {boolean} isNew @returns {Promise<Validation>} */
    row: async (table, id, record, isNew) => (await validate(table, [{ id: isNew ? record.id || "" : id, record }], isNew))[0],
    /**
     * Validates changed rows of a table.
     *
     * @param {string} table
     * @param {Set<string>} ids
     * @returns {Promise<Map<string, Validation>>} id -> result; rows that are unchanged or deleted have no faults
     */
    async changed(table, ids) {
      const results = /** @type {Map<string, Validation>} */ (new Map(Array.from(ids, (id) => [id, { faults: [], point: null }])));
      const touched = Array.from(ids).filter((id) => { const change = list.of(table, id); return change && !(change.removed && !change.added); });
      if (!touched.length) return results;
      const records = new Map((await rows.all(table)).map(({ id, record }) => [id, record]));
      for (const isNew of [false, true]) {
        const some = touched.filter((id) => records.has(id) && Boolean(list.of(table, id)?.added) === isNew);
        const checked = some.map((id) => ({ id, record: /** @type {RowRecord} */ (records.get(id)) }));
        if (checked.length) (await validate(table, checked, isNew)).forEach((result, at) => results.set(some[at], result));
      }
      return results;
    },
    /** Returns the longitude and latitude in degrees that a text states; null if it states none. @param {string} text */
    async pair(text) { return /** @type {number[] | null} */ (await (await start())({ kind: "pair", text })); },
    /**
     * Applies changes of rows to a table's file, see `applyChanges`.
     *
     * @param {string} name name of the file
     * @param {string} table
     * @param {Uint8Array} bytes content of the file
     * @param {NetChange[]} changes
     */
    async patch(name, table, bytes, changes) {
      const answer = await (await start())({ kind: "patch", name, bytes, table, changes, entries: await storedEntries() });
      return /** @type {{ bytes: Uint8Array | null, faults: ToldFault[], already: number[] }} */ (answer);
    },
  };
}

/**
 * Validates the changed rows after each step. Rows with a fault are validated again too, since a change of another row may have removed it.
 *
 * @param {Validator} validator
 * @param {import("./change-list.js").ChangeList} list
 * @param {import("./row-faults.js").RowFaults} faults
 * @param {(table: string, id: string, point: Position | null) => void} located called with the position (WGS 84) of each validated row
 */
export function followChanges(validator, list, faults, located) {
  /** @type {Map<string, { table: string, id: string }>} */
  let waiting = new Map();
  /** @type {Promise<void>} */
  let running = Promise.resolve();

  /** Validates the rows that are waiting. */
  async function run() {
    const rows = Array.from(waiting.values());
    waiting = new Map();
    for (const table of new Set(rows.map((row) => row.table))) {
      const results = await validator.changed(table, new Set(rows.filter((row) => row.table === table).map(({ id }) => id)));
      for (const [id, { point }] of results) located(table, id, point);
      faults.set(table, new Map(Array.from(results, ([id, result]) => [id, result.faults])));
    }
  }

  /** Queues the rows of changes for validation. @param {{ table: string, id: string }[]} touched */
  function validate(touched) {
    for (const { table, id } of [...touched, ...faults.refused.map(([table, id]) => ({ table, id }))]) waiting.set(keyOf({ table, id }), { table, id });
    running = running.then(() => (waiting.size ? run() : undefined));
    faults.await(running);
  }
  list.onChange(validate);
  validate(list.all);
}
