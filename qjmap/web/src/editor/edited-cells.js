/* Makes the page read the new values of changed cells, in the panel, the list and everywhere else.
 *
 * `at` of a table's block is replaced by a function that returns the new cells of changed rows. Codes, by which the page filters and sorts,
 * and positions on the map stay as they are until the page is built again; apply-changes-to-page.js draws moved rows.
 */

/** @type {Map<string, Map<number, RowRecord>>} table -> row number -> changed cells */
const edits = new Map();
let isOff = false;

/**
 * Calls `read` while the tables return their cells without changes.
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

/** @type {Record<string, string>} column -> column of the page's tables that has the position as typed */
const TYPED = { lon: "orig_lon", lat: "orig_lat", datum: "orig_datum" };

/**
 * Returns a record with the names of columns that the page's tables use.
 *
 * @param {RowRecord} record
 * @param {string[]} coded columns with a vocabulary; their column `_word`, for words that are not in it, is emptied
 * @returns {RowRecord}
 */
const asColumns = (record, coded) => Object.fromEntries(Object.entries(record).flatMap(([name, cell]) => [
  [TYPED[name] || name, cell], ...(coded.includes(name) ? [[name + "_word", ""]] : []),
]));

/**
 * Sets the changed cells of the rows of a table, in place of those set before.
 *
 * @param {Store} store
 * @param {string} table
 * @param {{ id: string, cells: RowRecord }[]} rows
 * @param {string[]} coded columns with a vocabulary
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
