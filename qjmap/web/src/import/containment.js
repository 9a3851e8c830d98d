/* Positions held against what the map knows: rows that lie elsewhere than they say, and rows that betray another datum.
 *
 * The program knows the outlines of all counties and the names of all places (checks/outside.py); a page knows the outlines
 * of its background and the places of its tables. So it says less, never more:
 *  - A county without an outline here is held as its city, a city without one as its province; both messages then name the
 *    larger unit. Of a province only parts have an outline, if any, so a point must lie well within a unit of another one.
 *  - Codes that are none of today's units (after a merger, or invented) say nothing: the program may know what became of them.
 *  - Addresses are read where they begin with a province, a city of the background or a place of the map; the program's
 *    gazetteer reads every usual order, towns and former names.
 *  - Near a border nothing is said: MARGIN covers what outlines of a background are coarser than the program's.
 */

import { faultOf } from "./headers.js";
import { clean, fold, rules } from "./text.js";
import { toWgs84 } from "../runtime/datum.js";

const DEGREE = 111195; // m in a degree of latitude, as locators/reverse.py has it
const METRES_PER_DEGREE = 111320; // and as checks/doubts.py
// m: what the program allows itself (600 to 1500, locators/reverse.py), and how far outlines of geo/make_background.py fall
// short of the program's: by 2020 at the most, measured over the 66 that are units of today (遵义市).
const MARGIN = 3600;
const OFF = 200, NEAR = 60; // m: a datum is suspected when a row is that far off without it, and that near with it

/** @type {any} */
let today = null;
/* Codes of the provinces, cities and counties of today. */
function current() {
  let code = 0;
  today = today || new Set(rules.units.map((/** @type {any} */ step) => String((code += step))));
  return today;
}

/**
 * @param {{ values: any }} given
 * @param {any} at
 */
const placed = ({ values }, at) => !Number.isNaN(values.lon[at]) && !Number.isNaN(values.lat[at]);
const nowhere = { zh: "本图所载的区划之外", en: "none of the areas that this map carries" };

/* ------------------------------------------------------------------ outlines */

/** Units with an outline: {adcode, name, rings: [[lon, lat, lon, lat, ...]]}; degrees, WGS 84. */
class Outlines {
  /** @param {any[]} units */
  constructor(units) {
    this.units = units.map((/** @type {any} */ unit) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (const ring of unit.rings) {
        for (let k = 0; k < ring.length; k += 2) {
          box[0] = Math.min(box[0], ring[k]); box[1] = Math.min(box[1], ring[k + 1]);
          box[2] = Math.max(box[2], ring[k]); box[3] = Math.max(box[3], ring[k + 1]);
        }
      }
      return { ...unit, box };
    });
    this.byCode = new Map(this.units.map((/** @type {any} */ unit) => [unit.adcode, unit]));
  }

  /**
   * What a unit of today is held as: itself or its city where there is an outline, else its province; "" for other codes.
   *
   * @param {string} code
   */
  known(code) {
    if (!current().has(code)) return "";
    return [code, code.slice(0, 4) + "00"].find((one) => current().has(one) && this.byCode.has(one)) || code.slice(0, 2) + "0000";
  }

  /**
   * 重庆市 綦江区
   *
   * @param {string} code
   */
  chain(code) {
    const codes = [code.slice(0, 2) + "0000", code.slice(0, 4) + "00", code];
    /** @param {any} one */
    const name = (one) => (this.byCode.has(one) ? this.byCode.get(one).name : rules.provinces[one] || "");
    return Array.from(new Set(codes)).map(name).filter(Boolean).join(" ");
  }

  /**
   * The innermost unit that holds a point; null where none does.
   *
   * @param {any} point
   */
  holding(point) {
    /** @param {{ adcode: any }} given */
    const depth = ({ adcode }) => (adcode.endsWith("0000") ? 0 : adcode.endsWith("00") ? 1 : 2);
    return this.units.filter((/** @type {any} */ unit) => holds(unit, point)).sort((/** @type {any} */ a, /** @type {any} */ b) => depth(a) - depth(b)).pop() || null;
  }

  /**
   * Whether a point lies outside a unit by more than so many metres: null when it does not, else {code} of where it lies, "" for
   * nowhere that is known. Of a province only its parts are known, so the point must lie well within another one.
   *
   * @param {string} code
   * @param {any} point
   * @param {number} metres
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
 * @param {{ box: any, rings: any }} given
 * @param {any[]} given
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
 * Metres from a point to the nearest border of a unit; Infinity when its box is farther than `reach`.
 *
 * @param {{ box: any, rings: any }} given
 * @param {any[]} given
 * @param {number} reach
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

/* ------------------------------------------------------------------ what rows say */

const SHORT = /(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$/;
/** @param {string} name */
const isArea = (name) => name.length > 2 && /[省市区县州盟旗]$/.test(name);

/**
 * What follows a name at the beginning of a text; null where it does not begin with it: 重庆市场 is no 重庆市.
 *
 * @param {string} text
 * @param {string} name
 */
const after = (text, name) => (text.startsWith(name) && !/^[场集]/.test(text.slice(name.length)) ? text.slice(name.length) : null);
/**
 * @param {string[]} names
 * @param {string} text
 */
const longest = (names, text) => names.filter((/** @type {any} */ name) => after(text, name) !== null).sort((/** @type {any} */ a, /** @type {any} */ b) => b.length - a.length)[0];

/**
 * The unit that an address begins with, as a code: 四川省自贡市…, 四川自贡市…, 自贡市…; "" for none. A county without its
 * province may be another of the same name (江北区), so it counts only as a place of the map.
 *
 * @param {any} outlines
 * @param {any[]} entries
 * @param {any} unitOf
 */
function reader(outlines, entries, unitOf) {
  const named = new Map(outlines.units.filter((/** @type {{ adcode: any }} */ { adcode }) => adcode.endsWith("00")).map((/** @type {{ name: string, adcode: any }} */ { name, adcode }) => [name, outlines.known(adcode)]));
  for (const { table, id, names } of entries) {
    const code = table === "places" ? unitOf(id) : "";
    if (code) names.filter(isArea).forEach((/** @type {any} */ name) => named.set(name, named.has(name) && named.get(name) !== code ? "" : code));
  }
  const names = Array.from(named.keys());
  return function (/** @type {any} */ text) {
    const head = clean(text).replace(/\d[^]*/, "").replace(/\s/g, "");
    for (const [code, name] of Object.entries(rules.provinces)) {
      const short = name.replace(SHORT, ""), full = after(head, name), rest = full === null ? after(head, short) : full;
      if (rest === null) continue;
      const below = outlines.units.filter((/** @type {{ adcode: any }} */ { adcode }) => adcode.slice(0, 2) === code.slice(0, 2));
      const unit = longest(below.map((/** @type {any} */ one) => one.name), rest) || (below.find((/** @type {any} */ one) => rest && one.name.replace(SHORT, "") === rest) || {}).name;
      if (unit) return outlines.known(below.find((/** @type {any} */ one) => one.name === unit).adcode);
      // 重庆路 is a street anywhere: a province without its 省 or 市 is one only before a unit of its own, or alone.
      if (full !== null || !rest) return outlines.known(code);
    }
    return named.get(longest(names, head)) || "";
  };
}

/**
 * A column, what the rows say in it, and the units that this means; one column after the other.
 *
 * @param {{ frame: Frame, values: any }} given
 * @param {any} outlines
 * @param {any[]} entries
 */
function* claims({ frame, values }, outlines, entries) {
  const place = new Map(entries.filter((/** @type {{ table: any }} */ { table }) => table === "places").map((/** @type {any} */ one) => [one.id, one]));
  /**
   * The unit of the first of a place and those it lies in that has a code.
   *
   * @param {string} id
   */
  function unitOf(id) {
    for (let steps = 0, one = place.get(id); one && steps < 20; one = place.get(one.parent), steps++) {
      if (one.adcode) return outlines.known(one.adcode);
    }
    return "";
  }
  if (values.adcode) yield ["adcode", values.adcode, values.adcode.map((/** @type {any} */ code) => outlines.known(code))];
  for (const column of ["parent", "place"]) if (values[column]) yield [column, values[column], values[column].map(unitOf)];
  const read = reader(outlines, entries, unitOf);
  const areas = Object.keys(frame.unknown).filter((name) => rules.areas.includes(fold(name)));
  if (areas.length) {
    const texts = frame.rows.map((/** @type {any} */ _, /** @type {any} */ at) => areas.map((name) => frame.unknown[name][at]).join(""));
    yield [areas[areas.length - 1], texts, texts.map(read)];
  }
  if (values.address) yield ["address", values.address, values.address.map(read)];
}

/**
 * Rows that lie elsewhere than they say: one warning for those that say the same and lie in the same other unit.
 *
 * @param {Parsed} parsed
 * @param {any} use
 * @param {any[]} entries
 * @param {any[]} units
 */
export function outsideAreas(parsed, use, entries, units) {
  const { frame, values } = parsed;
  if (!values.lon || !units.length) return [];
  const outlines = new Outlines(units), told = new Set(), found = [];
  const points = frame.rows.map((/** @type {any} */ _, /** @type {any} */ at) => {
    if (!use(at) || !placed(parsed, at) || values.precision[at] === "unresolved") return null;
    return toWgs84([values.lon[at], values.lat[at]], values.datum[at]);
  });
  for (const [column, said, codes] of claims(parsed, outlines, entries)) {
    const groups = new Map();
    points.forEach((/** @type {any} */ point, /** @type {any} */ at) => {
      if (!point || !codes[at] || told.has(at)) return;
      const out = outlines.outside(codes[at], point, rules.radius_m[values.precision[at] || "site"] ?? Infinity);
      if (!out) return;
      const key = codes[at] + " " + out.code;
      groups.set(key, [...(groups.get(key) || []), at]);
      told.add(at);
    });
    for (const [key, held] of groups) {
      const [code, there] = key.split(" "), rows = held.map((/** @type {any} */ at) => frame.rows[at]);
      const params = { rows, said: outlines.chain(code), lies: there ? outlines.chain(there) : nowhere };
      found.push(faultOf(frame, rows.length === 1 ? rows[0] : null, column, said[held[0]], "misplaced", params, "warning"));
    }
  }
  return found;
}

/* ------------------------------------------------------------------ datum */

/**
 * Rows without a datum that come to lie on the known place of their name as soon as they are read as GCJ-02 or BD-09.
 *
 * @param {Parsed} parsed
 * @param {any[]} entries
 */
export function suspects(parsed, entries) {
  const { frame, values } = parsed;
  if (!values.lon) return [];
  const known = new Map(), found = [];
  /**
   * @param {string} name
   * @param {any} point
   */
  const enter = (name, point) => {
    const key = fold(name), before = known.get(key);
    if (key) known.set(key, before === undefined || (before && before[0] === point[0] && before[1] === point[1]) ? point : null);
  };
  entries.filter((/** @type {{ at: any }} */ { at }) => at).forEach((/** @type {{ names: string[], at: any }} */ { names, at }) => enter(names[0], at));
  const called = values.name || values.title;
  for (const datum of ["gcj02", "bd09"]) {
    const rows = frame.rows.filter((/** @type {any} */ _, /** @type {any} */ at) => {
      const there = placed(parsed, at) && !values.datum[at] && known.get(fold(called[at]));
      if (!there) return false;
      /** @param {any} as */
      const off = (as) => {
        const [lon, lat] = toWgs84([values.lon[at], values.lat[at]], as);
        return METRES_PER_DEGREE * Math.hypot((lon - there[0]) * Math.cos((lat * Math.PI) / 180), lat - there[1]);
      };
      return off("wgs84") >= OFF && off(datum) <= NEAR;
    });
    if (rows.length) found.push(faultOf(frame, null, "datum", null, "datum-suspect", { rows, datum }, "warning"));
  }
  return found;
}
