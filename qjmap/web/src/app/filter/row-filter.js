/* Which rows are shown: the intersection of all filters.
 *
 * A dimension (the switches of the layers, a search for text, a span of time) says of each table which rows pass, as a
 * mask of one byte a row. A row is shown when it passes all dimensions. Map, legend, list, counts and exports ask here.
 */

/** @typedef {{ dimension: Dimension, masks: Map<string, Uint8Array | null> }} Entry A dimension with its cached masks by table. */

/**
 * The mask of one dimension, null where all rows pass.
 *
 * @param {Entry} entry
 * @param {string} table
 */
function maskOf({ dimension, masks }, table) {
  if (!masks.has(table)) masks.set(table, dimension.mask(table));
  return masks.get(table) || null;
}

/**
 * The masks of all dimensions, and their intersections.
 *
 * @param {Map<string, Entry>} dimensions
 */
function makeMasks(dimensions) {
  /** @type {Map<string, Uint8Array | null>} */
  const cache = new Map();

  /**
   * @param {string} table
   * @param {string} [without] a dimension to leave out
   */
  function intersect(table, without) {
    const masks = Array.from(dimensions).flatMap(([name, entry]) => (name === without ? [] : maskOf(entry, table) || []));
    if (masks.length < 2) return masks[0] || null;
    const all = masks[0].slice();
    for (const mask of masks.slice(1)) for (let row = 0; row < all.length; row++) all[row] &= mask[row];
    return all;
  }

  return {
    clear: () => cache.clear(),
    /**
     * The intersection of all masks, null where all rows pass.
     *
     * @param {string} table
     * @param {string} [without] a dimension to leave out
     */
    mask(table, without) {
      if (without) return intersect(table, without);
      if (!cache.has(table)) cache.set(table, intersect(table));
      return cache.get(table) || null;
    },
  };
}

/** @param {Store} store */
export function makeRowFilter(store) {
  /** @type {Map<string, Entry>} */
  const dimensions = new Map();
  /** @type {(() => void)[]} */
  const listeners = [];
  const { mask, clear } = makeMasks(dimensions);
  /** @param {string} name */
  const entryOf = (name) => /** @type {Entry} */ (dimensions.get(name));

  /** Whether a row is shown. @param {Ref} r */
  function passes(r) {
    if (store.draft(r) !== null) return Array.from(dimensions.values()).every(({ dimension }) => dimension.row(r));
    const rows = mask(store.tableOf(r));
    return !rows || rows[store.rowOf(r)] === 1;
  }

  /** Tells the listeners that other rows are shown. */
  function notify() {
    clear();
    for (const { dimension, masks } of dimensions.values()) if (dimension.follows) masks.clear();
    listeners.forEach((listener) => listener());
  }

  /** Marks the masks of a dimension as outdated, when another change follows at once. @param {string} name */
  const invalidate = (name) => entryOf(name).masks.clear();

  return {
    mask, passes, invalidate, notify,
    /** The mask of one dimension. @param {string} name @param {string} table */
    only: (name, table) => maskOf(entryOf(name), table),
    /** Whether a dimension holds a row back. @param {string} name @param {Ref} r */
    hides(name, r) {
      const entry = entryOf(name);
      if (store.draft(r) !== null) return !entry.dimension.row(r);
      const rows = maskOf(entry, store.tableOf(r));
      return rows !== null && !rows[store.rowOf(r)];
    },
    /** The drafts of a table that are shown. @param {string} table */
    drafts: (table) => store.drafts(table).filter(passes),
    /** Number of rows that are shown, without drafts. @param {string} table @param {string} [without] a dimension to leave out */
    count(table, without) {
      const rows = mask(table, without);
      if (!rows) return store.rows(table);
      let sum = 0;
      for (let row = 0; row < rows.length; row++) sum += rows[row];
      return sum;
    },
    /** Announces other masks of a dimension. @param {string} name */
    changed(name) {
      invalidate(name);
      notify();
    },
    /** Rows of a table as its layer takes them: null for all. @param {string} table @returns {ShownRows | null} */
    shownOf(table) {
      const rows = mask(table);
      return rows && { mask: rows, has: (id) => { const r = store.ref(id); return r !== undefined && store.tableOf(r) === table && rows[store.rowOf(r)] === 1; } };
    },
    /** Registers a dimension. @param {string} name @param {Dimension} dimension */
    add(name, dimension) { dimensions.set(name, { dimension, masks: new Map() }); },
    /** Names of the dimensions that hold something back. */
    active: () => Array.from(dimensions).filter(([, entry]) => store.tables.some((table) => maskOf(entry, table))).map(([name]) => name),
    /** Shows everything. */
    clear() {
      for (const { dimension, masks } of dimensions.values()) {
        dimension.clear();
        masks.clear();
      }
      notify();
    },
    /** @param {() => void} listener */
    onChange: (listener) => { listeners.push(listener); },
  };
}
