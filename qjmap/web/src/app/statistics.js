/* What partnerships add up to, and how far partners are apart: the numbers of `qjmap report` in the page.
 *
 * Sums follow qjmap/report/numbers.py, and follow the filter of the page besides; distances are those that the program
 * worked out (meta.ties). A test holds the two to the same numbers.
 */

import { el } from "./dom.js";

const JOINT = new Set(["joint-project", "joint-park"]);
const COMMITTED = new Set(["signed", "under-construction", "operating", "ended"]);
const PLANNED = new Set(["planned", "proposed"]);

/**
 * The qualifier of a sum: "about" in it makes it "about", "at least" makes it "at least", both ways only "about".
 *
 * @param {any} qualifiers
 */
function together(qualifiers) {
  const used = new Set(qualifiers.map((/** @type {any} */ one) => one || "=").filter((/** @type {any} */ one) => one !== "="));
  /** @param {...any} ones */
  const only = (...ones) => Array.from(used).every((one) => ones.includes(one));
  if (!used.size) return "=";
  if (only(">", ">=")) return used.has(">") ? ">" : ">=";
  if (only("<", "<=")) return used.has("<") ? "<" : "<=";
  return "about";
}

/**
 * @param {any} a
 * @param {any} b
 */
const key = (a, b) => (a <= b ? a + "\u0000" + b : b + "\u0000" + a);

/**
 * @param {string} name
 * @param {any} value
 * @param {any} text
 */
const datum = (name, value, text) => el("data", { class: "qj-datum", "data-name": name, value }, text);

/** @param {{ meta: Meta, store: Store, format: Format, language: Language }} given */
export function makeStatistics({ meta, store, format, language }) {
  const ties = meta.ties || { ids: [], apart: [] };
  const { t, word } = language;
  /** @type {any} */
  let distances = null; // "a\u0000b" with a before b -> [km, corridor km, rows of the legs]

  /**
   * {km, corridorKm, legs}: 0 where it is not known; legs are refs from the first to the second.
   *
   * @param {any} a
   * @param {any} b
   */
  function apart(a, b) {
    distances = distances || new Map(ties.apart.map((/** @type {any[]} */ [one, other, ...rest]) => [key(ties.ids[one], ties.ids[other]), rest]));
    const [km, corridorKm, rows] = distances.get(key(a, b)) || [0, 0, []];
    const legs = rows.map((/** @type {number} */ row) => store.refOf("corridor_legs", row));
    return { km, corridorKm, legs: a <= b ? legs : legs.reverse() };
  }

  /**
   * Whether a partnership is part of another one of the sum.
   *
   * @param {Ref} ref
   * @param {any} valued
   */
  function within(ref, valued) {
    const waiting = store.list(ref, "part_of").slice();
    const seen = new Set();
    while (waiting.length) {
      const one = waiting.pop();
      if (seen.has(one)) continue;
      seen.add(one);
      const whole = valued.get(one);
      if (whole === undefined) continue;
      if (whole !== ref) return true;
      waiting.push(...store.list(whole, "part_of"));
    }
    return false;
  }

  /**
   * Counts and sums of partnerships: {links, joint, committed, intended, noValue}, a sum as {cny, qualifier} or null.
   *
   * @param {Ref[]} refs
   */
  function sums(refs) {
    const valued = new Map(refs.filter((ref) => format.isNumber(store.get(ref, "value_cny"))).map((ref) => [store.id(ref), ref]));
    const counted = Array.from(valued.values()).filter((ref) => !within(ref, valued));
    /** @param {any} committed */
    const sum = (committed) => {
      const group = counted.filter((ref) => COMMITTED.has(store.get(ref, "status")) === committed);
      if (!group.length) return null;
      return {
        cny: group.reduce((total, ref) => total + Number(store.get(ref, "value_cny")), 0),
        qualifier: together(group.map((ref) => store.get(ref, "value_qualifier"))),
      };
    };
    return {
      links: refs.length,
      joint: refs.filter((ref) => JOINT.has(store.get(ref, "kind"))).length,
      committed: sum(true),
      intended: sum(false),
      noValue: refs.length - valued.size,
    };
  }

  /**
   * How a leg is gone: an economic axis as the network that it is drawn along.
   *
   * @param {any} leg
   */
  function gone(leg) {
    const along = store.get(leg, "along");
    return store.get(leg, "mode") === "economic" && along && along !== "none" ? along : store.get(leg, "mode");
  }

  /**
   * The sums as words, each with its number beside it for whoever reads the page by machine.
   *
   * @param {{ joint: any, committed: any, intended: any, noValue: any }} given
   */
  function said({ joint, committed, intended, noValue }) {
    /**
     * @param {string} name
     * @param {any} sum
     */
    const money = (name, sum) => (sum ? datum(name, sum.cny, t("number." + name, { value: format.qualified(format.money(sum.cny), sum.qualifier) })) : null);
    return [
      joint ? datum("joint", joint, t("number.joint", { total: joint })) : null,
      money("committed", committed), money("intended", intended),
      noValue ? datum("no_value", noValue, t("number.no_value", { total: noValue })) : null,
    ].filter(Boolean);
  }

  /**
   * The distances as words; of the way along the corridors also its modes and how sure it is.
   *
   * @param {{ km: any, corridorKm: any, legs: any }} given
   */
  function saidApart({ km, corridorKm, legs }) {
    /** @param {any} value */
    const round = (value) => format.number(value < 10 ? value : Math.round(value));
    /** @param {string} column */
    const all = (column) => Array.from(new Set(legs.map((/** @type {any} */ leg) => store.get(leg, column)).filter(Boolean)));
    const notes = [
      ...Array.from(new Set(legs.map(gone).filter(Boolean))).map((mode) => word("mode", mode)),
      all("status").some((status) => PLANNED.has(status)) ? t("number.planned_legs") : "",
      legs.some((/** @type {any} */ leg) => Number(store.get(leg, "schematic_km")) > 0) ? t("number.schematic_legs") : "",
    ].filter(Boolean);
    return [
      km ? datum("km", km, t("number.km", { km: round(km) })) : null,
      corridorKm ? datum("corridor_km", corridorKm, t("number.corridor_km", { km: round(corridorKm) }) + format.aside(format.list(notes))) : null,
    ].filter(Boolean);
  }

  return { sums, apart, said, saidApart };
}
