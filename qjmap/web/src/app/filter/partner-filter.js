/* The filter by partner. A partnership of the home place has the partners that the home place's panel lists; any other partnership all ids that
 * take part in it. */

import { pushTo } from "../base/dom.js";

/**
 * Sets the bytes of the sites that lie in the given places to 1.
 *
 * @param {Store} store
 * @param {RelationIndex} relations
 * @param {Set<string>} places ids
 * @param {Uint8Array} mask one byte for each site
 */
function markSitesIn(store, relations, places, mask) {
  const coded = store.codes("sites", "place");
  if (!coded) {
    for (const place of places) for (const r of relations.of("sites", "place", place)) mask[store.rowOf(r)] = 1;
    return;
  }
  const inside = coded.values.map((place) => places.has(place));
  for (let row = 0; row < mask.length; row++) if (inside[coded.codes[row]]) mask[row] = 1;
}

/** Makes the functions of the filter. @param {{ meta: Meta, store: Store, relations: RelationIndex }} parts */
export function makePartnerFilter({ meta, store, relations }) {
  /** @type {Map<Ref, string[]> | null} partners of each partnership */
  let partnersOf = null;

  /** Returns the partners of each partnership by which it is filtered. */
  function gather() {
    /** @type {Map<Ref, string[]>} */
    const found = new Map();
    const ofHome = new Set(relations.links(meta.home || "").map(({ ref }) => ref));
    for (const { id, refs } of relations.partners(meta.home || "")) for (const ref of refs) pushTo(found, ref, id);
    for (const id of relations.taking()) for (const { ref } of relations.links(id)) if (!ofHome.has(ref)) pushTo(found, ref, id);
    return found;
  }

  /**
   * Returns the ids by which a partnership is filtered: the home place's partners in it; if the home place takes no part in it, all ids that
   * do; for a draft its parties.
   *
   * @param {Ref} r
   */
  const of = (r) => (store.draft(r) ? store.list(r, "parties") : (partnersOf = partnersOf || gather()).get(r) || []);

  /**
   * Returns the mask of the rows that pass a choice of partners: their partnerships; what takes part in these, what they are about and sites that
   * are part of them; places and sites within the partners. null for a table without a layer, of which all rows pass.
   *
   * @param {string} table
   * @param {Set<string>} chosen ids of partners
   */
  function mask(table, chosen) {
    if (!store.layered.includes(table)) return null;
    const rows = new Uint8Array(store.rows(table));
    const places = new Set(Array.from(chosen).flatMap((partner) => Array.from(relations.within(partner))));
    const tied = new Set(places);
    for (let row = 0; row < store.rows("partnerships"); row++) {
      const r = store.refOf("partnerships", row);
      if (!of(r).some((partner) => chosen.has(partner))) continue;
      if (table === "partnerships") rows[row] = 1;
      for (const column of ["parties", "about"]) for (const id of store.list(r, column)) tied.add(id);
      for (const site of relations.of("sites", "part_of", store.id(r))) tied.add(store.id(site));
    }
    if (table === "partnerships") return rows;
    for (const id of tied) {
      const r = store.ref(id);
      if (r !== undefined && store.tableOf(r) === table) rows[store.rowOf(r)] = 1;
    }
    if (table === "sites") markSitesIn(store, relations, places, rows);
    return rows;
  }

  /**
   * Returns whether a draft passes: a partnership by its parties, a site or place by the place in which it lies; any other row passes.
   *
   * @param {Ref} r
   * @param {Set<string>} chosen ids of partners
   */
  function row(r, chosen) {
    const table = store.tableOf(r);
    if (table === "partnerships") return of(r).some((partner) => chosen.has(partner));
    if (table !== "sites" && table !== "places") return true;
    const place = store.get(r, table === "sites" ? "place" : "parent");
    return Array.from(chosen).some((partner) => relations.within(partner).has(place));
  }

  return { of, mask, row };
}
