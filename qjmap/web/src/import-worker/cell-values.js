/* Reads the value of one cell; the twin of qjmap/tables/cell_values.py. A cell that cannot be read throws a CellError with the code of a fault. */

import { program } from "./program-data.js";
import { findDatum, findVocab } from "./vocabulary-words.js";
import { CellError, clean } from "./normalize-text.js";

const REFUSED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/**
 * Returns the error for a text with characters that no text may hold (the replacement character of a failed conversion, control
 * characters other than tab, line feed and carriage return, surrogates, noncharacters); null for a good text.
 *
 * @param {string} text
 */
export function refusal(text) {
  if (text.includes("\ufffd")) return new CellError("text-broken");
  const match = REFUSED.exec(text);
  return match ? new CellError("text-control", { point: "U+" + Number(match[0].codePointAt(0)).toString(16).toUpperCase().padStart(4, "0") }) : null;
}

/**
 * Throws the error that `refusal` returns for a text, if any.
 *
 * @param {string} text
 */
export function checkCharacters(text) {
  const error = refusal(text);
  if (error) throw error;
}

/**
 * Splits `a|b` into unique, non-empty items. The full-width ｜ separates too; without either bar, 、 and ； do.
 *
 * @param {string} text
 */
export const readList = (text) => Array.from(new Set(text.split(/[|｜]/.test(text) ? /[|｜]/ : /[|、；]/).map(clean).filter(Boolean)));

/**
 * Parses `id:role|id:role` into pairs of id and role, each role as its canonical value.
 *
 * @param {string} text
 */
export const readRoles = (text) => readList(text).map((item) => {
  const plain = item.replaceAll("：", ":"), at = plain.lastIndexOf(":");
  const party = at < 0 ? "" : clean(plain.slice(0, at)), role = at < 0 ? "" : clean(plain.slice(at + 1));
  if (!party || !role) throw new CellError("roles-form", { item });
  return [party, readVocab(role, "role")];
});

/**
 * Returns the canonical value that a text names in a closed vocabulary. A datum may have generic words around it (WGS84坐标系).
 *
 * @param {string} text
 * @param {string} vocabulary name of the vocabulary
 */
export function readVocab(text, vocabulary) {
  const known = findVocab(text, vocabulary) ?? (vocabulary === "datum" ? findDatum(text) : null);
  if (known !== null) return known;
  const entries = Object.entries(program.vocab[vocabulary]);
  throw new CellError("vocab-unknown", {
    allowed: { zh: entries.map(([value, entry]) => entry.zh || value).join("、"), en: entries.map(([value]) => value).join(", ") },
  });
}

const URL = /^(?:https?|ftp):\/\/[^\s<>"]+$/i;
const HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#][^\s<>"]*)?$/i;
/**
 * Returns a web address (http, https, ftp); `www.example.cn` gets `http://` in front. Any other text is an error, above all
 * `javascript:`.
 *
 * @param {string} text
 */
export function readUrl(text) {
  const plain = clean(text);
  if (URL.test(plain)) return plain;
  if (HOST.test(plain)) return "http://" + plain;
  throw new CellError("url-form");
}
