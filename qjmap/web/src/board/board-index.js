/* Decides which places have a board, and which sites it lists: sites whose position is known only to the level of that place. The map shows
 * them all at one point; the board lists them one by one. */

import { pushTo } from "../app/base/dom.js";

export const MANY = 12; // number of such sites from which a place has a board
const COARSE = ["town", "district", "city", "province", "country"]; // precisions at which a site has the position of a place

/**
 * Returns a function that reads a column of sites by row; null if that would unpack a large table.
 *
 * @param {Store} store
 * @param {string} column
 * @returns {((row: number) => string) | null}
 */
function readerOf(store, column) {
  const coded = store.codes("sites", column);
  if (coded) return (row) => String(coded.values[coded.codes[row]] ?? "");
  return store.isWhole("sites") ? (row) => String(store.get(store.refOf("sites", row), column)) : null;
}

/** Returns id of a place -> sites that have its position; empty if that would unpack a large table. @param {Store} store @returns {Map<string, Ref[]>} */
function coarseSites(store) {
  const byPlace = new Map(), level = store.rows("sites") ? readerOf(store, "level") : null, place = level && readerOf(store, "position_of");
  if (!level || !place) return byPlace;
  for (let row = 0; row < store.rows("sites"); row++) {
    const id = place(row);
    if (id && COARSE.includes(level(row))) pushTo(byPlace, id, store.refOf("sites", row));
  }
  return byPlace;
}

/**
 * Returns the id of the nearest place with a board: the place itself, or the first of the places around it (by `parent`) that has one; "" for
 * none.
 *
 * @param {Store} store
 * @param {Map<string, Ref[]>} boards id of a place with a board -> its sites
 * @param {string} id id of the place
 */
function boardOver(store, boards, id) {
  const seen = new Set();
  for (let at = id; at && !seen.has(at); at = String(store.list(store.ref(at) ?? NaN, "parent")[0] || "")) {
    if (boards.has(at)) return at;
    if (store.ref(at) === undefined) return "";
    seen.add(at);
  }
  return "";
}

/**
 * Returns the boards: id of a place -> sites of its board, in the order of their table; the board with most sites comes first. A place has a
 * board if at least `MANY` sites have its position. The board also lists the sites of places within it that have no board of their own.
 *
 * @param {Store} store
 * @returns {Map<string, Ref[]>}
 */
export function boardsOf(store) {
  const all = coarseSites(store), boards = new Map(Array.from(all).filter(([, refs]) => refs.length >= MANY));
  /** @type {Map<string, Ref[]>} */
  const filled = new Map(Array.from(boards, ([id]) => [id, []]));
  if (boards.size) for (const [id, refs] of all) filled.get(boardOver(store, boards, id))?.push(...refs);
  return new Map(Array.from(filled, ([id, refs]) => /** @type {[string, Ref[]]} */ ([id, refs.sort((a, b) => a - b)])).sort(([, a], [, b]) => b.length - a.length));
}
