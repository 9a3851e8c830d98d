/* Which partnerships are drawn together. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bundleRows } from "../../src/layers/partnerships/arc-bundles.js";

/** The part of a block that bundles read: for each row its spots and its direction (0 none, 1 forward, 2 mutual). */
function blockOf(rows) {
  const columns = {
    spots: Uint32Array.from(rows, ([spots]) => spots.length), spot: Uint32Array.from(rows.flatMap(([spots]) => spots)),
    knot: Int32Array.from(rows, ([spots]) => (spots.length > 2 ? 9 : -1)), arrow: Uint8Array.from(rows, ([, arrow]) => arrow),
  };
  return { rows: rows.length, raw: (name) => columns[name] };
}

const rowsOf = (rows) => bundleRows(blockOf(rows)).map((bundle) => bundle.rows);

test("stars over the same spots are one, whether mutual or without a direction", () => {
  assert.deepEqual(rowsOf([[[0, 1, 2], 0], [[2, 0, 1], 2], [[0, 1, 2], 2]]), [[0, 1, 2]]);
});

test("stars from different first spots are drawn apart", () => {
  assert.deepEqual(rowsOf([[[0, 1, 2], 1], [[1, 0, 2], 1], [[0, 2, 1], 1]]), [[0, 2], [1]]);
});

test("arcs have a mark of their direction, so that each direction is an arc", () => {
  assert.deepEqual(rowsOf([[[0, 1], 0], [[1, 0], 2], [[0, 1], 1], [[1, 0], 1], [[1, 0], 0]]), [[0, 4], [1], [2], [3]]);
});
