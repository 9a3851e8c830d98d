/* Texts as comparisons see them, and faults as readers see them. The reader of tables in the page does what qjmap/tables does;
 * one file of cases, tests/tables/cases.json, holds both to the same. */

const SPACE = " \t\r\n\v\f\xa0\u3000\u200b\ufeff\u2002\u2003\u2009";
const NOT_ASCII = /[^\x00-\x7f]/, DIGIT = /\p{Nd}/u, OTHER_DIGIT = /(?![0-9])\p{Nd}/gu, ODD_NUMERAL = /(?:^|\P{L})\p{No}/u;
const UNSEEN = /[\u200b-\u200f\u2060\ufeff]/g;
const IGNORED = /[\s\x1c-\x1f\x85_\-‐-―·*:#'"\u200b-\u200f\ufeff]+/g;
const SHOWN_CHARACTERS = 60, SHOWN_ITEMS = 12;

/** The texts, vocabularies and tables of the program, as the page carries them. */
/** @type {any} */
export let rules = null;
/** @type {any} */
let simpler = null;

/** @param {any} given */
export function setRules(given) {
  rules = given;
  simpler = new Map(Array.from(given.simpler[0], (sign, at) => [sign, Array.from(given.simpler[1])[at]]));
}

const WHITE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/; // as Python's str.strip has it

/**
 * A text without what `isEdge` says of its first and last signs; by index, since /x+$/ tries every run of them to its end.
 *
 * @param {string} text
 * @param {any} isEdge
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
export const clean = (text) => trimmed(text, (/** @type {string} */ sign) => SPACE.includes(sign));
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
  return text.normalize("NFKC").replaceAll("٫", ".").replaceAll("٬", ",").replace(UNSEEN, "").replace(OTHER_DIGIT, (/** @type {string} */ sign) => {
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
const casefold = (text) => text.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");

/** @param {string} text */
export const fold = (text) => Array.from(casefold(text.normalize("NFKC")).replace(IGNORED, ""), (sign) => simpler.get(sign) || sign).join("");

/** @param {string} text */
export const foldValue = (text) => fold(text) || clean(text).normalize("NFKC");

/** What keeps a cell out; `params` fills its message. */
export class CellError extends Error {
  /** @param {string} code */
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

/** @param {string} sign */
const unprintable = (sign) => sign !== " " && /[\p{C}\p{Z}]/u.test(sign);

/** @param {number[]} numbers */
function runs(numbers) {
  /** @type {number[][]} */
  const found = [];
  for (const number of Array.from(new Set(numbers)).sort((a, b) => a - b)) {
    const last = found[found.length - 1];
    if (last && number === last[1] + 1) last[1] = number; else found.push([number, number]);
  }
  return found.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
}

/** @param {any} value */
export const tenDigits = (value) => String(Number(value.toPrecision(10)));

/**
 * A parameter as a reader takes it in.
 *
 * @param {any} value
 * @param {string} lang
 * @returns {string}
 */
function shownValue(value, lang) {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") {
    const signs = Array.from(value, (sign) => (unprintable(sign) ? " " : sign));
    return signs.length <= SHOWN_CHARACTERS ? signs.join("") : signs.slice(0, SHOWN_CHARACTERS - 1).join("") + "…";
  }
  if (Array.isArray(value)) {
    const numbers = value.length && value.every((item) => Number.isInteger(item));
    const parts = numbers ? runs(value) : value.map((item) => shownValue(item, lang));
    const more = parts.length - SHOWN_ITEMS, joint = lang === "zh" ? "、" : ", ";
    const text = parts.slice(0, SHOWN_ITEMS).join(joint);
    if (more <= 0) return text;
    return text + (lang === "zh" ? `……（共${value.length}项）` : ` … (${value.length} in all)`);
  }
  if (typeof value === "object") return String(value[lang]);
  return typeof value === "number" && !Number.isInteger(value) ? tenDigits(value) : String(value);
}

/**
 * Message and cure of a fault in both languages.
 *
 * @param {Fault} fault
 */
export function faultTexts(fault) {
  const words = rules.faults[fault.code] || { zh: { message: fault.code, cure: "" }, en: { message: fault.code, cure: "" } };
  /** @type {Record<string, { message: string, cure: string }>} */
  const told = {};
  for (const lang of ["zh", "en"]) {
    /** @type {Record<string, any>} */
    const filling = { file: fault.file, row: fault.row, column: fault.column, value: fault.value, ...fault.params };
    /** @param {string} text */
    const fill = (text) => text.replace(/\{(\w+)\}/g, (/** @type {any} */ hole, /** @type {any} */ key) => (key in filling ? shownValue(filling[key], lang) : hole));
    told[lang] = { message: fill(words[lang].message), cure: fill(words[lang].cure) };
  }
  return told;
}
