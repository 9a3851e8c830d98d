/* Finds rows below a header that are not data: examples, totals, headings, notes, the header again, units, column numbers. A doubtful row
 * counts as data. The twin of qjmap/tables/readers/non_data_rows.py.
 */

import { WEAK, matchHeader } from "./headers.js";
import {
  areLabelled, compact, counterStyle, hasLetter, holdDigit, isChineseTotal, isFigure, isLabel, isMarkHeader, isTotal, isTotalAlone, isUnit, isUnitWord, isWord, rowWords, sectionStyle,
} from "./row-words.js";
import { program } from "./program-data.js";
import { fold, strip } from "./normalize-text.js";

/** [kind of a row that is not data, key of the note that names such rows], in the order of the notes. */
export const KIND_NOTES = [["example", "note-examples"], ["total", "note-totals"], ["section", "note-sections"], ["note", "note-notes"], ["header", "note-headers-again"], ["units", "note-units"],
  ["numbers", "note-column-numbers"], ["counter", "note-counters"]];
const TAKEN_AS_MERGED = 3; // number of equal cells from which a row counts as one merged cell

/**
 * A row with its neighbours: its compacted cells, the indices of the filled ones, the cells of the rows before and after it (null for none),
 * and the kind of the row above it (undefined for data).
 *
 * @typedef {{ cells: string[], filled: number[], before: string[] | null, after: string[] | null, above: string | undefined, isFirst: boolean }} RowAt
 */

/** Returns the indices of the filled cells of a row. @param {string[]} row */
const filledOf = (row) => row.flatMap((cell, index) => (cell ? [index] : []));
/** Counts the different filled texts of a row. @param {string[]} row */
const distinct = (row) => new Set(row.filter(Boolean)).size;

/**
 * Returns the style of the heading that a row of one cell may be; "other" for a total or note, undefined for data.
 *
 * @param {string[]} row
 */
function singleStyle(row) {
  const word = row.find(Boolean) || "";
  return sectionStyle(word) || (isTotal(word) || isLabel(word) ? "other" : undefined);
}

/**
 * The kinds of the rows below one header. Of its fields, `names`, `marks`, `axes` and `pairs` are the indices of the columns with the name,
 * the mark of an example, coordinates and coordinate pairs; `lead` are those up to the name (at most four); `id` is that of the ids, -1
 * without one; `hasCounter` is true if the first column has running numbers.
 */
export class RowKinds {
  /**
   * @param {string[]} header one text per column
   * @param {string[][]} originals the rows of the file that the header was made from
   * @param {Table} table
   */
  constructor(header, originals, table) {
    const matches = header.map((head) => matchHeader(head, table));
    this.columns = matches.map(({ column }) => column);
    this.table = table;
    this.header = header;
    this.width = header.length;
    this.originals = originals.map((row) => row.map(compact));
    this.hasCounter = header.length > 0 && rowWords().words("counters").has(compact(header[0]));
    this.id = header.findIndex((head) => fold(head) === "id");
    /** Returns the indices of the columns of the file that are one of these columns. @param {(string | null)[]} names */
    const of = (...names) => this.columns.flatMap((column, index) => (names.includes(column) ? [index] : []));
    const names = of("name", "title"), sure = names.filter((index) => matches[index].rank < WEAK);
    this.names = sure.length ? sure : names;
    if (!this.names.length) this.names = [this.hasCounter && header.length > 1 ? 1 : 0];
    this.lead = Array.from(new Set([0, 1, 2, 3].filter((index) => index <= this.names[0]).concat(this.names)));
    this.marks = header.flatMap((head, index) => (isMarkHeader(head) ? [index] : []));
    this.axes = of("lon", "lat");
    this.pairs = of("lonlat");
  }

  /**
   * Returns index -> kind for the filled rows below the header that are not data.
   *
   * @param {string[][]} rows the rows below the header
   */
  find(rows) {
    /** @type {Map<number, string>} */
    const kinds = new Map();
    /** Returns the normalised cells of a row; null for an index without a row. @param {number} index */
    const at = (index) => (index >= 0 && index < rows.length ? rows[index].map(compact) : null);
    rows.forEach((row, index) => {
      if (index > 0 && !kinds.has(index - 1) && !this.mayBeNone(row)) return;
      const cells = row.map(compact);
      const kind = this.kind({ cells, filled: filledOf(cells), before: at(index - 1), after: at(index + 1), above: kinds.get(index - 1), isFirst: index === 0 });
      if (kind) kinds.set(index, kind);
    });
    return kinds;
  }

  /**
   * Whether a row may be something other than data, whatever rows are before and after it.
   *
   * @param {string[]} row
   */
  mayBeNone(row) {
    const { words, pattern } = rowWords(), openings = Array.from(words("openings"));
    /** Returns whether a word shows that its row may be something other than data. @param {string} word */
    const tells = (word) => isTotal(word) || isLabel(word) || Boolean(sectionStyle(word)) || ![undefined, "number"].includes(counterStyle(word)) || words("examples").has(word) ||
      openings.some((opening) => word.startsWith(opening)) || ["marked", "numbered_notes", "sentence"].some((name) => pattern(/** @type {keyof RowGrammar} */ (name)).test(word));
    const isNamed = this.names.some((index) => strip(row[index]));
    return !isNamed || this.isMerged(row) || this.lead.some((index) => {
      const word = compact(row[index]);
      return word !== "" && (tells(word) || this.originals.some((original) => original[index] === word));
    });
  }

  /**
   * Returns the kind of a row; null for data.
   *
   * @param {RowAt} row
   * @returns {string | null}
   */
  kind(row) {
    const { cells, filled, above, isFirst } = row;
    const belowHeader = isFirst ? this.originals.length > 0 : ["header", "units", "numbers"].includes(above || "");
    if (!filled.length) return null;
    if (this.marks.includes(filled[0]) && rowWords().words("examples").has(cells[filled[0]])) return "example";
    if (this.isHeader(cells) || (isFirst && this.translatesHeader(cells, filled))) return "header";
    if (this.hasPosition(cells) || this.hasId(cells, filled)) return null;
    if (this.isTotal(cells, filled)) return "total";
    if (belowHeader && this.isUnits(cells, filled)) return "units";
    if (belowHeader && this.isNumbers(row)) return "numbers";
    if (this.isNote(cells, filled, above)) return "note";
    return this.width > 1 ? this.kindAmongColumns(row) : null;
  }

  /** Returns which of the kinds that only tables of several columns have a row is: "counter" or "section"; null for neither. @param {RowAt} row */
  kindAmongColumns(row) {
    if (this.hasCounter && row.filled.length === 1 && row.filled[0] === 0 && counterStyle(row.cells[0]) === "number") return "counter";
    return this.isSection(row) ? "section" : null;
  }

  /**
   * Whether a row holds one text in all its filled cells, at least three, as a merged range does.
   *
   * @param {string[]} row
   */
  isMerged(row) {
    const name = this.names[0], beside = name + 1 < this.width ? name + 1 : name - 1, text = row[name];
    return text !== "" && row[beside] === text && row.filter(Boolean).length >= TAKEN_AS_MERGED && distinct(row) === 1 && hasLetter(text);
  }

  /**
   * Whether a row holds only one text: in the column of the name or before it, or the same in at least three cells.
   *
   * @param {string[]} cells
   * @param {number[]} filled indices of the cells that are not empty
   */
  isSingle(cells, filled) {
    return distinct(cells) === 1 && (filled.length >= TAKEN_AS_MERGED || this.lead.includes(filled[0]) || filled[0] < this.names[0]);
  }

  /** Whether a row repeats the header. @param {string[]} cells */
  isHeader(cells) {
    const filled = filledOf(cells);
    if (this.width > 1 && filled.length < 2) return false;
    return this.originals.some((original) => filled.every((index) => cells[index] === original[index]));
  }

  /**
   * Whether a row repeats the header in other words, mostly in another language: 名称, 经度 below name, lon.
   *
   * @param {string[]} cells
   * @param {number[]} filled indices of the cells that are not empty
   */
  translatesHeader(cells, filled) {
    const named = filled.filter((index) => this.columns[index]);
    const same = named.filter((index) => matchHeader(cells[index], this.table).column === this.columns[index]);
    return same.length > 1 && same.length === named.length && !holdDigit(cells);
  }

  /** Whether a row has numbers of degrees in all its columns of coordinates, or such a pair in a column of pairs. @param {string[]} cells */
  hasPosition(cells) {
    const degrees = rowWords().pattern("degrees"), fits = (/** @type {number} */ index) => degrees.test(cells[index]);
    return (this.axes.length > 1 && this.axes.every(fits)) || this.pairs.some(fits);
  }

  /**
   * Whether a row has an id and words besides: then it is data even if the id is "total".
   *
   * @param {string[]} cells
   * @param {number[]} filled indices of the cells that are not empty
   */
  hasId(cells, filled) {
    return this.id >= 0 && cells[this.id] !== "" && filled.some((index) => index !== this.id && isWord(cells[index]));
  }

  /**
   * Whether a row is one of totals: a word for totals, then only figures.
   *
   * @param {string[]} cells
   * @param {number[]} filled indices of the cells that are not empty
   */
  isTotal(cells, filled) {
    let position = filled.findIndex((index) => counterStyle(cells[index]) !== "number");
    if (position < 0) return false;
    if (!isTotal(cells[filled[position]])) {
      const name = this.names.find((index) => cells[index]);
      if (name === undefined || name <= filled[position] || !isChineseTotal(cells[name])) return false;
      position = filled.indexOf(name);
    }
    const word = cells[filled[position]], others = filled.slice(position + 1).map((index) => cells[index]);
    return others.every(isFigure) && (isTotalAlone(word) || holdDigit([word, ...others]));
  }

  /**
   * Whether a row holds only units, and none in the column of the name.
   *
   * @param {string[]} cells
   * @param {number[]} filled indices of the cells that are not empty
   */
  isUnits(cells, filled) {
    const units = filled.filter((index) => !isUnitWord(cells[index]));
    return units.length > 0 && units.every((index) => isUnit(cells[index]) && !this.names.includes(index));
  }

  /**
   * Whether a row numbers the columns of a Chinese form (1 2 3 4; 甲 乙 1 2 3; (1) (2) (3)) and a row with a name follows.
   *
   * @param {RowAt} row
   */
  isNumbers({ cells, filled, after }) {
    let labels = filled.map((index) => cells[index]);
    if (labels.length !== this.width || labels.length < 3 || !/[\u4e00-\u9fff]/.test(this.header.join(""))) return false;
    if (!after || !hasLetter(this.names.map((index) => after[index]).join(""))) return false;
    if (rowWords().words("counters").has(labels[0])) labels = labels.slice(1);
    const order = program.grammar.non_data_rows.stems;
    let stems = 0;
    while (stems < labels.length && labels[stems] === order[stems]) stems++;
    if (stems === labels.length) return true;
    const numbers = labels.slice(stems).map((label) => { const match = rowWords().pattern("column_number").exec(label); return match ? Number(match[1]) : -1; });
    const counts = (/** @type {number} */ first) => numbers.every((number, index) => number === first + index);
    return (stems !== 1 || labels.length > 3) && (counts(1) || counts(stems + 1));
  }

  /**
   * Whether a row is a note or a signature.
   *
   * @param {string[]} cells
   * @param {number[]} filled indices of the cells that are not empty
   * @param {string | undefined} above kind of the row above
   */
  isNote(cells, filled, above) {
    const first = cells[filled[0]], { words, pattern } = rowWords();
    if (isLabel(first)) return areLabelled(filled.map((index) => cells[index]));
    if (this.width === 1 || !this.isSingle(cells, filled)) return false;
    if (first.length > 2 && Array.from(words("openings")).some((opening) => first.startsWith(opening))) return true;
    if (pattern("marked").test(first) || pattern("numbered_notes").test(first)) return true;
    return (this.width > 2 && pattern("sentence").test(first)) || (above === "note" && pattern("numbered").test(first));
  }

  /** Whether a row is the heading of a section. @param {RowAt} row */
  isSection({ cells, filled, before, after }) {
    if (this.isNumberedSection(cells, filled, before, after)) return true;
    if (!this.isSingle(cells, filled)) return false;
    if (this.isMerged(cells)) return true;
    if (!this.names.some((index) => cells[index])) return hasLetter(cells[filled[0]]); // every row of data has a name
    if (after && this.isHeader(after)) return true;
    const style = sectionStyle(cells[filled[0]]), neighbours = [before, after].filter((other) => other !== null);
    if (!style || !neighbours.length) return false;
    if (["letter", "roman", "colon"].includes(style) && (!after || distinct(after) < 2)) return false;
    return neighbours.every((other) => distinct(other) > 1 || ![style, undefined].includes(singleStyle(other)));
  }

  /**
   * Whether a row is a heading with its number in the column of running numbers (一 | 工业企业), and the numbers of the rows next to it are of
   * another style.
   *
   * @param {string[]} cells
   * @param {number[]} filled indices of the cells that are not empty
   * @param {string[] | null} before cells of the row before, null for none
   * @param {string[] | null} after cells of the row after, null for none
   */
  isNumberedSection(cells, filled, before, after) {
    if (!this.hasCounter || filled[0] !== 0 || filled[1] !== this.names[0] || !after) return false;
    const style = counterStyle(cells[0]), below = counterStyle(after[0]);
    if (!style || style === "number" || !below || below === style || !filled.slice(2).every((index) => isFigure(cells[index]))) return false;
    return !before || counterStyle(before[0]) !== style;
  }
}
