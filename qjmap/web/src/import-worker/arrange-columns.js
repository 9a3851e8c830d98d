/* Puts the columns of a grid under the canonical names of its table; the twin of qjmap/tables/arrange_columns.py. */

import { readPair } from "./angles.js";
import { chooseColumns, wordColumns } from "./choose-columns.js";
import { composeAngle } from "./coordinate-columns.js";
import { clearEmptyWords } from "./empty-words.js";
import { errorCells, letterOf } from "./error-cells.js";
import { refusal } from "./cell-values.js";
import { plainNumber } from "./numbers.js";
import { isMarkHeader } from "./row-words.js";
import { clean, fold, strip } from "./normalize-text.js";

/**
 * Returns the order of a pair of coordinates that its header states, "lonlat" or "latlon"; null if it states none.
 *
 * @param {string} label header of the column
 */
function orderOf(label) {
  const plain = fold(label);
  for (const [latitude, longitude] of [["纬", "经"], ["lat", "lon"], ["lat", "lng"]]) {
    if (plain.includes(latitude) && plain.includes(longitude)) return plain.indexOf(latitude) < plain.indexOf(longitude) ? "latlon" : "lonlat";
  }
  return null;
}

/**
 * Splits a column of coordinate pairs into `lon` and `lat`, in rows in which both are empty.
 *
 * @param {Frame} frame
 * @param {string} file name of the file, for faults
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
  pairs.forEach((cell, index) => {
    if (!strip(cell) || strip(frame.columns.lon[index]) || strip(frame.columns.lat[index])) return;
    const pair = readPair(cell, order);
    if (!pair) frame.faults.push({ file, row: grid.numbers[index], column: label, value: cell, code: "pair-form", params: {}, letter });
    else [frame.columns.lon[index], frame.columns.lat[index]] = pair.map((value) => plainNumber(Number(value.toPrecision(15))));
  });
}

/**
 * Returns a fault for each header with characters that no text may hold.
 *
 * @param {Grid} grid
 * @param {string} file name of the file, for faults
 */
function brokenHeads(grid, file) {
  return grid.header.flatMap((head, index) => {
    const error = refusal(head);
    return error ? [{ file, row: null, column: head, value: null, code: error.code, params: error.params, letter: letterOf(index) }] : [];
  });
}

/**
 * Adds a column to the own columns of the frame (`unknown`), under its header with underscores appended until the name is free. The mark
 * column of a template is left out if it is empty.
 *
 * @param {Frame} frame
 * @param {number} index index of the column in the file
 * @param {string[]} cells its cells
 */
function keepUnknown(frame, index, cells) {
  if (isMarkHeader(frame.header[index]) && cells.every((cell) => cell === "")) return;
  const names = new Set(frame.table.columns.map(({ name }) => name));
  let unknown = strip(frame.header[index]);
  while (unknown in frame.unknown || names.has(unknown) || unknown in wordColumns(frame.table) || unknown === "_row") unknown += "_";
  frame.unknown[unknown] = cells;
  frame.letters[unknown] = letterOf(index);
}

/**
 * Puts a column of words as typed, such as category_word in exports of this program, into its canonical column (category), whose cells
 * stay where the word is empty.
 *
 * @param {Frame} frame
 * @param {string} name of the canonical column
 * @param {string} label header of the column of words
 * @param {string[]} words its cells
 */
function assignWords(frame, name, label, words) {
  const values = frame.columns[name];
  if (!(name in frame.typed)) frame.typed[name] = label;
  frame.columns[name] = values ? words.map((word, row) => word || values[row]) : words;
}

/**
 * Makes the column `name` by joining the cells of several columns, row by row.
 *
 * @param {Frame} frame
 * @param {Grid} grid
 * @param {string} name canonical column that is made
 * @param {number[]} parts indices of the columns that are joined
 * @param {(cells: string[]) => string} join makes a cell of the cells of one row
 */
function compose(frame, grid, name, parts, join) {
  frame.columns[name] = grid.rows.map((row) => join(parts.map((at) => row[at])));
  frame.typed[name] = parts.map((at) => grid.header[at]).join("、");
  frame.letters[name] = letterOf(parts[0]);
}

/**
 * Puts the columns of a grid under the names of the table. Returns the headers of the columns that are left out, since they are
 * computed anew or repeat another column, and the datums that headers name.
 *
 * @param {Frame} frame
 * @param {Grid} grid
 * @param {Choice} choice what `chooseColumns` returned for the grid
 */
function assignColumns(frame, grid, { columns, matches, degrees, parties, dropped, beside, computed, omitted }) {
  const wordsOf = wordColumns(frame.table), datums = /** @type {Set<string>} */ (new Set()), repeated = /** @type {string[]} */ ([]);
  const cellsOf = (/** @type {number} */ index) => grid.rows.map((row) => row[index]), parts = new Set([...Object.values(degrees).flat(), ...parties, ...dropped, ...omitted]);
  grid.header.forEach((label, index) => {
    const name = columns.get(index), taken = beside.get(index), match = matches.get(index);
    if (name === undefined) {
      if (computed.has(index) || parts.has(index) || strip(label) in wordsOf) return;
      if (taken !== undefined && grid.rows.every((row) => row[taken] === row[index])) repeated.push(label);
      else keepUnknown(frame, index, cellsOf(index));
      return;
    }
    frame.typed[name] = label;
    frame.columns[name] = cellsOf(index);
    frame.letters[name] = letterOf(index);
    if (!match) return;
    const isNumber = frame.table.columns.some((column) => column.name === name && column.type === "number");
    if (match.unit && (match.column === name || isNumber)) frame.units[name] = match.unit;
    if (match.datum && match.column === name && frame.columns[name].some((cell) => cell !== "")) datums.add(match.datum);
  });
  grid.header.forEach((label, index) => { if (strip(label) in wordsOf) assignWords(frame, wordsOf[strip(label)], label, cellsOf(index)); });
  for (const [name, of] of Object.entries(degrees)) compose(frame, grid, name, of, composeAngle);
  if (parties.length) compose(frame, grid, "parties", parties, (names) => names.map(clean).filter(Boolean).join("|"));
  return { derived: [...Array.from(computed, (index) => grid.header[index]), ...repeated], datums: Array.from(datums) };
}

/**
 * Returns the columns of a grid under the names of the table, with the units and datum that headers name; `chosen` names for each column what
 * the user has chosen for it (see `chooseColumns`), and is empty if nothing was chosen.
 *
 * @param {Grid} grid
 * @param {Table} table
 * @param {string} file name of the file, for faults
 * @param {string} datum of rows that name none; "" for none
 * @param {string[]} chosen
 * @returns {Frame}
 */
export function arrangeFrame(grid, table, file, datum, chosen = []) {
  const choice = chooseColumns(grid, table, chosen);
  /** @type {Frame} */
  const frame = {
    table, file, rows: grid.numbers, columns: {}, typed: {}, letters: {}, units: {}, unknown: {}, header: grid.header, cells: grid.rows,
    faults: [...grid.faults, ...brokenHeads(grid, file), ...errorCells(grid, file)], notes: [...grid.notes], encoding: grid.encoding, datum: "",
  };
  const { derived, datums } = assignColumns(frame, grid, choice), hasRows = grid.rows.length > 0;
  clearEmptyWords(frame);
  if (frame.columns.lonlat) splitPairs(frame, file, grid);
  /** Adds a fault of the whole file. @param {string} code code of the fault @param {Record<string, any>} params values for its message */
  const addFault = (code, params) => frame.faults.push({ file, row: null, column: null, value: null, code, params });
  if (datums.length > 1) addFault("datum-two", { datums: datums.slice().sort() });
  for (const [first, other] of choice.twice) {
    const column = grid.header[other], params = { first: grid.header[first], meaning: choice.columns.get(first) };
    if (!derived.includes(column)) frame.faults.push({ file, row: null, column, value: null, code: "column-twice", params, letter: letterOf(other), severity: "warning" });
  }
  for (const { name, headers, required } of table.columns) {
    if (frame.columns[name]) continue;
    if (required && (hasRows || !grid.faults.length)) {
      const label = headers[0] || name;
      addFault("column-missing", { wanted: { zh: `${label}（${name}）`, en: `${name} (${label})` }, headers: grid.header });
    }
    frame.columns[name] = grid.rows.map(() => "");
  }
  const unknown = Object.keys(frame.unknown).filter((name) => frame.unknown[name].some((cell) => cell !== ""));
  if (derived.length && hasRows) frame.notes.push({ key: "note-derived-columns", params: { columns: derived } });
  if (unknown.length && hasRows) frame.notes.push({ key: "note-unknown-columns", params: { columns: unknown } });
  frame.datum = datums[0] || datum || "";
  return frame;
}

/**
 * Makes a fault of a frame; `column` is the canonical name, `row` the row number in the file.
 *
 * @param {Frame} frame
 * @param {number | null} row
 * @param {string | null} column
 * @param {string | null} value as typed
 * @param {string} code code of the fault
 * @returns {Fault}
 */
export const faultOf = (frame, row, column, value, code, params = {}, severity = "fault") => ({
  file: frame.file, row, column: column ? frame.typed[column] || column : null, value, code, params, severity, letter: column ? frame.letters[column] : undefined,
});
