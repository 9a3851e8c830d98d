/* Makes the page read the new values of changed cells: in the panel, the list, the filters and the search.
 *
 * `at` of a table's block is replaced by a function that returns the new cells of changed rows, and `codes` of the store, by which rows are
 * filtered and sorted, by one that returns codes of the new values. Relations between rows and positions on the map stay as they are until
 * the page is built again; apply-changes-to-page.js draws moved rows.
 */

/** @type {Map<string, Map<number, RowRecord>>} table -> row number -> changed cells */
const edits = new Map();
let isOff = false;
/** @typedef {{ codes: Numbers, values: (string | string[] | null)[] }} Coded A coded column: code of each row, and the values that the codes index. */
/** @type {Map<string, Coded>} table and column -> coded column with the changed cells */
const recoded = new Map();
/** @type {Store["codes"] | null} `codes` of the store, without changes */
let plainCodes = null;

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
 * Returns a coded column in which changed rows have the codes of their new cells. New values are appended to the values.
 *
 * @param {Coded} stored
 * @param {string} column
 * @param {Map<number, RowRecord>} changed row number -> changed cells
 * @returns {Coded}
 */
function recode({ codes, values }, column, changed) {
  const isList = values.some(Array.isArray), next = values.slice(), numbers = Uint32Array.from(codes);
  for (const [row, cells] of changed) {
    if (!(column in cells)) continue;
    const items = isList ? cells[column].split("|").filter(Boolean) : cells[column];
    let code = next.findIndex((value) => String(value ?? "") === String(items));
    if (code < 0) code = next.push(items) - 1;
    numbers[row] = code;
  }
  return { codes: numbers, values: next };
}

/** Replaces `codes` of the store, once. @param {Store} store */
function replaceCodes(store) {
  const read = plainCodes = store.codes;
  store.codes = /** @type {Store["codes"]} */ ((table, column) => {
    const stored = /** @type {Coded | null} */ (read(table, column)), changed = edits.get(table), key = table + "." + column;
    if (isOff || !stored || !changed || !Array.from(changed.values()).some((cells) => column in cells)) return stored;
    const known = recoded.get(key) || recode(stored, column, changed);
    recoded.set(key, known);
    return known;
  });
}

/**
 * Sets the changed cells of the rows of a table, in place of those set before. Returns whether they differ from those.
 *
 * @param {Store} store
 * @param {string} table
 * @param {{ id: string, cells: RowRecord }[]} rows
 * @param {string[]} coded columns with a vocabulary
 */
export function showEdits(store, table, rows, coded) {
  if (!plainCodes) replaceCodes(store);
  const byRow = new Map(rows.flatMap(({ id, cells }) => {
    const r = store.ref(id);
    return r === undefined || store.draft(r) !== null ? [] : [/** @type {[number, RowRecord]} */ ([store.rowOf(r), asColumns(cells, coded)])];
  }));
  if (!edits.has(table)) {
    if (!byRow.size) return false;
    const block = store.blockOf(table), read = block.at.bind(block);
    block.at = /** @type {typeof block.at} */ ((name, row) => {
      const cells = isOff ? undefined : edits.get(table)?.get(row);
      return cells && name in cells ? cells[name] : read(name, row);
    });
  }
  const isNew = JSON.stringify([...byRow]) !== JSON.stringify([...edits.get(table) || []]);
  edits.set(table, byRow);
  if (isNew) {
    recoded.clear();
    store.edition++;
  }
  return isNew;
}
