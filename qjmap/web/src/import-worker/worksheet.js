/* A worksheet of an Excel workbook as rows of what its cells show, with the ranges that are merged. */

import { plainNumber } from "./numbers.js";
import { strip, trimmed } from "./normalize-text.js";
import { parseXml } from "./xml.js";
import { Unreadable } from "./zip.js";

const MAX_ROWS = 1048576, MAX_COLUMNS = 16384; // of a worksheet of Excel since 2007
const MOST_CELLS = 5e6, MOST_CHARACTERS = 200e6; // of all worksheets of a workbook
export const UNSAVED = "\0formula"; // mark of a cell whose formula has no saved result, until the data rows are known
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const DURATION = /^PT(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?$/;
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?Z?$/;
const EPOCH = Date.UTC(1899, 11, 30), DAY = 86400000;

/** @typedef {import("./number-formats.js").NumberFormat} NumberFormat */
/** @typedef {[top: number, left: number, bottom: number, right: number]} Range Rows and columns from 0. */
/** @typedef {[row: number, column: number]} Cell */
/** @typedef {{ strings: string[], formats: (NumberFormat | null)[], since1904: boolean }} Context What the cells of a workbook share. */
/** @typedef {{ cells: number, characters: number }} Size What has been read of a workbook. */
/** @typedef {{ rows: string[][], merged: Range[], restored: Cell[], yearless: Cell[] }} SheetRows `restored`: cells with leading zeros; `yearless`: dates that show no year. */

/**
 * Row and column, from 0, of a reference: B2.
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

/** @param {string} number */
function rowOf(number) {
  const row = /^\d{1,8}$/.test(number) ? Number(number) : 0;
  if (!row || row > MAX_ROWS) throw new Unreadable("damaged", number.slice(0, 20));
  return row - 1;
}

/**
 * The serial day since 1900 of a date or duration in ISO form; null where it is none.
 *
 * @param {string} text
 */
function serialOf(text) {
  const duration = DURATION.exec(text), moment = MOMENT.exec(text);
  if (duration) return (Number(duration[1] || 0) * 3600 + Number(duration[2] || 0) * 60 + Number(duration[3] || 0)) / 86400;
  if (!moment) return null;
  const [year, month, day, hours, minutes, seconds] = moment.slice(1).map((part) => Number(part || 0));
  const at = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  return new Date(at).getUTCDate() === day ? (at - EPOCH) / DAY : null;
}

/** A date or duration in ISO form as cells without a format of their own show it. @param {string} text */
const isoText = (text) => text.replace(/\.0{1,9}$/, "").replace(/T00:00:00$/, "").replace("T", " ");

/**
 * Characters that XML does not have, as Excel writes them: _x000D_.
 *
 * @param {string} text
 */
const withoutEscapes = (text) => (text.includes("_x00") ? text.replace(/_x00([0-9a-f]{2})_/gi, (_, code) => String.fromCharCode(parseInt(code, 16))) : text);

/** Collects the text of a string of a workbook: of its runs, without the reading beside them. */
export class TextCollector {
  constructor() {
    this.whole = this.run = "";
    this.isRun = this.isReading = this.isKept = false;
  }

  begin() {
    this.whole = "";
    this.isRun = this.isReading = false;
  }

  /** @param {string} name @param {import("./xml.js").Attributes} attributes */
  start(name, attributes) {
    if (name === "rPh") this.isReading = true;
    else if (name === "t") {
      this.isRun = !this.isReading;
      this.isKept = attributes["xml:space"] === "preserve";
      this.run = "";
    }
  }

  /** @param {string} text */
  add(text) { if (this.isRun) this.run += text; }

  /** @param {string} name */
  end(name) {
    if (name === "rPh") this.isReading = false;
    else if (name === "t" && this.isRun) {
      this.whole += withoutEscapes(this.isKept ? this.run : trimmed(this.run, (sign) => " \t\r\n".includes(sign)));
      this.isRun = false;
    }
  }
}

/** Reads the elements of a worksheet; the handlers of `parseXml`. */
class WorksheetReader {
  /**
   * @param {Context} context
   * @param {Size} size
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

  /** @param {string} name @param {import("./xml.js").Attributes} attributes */
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

  /** @param {string} text */
  text = (text) => {
    if (this.isInValue) this.value += text;
    else if (this.isInline) this.collector.add(text);
  };

  /** @param {string} name */
  end = (name) => {
    if (name === "c") this.endCell();
    else if (name === "v") { this.hasValue ||= this.isInValue; this.isInValue = false; }
    else if (name === "is") this.isInline = false;
    else if (this.isInline) this.collector.end(name);
  };

  /** @param {import("./xml.js").Attributes} attributes */
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

  endCell() {
    this.isInCell = this.isInValue = this.isInline = false;
    const shown = this.shown(), cell = /** @type {Cell} */ ([this.row, this.column]);
    if (this.isFormula && this.type !== "str" && !strip(this.value) && !shown) this.unsaved.push(cell);
    if (shown !== null) this.put(cell, shown);
  }

  /** What the cell shows; null for nothing. @returns {string | null} */
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

  /** A value that is no number where one should be. @param {string} value */
  otherText(value) {
    if (this.type) throw new Unreadable("damaged", value.slice(0, 20));
    return value;
  }

  /** @param {string} index */
  sharedText(index) {
    const text = this.context.strings[Number(index)];
    if (text === undefined) throw new Unreadable("damaged", `string ${index.slice(0, 20)}`);
    return text;
  }

  /** @param {number} value */
  numberText(value) {
    const plain = Number.isFinite(value) ? plainNumber(value) : value > 0 ? "inf" : "-inf", zeros = this.context.formats[Number(this.style || NaN)]?.zeros || 0;
    if (zeros > plain.length && /^\d+$/.test(plain)) {
      this.restored.push([this.row, this.column]);
      return plain.padStart(zeros, "0");
    }
    return this.formatted(value, this.context.since1904) ?? plain;
  }

  /**
   * What the format of the cell shows of a number; null where it is the plain number.
   *
   * @param {number | null} value
   * @param {boolean} since1904
   */
  formatted(value, since1904) {
    const format = this.context.formats[Number(this.style || NaN)], text = value !== null && format?.display ? format.display(value, since1904) : null;
    if (text !== null && format?.isYearless) this.yearless.push([this.row, this.column]);
    return text;
  }

  /**
   * @param {Cell} cell
   * @param {string} text
   */
  put([row, column], text) {
    const cells = this.sparse[row] || (this.sparse[row] = []);
    cells[column] = text;
    this.height = Math.max(this.height, row + 1);
    this.width = Math.max(this.width, column + 1);
    this.size.characters += text.length;
    if (this.size.cells + this.height * this.width > MOST_CELLS || this.size.characters > MOST_CHARACTERS) throw new Unreadable("huge", "cells");
  }

  /** @returns {SheetRows} */
  finish() {
    const { height, width, merged, restored, yearless } = this;
    this.size.cells += height * width;
    const area = merged.reduce((sum, [top, left, bottom, right]) => sum + Math.max(0, Math.min(bottom + 1, height) - top) * Math.max(0, Math.min(right + 1, width) - left), 0);
    if (area > height * width) throw new Unreadable("damaged", "merged cells"); // ranges overlap, as in no sound workbook
    for (const [row, column] of this.unsaved) if (row < height && column < width && !this.sparse[row]?.[column]) (this.sparse[row] ||= [])[column] = UNSAVED;
    const rows = Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => this.sparse[row]?.[column] ?? ""));
    return { rows, merged, restored, yearless };
  }
}

/**
 * Reads the part of a worksheet.
 *
 * @param {string} text
 * @param {Context} context
 * @param {Size} size
 */
export function readWorksheet(text, context, size) {
  const reader = new WorksheetReader(context, size);
  parseXml(text, reader);
  return reader.finish();
}

/**
 * The rows with the text of the first cell of each merged range in all its cells.
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
