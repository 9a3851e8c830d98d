/* Messages and cures of faults, formatted as qjmap/errors.py formats them. */

import { program } from "./program-data.js";

const SHOWN_CHARACTERS = 60, SHOWN_ITEMS = 12; // maximum number of characters of a text in a message, and of items of a list

/** Whether a character is to be replaced by a space in messages. @param {string} sign */
const unprintable = (sign) => sign !== " " && /[\p{C}\p{Z}]/u.test(sign);

/**
 * Returns numbers as ranges, sorted: 1, 3-5.
 *
 * @param {number[]} numbers
 */
function runs(numbers) {
  /** @type {number[][]} */
  const ranges = [];
  for (const number of Array.from(new Set(numbers)).sort((a, b) => a - b)) {
    const last = ranges[ranges.length - 1];
    if (last && number === last[1] + 1) last[1] = number; else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
}

/**
 * Formats a number with at most ten significant digits.
 *
 * @param {number} value
 */
export const tenDigits = (value) => String(Number(value.toPrecision(10)));

/**
 * Formats the parameter of a message: "" for null or undefined; long texts and lists are shortened, and unprintable characters become spaces;
 * of an object (language -> text) the text in the language is taken.
 *
 * @param {unknown} value
 * @param {string} lang "zh" or "en"
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
  if (typeof value === "object") return String(/** @type {Record<string, unknown>} */ (value)[lang]);
  return typeof value === "number" && !Number.isInteger(value) ? tenDigits(value) : String(value);
}

/** @typedef {Record<string, { message: string, cure: string }>} Words Message and cure by language. */

/**
 * Returns the message and cure of a fault in both languages; `words` are their texts, by default those of its code.
 *
 * @param {Fault} fault
 * @param {Words} [words]
 */
export function faultTexts(fault, words = program.faults[fault.code] || { zh: { message: fault.code, cure: "" }, en: { message: fault.code, cure: "" } }) {
  /** @type {Record<string, { message: string, cure: string }>} */
  const texts = {};
  for (const lang of ["zh", "en"]) {
    /** @type {Record<string, unknown>} */
    const filling = { file: fault.file, row: fault.row, column: fault.column, value: fault.value, ...fault.params };
    /** Fills the placeholders {name} of a text; a placeholder without a value stays. @param {string} text */
    const fill = (text) => text.replace(/\{(\w+)\}/g, (hole, key) => (key in filling ? shownValue(filling[key], lang) : hole));
    texts[lang] = { message: fill(words[lang].message), cure: fill(words[lang].cure) };
  }
  return texts;
}

/**
 * Returns the notes about the worksheets of a workbook as warnings, which the page shows.
 *
 * @param {Note[]} notes
 * @returns {ToldFault[]}
 */
export function sheetsTold(notes) {
  return notes.filter(({ key }) => key in program.sheet_notes).map(({ key, params }) => {
    const fault = { file: params.file, row: null, column: null, value: null, code: key, severity: "warning" };
    return { ...fault, told: faultTexts({ ...fault, params }, program.sheet_notes[key]) };
  });
}
