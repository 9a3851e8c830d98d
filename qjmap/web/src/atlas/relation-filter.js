/* A filter that follows relations: if one table is filtered, other tables show only the rows that belong to its remaining rows.
 *
 * After a choice of kinds of partnership only their parties, sites and corridors are shown; after one of categories of sites, only
 * partnerships about such sites and the places where these lie; after one of a status, which all tables but places have, only places of
 * rows with this status. This filter never hides the home place.
 */

const COLUMNS = ["parties", "about"];

/** Adds the filter to the row filter. @param {PageFace} face */
export function makeRelationFilter({ meta, store, relations, filter, facets }) {
  const isChosen = (/** @type {string} */ key) => facets.chosen().some((facet) => facet.key === key);

  /** Returns whether a row passes a mask of its table. @param {Uint8Array | null} mask @param {Ref} r */
  const passes = (mask, r) => !mask || mask[store.rowOf(r)] === 1;

  /** Returns the ids of the rows to which a partnership refers, and of the sites that are part of it. @param {Ref} r */
  const tiesOf = (r) => [...COLUMNS.flatMap((column) => store.list(r, column)), ...relations.of("sites", "part_of", store.id(r)).map(store.id)];

  /**
   * Returns the ids of the partnerships in a mask (`kept`), and of home and all rows that belong to these partnerships (`tied`).
   *
   * @param {Uint8Array | null} links mask of partnerships; null for all
   * @param {Uint8Array | null} sites mask of sites; null for all
   * @param {boolean} bySites whether only partnerships count to which a site in the mask belongs
   */
  function collect(links, sites, bySites) {
    const kept = new Set(), tied = new Set([meta.home]);
    for (let row = 0; row < store.rows("partnerships"); row++) {
      const r = store.refOf("partnerships", row), ids = passes(links, r) ? tiesOf(r) : [];
      if (bySites && !ids.some((id) => { const site = store.ref(id); return site !== undefined && store.tableOf(site) === "sites" && passes(sites, site); })) continue;
      if (passes(links, r)) kept.add(store.id(r));
      for (const id of ids) tied.add(id).add(relations.placeOf(id));
    }
    return { kept, tied };
  }

  /** Adds the ids of the places of the sites in a mask to `ids`. @param {Set<string>} ids @param {Uint8Array | null} sites */
  function addPlaces(ids, sites) {
    const coded = store.codes("sites", "place");
    if (!coded) return;
    coded.codes.forEach((code, row) => { if (!sites || sites[row]) ids.add(String(coded.values[code] ?? "")); });
  }

  /** Returns the mask of the rows of a table that have one of the ids. @param {string} table @param {Set<string>} ids */
  function maskOf(table, ids) {
    const mask = new Uint8Array(store.rows(table));
    for (const id of ids) {
      const r = store.ref(id);
      if (r !== undefined && store.tableOf(r) === table) mask[store.rowOf(r)] = 1;
    }
    return mask;
  }

  filter.add("tied", {
    follows: true,
    mask(table) {
      const byKind = isChosen("kind"), byCategory = isChosen("category"), byStatus = isChosen("status");
      const leads = byKind || byCategory || (byStatus && table === "places");
      if (!leads || !store.layered.includes(table) || (table === "sites" && !byKind) || (table === "partnerships" && !byCategory)) return null;
      // Places follow all filters. Other tables follow only kind and category; the other facets filter them by their own columns.
      const [links, sites] = table === "places" ? [filter.mask("partnerships", "tied"), filter.mask("sites", "tied")]
        : [byKind ? filter.only("kind", "partnerships") : null, byCategory ? filter.only("category", "sites") : null];
      const { kept, tied } = collect(links, sites, byCategory);
      if (table === "places" && (byCategory || byStatus)) addPlaces(tied, sites);
      return maskOf(table, table === "partnerships" ? kept : tied);
    },
    row: () => true,
    clear() {},
  });
}
