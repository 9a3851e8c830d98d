/* What the cells of a frame mean: values by column, positions settled, every fault named. */

import { readAngle } from "./angles.js";
import { checkCharacters, readDate, readList, readNumber, readRoles, readUrl, readVocab, refusal } from "./cells.js";
import { faultOf } from "./headers.js";
import { CellError, clean, rules, tenDigits } from "./text.js";
import { toWgs84 } from "../runtime/datum.js";

export const ID = /^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/;
const CHINA = [73, 3, 136, 54]; // west, south, east, north
/** @type {Record<string, number>} */
const DECIMALS = { exact: 4, site: 3 };
const PLAIN = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
/** @type {Record<string, string>} */
const UNITS = { published_km: "km" }; // columns whose numbers are all in one unit
const isNaN = Number.isNaN;

/**
 * @param {Frame} frame
 * @param {any} column
 * @param {any} read
 * @param {any} empty
 * @param {Fault[]} faults
 */
function each(frame, column, read, empty, faults) {
  return frame.columns[column.name].map((/** @type {any} */ text, /** @type {any} */ at) => {
    if (!clean(text)) return empty;
    try {
      checkCharacters(text);
      return read(text);
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      faults.push(faultOf(frame, frame.rows[at], column.name, text, error.code, error.params));
      return empty;
    }
  });
}

/**
 * @param {Frame} frame
 * @param {any} values
 * @param {Fault[]} faults
 */
function idsAsGiven(frame, values, faults) {
  /** @type {any[]} */
  const lowered = [];
  const out = values.map((/** @type {any} */ value, /** @type {any} */ at) => {
    if (!value || ID.test(value)) return value;
    if (ID.test(value.toLowerCase())) { lowered.push(frame.rows[at]); return value.toLowerCase(); }
    faults.push(faultOf(frame, frame.rows[at], "id", value, "id-form"));
    return value;
  });
  if (lowered.length) faults.push(faultOf(frame, null, "id", null, "id-lowered", { rows: lowered }, "warning"));
  return out;
}

/**
 * @param {Frame} frame
 * @param {any} one
 * @param {Fault[]} faults
 */
function column(frame, one, faults) {
  const raw = frame.columns[one.name];
  if (one.type === "lon" || one.type === "lat") return raw;
  if (one.type === "number" || one.type === "integer") {
    return each(frame, one, (/** @type {any} */ text) => {
      const [value, , rest] = readNumber(text, one.name === "value_cny", frame.units[one.name] || "", UNITS[one.name] || "");
      if (one.type === "integer" && (rest || !Number.isInteger(value))) throw new CellError("integer-form");
      return value;
    }, NaN, faults);
  }
  const many = ["texts", "ids", "roles"].includes(one.type);
  const read = /** @type {Record<string, (text: string) => any>} */ ({ text: clean, id: clean, texts: readList, ids: readList, roles: readRoles, date: readDate, url: readUrl })[one.type] ||
    ((/** @type {any} */ text) => readVocab(text, one.vocab));
  let values = each(frame, one, read, many ? [] : "", faults);
  if (one.required && one.name in frame.typed) {
    values.forEach((/** @type {any} */ value, /** @type {any} */ at) => {
      if (value === "") faults.push(faultOf(frame, frame.rows[at], one.name, "", one.name === "name" ? "name-missing" : "cell-missing"));
    });
  }
  if (one.name === "id") values = idsAsGiven(frame, values, faults);
  return values;
}

/* Positions */

/**
 * @param {number} lon
 * @param {number} lat
 */
const within = (lon, lat) => lon >= CHINA[0] && lon <= CHINA[2] && lat >= CHINA[1] && lat <= CHINA[3];

/**
 * Where the decimal point may have been lost: 290.3 -> 29.03.
 *
 * @param {any} value
 * @param {number} low
 * @param {number} high
 */
function hint(value, low, high) {
  for (let power = 1; power < 9; power++) {
    const moved = Math.abs(value) / 10 ** power;
    if (moved >= low && moved <= high) {
      return { zh: `；如果是小数点错位，也许是 ${tenDigits(moved)}`, en: `; if the decimal point slipped, perhaps ${tenDigits(moved)}` };
    }
  }
  return { zh: "", en: "" };
}

/**
 * @param {Frame} frame
 * @param {string} name
 * @param {any} wrong
 * @param {Fault[]} faults
 */
function degrees(frame, name, wrong, faults) {
  return frame.columns[name].map((/** @type {any} */ raw, /** @type {any} */ at) => {
    const text = clean(raw);
    if (!text) return NaN;
    if (PLAIN.test(text) && Number.isFinite(Number(text))) return Number(text);
    const angle = readAngle(text);
    if (!angle) faults.push(faultOf(frame, frame.rows[at], name, raw, `${name}-form`));
    else if (angle.axis && angle.axis !== name) faults.push(faultOf(frame, frame.rows[at], name, raw, "axis-swapped"));
    else return angle.degrees;
    wrong[at] = 1;
    return NaN;
  });
}

/**
 * @param {Frame} frame
 * @param {any} values
 * @param {Fault[]} faults
 */
function settle(frame, values, faults) {
  const wrong = new Uint8Array(frame.rows.length), raw = { lon: frame.columns.lon, lat: frame.columns.lat };
  const lon = degrees(frame, "lon", wrong, faults), lat = degrees(frame, "lat", wrong, faults);
  lon.forEach((/** @type {any} */ x, /** @type {any} */ at) => {
    const y = lat[at], row = frame.rows[at], typed = `${raw.lon[at]}, ${raw.lat[at]}`;
    const projected = Math.abs(x) > 1000 && Math.abs(y) > 1000;
    const swapped = !projected && within(y, x) && !within(x, y);
    const lonOff = Math.abs(x) > 180 && !projected && !swapped, latOff = Math.abs(y) > 90 && !projected && !swapped;
    const half = isNaN(x) !== isNaN(y) && !wrong[at];
    if (projected) faults.push(faultOf(frame, row, "lon", typed, "position-projected"));
    else if (swapped) faults.push(faultOf(frame, row, "lat", raw.lat[at], "position-swapped", { lon: raw.lon[at], lat: raw.lat[at] }));
    else if (x === 0 && y === 0) faults.push(faultOf(frame, row, "lon", typed, "position-zero"));
    else if (half) {
      const missing = isNaN(x) ? "lon" : "lat";
      faults.push(faultOf(frame, row, missing, "", `${missing}-missing`));
    } else {
      if (lonOff) faults.push(faultOf(frame, row, "lon", raw.lon[at], "lon-range", { hint: hint(x, 73, 136) }));
      if (latOff) faults.push(faultOf(frame, row, "lat", raw.lat[at], "lat-range", { hint: hint(y, 3, 54) }));
    }
    if (wrong[at] || projected || swapped || (x === 0 && y === 0) || lonOff || latOff || half) lon[at] = lat[at] = NaN;
  });
  values.orig_lon = raw.lon;
  values.orig_lat = raw.lat;
  values.datum = values.datum.map((/** @type {any} */ datum, /** @type {any} */ at) => datum || (frame.datum && !isNaN(lon[at]) && !clean(frame.columns.datum[at]) ? frame.datum : ""));
  values.lon = lon;
  values.lat = lat;
}

/**
 * A 约 that stands in the number goes to the qualifier, and the unit behind it, or in its header, to the unit, where these
 * are empty; a number in another unit than its row's is a fault.
 *
 * @param {Frame} frame
 * @param {any} values
 * @param {string} name
 * @param {Fault[]} faults
 */
function qualify(frame, values, name, faults) {
  const money = name === "value_cny", qualifier = money ? "value_qualifier" : "qualifier";
  values[name].forEach((/** @type {any} */ value, /** @type {any} */ at) => {
    if (isNaN(value)) return;
    const text = frame.columns[name][at], told = money ? "" : values.unit[at];
    try {
      const [read, said, unit] = readNumber(text, money, frame.units[name] || "", told);
      values[name][at] = read;
      if (said && !values[qualifier][at]) values[qualifier][at] = said;
      if (unit && !money && !told) values.unit[at] = unit;
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      values[name][at] = NaN;
      faults.push(faultOf(frame, frame.rows[at], name, text, error.code, error.params));
    }
  });
}

/**
 * A warning for dates that cannot be meant.
 *
 * @param {Frame} frame
 * @param {any} values
 * @param {string} name
 * @param {Fault[]} faults
 */
function oddYears(frame, values, name, faults) {
  const [first, last] = rules.years, odd = (/** @type {any} */ date) => date && (Number(date.slice(0, 4)) < first || Number(date.slice(0, 4)) > last);
  const rows = frame.rows.filter((/** @type {any} */ _, /** @type {any} */ at) => odd(values[name][at]));
  if (rows.length) faults.push(faultOf(frame, null, name, null, "date-odd-year", { rows, values: Array.from(new Set(values[name].filter(odd))), first, last }, "warning"));
}

/**
 * @param {Frame} frame
 * @param {any} values
 * @param {string} first
 * @param {string} last
 * @param {Fault[]} faults
 */
function inOrder(frame, values, first, last, faults) {
  values[first].forEach((/** @type {any} */ start, /** @type {any} */ at) => {
    const end = values[last][at], length = Math.min(start.length, end.length);
    if (start && end && start.slice(0, length) > end.slice(0, length)) faults.push(faultOf(frame, frame.rows[at], last, end, "date-backwards", { start }));
  });
}

/**
 * {values by column, faults, bad: row numbers that a fault keeps out}.
 *
 * @param {Frame} frame
 */
export function parseFrame(frame) {
  const faults = [...frame.faults];
  /** @type {Record<string, any[]>} */
  const values = {};
  /** @param {string} name */
  const has = (name) => frame.table.columns.some((/** @type {any} */ one) => one.name === name);
  for (const one of frame.table.columns) values[one.name] = column(frame, one, faults);
  for (const [name, cells] of Object.entries(frame.unknown)) {
    cells.forEach((/** @type {any} */ text, /** @type {any} */ at) => {
      const error = refusal(text);
      if (error) faults.push(faultOf(frame, frame.rows[at], name, text, error.code, error.params));
    });
  }
  if (has("lon")) settle(frame, values, faults);
  if (has("value_cny")) qualify(frame, values, "value_cny", faults);
  else if (has("qualifier")) qualify(frame, values, "value", faults);
  frame.table.columns.filter((/** @type {any} */ one) => one.type === "date").forEach((/** @type {any} */ one) => oddYears(frame, values, one.name, faults));
  if (has("end")) inOrder(frame, values, "start", "end", faults);
  if (has("valid_to")) inOrder(frame, values, "valid_from", "valid_to", faults);
  return { frame, values, faults };
}

/** @param {Fault} fault */
export const isFault = (fault) => (fault.severity || "fault") === "fault";

/** @param {{ frame: Frame, faults: Fault[] }} given */
export function badRows({ frame, faults }) {
  if (faults.some((/** @type {any} */ fault) => fault.row === null && isFault(fault))) return new Set(frame.rows);
  return new Set(faults.filter((/** @type {any} */ fault) => fault.row !== null && isFault(fault)).map((/** @type {any} */ fault) => fault.row));
}

/**
 * Decimals of a number as typed; many for anything that is not a plain number.
 *
 * @param {string} text
 */
function decimals(text) {
  const match = /^-*\d+(?:\.(\d*))?$/.exec(clean(text));
  return match ? (match[1] || "").length : 99;
}

/**
 * What is doubtful rather than wrong, one warning for all rows of a kind; `use` tells which rows to look at.
 *
 * @param {{ frame: Frame, values: any }} given
 * @param {any} use
 * @param {any} region
 */
export function plausibility({ frame, values }, use, region) {
  /** @type {any[]} */
  const found = [];
  /**
   * @param {any} column
   * @param {string} code
   * @param {(at: number) => any} test
   */
  const warn = (column, code, test) => {
    const rows = frame.rows.filter((/** @type {any} */ row, /** @type {any} */ at) => use(at) && test(at));
    if (rows.length) found.push(faultOf(frame, null, column, null, code, { rows }, "warning"));
  };
  if (values.source) warn("source", "no-source", (/** @type {any} */ at) => values.source[at] === "");
  if (!values.lon) return found;
  /** @param {any} at */
  const placed = (at) => !isNaN(values.lon[at]) && !isNaN(values.lat[at]);
  warn("datum", "no-datum", (/** @type {any} */ at) => placed(at) && !values.datum[at]);
  warn("precision", "precision-contradicts", (/** @type {any} */ at) => placed(at) && values.precision[at] === "unresolved");
  warn("precision", "precision-alone", (/** @type {any} */ at) => !placed(at) && values.precision[at] in DECIMALS);
  warn("precision", "precision-decimals", (/** @type {any} */ at) => {
    const wanted = DECIMALS[values.precision[at]];
    return wanted && placed(at) && decimals(values.orig_lon[at]) < wanted && decimals(values.orig_lat[at]) < wanted;
  });
  if (region && frame.table.name === "sites") {
    const [west, south, east, north] = region;
    warn("lon", "outside-region", (/** @type {any} */ at) => {
      if (!placed(at)) return false;
      const [x, y] = toWgs84([values.lon[at], values.lat[at]], values.datum[at]);
      return x < west || x > east || y < south || y > north;
    });
  }
  return found;
}
