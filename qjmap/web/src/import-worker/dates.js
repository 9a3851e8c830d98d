/* Text of a cell -> ISO 8601 date, as precise as the cell; the twin of qjmap/tables/dates.py. */

import { twoDigits } from "./numbers.js";
import { prepared } from "./program-data.js";
import { CellError, clean, holdsOddNumeral, plainDigits, strip } from "./normalize-text.js";

const words = prepared(({ dates: { digits, tens, months, serial_days, patterns } }) => ({
  digits, tens, months, serialDays: serial_days,
  inOrder: [patterns.iso, patterns.year_first, patterns.compact].map((pattern) => new RegExp(pattern)),
  chinese: new RegExp(patterns.chinese), english: new RegExp(patterns.english), yearLast: new RegExp(patterns.year_last), time: new RegExp(patterns.time, "i"),
}));

/**
 * Returns a date in ISO 8601 that is as precise as its parts. Throws CellError for a day that does not exist.
 *
 * @param {string | null} year
 * @param {string | null} [month]
 * @param {string | null} [day]
 */
function iso(year, month, day) {
  const y = Number(year), m = Number(month || 1), d = Number(day || 1);
  const days = [31, (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > days[m - 1]) throw new CellError("date-none");
  return [year, ...[month, day].flatMap((part) => (part ? [twoDigits(part)] : []))].join("-");
}

/**
 * Returns a text with its characters replaced by those of a table; others stay.
 *
 * @param {string} text
 * @param {Record<string, string>} table character -> its replacement
 */
const translate = (text, table) => Array.from(text, (sign) => (sign in table ? table[sign] : sign)).join("");
/** Replaces Chinese digits by ASCII ones. @param {string} text */
const arabic = (text) => translate(text, words().digits);
/**
 * Converts a Chinese numeral below 100 (九, 十二, 廿五) to ASCII digits; null for an empty text. Throws a CellError for a text that is no number.
 *
 * @param {string} numeral
 */
function smallNumber(numeral) {
  if (!numeral) return null;
  const plain = translate(numeral, words().tens), at = plain.lastIndexOf("十");
  const tens = at < 0 ? "" : plain.slice(0, at), ones = plain.slice(at + 1);
  const number = Number((at < 0 ? "0" : arabic(tens || "1"))) * 10 + (ones ? Number(arabic(ones)) : 0);
  if (Number.isNaN(number)) throw new CellError("date-form");
  return String(number);
}

/**
 * Returns the date of a spreadsheet's serial day (days since 1899-12-30); null for any other text.
 *
 * @param {string} text
 */
function readDayNumber(text) {
  const [first, last] = words().serialDays;
  if (!/^\d{5}(?:\.\d+)?$/.test(text) || Number(text) < first || Number(text) > last) return null;
  return new Date(Date.UTC(1899, 11, 30) + Math.floor(Number(text)) * 86400000).toISOString().slice(0, 10);
}

/**
 * Returns the date of day, month and year, or of month, day and year. Throws CellError if day and month cannot be told apart.
 *
 * @param {string} first the first number: day or month
 * @param {string} second the second number
 * @param {string} year
 */
function readYearLast(first, second, year) {
  if (Number(first) > 12) return iso(year, second, first);
  if (first === second || Number(second) > 12) return iso(year, first, second);
  throw new CellError("date-order", { first: `${year}-${twoDigits(first)}-${twoDigits(second)}`, second: `${year}-${twoDigits(second)}-${twoDigits(first)}` });
}

/**
 * Returns a date in ISO 8601 that is as precise as the cell: 2020, 2020-09 or 2020-09-09. Throws CellError for a text that is no date,
 * for a day that does not exist, and if day and month cannot be told apart.
 *
 * @param {string} text
 */
export function readDate(text) {
  if (holdsOddNumeral(text)) throw new CellError("date-form");
  const { inOrder, chinese: chinesePattern, english: englishPattern, yearLast, months, time } = words();
  const plain = strip(plainDigits(clean(text))).replace(time, "");
  const match = inOrder.map((pattern) => pattern.exec(plain)).find(Boolean);
  if (match) return iso(match[1], match[2], match[3]);
  const chinese = chinesePattern.exec(plain);
  if (chinese) return iso(arabic(chinese[1]), smallNumber(chinese[2]), smallNumber(chinese[3]));
  const day = readDayNumber(plain);
  if (day) return day;
  const english = englishPattern.exec(plain.toLowerCase()), month = english ? months.indexOf(english[2]) + 1 : 0;
  if (english && month) return iso(english[4], String(month), english[1] || english[3]);
  const last = yearLast.exec(plain);
  if (last) return readYearLast(last[1], last[2], last[3]);
  throw new CellError("date-form");
}
