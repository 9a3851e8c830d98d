/* Splits delimited text into rows of cells: delimiter, quotation marks, guards against formulas; the twin of qjmap/tables/readers/delimited.py. */

import { HEADER_ROWS, fileFault, isFaultHeader, layOut, mostHeaders } from "./header-row.js";
import { program } from "./program-data.js";
import { unguardFormula } from "../runtime/formula-guard.js";

const DELIMITERS = [",", "\t", ";", "，", "|"];
const SAMPLE = 64 * 1024; // number of characters in which the delimiter is looked for
const HEAD_ROWS = 2000; // number of rows that are read from the beginning of a larger file

/**
 * Reads the cell that begins at an index. A quotation mark inside an unquoted cell stands for itself. `broken`: a quoted cell has no closing
 * mark, or text after it.
 *
 * @param {string} text
 * @param {number} start index of the cell's first character
 * @param {RegExp} ends pattern of the delimiter and of line ends
 * @param {boolean} quotes whether quotation marks around a cell are taken as such
 */
function readCell(text, start, ends, quotes) {
  const quoted = quotes && text[start] === '"';
  let cell = "", from = quoted ? start + 1 : start;
  for (let closed = !quoted; !closed;) {
    const mark = text.indexOf('"', from);
    if (mark < 0) return { cell: cell + text.slice(from), end: text.length, quoted, broken: true };
    cell += text.slice(from, mark);
    closed = text[mark + 1] !== '"';
    if (!closed) cell += '"';
    from = closed ? mark + 1 : mark + 2;
  }
  ends.lastIndex = from;
  const match = ends.exec(text), end = match ? match.index : text.length;
  return { cell: cell + text.slice(from, end), end, quoted, broken: quoted && end > from };
}

/**
 * Splits a text into rows of cells, at most `most`; without `quotes`, quotation marks stand for themselves. Returns null if `strict` and a
 * quotation mark is misplaced.
 *
 * @param {string} text
 * @param {string} delimiter
 * @param {{ strict?: boolean, quotes?: boolean, most?: number }} options
 * @returns {string[][] | null}
 */
export function readRows(text, delimiter, { strict = false, quotes = true, most = Infinity } = {}) {
  const ends = new RegExp(`[\\n\\r\\u${delimiter.charCodeAt(0).toString(16).padStart(4, "0")}]`, "g"), rows = [];
  let row = /** @type {string[]} */ ([]), index = 0;
  while (index < text.length) {
    const { cell, end, quoted, broken } = readCell(text, index, ends, quotes), sign = text[end];
    if (broken && strict) return null;
    index = end + 1;
    if (sign === delimiter || row.length || cell || quoted) row.push(cell);
    if (sign === delimiter || (sign === undefined && !row.length)) continue;
    if (sign === "\r" && text[index] === "\n") index++;
    rows.push(row);
    row = [];
    if (rows.length >= most) return rows;
  }
  if (row.length) rows.push([...row, ""]); // the text ends with a delimiter
  return rows;
}

/**
 * Undoes what protects a cell in spreadsheets: our apostrophe, and the form ="text" that ERP systems write.
 *
 * @param {string} cell
 */
export function unguarded(cell) {
  if (cell[0] === "'") return unguardFormula(cell);
  const inside = cell.slice(2, -1), isGuarded = cell.length > 2 && cell.startsWith('="') && cell.endsWith('"') && !inside.replaceAll('""', "").includes('"');
  return isGuarded ? inside.replaceAll('""', '"') : cell;
}

/**
 * Splits a text into rows; `open` has the row numbers of lines with an unclosed quotation mark. If there is one, every line is a row.
 *
 * @param {string} text
 * @param {string} delimiter
 */
function split(text, delimiter) {
  const { rows, open } = splitQuoted(text, delimiter);
  return { rows: text.includes("'") || text.includes('="') ? rows.map((row) => row.map(unguarded)) : rows, open };
}

/**
 * Splits the beginning of a text that was cut off somewhere, without the last row, which may be incomplete.
 *
 * @param {string} text
 * @param {string} delimiter
 */
function splitHead(text, delimiter) {
  const rows = readRows(text, delimiter, { most: HEAD_ROWS }) || [];
  return { rows: (rows.length < HEAD_ROWS ? rows.slice(0, -1) : rows).map((row) => row.map(unguarded)), open: [] };
}

/** Counts the quotation marks of a text. @param {string} text */
const countMarks = (text) => text.split('"').length - 1;

/**
 * Removes the quotation marks around a cell.
 *
 * @param {string} cell
 */
const unquoted = (cell) => (cell.length > 1 && cell[0] === '"' && cell.endsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

/**
 * Does what `split` does, with the cells as written.
 *
 * @param {string} text
 * @param {string} delimiter
 * @returns {{ rows: string[][], open: number[] }}
 */
function splitQuoted(text, delimiter) {
  const strict = readRows(text, delimiter, { strict: countMarks(text) % 2 !== 0 });
  if (strict) return { rows: strict, open: [] };
  const rows = readRows(text, delimiter, { quotes: false }) || [];
  const open = rows.flatMap((row, index) => (row.reduce((sum, cell) => sum + countMarks(cell), 0) % 2 ? [index + 1] : []));
  return { rows: rows.map((row) => row.map(unquoted)), open };
}

/**
 * Returns the delimiter with which the first rows name the most columns of `table`; of equals, the one that makes most rows equally long.
 *
 * @param {string} text
 * @param {Table} table
 */
function findDelimiter(text, table) {
  let best = [-1, -1, 0], delimiter = ",";
  DELIMITERS.forEach((candidate, k) => {
    const rows = (readRows(text.slice(0, SAMPLE), candidate, { most: HEADER_ROWS }) || []).map((row) => row.map(unguarded));
    const headers = mostHeaders(rows, table) + (rows.some(isFaultHeader) ? table.columns.length : 0);
    /** @type {Map<number, number>} */
    const widths = new Map();
    for (const { length } of rows) if (length > 1) widths.set(length, (widths.get(length) || 0) + 1);
    const score = [headers, Math.max(0, ...widths.values()), -k];
    const first = score.findIndex((value, place) => value !== best[place]);
    if (first >= 0 && score[first] > best[first]) { best = score; delimiter = candidate; }
  });
  return delimiter;
}

/**
 * Returns the grid of a decoded file.
 *
 * @param {Decoded} decoded
 * @param {Table} table
 * @param {string} file name of the file, for faults
 * @returns {Grid}
 */
export function readText({ text, encoding: codec, close, broken, unclear, isHead }, table, file) {
  const nameOf = (/** @type {string} */ name) => program.encodings[name] || name;
  if (unclear) {
    const names = close ? [nameOf(codec), nameOf(close)] : [];
    const among = { zh: names.length ? `（可能是 ${names.join("、")}）` : "", en: names.length ? ` (perhaps ${names.join(" or ")})` : "" };
    const fault = fileFault(file, "encoding-unclear", { params: { path: file, among } });
    return { header: [], rows: [], numbers: [], faults: [fault], notes: [], headerRow: 1, encoding: "" };
  }
  const hint = /^sep=([\s\S])\r?\n?/.exec(text); // Excel's declaration of the delimiter, a line that Excel hides and does not count
  const body = hint ? text.slice(hint[0].length) : text, delimiter = hint ? hint[1] : findDelimiter(body, table);
  const { rows, open } = isHead ? splitHead(body, delimiter) : split(body, delimiter);
  const grid = layOut(rows, table, file), encoding = nameOf(codec);
  if (close) grid.faults.push(fileFault(file, "encoding-close", { params: { encoding, other: nameOf(close) }, severity: "warning" }));
  if (broken) grid.faults.push(fileFault(file, "encoding-broken", { params: { encoding }, severity: "warning" }));
  if (open.length) grid.faults.push(fileFault(file, "quote-open", { params: { rows: open } }));
  return { ...grid, encoding, delimiter };
}
