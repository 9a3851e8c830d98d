/* Changes rows and columns of a CSV text and keeps every character of the other rows; the twin of qjmap/edit/csv_patch.py. */

import { readRows } from "./delimited.js";
import { escapePattern } from "./normalize-text.js";
import { guardFormula } from "../runtime/formula-guard.js";

/**
 * Returns a sticky pattern that matches one record with its line end. A quotation mark opens a quoted cell only at the start of the cell.
 *
 * @param {string} delimiter
 */
function recordPattern(delimiter) {
  const sign = escapePattern(delimiter), cell = `(?:"[^"]*(?:""[^"]*)*(?:"|$)[^${sign}\\r\\n]*|[^"${sign}\\r\\n][^${sign}\\r\\n]*|)`;
  return new RegExp(`${cell}(?:${sign}${cell})*(?:\\r\\n|\\n|\\r|$)`, "y");
}

/** Removes the line end of a record. @param {string} record */
const withoutEnd = (record) => record.replace(/[\r\n]+$/, "");

/**
 * The text of a CSV file to which changes are applied. Records are numbered from 1, the header included; new cells are guarded against
 * being run as formulas.
 */
export class CsvPatch {
  /**
   * @param {string} text text of the file; a blank text is a new file, which gets the header
   * @param {string[]} header
   * @param {string} [delimiter]
   */
  constructor(text, header, delimiter = ",") {
    this.delimiter = delimiter;
    this.lineEnd = /\r\n|\n|\r/.exec(text)?.[0] || "\n";
    this.text = text.trim() ? text : this.line(header.map(guardFormula));
    this.added = "";
  }

  /** The changed text of the file. */
  get changed() { return this.text + this.added; }

  /**
   * Returns a record with its line end. Cells are quoted where CSV requires it, and are written as given: the caller guards formulas.
   *
   * @param {string[]} cells guarded, where they have to be
   */
  line(cells) {
    const special = new RegExp(`["\\r\\n${escapePattern(this.delimiter)}]`);
    const quoted = cells.map((cell) => (special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
    return (quoted.length === 1 && !quoted[0] ? '""' : quoted.join(this.delimiter)) + this.lineEnd;
  }

  /** Returns [start, end) of each record in the text, without a first line `sep=` that declares the delimiter. */
  spans() {
    const pattern = recordPattern(this.delimiter), spans = /** @type {number[][]} */ ([]);
    let start = /^sep=[^](?:\r\n|\n|\r)/.exec(this.text)?.[0].length || 0;
    while (start < this.text.length) {
      pattern.lastIndex = start;
      const end = pattern.test(this.text) && pattern.lastIndex > start ? pattern.lastIndex : this.text.length;
      spans.push([start, end]);
      start = end;
    }
    return spans;
  }

  /**
   * Replaces records by the texts that functions make of them; all other characters of the file stay.
   *
   * @param {Map<number, (record: string) => string>} rewrite record number -> function that takes the record and returns its new text
   */
  rewrite(rewrite) {
    if (!rewrite.size) return;
    const parts = this.spans().map(([start, end], at) => {
      const record = this.text.slice(start, end), change = rewrite.get(at + 1);
      return change ? change(record) : record;
    });
    this.text = this.text.slice(0, this.spans()[0][0]) + parts.join("");
  }

  /** Appends columns to the header. @param {string[]} names @param {number} headerRow record number of the header */
  addColumns(names, headerRow) {
    this.rewrite(new Map([[headerRow, (record) => {
      const former = withoutEnd(record);
      return former + this.delimiter + withoutEnd(this.line(names.map(guardFormula))) + (record.slice(former.length) || this.lineEnd);
    }]]));
  }

  /**
   * Replaces cells of records.
   *
   * @param {Map<number, Map<number, string>>} changes record number -> index of the column -> new cell
   */
  replace(changes) {
    this.rewrite(new Map(Array.from(changes, ([number, cellsOf]) => [number, (record) => {
      const cells = (readRows(record, this.delimiter) || [])[0] || [];
      for (const [column, cell] of cellsOf) {
        while (cells.length <= column) cells.push("");
        cells[column] = guardFormula(cell);
      }
      return withoutEnd(this.line(cells)) + record.slice(withoutEnd(record).length);
    }])));
  }

  /** Deletes records by their numbers. @param {number[]} numbers */
  delete(numbers) { this.rewrite(new Map(numbers.map((number) => [number, () => ""]))); }

  /** Appends rows to the end of the file. @param {string[][]} rows */
  append(rows) {
    if (!rows.length) return;
    if (!/[\r\n]$/.test(this.text)) this.added += this.lineEnd;
    this.added += rows.map((cells) => this.line(cells.map(guardFormula))).join("");
  }
}
