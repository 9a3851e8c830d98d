/* The filter by text: rows that contain the text that the reader typed. */

/** @param {{ filter: RowFilter }} parts */
export function makeTextFilter({ filter }) {
  /** @type {RowSearch | null} */
  let search = null;
  let text = ""; // the text as typed
  /** @type {Map<string, Uint8Array> | null} */
  let masks = null;
  /** @type {Set<Ref>} drafts that contain it */
  let drafts = new Set();
  let turn = 0; // number of the latest call; results of earlier ones are ignored

  filter.add("text", {
    mask: (table) => (masks && masks.get(table)) || null,
    row: (r) => !masks || drafts.has(r),
    clear() { text = ""; masks = null; turn++; },
  });

  return {
    /** Shows the rows that contain a text; resolves after the map has been updated. @param {string} next */
    async set(next) {
      text = next;
      const mine = ++turn, [matches, matchingDrafts] = search && next.trim() ? await Promise.all([search.masks(next), search.drafts(next)]) : [null, []];
      if (mine !== turn || (!matches && !masks)) return;
      masks = matches;
      drafts = new Set(matchingDrafts);
      filter.changed("text");
    },
    /** Removes the text without calling listeners. */
    drop() { text = ""; masks = null; },
    /** Splits a text into parts; those that match the query have 1. @param {string} shown @param {string} query @returns {[string, number][]} */
    marks: (shown, query) => (search ? search.marks(shown, query) : [[shown, 0]]),
    /** Sets the search after it is ready. @param {RowSearch} index */
    start(index) { search = index; },
    get isOn() { return masks !== null; },
    get text() { return text; },
  };
}
