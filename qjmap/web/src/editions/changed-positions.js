/* Finds where the changed rows of a page of two editions are marked: at the points of places and sites, on the lines of partnerships and
 * corridors.
 */

import { worldX, worldY } from "../runtime/shapes.js";

/** @typedef {{ id: string, changes: string[], x: number, y: number }} Spot A changed row: its id, what became of it (see `CHANGES`), and the point of its mark in world coordinates. */

const ALONG = 0.36; // share of an arc's vertices before the one at which its mark is drawn; the middle is left to the label with the amount of money

/**
 * Returns a function that returns the changed rows of a table.
 *
 * @param {Store} store
 */
export function makeChangedRows(store) {
  /** @type {Map<string, Map<number, string[]>>} */
  const cache = new Map();
  /** Returns row number -> what became of the row (one or more of `CHANGES`); cached. @param {string} table */
  return (table) => {
    const known = cache.get(table);
    if (known) return known;
    const found = /** @type {Map<number, string[]>} */ (new Map()), coded = store.codes(table, "edition_change");
    const words = coded ? coded.values.map((value) => String(value ?? "").split("|")) : [];
    coded?.codes.forEach((code, row) => { if (words[code][0] && words[code][0] !== "same") found.set(row, words[code]); });
    cache.set(table, found);
    return found;
  };
}

/**
 * Returns the changed places or sites that have a position and pass the filter, at their points.
 *
 * @param {Store} store
 * @param {RowFilter} filter
 * @param {ReturnType<typeof makeChangedRows>} changed
 * @param {string} table "places" or "sites"
 * @returns {Spot[]}
 */
export function pointSpots(store, filter, changed, table) {
  return Array.from(changed(table)).flatMap(([row, changes]) => {
    const r = store.refOf(table, row);
    return store.located(r) && filter.passes(r) ? [{ id: store.id(r), changes, x: worldX(Number(store.get(r, "lon"))), y: worldY(Number(store.get(r, "lat"))) }] : [];
  });
}

/**
 * Returns the changed partnerships that the layer draws: each at a point of its arc, of one line of its star, or at its badge.
 *
 * @param {Store} store
 * @param {ReturnType<typeof makeChangedRows>} changed
 * @param {ArcLayer} layer
 * @param {View} view
 * @returns {Spot[]}
 */
export function arcSpots(store, changed, layer, view) {
  const byId = new Map(Array.from(changed("partnerships"), ([row, changes]) => [store.id(store.refOf("partnerships", row)), changes]));
  /**
   * Returns the spots of the changed ones among some rows, all at one point in world coordinates.
   *
   * @param {number[]} rows
   * @param {number} x
   * @param {number} y
   * @returns {Spot[]}
   */
  const at = (rows, x, y) => rows.flatMap((row) => {
    const id = /** @type {string} */ (layer.block.at("id", row)), changes = byId.get(id);
    return changes ? [{ id, changes, x, y }] : [];
  });
  const lines = layer.scene(view.size).lines.flatMap(({ strand, x, y }) => {
    const k = Math.floor(x.length * ALONG);
    return at(strand.rows, x[k], y[k]);
  });
  const badges = layer.badgesIn(view).flatMap(({ rows, x, y }) => at(rows, (x + view.ox) / view.size, (y + view.oy) / view.size));
  return [...new Map([...lines, ...badges].map((spot) => [spot.id, spot])).values()]; // the lines of a star carry one mark
}

/**
 * Returns the changed corridors that pass the filter. A corridor that has only changed is marked on each of its legs that was added, withdrawn or
 * changed; any other, or one without such a leg, on the middle one of its legs that have a line. Legs without a line have no mark.
 *
 * @param {Store} store
 * @param {RowFilter} filter
 * @param {ReturnType<typeof makeChangedRows>} changed
 * @param {LineLayer} layer
 * @returns {Spot[]}
 */
export function legSpots(store, filter, changed, layer) {
  const { block, shapes } = layer, legs = changed("corridor_legs");
  /**
   * Returns the spot in the middle of the first line of a leg that has one.
   *
   * @param {number} row row of the leg
   * @param {string} id id of its corridor
   * @param {string[]} changes
   * @returns {Spot}
   */
  const at = (row, id, changes) => {
    const part = shapes.first[row], k = (shapes.start[part] + shapes.start[part + 1]) >> 1;
    return { id, changes, x: shapes.x[k], y: shapes.y[k] };
  };
  /** @type {Map<string, number[]>} id of a corridor -> rows of its legs that have a line */
  const rowsOf = new Map();
  for (let row = 0; row < block.rows; row++) {
    if (shapes.first[row] === shapes.first[row + 1]) continue;
    const corridor = /** @type {string} */ (block.at("corridor", row));
    rowsOf.set(corridor, [...(rowsOf.get(corridor) || []), row]);
  }
  return Array.from(changed("corridors")).flatMap(([number, changes]) => {
    const r = store.refOf("corridors", number), id = store.id(r), rows = rowsOf.get(id) || [];
    if (!filter.passes(r) || !rows.length) return [];
    const own = rows.flatMap((row) => {
      const leg = store.ref(block.at("id", row)), became = leg === undefined ? undefined : legs.get(store.rowOf(leg));
      return became ? [at(row, id, became)] : [];
    });
    return own.length && changes[0] === "changed" ? own : [at(rows[rows.length >> 1], id, changes)];
  });
}
