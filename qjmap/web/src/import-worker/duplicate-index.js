/* Index of the rows of a table by id and by name, to find the row that a new row repeats; the twin of qjmap/validation/duplicates.py. */

import { readAngle } from "./angles.js";
import { wordColumns } from "./choose-columns.js";
import { plainNumber } from "./numbers.js";
import { program } from "./program-data.js";
import { clean, foldValue } from "./normalize-text.js";
import { toWgs84 } from "../runtime/datum.js";

const METRES_PER_DEGREE = 111320;
const UNKNOWN_DATUM = 1200; // metres: greatest offset between datums, allowed for because one of two positions may lack its datum
/** Table -> the column that names its rows, if that is not `name`. @type {Record<string, string>} */
export const CALLED = { sources: "title", corridor_legs: "corridor" };
/** Table -> the columns by which its rows are told apart, if that is not the name alone. @type {Record<string, string[]>} */
const KEYS = { indicators: ["subject", "name", "period", "kind"], corridor_legs: ["corridor", "seq", "from", "to"] };

/**
 * Returns each row as the table would hold it: column -> cell, without empty cells; with an id only if the file gives one.
 *
 * @param {Pick<Parsed, "frame" | "values">} parsed
 */
export function recordsOf({ frame, values }) {
  const words = Object.entries(wordColumns(frame.table)), unknown = Object.entries(frame.unknown);
  return frame.rows.map((_, index) => {
    /** @type {RowRecord} */
    const record = {};
    /** Sets a cell, unless it is empty. @param {string} name @param {string} text */
    const put = (name, text) => { if (text) record[name] = text; };
    for (const { name, type } of frame.table.columns) {
      const value = values[name][index];
      if (type === "lon" || type === "lat") put(name, clean(frame.columns[name][index]));
      else if (type === "texts" || type === "ids") put(name, value.join("|"));
      else if (type === "roles") put(name, value.map((/** @type {string[]} */ pair) => pair.join(":")).join("|"));
      else if (type === "number" || type === "integer") put(name, Number.isNaN(value) ? "" : plainNumber(value));
      else put(name, value);
    }
    for (const [column, name] of words) put(name, values[column][index]);
    for (const [name, cells] of unknown) put(name, cells[index]);
    return record;
  });
}

/**
 * Whether two cells are equal, as texts or as numbers.
 *
 * @param {string} one
 * @param {string} other
 */
const same = (one, other) => one === other || (one !== "" && other !== "" && Number(one) === Number(other));

/**
 * Returns the columns, except the id, in which a new record has a value that differs from an existing one.
 *
 * @param {RowRecord} fresh the new record
 * @param {RowRecord} there the existing record
 */
export const changedColumns = (fresh, there) => Object.keys(fresh).filter((name) => name !== "id" && fresh[name] && !same(fresh[name], there[name] || ""));

/** Returns the position of a record in WGS 84 degrees; null without one. @param {RowRecord} record */
function point(record) {
  const [lon, lat] = ["lon", "lat"].map((name) => readAngle(record[name] || ""));
  return lon && lat ? toWgs84([lon.degrees, lat.degrees], record.datum || "") : null;
}

/**
 * Whether two positions are no further apart than the sum of their uncertainties and UNKNOWN_DATUM; true if one is missing.
 *
 * @param {RowRecord} one
 * @param {RowRecord} other
 */
function near(one, other) {
  const a = point(one), b = point(other);
  if (!a || !b) return true;
  const apart = Math.hypot((a[0] - b[0]) * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180), a[1] - b[1]) * METRES_PER_DEGREE;
  /** Returns the uncertainty of a position in metres, by its precision. @param {RowRecord} record */
  const radius = (record) => program.radius_m[record.precision || "site"] ?? Infinity;
  const reach = radius(one) + radius(other);
  return !Number.isFinite(reach) || apart <= UNKNOWN_DATUM + reach;
}

/** Index of rows by id and by name. `called` is the column of the name; rows with equal cells in `columns` count as one name. */
export class DuplicateIndex {
  /** @param {string} table name of the table */
  constructor(table) {
    this.called = CALLED[table] || "name";
    this.columns = KEYS[table] || [this.called];
    /** @type {Map<string, TableRow>} */
    this.byId = new Map();
    /** @type {Map<string, TableRow[]>} */
    this.byKey = new Map();
  }

  /** Returns the folded cells of a record that form its name, joined to one text; "" if all are empty. @param {RowRecord} record */
  key(record) {
    return this.columns.map((name) => foldValue(record[name] || "")).join("\x1f").replace(/^\x1f+|\x1f+$/g, "");
  }

  /** Adds a row. @param {TableRow} entry */
  add(entry) {
    const { record } = entry, key = this.key(record);
    if (record.id && !this.byId.has(record.id)) this.byId.set(record.id, entry);
    if (!key) return;
    const rows = this.byKey.get(key);
    if (rows) rows.push(entry); else this.byKey.set(key, [entry]);
  }

  /**
   * Returns the rows of the same name whose positions may be equal within their uncertainty.
   *
   * @param {RowRecord} record
   */
  namesakes(record) {
    const key = this.key(record);
    return key ? (this.byKey.get(key) || []).filter((entry) => near(record, entry.record)) : [];
  }

  /**
   * Returns the row that a record repeats; undefined if there is none. With an id it is the row with that id. Without an id it is one of its
   * `namesakes`: one with the same content, else the most similar one of the map, else of the file.
   *
   * @param {RowRecord} record
   * @param {string} id "" for none
   */
  duplicate(record, id) {
    if (id) return this.byId.get(id);
    /** @type {[TableRow, number][]} */
    const rows = this.namesakes(record).map((row) => [row, changedColumns(record, row.record).length]);
    const rank = (/** @type {[TableRow, number]} */ [{ isNew }, count]) => (count ? (isNew ? 1e6 : 0) + count : 0);
    return rows.sort((a, b) => rank(a) - rank(b)).map(([row]) => row)[0];
  }
}
