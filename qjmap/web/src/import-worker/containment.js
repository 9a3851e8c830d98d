/* Compares positions with the boundaries and places of the map: finds rows that lie outside the administrative unit that they name, and
 * rows that seem to be in another datum.
 *
 * The program has the boundaries of all counties and the names of all places (qjmap/validation/containment.py); a page has only
 * the boundaries of its background and the places of its tables. So it warns less, never more:
 *
 *  - A county without a boundary here is checked as its city, a city without one as its province; the messages then name that
 *    larger unit. A province has boundaries only of some of its parts, if any. So a point must lie well within a unit of another
 *    province to be outside.
 *  - Codes that are not of a present unit (dissolved, or invented) are not checked.
 *  - An address is read only if it begins with a province, a city of the background or a place of the map; the program's
 *    gazetteer reads every usual order, towns and former names.
 *  - Near a border there is no warning: MARGIN allows for boundaries of the background that are coarser than the program's.
 */

import { faultOf } from "./arrange-columns.js";
import { program } from "./program-data.js";
import { clean, fold } from "./normalize-text.js";
import { toWgs84 } from "../runtime/datum.js";

const DEGREE = 111195; // length of a degree of latitude in metres, as in qjmap/geocoding/reverse.py
const METRES_PER_DEGREE = 111320; // metres in a degree of latitude, as in qjmap/validation/plausibility.py
// Metres: the program's own margin (600 to 1500, qjmap/geocoding/county_rings.py), and the most by which boundaries simplified for
// the page may differ from the program's (0.01 degrees, qjmap/ground/page_boundaries.py), with a reserve.
const MARGIN = 3600;
const OFF = 200, NEAR = 60; // metres: a datum is suspected if a row is at least OFF away without it, and at most NEAR with it

/** @type {Set<string> | null} */
let today = null;
/** Returns the codes of the present provinces, cities and counties. */
function currentCodes() {
  let code = 0;
  return (today = today || new Set(program.units.map((step) => String((code += step)))));
}

/**
 * Whether a row has a position.
 *
 * @param {Pick<Parsed, "values">} given
 * @param {number} at index of the row
 */
const placed = ({ values }, at) => !Number.isNaN(values.lon[at]) && !Number.isNaN(values.lat[at]);
const nowhere = { zh: "本图所载的区划之外", en: "none of the areas that this map carries" };

/** @typedef {Unit & { box: Box }} Area A unit with its bounding box: west, south, east, north. */

/** The administrative units whose boundary the page has; rings are lon, lat, lon, lat ... in WGS 84 degrees. */
class Boundaries {
  /** Computes the bounding box of each unit. @param {Unit[]} units */
  constructor(units) {
    this.units = units.map((unit) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (const ring of unit.rings) {
        for (let k = 0; k < ring.length; k += 2) {
          box[0] = Math.min(box[0], ring[k]); box[1] = Math.min(box[1], ring[k + 1]);
          box[2] = Math.max(box[2], ring[k]); box[3] = Math.max(box[3], ring[k + 1]);
        }
      }
      return { ...unit, box };
    });
    this.byCode = new Map(this.units.map((unit) => [unit.adcode, unit]));
  }

  /**
   * Returns the code of the unit as which a present unit is checked: itself or its city if it has a boundary here, else its province. "" for
   * any other code.
   *
   * @param {string} code
   */
  known(code) {
    if (!currentCodes().has(code)) return "";
    return [code, code.slice(0, 4) + "00"].find((one) => currentCodes().has(one) && this.byCode.has(one)) || code.slice(0, 2) + "0000";
  }

  /**
   * Returns the names of a unit and of the units that contain it: 重庆市 綦江区.
   *
   * @param {string} code
   */
  chain(code) {
    const codes = [code.slice(0, 2) + "0000", code.slice(0, 4) + "00", code];
    /** Returns the name of a unit; "" if it is unknown. @param {string} one */
    const name = (one) => { const unit = this.byCode.get(one); return unit ? unit.name : program.provinces[one] || ""; };
    return Array.from(new Set(codes)).map(name).filter(Boolean).join(" ");
  }

  /**
   * Returns the innermost unit that contains a point; null if none does.
   *
   * @param {Position} point
   */
  holding(point) {
    /** Returns the level of a unit: 0 province, 1 city, 2 county. @param {{ adcode: string }} given */
    const depth = ({ adcode }) => (adcode.endsWith("0000") ? 0 : adcode.endsWith("00") ? 1 : 2);
    return this.units.filter((unit) => holds(unit, point)).sort((a, b) => depth(a) - depth(b)).pop() || null;
  }

  /**
   * Returns where a point lies that is outside a unit by more than `metres` + MARGIN: `code` of the unit there, "" if none is known. Returns
   * null if the point is not so far outside. Of a province without a boundary only its parts are known, so the point must be well within
   * another province.
   *
   * @param {string} code
   * @param {Position} point
   * @param {number} metres uncertainty of the point
   */
  outside(code, point, metres) {
    const reach = metres + MARGIN, there = this.holding(point);
    const own = this.byCode.get(code);
    if (own) {
      if (holds(own, point) || distance(own, point, reach) <= reach) return null;
      return { code: there ? there.adcode : "" };
    }
    if (!there || there.adcode.slice(0, 2) === code.slice(0, 2) || distance(there, point, reach) <= reach) return null;
    return { code: there.adcode };
  }
}

/**
 * Whether a unit contains a point.
 *
 * @param {Area} area
 * @param {Position} point
 */
function holds({ box, rings }, [x, y]) {
  if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) return false;
  let inside = false;
  for (const ring of rings) {
    for (let k = 2; k < ring.length; k += 2) {
      const [ax, ay, bx, by] = [ring[k - 2], ring[k - 1], ring[k], ring[k + 1]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/**
 * Returns the distance in metres from a point to the nearest border of a unit; Infinity if its box is farther away than `reach` metres.
 *
 * @param {Area} area
 * @param {Position} point
 * @param {number} reach in metres
 */
function distance({ box, rings }, [x, y], reach) {
  const squeeze = Math.cos((y * Math.PI) / 180);
  const aside = Math.max(box[0] - x, x - box[2], 0) * squeeze, beside = Math.max(box[1] - y, y - box[3], 0);
  if (Math.hypot(aside, beside) * DEGREE > reach) return Infinity;
  let least = Infinity;
  for (const ring of rings) {
    for (let k = 2; k < ring.length; k += 2) {
      const ax = (ring[k - 2] - x) * squeeze, ay = ring[k - 1] - y, dx = (ring[k] - ring[k - 2]) * squeeze, dy = ring[k + 1] - ring[k - 1];
      const along = dx * dx + dy * dy, t = along ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / along)) : 0;
      least = Math.min(least, Math.hypot(ax + t * dx, ay + t * dy));
    }
  }
  return least * DEGREE;
}

const SHORT = /(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$/;
/** Whether a name of at least three characters ends as administrative units do. @param {string} name */
const isArea = (name) => name.length > 2 && /[省市区县州盟旗]$/.test(name);

/**
 * Returns the rest of a text that begins with a name; null if it does not. 重庆市场 does not begin with 重庆市: 市场 is a word.
 *
 * @param {string} text
 * @param {string} name
 */
const after = (text, name) => (text.startsWith(name) && !/^[场集]/.test(text.slice(name.length)) ? text.slice(name.length) : null);
/**
 * Returns the longest name with which a text begins; undefined for none.
 *
 * @param {string[]} names names to choose from
 * @param {string} text
 */
const longest = (names, text) => names.filter((name) => after(text, name) !== null).sort((a, b) => b.length - a.length)[0];

/**
 * Returns a function that finds the unit with which an address begins, as a code: 四川省自贡市…, 四川自贡市…, 自贡市…; "" for none. A county
 * without its province may be another of the same name (江北区), so it counts only as a place of the map.
 *
 * @param {Boundaries} boundaries
 * @param {Entry[]} entries rows of the map
 * @param {(id: string) => string} unitOf returns the code of the unit in which a place lies, "" for none
 */
function reader(boundaries, entries, unitOf) {
  const named = new Map(boundaries.units.filter(({ adcode }) => adcode.endsWith("00")).map(({ name, adcode }) => [name, boundaries.known(adcode)]));
  for (const { table, id, names } of entries) {
    const code = table === "places" ? unitOf(id) : "";
    if (code) names.filter(isArea).forEach((name) => named.set(name, named.has(name) && named.get(name) !== code ? "" : code));
  }
  const names = Array.from(named.keys());
  return function (/** @type {string} */ text) {
    const head = clean(text).replace(/\d[^]*/, "").replace(/\s/g, "");
    for (const [code, name] of Object.entries(program.provinces)) {
      const short = name.replace(SHORT, ""), full = after(head, name), rest = full === null ? after(head, short) : full;
      if (rest === null) continue;
      const below = boundaries.units.filter(({ adcode }) => adcode.slice(0, 2) === code.slice(0, 2));
      const unit = longest(below.map((area) => area.name), rest) || (rest && below.find((area) => area.name.replace(SHORT, "") === rest)?.name);
      const area = below.find((one) => one.name === unit);
      if (unit && area) return boundaries.known(area.adcode);
      // 重庆路 is a street in any town: a province without its 省 or 市 counts only before one of its own units, or alone.
      if (full !== null || !rest) return boundaries.known(code);
    }
    return named.get(longest(names, head) || "") || "";
  };
}

/**
 * Yields for each column that names administrative units [column, its cells, the code of the unit that each cell means, "" for none]. Own
 * columns of areas (省, 市, 区县) are joined to one, under the name of the last.
 *
 * @param {Pick<Parsed, "frame" | "values">} given
 * @param {Boundaries} boundaries
 * @param {Entry[]} entries rows of the map
 * @returns {Generator<[string, string[], string[]]>}
 */
function* claims({ frame, values }, boundaries, entries) {
  const place = new Map(entries.filter(({ table }) => table === "places").map((entry) => [entry.id, entry]));
  /**
   * Returns the code of the unit that a place is or lies in: of the first in its chain of parents that has a code.
   *
   * @param {string} id
   */
  function unitOf(id) {
    for (let steps = 0, entry = place.get(id); entry && steps < 20; entry = place.get(entry.parent || ""), steps++) {
      if (entry.adcode) return boundaries.known(entry.adcode);
    }
    return "";
  }
  if (values.adcode) yield ["adcode", values.adcode, values.adcode.map((/** @type {string} */ code) => boundaries.known(code))];
  for (const column of ["parent", "place"]) if (values[column]) yield [column, values[column], values[column].map(unitOf)];
  const read = reader(boundaries, entries, unitOf);
  const areas = Object.keys(frame.unknown).filter((name) => program.areas.includes(fold(name)));
  if (areas.length) {
    const texts = frame.rows.map((_, at) => areas.map((name) => frame.unknown[name][at]).join(""));
    yield [areas[areas.length - 1], texts, texts.map(read)];
  }
  if (values.address) yield ["address", values.address, values.address.map(read)];
}

/**
 * Returns warnings of rows that lie outside the unit that they name: one warning for all rows that name one unit and lie in one other unit.
 *
 * @param {Parsed} parsed
 * @param {(index: number) => boolean} use whether a row is looked at
 * @param {Entry[]} entries rows of the map
 * @param {Unit[]} units those with a boundary
 */
export function outsideAreas(parsed, use, entries, units) {
  const { frame, values } = parsed;
  if (!values.lon || !units.length) return [];
  const boundaries = new Boundaries(units), warned = new Set(), warnings = [];
  const points = frame.rows.map((_, at) => {
    if (!use(at) || !placed(parsed, at) || values.precision[at] === "unresolved") return null;
    return toWgs84([values.lon[at], values.lat[at]], values.datum[at]);
  });
  for (const [column, said, codes] of claims(parsed, boundaries, entries)) {
    /** @type {Map<string, number[]>} */
    const groups = new Map();
    points.forEach((point, at) => {
      if (!point || !codes[at] || warned.has(at)) return;
      const out = boundaries.outside(codes[at], point, program.radius_m[values.precision[at] || "site"] ?? Infinity);
      if (!out) return;
      const key = codes[at] + " " + out.code;
      groups.set(key, [...(groups.get(key) || []), at]);
      warned.add(at);
    });
    for (const [key, held] of groups) {
      const [code, there] = key.split(" "), rows = held.map((at) => frame.rows[at]);
      const params = { rows, said: boundaries.chain(code), lies: there ? boundaries.chain(there) : nowhere };
      warnings.push(faultOf(frame, rows.length === 1 ? rows[0] : null, column, said[held[0]], "misplaced", params, "warning"));
    }
  }
  return warnings;
}

/**
 * Returns warnings of rows without a datum that, read as GCJ-02 or BD-09, lie on the known position of their name.
 *
 * @param {Parsed} parsed
 * @param {(index: number) => boolean} isAdded whether a row is looked at
 * @param {Entry[]} entries rows of the map
 */
export function datumSuspects(parsed, isAdded, entries) {
  const { frame, values } = parsed;
  if (!values.lon) return [];
  const warnings = [];
  /** @type {Map<string, Position | null>} */
  const known = new Map();
  /** Adds the position of a name; a name with several positions gets null. @param {string} name @param {Position} point */
  const enter = (name, point) => {
    const key = fold(name), before = known.get(key);
    if (key) known.set(key, before === undefined || (before && before[0] === point[0] && before[1] === point[1]) ? point : null);
  };
  for (const { names, at } of entries) if (at) enter(names[0], at);
  const called = values.name || values.title;
  for (const datum of ["gcj02", "bd09"]) {
    const rows = frame.rows.filter((_, at) => {
      const there = isAdded(at) && placed(parsed, at) && !values.datum[at] && known.get(fold(called[at]));
      if (!there) return false;
      /**
       * Returns the distance in metres of the row, with its coordinates read in a datum, from the known position of its name.
       *
       * @param {string} as datum as which the coordinates are read
       */
      const off = (as) => {
        const [lon, lat] = toWgs84([values.lon[at], values.lat[at]], as);
        return METRES_PER_DEGREE * Math.hypot((lon - there[0]) * Math.cos((lat * Math.PI) / 180), lat - there[1]);
      };
      return off("wgs84") >= OFF && off(datum) <= NEAR;
    });
    if (rows.length) warnings.push(faultOf(frame, null, "datum", null, "datum-suspect", { rows, datum }, "warning"));
  }
  return warnings;
}
