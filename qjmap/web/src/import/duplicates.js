/* Which rows of a table a new row may be: the same, the same thing said otherwise, or another thing of the same name. */

import { readAngle } from "./angles.js";
import { plainNumber } from "./cells.js";
import { clean, foldValue, rules } from "./text.js";
import { toWgs84 } from "../runtime/datum.js";

const METRES_PER_DEGREE = 111320;
const UNKNOWN_DATUM = 1200; // m: a datum that is missing on one side puts the same thing that far off
/** @type {Record<string, string>} */
export const CALLED = { sources: "title", corridor_legs: "corridor" };
/** @type {Record<string, string[]>} */
const KEYS = { indicators: ["subject", "name", "period", "kind"], corridor_legs: ["corridor", "seq", "from", "to"] };

/**
 * Each row as the table would hold it: column -> cell, empty cells left out, the id only where it was given.
 *
 * @param {{ frame: Frame, values: any }} given
 */
export function recordsOf({ frame, values }) {
  return frame.rows.map((/** @type {any} */ _, /** @type {any} */ at) => {
    /** @type {Record<string, string>} */
    const record = {};
    /**
     * @param {string} name
     * @param {string} text
     */
    const put = (name, text) => { if (text) record[name] = text; };
    for (const { name, type } of frame.table.columns) {
      const value = values[name][at];
      if (type === "lon" || type === "lat") put(name, clean(frame.columns[name][at]));
      else if (type === "texts" || type === "ids") put(name, value.join("|"));
      else if (type === "roles") put(name, value.map((/** @type {any} */ pair) => pair.join(":")).join("|"));
      else if (type === "number" || type === "integer") put(name, Number.isNaN(value) ? "" : plainNumber(value));
      else put(name, value);
    }
    for (const [name, cells] of Object.entries(frame.unknown)) put(name, cells[at]);
    return record;
  });
}

/**
 * @param {string} one
 * @param {string} other
 */
const same = (one, other) => one === other || (one !== "" && other !== "" && Number(one) === Number(other));

/**
 * The columns in which a new row says something that the row there does not.
 *
 * @param {Record<string, string>} fresh
 * @param {any} there
 */
export const differing = (fresh, there) => Object.keys(fresh).filter((name) => name !== "id" && fresh[name] && !same(fresh[name], there[name] || ""));

/** @param {Record<string, string>} record */
function point(record) {
  const [lon, lat] = ["lon", "lat"].map((name) => readAngle(record[name] || ""));
  return lon && lat ? toWgs84([lon.degrees, lat.degrees], record.datum || "") : null;
}

/**
 * @param {Record<string, string>} one
 * @param {Record<string, string>} other
 */
function near(one, other) {
  const a = point(one), b = point(other);
  if (!a || !b) return true;
  const apart = Math.hypot((a[0] - b[0]) * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180), a[1] - b[1]) * METRES_PER_DEGREE;
  /** @param {Record<string, string>} record */
  const radius = (record) => rules.radius_m[record.precision || "site"] ?? Infinity;
  const reach = radius(one) + radius(other);
  return !Number.isFinite(reach) || apart <= UNKNOWN_DATUM + reach;
}

/** Rows of a table by id and by name: entries {record, file, row}; `called` is the column that says what a row is called, the cells of
 * `columns` tell it from others. */
export class Index {
  /** @param {string} table */
  constructor(table) {
    this.called = CALLED[table] || "name";
    this.columns = KEYS[table] || [this.called];
    this.byId = new Map();
    this.byKey = new Map();
  }

  /** @param {Record<string, string>} record */
  key(record) {
    return this.columns.map((name) => foldValue(record[name] || "")).join("\x1f").replace(/^\x1f+|\x1f+$/g, "");
  }

  /** @param {any} entry */
  enter(entry) {
    const { record } = entry, key = this.key(record);
    if (record.id && !this.byId.has(record.id)) this.byId.set(record.id, entry);
    if (!key) return;
    if (this.byKey.has(key)) this.byKey.get(key).push(entry);
    else this.byKey.set(key, [entry]);
  }

  /**
   * The rows of the same name that are not surely somewhere else.
   *
   * @param {Record<string, string>} record
   */
  alike(record) {
    const key = this.key(record);
    return key ? (this.byKey.get(key) || []).filter((/** @type {any} */ entry) => near(record, entry.record)) : [];
  }

  /**
   * The row that this one is, or may be taken for: by the id that it brings, else by its name, the most alike first.
   *
   * @param {Record<string, string>} record
   * @param {any} given
   */
  twin(record, given) {
    if (given) return this.byId.get(given);
    const found = this.alike(record), apart = new Map(found.map((/** @type {any} */ entry) => [entry, differing(record, entry.record).length]));
    return found.sort((/** @type {any} */ a, /** @type {any} */ b) => apart.get(a) - apart.get(b))[0];
  }
}
