/* Who refers to whom: the tables read backwards.
 *
 * An index of one column is made when it is first asked for, so opening the page pays for none of them.
 */

import { pushTo } from "./dom.js";

const LINKS = ["parties", "about", "part_of"];

/**
 * @param {Store} store
 * @param {any} ties
 */
export function makeRelations(store, ties) {
  const homes = (ties || {}).homes || {}; // the place of each site that is a party, as the program worked it out
  const indexes = new Map();

  /**
   * @param {string} table
   * @param {string} column
   */
  function indexOf(table, column) {
    const key = table + "." + column;
    if (indexes.has(key)) return indexes.get(key);
    const index = new Map();
    for (let row = 0; row < store.rows(table); row++) {
      const r = store.refOf(table, row);
      for (const id of store.list(r, column)) {
        const found = index.get(id);
        if (found) found.push(r);
        else index.set(id, [r]);
      }
    }
    indexes.set(key, index);
    return index;
  }

  /**
   * Refs of the rows of a table whose column names the id.
   *
   * @param {string} table
   * @param {string} column
   * @param {string} id
   * @returns {Ref[]}
   */
  function of(table, column, id) {
    // Of a large table coded columns are looked through, which takes no longer than a look-up; others cannot be.
    if (!store.whole(table)) return store.having(table, column, id) || [];
    return indexOf(table, column).get(id) || [];
  }

  /**
   * The place itself and the places within it (by parent). Not for a country: that would be everything.
   *
   * @param {string} id
   */
  function within(id) {
    const all = new Set([id]);
    const start = store.ref(id);
    if (start === undefined || store.tableOf(start) !== "places" || store.get(start, "kind") === "country") return all;
    for (const one of all) {
      for (const child of of("places", "parent", one)) all.add(store.id(child));
    }
    return all;
  }

  /**
   * The place in which a site that is a party lies; "" where none is known.
   *
   * @param {string} party
   */
  const homeOf = (party) => (Object.hasOwn(homes, party) ? homes[party] : "");

  /**
   * Whether a party counts as one's own: it is one of the places, or a site in one of them.
   *
   * @param {string} party
   * @param {any} own
   */
  const belongs = (party, own) => own.has(party) || (homeOf(party) !== "" && own.has(homeOf(party)));

  /**
   * Partnerships that a row is a party of, itself or through what lies within it: [{ref, via}], via "" when direct.
   *
   * @param {string} id
   */
  function links(id) {
    const own = within(id);
    const found = [];
    for (let row = 0; row < store.rows("partnerships"); row++) {
      const ref = store.refOf("partnerships", row);
      const parties = store.list(ref, "parties");
      const via = parties.includes(id) ? "" : parties.find((party) => belongs(party, own));
      if (via !== undefined) found.push({ ref, via });
    }
    return found;
  }

  /**
   * Partners of a row with the links to each, most first: [{id, refs}]; `among` are the links to go by.
   *
   * @param {string} id
   */
  function partners(id, among = links(id)) {
    const own = within(id);
    const found = new Map();
    for (const { ref } of among) {
      for (const party of new Set(store.list(ref, "parties"))) {
        if (!belongs(party, own)) pushTo(found, party, ref);
      }
    }
    return Array.from(found, ([party, refs]) => ({ id: party, refs }))
      .sort((a, b) => b.refs.length - a.refs.length || (a.id < b.id ? -1 : 1));
  }

  /**
   * Ids that stand for a row on the map, nearest meaning first: itself, else what it belongs to.
   * `shown(id)` says whether a layer has a geometry for the id.
   *
   * @param {string} id
   * @param {any} shown
   * @param {Set<string>} [seen]
   * @returns {string[]}
   */
  function anchors(id, shown, seen) {
    const visited = seen || new Set();
    const r = store.ref(id);
    if (r === undefined || visited.has(id) || visited.size > 200) return [];
    visited.add(id);
    if (shown(id)) return [id];
    /** @type {Record<string, string[][]>} */
    const steps = {
      places: [["members"], ["parent"]],
      sites: [["position_of"], ["place"], ["part_of"], ["operator"]],
      partnerships: [["parties"], ["part_of"], ["about"]],
      corridors: [["area"], ["part_of"]],
      corridor_legs: [["corridor"], ["from", "to"]],
      indicators: [["subject"]],
      sources: [],
    };
    for (const columns of steps[store.tableOf(r)] || []) {
      const found = columns.flatMap((column) => store.list(r, column)).flatMap((next) => anchors(next, shown, visited));
      if (found.length) return Array.from(new Set(found));
    }
    for (const column of LINKS) {
      const found = of("partnerships", column, id).flatMap((next) => anchors(store.id(next), shown, visited));
      if (found.length) return Array.from(new Set(found));
    }
    return [];
  }

  return { of, within, homeOf, belongs, links, partners, anchors };
}
