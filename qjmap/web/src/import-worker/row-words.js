/* Words and patterns by which the kind of a row is detected, compared after `compact`; the twin of qjmap/tables/readers/row_words.py. */

import { program } from "./program-data.js";
import { casefold, escapePattern, simplify } from "./normalize-text.js";

const BLANKS = /[\s\x1c-\x1f\x85\u200b-\u200f\ufeff]+/g;

/**
 * Normalises a text for the patterns: half-width forms, lower case, simplified characters, no blanks.
 *
 * @param {string} text
 */
export const compact = (text) => simplify(casefold(text.normalize("NFKC")).replace(BLANKS, ""));

/**
 * @typedef {{ words: (name: keyof RowGrammar) => Set<string>, pattern: (name: keyof RowGrammar) => RegExp, total: RegExp, label: RegExp, labelAlone: RegExp, sections: [string, RegExp][], counters: [string, RegExp][] }} RowWords
 * `words` returns a word list, `pattern` a compiled pattern of the grammar; `total` matches a word for totals with other words around it;
 * `label` matches the label of a note at the start of a cell, `labelAlone` a cell that is such a label; `sections` and `counters` are [style,
 * pattern] of numbered headings and of running numbers.
 */
/** @type {{ of: unknown, words: RowWords | null }} */
const cached = { of: null, words: null };

/** Makes the words and patterns of the grammar; each word list is made when it is first needed. @param {RowGrammar} grammar */
function makeWords(grammar) {
  /** @type {Map<string, unknown>} */
  const made = new Map();
  /**
   * Returns the value under a key; it is made on the first call.
   *
   * @template T
   * @param {string} key
   * @param {() => T} make
   * @returns {T}
   */
  const once = (key, make) => { if (!made.has(key)) made.set(key, make()); return /** @type {T} */ (made.get(key)); };
  /** Returns a word list of the grammar, normalised for comparison. @param {keyof RowGrammar} name */
  const list = (name) => /** @type {string[]} */ (grammar[name]).map(compact);
  /** Returns the source of a pattern that matches any word of a list, the longest first. @param {keyof RowGrammar} name */
  const any = (name) => list(name).sort((a, b) => b.length - a.length).map(escapePattern).join("|");
  /** Compiles the patterns of the styles of numbers, in their order. @param {Record<string, string>} patterns */
  const styles = (patterns) => Object.entries(patterns).map(([style, source]) => /** @type {[string, RegExp]} */ ([style, new RegExp(source)]));
  const label = `[(\\[*※·—-]*(?:(?:${any("notes")})(?:[(].{0,12}[)]|[0-9一二三四五六七八九十]{1,2})?:|${any("signers")})`;
  return /** @type {RowWords} */ ({
    words: (name) => once(`words ${name}`, () => new Set(list(name))),
    pattern: (name) => once(`pattern ${name}`, () => new RegExp(/** @type {string} */ (grammar[name]))),
    total: new RegExp(`^[^0-9:]{0,10}(?:${any("total_endings")})(?:[(][^()]{0,12}[)])?(?::?(?:共|为)?[约]?[0-9].{0,12})?$`),
    label: new RegExp(`^${label}`),
    labelAlone: new RegExp(`^(?:${label})(?:[(].*[)])?:?$`),
    sections: styles(grammar.sections), counters: styles(grammar.counter_styles),
  });
}

/** Returns the words and patterns of the grammar (non_data_rows.json), made once. */
export function rowWords() {
  const grammar = program.grammar.non_data_rows;
  if (cached.of !== grammar || !cached.words) Object.assign(cached, { of: grammar, words: makeWords(grammar) });
  return /** @type {RowWords} */ (cached.words);
}

/** Whether a text holds a digit. @param {string} text */
const hasDigit = (text) => /\p{Nd}/u.test(text);
/** Whether a text holds a letter. @param {string} cell */
export const hasLetter = (cell) => /\p{L}/u.test(cell);
/**
 * Whether a cell holds letters and no digit.
 *
 * @param {string} cell
 */
export const isWord = (cell) => hasLetter(cell) && !hasDigit(cell);
/** Whether any cell holds a digit. @param {string[]} cells */
export const holdDigit = (cells) => cells.some(hasDigit);
/** Removes a colon or point at the end of a cell. @param {string} cell */
const totalWord = (cell) => cell.replace(/[:.]+$/, "");

/**
 * Whether a cell is a word for totals, alone, after other words or before a count: 合计, 工业小计, 合计：12家.
 *
 * @param {string} cell
 */
export const isTotal = (cell) => rowWords().words("totals").has(totalWord(cell)) || rowWords().total.test(totalWord(cell));
/**
 * Whether a cell is a word for totals and nothing else.
 *
 * @param {string} cell
 */
export const isTotalAlone = (cell) => rowWords().words("totals").has(cell.replace(/:+$/, ""));
/**
 * Whether a cell is a Chinese word for totals and nothing else.
 *
 * @param {string} cell
 */
export const isChineseTotal = (cell) => /[^\x00-\x7f]/.test(totalWord(cell)) && rowWords().words("totals").has(totalWord(cell));

/**
 * Whether a `compact` cell may be in a row of totals: a number, a count, a percentage, a unit, signs only, a word for totals or for an
 * empty cell.
 *
 * @param {string} cell
 */
export function isFigure(cell) {
  const { words, pattern } = rowWords();
  return pattern("count").test(cell) || pattern("share").test(cell) || words("units").has(cell) || !/[\p{L}\p{N}]/u.test(cell) || isTotalAlone(cell) ||
    ["n/a", "na", "无", "null", "none", "暂无"].includes(cell);
}

/**
 * Whether a cell begins with the label of a note: 注：, 填表人.
 *
 * @param {string} cell
 */
export const isLabel = (cell) => rowWords().label.test(cell);

/**
 * Whether cells are labels of notes, each with its value in the same cell or in the next one.
 *
 * @param {string[]} cells
 */
export function areLabelled(cells) {
  const seen = new Set();
  let open = false;
  for (const cell of cells) {
    if (isLabel(cell)) open = rowWords().labelAlone.test(cell);
    else if (seen.has(cell) || isFigure(cell)) continue;
    else if (!open) return false;
    else open = false;
    seen.add(cell);
  }
  return true;
}

/** Removes the brackets around a cell. @param {string} cell */
const inBrackets = (cell) => cell.replace(/^[()[\]]+|[()[\]]+$/g, "");

/**
 * Whether a cell is a unit: any short text in brackets, else only a known unit.
 *
 * @param {string} cell
 */
export const isUnit = (cell) => rowWords().pattern("bracketed_unit").test(cell) || rowWords().words("units").has(inBrackets(cell));
/**
 * Whether a cell is a word for units (单位, unit).
 *
 * @param {string} cell
 */
export const isUnitWord = (cell) => rowWords().words("unit_words").has(cell.replace(/^[()[\]:]+|[()[\]:]+$/g, ""));

/**
 * Whether a header is that of the column that marks rows as examples in our templates.
 *
 * @param {string} head
 */
export const isMarkHeader = (head) => rowWords().words("mark_headers").has(compact(head));

/**
 * Returns the style of a numbered heading (一、 or （一） or A. ...); undefined for any other text.
 *
 * @param {string} text
 */
export const sectionStyle = (text) => rowWords().sections.find(([, pattern]) => pattern.test(text))?.[0];
/**
 * Returns the style of a running number (一, （一）, 1, 1.2); undefined for any other text.
 *
 * @param {string} text
 */
export const counterStyle = (text) => rowWords().counters.find(([, pattern]) => pattern.test(text))?.[0];
