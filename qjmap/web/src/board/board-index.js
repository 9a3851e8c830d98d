/* Which sites stand on which board: where many sites are known only to one place, the map shows them at one point, the board apart. */

import { pushTo } from "../app/base/dom.js";

export const MANY = 12; // sites at a point from which their place has a board
const COARSE = ["town", "district", "city", "province", "country"]; // precisions of which a position is that of a place

/**
 * Reads a column of sites row by row; null where that would unpack a large table.
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

/**
 * Sites by the place whose position they have.
 *
 * @param {Store} store
 * @returns {Map<string, Ref[]>}
 */
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
 * The nearest place with a board: the place itself or one in which it lies.
 *
 * @param {Store} store
 * @param {Map<string, Ref[]>} boards
 * @param {string} id
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
 * Boards by their place, those of most sites first. A place has one if at least `MANY` sites are known to it only; on it stand, too, those
 * known only to a place within it that has none.
 *
 * @param {Store} store
 * @returns {Map<string, Ref[]>} sites of each, in the order of their table
 */
export function boardsOf(store) {
  const all = coarseSites(store), boards = new Map(Array.from(all).filter(([, refs]) => refs.length >= MANY));
  /** @type {Map<string, Ref[]>} */
  const filled = new Map(Array.from(boards, ([id]) => [id, []]));
  if (boards.size) for (const [id, refs] of all) filled.get(boardOver(store, boards, id))?.push(...refs);
  return new Map(Array.from(filled, ([id, refs]) => /** @type {[string, Ref[]]} */ ([id, refs.sort((a, b) => a - b)])).sort(([, a], [, b]) => b.length - a.length));
}
