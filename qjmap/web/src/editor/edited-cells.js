/* Shows changed cells in the panel, the list and wherever else the page reads its tables, before the tables themselves have them.
 *
 * The columns of a table answer for a changed row with its new cells. Coded columns, by which the page filters and sorts, stay as they are
 * until the page is made anew, and so do positions on the map (changed-rows.js draws those).
 */

/** @type {Map<string, Map<number, RowRecord>>} table -> row number -> changed cells */
const edits = new Map();
let isOff = false;

/**
 * Reads the tables as they are, without changes.
 *
 * @template T
 * @param {() => T} read
 * @returns {T}
 */
export function withoutEdits(read) {
  const before = isOff;
  isOff = true;
  try {
    return read();
  } finally {
    isOff = before;
  }
}

/** @type {Record<string, string>} columns that hold a typed position in the page's tables */
const TYPED = { lon: "orig_lon", lat: "orig_lat", datum: "orig_datum" };

/**
 * The cells of a record as the page's columns name them.
 *
 * @param {RowRecord} record
 * @param {string[]} coded columns that have a vocabulary, in which a word that it lacks is kept beside
 * @returns {RowRecord}
 */
const asColumns = (record, coded) => Object.fromEntries(Object.entries(record).flatMap(([name, cell]) => [
  [TYPED[name] || name, cell], ...(coded.includes(name) ? [[name + "_word", ""]] : []),
]));

/**
 * Sets the changed cells of a table's rows.
 *
 * @param {Store} store
 * @param {string} table
 * @param {{ id: string, cells: RowRecord }[]} rows
 * @param {string[]} coded
 */
export function showEdits(store, table, rows, coded) {
  const byRow = new Map(rows.flatMap(({ id, cells }) => {
    const r = store.ref(id);
    return r === undefined || store.draft(r) !== null ? [] : [/** @type {[number, RowRecord]} */ ([store.rowOf(r), asColumns(cells, coded)])];
  }));
  if (!edits.has(table)) {
    if (!byRow.size) return;
    const block = store.blockOf(table), read = block.at.bind(block);
    block.at = /** @type {typeof block.at} */ ((name, row) => {
      const cells = isOff ? undefined : edits.get(table)?.get(row);
      return cells && name in cells ? cells[name] : read(name, row);
    });
  }
  edits.set(table, byRow);
}
