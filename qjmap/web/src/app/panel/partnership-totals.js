/* Totals of partnerships, and distances between partners, as in `qjmap report`.
 *
 * Totals are computed by the rules of qjmap/report/statistics.py from the partnerships that pass the filter (a test compares the results);
 * distances are those that Python computed.
 */

import { el } from "../base/dom.js";

/** Built-in statuses of partnerships whose amounts are committed. */
const COMMITTED = new Set(["signed", "under-construction", "operating", "ended"]);
const AGREED = new Set(["", "actual"]); // kinds of value that can be committed, as in qjmap/money.py
const PLANNED = new Set(["planned", "proposed"]);

/** @typedef {{ cny: number, qualifier: string } | null} Sum A sum in yuan and its qualifier; null if there is nothing to add. */
/**
 * @typedef {{ links: number, joint: number, committed: Sum, intended: Sum, noValue: number }} Totals
 * `links`: number of partnerships; `joint`: number of joint projects among them; `noValue`: number of those without an amount of money;
 * `committed` and `intended`: sums of the committed and of all other amounts.
 */

/**
 * Returns the qualifier of a sum, as `_combined_qualifier` of qjmap/report/statistics.py does: "=" if all amounts are exact, a bound if those that are
 * not are all bounds in one direction, else "about".
 *
 * @param {string[]} qualifiers qualifiers of the amounts; "" means "="
 */
function sumQualifier(qualifiers) {
  const used = new Set(qualifiers.filter((qualifier) => qualifier && qualifier !== "="));
  /** Returns whether no other qualifiers than these are used. @param {...string} allowed */
  const only = (...allowed) => Array.from(used).every((qualifier) => allowed.includes(qualifier));
  if (!used.size) return "=";
  if (only(">", ">=")) return used.has(">") ? ">" : ">=";
  if (only("<", "<=")) return used.has("<") ? "<" : "<=";
  return "about";
}

/**
 * Makes an element with a number as text, whose attributes have name and value for programs that read the page.
 *
 * @param {string} name
 * @param {number} value
 * @param {string} text
 */
const datum = (name, value, text) => el("data", { class: "qj-datum", "data-name": name, value }, text);

/**
 * Returns the function that computes totals of partnerships.
 *
 * @param {Store} store
 * @param {RelationIndex} relations
 * @param {Format} format
 * @param {Language} language
 */
function makeTotals(store, relations, format, language) {
  /**
   * Returns whether a partnership is part, directly or through others of the same sum, of another one in that sum, whose amount then includes
   * its own.
   *
   * @param {Ref} ref
   * @param {Map<string, Ref>} valued partnerships with an amount: id -> row
   */
  function isPart(ref, valued) {
    const waiting = store.list(ref, "part_of"), seen = new Set();
    for (const id of waiting) { // the loop body adds to the list
      const whole = valued.get(id);
      if (seen.has(id) || whole === undefined) continue;
      seen.add(id);
      if (whole !== ref) return true;
      waiting.push(...store.list(whole, "part_of"));
    }
    return false;
  }

  /** Computes the totals of partnerships. @param {Ref[]} refs @returns {Totals} */
  return (refs) => {
    const valued = new Map(refs.filter((ref) => format.isNumber(store.get(ref, "value_cny"))).map((ref) => [store.id(ref), ref]));
    const counted = Array.from(valued.values()).filter((ref) => !isPart(ref, valued));
    /** Returns the sum of the committed or of the intended amounts; null without any. @param {boolean} committed @returns {Sum} */
    const sum = (committed) => {
      const group = counted.filter((ref) => (COMMITTED.has(store.statusLike(ref)) && AGREED.has(language.like("indicator_kind", store.get(ref, "value_kind")))) === committed);
      if (!group.length) return null;
      return {
        cny: group.reduce((total, ref) => total + Number(store.get(ref, "value_cny")), 0),
        qualifier: sumQualifier(group.map((ref) => store.get(ref, "value_qualifier"))),
      };
    };
    return {
      links: refs.length,
      joint: refs.filter((ref) => relations.isJoint(language.like("partnership_kind", store.get(ref, "kind")))).length,
      committed: sum(true), intended: sum(false), noValue: refs.length - valued.size,
    };
  };
}

/** Makes the functions that compute and write totals and distances. @param {{ store: Store, relations: RelationIndex, format: Format, language: Language }} parts */
export function makePartnershipTotals({ store, relations, format, language }) {
  const { t, word } = language;

  /** Returns the mode of transport of a leg; of an economic axis the network along which it is drawn. @param {Ref} leg */
  function modeOf(leg) {
    const along = store.get(leg, "along"), mode = store.get(leg, "mode");
    return mode === "economic" && along && along !== "none" ? along : mode;
  }

  return {
    totals: makeTotals(store, relations, format, language),
    /**
     * Makes the elements that state totals, except for the number of partnerships.
     *
     * @param {Totals} totals
     * @param {boolean} [isPart] whether they are those of one partner in a list: then nothing is said if none of the partnerships has an amount
     */
    totalWords({ links, joint, committed, intended, noValue }, isPart) {
      /** Makes the element of a sum; null without one. @param {string} name @param {Sum} sum */
      const money = (name, sum) => (sum ? datum(name, sum.cny, t("number." + name, { value: format.qualified(format.money(sum.cny), sum.qualifier) })) : null);
      return [
        joint ? datum("joint", joint, t("number.joint", { total: joint })) : null,
        money("committed", committed), money("intended", intended),
        noValue && !(isPart && noValue === links) ? datum("no_value", noValue, t("number.no_value", { total: noValue })) : null,
      ].flatMap((node) => node || []);
    },
    /**
     * Makes the elements that state the distances of a partner (fields as in `Partner` of relation-index.js); that along corridors with the
     * modes of transport, and whether legs are planned or schematic. An unknown distance gives no element.
     *
     * @param {{ km: number, about: number, corridorKm: number, legs: Ref[] }} partner
     */
    apartWords({ km, about, corridorKm, legs }) {
      const round = (/** @type {number} */ value) => format.number(value < 10 ? value : Math.round(value));
      const notes = [
        ...Array.from(new Set(legs.map(modeOf).filter(Boolean))).map((mode) => word("mode", mode)),
        legs.some((leg) => PLANNED.has(store.statusLike(leg))) ? t("number.planned_legs") : "",
        legs.some((leg) => Number(store.get(leg, "schematic_km")) > 0) ? t("number.schematic_legs") : "",
      ].filter(Boolean);
      return [
        km ? datum("km", km, t(about ? "number.about_km" : "number.km", { km: round(km) })) : null,
        corridorKm ? datum("corridor_km", corridorKm, t("number.corridor_km", { km: round(corridorKm) }) + format.aside(format.list(notes))) : null,
      ].flatMap((node) => node || []);
    },
  };
}
