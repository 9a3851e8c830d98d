/* Parses the cells of a frame into typed values; every cell that cannot be read is a fault. The twin of qjmap/tables/parse_table.py and
 * coordinates.py.
 */

import { readAngle } from "./angles.js";
import { checkCharacters, readList, readRoles, readUrl, readVocab, refusal } from "./cell-values.js";
import { readDate } from "./dates.js";
import { faultOf } from "./arrange-columns.js";
import { wordColumns } from "./choose-columns.js";
import { tenDigits } from "./fault-texts.js";
import { readNumber } from "./numbers.js";
import { program } from "./program-data.js";
import { CellError, clean } from "./normalize-text.js";
import { readWord } from "./vocabulary-words.js";
import { toWgs84 } from "../runtime/datum.js";

export const ID = /^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/; // pattern of an id
/** Source of positions that come from the program's gazetteer; the table of sources need not list it. */
export const GAZETTEER_SOURCE = "gazetteer";
const CHINA = [73, 3, 136, 54]; // west, south, east, north in degrees
const WEST_CHINA = [90, 27]; // [longitude, latitude]: west of this longitude, China lies north of this latitude
/** Precision -> number of decimals of degrees that such a position has at least. @type {Record<string, number>} */
const DECIMALS = { exact: 4, site: 3 };
const PLAIN = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
/** Column -> the one unit that all its numbers are in. @type {Record<string, string>} */
const UNITS = { published_km: "km" };
const isNaN = Number.isNaN;

/**
 * Reads the cells of a column with `read`; a blank cell has the value `empty`, and so has one that cannot be read, which is a fault.
 *
 * @template T
 * @param {Frame} frame
 * @param {string} name canonical name of the column
 * @param {(text: string) => T} read
 * @param {T} empty
 * @param {Fault[]} faults gets the faults found
 */
function readCells(frame, name, read, empty, faults) {
  return frame.columns[name].map((text, index) => {
    if (!clean(text)) return empty;
    try {
      checkCharacters(text);
      return read(text);
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      faults.push(faultOf(frame, frame.rows[index], name, text, error.code, error.params));
      return empty;
    }
  });
}

/**
 * Returns ids in lower case; changed ids are one warning, texts that are not ids are faults.
 *
 * @param {Frame} frame
 * @param {string[]} values cells of the column of ids
 * @param {Fault[]} faults gets the faults found
 */
function readIds(frame, values, faults) {
  const lowered = /** @type {number[]} */ ([]);
  const ids = values.map((value, index) => {
    if (!value || ID.test(value)) return value;
    if (ID.test(value.toLowerCase())) { lowered.push(frame.rows[index]); return value.toLowerCase(); }
    faults.push(faultOf(frame, frame.rows[index], "id", value, "id-form"));
    return value;
  });
  if (lowered.length) faults.push(faultOf(frame, null, "id", null, "id-lowered", { rows: lowered }, "warning"));
  return ids;
}

/** Column type -> reader of a cell. @type {Record<string, (text: string) => any>} */
const READERS = { text: clean, id: clean, texts: readList, ids: readList, roles: readRoles, date: readDate, url: readUrl };
const LISTS = ["texts", "ids", "roles"];

/**
 * Returns the values of a column of the table: texts, lists or numbers by its type. Axes and columns of open vocabularies stay as typed here.
 *
 * @param {Frame} frame
 * @param {Column} column
 * @param {Fault[]} faults gets the faults found
 * @returns {any[]}
 */
function readColumn(frame, { name, type, vocab, required }, faults) {
  if (type === "lon" || type === "lat") return frame.columns[name];
  if (type === "number" || type === "integer") {
    return readCells(frame, name, (text) => {
      const [value, , rest] = readNumber(text, name === "value_cny", frame.units[name] || "", UNITS[name] || "");
      if (type === "integer" && (rest || !Number.isInteger(value))) throw new CellError("integer-form");
      return value;
    }, NaN, faults);
  }
  if (vocab in program.open) return frame.columns[name]; // `readWords` splits it into values and words
  const read = READERS[type] || ((text) => readVocab(text, vocab));
  const values = readCells(frame, name, read, LISTS.includes(type) ? [] : "", faults);
  if (required && name in frame.typed) {
    values.forEach((value, index) => {
      if (value === "") faults.push(faultOf(frame, frame.rows[index], name, "", name === "name" ? "name-missing" : "cell-missing"));
    });
  }
  return name === "id" ? readIds(frame, values, faults) : values;
}

/**
 * Reads the columns of open vocabularies: canonical values, and the texts as typed that the vocabulary does not have.
 *
 * @param {Frame} frame
 * @param {Values} values gets the columns
 * @param {Fault[]} faults gets the faults found
 */
function readWords(frame, values, faults) {
  for (const [column, name] of Object.entries(wordColumns(frame.table))) {
    const vocabulary = frame.table.columns.find((one) => one.name === name)?.vocab || "";
    const pairs = readCells(frame, name, (text) => readWord(text, vocabulary), ["", ""], faults);
    values[name] = pairs.map(([value]) => value);
    values[column] = pairs.map(([, word]) => word);
    const worded = Array.from(pairs.keys()).filter((index) => pairs[index][1]), unknown = worded.filter((index) => pairs[index][0] === "other");
    const words = Array.from(new Set(unknown.map((index) => pairs[index][1])));
    if (words.length) {
      const params = { words, rows: unknown.map((index) => frame.rows[index]), setting: program.open[vocabulary] };
      faults.push(faultOf(frame, null, name, null, "vocab-other", params, "warning"));
    }
    const mapped = new Map(worded.filter((index) => pairs[index][0] !== "other").map((index) => [frame.columns[name][index], pairs[index]]));
    const labels = Array.from(mapped.values(), ([value, word]) => {
      const { zh, en } = program.vocab[vocabulary][value];
      return { zh: `${word} → ${zh}`, en: `${word} → ${en}` };
    });
    if (labels.length) frame.notes.push({ key: "note-category-trees", params: { column: frame.typed[name], words: labels } });
  }
}

/* Positions */

/**
 * Whether a position lies in a box around China with its seas.
 *
 * @param {number} lon
 * @param {number} lat
 */
const inChina = (lon, lat) => lon >= CHINA[0] && lon <= CHINA[2] && lat >= CHINA[1] && lat <= CHINA[3];

/**
 * Returns the part of a message that suggests where a decimal point was lost (290.3 -> 29.03); empty if moving it does not help.
 *
 * @param {number} value
 * @param {number} low least value in China
 * @param {number} high greatest value in China
 */
function pointHint(value, low, high) {
  for (let power = 1; power < 9; power++) {
    const moved = Math.abs(value) / 10 ** power;
    if (moved >= low && moved <= high) {
      return { zh: `；如果是小数点错位，也许是 ${tenDigits(moved)}`, en: `; if the decimal point slipped, perhaps ${tenDigits(moved)}` };
    }
  }
  return { zh: "", en: "" };
}

/**
 * Returns the degrees of a column; NaN for empty cells, and for those that cannot be read, which are reported and marked in `wrong`.
 *
 * @param {Frame} frame
 * @param {"lon" | "lat"} name
 * @param {Uint8Array} wrong row index -> 1 for a cell that cannot be read
 * @param {Fault[]} faults gets the faults found
 */
function readDegrees(frame, name, wrong, faults) {
  return frame.columns[name].map((raw, index) => {
    const text = clean(raw);
    if (!text) return NaN;
    if (PLAIN.test(text) && Number.isFinite(Number(text))) return Number(text);
    const angle = readAngle(text);
    if (!angle) faults.push(faultOf(frame, frame.rows[index], name, raw, `${name}-form`));
    else if (angle.axis && angle.axis !== name) faults.push(faultOf(frame, frame.rows[index], name, raw, "axis-swapped"));
    else return angle.degrees;
    wrong[index] = 1;
    return NaN;
  });
}

/**
 * Returns the faults of a position as [column, value as typed, code, params]; none for a good or missing position.
 *
 * @param {number} lon
 * @param {number} lat
 * @param {string} rawLon as typed
 * @param {string} rawLat as typed
 * @param {boolean} readable whether both cells could be read
 * @returns {[string, string, string, object?][]}
 */
function positionFaults(lon, lat, rawLon, rawLat, readable) {
  const typed = `${rawLon}, ${rawLat}`;
  if (Math.abs(lon) > 1000 && Math.abs(lat) > 1000) return [["lon", typed, "position-projected"]];
  if (inChina(lat, lon) && !inChina(lon, lat) && (lat > WEST_CHINA[0] || lon >= WEST_CHINA[1])) return [["lat", rawLat, "position-swapped", { lon: rawLon, lat: rawLat }]];
  if (lon === 0 && lat === 0) return [["lon", typed, "position-zero"]];
  if (isNaN(lon) !== isNaN(lat) && readable) {
    const missing = isNaN(lon) ? "lon" : "lat";
    return [[missing, "", `${missing}-missing`]];
  }
  const faults = /** @type {[string, string, string, object?][]} */ ([]);
  if (Math.abs(lon) > 180) faults.push(["lon", rawLon, "lon-range", { hint: pointHint(lon, 73, 136) }]);
  if (Math.abs(lat) > 90) faults.push(["lat", rawLat, "lat-range", { hint: pointHint(lat, 3, 54) }]);
  return faults;
}

/**
 * Reads the positions: adds longitude, latitude and datum to `values`. A row with a fault in its position gets NaN for both axes.
 *
 * @param {Frame} frame
 * @param {Values} values
 * @param {Fault[]} faults gets the faults found
 */
function readPositions(frame, values, faults) {
  const wrong = new Uint8Array(frame.rows.length), raw = { lon: frame.columns.lon, lat: frame.columns.lat };
  const lon = readDegrees(frame, "lon", wrong, faults), lat = readDegrees(frame, "lat", wrong, faults);
  lon.forEach((x, index) => {
    const found = positionFaults(x, lat[index], raw.lon[index], raw.lat[index], !wrong[index]);
    for (const [column, value, code, params] of found) faults.push(faultOf(frame, frame.rows[index], column, value, code, params));
    if (wrong[index] || found.length) lon[index] = lat[index] = NaN;
  });
  values.orig_lon = raw.lon;
  values.orig_lat = raw.lat;
  values.datum = values.datum.map((datum, index) => datum || (frame.datum && !isNaN(lon[index]) && !clean(frame.columns.datum[index]) ? frame.datum : ""));
  values.lon = lon;
  values.lat = lat;
  // Our exports name the gazetteer as source in rows without coordinates; such rows are located anew.
  const isLocated = values.position_source.map((source, index) => source === GAZETTEER_SOURCE && !raw.lon[index] && !raw.lat[index]);
  for (const name of ["position_source", "position_locator"]) values[name] = values[name].map((cell, index) => (isLocated[index] ? "" : cell));
}

/**
 * Moves qualifiers (约) from the numbers of a column to the column of qualifiers, and units after a number or in the header to the column of
 * units, unless these are filled. A number whose unit contradicts its row's is a fault.
 *
 * @param {Frame} frame
 * @param {Values} values values by column, which are changed
 * @param {string} name column of the numbers
 * @param {Fault[]} faults gets the faults found
 */
function qualify(frame, values, name, faults) {
  const money = name === "value_cny", qualifier = money ? "value_qualifier" : "qualifier";
  values[name].forEach((value, index) => {
    if (isNaN(value)) return;
    const text = frame.columns[name][index], rowUnit = money ? "" : values.unit[index];
    try {
      const [number, qualifierTyped, unit] = readNumber(text, money, frame.units[name] || "", rowUnit);
      values[name][index] = number;
      if (qualifierTyped && !values[qualifier][index]) values[qualifier][index] = qualifierTyped;
      if (unit && !money && !rowUnit) values.unit[index] = unit;
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      values[name][index] = NaN;
      faults.push(faultOf(frame, frame.rows[index], name, text, error.code, error.params));
    }
  });
}

/**
 * Adds one warning for the dates outside of the plausible years.
 *
 * @param {Frame} frame
 * @param {Values} values
 * @param {string} name column of the dates
 * @param {Fault[]} faults gets the faults found
 */
function oddYears(frame, values, name, faults) {
  const [first, last] = program.years, odd = (/** @type {string} */ date) => date && (Number(date.slice(0, 4)) < first || Number(date.slice(0, 4)) > last);
  const rows = frame.rows.filter((_, index) => odd(values[name][index]));
  if (rows.length) faults.push(faultOf(frame, null, name, null, "date-odd-year", { rows, values: Array.from(new Set(values[name].filter(odd))), first, last }, "warning"));
}

/**
 * Adds a fault for each row whose end is before its start, compared in the coarser precision of the two.
 *
 * @param {Frame} frame
 * @param {Values} values
 * @param {string} first column of the starts
 * @param {string} last column of the ends
 * @param {Fault[]} faults gets the faults found
 */
function inOrder(frame, values, first, last, faults) {
  values[first].forEach((start, index) => {
    const end = values[last][index], length = Math.min(start.length, end.length);
    if (start && end && start.slice(0, length) > end.slice(0, length)) faults.push(faultOf(frame, frame.rows[index], last, end, "date-backwards", { start }));
  });
}

/**
 * Parses a frame; returns it with the values by column and all faults.
 *
 * @param {Frame} frame
 */
export function parseFrame(frame) {
  const faults = [...frame.faults];
  /** @type {Values} */
  const values = {};
  /** Returns whether the table has a column. @param {string} name */
  const has = (name) => frame.table.columns.some((column) => column.name === name);
  for (const column of frame.table.columns) values[column.name] = readColumn(frame, column, faults);
  readWords(frame, values, faults);
  for (const [name, cells] of Object.entries(frame.unknown)) {
    cells.forEach((text, index) => {
      const error = refusal(text);
      if (error) faults.push(faultOf(frame, frame.rows[index], name, text, error.code, error.params));
    });
  }
  if (has("lon")) readPositions(frame, values, faults);
  if (has("value_cny")) qualify(frame, values, "value_cny", faults);
  else if (has("qualifier")) qualify(frame, values, "value", faults);
  for (const column of frame.table.columns) if (column.type === "date") oddYears(frame, values, column.name, faults);
  if (has("end")) inOrder(frame, values, "start", "end", faults);
  if (has("valid_to")) inOrder(frame, values, "valid_from", "valid_to", faults);
  return { frame, values, faults };
}

/** Whether a fault is more than a warning. @param {Fault} fault */
export const isFault = (fault) => (fault.severity || "fault") === "fault";

/**
 * Returns the row numbers that a fault keeps out; all of them if a fault concerns the whole file.
 *
 * @param {{ frame: Frame, faults: Fault[] }} parsed
 * @returns {Set<number | null>}
 */
export function badRows({ frame, faults }) {
  if (faults.some((fault) => fault.row === null && isFault(fault))) return new Set(frame.rows);
  return new Set(faults.filter((fault) => fault.row !== null && isFault(fault)).map((fault) => fault.row));
}

/**
 * Counts the decimals of a number as typed; 99 for anything that is not a plain number.
 *
 * @param {string} text
 */
function decimals(text) {
  const match = /^-*\d+(?:\.(\d*))?$/.exec(clean(text));
  return match ? (match[1] || "").length : 99;
}

/**
 * Returns warnings of values that are doubtful rather than wrong; one warning for all rows with the same doubt.
 *
 * @param {Parsed} parsed
 * @param {(index: number) => boolean} isAdded whether a row is looked at
 * @param {Box} [region] west, south, east, north in degrees (WGS 84); sites outside of it get a warning
 */
export function plausibility({ frame, values }, isAdded, region) {
  const warnings = /** @type {Fault[]} */ ([]);
  /**
   * Adds one warning for all rows for which a test holds.
   *
   * @param {string} column column of the doubtful values
   * @param {string} code code of the warning
   * @param {(index: number) => boolean} test whether the row with an index is doubtful
   */
  const warn = (column, code, test) => {
    const rows = frame.rows.filter((_, index) => isAdded(index) && test(index));
    if (rows.length) warnings.push(faultOf(frame, null, column, null, code, { rows }, "warning"));
  };
  if (values.source) warn("source", "no-source", (index) => values.source[index] === "");
  if (!values.lon) return warnings;
  const isLocated = (/** @type {number} */ index) => !isNaN(values.lon[index]) && !isNaN(values.lat[index]);
  warn("datum", "no-datum", (index) => isLocated(index) && !values.datum[index]);
  warn("precision", "precision-contradicts", (index) => isLocated(index) && values.precision[index] === "unresolved");
  warn("precision", "precision-alone", (index) => !isLocated(index) && values.precision[index] in DECIMALS);
  warn("precision", "precision-decimals", (index) => {
    const least = DECIMALS[values.precision[index]];
    return least > 0 && isLocated(index) && decimals(values.orig_lon[index]) < least && decimals(values.orig_lat[index]) < least;
  });
  if (region && frame.table.name === "sites") {
    const [west, south, east, north] = region;
    warn("lon", "outside-region", (index) => {
      if (!isLocated(index)) return false;
      const [x, y] = toWgs84([values.lon[index], values.lat[index]], values.datum[index]);
      return x < west || x > east || y < south || y > north;
    });
  }
  return warnings;
}
