/* Number formats of spreadsheets -> the text that a cell shows, if it has more than the number; the twin of
 * qjmap/tables/readers/number_formats.py, which has examples.
 */

import { prepared } from "./program-data.js";
import { decimalText, roundHalfEven, twoDigits } from "./numbers.js";
import { strip } from "./normalize-text.js";

const MAX_CODE = 1000; // maximum length of a format code in characters; Excel allows 255
const DAY = 86400, LAST_DAY = 2958466; // a day in seconds; serial day after 31 December 9999

/** @typedef {[kind: string, text: string]} Token A token of a format code: text, digit, general, date, elapsed, money, power or other. */
/** @typedef {{ condition: [string, number] | null, tokens: Token[] }} Section A section of a code: the condition of its numbers, and its tokens. */
/** @typedef {(value: number, since1904: boolean) => string | null} Display Returns the text shown of a number; null for the plain number. */
/**
 * What a format shows. `zeros` is the number of zeros of a format that consists of zeros only, else 0; `isYearless`: it shows a day
 * or month but no year; `display` is null if every cell shows its plain number.
 *
 * @typedef {{ zeros: number, isYearless: boolean, display: Display | null }} NumberFormat
 */

const words = prepared(({ number_formats: { yuan, foreign_signs: foreign, unit_signs: units, tokens, patterns } }) => ({
  yuan: new Set(yuan), signs: new Set(foreign + units), kinds: tokens, token: new RegExp(patterns.token, "gisu"),
  condition: new RegExp(`^(?:${patterns.condition})$`), elapsed: new RegExp(`^(?:${patterns.elapsed})$`, "i"),
}));

/**
 * Returns the token for a piece of a code; null for padding, colours and other brackets, which are ignored.
 *
 * @param {string} kind name of the pattern that the piece matches
 * @param {string} text
 * @returns {Token | null}
 */
function tokenOf(kind, text) {
  if (kind === "quoted") return ["text", text.replace(/^"+|"+$/g, "")];
  if (kind === "escaped") return ["text", text.slice(1)];
  if (kind === "bracket") {
    const elapsed = words().elapsed.exec(text);
    if (elapsed) return ["elapsed", elapsed[1][0].toLowerCase()];
    return text.startsWith("[$") ? ["money", text.slice(2, -1).split("-")[0]] : null; // [$...] holds a currency sign, or the locale of a date
  }
  if (kind === "date") return ["date", text.toLowerCase()];
  return kind === "pad" ? null : [kind, text];
}

/**
 * Splits a format code into its sections.
 *
 * @param {string} code
 */
function splitSections(code) {
  const { token, kinds, condition } = words(), sections = /** @type {Section[]} */ ([{ condition: null, tokens: [] }]);
  for (const match of code.matchAll(token)) {
    const [text] = match, kind = kinds[match.slice(1).findIndex((group) => group !== undefined)], section = sections[sections.length - 1];
    const bound = kind === "bracket" && condition.exec(text);
    if (kind === "other" && text === ";") sections.push({ condition: null, tokens: [] });
    else if (bound) section.condition = [bound[1], Number(bound[2])];
    else {
      const made = tokenOf(kind, text);
      if (made) section.tokens.push(made);
    }
  }
  return sections;
}

/** Comparison operator -> whether it holds between a value and a bound. @type {Record<string, (value: number, bound: number) => boolean>} */
const HOLDS = {
  "<": (value, bound) => value < bound, ">": (value, bound) => value > bound, "=": (value, bound) => value === bound,
  "<=": (value, bound) => value <= bound, ">=": (value, bound) => value >= bound, "<>": (value, bound) => value !== bound,
};

/**
 * Returns the index of the section for a number: the first whose condition holds, without conditions by its sign; -1 for none.
 *
 * @param {Section[]} sections
 * @param {number} value
 */
function sectionOf(sections, value) {
  if (sections.some(({ condition }) => condition)) return sections.findIndex(({ condition }) => !condition || HOLDS[condition[0]](value, condition[1]));
  if (value < 0 && sections.length > 1) return 1;
  return value === 0 && sections.length > 2 ? 2 : 0;
}

/**
 * Returns the number of zeros in a section of at least two zeros and nothing else; 0 for any other section.
 *
 * @param {Token[]} tokens
 */
function zerosOnly(tokens) {
  const visible = tokens.filter(([, text]) => strip(text));
  if (visible.length !== 1 || !["digit", "text"].includes(visible[0][0])) return 0;
  return /^00+$/.test(visible[0][1]) ? visible[0][1].length : 0;
}

/** Whether a token is replaced by digits of the number. @param {Token} token */
const isDigits = ([kind]) => kind === "digit" || kind === "general";

/**
 * Whether a section shows digits other than fractions of seconds (ss.00).
 *
 * @param {Token[]} tokens
 */
const holdsNumber = (tokens) => tokens.some((token, index) => isDigits(token)
  && (index < 2 || tokens[index - 1][1] !== "." || tokens[index - 2][1].slice(0, 1).toLowerCase() !== "s"));

/**
 * Returns the parts of a date that are shown: y, m, d, w (weekday only), h, n (minutes), s; x means that the time is elapsed. Empty for a
 * section that is not a date.
 *
 * @param {Token[]} tokens
 * @returns {Set<string>}
 */
function datePartsOf(tokens) {
  const parts = /** @type {Set<string>} */ (new Set());
  if (holdsNumber(tokens)) return parts;
  const letters = tokens.filter(([kind]) => kind === "date" || kind === "elapsed").map(([kind, text]) => [kind, text[0]]);
  letters.forEach(([kind, letter], index) => {
    if (kind === "elapsed") parts.add("x").add(letter === "m" ? "n" : letter);
    else if (letter === "m") { // minutes after hours or before seconds, else months
      const isMinutes = (index > 0 && letters[index - 1][1] === "h") || (index + 1 < letters.length && letters[index + 1][1] === "s");
      parts.add(isMinutes ? "n" : "m");
    } else if ("yeb".includes(letter)) parts.add("y");
    else if ("dhs".includes(letter)) parts.add(letter);
  });
  const dates = tokens.filter(([kind]) => kind === "date").map(([, text]) => text);
  if (dates.filter((text) => text[0] === "d").every((text) => text.length > 2)) parts.delete("d"); // ddd and dddd name the weekday
  return !parts.size && dates.some((text) => "da".includes(text[0])) ? new Set("w") : parts;
}

/**
 * Returns the date and time of a serial day in ISO form; null if it is negative or after the year 9999.
 *
 * @param {number} serial
 * @param {boolean} since1904 whether serial days count from 1904, not from 1900
 */
export function momentOf(serial, since1904) {
  if (!(serial >= 0 && serial < LAST_DAY)) return null;
  // Spreadsheets count 29 February 1900, which never existed, as day 60; so earlier days are counted from another start.
  const start = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial >= 60 || serial < 1 ? 30 : 31);
  const moment = new Date(start + roundHalfEven(serial * DAY) * 1000);
  return moment.getUTCFullYear() > 9999 ? null : moment.toISOString().slice(0, 19);
}

/**
 * Formats an elapsed time with the parts that a format shows; null if it is too long.
 *
 * @param {number} days
 * @param {Set<string>} parts as `datePartsOf` returns them
 */
function elapsedText(days, parts) {
  if (!(Math.abs(days) < 1e7)) return null;
  const seconds = roundHalfEven(Math.abs(days) * DAY), sign = days < 0 ? "-" : "", rest = parts.has("s") ? ":" + twoDigits(seconds % 60) : "";
  if (parts.has("h")) return sign + twoDigits(Math.floor(seconds / 3600)) + ":" + twoDigits(Math.floor(seconds / 60) % 60) + rest;
  return sign + (parts.has("n") ? twoDigits(Math.floor(seconds / 60)) + rest : seconds);
}

/**
 * Returns the display of a date with the given parts.
 *
 * @param {Set<string>} parts as `datePartsOf` returns them
 * @returns {Display}
 */
const dateDisplay = (parts) => (value, since1904) => {
  if (parts.has("x")) return elapsedText(value, parts);
  const moment = momentOf(value, since1904), has = (/** @type {string} */ letters) => Array.from(letters).some((letter) => parts.has(letter));
  if (moment === null) return null;
  const [day, time] = moment.split("T");
  if (!has("ymdw")) return parts.has("h") && !parts.has("s") ? time.slice(0, 5) : time;
  if (!has("dw")) return parts.has("m") ? day.slice(0, 7) : day.slice(0, 4);
  return has("hns") && time !== "00:00:00" ? `${day} ${time}` : day;
};

/**
 * Returns the words beside the digits, without yuan signs and other signs than those of units and foreign currencies.
 *
 * @param {Token[]} tokens
 */
function wordsOf(tokens) {
  const { yuan, signs } = words();
  return strip(tokens.filter(([kind, text]) => {
    if (kind === "money") return !yuan.has(strip(text));
    return kind === "text" ? !["¥", "￥"].includes(strip(text)) : kind === "other" && signs.has(text);
  }).map(([, text]) => text).join(""));
}

/** Whether a text holds a letter, a digit, or a sign of a unit or foreign currency. @param {string} text */
const isInformative = (text) => Array.from(text).some((sign) => /[\p{L}\p{N}]/u.test(sign) || words().signs.has(sign));

/**
 * Returns the display of a number divided by 10 ** shift, between words, with at least `zeros` digits if it is whole.
 *
 * @param {number} shift
 * @param {number} zeros
 * @param {string} prefix the words before the number
 * @param {string} suffix the words after it
 * @returns {Display}
 */
const scaledDisplay = (shift, zeros, prefix, suffix) => (value) => {
  if (!(Math.abs(value) < 1e21)) return null;
  const digits = decimalText(Math.abs(value), -shift);
  return (value < 0 ? "-" : "") + prefix + (zeros > 1 && !digits.includes(".") ? digits.padStart(zeros, "0") : digits) + suffix;
};

/**
 * Returns the display of a whole number with characters between its digits, placed from the right: 0000-00-00, 000-0000-0000.
 *
 * @param {Token[]} tokens the section of the format
 * @param {string} prefix the words before the number
 * @param {string} suffix the words after it
 * @returns {Display}
 */
const dividedDisplay = (tokens, prefix, suffix) => (value) => {
  if (value < 0 || !Number.isInteger(value) || value >= 1e15) return null;
  let left = String(value), shown = "";
  for (const [kind, text] of tokens.slice().reverse()) {
    if (kind === "text" || kind === "other") shown = text + shown;
    if (kind !== "digit") continue;
    for (const placeholder of Array.from(text).reverse()) {
      if (left) { shown = left[left.length - 1] + shown; left = left.slice(0, -1); }
      else if (placeholder === "0") shown = "0" + shown;
    }
  }
  return prefix + left + shown + suffix;
};

/**
 * Returns the number of commas right after the digits, each of which divides by 1000.
 *
 * @param {Token[]} tokens those after the digits
 */
function trailingCommas(tokens) {
  const end = tokens.findIndex(([kind, text]) => kind !== "other" || text !== ",");
  return end < 0 ? tokens.length : end;
}

/** Returns the number of decimal places by which % and ‰ move the point. @param {Token[]} tokens */
const percentDigits = (tokens) => tokens.reduce((sum, [kind, text]) => sum + (kind !== "other" ? 0 : text === "%" ? 2 : text === "‰" ? 3 : 0), 0);

/**
 * Returns the display of a number together with the words around it; null for the plain number, if these words
 * are not informative.
 *
 * @param {Token[]} tokens
 * @returns {Display | null}
 */
function numberDisplay(tokens) {
  if (tokens.some(([kind, text]) => kind === "power" || (kind === "other" && (text === "/" || text === "@")))) return null;
  const first = tokens.findIndex(isDigits);
  if (first < 0) {
    const text = tokens.filter(([kind]) => kind === "text" || kind === "other").map(([, word]) => word).join("");
    return isInformative(text) ? () => text : null;
  }
  const last = tokens.length - 1 - tokens.slice().reverse().findIndex(isDigits), number = tokens.slice(first, last + 1), behind = tokens.slice(last + 1);
  const prefix = wordsOf(tokens.slice(0, first)), suffix = wordsOf(behind), hasPoint = number.some(([kind, text]) => kind === "other" && text === ".");
  const between = number.filter(([kind, text]) => kind === "text" || (kind === "other" && !".,%‰".includes(text))).map(([, text]) => text).join("");
  let shift = 3 * trailingCommas(behind) - percentDigits(tokens);
  if (between === "." && !hasPoint) { // 0!.0, : the digits after the literal point are decimals
    const decimals = number.slice(number.findIndex(([kind]) => kind === "text")).filter(([kind]) => kind === "digit");
    shift += decimals.reduce((sum, [, text]) => sum + text.length, 0);
  } else if (strip(between)) return hasPoint || shift ? null : dividedDisplay(number, prefix, suffix);
  const shown = [prefix, suffix].map((text) => (isInformative(text) ? text : ""));
  if (!shift && !shown.some(Boolean)) return null;
  const zeros = hasPoint || shift ? 0 : number.reduce((sum, [kind, text]) => sum + (kind === "digit" ? text.split("0").length - 1 : 0), 0);
  return scaledDisplay(shift, zeros, shown[0], shown[1]);
}

/**
 * Parses a format code; null if cells show their plain number.
 *
 * @param {string} code
 * @returns {NumberFormat | null}
 */
export function parseFormat(code) {
  if (Array.from(code).length > MAX_CODE || ["", "general", "@"].includes(strip(code).toLowerCase())) return null;
  const sections = splitSections(code), zeros = sections.length <= 4 ? zerosOnly(sections[0].tokens) : 0;
  if (zeros) return { zeros, isYearless: false, display: null };
  const displays = sections.map(({ tokens }) => {
    const parts = datePartsOf(tokens);
    return parts.size ? dateDisplay(parts) : numberDisplay(tokens);
  });
  if (!displays.some(Boolean)) return null;
  const parts = datePartsOf(sections[0].tokens);
  return {
    zeros: 0, isYearless: !parts.has("y") && (parts.has("m") || parts.has("d")),
    display(value, since1904) {
      const show = Number.isFinite(value) ? displays[sectionOf(sections, value)] : null;
      return show ? show(value, since1904) : null;
    },
  };
}
