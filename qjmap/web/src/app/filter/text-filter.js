/* The filter by text: shows the rows that contain the words that the reader typed. */

/** Adds the dimension "text" to the row filter; returns the object that sets it. @param {{ filter: RowFilter }} parts */
export function makeTextFilter({ filter }) {
  /** @type {RowSearch | null} null until the search is ready */
  let search = null;
  let text = ""; // the text as typed
  /** @type {Map<string, Uint8Array> | null} table -> mask of the rows that contain the text; null if all rows pass */
  let masks = null;
  /** @type {Set<Ref>} drafts that contain the text */
  let drafts = new Set();
  let turn = 0; // number of the latest call; results of earlier ones are ignored

  filter.add("text", {
    mask: (table) => (masks && masks.get(table)) || null,
    row: (r) => !masks || drafts.has(r),
    clear() { text = ""; masks = null; turn++; },
  });

  return {
    /** Shows the rows that contain a text, all rows for a blank one or before `start`; resolves when that is done or a later call replaces it. @param {string} next */
    async set(next) {
      text = next;
      const mine = ++turn, [matches, matchingDrafts] = search && next.trim() ? await Promise.all([search.masks(next), search.drafts(next)]) : [null, []];
      if (mine !== turn || (!matches && !masks)) return;
      masks = matches;
      drafts = new Set(matchingDrafts);
      filter.changed("text");
    },
    /** Removes the text without calling the listeners of the filter. */
    drop() { text = ""; masks = null; turn++; },
    /** Splits a text into parts, each with 1 if it matches the query, else 0. @param {string} shown @param {string} query @returns {[string, number][]} */
    marks: (shown, query) => (search ? search.marks(shown, query) : [[shown, 0]]),
    /** Sets the search, as soon as it is ready. @param {RowSearch} index */
    start(index) { search = index; },
    get isOn() { return masks !== null; },
    get text() { return text; },
  };
}
