/* Own columns: those that the tables do not define. Finds the ones that look personal, as qjmap/tables/own_columns.py does. */

import { prepared } from "./program-data.js";
import { clean, fold } from "./normalize-text.js";

const BRACKETS = /\s*[(（[【][^()（）[\]【】]*[)）\]】]\s*$/;

const grammar = prepared(({ personal_columns: personal }) => ({ ...personal, pattern: new RegExp(Object.values(personal.patterns).map((one) => `(?:${one})`).join("|")) }));

/**
 * Returns the English words of a header in lower case, and then all of them in one: e, mail and email for E-mail.
 *
 * @param {string} header
 */
function englishWords(header) {
  const words = (header.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) || []).map((word) => word.toLowerCase());
  return [...words, words.join("")];
}

/**
 * Whether a header names something that identifies a person or is used to reach one.
 *
 * @param {string} header
 */
export function isPersonalHeader(header) {
  const { within, words, not_at_end: ends } = grammar(), plain = fold(header.replace(BRACKETS, ""));
  if (ends.some((end) => plain.endsWith(end))) return false;
  return within.some((word) => plain.includes(word)) || englishWords(header).some((word) => words.includes(word));
}

/**
 * Whether a cell holds a telephone number, an identity number or an e-mail address.
 *
 * @param {string} text
 */
export const isPersonalCell = (text) => grammar().pattern.test(clean(text).normalize("NFKC"));

/**
 * Returns the own columns of a file that pages and exports leave out, since they look personal, and notes them.
 *
 * @param {Frame} frame
 * @param {string[]} shown own columns that the page shows already, which are not held back
 */
export function holdBack(frame, shown) {
  const columns = Object.entries(frame.unknown).filter(([name, texts]) => {
    const filled = texts.filter(clean);
    return filled.length && !shown.includes(name) && (isPersonalHeader(name) || filled.filter(isPersonalCell).length * 2 > filled.length);
  }).map(([name]) => name);
  if (columns.length) frame.notes.push({ key: "note-columns-personal", params: { columns, first: columns[0] } });
  return columns;
}
