/* What a header as typed means, and a grid under the canonical columns of its table. */

import { readPair } from "./angles.js";
import { errorCells, letterOf } from "./cell-errors.js";
import { plainNumber, refusal } from "./cells.js";
import { fold, isWhite, rules, strip } from "./text.js";

const OPENING = "([{<【〔「《", CLOSING = ")]}>】〕」》";
const DATUM_TAIL = /(?:wgs84?|gcj(?:02)?|bd(?:09)?(?:ll)?|cgcs(?:2000)?|高德|百度|腾讯|火星|gps)$/;
/** @type {[string, string[]][]} */
const DATUM_WORDS = [["gcj02", ["gcj", "高德", "腾讯", "火星", "国测局", "amap", "gaode"]], ["bd09", ["bd09", "bd", "百度", "baidu"]],
  ["cgcs2000", ["cgcs", "国家2000", "大地2000", "4490", "天地图"]], ["wgs84", ["wgs", "4326", "gps"]]];
const STARTS = ["wgs84", "gcj02", "bd09", "cgcs2000", "高德", "百度", "腾讯", "gps"];
const PLACED = ["lon", "lat", "lonlat"];
const known = new Map();

/** @param {Table} table */
function headersOf(table) {
  if (!known.has(table.name)) {
    const found = new Map(table.columns.map((/** @type {any} */ column) => [fold(column.name), column.name]));
    /**
     * @param {string} typed
     * @param {string} name
     */
    const add = (typed, name) => { if (!found.has(fold(typed))) found.set(fold(typed), name); };
    table.columns.forEach((/** @type {any} */ column) => column.headers.forEach((/** @type {any} */ typed) => add(typed, column.name)));
    if (table.columns.some((/** @type {any} */ column) => column.name === "lon")) rules.pair_headers.forEach((/** @type {any} */ typed) => add(typed, "lonlat"));
    known.set(table.name, found);
  }
  return known.get(table.name);
}

/** @param {any} folded */
function datumOf(folded) {
  const found = DATUM_WORDS.find(([, words]) => words.some((word) => folded.includes(word)));
  return found ? found[0] : null;
}

/**
 * A text without the brackets at its end, and what stands in the first of them.
 *
 * @param {string} text
 */
function withoutBrackets(text) {
  let end = text.length, unit = "";
  while (end) {
    let opened = -1;
    if (CLOSING.includes(text[end - 1])) {
      for (let at = end - 2; at >= 0 && !CLOSING.includes(text[at]); at--) if (OPENING.includes(text[at])) opened = at;
    }
    if (opened < 0) break;
    unit = strip(text.slice(opened + 1, end - 1));
    end = opened;
    while (end && isWhite(text[end - 1])) end--;
  }
  return [text.slice(0, end), unit];
}

/**
 * {column, datum, unit}; column null where the table knows none such.
 *
 * @param {string} typed
 * @param {Table} table
 */
export function readHeader(typed, table) {
  const columns = headersOf(table), whole = fold(typed);
  if (columns.has(whole)) return { column: columns.get(whole), datum: null, unit: "" };
  const [plain, unit] = withoutBrackets(strip(typed.normalize("NFKC")));
  const folded = fold(plain);
  if (columns.has(folded)) return { column: columns.get(folded), datum: unit ? datumOf(fold(unit)) : null, unit };
  const tail = DATUM_TAIL.exec(folded);
  if (tail && PLACED.includes(columns.get(folded.slice(0, tail.index)))) return { column: columns.get(folded.slice(0, tail.index)), datum: datumOf(tail[0]), unit: "" };
  for (const start of STARTS) {
    const rest = columns.get(folded.slice(start.length));
    if (folded.startsWith(start) && PLACED.includes(rest)) return { column: rest, datum: datumOf(start), unit: "" };
  }
  return { column: null, datum: null, unit };
}

/**
 * Columns that the program wrote itself: index -> the column that they fill, "" for those that are worked out again.
 *
 * @param {string[]} heads
 * @param {Table} table
 */
function ours(heads, table) {
  const plain = heads.map(strip), { derived, original, located } = rules;
  /** @param {string[]} names */
  const has = (names) => names.every((/** @type {any} */ name) => plain.includes(name));
  const found = new Map();
  if (derived[table.name] && has(derived[table.name])) {
    const again = new Set([...derived[table.name], "wkt", ...(has(Object.keys(original)) ? Object.values(original) : [])]);
    plain.forEach((/** @type {any} */ name, /** @type {any} */ at) => { if (again.has(name) || name in original) found.set(at, original[name] || ""); });
  } else if (table.columns.some((/** @type {any} */ column) => column.name === "precision") && has(Object.keys(located)) &&
    !heads.some((/** @type {any} */ head) => readHeader(head, table).column === "precision")) {
    plain.forEach((/** @type {any} */ name, /** @type {any} */ at) => { if (name in located) found.set(at, located[name]); });
  }
  return found;
}

/** @param {string} label */
function orderOf(label) {
  const plain = fold(label);
  for (const [latitude, longitude] of [["纬", "经"], ["lat", "lon"], ["lat", "lng"]]) {
    if (plain.includes(latitude) && plain.includes(longitude)) return plain.indexOf(latitude) < plain.indexOf(longitude) ? "latlon" : "lonlat";
  }
  return null;
}

/**
 * @param {Frame} frame
 * @param {string} file
 * @param {Grid} grid
 */
function splitPairs(frame, file, grid) {
  const pairs = frame.columns.lonlat, label = frame.typed.lonlat, letter = frame.letters.lonlat, order = orderOf(label);
  delete frame.columns.lonlat;
  delete frame.typed.lonlat;
  for (const name of ["lon", "lat"]) {
    if (frame.columns[name]) { frame.columns[name] = frame.columns[name].slice(); continue; }
    frame.columns[name] = pairs.map(() => "");
    frame.typed[name] = label;
    frame.letters[name] = letter;
  }
  pairs.forEach((/** @type {any} */ cell, /** @type {any} */ at) => {
    if (!strip(cell) || strip(frame.columns.lon[at]) || strip(frame.columns.lat[at])) return;
    const pair = readPair(cell, order);
    if (!pair) frame.faults.push({ file, row: grid.numbers[at], column: label, value: cell, code: "pair-form", params: {}, letter });
    else [frame.columns.lon[at], frame.columns.lat[at]] = pair.map(plainNumber);
  });
}

/**
 * Headers that hold what no text may hold.
 *
 * @param {Grid} grid
 * @param {string} file
 */
function brokenHeads(grid, file) {
  return grid.header.flatMap((/** @type {any} */ head, /** @type {any} */ at) => {
    const error = refusal(head);
    return error ? [{ file, row: null, column: head, value: null, code: error.code, params: error.params, letter: letterOf(at) }] : [];
  });
}

/**
 * Columns that could be the ids but are columns of their own, since another is nearer: `id` before 编号, 编号 before 代码.
 *
 * @param {string[]} heads
 * @param {any} table
 * @returns {Set<number>}
 */
function otherIds(heads, table) {
  const words = ["id", ...table.columns.find((/** @type {any} */ one) => one.name === "id").headers].map(fold), folded = heads.map(fold);
  const rank = (/** @type {number} */ at) => (words.includes(folded[at]) ? words.indexOf(folded[at]) : words.length);
  const found = heads.map((_, at) => at).filter((at) => readHeader(heads[at], table).column === "id");
  const first = found.reduce((best, at) => (best === -1 || rank(at) < rank(best) ? at : best), -1);
  return new Set(found.filter((at) => at !== first && folded[at] !== folded[first]));
}

/**
 * The grid's columns under the table's names: texts by column, with what their headers tell.
 *
 * @param {Grid} grid
 * @param {Table} table
 * @param {string} file
 * @param {string} toldDatum
 */
export function arrangeFrame(grid, table, file, toldDatum) {
  const names = new Set(table.columns.map((/** @type {any} */ column) => column.name)), own = ours(grid.header, table);
  /** @type {Frame} */
  const frame = {
    table, file, rows: grid.numbers, columns: {}, typed: {}, letters: {}, units: {}, unknown: {}, header: grid.header, cells: grid.rows,
    faults: [...grid.faults, ...brokenHeads(grid, file), ...errorCells(grid, file)], notes: [...grid.notes], encoding: grid.encoding, datum: "",
  };
  const others = otherIds(grid.header, table);
  const datums = /** @type {any[]} */ ([]), twins = /** @type {any[]} */ ([]);
  /** @param {any} at */
  const column = (at) => grid.rows.map((/** @type {any} */ row) => row[at]);
  grid.header.forEach((/** @type {any} */ label, /** @type {any} */ at) => {
    const head = readHeader(label, table), letter = letterOf(at);
    let name = head.column;
    if (own.has(at)) {
      name = own.get(at);
      if (!name) return;
    }
    if (others.has(at)) name = null;
    if (name !== null && name in frame.typed) {
      const there = frame.columns[name];
      if (there && there.every((cell, k) => cell === grid.rows[k][at])) { twins.push(label); return; }
      frame.faults.push({ file, row: null, column: label, value: null, code: "column-twice", params: { first: frame.typed[name], meaning: name }, letter });
      name = null;
    }
    if (name === null) {
      let kept = strip(label);
      while (kept in frame.unknown || names.has(kept) || kept === "_row") kept += "_";
      frame.unknown[kept] = column(at);
      frame.letters[kept] = letter;
      return;
    }
    frame.typed[name] = label;
    frame.columns[name] = column(at);
    frame.letters[name] = letter;
    if (head.unit) frame.units[name] = head.unit;
    if (head.datum && frame.columns[name].some((cell) => cell !== "")) datums.push(head.datum);
  });
  if (frame.columns.lonlat) splitPairs(frame, file, grid);
  /**
   * @param {string} code
   * @param {Record<string, any>} params
   */
  const whole = (code, params) => frame.faults.push({ file, row: null, column: null, value: null, code, params });
  if (new Set(datums).size > 1) whole("datum-two", { datums: Array.from(new Set(datums)).sort() });
  for (const one of table.columns) {
    if (one.required && !frame.columns[one.name] && !(grid.rows.length === 0 && grid.faults.length)) {
      const label = one.headers[0] || one.name;
      whole("column-missing", { wanted: { zh: `${label}（${one.name}）`, en: `${one.name} (${label})` }, headers: grid.header });
    }
  }
  table.columns.forEach((/** @type {any} */ one) => { if (!frame.columns[one.name]) frame.columns[one.name] = grid.rows.map(() => ""); });
  const derived = [...Array.from(own).filter(([, name]) => !name).map(([at]) => grid.header[at]), ...twins];
  if (derived.length && grid.rows.length) frame.notes.push({ key: "note-derived-columns", params: { columns: derived } });
  if (Object.keys(frame.unknown).length && grid.rows.length) frame.notes.push({ key: "note-unknown-columns", params: { columns: Object.keys(frame.unknown) } });
  frame.datum = datums[0] || toldDatum || "";
  return frame;
}

/**
 * A fault of a frame; `column` is the canonical name.
 *
 * @param {Frame} frame
 * @param {any} row
 * @param {any} column
 * @param {any} value
 * @param {string} code
 */
export const faultOf = (frame, row, column, value, code, params = {}, severity = "fault") => ({
  file: frame.file, row, column: column ? frame.typed[column] || column : null, value, code, params, severity, letter: column ? frame.letters[column] : undefined,
});
