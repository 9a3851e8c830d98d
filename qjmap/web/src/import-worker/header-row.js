/* Rows of texts -> a grid: finds the header, drops titles above it and rows that are not data, pads and cuts rows to its width; the twin of
 * qjmap/tables/readers/find_header_row.py.
 */

import { isData, shapeOf } from "./cell-shapes.js";
import { WEAK, matchHeader } from "./headers.js";
import { KIND_NOTES, RowKinds } from "./non-data-rows.js";
import { compact, isUnit } from "./row-words.js";
import { program } from "./program-data.js";
import { stackedHeader } from "./stacked-headers.js";
import { fold, strip } from "./normalize-text.js";

export const HEADER_ROWS = 30; // number of rows at the start of a file among which the header is searched for
const LONGEST_HEAD = 60; // number of characters from which a cell is too long for a header
const HXL = /^\s*#[a-z]/; // a tag of the Humanitarian Exchange Language, such as #adm1+name

/** Whether a header is that of our column of faults, in a file of refused rows. @param {string} cell */
const isFaultHead = (cell) => fold(cell) === fold(program.fault_column);
/** Whether a row ends with the header of our column of faults. @param {string[]} row */
export const isFaultHeader = (row) => row.length > 0 && isFaultHead(row[row.length - 1]);
/** Whether a cell is not blank. @param {string} cell */
const isFilled = (cell) => strip(cell) !== "";
/** Returns the number of filled cells of a row. @param {string[]} row */
const widthOf = (row) => row.filter(isFilled).length;

/**
 * Makes a fault, which is one of the whole file unless `more` sets its row or column.
 *
 * @param {string} file name of the file
 * @param {string} code
 * @param {Partial<Fault>} more fields that differ
 * @returns {Fault}
 */
export const fileFault = (file, code, more = {}) => ({ file, row: null, column: null, value: null, code, params: {}, ...more });

/**
 * Returns the number of different columns of a table that the cells of a row name. Words that mean other things as well (企业, E) count only
 * beside a surer header. A single letter does not count in a row that holds numbers, dates or web addresses.
 *
 * @param {string[]} row
 * @param {Table} table
 */
function countHeaders(row, table) {
  const sure = /** @type {Set<string>} */ (new Set()), weak = /** @type {[string, string][]} */ ([]);
  for (const cell of row) {
    const { column, rank } = matchHeader(cell && Array.from(cell).length < LONGEST_HEAD ? cell : "", table);
    if (column && rank < WEAK) sure.add(column);
    else if (column) weak.push([fold(cell), column]);
  }
  if (!sure.size) return 0;
  const noLetters = weak.some(([word]) => word.length === 1) && row.some((cell) => !["", "text"].includes(shapeOf(cell)));
  for (const [word, column] of weak) if (!noLetters || word.length > 1) sure.add(column);
  return sure.size;
}

/**
 * Returns the highest `countHeaders` of the first `HEADER_ROWS` rows; 0 without rows.
 *
 * @param {string[][]} rows
 * @param {Table} table
 */
export const mostHeaders = (rows, table) => rows.slice(0, HEADER_ROWS).reduce((most, row) => Math.max(most, countHeaders(row, table)), 0);

/** Returns the median of some numbers. @param {number[]} numbers */
function median(numbers) {
  const sorted = numbers.slice().sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Returns the index of the row that names most columns; -1 if no row names any, or the only named column is below rows of data.
 *
 * @param {string[][]} rows
 * @param {number[]} filled indices of the rows that are not blank
 * @param {Table} table
 */
function bestRow(rows, filled, table) {
  const scores = new Map(filled.map((index) => [index, countHeaders(rows[index], table) + (isFaultHeader(rows[index]) ? table.columns.length : 0)]));
  const scoreOf = (/** @type {number} */ index) => scores.get(index) || 0, typical = median(filled.map((index) => widthOf(rows[index])));
  const looksLikeData = (/** @type {number} */ index) => isData(rows[index], rows.slice(index + 1));
  for (const index of filled.slice().sort((a, b) => scoreOf(b) - scoreOf(a) || a - b)) {
    const score = scoreOf(index), isTitle = score === 1 && widthOf(rows[index]) < 2 && typical > 2;
    if (!score) return -1;
    if (isTitle || looksLikeData(index)) continue;
    if (score === 1 && filled.some((above) => above < index && widthOf(rows[above]) > 1 && looksLikeData(above))) return -1;
    return index;
  }
  return -1;
}

/**
 * Replaces the joined header of a stack by its lowest cell, if only that cell is known, as longitude or latitude, and it is unique.
 *
 * @param {string[]} texts texts of the joined header
 * @param {string[]} lowest the lowest row of the header
 * @param {Table} table
 */
function shortPositions(texts, lowest, table) {
  return texts.map((text, index) => {
    const cell = lowest[index] || "", own = cell && matchHeader(cell, table).column;
    const isShort = own && ["lon", "lat"].includes(own) && !matchHeader(text, table).column && lowest.filter((other) => other === cell).length === 1;
    return isShort ? strip(cell) : text;
  });
}

/**
 * Finds the header of a table among its first `HEADER_ROWS` rows. Returns the indices of its first and last row, and its texts. Without a
 * header, `texts` is empty, `first` is the first data row, and `last` is `first` - 1. Null if all these rows are blank.
 *
 * @param {string[][]} all all rows of the file
 * @param {Table} table
 */
function findHeader(all, table) {
  const rows = all.slice(0, HEADER_ROWS), filled = rows.flatMap((row, index) => (row.some(isFilled) ? [index] : []));
  if (!filled.length) return null;
  let index = bestRow(rows, filled, table);
  if (index < 0) {
    const typical = median(filled.map((at) => widthOf(rows[at])));
    index = /** @type {number} */ (filled.find((at) => widthOf(rows[at]) >= typical / 2));
    if (isData(rows[index], rows.slice(index + 1))) return { first: index, last: index - 1, texts: [] };
  }
  const stacked = stackedHeader(rows, index);
  if (!stacked) return { first: index, last: index, texts: rows[index].map((cell) => cell.replace(/^\ufeff+|\ufeff+$/g, "")) };
  return { ...stacked, texts: shortPositions(stacked.texts, rows[stacked.last], table) };
}

/**
 * Names empty headers 列1, 列2, ...; drops those at the end without a filled cell below. Without any header all columns get such names.
 *
 * @param {string[]} texts texts of the header; empty without a header
 * @param {string[][]} body the rows below it
 */
function completeHeader(texts, body) {
  const heads = texts.length ? texts : Array(body.reduce((most, row) => Math.max(most, row.length), 0)).fill("");
  let width = heads.length;
  while (width && !isFilled(heads[width - 1])) width--;
  for (let index = heads.length - 1; index >= width; index--) {
    if (body.some((cells) => cells.length > index && isFilled(cells[index]))) width = index + 1;
  }
  return heads.slice(0, width).map((head, index) => (isFilled(head) ? head : `列${index + 1}`));
}

/**
 * Returns the filled rows below the header, padded and cut to its width, and their row numbers; a filled cell cut off is a fault.
 *
 * @param {string[][]} body the rows below the header
 * @param {number} width number of columns
 * @param {number} first row number of the first row
 * @param {string} file name of the file, for faults
 */
function layOutBody(body, width, first, file) {
  const rows = /** @type {string[][]} */ ([]), numbers = /** @type {number[]} */ ([]), faults = /** @type {Fault[]} */ ([]);
  body.forEach((cells, index) => {
    const row = cells.length < width ? [...cells, ...Array(width - cells.length).fill("")] : cells.slice(0, width);
    const extra = cells.slice(width).find(isFilled);
    if (extra !== undefined) faults.push(fileFault(file, "row-too-long", { row: first + index, value: extra, params: { width } }));
    if (!row.some(isFilled)) return;
    rows.push(row);
    numbers.push(first + index);
  });
  return { rows, numbers, faults };
}

/**
 * Removes the rows that are not data from a grid and names them in notes. Units in the first row are appended to the headers.
 *
 * @param {Grid} grid
 * @param {string[][]} originals the rows of the header
 * @param {Table} table
 */
function passOver(grid, originals, table) {
  if (originals.length && grid.numbers[0] === (grid.headerRow || 0) + 1 && grid.rows[0].filter(isFilled).every((cell) => HXL.test(cell))) {
    grid.rows.shift();
    grid.notes.push({ key: "note-hxl", params: { rows: grid.numbers.splice(0, 1) } });
  }
  const kinds = new RowKinds(grid.header, originals, table).find(grid.rows);
  if (!kinds.size) return;
  if (kinds.get(0) === "units") {
    const [units] = grid.rows;
    grid.header = grid.header.map((head, index) => (isUnit(compact(units[index])) && !/[)）\]]\s*$/.test(head)
      ? `${head}（${strip(units[index]).replace(/^[()（）[\]]+|[()（）[\]]+$/g, "")}）` : head));
  }
  for (const [kind, key] of KIND_NOTES) {
    const rows = grid.numbers.filter((_, index) => kinds.get(index) === kind);
    if (rows.length) grid.notes.push({ key, params: { rows } });
  }
  const passed = new Set(grid.numbers.filter((_, index) => kinds.has(index)));
  grid.faults = grid.faults.filter((fault) => fault.row === null || !passed.has(fault.row));
  grid.rows = grid.rows.filter((_, index) => !kinds.has(index));
  grid.numbers = grid.numbers.filter((number) => !passed.has(number));
}

/**
 * Returns the grid of a file: its header and the data rows below, without titles and rows that are not data. In a file of refused rows, which
 * has our column of faults, that column is left out and every row is kept.
 *
 * @param {string[][]} all all rows of the file
 * @param {Table} table
 * @param {string} file name of the file, for faults
 * @returns {Grid}
 */
export function layOut(all, table, file) {
  const found = findHeader(all, table);
  if (!found) return { header: [], rows: [], numbers: [], faults: [fileFault(file, "file-empty")], notes: [], headerRow: 1 };
  const { first, last, texts } = found, body = all.slice(last + 1), header = completeHeader(texts, body);
  /** @type {Grid} */
  const grid = { header, ...layOutBody(body, header.length, last + 2, file), notes: [], headerRow: texts.length ? last + 1 : 0 };
  const above = all.slice(0, first).flatMap((row, index) => (row.some(isFilled) ? [index + 1] : []));
  if (above.length) grid.notes.push({ key: "note-above", params: { rows: above } });
  if (!texts.length) grid.notes.push({ key: "note-no-header", params: { columns: header.length } });
  else if (last > first) grid.notes.push({ key: "note-stacked-header", params: { rows: Array.from({ length: last - first + 1 }, (_, index) => first + 1 + index) } });
  const faultColumn = header.reduce((found, head, index) => (isFaultHead(head) ? index : found), -1);
  if (faultColumn < 0) {
    passOver(grid, all.slice(first, last + 1), table);
    return grid;
  }
  header.splice(faultColumn, 1);
  grid.rows = grid.rows.map((row) => row.filter((_, index) => index !== faultColumn));
  return grid;
}
