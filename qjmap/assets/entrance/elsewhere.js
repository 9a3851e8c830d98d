/* Positions held against what the map knows: rows that lie elsewhere than they say, and rows that betray another datum.
 *
 * The program knows the outlines of all counties and the names of all places (checks/outside.py). A page carries the outlines
 * of its background and the places of its tables, so it says less, never more: a row is held against a province, or a city
 * or county that the background has; nothing is said of the others, and where the program names a county the page names
 * the city or county that it has.
 */
"use strict";

(function (E) {
  const { clean, faultOf } = E;
  const DEGREE = 111195; // m in a degree of latitude, as locators/reverse.py has it
  const METRES_PER_DEGREE = 111320; // and as checks/doubts.py
  // m that an outline of a background may be off: those of geo/make_background.py are drawn straighter by 0.008 degrees at the most.
  const MARGIN = 1500;
  const OFF = 200, NEAR = 60; // m: a datum is suspected when a row is that far off without it, and that near with it

  const placed = ({ values }, at) => !Number.isNaN(values.lon[at]) && !Number.isNaN(values.lat[at]);
  const nowhere = { zh: "本图所载的区划之外", en: "none of the areas that this map carries" };

  /* ------------------------------------------------------------------ outlines */

  /** Units with an outline: {adcode, name, rings: [[lon, lat, lon, lat, ...]]}; degrees, WGS 84. */
  E.Outlines = class {
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
      this.whole = new Set(this.units.map(({ adcode }) => adcode.slice(0, 2)));
    }

    /* Whether a code is that of an outline, or of a province with some. */
    knows(code) { return this.byCode.has(code) || (code.endsWith("0000") && this.whole.has(code.slice(0, 2))); }

    /* 重庆市 綦江区 */
    chain(code) {
      const codes = [code.slice(0, 2) + "0000", code.slice(0, 4) + "00", code];
      const name = (one) => (this.byCode.has(one) ? this.byCode.get(one).name : E.rules.provinces[one] || "");
      return Array.from(new Set(codes)).map(name).filter(Boolean).join(" ");
    }

    /* The innermost unit that holds a point; null where none does. */
    holding(point) {
      const found = this.units.filter((unit) => holds(unit, point));
      return found.sort((a, b) => a.adcode.replace(/0+$/, "").length - b.adcode.replace(/0+$/, "").length).pop() || null;
    }

    /* Whether a point lies outside a unit by more than so many metres: null when it does not, else {code} of where it lies, "" for
     * nowhere that is known. Of a province only its parts are known, so the point must lie well within another one. */
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
  };

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

  /* Metres from a point to the nearest border of a unit; Infinity when its box is farther than `reach`. */
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
  const isArea = (name) => name.length > 2 && /[省市区县州盟旗]$/.test(name);

  /** The unit that an address begins with, as a code: 四川省自贡市…, 自贡市…; "" for none. A county without its province may be
   * another of the same name (江北区), so it counts only as a place of the map. */
  function reader(outlines, entries, unitOf) {
    const known = new Map(outlines.units.filter(({ adcode }) => adcode.endsWith("00")).map(({ name, adcode }) => [name, adcode]));
    for (const { table, id, names } of entries) {
      const code = table === "places" ? unitOf(id) : "";
      if (code) names.filter(isArea).forEach((name) => known.set(name, known.has(name) && known.get(name) !== code ? "" : code));
    }
    const longest = (names, text) => names.filter((name) => text.startsWith(name)).sort((a, b) => b.length - a.length)[0];
    return function (text) {
      const head = clean(text).replace(/\d[^]*/, "").replace(/\s/g, "");
      for (const [code, name] of Object.entries(E.rules.provinces)) {
        const said = [name, name.replace(SHORT, "")].find((one) => head.startsWith(one));
        if (!said || !outlines.whole.has(code.slice(0, 2))) continue;
        const rest = head.slice(said.length), below = outlines.units.filter(({ adcode }) => adcode.startsWith(code.slice(0, 2)));
        const unit = longest(below.map((one) => one.name), rest);
        return unit ? below.find((one) => one.name === unit).adcode : code;
      }
      return known.get(longest(Array.from(known.keys()), head)) || "";
    };
  }

  /* A column, what the rows say in it, and the units that this means; one column after the other. */
  function* claims({ frame, values }, outlines, entries) {
    const place = new Map(entries.filter(({ table }) => table === "places").map((one) => [one.id, one]));
    /* The first of a place and those it lies in that has a code. */
    function unitOf(id) {
      for (let steps = 0, one = place.get(id); one && steps < 20; one = place.get(one.parent), steps++) {
        if (one.adcode) return outlines.knows(one.adcode) ? one.adcode : "";
      }
      return "";
    }
    const known = (code) => (outlines.knows(code) ? code : "");
    if (values.adcode) yield ["adcode", values.adcode, values.adcode.map(known)];
    for (const column of ["parent", "place"]) if (values[column]) yield [column, values[column], values[column].map(unitOf)];
    const read = reader(outlines, entries, unitOf);
    const areas = Object.keys(frame.unknown).filter((name) => E.rules.areas.includes(E.fold(name)));
    if (areas.length) {
      const texts = frame.rows.map((_, at) => areas.map((name) => frame.unknown[name][at]).join(""));
      yield [areas[areas.length - 1], texts, texts.map(read)];
    }
    if (values.address) yield ["address", values.address, values.address.map(read)];
  }

  /** Rows that lie elsewhere than they say: one warning for those that say the same and lie in the same other unit. */
  E.outside = function (parsed, use, entries, units) {
    const { frame, values } = parsed;
    if (!values.lon || !units.length) return [];
    const outlines = new E.Outlines(units), told = new Set(), found = [];
    const points = frame.rows.map((_, at) => {
      if (!use(at) || !placed(parsed, at) || values.precision[at] === "unresolved") return null;
      return QJMap.datum.toWgs84([values.lon[at], values.lat[at]], values.datum[at]);
    });
    for (const [column, said, codes] of claims(parsed, outlines, entries)) {
      const groups = new Map();
      points.forEach((point, at) => {
        if (!point || !codes[at] || told.has(at)) return;
        const out = outlines.outside(codes[at], point, E.rules.radius_m[values.precision[at] || "site"]);
        if (!out) return;
        const key = codes[at] + " " + out.code;
        groups.set(key, [...(groups.get(key) || []), at]);
        told.add(at);
      });
      for (const [key, held] of groups) {
        const [code, there] = key.split(" "), rows = held.map((at) => frame.rows[at]);
        const params = { rows, said: outlines.chain(code), lies: there ? outlines.chain(there) : nowhere };
        found.push(faultOf(frame, rows.length === 1 ? rows[0] : null, column, said[held[0]], "misplaced", params, "warning"));
      }
    }
    return found;
  };

  /* ------------------------------------------------------------------ datum */

  /** Rows without a datum that come to lie on the known place of their name as soon as they are read as GCJ-02 or BD-09. */
  E.suspects = function (parsed, entries) {
    const { frame, values } = parsed;
    if (!values.lon) return [];
    const known = new Map(), found = [];
    const enter = (name, point) => {
      const key = E.fold(name), before = known.get(key);
      if (key) known.set(key, before === undefined || (before && before[0] === point[0] && before[1] === point[1]) ? point : null);
    };
    entries.filter(({ at }) => at).forEach(({ names, at }) => enter(names[0], at));
    const called = values.name || values.title;
    for (const datum of ["gcj02", "bd09"]) {
      const rows = frame.rows.filter((_, at) => {
        const there = placed(parsed, at) && !values.datum[at] && known.get(E.fold(called[at]));
        if (!there) return false;
        const off = (as) => {
          const [lon, lat] = QJMap.datum.toWgs84([values.lon[at], values.lat[at]], as);
          return METRES_PER_DEGREE * Math.hypot((lon - there[0]) * Math.cos((lat * Math.PI) / 180), lat - there[1]);
        };
        return off("wgs84") >= OFF && off(datum) <= NEAR;
      });
      if (rows.length) found.push(faultOf(frame, null, "datum", null, "datum-suspect", { rows, datum }, "warning"));
    }
    return found;
  };
})(Entrance);
