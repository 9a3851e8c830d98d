import assert from "node:assert/strict";
import { test } from "node:test";

import "../support/page.js";

const { makeBackground } = await import("../../src/layers/background.js");

/** A part of these vertices, in world coordinates. */
function shapes(...points) {
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  return {
    x: Float64Array.from(xs), y: Float64Array.from(ys), start: Uint32Array.of(0, points.length), row: Uint32Array.of(0),
    box: Float64Array.of(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)), first: Uint32Array.of(0, 1), count: 1,
  };
}

const VIEW = { size: 256, ox: 0, oy: 0, west: 0, east: 1, north: 0, south: 1, bounds: { min: { x: 0, y: 0 }, max: { x: 256, y: 256 } } };

/** The calls that drawing a class of lines makes on a canvas. */
function calls(layer, key) {
  const made = [];
  const record = (_, name) => (...args) => made.push([name, ...args]);
  layer._line(new Proxy({}, { get: record, set: () => true }), VIEW, key, "#000", 1, [], true);
  return made.map(([name]) => name);
}

test("a boundary between two areas is an open line, the ring of an area is closed", () => {
  const layer = makeBackground(new Promise(() => {}), {});
  const arc = shapes([0.1, 0.1], [0.5, 0.2], [0.9, 0.1]), ring = shapes([0.1, 0.1], [0.5, 0.9], [0.9, 0.1]);
  layer.arcs = { shapes: arc };
  layer._keep("district", arc, 0);
  layer._keep("partner", ring, 0);
  assert.equal(calls(layer, "district").filter((name) => name === "closePath").length, 0);
  assert.equal(calls(layer, "partner").filter((name) => name === "closePath").length, 1);
  layer._keep("district", ring, 0); // of a project's own file
  assert.equal(calls(layer, "district").filter((name) => name === "closePath").length, 1);
});
