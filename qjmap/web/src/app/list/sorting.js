/* All rows of a table in the order of a column, kept so that another filter needs no new sort.
 *
 * Coded columns are counted into place, names and addresses come from the index (by pinyin), numbers and dates are read
 * once and sorted as numbers: none of them compares a million texts.
 */

import { yieldToBrowser } from "../dom.js";

/**
 * { rows, filled } from a rank a row: 0 for none, which come last.
 *
 * @param {any} ranks
 * @param {number} most
 */
function byRank(ranks, most) {
  const starts = new Uint32Array(most + 2);
  for (let row = 0; row < ranks.length; row++) starts[ranks[row] ? ranks[row] : most + 1]++;
  let at = 0;
  for (let rank = 0; rank < starts.length; rank++) [starts[rank], at] = [at, at + starts[rank]];
  const filled = starts[most + 1];
  const rows = new Uint32Array(ranks.length);
  for (let row = 0; row < ranks.length; row++) rows[starts[ranks[row] ? ranks[row] : most + 1]++] = row;
  return { rows, filled };
}

/** @param {{ store: Store, language: Language }} given */
export function makeRowOrder({ store, language }) {
  const kept = new Map();

  const collator = () => new Intl.Collator(language.now === "zh" ? "zh-Hans-CN" : "en", { numeric: true });

  /**
   * The distinct texts of a coded column in their order, then each row by its code.
   *
   * @param {string} table
   * @param {any} column
   * @param {{ codes: any, values: any }} given
   */
  function byCode(table, column, { codes, values }) {
    const words = new Array(values.length).fill("");
    const seen = new Uint8Array(values.length);
    for (let row = 0; row < codes.length; row++) {
      if (seen[codes[row]]) continue;
      seen[codes[row]] = 1;
      words[codes[row]] = values[codes[row]] === "" ? "" : column.text(store.refOf(table, row));
    }
    const order = collator();
    const sorted = Array.from(new Set(words.filter(Boolean))).sort(order.compare);
    const rankOf = new Map(sorted.map((text, number) => [text, number + 1]));
    const ranks = Uint32Array.from(words, (text) => rankOf.get(text) || 0);
    return byRank(Uint32Array.from(codes, (code) => ranks[code]), sorted.length);
  }

  /**
   * @param {string} table
   * @param {any} column
   * @param {any} read
   */
  async function byValue(table, column, read) {
    const total = store.rows(table);
    const keys = new Array(total);
    for await (const { from, to } of store.parts(table, column.needs)) {
      for (let row = from; row < to; row++) keys[row] = read(store.refOf(table, row));
      if (to - from < total) await yieldToBrowser();
    }
    return keys;
  }

  /**
   * @param {string} table
   * @param {any} column
   */
  async function byNumber(table, column) {
    const keys = Float64Array.from(await byValue(table, column, column.value));
    const distinct = Float64Array.from(new Set(keys)).sort().filter((value) => value !== -Infinity);
    if (distinct.length <= 65536) {
      const rankOf = new Map(Array.from(distinct, (value, number) => [value, number + 1]));
      return byRank(Uint32Array.from(keys, (value) => rankOf.get(value) || 0), distinct.length);
    }
    const rows = Uint32Array.from(keys, (_, row) => row);
    rows.sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a] === -Infinity ? 1 : keys[b] === -Infinity ? -1 : keys[a] - keys[b]));
    return { rows, filled: keys.reduce((sum, value) => sum + (value === -Infinity ? 0 : 1), 0) };
  }

  /**
   * @param {string} table
   * @param {any} column
   */
  async function byText(table, column) {
    const keys = await byValue(table, column, column.text);
    const order = collator();
    const filled = /** @type {any[]} */ ([]), empty = /** @type {any[]} */ ([]);
    keys.forEach((text, row) => (text ? filled : empty).push(row));
    filled.sort((a, b) => order.compare(keys[a], keys[b]) || a - b);
    return { rows: Uint32Array.from([...filled, ...empty]), filled: filled.length };
  }

  /**
   * @param {string} table
   * @param {any} column
   * @param {any} search
   */
  async function make(table, column, search) {
    const coded = column.coded ? store.codes(table, column.coded) : null;
    if (coded) return byCode(table, column, coded);
    if (column.value) return byNumber(table, column);
    if (column.sorted && search) return search.order(table, column.sorted);
    return byText(table, column);
  }

  /* Row numbers in the order of a column; those without a value stay at the end whichever way it is sorted. */
  return async function (/** @type {any} */ table, /** @type {any} */ column, /** @type {any} */ down, /** @type {any} */ search) {
    const name = [table, column.key, language.now, search && search.complete].join(" ");
    if (!kept.has(name)) {
      if (kept.size > 8) kept.clear();
      kept.set(name, make(table, column, search));
    }
    const { rows, filled } = await kept.get(name);
    if (!down) return rows;
    const turned = rows.slice();
    turned.subarray(0, filled).reverse();
    return turned;
  };
}
