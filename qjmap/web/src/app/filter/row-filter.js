/* Determines which rows are shown: those that pass all filters.
 *
 * A dimension (a facet, the text, a period) has for each table a mask of one byte per row: 1 if the row passes, else 0. A row is shown if
 * it passes all dimensions. Map, legend, list, counts and exports use this filter.
 */

/** @typedef {{ dimension: Dimension, masks: Map<string, Uint8Array | null> }} Entry A dimension, and its cached masks: table -> mask. */

/**
 * Returns the mask of one dimension; null if all rows pass.
 *
 * @param {Entry} entry
 * @param {string} table
 */
function maskOf({ dimension, masks }, table) {
  if (!masks.has(table)) masks.set(table, dimension.mask(table));
  return masks.get(table) || null;
}

/**
 * Makes the functions that intersect the masks of all dimensions, and cache the result.
 *
 * @param {Map<string, Entry>} dimensions name -> dimension
 */
function makeMasks(dimensions) {
  /** @type {Map<string, Uint8Array | null>} */
  const cache = new Map();

  /** Computes the intersection of the masks of a table; null if all rows pass. @param {string} table @param {string} [without] a dimension to leave out */
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
     * Returns the intersection of all masks of a table; null if all rows pass. The mask must not be changed.
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

/**
 * Makes the functions that count the rows that pass.
 *
 * @param {Store} store
 * @param {(table: string, without?: string) => Uint8Array | null} mask
 */
function makeNumbers(store, mask) {
  /** Returns the number of rows of a table that are shown, without drafts. @param {string} table @param {string} [without] a dimension to leave out */
  function count(table, without) {
    const rows = mask(table, without);
    return rows ? rows.reduce((sum, one) => sum + one, 0) : store.rows(table);
  }

  return {
    count,
    /** Returns numbers of rows of a table: `shown` and `total` without rows that only the older of two editions has, `withdrawn` those of the latter that are shown. @param {string} table */
    numbers(table) {
      const rows = mask(table), counts = { shown: count(table), total: store.rows(table), withdrawn: 0 };
      store.withdrawn(table)?.forEach((one, row) => {
        counts.total -= one;
        counts.withdrawn += one && (rows ? rows[row] : 1);
      });
      counts.shown -= counts.withdrawn;
      return counts;
    },
  };
}

/** Makes the filter, without dimensions. @param {Store} store */
export function makeRowFilter(store) {
  /** @type {Map<string, Entry>} */
  const dimensions = new Map();
  /** @type {(() => void)[]} */
  const listeners = [];
  const { mask, clear } = makeMasks(dimensions);
  /** Returns the entry of a dimension. @param {string} name */
  const entryOf = (name) => /** @type {Entry} */ (dimensions.get(name));

  /** Returns whether a row or draft is shown. @param {Ref} r */
  function passes(r) {
    if (store.draft(r) !== null) return Array.from(dimensions.values()).every(({ dimension }) => dimension.row(r));
    const rows = mask(store.tableOf(r));
    return !rows || rows[store.rowOf(r)] === 1;
  }

  /** Discards the cached intersections and the masks of dimensions that depend on others, and calls the listeners. */
  function notify() {
    clear();
    for (const { dimension, masks } of dimensions.values()) if (dimension.follows) masks.clear();
    listeners.forEach((listener) => listener());
  }

  /** Discards the masks of a dimension without calling the listeners, for use before another change that calls them. @param {string} name */
  const invalidate = (name) => entryOf(name).masks.clear();

  return {
    mask, passes, invalidate, notify,
    /** Returns the mask of one dimension; null if all rows pass. @param {string} name @param {string} table */
    only: (name, table) => maskOf(entryOf(name), table),
    /** Returns whether a dimension hides a row or draft. @param {string} name @param {Ref} r */
    hides(name, r) {
      const entry = entryOf(name);
      if (store.draft(r) !== null) return !entry.dimension.row(r);
      const rows = maskOf(entry, store.tableOf(r));
      return rows !== null && !rows[store.rowOf(r)];
    },
    /** Returns the drafts of a table that are shown. @param {string} table */
    drafts: (table) => store.drafts(table).filter(passes),
    ...makeNumbers(store, mask),
    /** Handles the change of a dimension: its masks are computed again, and the listeners are called. @param {string} name */
    changed(name) {
      invalidate(name);
      notify();
    },
    /** Computes the masks of all dimensions again, since cells have changed, and calls the listeners. */
    renew() {
      for (const { masks } of dimensions.values()) masks.clear();
      notify();
    },
    /** Returns the shown rows of a table as its layer takes them (`setFilter`); null for all rows. @param {string} table @returns {ShownRows | null} */
    shownOf(table) {
      const rows = mask(table);
      return rows && { mask: rows, has: (id) => { const r = store.ref(id); return r !== undefined && store.tableOf(r) === table && rows[store.rowOf(r)] === 1; } };
    },
    /** Registers a dimension. @param {string} name @param {Dimension} dimension */
    add(name, dimension) { dimensions.set(name, { dimension, masks: new Map() }); },
    /** Returns the names of the dimensions that filter any table. */
    active: () => Array.from(dimensions).filter(([, entry]) => store.tables.some((table) => maskOf(entry, table))).map(([name]) => name),
    /** Removes all filters. */
    clear() {
      for (const { dimension, masks } of dimensions.values()) {
        dimension.clear();
        masks.clear();
      }
      notify();
    },
    /** Calls a listener after each change of the shown rows. @param {() => void} listener */
    onChange: (listener) => { listeners.push(listener); },
  };
}
