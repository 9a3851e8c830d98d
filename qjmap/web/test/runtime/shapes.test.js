import assert from "node:assert/strict";
import { test } from "node:test";

import { clipSegment, distanceToSegment, metresToPixels, worldX, worldY } from "../../src/runtime/shapes.js";

test("world coordinates are those of Web Mercator", () => {
  assert.equal(worldX(-180), 0);
  assert.equal(worldX(180), 1);
  assert.equal(worldY(0), 0.5);
  assert.ok(Math.abs(worldY(85.05) - 0) < 1e-3);
  assert.equal(worldY(89), worldY(85.05));
});

test("the distance to a stretch is that to its nearest point", () => {
  assert.equal(distanceToSegment(0, 1, -1, 0, 1, 0), 1);
  assert.equal(distanceToSegment(3, 0, -1, 0, 1, 0), 2);
  assert.equal(distanceToSegment(3, 4, 0, 0, 0, 0), 5);
});

test("metres are longer on the screen the farther from the equator", () => {
  assert.ok(metresToPixels(1000, worldY(60), 256) > 1.9 * metresToPixels(1000, worldY(0), 256));
});

test("a stretch outside of the frame is none", () => {
  const frame = { min: { x: 0, y: 0 }, max: { x: 10, y: 10 } };
  assert.equal(clipSegment(-500, -500, -100, -100, frame), null);
  assert.ok(clipSegment(-500, 5, 500, 5, frame));
});
