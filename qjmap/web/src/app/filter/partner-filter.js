/* The filter by partner: a partner counts for the places within it and for its sites. */

/**
 * Every party that is not at home, in the order of the table.
 *
 * @param {Store} store
 * @param {RelationIndex} relations
 * @param {Set<string>} homes
 */
function findPartners(store, relations, homes) {
  /** @type {Set<string>} */
  const partners = new Set();
  for (let row = 0; row < store.rows("partnerships"); row++) {
    for (const party of store.list(store.refOf("partnerships", row), "parties")) if (!relations.belongs(party, homes)) partners.add(party);
  }
  return partners;
}

/**
 * Marks the sites that lie in some places.
 *
 * @param {Store} store
 * @param {RelationIndex} relations
 * @param {Set<string>} places
 * @param {Uint8Array} mask
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

/** @param {{ meta: Meta, store: Store, relations: RelationIndex }} parts */
export function makePartnerFilter({ meta, store, relations }) {
  const homes = relations.within(meta.home);
  /** @type {Map<string, string[]> | null} party -> the partners for whom it counts */
  let partnersOf = null;

  /** @param {string} party */
  function ownersOf(party) {
    if (!partnersOf) {
      partnersOf = new Map();
      for (const partner of findPartners(store, relations, homes)) {
        for (const place of relations.within(partner)) partnersOf.set(place, [...(partnersOf.get(place) || []), partner]);
      }
    }
    if (homes.has(party)) return [];
    const r = store.ref(party), place = r !== undefined && store.tableOf(r) === "sites" ? store.get(r, "place") : "";
    return [...(partnersOf.get(party) || []), ...(partnersOf.get(place) || [])];
  }

  /**
   * Partners that take part in a partnership, themselves or through what lies within them.
   *
   * @param {Ref} r
   */
  const of = (r) => Array.from(new Set(store.list(r, "parties").flatMap(ownersOf)));

  /**
   * Rows that a choice of partners leaves: their partnerships; the parties and subjects of these; what lies within the partners.
   *
   * @param {string} table
   * @param {Set<string>} chosen
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
   * Whether a draft passes: a partnership by its parties, what has a place by where that lies.
   *
   * @param {Ref} r
   * @param {Set<string>} chosen
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
