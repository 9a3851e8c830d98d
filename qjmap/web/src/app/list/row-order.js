/* Sorts the rows of a table by a column. Orders are cached, so that a change of the filter needs no new sort.
 *
 * To avoid comparing a million texts, coded columns are sorted by counting, names and addresses by the search index (in the order of pinyin),
 * numbers and dates as numbers.
 */

import { yieldToBrowser } from "../base/dom.js";

const CACHED = 8; // maximum number of cached orders
const COUNTED = 65536; // rows are sorted by counting if they have at most this many distinct numbers

/**
 * Sorts rows by rank with a counting sort; equal ranks keep the order of the table.
 *
 * @param {Uint32Array} ranks rank of each row from 1; 0 for a row without a value, which comes last
 * @param {number} most largest rank
 * @returns {RowOrder}
 */
function byRank(ranks, most) {
  const starts = new Uint32Array(most + 2);
  for (let row = 0; row < ranks.length; row++) starts[ranks[row] ? ranks[row] : most + 1]++;
  let start = 0;
  for (let rank = 0; rank < starts.length; rank++) [starts[rank], start] = [start, start + starts[rank]];
  const filled = starts[most + 1];
  const rows = new Uint32Array(ranks.length);
  for (let row = 0; row < ranks.length; row++) rows[starts[ranks[row] ? ranks[row] : most + 1]++] = row;
  return { rows, filled };
}

/**
 * Sorts rows by numbers.
 *
 * @param {Float64Array} keys number of each row; -Infinity for no value
 * @returns {RowOrder}
 */
function byNumber(keys) {
  const distinct = Float64Array.from(new Set(keys)).sort().filter((value) => value !== -Infinity);
  if (distinct.length <= COUNTED) {
    const rankOf = new Map(Array.from(distinct, (value, k) => [value, k + 1]));
    return byRank(Uint32Array.from(keys, (value) => rankOf.get(value) || 0), distinct.length);
  }
  const rows = Uint32Array.from(keys, (_, row) => row);
  rows.sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a] === -Infinity ? 1 : keys[b] === -Infinity ? -1 : keys[a] - keys[b]));
  return { rows, filled: keys.reduce((sum, value) => sum + (value === -Infinity ? 0 : 1), 0) };
}

/**
 * Sorts rows by texts.
 *
 * @param {string[]} keys text of each row; "" for no value
 * @param {Intl.Collator} collator
 * @returns {RowOrder}
 */
function byText(keys, collator) {
  const filled = /** @type {number[]} */ ([]), empty = /** @type {number[]} */ ([]);
  keys.forEach((text, row) => (text ? filled : empty).push(row));
  filled.sort((a, b) => collator.compare(keys[a], keys[b]) || a - b);
  return { rows: Uint32Array.from([...filled, ...empty]), filled: filled.length };
}

/**
 * Sorts rows by the shown texts of a coded column, of which only one per code is computed.
 *
 * @param {Numbers} codes code of each row
 * @param {string[]} values value of each code; "" for no value
 * @param {(row: number) => string} textOf returns the text that is shown for a row
 * @param {Intl.Collator} collator
 * @returns {RowOrder}
 */
function byCode(codes, values, textOf, collator) {
  const texts = new Array(values.length).fill(""), seen = new Uint8Array(values.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row];
    if (seen[code]) continue;
    seen[code] = 1;
    texts[code] = values[code] === "" ? "" : textOf(row);
  }
  const sorted = Array.from(new Set(texts.filter(Boolean))).sort(collator.compare);
  const rankOf = new Map(sorted.map((text, k) => [text, k + 1])), ranks = Uint32Array.from(texts, (text) => rankOf.get(text) || 0);
  return byRank(Uint32Array.from(codes, (code) => ranks[code]), sorted.length);
}

/** Returns the function that sorts the rows of a table. @param {{ store: Store, language: Language }} parts */
export function makeRowOrder({ store, language }) {
  /** @type {Map<string, Promise<RowOrder>>} table, column, language, state of the search and edition of the cells -> order */
  const cache = new Map();

  /**
   * Resolves to what `read` returns for each row of a table.
   *
   * @template T
   * @param {string} table
   * @param {ListColumn} column
   * @param {(r: Ref) => T} read
   * @returns {Promise<T[]>}
   */
  async function readAll(table, column, read) {
    const total = store.rows(table), keys = new Array(total);
    for await (const { from, to } of store.parts(table, column.needs)) {
      for (let row = from; row < to; row++) keys[row] = read(store.refOf(table, row));
      if (to - from < total) await yieldToBrowser();
    }
    return keys;
  }

  /**
   * Resolves to the rows of a table in the ascending order of a column.
   *
   * @param {string} table
   * @param {ListColumn} column
   * @param {RowSearch | null} search null while it is not ready: names are then compared as texts
   * @returns {Promise<RowOrder>}
   */
  async function sort(table, column, search) {
    const coded = column.coded ? store.codes(table, column.coded) : null, collator = new Intl.Collator(language.now === "zh" ? "zh-Hans-CN" : "en", { numeric: true });
    if (coded) return byCode(coded.codes, coded.values, (row) => column.text(store.refOf(table, row)), collator);
    if (column.value) return byNumber(Float64Array.from(await readAll(table, column, column.value)));
    if (column.sorted && search) return search.order(table, column.sorted);
    return byText(await readAll(table, column, column.text), collator);
  }

  /**
   * Resolves to the row numbers of a table in the order of a column; rows without a value are always last.
   *
   * @param {string} table
   * @param {ListColumn} column
   * @param {boolean} down whether the order is descending
   * @param {RowSearch | null} search null while it is not ready
   */
  return async (table, column, down, search) => {
    const name = [table, column.key, language.now, search && search.complete + "." + search.edition, store.edition].join(" ");
    if (!cache.has(name) && cache.size > CACHED) cache.clear();
    const order = cache.get(name) || sort(table, column, search);
    cache.set(name, order);
    const { rows, filled } = await order;
    if (!down) return rows;
    const turned = rows.slice();
    turned.subarray(0, filled).reverse();
    return turned;
  };
}
