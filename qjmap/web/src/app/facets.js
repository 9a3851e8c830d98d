/* What rows can be filtered by: category, kind, mode, status, partner, precision, source; each a dimension of the filter.
 *
 * Within a facet the chosen values are alternatives, facets hold together. A facet speaks of the tables that have its
 * column; the others stay as they are. Rows are counted and masked by their codes, so a million take milliseconds.
 *
 *   facets.all                    [{ key, vocab, chosen: Set, values: [value, most first] }]; counted when first asked for
 *   facets.chosen()               those of which something is chosen
 *   facets.choose(key, values)    the values shown; none for all
 *   facets.counts(facet)          value -> rows that would be shown, given the other filters
 *   facets.shown(table, column)   value -> rows shown now, null where the column is not told apart
 *   facets.words(facet, value)    the value as a reader has it
 *   facets.write(), read(text)    as text for the address: category:dry-port,logistics-park;status:operating
 */

const FACETS = [
  { key: "category", vocab: "category", columns: { sites: "category" } },
  { key: "kind", vocab: "partnership_kind", columns: { partnerships: "kind" } },
  { key: "mode", vocab: "mode", columns: { corridors: "mode" } },
  { key: "status", vocab: "status", columns: { sites: "status", partnerships: "status", corridors: "status", corridor_legs: "status" } },
  { key: "partner", vocab: null, columns: { partnerships: "partner" } },
  { key: "precision", vocab: "precision", columns: { sites: "level", places: "level" } },
  { key: "source", vocab: null, columns: { sites: "source", places: "source", partnerships: "source", corridors: "source", corridor_legs: "source", indicators: "source" } },
];
const NONE = "-"; // stands for "no value" in the address

/** @param {any} value */
const split = (value) => (Array.isArray(value) ? value : String(value).split("|")).filter((one) => one !== "");

/** @param {any} [values] */
const listed = (values) => (values.length ? values : [""]);

/** @param {{ meta: Meta, language: Language, store: Store, relations: Relations, filter: Filter }} given */
export function makeFacets({ meta, language, store, relations, filter }) {
  const { word, t } = language;
  const codedOf = new Map();
  const partners = makePartners({ meta, store, relations });

  /**
   * Values of a row where the table does not hold them as codes.
   *
   * @param {any} table
   * @param {any} column
   * @param {Ref} r
   */
  function valuesOf(table, column, r) {
    if (column === "partner") return partners.of(r);
    if (table === "corridors" && column === "mode") {
      return Array.from(new Set(relations.of("corridor_legs", "corridor", store.id(r)).map((leg) => store.get(leg, "mode"))));
    }
    return store.list(r, column);
  }

  /**
   * { codes, keys }: a code a row, and the values that each code stands for.
   *
   * @param {any} table
   * @param {any} column
   */
  function coded(table, column) {
    const name = table + "." + column;
    if (codedOf.has(name)) return codedOf.get(name);
    const stored = store.codes(table, column);
    let made;
    if (stored) made = { codes: stored.codes, keys: stored.values.map((/** @type {any} */ one) => listed(split(one === null ? "" : one))) };
    else {
      const numbers = new Map();
      const keys = [];
      const codes = new Uint16Array(store.rows(table));
      for (let row = 0; row < codes.length; row++) {
        const values = listed(valuesOf(table, column, store.refOf(table, row)));
        const whole = values.join("|");
        if (!numbers.has(whole)) numbers.set(whole, keys.push(values) - 1);
        codes[row] = numbers.get(whole);
      }
      made = { codes, keys };
    }
    codedOf.set(name, made);
    return made;
  }

  /**
   * @param {any} table
   * @param {any} column
   * @param {any} mask
   * @param {any} sums
   */
  function tally(table, column, mask, sums) {
    const { codes, keys } = coded(table, column);
    const found = new Uint32Array(keys.length);
    if (mask) for (let row = 0; row < codes.length; row++) found[codes[row]] += mask[row];
    else for (let row = 0; row < codes.length; row++) found[codes[row]]++;
    keys.forEach((/** @type {any} */ values, /** @type {any} */ code) => values.forEach((/** @type {any} */ value) => sums.set(value, (sums.get(value) || 0) + found[code])));
    return sums;
  }

  /**
   * Of a column that no facet has (a view may name any), rows pass whose cell is or lists a chosen value.
   *
   * @param {any} shape
   */
  function makeFacet(shape) {
    const columns = Object.fromEntries(Object.entries(shape.columns).filter(([table]) => store.tables.includes(table) && store.rows(table)));
    /** @type {any} */
    let values = null;
    const facet = { ...shape, columns, chosen: new Set(), hidden: !!shape.hidden, get values() { return (values = values || valuesIn(facet)); } };
    filter.add(facet.key, {
      mask: (/** @type {any} */ table) => maskOf(facet, table),
      row: (/** @type {Ref} */ r) => rowPasses(facet, r),
      clear() { facet.chosen.clear(); },
    });
    return facet;
  }

  /**
   * What is not stated stands last; partners only count as partners.
   *
   * @param {{ key: string, columns: any }} given
   */
  function valuesIn({ key, columns }) {
    const whole = new Map();
    for (const [table, column] of Object.entries(columns)) tally(table, column, null, whole);
    return Array.from(whole.keys()).filter((value) => value || key !== "partner")
      .sort((a, b) => Number(a === "") - Number(b === "") || whole.get(b) - whole.get(a) || (a < b ? -1 : 1));
  }

  /**
   * @param {any} facet
   * @param {any} table
   */
  function maskOf(facet, table) {
    if (!facet.chosen.size) return null;
    if (facet.key === "partner") return partners.mask(table, facet.chosen);
    if (!facet.columns[table]) return null;
    const { codes, keys } = coded(table, facet.columns[table]);
    const passing = Uint8Array.from(keys, (values) => (values.some((/** @type {any} */ value) => facet.chosen.has(value)) ? 1 : 0));
    const mask = new Uint8Array(codes.length);
    for (let row = 0; row < mask.length; row++) mask[row] = passing[codes[row]];
    return mask;
  }

  /**
   * @param {any} facet
   * @param {Ref} r
   */
  function rowPasses(facet, r) {
    const table = store.tableOf(r);
    if (!facet.chosen.size) return true;
    if (facet.key === "partner") return partners.row(r, facet.chosen);
    return !facet.columns[table] || listed(valuesOf(table, facet.columns[table], r)).some((/** @type {any} */ value) => facet.chosen.has(value));
  }

  const made = FACETS.map(makeFacet);
  /** @type {any} */
  let told = null; // those that tell rows apart
  /** @returns {Facet[]} */
  const all = () => (told = told || made.filter((facet) => facet.values.length > 1 || (facet.key === "partner" && facet.values.length)));
  /**
   * @param {string} key
   * @returns {any}
   */
  const of = (key) => all().find((one) => one.key === key);

  /* How the page begins where its view says so. */
  const begins = (meta.start || {}).filter || {};
  for (const [column, values] of Object.entries(begins)) {
    if (!of(column)) {
      const tables = store.tables.filter((table) => store.rows(table) && store.has(table, column));
      if (tables.length) all().push(makeFacet({ key: column, vocab: null, hidden: true, columns: Object.fromEntries(tables.map((table) => [table, column])) }));
    }
    if (of(column)) values.forEach((/** @type {any} */ value) => of(column).chosen.add(value));
  }

  /** @param {any} facet */
  function counts(facet) {
    const sums = new Map();
    for (const [table, column] of Object.entries(facet.columns)) tally(table, column, filter.mask(table, facet.key), sums);
    return sums;
  }

  /**
   * @param {any} table
   * @param {any} column
   */
  function shown(table, column) {
    const facet = all().find((one) => one.columns[table] === column);
    return facet || (table === "places" && column === "kind") ? tally(table, column, filter.mask(table), new Map()) : null;
  }

  /**
   * @param {any} facet
   * @param {any} value
   */
  function words(facet, value) {
    if (!value) return t(facet.key === "source" ? "source.none" : "facet.unstated");
    if (facet.vocab) return word(facet.vocab, value);
    return store.nameOfId(value);
  }

  /**
   * @param {string} key
   * @param {any} [values]
   */
  function choose(key, values) {
    of(key).chosen = new Set(values);
    filter.changed(key);
  }

  const chosen = () => (told || made).filter((/** @type {any} */ one) => one.chosen.size);

  const write = () => chosen()
    .map((/** @type {any} */ one) => one.key + ":" + Array.from(one.chosen, (value) => value || NONE).sort().join(",")).join(";");

  /**
   * Values that the page does not have are dropped: an old link shows what it can. Tells the filter once.
   *
   * @param {any} text
   */
  function read(text) {
    const wanted = new Map(text.split(";").filter(Boolean).map((/** @type {any} */ part) => [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1).split(",")]));
    let touched = "";
    for (const facet of all()) {
      const values = (wanted.get(facet.key) || []).map((/** @type {any} */ value) => (value === NONE ? "" : value)).filter((/** @type {any} */ value) => facet.values.includes(value));
      if (values.length === facet.chosen.size && values.every((/** @type {any} */ value) => facet.chosen.has(value))) continue;
      facet.chosen = new Set(values);
      filter.stale(facet.key);
      touched = facet.key;
    }
    if (touched) filter.changed(touched);
  }

  return { get all() { return all(); }, chosen, of, choose, counts, shown, words, write, read };
}

/**
 * Who takes part with whom, for the filter by partner: a partner counts for the places within it and for its sites.
 *
 * @param {{ meta: Meta, store: Store, relations: Relations }} given
 */
function makePartners({ meta, store, relations }) {
  const homes = relations.within(meta.home);
  const owners = new Map(); // party -> the partners for whom it counts
  /** @type {any} */
  let listed = null;

  /* Every party that is not at home, in the order of the table. */
  function partners() {
    if (listed) return listed;
    listed = new Set();
    for (let row = 0; row < store.rows("partnerships"); row++) {
      for (const party of store.list(store.refOf("partnerships", row), "parties")) if (!relations.belongs(party, homes)) listed.add(party);
    }
    for (const partner of listed) {
      for (const one of relations.within(partner)) owners.set(one, [...(owners.get(one) || []), partner]);
    }
    return listed;
  }

  /** @param {string} party */
  function ownersOf(party) {
    partners();
    const r = store.ref(party);
    const place = r !== undefined && store.tableOf(r) === "sites" ? store.get(r, "place") : "";
    const found = [...(owners.get(party) || []), ...(place ? owners.get(place) || [] : [])];
    return homes.has(party) ? [] : found;
  }

  /**
   * Partners that take part in a partnership, themselves or through what lies within them.
   *
   * @param {Ref} r
   */
  const of = (r) => Array.from(new Set(store.list(r, "parties").flatMap(ownersOf)));

  /**
   * What a choice of partners leaves: their partnerships; the parties and subjects of these; what lies within the partners.
   *
   * @param {any} table
   * @param {any} chosen
   */
  function mask(table, chosen) {
    if (!["places", "sites", "partnerships", "corridors"].includes(table)) return null;
    const rows = new Uint8Array(store.rows(table));
    const own = new Set(Array.from(chosen).flatMap((one) => Array.from(relations.within(one))));
    const tied = new Set(own);
    for (let row = 0; row < store.rows("partnerships"); row++) {
      const r = store.refOf("partnerships", row);
      if (!of(r).some((one) => chosen.has(one))) continue;
      if (table === "partnerships") rows[row] = 1;
      for (const column of ["parties", "about"]) store.list(r, column).forEach((one) => tied.add(one));
      relations.of("sites", "part_of", store.id(r)).forEach((one) => tied.add(store.id(one)));
    }
    if (table === "partnerships") return rows;
    for (const id of tied) {
      const r = store.ref(id);
      if (r !== undefined && store.tableOf(r) === table) rows[store.rowOf(r)] = 1;
    }
    if (table === "sites") {
      const places = store.codes("sites", "place");
      if (places) {
        const inside = places.values.map((/** @type {any} */ one) => own.has(one));
        for (let row = 0; row < rows.length; row++) if (inside[places.codes[row]]) rows[row] = 1;
      } else for (const place of own) relations.of("sites", "place", place).forEach((r) => { rows[store.rowOf(r)] = 1; });
    }
    return rows;
  }

  /**
   * The same of one draft: a partnership by its parties, what has a place by where that lies.
   *
   * @param {Ref} r
   * @param {any} chosen
   */
  function row(r, chosen) {
    const table = store.tableOf(r);
    if (table === "partnerships") return of(r).some((one) => chosen.has(one));
    if (table !== "sites" && table !== "places") return true;
    const lies = store.get(r, table === "sites" ? "place" : "parent");
    return Array.from(chosen).some((one) => relations.within(one).has(lies));
  }

  return { of, mask, row };
}
