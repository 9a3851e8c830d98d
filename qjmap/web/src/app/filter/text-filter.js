/* The filter by text: the rows that hold what a reader typed. */

/** @param {{ filter: RowFilter }} parts */
export function makeTextFilter({ filter }) {
  /** @type {RowSearch | null} */
  let search = null;
  let text = ""; // as typed
  /** @type {Map<string, Uint8Array> | null} */
  let masks = null;
  /** @type {Set<Ref>} drafts that hold it */
  let drafts = new Set();
  let turn = 0; // of the newest call

  filter.add("text", {
    mask: (table) => (masks && masks.get(table)) || null,
    row: (r) => !masks || drafts.has(r),
    clear() { text = ""; masks = null; turn++; },
  });

  return {
    /** Shows the rows that hold a text; resolves when the map has been told. @param {string} next */
    async set(next) {
      text = next;
      const mine = ++turn, [matches, matchingDrafts] = search && next.trim() ? await Promise.all([search.masks(next), search.drafts(next)]) : [null, []];
      if (mine !== turn || (!matches && !masks)) return;
      masks = matches;
      drafts = new Set(matchingDrafts);
      filter.changed("text");
    },
    /** Drops the text without telling anybody. */
    drop() { text = ""; masks = null; },
    /** Parts of a shown text with the matches of a query marked. @param {string} shown @param {string} query @returns {[string, number][]} */
    marks: (shown, query) => (search ? search.marks(shown, query) : [[shown, 0]]),
    /** Search answers from now on. @param {RowSearch} index */
    start(index) { search = index; },
    get isOn() { return masks !== null; },
    get text() { return text; },
  };
}
