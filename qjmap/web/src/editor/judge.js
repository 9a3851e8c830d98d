/* Judges a row as it is entered by the grammar that dropped files are read with, in the import worker. */

import { listBoundaries, listEntries, startImportWorker } from "../app/import/import-client.js";

/** @typedef {ReturnType<typeof import("./rows.js").makeRows>} Rows */
/** @typedef {{ faults: ToldFault[], point: Position | null }} Judgement */

const DOUBTFUL = ["name-duplicate", "row-differs", "name-also"]; // another row has the name: said, never refused here

/** @param {string} cell */
const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;

/**
 * @param {{ store: Store, meta: Meta, layers: Layer[], program: ProgramData, rows: Rows, list: import("./rows.js").ChangeList }} given
 */
export function makeJudge({ store, meta, layers, program, rows, list }) {
  /** @type {ReturnType<typeof startImportWorker> | null} */
  let starting = null;
  const start = () => (starting = starting || startImportWorker());

  /** The map's rows and the added ones with their names, without deleted rows and the one that is judged. @param {string} id */
  async function entriesBut(id) {
    const removed = new Set([id, ...list.net.filter((one) => one.removed || one.added).map((one) => one.id)]);
    const entries = (await listEntries(store)).filter((entry) => !removed.has(entry.id));
    for (const { table, id: own, added, new: cells } of list.net) {
      if (added && own !== id) entries.push({ table, id: own, names: [cells.name || cells.title || own], at: null, adcode: cells.adcode || "", parent: cells.parent || "" });
    }
    return entries;
  }

  return {
    /** @param {string} table @param {string} id @param {RowRecord} record @param {boolean} isNew @returns {Promise<Judgement>} */
    async row(table, id, record, isNew) {
      const required = program.tables[table].columns.filter((column) => column.required).map(({ name }) => name);
      const names = Array.from(new Set([...required, ...Object.keys(record).filter((name) => record[name])]));
      const text = [names, names.map((name) => record[name] || "")].map((cells) => cells.map(quoted).join(",")).join("\n") + "\n";
      const known = new Set(program.tables[table].columns.map(({ name }) => name));
      const choice = names.map((name) => (known.has(name) ? name : ""));
      const there = isNew ? (await rows.all(table)).filter((row) => row.id !== id).map((row) => ({ record: row.record, file: `data/${table}.csv`, row: "?" })) : [];
      const answer = await (await start())(/** @type {ImportJob} */ ({
        name: `${table}.csv`, text, table, datum: "", choice, shown: Object.keys(record), region: meta.region, entries: await entriesBut(id), outlines: listBoundaries(layers), there,
      }));
      const result = /** @type {ImportResult} */ (answer), first = (result.rows || [])[0];
      const faults = (result.faults || []).map((fault) => (DOUBTFUL.includes(fault.code) ? { ...fault, severity: "warning" } : fault));
      return { faults, point: (first && first.point) || null };
    },
    /** A table's file with the changes of its rows. @param {string} name @param {string} table @param {Uint8Array} bytes */
    async patch(name, table, bytes) {
      const changes = list.net.filter((one) => one.table === table);
      const answer = await (await start())({ kind: "patch", name, bytes, table, changes, entries: await listEntries(store) });
      return /** @type {{ bytes: Uint8Array | null, faults: ToldFault[], already: number[] }} */ (answer);
    },
  };
}
