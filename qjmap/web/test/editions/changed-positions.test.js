import assert from "node:assert/strict";
import { test } from "node:test";

import "../support/page.js";
import { makeStore } from "../support/store.js";

const { legSpots } = await import("../../src/editions/changed-positions.js");

/**
 * The marks of a changed corridor of some legs.
 *
 * @param {number[]} lines number of the lines of each leg; the lines of leg k have their middle at x = k
 * @param {Record<number, string[]>} [legs] row of a leg -> what became of it
 */
function marks(lines, legs = {}) {
  const rows = lines.map((_, k) => ({ id: `leg-${k}` }));
  const first = [0], start = [0], xs = [];
  lines.forEach((count, k) => {
    for (let n = 0; n < count; n++) {
      xs.push(k - 0.5, k, k + 0.5);
      start.push(xs.length);
    }
    first.push(start.length - 1);
  });
  const block = { rows: lines.length, at: (name, row) => name === "corridor" ? "way" : rows[row].id };
  const changed = (table) => new Map(table === "corridors" ? [[0, ["changed"]]] : Object.entries(legs).map(([row, what]) => [Number(row), what]));
  const store = makeStore({ corridors: [{ id: "way" }], corridor_legs: rows });
  return legSpots(store, { passes: () => true }, changed, { block, shapes: { first, start, x: xs, y: xs.map(() => 0) } }).map(({ id, changes, x }) => [id, changes[0], x]);
}

test("a changed corridor is marked on the middle one of its legs", () => {
  assert.deepEqual(marks([1, 1, 1]), [["way", "changed", 1]]);
});

test("a corridor has its mark if any of its legs has a line", () => {
  for (const lines of [[1, 0, 0], [0, 0, 1], [1, 0, 1], [0, 2, 0, 0]]) {
    const [[, , x], ...others] = marks(lines);
    assert.equal(others.length, 0);
    assert.ok(lines[x], `leg ${x} of ${lines}`);
  }
  assert.deepEqual(marks([0, 0]), []);
});

test("changed legs carry the marks of their corridor, unless they have no line", () => {
  assert.deepEqual(marks([1, 1, 1], { 0: ["added"], 2: ["withdrawn"] }), [["way", "added", 0], ["way", "withdrawn", 2]]);
  assert.deepEqual(marks([1, 0, 0], { 1: ["added"] }), [["way", "changed", 0]]);
});
