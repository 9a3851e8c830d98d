/* Which rows are shown: where every filter meets.
 *
 * A dimension (the switches of the layers, a search for text, a span of time) says of each table which rows pass, as a
 * mask of one byte a row. A row is shown when it passes all dimensions. Map, legend, list, counts and exports ask here.
 *
 *   filter.add(name, { mask(table), row(ref), clear() })  registers a dimension; mask is a Uint8Array, or null where all rows
 *                            pass; row says of a draft, which no mask knows, whether it passes
 *   filter.changed(name)     the dimension's masks are others now; listeners are told once
 *   filter.mask(table, but)  the meeting of all masks, null where all rows pass; `but` names a dimension to leave out
 *   filter.stale(name)       the same, but nobody is told yet: another change follows at once
 *   filter.passes(ref)       whether a row is shown
 *   filter.hides(name, ref)  whether the dimension holds a row back
 *   filter.drafts(table)     the drafts that are shown, as refs
 *   filter.count(table, but) how many rows of the table are shown, drafts not among them; `but` names a dimension to leave out
 *   filter.maskOf(name, table) the mask of one dimension alone, null where all rows pass
 *   filter.active()          names of the dimensions that hold something back
 *   filter.clear()           everything is shown again
 *   filter.tell()            the masks are as they were, but there are other drafts
 *   filter.onChange(listener)
 */

/**
 * @param {any} entry
 * @param {string} table
 */
function maskOf(entry, table) {
  if (!entry.masks.has(table)) entry.masks.set(table, entry.dimension.mask(table));
  return entry.masks.get(table);
}

/** @param {Store} store */
export function makeFilter(store) {
  const dimensions = new Map(); // name -> { dimension, masks: table -> mask }
  /** @type {((...given: any[]) => void)[]} */
  const listeners = [];
  const met = new Map();

  /**
   * @param {string} table
   * @param {any} [but]
   */
  function meet(table, but) {
    const masks = [];
    for (const [name, entry] of dimensions) {
      const one = name === but ? null : maskOf(entry, table);
      if (one) masks.push(one);
    }
    if (masks.length < 2) return masks[0] || null;
    const all = masks[0].slice();
    for (const one of masks.slice(1)) for (let row = 0; row < all.length; row++) all[row] &= one[row];
    return all;
  }

  /**
   * @param {string} table
   * @param {any} [but]
   */
  function mask(table, but) {
    if (but) return meet(table, but);
    if (!met.has(table)) met.set(table, meet(table));
    return met.get(table);
  }

  /** @param {Ref} r */
  function passes(r) {
    if (store.draft(r) !== null) return Array.from(dimensions.values()).every(({ dimension }) => dimension.row(r));
    const one = mask(store.tableOf(r));
    return !one || one[store.rowOf(r)] === 1;
  }

  /**
   * @param {string} name
   * @param {Ref} r
   */
  function hides(name, r) {
    const entry = dimensions.get(name);
    if (store.draft(r) !== null) return !entry.dimension.row(r);
    const one = maskOf(entry, store.tableOf(r));
    return one !== null && !one[store.rowOf(r)];
  }

  /** @param {string} table */
  const drafts = (table) => store.drafts(table).filter(passes);

  /**
   * @param {string} table
   * @param {any} [but]
   */
  function count(table, but) {
    const one = mask(table, but);
    if (!one) return store.rows(table);
    let sum = 0;
    for (let row = 0; row < one.length; row++) sum += one[row];
    return sum;
  }

  function tell() {
    met.clear();
    listeners.forEach((listener) => listener());
  }

  /** @param {string} name */
  const stale = (name) => dimensions.get(name).masks.clear();

  /** @param {string} name */
  function changed(name) {
    stale(name);
    tell();
  }

  /**
   * What a layer is given: null for everything, else the mask of its table and a test by id.
   *
   * @param {string} table
   */
  function shownOf(table) {
    const one = mask(table);
    if (!one) return null;
    return { mask: one, has: (/** @type {string} */ id) => { const r = store.ref(id); return r !== undefined && store.tableOf(r) === table && one[store.rowOf(r)] === 1; } };
  }

  return {
    mask, passes, hides, drafts, count, changed, stale, shownOf, tell,
    /**
     * @param {string} name
     * @param {any} dimension
     */
    add(name, dimension) { dimensions.set(name, { dimension, masks: new Map() }); },
    active: () => Array.from(dimensions.keys()).filter((name) => store.tables.some((table) => maskOf(dimensions.get(name), table))),
    clear() {
      for (const entry of dimensions.values()) {
        entry.dimension.clear();
        entry.masks.clear();
      }
      tell();
    },
    onChange: (/** @type {any} */ listener) => listeners.push(listener),
  };
}
