/* Full-text index of the rows; runs in a worker.
 *
 * The cells of a column in one chunk (4,096 rows of a large table) are joined into one folded text: ROW before each row, FIELD
 * between the items of a list. A word is searched with repeated calls of indexOf, and the row of a match is found from its position.
 * The result is one byte per row: 0 for no match, else a rank; the lowest is the best.
 */

/**
 * Folds a text for comparison: full-width forms become half-width, and case and accents are removed.
 *
 * @param {string} text
 */
export const fold = (text) => String(text).normalize("NFKC").toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

/**
 * @typedef {{ name: string, main: boolean, late?: number, text: string }} TextColumn
 * A column of some rows in one text, with ROW before each row and at the end. `main`: whether it has names; `late`: for a column that only
 * describes the rows, what is added to the rank of a match in it, at most 170.
 */
/** @typedef {TextColumn & { han: boolean, starts: Uint32Array | null }} IndexColumn A folded column; `han` if it has Chinese characters, `starts` as `startsOf` returns them. */
/** @typedef {{ from: number, to: number, columns: IndexColumn[], behind?: Uint8Array }} Part Rows [from, to); `behind` is added to the rank of each row. */
/** @typedef {{ name: string, order: number, rows: number, parts: Part[] }} IndexTable A table; `order` is its number, `rows` the total number of rows. */
/** @typedef {import("./pinyin-matcher.js").Matcher} Matcher */
/** @typedef {[table: string, row: number, rank: number]} SearchHit A matching row; the lowest rank is the best. */
/** @typedef {Map<string, Uint8Array>} Scores Table -> one byte per row: 0 for no match, else the rank of the match, the lowest the best. */

const ROW = "\u0000";

const OPEN = " (·-/_,、《“「"; // characters after which a word may begin

const START = 20, WORD = 25, INSIDE = 60; // added to a rank for the beginning of a field, the beginning of a word, and inside a word

const CANDIDATES = 2000; // maximum number of matches of a table, in the order of its rows, that are ranked exactly

const SORTED = 24; // number of characters by which texts are sorted

/**
 * Returns the index in a column's text at which each row begins, and one index behind the last row; found on first use.
 *
 * @param {Part} part
 * @param {IndexColumn} column
 */
function startsOf(part, column) {
  if (column.starts) return column.starts;
  const starts = new Uint32Array(part.to - part.from + 1);
  for (let row = 0, mark = 0; row < starts.length; row++) {
    starts[row] = mark + 1;
    mark = column.text.indexOf(ROW, mark + 1);
  }
  return (column.starts = starts);
}

/**
 * Returns the rank of a match, the lowest the best: a whole field, the beginning of a field, the beginning of a word, inside a word; names come
 * before other fields, matches as typed before pinyin.
 *
 * @param {string} text text of the column
 * @param {number} at index at which the match begins
 * @param {number} end index after the match
 * @param {boolean} main whether the column has names
 * @param {number} kind 0 as typed, 1 or 2 by pinyin (`Matcher.at`)
 */
function rate(text, at, end, main, kind) {
  const before = text.charCodeAt(at - 1);
  const place = before > 1 ? (OPEN.includes(text[at - 1]) ? WORD : INSIDE) : text.charCodeAt(end) > 1 ? START : 0;
  return 1 + place + (main ? 0 : 10) + kind * 3;
}

/**
 * Keeps the rank of a match if it is the best of its row so far.
 *
 * @param {Uint8Array} best rank of each row, 0 for none
 * @param {number} row
 * @param {number} score the rank
 */
function note(best, row, score) {
  if (!best[row] || score < best[row]) best[row] = score;
}

/**
 * Finds a word as it is typed in a column, and keeps the ranks of the matches.
 *
 * @param {Part} part
 * @param {IndexColumn} column
 * @param {string} word folded
 * @param {Uint8Array} best rank of each row of the table
 */
function literal(part, column, word, best) {
  const { text, main, late } = column;
  let at = text.indexOf(word);
  if (at < 0) return;
  const starts = startsOf(part, column);
  for (let row = 0; at >= 0; at = text.indexOf(word, at + word.length)) {
    while (starts[row + 1] <= at) row++;
    note(best, part.from + row, rate(text, at, at + word.length, main, 0) + (late || 0));
  }
}

/**
 * Returns the row of an index in a column's text, counted from the first row of the part.
 *
 * @param {Uint32Array} starts where rows begin
 * @param {number} at the index
 */
function rowOf(starts, at) {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Finds matches by pinyin in a piece of a column's text, and keeps their ranks.
 *
 * @param {Part} part
 * @param {IndexColumn} column
 * @param {Matcher} matcher
 * @param {Uint8Array} best rank of each row of the table
 * @param {Uint32Array} starts where rows begin
 * @param {number} from index at which the piece begins
 * @param {number} to index after the piece and the ROW behind it
 */
function spell(part, column, matcher, best, starts, from, to) {
  const { text, main, late } = column;
  const { role } = matcher;
  const one = matcher.length === 1; // a single letter is searched only at the beginning of names
  let next = text.charCodeAt(from);
  let row = from === 1 ? 0 : -1;
  for (let i = from; i < to - 1; i++) {
    const code = next;
    next = text.charCodeAt(i + 1);
    const can = role[code];
    if (!(can & 4) && !(can & 1 && role[next] & 2)) continue;
    const before = text.charCodeAt(i - 1);
    if (one && (before > 1 || !main)) continue;
    if (code < 0x80 && before > 96 && before < 123) continue; // no match begins in the middle of an English word
    const kind = matcher.at(text, i);
    if (!kind) continue;
    if (row < 0) row = rowOf(starts, i);
    while (starts[row + 1] <= i) row++;
    note(best, part.from + row, rate(text, i, matcher.end, main, kind) + (late || 0));
    if (before > 1) continue;
    // A better match in this row is not possible.
    i = starts[row + 1] - 2;
    next = text.charCodeAt(i + 1);
  }
}

/**
 * Finds matches by pinyin in a column, and keeps their ranks.
 *
 * @param {Part} part
 * @param {IndexColumn} column
 * @param {Matcher} matcher
 * @param {Uint8Array} best rank of each row of the table
 * @param {Uint8Array | null} [only] rows of the table to search, those that are not 0; null for all
 */
function spelt(part, column, matcher, best, only) {
  const starts = startsOf(part, column);
  if (!only) return spell(part, column, matcher, best, starts, 1, column.text.length);
  for (let row = part.from; row < part.to; row++) {
    const k = row - part.from;
    if (only[row] && starts[k + 1] - starts[k] > 1) spell(part, column, matcher, best, starts, starts[k], starts[k + 1]);
  }
}

/**
 * Returns the length of the name of a row, at most 99.
 *
 * @param {IndexTable} table
 * @param {number} row
 */
function lengthOf(table, row) {
  const part = table.parts.find((one) => one.from <= row && row < one.to);
  const column = part && part.columns.find((one) => one.main);
  if (!column) return 99;
  const starts = startsOf(part, column);
  return Math.min(99, starts[row - part.from + 1] - starts[row - part.from]);
}

/** Returns what is added to the rank of a row (`Part.behind`). @param {IndexTable} table @param {number} row */
function behindOf(table, row) {
  const part = table.parts.find((one) => one.from <= row && row < one.to);
  return part && part.behind ? part.behind[row - part.from] : 0;
}

/**
 * Returns the folded words of a query.
 *
 * @param {string} query
 */
const wordsOf = (query) => fold(query).replace(/[\u0000\u0001]/g, " ").split(/\s+/).filter(Boolean);

/** The index. Rows are added part by part; queries are generators that run in steps, so that they can be stopped. */
export class SearchIndex {
  /** Makes an empty index. @param {ReturnType<typeof import("./pinyin-matcher.js").makePinyin>} pinyin */
  constructor(pinyin) {
    this.pinyin = pinyin;
    /** @type {Map<string, IndexTable>} */
    this.tables = new Map();
  }

  /**
   * Adds the rows [from, to) of a table.
   *
   * @param {string} table
   * @param {number} rows number of rows of the whole table
   * @param {number} from
   * @param {number} to
   * @param {TextColumn[]} columns their texts, which are folded here
   * @param {Uint8Array} [behind] what is added to the rank of each row
   */
  add(table, rows, from, to, columns, behind) {
    const known = this.tables.get(table) || { name: table, order: this.tables.size, rows, parts: [] };
    this.tables.set(table, known);
    known.parts.push({
      from, to, behind, columns: columns.filter((column) => column.text)
        .map(({ name, main, late, text }) => ({ name, main, late, text: fold(text), han: /[\u3400-\u9fff]/.test(text), starts: null })),
    });
  }

  /** Returns a table, which must have been added. @param {string} name */
  _table(name) { return /** @type {IndexTable} */ (this.tables.get(name)); }

  /**
   * Scores the rows for a word, in steps of one part.
   *
   * @param {string} word folded
   * @param {Scores | null} before scores for the words before this one; rows with 0 there are not searched by pinyin. null for the first word
   * @param {string} [second] another form of the word
   * @param {boolean} [late] whether `late` columns are searched
   * @returns {Generator<void, Scores>}
   */
  *scan(word, before, second = word, late = true) {
    const matcher = this.pinyin.matcher(word);
    /** @type {Scores} */
    const scores = new Map();
    for (const table of this.tables.values()) {
      const best = new Uint8Array(table.rows);
      const only = before ? before.get(table.name) : null;
      scores.set(table.name, best);
      for (const part of table.parts) {
        for (const column of part.columns) {
          if (column.late && !late) continue;
          literal(part, column, word, best);
          if (second !== word) literal(part, column, second, best);
          if (matcher && column.han) spelt(part, column, matcher, best, only);
        }
        yield;
      }
    }
    return scores;
  }

  /**
   * Scores the rows that contain all words of a query; null for a query without words.
   *
   * @param {string} query as typed
   * @param {boolean} [late] whether `late` columns are searched
   * @returns {Generator<void, Scores | null>}
   */
  *scores(query, late = true) {
    const words = wordsOf(query);
    if (!words.length) return null;
    /** @type {Scores | null} */
    let all = null;
    for (const word of words) {
      /** @type {Scores} */
      const found = yield* this.scan(word, all, word, late);
      if (!all) { all = found; continue; }
      for (const [table, best] of all) {
        const other = /** @type {Uint8Array} */ (found.get(table));
        for (let row = 0; row < best.length; row++) best[row] = best[row] && other[row] ? (best[row] + other[row]) >> 1 : 0;
      }
    }
    if (all && words.length > 1) {
      // A row that has the words side by side, with a gap or without, is better than one that has them apart.
      const found = yield* this.scan(words.join(""), all, words.join(" "), late);
      for (const [table, best] of all) {
        const other = /** @type {Uint8Array} */ (found.get(table));
        for (let row = 0; row < best.length; row++) if (best[row] && other[row] && other[row] < best[row]) best[row] = other[row];
      }
    }
    return all;
  }

  /**
   * Finds the rows that match a query: the best of them, the best first, and the total number of matches.
   *
   * @param {string} query as typed
   * @param {number} limit maximum number of rows
   * @returns {Generator<void, { hits: SearchHit[], total: number }>}
   */
  *find(query, limit) {
    const all = yield* this.scores(query);
    if (!all) return { hits: [], total: 0 };
    const sizes = new Uint32Array(256);
    for (const best of all.values()) for (let row = 0; row < best.length; row++) sizes[best[row]]++;
    let total = 0;
    let last = 0;
    for (let score = 1; score < 256; score++) {
      if (total < limit) last = score;
      total += sizes[score];
    }
    const hits = /** @type {SearchHit[]} */ ([]);
    for (const [name, best] of all) {
      const table = this._table(name);
      let count = 0;
      for (let row = 0; row < best.length && count < CANDIDATES; row++) {
        if (!best[row] || best[row] > last) continue;
        count++;
        hits.push([name, row, (best[row] + behindOf(table, row)) * 1000 + table.order * 10 + lengthOf(table, row) / 10]);
      }
    }
    hits.sort((a, b) => a[2] - b[2] || this._table(a[0]).order - this._table(b[0]).order || a[1] - b[1]);
    return { hits: hits.slice(0, limit), total };
  }

  /**
   * Returns table -> one byte per row, 1 if the row matches a query in columns that are not `late`, else 0; null for a query without words.
   *
   * @param {string} query
   * @returns {Generator<void, Scores | null>}
   */
  *masks(query) {
    const all = yield* this.scores(query, false);
    if (all) for (const best of all.values()) for (let row = 0; row < best.length; row++) if (best[row]) best[row] = 1;
    return all;
  }

  /**
   * Writes the sort keys of the rows of a part, each from the first of the columns that is filled; returns the number of rows with a text. Rows
   * without one get a key that sorts last.
   *
   * @param {Part} part
   * @param {string[]} names names of the columns
   * @param {Uint16Array} keys SORTED numbers for each row of the table
   */
  _weigh(part, names, keys) {
    const columns = names.flatMap((name) => part.columns.find((column) => column.name === name) || []);
    const starts = columns.map((column) => startsOf(part, column));
    let filled = 0;
    for (let row = part.from; row < part.to; row++) {
      const k = row - part.from;
      let text = "";
      for (let c = 0; c < columns.length && !text; c++) text = columns[c].text.slice(starts[c][k], Math.min(starts[c][k + 1] - 1, starts[c][k] + SORTED));
      if (text) {
        this.pinyin.weights(text, keys, row * SORTED, SORTED);
        filled++;
      } else keys[row * SORTED] = 0xffff;
    }
    return filled;
  }

  /**
   * Sorts the rows of a table by pinyin, each by the first of the text columns that is filled, in steps.
   *
   * @param {string} name name of the table
   * @param {string[]} columns names of the columns
   * @returns {Generator<void, RowOrder>}
   */
  *order(name, columns) {
    const table = this._table(name), keys = new Uint16Array(table.rows * SORTED);
    let filled = 0;
    for (const part of table.parts) {
      filled += this._weigh(part, columns, keys);
      yield;
    }
    let rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
    let spare = new Uint32Array(table.rows);
    const counts = new Uint32Array(0x10001);
    // Radix sort, from the last character to the first: each pass keeps the order of the one before.
    for (let place = SORTED - 1; place >= 0; place--) {
      counts.fill(0);
      for (let i = 0; i < rows.length; i++) counts[keys[i * SORTED + place] + 1]++;
      if (counts[1] === rows.length) continue; // every text is shorter than this position
      for (let k = 1; k < counts.length; k++) counts[k] += counts[k - 1];
      for (let i = 0; i < rows.length; i++) spare[counts[keys[rows[i] * SORTED + place]]++] = rows[i];
      [rows, spare] = [spare, rows];
      yield;
    }
    return { rows, filled };
  }
}
