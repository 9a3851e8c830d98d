/* Reads one cell as its value; a cell that cannot be read is a CellError with a fault's code. */

import { program } from "./program-data.js";
import { findDatum, findVocab } from "./vocabulary-words.js";
import { CellError, clean } from "./normalize-text.js";

const REFUSED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/**
 * The error of a text with characters that no text may hold: replacement characters of a failed conversion, control characters,
 * surrogates, noncharacters; null for a good text.
 *
 * @param {string} text
 */
export function refusal(text) {
  if (text.includes("\ufffd")) return new CellError("text-broken");
  const match = REFUSED.exec(text);
  return match ? new CellError("text-control", { point: "U+" + Number(match[0].codePointAt(0)).toString(16).toUpperCase().padStart(4, "0") }) : null;
}

/** @param {string} text */
export function checkCharacters(text) {
  const error = refusal(text);
  if (error) throw error;
}

/** @param {string} text */
export const readList = (text) => Array.from(new Set(text.split(/[|｜]/.test(text) ? /[|｜]/ : /[|、；]/).map(clean).filter(Boolean)));

/** @param {string} text */
export const readRoles = (text) => readList(text).map((item) => {
  const plain = item.replaceAll("：", ":"), at = plain.lastIndexOf(":");
  const party = at < 0 ? "" : clean(plain.slice(0, at)), role = at < 0 ? "" : clean(plain.slice(at + 1));
  if (!party || !role) throw new CellError("roles-form", { item });
  return [party, readVocab(role, "role")];
});

/**
 * The value of a word of a closed vocabulary; of datums also with generic words around them.
 *
 * @param {string} text
 * @param {string} vocabulary
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
/** @param {string} text */
export function readUrl(text) {
  const plain = clean(text);
  if (URL.test(plain)) return plain;
  if (HOST.test(plain)) return "http://" + plain;
  throw new CellError("url-form");
}
