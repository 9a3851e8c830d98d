/* Normalises texts for comparison: trims, folds, converts digits; the results equal those of qjmap/tables and qjmap/schema.py. */

import { program } from "./program-data.js";

const SPACE = " \t\r\n\v\f\xa0\u3000\u200b\ufeff\u2002\u2003\u2009";
const NOT_ASCII = /[^\x00-\x7f]/, DIGIT = /\p{Nd}/u, OTHER_DIGIT = /(?![0-9])\p{Nd}/gu, ODD_NUMERAL = /(?:^|\P{L})\p{No}/u;
const UNSEEN = /[\u200b-\u200f\u2060\ufeff]/g;
const IGNORED = /[\s\x1c-\x1f\x85_\-‐-―·*:#'"\u200b-\u200f\ufeff]+/g;

const WHITE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/; // what Python's str.strip removes

/**
 * Removes the characters at both ends of a text for which `isEdge` holds; by index, since /x+$/ takes quadratic time.
 *
 * @param {string} text
 * @param {(sign: string) => boolean} isEdge
 */
export function trimmed(text, isEdge) {
  let from = 0, to = text.length;
  while (from < to && isEdge(text[from])) from++;
  while (to > from && isEdge(text[to - 1])) to--;
  return text.slice(from, to);
}

/** Whether a character is whitespace as in Python (`str.isspace`), which `str.strip` removes. @param {string} sign */
export const isWhite = (sign) => WHITE.test(sign);
/** Removes the characters of `SPACE` (whitespace, full-width and zero-width spaces) at both ends of a text. @param {string} text */
export const clean = (text) => trimmed(text, (sign) => SPACE.includes(sign));
/** Does what Python's str.strip does. @param {string} text */
export const strip = (text) => trimmed(text, isWhite);
/** Escapes the characters of a text that have a meaning in a regular expression. @param {string} text */
export const escapePattern = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
/**
 * Replaces each run of whitespace by one space, and removes it at both ends.
 *
 * @param {string} text
 */
export const singleSpaced = (text) => strip(text).replace(new RegExp(WHITE.source + "+", "g"), " ");

/**
 * Returns the NFKC form of a text with the decimal digits of every script as 0 to 9, the Arabic decimal and thousands separators as point and
 * comma, and without invisible characters. Unicode has the digits of a script in tens, in their order.
 *
 * @param {string} text
 */
export function plainDigits(text) {
  if (!NOT_ASCII.test(text)) return text;
  return text.normalize("NFKC").replaceAll("٫", ".").replaceAll("٬", ",").replace(UNSEEN, "").replace(OTHER_DIGIT, (sign) => {
    const code = Number(sign.codePointAt(0));
    let first = code;
    while (DIGIT.test(String.fromCodePoint(first - 1))) first--;
    return String((code - first) % 10);
  });
}

/**
 * Whether NFKC would turn a superscript, fraction or circled digit of a text into part of a number: 5½, 10², 2020¹.
 *
 * @param {string} text
 */
export const holdsOddNumeral = (text) => ODD_NUMERAL.test(text);

/** Folds case: lower case, with ß as ss and ς as σ; equals Python's str.casefold for the letters that occur. @param {string} text */
export function casefold(text) {
  const lower = text.toLowerCase();
  return /[ßς]/.test(lower) ? lower.replaceAll("ß", "ss").replaceAll("ς", "σ") : lower;
}

/** @type {{ of: unknown, simplified: Map<string, string>, traditional: RegExp }} */
const characters = { of: null, simplified: new Map(), traditional: /(?!)/gu };
/** Returns traditional character -> simplified one, and the pattern of the traditional ones. */
function traditionalCharacters() {
  if (characters.of !== program) {
    const [traditional, simple] = program.simpler.map((signs) => Array.from(signs));
    Object.assign(characters, { of: program, simplified: new Map(traditional.map((sign, k) => [sign, simple[k]])), traditional: new RegExp(`[${traditional.join("")}]`, "gu") });
  }
  return characters;
}

/**
 * Replaces traditional characters by simplified ones.
 *
 * @param {string} text
 */
export function simplify(text) {
  if (!NOT_ASCII.test(text)) return text;
  const { traditional, simplified } = traditionalCharacters();
  return text.replace(traditional, (sign) => simplified.get(sign) || sign);
}

/**
 * Folds case, and replaces traditional characters by simplified ones.
 *
 * @param {string} text
 */
export const lowered = (text) => simplify(casefold(text));

/**
 * Folds a text for comparison: NFKC form in lower case with simplified characters, without whitespace, hyphens, quotes and the characters _ · * : #.
 *
 * @param {string} text
 */
export const fold = (text) => lowered(text.normalize("NFKC")).replace(IGNORED, "");

/** Folds a text; if nothing were left, returns its NFKC form without spaces at both ends (`clean`). @param {string} text */
export const foldValue = (text) => fold(text) || clean(text).normalize("NFKC");

/** A cell that cannot be read: `code` of the fault, and `params` of its message. */
export class CellError extends Error {
  /** @param {string} code */
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}
