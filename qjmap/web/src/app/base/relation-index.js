/* Finds the rows that refer to a row (reverse index of foreign keys), and the relations between partners.
 *
 * The index of a column is made on first use, so that it does not delay the opening of the page.
 */

import { pushTo } from "./dom.js";

/** Columns of partnerships that hold ids of other rows: parties, what they are about, and the partnership of which they are a part. */
const LINKS = ["parties", "about", "part_of"];

/** @type {Record<string, string[][]>} table -> columns by which its rows belong to other rows: sets of columns, the most specific set first */
const ANCHOR_COLUMNS = {
  places: [["members"], ["parent"]],
  sites: [["position_of"], ["place"], ["part_of"], ["operator"]],
  partnerships: [["parties"], ["part_of"], ["about"]],
  corridors: [["area"], ["part_of"]],
  corridor_legs: [["corridor"], ["from", "to"]],
  indicators: [["subject"]],
};
const DEEPEST = 200; // number of visited rows after which `anchors` stops its search

/**
 * Returns a function that finds the rows of a table that refer to an id in a column.
 *
 * @param {Store} store
 * @returns {(table: string, column: string, id: string) => Ref[]}
 */
function makeReferences(store) {
  /** @type {Map<string, Map<string, Ref[]>>} table and column ("sites.place") -> id -> rows */
  const indexes = new Map();

  /** Returns the index of a column, id -> rows, made on first use. @param {string} table @param {string} column */
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

  // Coded columns of a large table are scanned, which is as quick as an index.
  return (table, column, id) => (!store.rows(table) ? [] : store.isWhole(table) ? indexOf(table, column).get(id) || [] : store.rowsWith(table, column, id) || []);
}

/**
 * @typedef {{ refs: Ref[], own: Set<Ref> }} Shared
 * Partnerships in which an id takes part, or those of a pair of partners; `own` are those whose parties include the id itself, or both ids.
 */
/**
 * @typedef {Shared & { id: string, km: number, about: number, corridorKm: number, legs: Ref[] }} Partner
 * A partner, with the shared partnerships. `id`: its id; `km`: its great-circle distance in km (`about`: 1 if that is approximate, else 0);
 * `corridorKm`: its distance along corridors in km, and `legs`, the legs of that way. An unknown distance is 0.
 */

/**
 * Reads the relations between partners that Python computed (qjmap/model/partner_pairs.py). Returns `taking`, id -> the partnerships in which
 * it takes part, and `partners`, id -> id of a partner -> the partner.
 *
 * @param {Store} store
 * @param {Ties} [ties]
 */
function readTies(store, ties) {
  /** @type {Map<string, Shared>} */
  const taking = new Map();
  /** @type {Map<string, Map<string, Partner>>} both directions of each pair */
  const partners = new Map();
  if (!ties) return { taking, partners };
  const { ids } = ties;
  /**
   * Makes a `Shared` of rows of partnerships.
   *
   * @param {number} own how many of the rows, from the first on, are `own`
   * @param {number[]} rows
   * @returns {Shared}
   */
  function shared(own, rows) {
    const refs = rows.map((row) => store.refOf("partnerships", row));
    return { refs: refs.slice().sort((a, b) => a - b), own: new Set(refs.slice(0, own)) };
  }
  for (const [one, own, rows] of ties.links) {
    taking.set(ids[one], shared(own, rows));
    partners.set(ids[one], new Map());
  }
  for (const [one, other, own, rows, km, about, corridorKm, legRows] of ties.pairs) {
    const both = { ...shared(own, rows), km, about, corridorKm }, legs = legRows.map((row) => store.refOf("corridor_legs", row));
    partners.get(ids[one])?.set(ids[other], { ...both, id: ids[other], legs });
    partners.get(ids[other])?.set(ids[one], { ...both, id: ids[one], legs: legs.slice().reverse() });
  }
  return { taking, partners };
}

/** Makes the index of the relations of a page. @param {Store} store @param {Ties} [ties] */
export function makeRelationIndex(store, ties) {
  const of = makeReferences(store);
  /** @type {ReturnType<typeof readTies> | null} */
  let read = null;
  const tied = () => (read = read || readTies(store, ties));
  /** Returns the partners of an id: id of the partner -> partner. @param {string} id */
  const partnersOf = (id) => tied().partners.get(id) || new Map();

  /**
   * Returns the ids of a place and of all places within it (by the column parent). For a country, in which almost all rows lie, and for an id that is
   * no place only the id itself is returned.
   *
   * @param {string} id
   */
  function within(id) {
    const places = new Set([id]);
    const start = store.ref(id);
    if (start === undefined || store.tableOf(start) !== "places" || store.get(start, "kind") === "country") return places;
    for (const place of places) { // the loop body adds to the set
      for (const child of of("places", "parent", place)) places.add(store.id(child));
    }
    return places;
  }

  /** Returns the id of the place in which a site lies; "" for an id that is no site. @param {string} id */
  function placeOf(id) {
    const r = store.ref(id);
    return r !== undefined && store.tableOf(r) === "sites" ? String(store.get(r, "place") || "") : "";
  }

  /**
   * Returns the parties of a partnership that are partners of an id in it.
   *
   * @param {string} id
   * @param {Ref} ref the partnership
   */
  const others = (id, ref) => store.list(ref, "parties").filter((party) => partnersOf(id).get(party)?.refs.includes(ref));

  /**
   * Returns the partnerships in which a row takes part, as {ref, via}: `via` is the party that lies within the row, "" if the row is a party itself.
   *
   * @param {string} id
   */
  function links(id) {
    const { refs, own } = tied().taking.get(id) || { refs: [], own: new Set() };
    return refs.map((ref) => {
      const theirs = own.has(ref) ? [] : others(id, ref);
      return { ref, via: own.has(ref) ? "" : store.list(ref, "parties").find((party) => !theirs.includes(party)) || "" };
    });
  }

  /** Returns the number of the partnerships whose parties include both partners. @param {Partner} partner */
  const ownOf = ({ refs, own }) => refs.filter((ref) => own.has(ref)).length;

  /**
   * Returns the partners of a row, those with most shared partnerships first, among equals those with most `own` ones.
   *
   * @param {string} id
   * @param {(ref: Ref) => boolean} [counts] whether a partnership counts; partners without any that counts are left out. By default all count
   * @returns {Partner[]}
   */
  const partners = (id, counts = () => true) => Array.from(partnersOf(id).values(), (partner) => ({ ...partner, refs: partner.refs.filter(counts) }))
    .filter(({ refs }) => refs.length).sort((a, b) => b.refs.length - a.refs.length || ownOf(b) - ownOf(a) || (a.id < b.id ? -1 : 1));

  /** Returns whether a built-in kind of partnership is a joint project. @param {string} kind */
  const isJoint = (kind) => Boolean(ties && ties.joint.includes(kind));

  /** Returns whether a partner is itself a party of a shared partnership, and not only a place that contains parties. @param {Partner} partner */
  const isNamed = ({ id, refs }) => refs.some((ref) => store.list(ref, "parties").includes(id));

  /** Returns all ids that take part in a partnership, as a party or as a place that contains a party. */
  const taking = () => Array.from(tied().taking.keys());

  /**
   * Returns the ids that stand for a row on the map: its own if it is drawn; else those of the most specific rows to which it belongs
   * (`ANCHOR_COLUMNS`) that are drawn; else those of partnerships that refer to it; [] if there are none.
   *
   * @param {string} id
   * @param {(id: string) => boolean} isDrawn whether a layer has a geometry for an id
   * @param {Set<string>} [visited] ids that the search has visited, for its own calls
   * @returns {string[]}
   */
  function anchors(id, isDrawn, visited = new Set()) {
    const r = store.ref(id);
    if (r === undefined || visited.has(id) || visited.size > DEEPEST) return [];
    visited.add(id);
    if (isDrawn(id)) return [id];
    /** Returns the distinct anchors of several ids. @param {string[]} ids */
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

  return { of, within, placeOf, taking, links, partners, others, isNamed, isJoint, anchors };
}
