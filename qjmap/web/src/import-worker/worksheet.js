/* Reads a worksheet of an Excel workbook: rows of the texts that its cells show, and the merged ranges. */

import { plainNumber } from "./numbers.js";
import { strip, trimmed } from "./normalize-text.js";
import { parseXml } from "./xml.js";
import { Unreadable } from "./zip.js";

export const MAX_ROWS = 1048576, MAX_COLUMNS = 16384; // size of a worksheet of Excel since 2007
const MOST_CELLS = 5e6, MOST_CHARACTERS = 200e6; // limits for all worksheets of a workbook together
export const UNSAVED = "\0formula"; // placeholder for a formula without a saved result, until the data rows are known
export const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const DURATION = /^PT(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?$/;
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?)?Z?$/;
const EPOCH = Date.UTC(1899, 11, 30), DAY = 86400; // a day in seconds

/** @typedef {import("./number-formats.js").NumberFormat} NumberFormat */
/** @typedef {[top: number, left: number, bottom: number, right: number]} Range Rows and columns from 0, the last ones included. */
/** @typedef {[row: number, column: number]} Cell Row and column from 0. */
/** @typedef {{ strings: string[], formats: (NumberFormat | null)[], since1904: boolean }} Context What all worksheets share: strings, formats of cell styles, date system. */
/** @typedef {{ cells: number, characters: number }} Size How many cells and characters have been read of a workbook. */
/**
 * @typedef {{ rows: string[][], merged: Range[], restored: Cell[], yearless: Cell[] }} SheetRows
 * Texts of the cells by row, all rows of one width; the merged ranges; `restored`: cells whose leading zeros were restored; `yearless`: dates
 * that show no year.
 */

/**
 * Parses a reference such as B2 into row and column, both from 0.
 *
 * @param {string} reference
 * @returns {Cell}
 */
function cellOf(reference) {
  let column = 0, at = 0;
  for (; at < 4; at++) {
    const code = reference.charCodeAt(at), letter = code < 123 ? code & 0xdf : 0; // in upper case
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  const row = rowOf(reference.slice(at));
  if (!column || column > MAX_COLUMNS) throw new Unreadable("damaged", reference.slice(0, 20));
  return [row, column - 1];
}

/** Parses the number of a row into its index from 0; an error beyond the size of a worksheet. @param {string} number */
function rowOf(number) {
  const row = /^\d{1,8}$/.test(number) ? Number(number) : 0;
  if (!row || row > MAX_ROWS) throw new Unreadable("damaged", number.slice(0, 20));
  return row - 1;
}

/**
 * Returns the serial number (days, 1900 date system) of an ISO 8601 date or date-time, or the length of a duration in days; null for any
 * other text.
 *
 * @param {string} text
 */
export function serialOf(text) {
  const duration = DURATION.exec(text), moment = MOMENT.exec(text);
  if (duration) return (Number(duration[1] || 0) * 3600 + Number(duration[2] || 0) * 60 + Number(duration[3] || 0)) / DAY;
  if (!moment) return null;
  const [year, month, day, hours, minutes, seconds] = moment.slice(1).map((part) => Number(part || 0));
  const at = Date.UTC(year, month - 1, day, hours, minutes);
  return new Date(at).getUTCDate() === day ? ((at - EPOCH) / 1000 + seconds) / DAY : null;
}

/** Formats a number as a cell without a format shows it. @param {number} value */
export const unformatted = (value) => (Number.isFinite(value) ? plainNumber(value) : value > 0 ? "inf" : "-inf");

/** Formats an ISO 8601 date-time as a cell without a format of its own shows it. @param {string} text */
const isoText = (text) => text.replace(/\.0{1,9}$/, "").replace(/T00:00:00$/, "").replace("T", " ");

/**
 * Replaces Excel's notation for characters that XML does not allow (_x000D_) by these characters.
 *
 * @param {string} text
 */
const withoutEscapes = (text) => (text.includes("_x00") ? text.replace(/_x00([0-9a-f]{2})_/gi, (_, code) => String.fromCharCode(parseInt(code, 16))) : text);

/** Collects the text of a string in a workbook from its runs, without phonetic readings. */
export class TextCollector {
  constructor() {
    this.whole = this.run = "";
    this.isRun = this.isReading = this.isKept = false;
  }

  /** Starts a new string. */
  begin() {
    this.whole = "";
    this.isRun = this.isReading = false;
  }

  /** Handles the start of an element inside a string. @param {string} name @param {import("./xml.js").Attributes} attributes */
  start(name, attributes) {
    if (name === "rPh") this.isReading = true;
    else if (name === "t") {
      this.isRun = !this.isReading;
      this.isKept = attributes["xml:space"] === "preserve";
      this.run = "";
    }
  }

  /** Adds text. @param {string} text */
  add(text) { if (this.isRun) this.run += text; }

  /** Handles the end of an element inside a string. @param {string} name */
  end(name) {
    if (name === "rPh") this.isReading = false;
    else if (name === "t" && this.isRun) {
      this.whole += withoutEscapes(this.isKept ? this.run : trimmed(this.run, (sign) => " \t\r\n".includes(sign)));
      this.isRun = false;
    }
  }
}

/** Handlers of `parseXml` that read the elements of a worksheet. */
class WorksheetReader {
  /**
   * @param {Context} context what all worksheets of the workbook share
   * @param {Size} size is increased, and checked against the limits
   */
  constructor(context, size) {
    this.context = context;
    this.size = size;
    this.sparse = /** @type {string[][]} */ ([]);
    this.height = this.width = 0;
    this.merged = /** @type {Range[]} */ ([]);
    this.unsaved = /** @type {Cell[]} */ ([]);
    this.restored = /** @type {Cell[]} */ ([]);
    this.yearless = /** @type {Cell[]} */ ([]);
    this.row = -1;
    this.column = -1;
    this.collector = new TextCollector();
    this.isInCell = this.isInValue = this.isInline = this.isFormula = this.hasValue = this.hasString = false;
    this.type = this.style = this.value = "";
  }

  /** Handles the start of an element. @param {string} name @param {import("./xml.js").Attributes} attributes */
  start = (name, attributes) => {
    if (name === "c") this.startCell(attributes);
    else if (name === "v") { this.isInValue = this.isInCell; this.value = ""; }
    else if (name === "row") {
      this.row = attributes.r === undefined ? this.row + 1 : rowOf(attributes.r);
      this.column = -1;
    } else if (name === "f") this.isFormula = this.isInCell;
    else if (name === "is" && this.isInCell) { this.isInline = this.hasString = true; this.collector.begin(); }
    else if (this.isInline) this.collector.start(name, attributes);
    else if (name === "mergeCell") {
      const [from, to] = (attributes.ref || "").split(":"), [top, left] = cellOf(from), [bottom, right] = cellOf(to || from);
      this.merged.push([top, left, bottom, right]);
    }
  };

  /** Handles text. @param {string} text */
  text = (text) => {
    if (this.isInValue) this.value += text;
    else if (this.isInline) this.collector.add(text);
  };

  /** Handles the end of an element. @param {string} name */
  end = (name) => {
    if (name === "c") this.endCell();
    else if (name === "v") { this.hasValue ||= this.isInValue; this.isInValue = false; }
    else if (name === "is") this.isInline = false;
    else if (this.isInline) this.collector.end(name);
  };

  /** Starts a cell; without a reference it comes right after the one before. @param {import("./xml.js").Attributes} attributes */
  startCell({ r: reference, t: type = "", s: style = "" }) {
    const [row, column] = reference === undefined ? [Math.max(this.row, 0), this.column + 1] : cellOf(reference);
    this.row = row;
    this.column = column;
    this.type = type;
    this.style = style;
    this.value = "";
    this.isFormula = this.hasValue = this.hasString = false;
    this.isInCell = true;
  }

  /** Stores the text of the cell that has ended. */
  endCell() {
    this.isInCell = this.isInValue = this.isInline = false;
    const shown = this.shown(), cell = /** @type {Cell} */ ([this.row, this.column]);
    if (this.isFormula && this.type !== "str" && !strip(this.value) && !shown) this.unsaved.push(cell);
    if (shown !== null) this.put(cell, shown);
  }

  /** Returns the text that the cell shows; null for an empty cell. @returns {string | null} */
  shown() {
    const { type, value, hasValue } = this;
    if (this.hasString) return this.collector.whole;
    if (!hasValue || type === "inlineStr") return null;
    if (type === "str") return value;
    if (!value) return null;
    if (type === "s") return this.sharedText(value);
    if (type === "b") return value === "0" ? "FALSE" : "TRUE";
    if (type === "e") return strip(value);
    if (type === "d") return this.formatted(serialOf(strip(value)), false) ?? isoText(value);
    if (type && type !== "n") throw new Unreadable("damaged", `t="${type.slice(0, 20)}"`);
    return NUMBER.test(value) ? this.numberText(Number(value)) : this.otherText(value);
  }

  /** Returns a value that is no number where one should be; throws Unreadable if the cell has the type of numbers. @param {string} value */
  otherText(value) {
    if (this.type) throw new Unreadable("damaged", value.slice(0, 20));
    return value;
  }

  /** Returns a shared string; throws Unreadable if there is none with this index. @param {string} index */
  sharedText(index) {
    const text = this.context.strings[Number(index)];
    if (text === undefined) throw new Unreadable("damaged", `string ${index.slice(0, 20)}`);
    return text;
  }

  /** Returns the text of a number in the cell's format; lists the cell in `restored` if that adds leading zeros. @param {number} value */
  numberText(value) {
    const plain = unformatted(value), zeros = this.context.formats[Number(this.style || NaN)]?.zeros || 0;
    if (zeros > plain.length && /^\d+$/.test(plain)) {
      this.restored.push([this.row, this.column]);
      return plain.padStart(zeros, "0");
    }
    return this.formatted(value, this.context.since1904) ?? plain;
  }

  /**
   * Returns what the format of the cell shows of a number; null for the plain number.
   *
   * @param {number | null} value
   * @param {boolean} since1904 whether serial days count from 1904, not from 1900
   */
  formatted(value, since1904) {
    const format = this.context.formats[Number(this.style || NaN)], text = value !== null && format?.display ? format.display(value, since1904) : null;
    if (text !== null && format?.isYearless) this.yearless.push([this.row, this.column]);
    return text;
  }

  /**
   * Stores the text of a cell; an error beyond the limits.
   *
   * @param {Cell} cell
   * @param {string} text
   */
  put([row, column], text) {
    const cells = this.sparse[row] || (this.sparse[row] = []);
    cells[column] = text;
    this.height = Math.max(this.height, row + 1);
    this.width = Math.max(this.width, column + 1);
    this.size.characters += text.length;
    checkSize(this.size, this.height * this.width);
  }

  /** Returns the rows, all of one width. @returns {SheetRows} */
  finish() {
    const { height, width, merged, restored, yearless } = this, rows = filledRows(this.sparse, height, width, merged, this.size);
    for (const [row, column] of this.unsaved) if (row < height && column < width && !rows[row][column]) rows[row][column] = UNSAVED;
    return { rows, merged, restored, yearless };
  }
}

/**
 * Throws Unreadable if the worksheets so far are beyond the limits.
 *
 * @param {Size} size of the worksheets that are read
 * @param {number} cells number of cells of the one that is being read
 */
export function checkSize(size, cells) {
  if (size.cells + cells > MOST_CELLS || size.characters > MOST_CHARACTERS) throw new Unreadable("huge", "cells");
}

/**
 * Returns the rows of a worksheet, all of one width; an error if the merged ranges have more cells than the worksheet, which only overlapping
 * ranges can have.
 *
 * @param {string[][]} sparse cells by row and column
 * @param {number} height
 * @param {number} width
 * @param {Range[]} merged
 * @param {Size} size is increased
 */
export function filledRows(sparse, height, width, merged, size) {
  size.cells += height * width;
  const area = merged.reduce((sum, [top, left, bottom, right]) => sum + Math.max(0, Math.min(bottom + 1, height) - top) * Math.max(0, Math.min(right + 1, width) - left), 0);
  if (area > height * width) throw new Unreadable("damaged", "merged cells");
  return Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => sparse[row]?.[column] ?? ""));
}

/**
 * Reads the XML of a worksheet. Throws SyntaxError if it is not well-formed, Unreadable if it is damaged otherwise or beyond the limits.
 *
 * @param {string} text
 * @param {Context} context
 * @param {Size} size is increased, and checked against the limits
 */
export function readWorksheet(text, context, size) {
  const reader = new WorksheetReader(context, size);
  parseXml(text, reader);
  return reader.finish();
}

/**
 * Returns the rows with the text of the first cell of each merged range in all its cells.
 *
 * @param {SheetRows} sheet
 */
export function fillMerged({ rows, merged }) {
  const filled = rows.map((row) => row.slice());
  for (const [top, left, bottom, right] of merged) {
    const text = filled[top]?.[left] ?? "";
    for (const row of filled.slice(top, bottom + 1)) row.fill(text, left, right + 1);
  }
  return filled;
}
