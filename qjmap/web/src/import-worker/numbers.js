/* Text of a cell -> number, qualifier and unit, as people write them; the twin of qjmap/tables/numbers.py. */

import { prepared } from "./program-data.js";
import { CellError, clean, fold, holdsOddNumeral, plainDigits, simplify, strip } from "./normalize-text.js";

const words = prepared(({ numbers }) => {
  const factors = new Map(Object.entries(numbers.multiples)), multiples = Array.from(factors.keys()), isLatin = (/** @type {string} */ word) => ASCII.test(word);
  return {
    ...numbers, factors, chinese: multiples.filter((word) => !isLatin(word)), latin: multiples.filter(isLatin),
    amount: new RegExp(`^${numbers.patterns.amount}`, "i"), secondNumber: new RegExp(numbers.patterns.second_number, "i"),
  };
});
const ASCII_LETTER = /^[a-z]/i, ASCII = /^[\x00-\x7f]*$/;

/**
 * Whether two texts name the same unit, as km and 公里 do.
 *
 * @param {string} one
 * @param {string} other
 */
function sameUnit(one, other) {
  const a = fold(one), b = fold(other);
  return a === b || words().equal_units.some((group) => group.includes(a) && group.includes(b));
}

/** Replaces traditional characters by simplified ones, one for one, so that indexes hold for both. @param {string} text */
const simple = (text) => (ASCII.test(text) ? text : simplify(text));

/**
 * Returns the Chinese multiple that a text starts with, in simplified characters, else ""; 百分点 and 百分比 are units, not multiples.
 *
 * @param {string} text
 */
function scaleBefore(text) {
  const plain = simple(text);
  return plain.startsWith("百分") ? "" : words().chinese.find((word) => plain.startsWith(word)) || "";
}

/**
 * Returns the multiple in a header's unit ("" for none) and the unit without it, as written: 万 and 人 for 单位：万人 and 單位：萬人.
 *
 * @param {string} unit
 */
function splitUnit(unit) {
  const text = strip(unit), plain = text.slice(simple(text).startsWith("单位") ? 2 : 0).replace(/^[：: \-—·*]+/, ""), scale = scaleBefore(plain);
  return { scale, bare: strip(plain.slice(scale.length)) };
}

/** Returns the multiple in a header's unit as a number: 10000 for 万元, 1e8 for 亿, 1 for anything else. @param {string} unit */
const readScale = (unit) => words().factors.get(splitUnit(unit).scale) || 1;

/**
 * Splits a text into its number, the currency before it, the multiple after it and the rest, each "" if missing. Currencies (in lower
 * case) and Chinese multiples are as listed, in simplified characters (万 for 萬); English multiples are as typed. Throws CellError
 * (number-form) if the text does not start with a number, or if a second number follows.
 *
 * @param {string} plain text with ASCII digits, without a qualifier before the number
 * @returns {[number, string, string, string]}
 */
function amount(plain) {
  if (/^[-+]?\d+,\d+$/.test(plain) && !/^[-+]?\d{1,3}(,\d{3})+$/.test(plain)) return [Number(plain.replaceAll(",", ".")), "", "", ""];
  const sign = /^[-+]/.test(plain) ? plain[0] : "";
  let rest = strip(plain.slice(sign.length));
  const currency = words().currency_signs.find((word) => simple(rest.slice(0, word.length)).toLowerCase() === word) || "";
  rest = strip(rest.slice(currency.length));
  const match = words().amount.exec(rest);
  if (!match) throw new CellError("number-form");
  const value = Number(match[0].replace(/[,\s']/g, ""));
  rest = strip(rest.slice(match[0].length));
  let scale = scaleBefore(rest);
  rest = strip(rest.slice(scale.length));
  if (words().secondNumber.test(rest)) throw new CellError("number-form");
  if (!scale) {
    scale = rest.slice(0, (words().latin.find((one) => rest.slice(0, one.length).toLowerCase() === one) || "").length);
    rest = strip(rest.slice(scale.length));
  }
  return [sign === "-" ? -value : value, currency, scale, rest];
}

/**
 * Throws an error for an amount that is not in yuan.
 *
 * @param {string} rest what follows the number
 * @param {string} currency currency before the number
 * @param {string} unit of the header
 */
function checkYuan(rest, currency, unit) {
  const written = simple(rest).toLowerCase() || currency;
  if (words().foreign_currencies.includes(written) || words().foreign_in_headers.some((word) => fold(unit).includes(word))) throw new CellError("money-currency", { currency: rest || currency || unit });
  if (!words().yuan.includes(written)) throw new CellError("number-form");
}

/**
 * Throws an error if the number's own unit, or else its header's, is not the expected one.
 *
 * @param {string} scale the multiple after the number
 * @param {string} rest what follows it
 * @param {string} unit of the header
 * @param {string} rowUnit unit that the row states in a cell of its own
 */
function checkUnit(scale, rest, unit, rowUnit) {
  const { bare } = splitUnit(unit), written = rest || (rowUnit ? bare : ""), wanted = rowUnit || bare;
  const doubled = scale && !rest && /[万亿]$/.test(scaleBefore(rowUnit));
  if (doubled || (written && !sameUnit(written, wanted))) throw new CellError("number-unit", { rest: scale + written, unit: wanted });
}

/**
 * Returns a number's text without the qualifier before it, and the qualifier; the same text and "" without one.
 *
 * @param {string} text
 */
function leadingQualifier(text) {
  const start = simple(text.slice(0, 20)).toLowerCase(), match = words().leading.find(([word]) => start.startsWith(word));
  return match ? [strip(text.slice(match[0].length)), match[1]] : [text, ""];
}

/**
 * Returns the text after a number without the qualifier at its start or end, and the qualifier; the same text and "" without one.
 *
 * @param {string} text
 */
function trailingQualifier(text) {
  const plain = simple(text);
  for (const [word, qualifier] of words().trailing) {
    for (const start of [0, text.length - word.length]) {
      if (start >= 0 && plain.slice(start, start + word.length) === word) return [strip(text.slice(0, start) + text.slice(start + word.length)), qualifier];
    }
  }
  return [text, ""];
}

/**
 * Whether the letters after a number are the start of a unit (12 mm, 5 MW) and not a multiple; m and k are multiples only of money.
 *
 * @param {string} scale the multiple after the number
 * @param {string} rest what follows it
 * @param {boolean} money whether the number is an amount in yuan
 */
function isUnit(scale, rest, money) {
  if (money && (words().yuan.includes(rest.toLowerCase()) || words().foreign_currencies.includes(rest.toLowerCase()))) return false;
  if (words().unit_beginnings.includes(scale) && ASCII_LETTER.test(rest) && ASCII.test(rest)) return true;
  return words().money_multiples.includes(scale) && !money;
}

/**
 * Returns the factor of a number, after checking the unit written after it; an error if that is another unit than its header's or row's.
 *
 * @param {string} scale the multiple after the number
 * @param {string} rest what follows it
 * @param {string} currency the currency before the number
 * @param {boolean} money whether the number is an amount in yuan
 * @param {string} unit of the header
 * @param {string} rowUnit unit that the row states in a cell of its own
 */
function factorOf(scale, rest, currency, money, unit, rowUnit) {
  if (!money && (rowUnit || unit) && sameUnit(scale + rest, rowUnit || unit)) return rowUnit ? 1 : readScale(unit);
  if (money) checkYuan(rest, currency, unit);
  else if (rowUnit || (unit && rest)) checkUnit(scale, rest || currency, unit, rowUnit);
  return unit && !scale && !rest ? readScale(unit) : words().factors.get(scale) || 1;
}

/**
 * Parses a number -> [value, qualifier, unit as written]; qualifier and unit are "" for none. Throws CellError for a text
 * that is no number, and for another unit or currency than is expected.
 *
 * @param {string} text
 * @param {boolean} money whether the value is an amount in yuan
 * @param {string} headerUnit unit in the header's brackets
 * @param {string} rowUnit unit that the row states in a cell of its own
 * @returns {[number, string, string]}
 */
export function readNumber(text, money = false, headerUnit = "", rowUnit = "") {
  const [plain, before] = leadingQualifier(strip(plainDigits(clean(text))).replaceAll("−", "-"));
  if (holdsOddNumeral(text)) throw new CellError("number-form");
  let [number, currency, scale, rest] = amount(plain);
  if (isUnit(scale.toLowerCase(), rest, money)) { rest = scale + rest; scale = ""; }
  scale = scale.toLowerCase();
  let qualifier = before;
  if (!before) [rest, qualifier] = trailingQualifier(rest);
  if (!scale) { // 5余万元 and 5多万: the multiple comes after the qualifier
    scale = scaleBefore(rest);
    rest = rest.slice(scale.length);
  }
  const unit = rowUnit && sameUnit(rowUnit, headerUnit) ? "" : headerUnit; // a unit that header and row both state counts once
  const value = Number((number * factorOf(scale, rest, currency, money, unit, rowUnit)).toPrecision(15));
  if (!Number.isFinite(value)) throw new CellError("number-form");
  return [value, qualifier, rest || currency || (money ? "" : splitUnit(unit).bare)];
}

/**
 * Returns the shortest decimal text of a finite number times 10 ** shift: 4000000 and 20.3, never 4e+06.
 *
 * @param {number} value
 */
export function decimalText(value, shift = 0) {
  const [mantissa, power] = Math.abs(value).toExponential().split("e"), digits = mantissa.replace(".", ""), at = Number(power) + 1 + shift;
  const sign = value < 0 ? "-" : "";
  if (value === 0) return "0";
  if (at <= 0) return sign + "0." + "0".repeat(-at) + digits;
  return sign + (digits.length <= at ? digits.padEnd(at, "0") : digits.slice(0, at) + "." + digits.slice(at));
}

/**
 * Formats a number as people write it in tables; whole numbers below 10 ** 21 with all their digits.
 *
 * @param {number} value
 */
export function plainNumber(value) {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(BigInt(value));
  return Number.isFinite(value) ? decimalText(value) : String(value);
}

/**
 * Rounds a number to an integer as Python's round does: halves to the even neighbour.
 *
 * @param {number} value
 */
export function roundHalfEven(value) {
  const floor = Math.floor(value), rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** Returns a number with at least two digits. @param {number | string} number */
export const twoDigits = (number) => String(Number(number)).padStart(2, "0");
