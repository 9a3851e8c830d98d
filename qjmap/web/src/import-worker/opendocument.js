/* An OpenDocument spreadsheet (.ods): its worksheets as rows of the texts that cells show; the twin of qjmap/tables/readers/ods_metadata.py,
 * and of what python-calamine reads. Names of elements are compared with their prefix, as both do.
 */

import { isError } from "./error-cells.js";
import { parseFormat } from "./number-formats.js";
import { NumberStyles, countOf } from "./opendocument-styles.js";
import { MAX_COLUMNS, MAX_ROWS, NUMBER, UNSAVED, checkSize, filledRows, serialOf, unformatted } from "./worksheet.js";
import { parseXml } from "./xml.js";
import { Unreadable } from "./zip.js";

const TYPE = "application/vnd.oasis.opendocument.", SPREADSHEET = "spreadsheet";
// Limits: worksheets of a document, levels of nested elements, column definitions of a worksheet, spaces of one element.
const MOST_SHEETS = 256, MOST_LEVELS = 100, MOST_COLUMN_STYLES = 20000, MOST_SPACES = 1e6;
const MOST_REPEATS = 10000; // maximum number of times that a row or cell with contents is repeated
const CELLS = ["table:table-cell", "table:covered-table-cell"];
const VALUES = ["office:value", "office:date-value", "office:time-value", "office:string-value", "office:boolean-value"];
const NUMERIC = ["float", "percentage", "date", "time", "currency"];
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?)?$/, TIME = /^PT(\d{1,2})H(\d{1,2})M(\d{1,2})(?:\.(\d+))?S$/;

/** @typedef {import("./xml.js").Attributes} Attributes */
/** @typedef {import("./worksheet.js").Cell} Cell */
/**
 * What a cell shows: its `text`, null for none. `extends`: it counts for the width of the worksheet; `isRestored`: its leading zeros were
 * restored; `isYearless`: it is a date that shows no year.
 *
 * @typedef {{ text: string | null, extends: boolean, isRestored?: boolean, isYearless?: boolean }} Shown
 */

/** Joins hours, minutes and seconds to hh:mm:ss; "" if no day has such a time. @param {string[]} parts */
const timeOf = (parts) => (Number(parts[0]) < 24 && Number(parts[1]) < 60 && Number(parts[2]) < 60 ? parts.slice(0, 3).map((part) => part.padStart(2, "0")).join(":") : "");

/** Formats a date or moment in ISO form as a cell without a format shows it; a text that is none stays. @param {string} text */
function dateText(text) {
  const match = DATE.exec(text);
  if (!match) return text;
  const [, year, month, day, ...time] = match, at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))), clock = time[0] ? timeOf(time) : "00:00:00";
  at.setUTCFullYear(Number(year));
  if (!clock || at.getUTCDate() !== Number(day) || at.getUTCMonth() + 1 !== Number(month) || year === "0000") return text;
  const date = at.toISOString().slice(0, 10);
  return clock === "00:00:00" && !/[1-9]/.test((time[3] || "").slice(0, 6)) ? date : `${date} ${clock}`;
}

/** Formats a time of day in ISO form as a cell without a format shows it; a longer one stays as it is. @param {string} text */
function timeText(text) {
  const match = TIME.exec(text), clock = match ? timeOf(match.slice(1)) : "", fraction = match ? (match[4] || "").slice(0, 6) : "";
  return clock ? clock + (/[1-9]/.test(fraction) ? "." + fraction.padEnd(6, "0") : "") : text;
}

/** Returns what the value of a cell shows without its format; null if it has none. @param {Attributes} cell @param {string} content text of the cell */
function valueText(cell, content) {
  const key = Object.keys(cell).find((name) => VALUES.includes(name)), value = key ? cell[key] : "";
  if (!key) return cell["office:value-type"] === "string" ? content : null;
  if (key === "office:date-value") return dateText(value);
  if (key === "office:time-value") return timeText(value);
  if (key === "office:boolean-value") return /^(?:TRUE|true)$/.test(value) ? "TRUE" : "FALSE";
  if (key === "office:string-value") return value;
  if (!NUMBER.test(value)) throw new Unreadable("damaged", value.slice(0, 20));
  return unformatted(Number(value));
}

/** Returns the number of an attribute that counts; an error if it is none. @param {string | undefined} text */
function repeatsOf(text) {
  const count = countOf(text, text === undefined ? 1 : NaN);
  if (!(count < 2 ** 64)) throw new Unreadable("damaged", "repeated");
  return count;
}

/** One worksheet while it is read. */
class Sheet {
  /** @param {Attributes} attributes */
  constructor({ "table:name": name, "table:style-name": style = "" }) {
    this.name = name; // undefined for a table that is no worksheet
    this.style = style;
    this.sparse = /** @type {string[][]} */ ([]);
    this.height = this.width = this.row = 0;
    this.merged = /** @type {import("./worksheet.js").Range[]} */ ([]);
    this.restored = /** @type {Cell[]} */ ([]);
    this.yearless = /** @type {Cell[]} */ ([]);
    this.columnStyles = /** @type {[number, string][]} */ ([]); // number of columns, and the style of their cells
  }

  /** Returns the style that a column gives to its cells; "" for none. @param {number} column */
  styleOf(column) {
    let before = 0;
    for (const [repeats, style] of this.columnStyles) {
      if (column < before + repeats) return style;
      before += repeats;
    }
    return "";
  }
}

/** A row while it is read. */
class Row {
  /** @param {Attributes} attributes */
  constructor(attributes) {
    this.repeats = repeatsOf(attributes["table:number-rows-repeated"]);
    this.style = attributes["table:default-cell-style-name"] || "";
    this.column = this.width = this.characters = 0;
    this.isFilled = false;
    this.cells = /** @type {string[]} */ ([]);
    this.restored = /** @type {number[]} */ ([]);
    this.yearless = /** @type {number[]} */ ([]);
  }
}

/** Handlers of `parseXml` that read styles and contents of a document. */
class DocumentReader {
  constructor() {
    this.styles = new NumberStyles();
    this.sheets = /** @type {(import("./worksheet.js").SheetRows & { name: string, isHidden: boolean })[]} */ ([]);
    this.size = { cells: 0, characters: 0 };
    this.sheet = /** @type {Sheet | null} */ (null);
    this.row = /** @type {Row | null} */ (null);
    this.cell = /** @type {Attributes | null} */ (null);
    this.isInNote = this.isInParagraph = false;
    this.content = this.words = ""; // text of the cell; that of its paragraphs alone
    this.depth = this.paragraphs = this.tables = 0;
  }

  /** Handles the start of an element. @param {string} _ @param {Attributes} attributes @param {string} name as written */
  start = (_, attributes, name) => {
    if (++this.depth > MOST_LEVELS) throw new Unreadable("huge", "nesting");
    if (CELLS.includes(name)) this.startCell(attributes);
    else if (name === "table:table-row") this.row = new Row(attributes);
    else if (this.cell) this.startInside(name, attributes);
    else if (this.row) throw new Unreadable("damaged", name); // rows hold nothing but cells
    else if (name === "table:table") this.startTable(attributes);
    else if (name === "table:table-column" && this.sheet) {
      if (this.sheet.columnStyles.length < MOST_COLUMN_STYLES) this.sheet.columnStyles.push([countOf(attributes["table:number-columns-repeated"]), attributes["table:default-cell-style-name"] || ""]);
    } else if (/^(?:number|style):/.test(name)) this.styles.start(name, attributes);
  };

  /** Handles the end of an element. @param {string} _ @param {string} name as written */
  end = (_, name) => {
    this.depth--;
    if (name === "table:table-row") this.endRow();
    else if (CELLS.includes(name)) this.endCell();
    else if (name === "office:annotation") this.isInNote = false;
    else if (name === "text:p") this.isInParagraph = false;
    else if (name === "table:table") this.endTable();
    else if (name.startsWith("number:")) this.styles.end(name);
  };

  /** Handles text. @param {string} text */
  text = (text) => {
    if (this.cell) {
      if (this.isInNote) return;
      this.content += text;
      if (this.isInParagraph) this.words += text;
    } else if (this.row) throw new Unreadable("damaged", "text in a row");
    else this.styles.text(text);
  };

  /** Starts a worksheet. @param {Attributes} attributes */
  startTable(attributes) {
    if (this.sheet) throw new Unreadable("damaged", "table in a table");
    if (++this.tables > MOST_SHEETS) throw new Unreadable("huge", "sheets");
    this.sheet = new Sheet(attributes);
  }

  /** Ends a worksheet; a table without a name is none. */
  endTable() {
    if (!this.sheet) return;
    const { name, style, sparse, height, width, merged, restored, yearless } = this.sheet;
    if (name !== undefined) this.sheets.push({ name, isHidden: this.styles.hiddenTables.has(style), rows: filledRows(sparse, height, width, merged, this.size), merged, restored, yearless });
    this.sheet = null;
  }

  /** Ends a row: stores it as often as it is repeated, if it holds anything; an error beyond the limits. */
  endRow() {
    const { sheet, row, size } = this;
    this.row = null;
    if (!sheet || !row) return;
    if (row.isFilled) {
      const last = sheet.row + row.repeats;
      if (row.repeats > MOST_REPEATS) throw new Unreadable("huge", "rows repeated");
      if (last > MAX_ROWS) throw new Unreadable("damaged", `row ${last}`);
      if (row.width) sheet.height = last;
      sheet.width = Math.max(sheet.width, row.width);
      size.characters += row.characters * row.repeats;
      checkSize(size, sheet.height * sheet.width);
      for (let at = sheet.row; at < last; at++) {
        sheet.sparse[at] = row.cells;
        for (const column of row.restored) sheet.restored.push([at, column]);
        for (const column of row.yearless) sheet.yearless.push([at, column]);
      }
    }
    sheet.row += row.repeats;
  }

  /** Starts a cell. @param {Attributes} attributes */
  startCell(attributes) {
    this.cell = attributes;
    this.content = this.words = "";
    this.paragraphs = 0;
  }

  /** Handles an element inside a cell; comments are left out. @param {string} name @param {Attributes} attributes */
  startInside(name, attributes) {
    if (name === "table:table") throw new Unreadable("damaged", "table in a cell");
    if (name === "office:annotation") this.isInNote = true;
    if (this.isInNote) return;
    if (name === "text:p") {
      if (this.paragraphs++) this.add("\n");
      this.isInParagraph = true;
    } else if (name === "text:s") {
      const count = repeatsOf(attributes["text:c"]);
      if (count > MOST_SPACES) throw new Unreadable("huge", "spaces");
      this.add(" ".repeat(count));
    }
  }

  /** Adds text that elements represent: a line break between paragraphs, or spaces. @param {string} text */
  add(text) {
    this.content += text;
    this.words += text;
  }

  /** Ends a cell: stores its text in as many columns as it is repeated in. */
  endCell() {
    const { cell, row, sheet, words } = this;
    this.cell = null;
    this.isInParagraph = false;
    if (!cell || !row || !sheet) return;
    const repeats = repeatsOf(cell["table:number-columns-repeated"]), formula = cell["table:formula"] || "", first = row.column;
    row.column += repeats;
    const down = countOf(cell["table:number-rows-spanned"]), across = countOf(cell["table:number-columns-spanned"]);
    if (down > 1 || across > 1) sheet.merged.push([sheet.row, first, sheet.row + down - 1, first + across - 1]);
    const value = valueOf(cell);
    if (!cell["office:value-type"] && !words && !formula && !value && valueText(cell, "") === null) return;
    if (repeats > MOST_REPEATS) throw new Unreadable("huge", "cells repeated");
    row.isFilled = true;
    row.characters += (Math.max(this.content.length, value.length) + formula.length) * repeats;
    const shown = this.shown(cell, value, () => row.style || sheet.styleOf(first));
    for (let column = first; column < Math.min(first + repeats, MAX_COLUMNS); column++) {
      if (shown.text !== null) row.cells[column] = shown.text;
      if (shown.extends) row.width = column + 1;
      if (shown.isRestored) row.restored.push(column);
      if (shown.isYearless) row.yearless.push(column);
    }
  }

  /**
   * Returns what a cell shows: an error, a formula without a result, leading zeros, a number under its format, or its plain value.
   *
   * @param {Attributes} cell
   * @param {string} value
   * @param {() => string} defaultStyle returns the style that row or column give to the cell
   * @returns {Shown}
   */
  shown(cell, value, defaultStyle) {
    const { words } = this, type = cell["office:value-type"], plain = valueText(cell, this.content), whole = { text: plain, extends: plain !== null };
    if (type === "string" && !cell["table:formula"] && Object.keys(cell).length < 3) return whole;
    const special = specialText(cell, words, plain || "");
    if (special !== null) return { ...whole, text: special };
    if (type === "float" && /^0\d+$/.test(words)) {
      const isRestored = /^\d+$/.test(plain || "") && words.length > (plain || "").length;
      return isRestored ? { ...whole, text: (plain || "").padStart(words.length, "0"), isRestored } : whole;
    }
    const format = NUMERIC.includes(type) ? this.styles.formatOf(cell["table:style-name"] || defaultStyle()) : null;
    if (format && !format.zeros) return { ...whole, ...formatted(value, format) };
    return type === "percentage" && words.includes("%") ? { ...whole, ...formatted(value, parseFormat("0%")) } : whole;
  }
}

/**
 * Returns what a cell with an error or a formula without a result shows; null for any other cell.
 *
 * @param {Attributes} cell
 * @param {string} words text of its paragraphs
 * @param {string} plain
 */
function specialText(cell, words, plain) {
  const formula = cell["table:formula"];
  if (cell["calcext:value-type"] === "error" || (formula && isError(words))) return words || "#N/A";
  return formula && !cell["office:value-type"] && !words ? plain || UNSAVED : null;
}

/** Returns the value of a cell as its attributes give it, a number before others; "" for none. @param {Attributes} cell */
function valueOf(cell) {
  return cell[VALUES.find((key) => key in cell) || ""] || "";
}

/**
 * Returns what a format shows of a number, date or duration; nothing if it shows the plain value.
 *
 * @param {string} value
 * @param {import("./number-formats.js").NumberFormat | null} format
 * @returns {Partial<Shown>}
 */
function formatted(value, format) {
  const isNumber = NUMBER.test(value), serial = isNumber ? Number(value) : serialOf(value);
  if (!format?.display || serial === null) return {};
  const text = format.display(serial, false);
  if (text !== null) return { text, isYearless: format.isYearless };
  return isNumber ? { text: unformatted(serial) } : {};
}

/**
 * Reads a document. Throws Unreadable if it is no spreadsheet, is locked or damaged, or is larger than the limits.
 *
 * @param {import("./zip.js").Archive} archive
 * @returns {Promise<import("./workbook.js").Workbook>}
 */
export async function readOpenDocument(archive) {
  const type = await archive.text("mimetype"), reader = new DocumentReader();
  if (!type.startsWith(TYPE + SPREADSHEET)) throw new Unreadable(type.startsWith(TYPE) ? "document" : "damaged", type.slice(0, 80));
  parseXml(await archive.text("META-INF/manifest.xml"), { start(name) { if (name === "encryption-data") throw new Unreadable("locked"); } });
  if (archive.has("styles.xml")) parseXml(await archive.text("styles.xml"), reader);
  parseXml(await archive.text("content.xml"), reader);
  const shown = reader.sheets.filter(({ isHidden }) => !isHidden), hidden = reader.sheets.filter(({ isHidden }) => isHidden).map(({ name }) => name);
  return { sheets: shown.length ? shown : reader.sheets, hidden, format: "OpenDocument" };
}
