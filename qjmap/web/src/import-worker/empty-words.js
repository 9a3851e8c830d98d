/* Words and marks that people write into empty cells: 无, -, N/A. In typed columns such a cell counts as empty. */

import { program } from "./program-data.js";
import { casefold, clean, simplify } from "./normalize-text.js";
import { findVocab } from "./vocabulary-words.js";

const LONGEST = 24; // maximum length of such a word in characters; longer texts are not looked at

/** @type {WeakMap<object, Set<string>>} */
const wordSets = new WeakMap();

/** Normalises a text for comparison with these words. @param {string} text */
const normalised = (text) => simplify(casefold(clean(text.normalize("NFKC"))));

/** Returns the normalised words for an empty cell. */
function emptyWords() {
  const grammar = program.grammar.empty;
  let words = wordSets.get(grammar);
  if (!words) wordSets.set(grammar, (words = new Set(grammar.words.map(normalised))));
  return words;
}

/** Whether a text consists of marks alone (-, —, /). @param {string} text */
function isMark(text) {
  const plain = normalised(text).replaceAll(" ", "");
  return plain !== "" && Array.from(plain).every((sign) => program.grammar.empty.marks.includes(sign));
}

/**
 * Whether a text is a word or mark for an empty cell.
 *
 * @param {string} text
 */
export const isEmptyWord = (text) => isMark(text) || emptyWords().has(normalised(text));

/**
 * Whether a text in a column means an empty cell; a word of the column's vocabulary does not.
 *
 * @param {string} text
 * @param {Pick<Column, "name" | "type" | "required" | "vocab">} column
 */
function meansEmpty(text, { name, type, required, vocab }) {
  if (type === "text" && !program.grammar.empty.texts.includes(name)) return required && isMark(text);
  if (name === "id" && /^[\x00-\x7f]*$/.test(clean(text))) return isMark(text);
  return isEmptyWord(text) && !(vocab && findVocab(text, vocab) !== null);
}

/**
 * Empties the cells of typed columns that hold a word or mark for an empty cell, and notes them. Columns of text stay as typed, with two
 * exceptions: columns in which such a word has no meaning of its own (address 无) are treated as typed ones, and a required text, such as a
 * name, is emptied if it consists of marks alone.
 *
 * @param {Frame} frame
 */
export function clearEmptyWords(frame) {
  const words = /** @type {string[]} */ ([]), columns = /** @type {string[]} */ ([]);
  let count = 0;
  for (const [name, cells] of Object.entries(frame.columns)) {
    const column = frame.table.columns.find((other) => other.name === name) || { name, type: "lon", required: false, vocab: "" };
    const found = new Set(Array.from(new Set(cells)).filter((text) => text && text.length <= LONGEST && !/^[0-9]|[0-9]$/.test(text) && meansEmpty(text, column)));
    if (!found.size) continue;
    count += cells.filter((text) => found.has(text)).length;
    columns.push(frame.typed[name] || name);
    for (const word of Array.from(found, clean)) if (!words.includes(word)) words.push(word);
    frame.columns[name] = cells.map((text) => (found.has(text) ? "" : text));
  }
  if (count) frame.notes.push({ key: "note-empty-words", params: { words, count, columns } });
}
