/* Delimited text as rows of cells: delimiter, quotation marks, where the header stands, what stands above and below the data. */

import { readHeader } from "./headers.js";
import { fold, rules, strip } from "./text.js";
import { unneutralised } from "../runtime/formulas.js";

const DELIMITERS = [",", "\t", ";", "，", "|"];
const LOOK = 30; // rows in which the header is looked for
const HXL = /^\s*#[a-z]/;

/* Rows of cells; null where a mark is out of place and `strict` asks to say so. A mark inside an unquoted cell stands for itself. */
/**
 * @returns {any}
 * @param {string} text
 * @param {string} delimiter
 */
function records(text, delimiter, { strict = false, quotes = true, most = Infinity } = {}) {
  const rows = [];
  let row = /** @type {any[]} */ ([]), cell = "", quoted = false, closed = false, begun = false;
  const endCell = () => { row.push(cell); cell = ""; quoted = closed = begun = false; };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted && !closed) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at++; } else closed = true;
    } else if (sign === delimiter) {
      endCell();
      begun = true;
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at++;
      if (row.length || cell || quoted || begun) endCell();
      rows.push(row);
      row = [];
      begun = false;
      if (rows.length >= most) return rows;
    } else if (sign === '"' && quotes && !cell && !closed) {
      quoted = true;
    } else {
      if (closed && strict) return null;
      cell += sign;
    }
  }
  if (quoted && !closed && strict) return null;
  if (row.length || cell || quoted || begun) {
    endCell();
    rows.push(row);
  }
  return rows;
}

/**
 * A cell without what keeps a spreadsheet from running or changing it: our apostrophe, and the ="text" of ERP systems.
 *
 * @param {string} cell
 */
export function unguarded(cell) {
  if (cell[0] === "'") return unneutralised(cell);
  const inside = cell.slice(2, -1), whole = cell.length > 2 && cell.startsWith('="') && cell.endsWith('"') && !inside.replaceAll('""', "").includes('"');
  return whole ? inside.replaceAll('""', '"') : cell;
}

/**
 * Rows, and the numbers of those in which a mark is opened and never closed: then every line is a row.
 *
 * @param {string} text
 * @param {string} delimiter
 */
function split(text, delimiter) {
  const { rows, open } = recordsOf(text, delimiter);
  return { rows: text.includes("'") || text.includes('="') ? rows.map((/** @type {any} */ row) => row.map(unguarded)) : rows, open };
}

/**
 * @param {string} text
 * @param {string} delimiter
 */
function recordsOf(text, delimiter) {
  if ((text.split('"').length - 1) % 2 === 0) return { rows: records(text, delimiter), open: [] };
  const strict = records(text, delimiter, { strict: true });
  if (strict) return { rows: strict, open: [] };
  const rows = records(text, delimiter, { quotes: false });
  /** @type {any[]} */
  const open = [];
  rows.forEach((/** @type {any} */ row, /** @type {any} */ at) => { if (row.reduce((/** @type {any} */ sum, /** @type {any} */ cell) => sum + cell.split('"').length - 1, 0) % 2) open.push(at + 1); });
  /** @param {string} cell */
  const bare = (cell) => (cell.length > 1 && cell[0] === '"' && cell.endsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
  return { rows: rows.map((/** @type {any} */ row) => row.map(bare)), open };
}

/**
 * @param {any} row
 * @param {Table} table
 */
const recognised = (row, table) =>
  new Set(row.filter((/** @type {any} */ cell) => cell && cell.length < 60).map((/** @type {any} */ cell) => readHeader(cell, table).column).filter(Boolean)).size;
/** @param {string} cell */
const isRefusedHead = (cell) => fold(cell) === fold(rules.fault_column);

/**
 * @param {string} text
 * @param {Table} table
 */
function findDelimiter(text, table) {
  let best = [-1, -1, 0], found = ",";
  DELIMITERS.forEach((delimiter, at) => {
    const rows = records(text.slice(0, 64 * 1024), delimiter, { most: LOOK }).map((/** @type {any} */ row) => row.map(unguarded));
    let known = Math.max(0, ...rows.map((/** @type {any} */ row) => recognised(row, table)));
    if (rows.some((/** @type {any} */ row) => row.length && isRefusedHead(row[row.length - 1]))) known += table.columns.length;
    const widths = new Map();
    rows.forEach((/** @type {any} */ row) => { if (row.length > 1) widths.set(row.length, (widths.get(row.length) || 0) + 1); });
    const score = [known, Math.max(0, ...widths.values()), -at];
    const first = score.findIndex((value, k) => value !== best[k]);
    if (first >= 0 && score[first] > best[first]) { best = score; found = delimiter; }
  });
  return found;
}

/** @param {string} cell */
const blank = (cell) => !strip(cell);

/**
 * @param {any} rows
 * @param {Table} table
 * @param {string} file
 * @returns {Grid}
 */
function layOut(rows, table, file) {
  const faults = /** @type {any[]} */ ([]), notes = /** @type {any[]} */ ([]), ours = table.columns.length;
  /** @type {any[]} */
  const scored = [];
  rows.slice(0, LOOK).forEach((/** @type {any} */ row, /** @type {any} */ at) => {
    if (row.some((/** @type {any} */ cell) => !blank(cell))) scored.push([recognised(row, table) + ours * (isRefusedHead(row[row.length - 1]) ? 1 : 0), at]);
  });
  if (!scored.length) return { header: [], rows: [], numbers: [], faults: [{ file, row: null, column: null, value: null, code: "file-empty", params: {} }], notes, headerRow: 1 };
  const most = Math.max(...scored.map(([known]) => known));
  const top = most ? scored.find(([known]) => known === most)[1] : scored[0][1];
  const titles = scored.filter(([, at]) => at < top).map(([, at]) => at + 1);
  if (titles.length) notes.push({ key: "note-above", params: { rows: titles } });
  let heads = rows[top].map((/** @type {any} */ cell) => cell.replace(/^\ufeff+|\ufeff+$/g, ""));
  const body = rows.slice(top + 1);
  let width = heads.length;
  while (width && blank(heads[width - 1])) width--;
  if (width < heads.length) {
    let used = -1;
    for (let at = width; at < heads.length; at++) if (body.some((/** @type {any} */ row) => row.length > at && !blank(row[at]))) used = at;
    if (used >= 0) width = used + 1;
  }
  heads = heads.slice(0, width).map((/** @type {any} */ head, /** @type {any} */ at) => (blank(head) ? `列${at + 1}` : head));
  const refused = heads.reduce((/** @type {any} */ found, /** @type {any} */ head, /** @type {any} */ at) => (isRefusedHead(head) ? at : found), -1);
  /** @type {any[]} */
  let kept = [];
  const numbers = /** @type {any[]} */ ([]), hxl = /** @type {any[]} */ ([]);
  body.forEach((/** @type {any} */ given, /** @type {any} */ index) => {
    const number = top + 2 + index;
    let row = given;
    if (row.length < width) row = [...row, ...Array(width - row.length).fill("")];
    else if (row.length > width) {
      const extra = row.slice(width).filter((/** @type {any} */ cell) => !blank(cell));
      row = row.slice(0, width);
      if (extra.length) faults.push({ file, row: number, column: null, value: extra[0], code: "row-too-long", params: { width } });
    }
    if (!row.some((/** @type {any} */ cell) => !blank(cell))) return;
    if (index === 0 && refused < 0 && row.filter((/** @type {any} */ cell) => !blank(cell)).every((/** @type {any} */ cell) => HXL.test(cell))) { hxl.push(number); return; }
    kept.push(row);
    numbers.push(number);
  });
  if (hxl.length) notes.push({ key: "note-hxl", params: { rows: hxl } });
  const totals = [];
  const sums = new Set(rules.totals);
  while (kept.length && refused < 0 && sums.has(fold(kept[kept.length - 1].find((/** @type {any} */ cell) => !blank(cell))))) {
    totals.unshift(numbers.pop());
    kept.pop();
  }
  if (totals.length) notes.push({ key: "note-totals", params: { rows: totals } });
  if (refused >= 0) {
    heads.splice(refused, 1);
    kept = kept.map((row) => row.filter((/** @type {any} */ _, /** @type {any} */ at) => at !== refused));
  }
  return { header: heads, rows: kept, numbers, faults, notes, headerRow: top + 1 };
}

/**
 * The grid of a decoded file.
 *
 * @param {any} decoded
 * @param {Table} table
 * @param {string} file
 */
export function readText(decoded, table, file) {
  let { text } = decoded;
  if (decoded.unclear) {
    const names = decoded.close ? [decoded.encoding, decoded.close].map((one) => rules.encodings[one] || one) : [];
    const among = { zh: names.length ? `（可能是 ${names.join("、")}）` : "", en: names.length ? ` (perhaps ${names.join(" or ")})` : "" };
    const fault = { file, row: null, column: null, value: null, code: "encoding-unclear", params: { path: file, among } };
    return { header: [], rows: [], numbers: [], faults: [fault], notes: [], headerRow: 1, encoding: "" };
  }
  const told = /^sep=([\s\S])\r?\n?/.exec(text); // Excel's own hint; Excel hides the line, and so does the count of rows
  if (told) text = text.slice(told[0].length);
  const delimiter = told ? told[1] : findDelimiter(text, table);
  const { rows, open } = split(text, delimiter);
  const grid = layOut(rows, table, file);
  const encoding = rules.encodings[decoded.encoding] || decoded.encoding;
  /**
   * @param {string} code
   * @param {Record<string, any>} params
   */
  const warn = (code, params) => grid.faults.push({ file, row: null, column: null, value: null, code, params, severity: "warning" });
  if (decoded.close) warn("encoding-close", { encoding, other: rules.encodings[decoded.close] || decoded.close });
  if (decoded.broken) warn("encoding-broken", { encoding });
  if (open.length) grid.faults.push({ file, row: null, column: null, value: null, code: "quote-open", params: { rows: open } });
  grid.encoding = encoding;
  return grid;
}
