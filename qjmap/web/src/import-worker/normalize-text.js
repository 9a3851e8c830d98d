/* Texts as comparisons see them: trimmed, folded, with plain digits; as qjmap/tables does. */

import { program } from "./program-data.js";

const SPACE = " \t\r\n\v\f\xa0\u3000\u200b\ufeff\u2002\u2003\u2009";
const NOT_ASCII = /[^\x00-\x7f]/, DIGIT = /\p{Nd}/u, OTHER_DIGIT = /(?![0-9])\p{Nd}/gu, ODD_NUMERAL = /(?:^|\P{L})\p{No}/u;
const UNSEEN = /[\u200b-\u200f\u2060\ufeff]/g;
const IGNORED = /[\s\x1c-\x1f\x85_\-‐-―·*:#'"\u200b-\u200f\ufeff]+/g;

const WHITE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/; // as Python's str.strip has it

/**
 * A text without the signs at both ends for which `isEdge` holds; by index, since /x+$/ takes quadratic time.
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

/** @param {string} sign */
export const isWhite = (sign) => WHITE.test(sign);
/** @param {string} text */
export const clean = (text) => trimmed(text, (sign) => SPACE.includes(sign));
/** @param {string} text */
export const strip = (text) => trimmed(text, isWhite);
/**
 * One space where there are several blanks, none at the ends.
 *
 * @param {string} text
 */
export const singleSpaced = (text) => strip(text).replace(new RegExp(WHITE.source + "+", "g"), " ");

/**
 * NFKC of a text, with the decimal digits of every script as 0 to 9 and without invisible marks. Digits stand in tens, in their order.
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
 * Whether a superscript, a fraction or a circled digit stands where NFKC would make it part of a number.
 *
 * @param {string} text
 */
export const holdsOddNumeral = (text) => ODD_NUMERAL.test(text);

/** @param {string} text */
export const casefold = (text) => text.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");

/** @type {{ of: unknown, simplified: Map<string, string> }} */
const characters = { of: null, simplified: new Map() };
/** Traditional character -> simplified one. */
function simplified() {
  if (characters.of !== program) {
    const [traditional, simple] = program.simpler.map((signs) => Array.from(signs));
    Object.assign(characters, { of: program, simplified: new Map(traditional.map((sign, k) => [sign, simple[k]])) });
  }
  return characters.simplified;
}

/**
 * A text in the simplified characters of headers and vocabularies.
 *
 * @param {string} text
 */
export function simplify(text) {
  const map = simplified();
  return Array.from(text, (sign) => map.get(sign) || sign).join("");
}

/**
 * A text without case and traditional characters.
 *
 * @param {string} text
 */
export const lowered = (text) => simplify(casefold(text));

/**
 * A text for comparison: without case, width, blanks, hyphens and traditional characters.
 *
 * @param {string} text
 */
export const fold = (text) => lowered(text.normalize("NFKC")).replace(IGNORED, "");

/** @param {string} text */
export const foldValue = (text) => fold(text) || clean(text).normalize("NFKC");

/** A cell that cannot be read; `params` fills the message of the fault. */
export class CellError extends Error {
  /** @param {string} code */
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}
