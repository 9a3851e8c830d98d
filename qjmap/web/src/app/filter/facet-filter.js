/* Facets: those that the page's metadata describe (`meta.filters`), and one for each own column with values to filter by; each is a dimension
 * of the row filter.
 *
 * A row passes a facet if it has any of the chosen values, and it must pass all facets. A facet applies to the tables that have its column.
 * Rows are counted and masked by the codes of their values, which takes milliseconds for a million rows.
 */

import { makePartnerFilter } from "./partner-filter.js";

/** @typedef {ReturnType<typeof makeFacetColumns>} FacetColumns */

const NONE = "-"; // means "no value" in the link
const OWN = "own."; // prefix of the key of a column that the schema does not define

/** Returns the non-empty items of a list, or of a text that separates them by "|". @param {string | string[] | null} value */
const split = (value) => (Array.isArray(value) ? value : String(value ?? "").split("|")).filter((item) => item !== "");
/** Returns the values, [""] if there are none. @param {string[]} values */
const orEmpty = (values) => (values.length ? values : [""]);

/**
 * Makes the functions that read columns as codes, each of which stands for one or several values (a list), and count their values.
 *
 * @param {Store} store
 * @param {RelationIndex} relations
 * @param {ReturnType<typeof makePartnerFilter>} partners
 * @param {FacetShape[]} shapes
 * @param {boolean} words whether a text is always one value, and not split at "|"
 */
function makeFacetColumns(store, relations, partners, shapes, words) {
  /** @type {Map<string, { codes: Numbers, values: string[][] }>} table, column and edition of the cells -> code of each row, values of each code */
  const cache = new Map();

  /**
   * Returns the values of a row in a column that is not coded: its partners, the values of rows that refer to it (`through`), or its cell.
   *
   * @param {string} table
   * @param {string} column
   * @param {Ref} r
   */
  function valuesOf(table, column, r) {
    if (column === "partner") return partners.of(r);
    const through = shapes.find(({ columns, through: by }) => by && by[table] && columns[table] === column)?.through?.[table];
    return through ? Array.from(new Set(relations.of(...through, store.id(r)).map((other) => store.get(other, column)))) : store.list(r, column);
  }

  /** Returns a column as codes by row, and the values of each code. @param {string} table @param {string} column */
  function encode(table, column) {
    const stored = /** @type {{ codes: Numbers, values: (string | string[] | null)[] } | null} */ (store.codes(table, column));
    if (stored) return { codes: stored.codes, values: stored.values.map((value) => (words && !Array.isArray(value) ? [String(value ?? "")] : orEmpty(split(value)))) };
    const numbers = new Map(), values = /** @type {string[][]} */ ([]), codes = new Uint16Array(store.rows(table));
    for (let row = 0; row < codes.length; row++) {
      const items = orEmpty(valuesOf(table, column, store.refOf(table, row))), key = items.join("|");
      if (!numbers.has(key)) numbers.set(key, values.push(items) - 1);
      codes[row] = numbers.get(key);
    }
    return { codes, values };
  }

  /** Does the same, and caches the result. @param {string} table @param {string} column */
  function coded(table, column) {
    const name = [table, column, store.edition].join("."), known = cache.get(name) || encode(table, column);
    cache.set(name, known);
    return known;
  }

  /**
   * Adds, for each value of a column, the number of rows that have it to `counts`, and returns `counts`. Rows that only the older of two
   * editions has count in no column but that of what changed.
   *
   * @param {string} table
   * @param {string} column
   * @param {Uint8Array | null} mask the rows to count; null for all
   * @param {Map<string, number>} counts value -> number of rows
   */
  function tally(table, column, mask, counts) {
    const { codes, values } = coded(table, column), byCode = new Uint32Array(values.length);
    const gone = column === "edition_change" ? null : store.withdrawn(table);
    for (let row = 0; row < codes.length; row++) if (!gone?.[row]) byCode[codes[row]] += mask ? mask[row] : 1;
    values.forEach((items, code) => items.forEach((value) => counts.set(value, (counts.get(value) || 0) + byCode[code])));
    return counts;
  }

  return { valuesOf: (/** @type {string} */ table, /** @type {string} */ column, /** @type {Ref} */ r) => orEmpty(valuesOf(table, column, r)), coded, tally };
}

/**
 * Makes a facet and registers it as a dimension of the filter. Tables without rows or not on the page are left out of it.
 *
 * @param {FacetShape} shape
 * @param {{ store: Store, filter: RowFilter, columns: FacetColumns, partners: ReturnType<typeof makePartnerFilter>, ownColumns: OwnColumns }} parts
 * @returns {Facet}
 */
function makeFacet({ key, vocab, columns: all, hidden = false, own }, { store, filter, columns: reader, partners, ownColumns }) {
  const columns = Object.fromEntries(Object.entries(all).filter(([table]) => store.tables.includes(table) && store.rows(table)));
  /** @type {string[] | null} */
  let values = null;
  let edition = store.edition; // of the cells from which `values` are

  /** Returns the values: those of an own column in its `order` or, if they are not texts, as numbers; all others by number of rows, descending; "" last. */
  function findValues() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const [table, column] of Object.entries(columns)) reader.tally(table, column, null, counts);
    const count = (/** @type {string} */ value) => counts.get(value) || 0;
    /** Returns the sort key of a value; that of a class without a lower bound is -Infinity. @type {(value: string) => number} */
    const place = own && own.order ? (value) => (own.order || []).indexOf(value)
      : own && own.kind !== "text" ? (value) => (Number.isNaN(parseFloat(value)) ? -Infinity : parseFloat(value)) : (value) => -count(value);
    return Array.from(counts.keys()).filter((value) => value || key !== "partner")
      .sort((a, b) => Number(a === "") - Number(b === "") || place(a) - place(b) || (a < b ? -1 : 1));
  }

  /** @type {Facet} */
  const facet = { key, vocab, columns, own, chosen: new Set(), hidden, get values() {
    if (!values || edition !== store.edition) [values, edition] = [findValues(), store.edition];
    return values;
  } };
  filter.add(key, {
    mask(table) {
      const { chosen } = facet;
      if (!chosen.size) return null;
      if (key === "partner") return partners.mask(table, chosen);
      if (!columns[table]) return null;
      const { codes, values: byCode } = reader.coded(table, columns[table]);
      const passing = Uint8Array.from(byCode, (items) => (items.some((value) => chosen.has(value)) ? 1 : 0));
      const mask = new Uint8Array(codes.length);
      for (let row = 0; row < mask.length; row++) mask[row] = passing[codes[row]];
      return mask;
    },
    row(r) {
      const { chosen } = facet, table = store.tableOf(r);
      if (!chosen.size) return true;
      if (key === "partner") return partners.row(r, chosen);
      if (own && own.kind !== "text") return !columns[table] || chosen.has(ownColumns.classOf(own, String(store.get(r, own.name)), facet.values));
      return !columns[table] || reader.valuesOf(table, columns[table], r).some((value) => chosen.has(value));
    },
    clear() { facet.chosen.clear(); },
  });
  return facet;
}

/**
 * Applies the choice with which the page of a view opens.
 *
 * @param {Record<string, string[]>} begins column -> chosen values
 * @param {Facet[]} facets facets that are offered; for a column without one a hidden facet is added
 * @param {Store} store
 * @param {(shape: FacetShape) => Facet} make makes and registers a facet
 */
function applyView(begins, facets, store, make) {
  for (const [column, values] of Object.entries(begins)) {
    let facet = facets.find(({ key }) => key === column || key === OWN + column);
    const tables = facet ? [] : store.tables.filter((table) => store.rows(table) && store.has(table, column));
    if (tables.length) facets.push((facet = make({ key: column, vocab: null, hidden: true, columns: Object.fromEntries(tables.map((table) => [table, column])) })));
    for (const value of values) if (facet) facet.chosen.add(value);
  }
}

/** Escapes the separators of the link, and a value that is only NONE. @param {string} text */
const escaped = (text) => text.replace(/[%:;,]|^-$/g, (sign) => "%" + sign.charCodeAt(0).toString(16).padStart(2, "0"));

/**
 * Returns the chosen values of facets as text for the link: category:dry-port,logistics-park;status:operating
 *
 * @param {Facet[]} facets
 */
const writeChoice = (facets) =>
  facets.map(({ key, chosen }) => escaped(key) + ":" + Array.from(chosen, (value) => escaped(value) || NONE).sort().join(",")).join(";");

/** Undoes `escaped`. @param {string} text */
const unescaped = (text) => text.replace(/%([0-9a-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));

/**
 * Parses the text of a link. Returns key of a facet -> chosen values.
 *
 * @param {string} text
 */
const readChoice = (text) => new Map(text.split(";").filter(Boolean).map((part) => {
  const colon = part.indexOf(":");
  return [unescaped(part.slice(0, colon)), part.slice(colon + 1).split(",").map((value) => (value === NONE ? "" : unescaped(value)))];
}));

/**
 * Returns the descriptions of the facets of own columns. In an atlas, tables with a column of the same name share a facet; on a page of frames
 * each table has its own.
 *
 * @param {Store} store
 * @param {OwnColumns} own
 */
function ownFacets(store, own) {
  /** @type {Map<string, FacetShape>} */
  const shapes = new Map();
  for (const table of store.tables) {
    const { facets } = own;
    for (const column of [...own.of(table), ...((facets && facets[table]) || [])]) {
      const key = (facets ? table + "." : "") + OWN + column.name, shape = shapes.get(key) || { key, vocab: null, columns: {}, own: column, hidden: column.hidden };
      if (column.filter) shapes.set(key, { ...shape, columns: { ...shape.columns, [table]: column.filter } });
    }
  }
  return Array.from(shapes.values());
}

/** Makes the facets of a page. @param {{ meta: Meta, language: Language, store: Store, relations: RelationIndex, filter: RowFilter, own: OwnColumns }} parts */
export function makeFacetFilter({ meta, language, store, relations, filter, own }) {
  const partners = makePartnerFilter({ meta, store, relations });
  const shapes = meta.filters || [], columns = makeFacetColumns(store, relations, partners, shapes, Boolean(own.facets));
  const make = (/** @type {FacetShape} */ shape) => makeFacet(shape, { store, filter, columns, partners, ownColumns: own });
  const candidates = [...shapes, ...ownFacets(store, own)].map(make);
  /** @type {Facet[] | null} facets with more than one value (that of partners with any), determined on first use */
  let offered = null;
  const all = () => (offered = offered || candidates.filter(({ key, values }) => values.length > 1 || (key === "partner" && values.length)));
  const begins = meta.start && meta.start.filter;
  if (begins) applyView(begins, all(), store, make);
  const chosen = () => (offered || candidates).filter((facet) => facet.chosen.size);
  /** Returns the offered facet with a key; undefined without one. @param {string} key */
  const of = (key) => all().find((facet) => facet.key === key);

  return {
    /** The facets that are offered: those with more than one value, that of partners with any, and those of the view. */
    get all() { return all(); },
    /** Returns the facets with chosen values. */
    chosen,
    of,
    /** Shows only rows with these values of a facet; all rows if there are none. @param {string} key @param {Iterable<string>} values */
    choose(key, values) {
      const facet = of(key);
      if (facet) facet.chosen = new Set(values);
      filter.changed(key);
    },
    /** Returns value -> number of rows with it that pass all other filters. @param {Facet} facet */
    counts(facet) {
      /** @type {Map<string, number>} */
      const counts = new Map();
      for (const [table, column] of Object.entries(facet.columns)) columns.tally(table, column, filter.mask(table, facet.key), counts);
      return counts;
    },
    /** Returns value -> number of rows with it that are shown now; null if the column is neither that of a facet nor the kind of the table. @param {string} table @param {string} column */
    shown(table, column) {
      const counted = all().some((facet) => facet.columns[table] === column) || store.views.get(table)?.kind?.[0] === column;
      return counted ? columns.tally(table, column, filter.mask(table), new Map()) : null;
    },
    /** Returns the label of a facet. @param {Facet} facet */
    label: (facet) => (facet.own ? own.label(facet.own) : language.t("facet." + facet.key)),
    /** Returns the label of a value. @param {Facet} facet @param {string} value */
    words({ key, vocab, own: column }, value) {
      if (!value) return language.t(key === "source" ? "source.none" : "facet.unstated");
      if (column) return own.words(column, value);
      return vocab ? language.word(vocab, value) : store.nameOfId(value);
    },
    /** Returns the chosen values as text for the link. */
    write: () => writeChoice(chosen()),
    /** Sets the chosen values of all facets from the text of a link; values that the page does not have are ignored. @param {string} text */
    read(text) {
      const choice = readChoice(text);
      let touched = "";
      for (const facet of all()) {
        const values = (choice.get(facet.key) || []).filter((value) => facet.values.includes(value));
        if (values.length === facet.chosen.size && values.every((value) => facet.chosen.has(value))) continue;
        facet.chosen = new Set(values);
        filter.invalidate(facet.key);
        touched = facet.key;
      }
      if (touched) filter.changed(touched);
    },
  };
}
