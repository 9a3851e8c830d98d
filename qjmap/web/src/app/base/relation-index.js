/* Foreign keys read backwards: rows that refer to a row.
 *
 * The index of a column is made on first use, so opening the page pays for none of them.
 */

import { pushTo } from "./dom.js";

const LINKS = ["parties", "about", "part_of"];

/** Columns by which a row of each table belongs to others, nearest meaning first; each step is a set of columns. */
/** @type {Record<string, string[][]>} */
const ANCHOR_COLUMNS = {
  places: [["members"], ["parent"]],
  sites: [["position_of"], ["place"], ["part_of"], ["operator"]],
  partnerships: [["parties"], ["part_of"], ["about"]],
  corridors: [["area"], ["part_of"]],
  corridor_legs: [["corridor"], ["from", "to"]],
  indicators: [["subject"]],
};
const DEEPEST = 200; // rows visited in search of an anchor

/**
 * Finds the rows of a table whose column names an id.
 *
 * @param {Store} store
 * @returns {(table: string, column: string, id: string) => Ref[]}
 */
function makeReferences(store) {
  /** @type {Map<string, Map<string, Ref[]>>} */
  const indexes = new Map();

  /**
   * @param {string} table
   * @param {string} column
   */
  function indexOf(table, column) {
    const key = table + "." + column, known = indexes.get(key);
    if (known) return known;
    /** @type {Map<string, Ref[]>} */
    const index = new Map();
    for (let row = 0; row < store.rows(table); row++) {
      const r = store.refOf(table, row);
      for (const id of store.list(r, column)) pushTo(index, id, r);
    }
    indexes.set(key, index);
    return index;
  }

  // Coded columns of a large table are scanned, which takes no longer than a lookup; others cannot be.
  return (table, column, id) => (!store.rows(table) ? [] : store.isWhole(table) ? indexOf(table, column).get(id) || [] : store.rowsWith(table, column, id) || []);
}

/**
 * @param {Store} store
 * @param {Ties} [ties]
 */
export function makeRelationIndex(store, ties) {
  const homes = new Map(Object.entries((ties && ties.homes) || {})); // place of each site that is a party, worked out by the program
  const of = makeReferences(store);

  /**
   * The place itself and the places within it (by parent). Not for a country: that would be everything.
   *
   * @param {string} id
   */
  function within(id) {
    const places = new Set([id]);
    const start = store.ref(id);
    if (start === undefined || store.tableOf(start) !== "places" || store.get(start, "kind") === "country") return places;
    for (const place of places) { // grows while it is walked
      for (const child of of("places", "parent", place)) places.add(store.id(child));
    }
    return places;
  }

  /**
   * The place in which a site that is a party lies; "" where none is known.
   *
   * @param {string} party
   */
  const homeOf = (party) => homes.get(party) || "";

  /**
   * Whether a party is one of the places, or a site in one of them.
   *
   * @param {string} party
   * @param {Set<string>} places
   */
  const belongs = (party, places) => places.has(party) || (homeOf(party) !== "" && places.has(homeOf(party)));

  /**
   * Partnerships that a row is a party of, itself or through what lies within it: [{ref, via}], via "" when direct.
   *
   * @param {string} id
   */
  function links(id) {
    const places = within(id), items = [];
    for (let row = 0; row < store.rows("partnerships"); row++) {
      const ref = store.refOf("partnerships", row);
      const parties = store.list(ref, "parties");
      const via = parties.includes(id) ? "" : parties.find((party) => belongs(party, places));
      if (via !== undefined) items.push({ ref, via });
    }
    return items;
  }

  /**
   * Partners of a row with the partnerships with each, most first; `among` are the links that count.
   *
   * @param {string} id
   */
  function partners(id, among = links(id)) {
    const places = within(id);
    /** @type {Map<string, Ref[]>} */
    const byPartner = new Map();
    for (const { ref } of among) {
      for (const party of new Set(store.list(ref, "parties"))) {
        if (!belongs(party, places)) pushTo(byPartner, party, ref);
      }
    }
    return Array.from(byPartner, ([party, refs]) => ({ id: party, refs }))
      .sort((a, b) => b.refs.length - a.refs.length || (a.id < b.id ? -1 : 1));
  }

  /**
   * Ids that stand for a row on the map: itself, else what it belongs to, nearest meaning first.
   *
   * @param {string} id
   * @param {(id: string) => boolean} isDrawn whether a layer has a geometry for an id
   * @param {Set<string>} [visited]
   * @returns {string[]}
   */
  function anchors(id, isDrawn, visited = new Set()) {
    const r = store.ref(id);
    if (r === undefined || visited.has(id) || visited.size > DEEPEST) return [];
    visited.add(id);
    if (isDrawn(id)) return [id];
    /** @param {string[]} ids */
    const anchorsOf = (ids) => Array.from(new Set(ids.flatMap((next) => anchors(next, isDrawn, visited))));
    for (const columns of ANCHOR_COLUMNS[store.tableOf(r)] || []) {
      const ids = anchorsOf(columns.flatMap((column) => store.list(r, column)));
      if (ids.length) return ids;
    }
    for (const column of LINKS) {
      const ids = anchorsOf(of("partnerships", column, id).map(store.id));
      if (ids.length) return ids;
    }
    return [];
  }

  return { of, within, homeOf, belongs, links, partners, anchors };
}
