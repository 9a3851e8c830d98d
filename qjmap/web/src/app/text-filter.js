/* The filter by text: the rows that hold what a reader typed. */

/** @param {{ filter: Filter }} given */
export function makeTextFilter({ filter }) {
  /** @type {any} */
  let search = null;
  let text = ""; // as typed
  /** @type {Map<string, Uint8Array> | null} */
  let masks = null;
  let drafts = new Set(); // the drafts that hold it
  let turns = 0;

  filter.add("text", {
    mask: (/** @type {string} */ table) => (masks && masks.get(table)) || null,
    row: (/** @type {Ref} */ r) => !masks || drafts.has(r),
    clear() { text = ""; masks = null; turns++; },
  });

  /**
   * Shows the rows that hold a text; resolves when the map has been told.
   *
   * @param {string} next
   */
  async function set(next) {
    text = next;
    const turn = ++turns;
    const asked = search && next.trim();
    const [found, beside] = asked ? await Promise.all([search.masks(next), search.drafts(next)]) : [null, []];
    if (turn !== turns) return;
    if (!found && !masks) return;
    masks = found;
    drafts = new Set(beside);
    filter.changed("text");
  }

  return {
    set,
    /* Gives up the text without telling anybody. */
    drop() { text = ""; masks = null; },
    /* The parts of a shown text with what was typed marked. */
    marks: (/** @type {string} */ shown, /** @type {string} */ wanted) => search.marks(shown, wanted),
    /* Search answers from now on. */
    start(/** @type {any} */ index) { search = index; },
    get isOn() { return masks !== null; },
    get text() { return text; },
  };
}
