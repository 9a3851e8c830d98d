/* The first filled cells of a column, and how many of them fit a column of a table; the twin of
 * qjmap/tables/column_samples.py.
 */

import { namesAxes, readAngle, readPair, readPoint } from "./angles.js";
import { readRoles, readUrl, readVocab } from "./cell-values.js";
import { readDate } from "./dates.js";
import { isEmptyWord } from "./empty-words.js";
import { readNumber } from "./numbers.js";
import { program } from "./program-data.js";
import { CellError, clean } from "./normalize-text.js";
import { findVocab } from "./vocabulary-words.js";

/* Number of rows from which a sample is taken, of filled cells in it, and of characters of each cell that are looked at. */
const SAMPLE_ROWS = 2000, SAMPLE_CELLS = 200, SAMPLE_CHARACTERS = 250;
/** A share of a sample above MOST is most of it; from NEARLY_ALL on it is nearly all of it. */
export const MOST = 0.5, NEARLY_ALL = 0.9;
const NAME_LENGTH = 60, WORD_LENGTH = 24; // maximum number of characters of a name, and of a word or the name of a place
/* Character classes that are equal to Python's \d, \s and \w, which include all scripts. */
const D = "\\p{Nd}", S = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000", W = "[\\p{L}\\p{N}_]";
const NUMBER = new RegExp(`^[-+]?[${D}${S}.,'/%]*${D}[${D}${S}.,'/%]*$`, "u");
const TELEPHONE = new RegExp(`^[+(]?${D}[${D}${S}()/+;,、\\-]{5,}$`, "u");
const CODE = new RegExp(`^(?:(?=.*${D})[A-Za-z]{0,6}[\\-_./${D}A-Za-z]*|[A-Z]{1,5}|\\{?[0-9A-Fa-f-]{32,38}\\}?)$`, "u");
const ADDRESS = new RegExp(`[路街巷道号村镇乡区县市省]${W}*${D}+|${D}+[${S}]*[号號栋幢室弄](?!(?![附院楼之单内负])\\p{L})|(?:[省市区县]${W}+){2}|` +
  `[^${D}]{2}[路街巷]$|${W}+(?:路|街|大道|巷)${W}*号|` +
  `丁目|番地|番$|${D}+-${D}+-${D}+$|로[${S}]*${D}+|길[${S}]*${D}+`, "u");
const STREET = new RegExp(`str\\.|stra(?:ß|ss)e|street|avenue|road|(?<!${W})(?:rd|st)(?!${W})`, "iu");
const SHAPE = new RegExp(`^[${S}]*(?:SRID=${D}+;[${S}]*)?(?:MULTI${W}+|POLYGON|LINESTRING|GEOMETRYCOLLECTION|CURVE${W}*)(?:[${S}]*(?:ZM?|M))?[${S}]*(?:\\(|EMPTY)`, "iu");
const FLOAT = /^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/i;
const NO_NUMBER = /^[-+]?(?:nan|inf(?:inity)?)$/i; // texts that Python's float accepts
const SEPARATOR = /[;；|/,，、>＞:：]/, DIGIT = /[\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨]/u;

/** Returns the number of characters of a text; in a text of at most WORD_LENGTH UTF-16 units a surrogate pair counts as two. @param {string} text */
const lengthOf = (text) => (text.length <= WORD_LENGTH ? text.length : Array.from(text).length);

/** Returns the first characters of a text; a surrogate pair counts as one. @param {string} text */
const firstCharacters = (text) =>
  text.length <= SAMPLE_CHARACTERS ? text : Array.from(text.slice(0, 2 * SAMPLE_CHARACTERS)).slice(0, SAMPLE_CHARACTERS).join("");

/**
 * Returns a predicate: whether `read` accepts a text, without a CellError; other errors are thrown.
 *
 * @param {(text: string) => unknown} read
 * @returns {(text: string) => boolean}
 */
const reads = (read) => (text) => {
  try {
    read(text);
    return true;
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    return false;
  }
};

/** The first filled cells of a column. `rows` is the number of rows that were gone through for them, empty cells included. */
export class Sample {
  /** @param {string[]} cells of the column */
  constructor(cells) {
    this.texts = /** @type {string[]} */ ([]);
    this.rows = 0;
    this.take(cells, (text) => text !== "" && !isEmptyWord(text));
    if (!this.texts.length) this.take(cells, (text) => text !== ""); // a column that holds only words for an empty cell
    this.distinct = new Set(this.texts);
  }

  /** Fills the sample with the first cells for which `isFilled` holds. @param {string[]} cells @param {(text: string) => boolean} isFilled */
  take(cells, isFilled) {
    this.rows = 0;
    for (const cell of cells.slice(0, SAMPLE_ROWS)) {
      this.rows += 1;
      const text = firstCharacters(clean(cell));
      if (isFilled(text)) this.texts.push(text);
      if (this.texts.length === SAMPLE_CELLS) break;
    }
  }

  /** Returns the share of the cells that pass a test, from 0 to 1; 0 for an empty column. @param {(text: string) => boolean} test */
  share(test) {
    const passed = new Set(Array.from(this.distinct).filter(test));
    return this.texts.length ? this.texts.filter((text) => passed.has(text)).length / this.texts.length : 0;
  }
}

/** Reads a text as an angle in degrees; NaN for nan and inf, null for any other text. @param {string} text */
export function degreesOf(text) {
  if (FLOAT.test(text)) return Number(text.replaceAll("_", ""));
  if (NO_NUMBER.test(text)) return NaN;
  const angle = readAngle(text);
  return angle && angle.degrees;
}

/** Whether a text is a pair of coordinates, or a point in a format of geometry (WKT, WKB, GeoJSON). @param {string} text */
export const isPair = (text) => readPair(text, null) !== null;
/** Whether a text can be nothing but a position: a point in a format of geometry, or a pair of angles that names both axes. @param {string} text */
export const isPosition = (text) => readPoint(text) !== null || (namesAxes(text) && isPair(text));
/** Whether a text is a WKT geometry that is no position: a line, an area, several shapes. @param {string} text */
export const isShape = (text) => SHAPE.test(text) && !isPosition(text);
/** Whether a text consists of digits (at least one), blanks and the characters . , ' / % after an optional sign: 1,200.5 or 12%. @param {string} text */
export const isNumber = (text) => NUMBER.test(text);

/** Whether a text is more than a number. @param {string} text */
export const isText = (text) => !isNumber(text);
const isDate = reads(readDate);

/**
 * Whether a text is degrees from -most to most, or a plane coordinate in metres.
 *
 * @param {string} text
 * @param {number} most 90 for latitudes, 180 for longitudes
 */
function isAxis(text, most) {
  const degrees = degreesOf(text), size = Math.abs(degrees === null ? NaN : degrees);
  return size <= most || (size >= 100000 && size < 1e8);
}

/**
 * Whether a text may name something: at most NAME_LENGTH characters, no number, date, e-mail or web address, telephone number or coordinates.
 *
 * @param {string} text
 */
export const isName = (text) =>
  lengthOf(text) <= NAME_LENGTH && !(isNumber(text) || TELEPHONE.test(text) || text.includes("@") || text.includes("://") || isDate(text) || isPair(text));

/** Whether a text is a short word or a path of at most six of them (公司企业;公司). @param {string} text */
function isWord(text) {
  const parts = text.split(SEPARATOR);
  return !isNumber(text) && parts.length <= 6 && parts.every((part) => lengthOf(part) <= WORD_LENGTH);
}

/** Whether a text looks like an address: a street, a house number, or areas one inside the other. @param {string} text */
export const isAddress = (text) => ADDRESS.test(text) || STREET.test(text);
/** Whether a text may be the name of a place: short, no number, no address with digits. @param {string} text */
export const isPlaceName = (text) => !isNumber(text) && lengthOf(text) <= WORD_LENGTH && !(isAddress(text) && DIGIT.test(text));
/** Whether a text is a number or an identifier of some system: A001, QJJ, a GUID. @param {string} text */
export const isCode = (text) => CODE.test(text);

/* Columns of text whose cells may also be numbers. */
const OF_ANY_TEXT = ["adcode", "period", "unit", "locator", "position_locator", "note", "licence"];
/* Column type -> reader of a cell, and pattern of texts that are meant as a value of that type, valid or not. */
/** @type {Record<string, { read: (text: string, unit: string, money: boolean) => unknown, meant: RegExp }>} */
const VALUES = {
  number: { read: (text, unit, money) => readNumber(text, money, unit), meant: new RegExp(`^\\P{Nd}{0,3}${D}`, "u") },
  integer: { read: (text, unit) => readNumber(text, false, unit), meant: new RegExp(`^${D}`, "u") },
  date: { read: readDate, meant: new RegExp(`${D}{4}|${D}[${S}]*[年月日]|${D}[-/.]${D}`, "u") },
  url: { read: readUrl, meant: new RegExp(`^${W}+:|^www\\.|[./]${W}+/`, "u") },
  roles: { read: readRoles, meant: /[:：]/ },
};

/**
 * Returns a test of whether a cell fits a column. A word for an empty cell (无, -) fits every column.
 *
 * @param {Column} column
 * @param {string} unit in the header
 * @param {boolean} weak as in `testOf`
 * @returns {(text: string) => boolean}
 */
export function fits(column, unit, weak) {
  const test = testOf(column, unit, weak);
  return (text) => test(text) || isEmptyWord(text);
}

/**
 * Returns the test of a column, without regard to words for an empty cell.
 *
 * @param {Column} column
 * @param {string} unit in the header
 * @param {boolean} weak whether the header may mean something else; if so, the cell must be a valid value, if not, it need only look like one
 * @returns {(text: string) => boolean}
 */
function testOf({ name, type, vocab, refers }, unit, weak) {
  if (type === "lon" || type === "lat") return weak ? (text) => isAxis(text, type === "lon" ? 180 : 90) : (text) => degreesOf(text) !== null;
  if (type === "vocab" && vocab === "status" && weak) return (text) => findVocab(text, vocab) !== null; // no sentences: notes on progress
  if (type === "vocab") return vocab in program.open ? isWord : reads((text) => readVocab(text, vocab));
  if (type === "id" || type === "ids") return !weak ? isText : refers.length === 1 && refers[0] === "places" ? isPlaceName : isName;
  if (OF_ANY_TEXT.includes(name)) return () => true;
  if (!(type in VALUES)) return name === "name" || name === "title" ? isName : isText;
  const { read, meant } = VALUES[type], isRead = reads((text) => read(text, unit, name === "value_cny"));
  return (text) => isRead(text) || (!weak && meant.test(text));
}
