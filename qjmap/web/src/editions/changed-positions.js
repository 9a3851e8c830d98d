/* Where the changed rows of a page of two editions are drawn: at the points of places and sites, on the lines of partnerships and legs. */

import { worldX, worldY } from "../runtime/shapes.js";

/** @typedef {{ id: string, changes: string[], x: number, y: number }} Spot A changed row at a point in world coordinates. */

const ALONG = 0.36; // share of an arc at which its mark stands; its money stands in the middle

/**
 * Returns a function that gives the changed rows of a table: row number -> what became of it.
 *
 * @param {Store} store
 */
export function makeChangedRows(store) {
  /** @type {Map<string, Map<number, string[]>>} */
  const cache = new Map();
  /** @param {string} table */
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
 * Places and sites at their points.
 *
 * @param {Store} store
 * @param {RowFilter} filter
 * @param {ReturnType<typeof makeChangedRows>} changed
 * @param {string} table
 * @returns {Spot[]}
 */
export function pointSpots(store, filter, changed, table) {
  return Array.from(changed(table)).flatMap(([row, changes]) => {
    const r = store.refOf(table, row);
    return store.located(r) && filter.passes(r) ? [{ id: store.id(r), changes, x: worldX(Number(store.get(r, "lon"))), y: worldY(Number(store.get(r, "lat"))) }] : [];
  });
}

/**
 * Partnerships on their arcs, or at their badges.
 *
 * @param {Store} store
 * @param {ReturnType<typeof makeChangedRows>} changed
 * @param {ArcLayer} layer
 * @param {View} view
 * @returns {Spot[]}
 */
export function arcSpots(store, changed, layer, view) {
  const byId = new Map(Array.from(changed("partnerships"), ([row, changes]) => [store.id(store.refOf("partnerships", row)), changes]));
  /** @param {number[]} rows @param {number} x @param {number} y @returns {Spot[]} */
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
 * Corridors on their legs: new and withdrawn ones on one leg, others on the legs that changed.
 *
 * @param {Store} store
 * @param {RowFilter} filter
 * @param {ReturnType<typeof makeChangedRows>} changed
 * @param {LineLayer} layer
 * @returns {Spot[]}
 */
export function legSpots(store, filter, changed, layer) {
  const { block, shapes } = layer, legs = changed("corridor_legs");
  /** @param {number} row @param {string} id @param {string[]} changes @returns {Spot[]} */
  const at = (row, id, changes) => {
    const part = shapes.first[row];
    if (part === shapes.first[row + 1]) return [];
    const k = (shapes.start[part] + shapes.start[part + 1]) >> 1;
    return [{ id, changes, x: shapes.x[k], y: shapes.y[k] }];
  };
  /** @type {Map<string, number[]>} */
  const rowsOf = new Map();
  for (let row = 0; row < block.rows; row++) {
    const corridor = /** @type {string} */ (block.at("corridor", row));
    rowsOf.set(corridor, [...(rowsOf.get(corridor) || []), row]);
  }
  return Array.from(changed("corridors")).flatMap(([number, changes]) => {
    const r = store.refOf("corridors", number), id = store.id(r), rows = rowsOf.get(id) || [];
    if (!filter.passes(r) || !rows.length) return [];
    const own = rows.flatMap((row) => {
      const leg = store.ref(block.at("id", row)), became = leg === undefined ? undefined : legs.get(store.rowOf(leg));
      return became ? at(row, id, became) : [];
    });
    return own.length && changes[0] === "changed" ? own : at(rows[rows.length >> 1], id, changes);
  });
}
