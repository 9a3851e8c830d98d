import assert from "node:assert/strict";
import { test } from "node:test";

import { fittedText } from "../../src/runtime/label-text.js";
import { labelsOf } from "../../src/runtime/labels.js";

const ctx = () => ({ font: "12px x", measureText: (text) => ({ width: 7 * text.length }) });

/* A map that is 400 by 300 pixels. */
function makeMap() {
  return {
    getSize: () => ({ x: 400, y: 300 }),
    containerPointToLayerPoint: () => ({ x: 0, y: 0 }),
  };
}

/* The names of a map of its own. */
function labelsOn(map) {
  L.Renderer.prototype.addTo = function (to) { this._map = to; return this; };
  return labelsOf(map);
}

const BOUNDS = { min: { x: 0, y: 0 }, max: { x: 400, y: 300 } };
const WINDOW = { frame: [0, 0, 400, 300], covers: [] };
const noLines = { cost: () => 0 };

/* The places of labels, in their order. */
function placed(labels, candidates, taken, ways = noLines, window = WINDOW) {
  const found = [];
  for (const label of candidates) {
    const place = labels.place(label, labels.measure(ctx(), label), taken, ways, BOUNDS, window);
    if (place) { place.boxes.forEach(taken.add); found.push([label.text, place]); }
  }
  return found;
}

/* Boxes that are taken, as labels.js keeps them. */
function makeTaken() {
  const boxes = [];
  return {
    boxes, add: (box) => boxes.push(box),
    isFree: ([w, n, e, s]) => boxes.every(([a, b, c, d]) => e <= a || w >= c || s <= b || n >= d),
  };
}

test("a map has one layer of names", () => {
  const map = makeMap();
  assert.equal(labelsOn(map), labelsOn(map));
});

test("names stand to the right of their point and never on each other", () => {
  const labels = labelsOn(makeMap()), taken = makeTaken();
  const candidates = [{ text: "甲", x: 100, y: 100, size: 12 }, { text: "乙", x: 102, y: 100, size: 12 }];
  const [[first, one], [second, other]] = placed(labels, candidates, taken);
  assert.deepEqual([first, second], ["甲", "乙"]);
  assert.ok(one.x > 100);
  assert.ok(other.x < 102 || Math.abs(other.y - 100) > 10);
});

test("a name for which there is no room waits", () => {
  const labels = labelsOn(makeMap()), taken = makeTaken();
  taken.add([0, 0, 400, 300]);
  assert.deepEqual(placed(labels, [{ text: "甲", x: 100, y: 100, size: 12 }], taken), []);
});

test("a name keeps clear of lines where another side is free", () => {
  const labels = labelsOn(makeMap());
  const ways = { cost: (box) => (box[0] > 100 ? 1 : 0) };
  const [[, spot]] = placed(labels, [{ text: "甲", x: 100, y: 100, size: 12 }], makeTaken(), ways);
  assert.ok(spot.x < 100);
});

test("a name is seen whole or not at all", () => {
  const labels = labelsOn(makeMap()), window = { frame: [0, 0, 400, 300], covers: [[300, 0, 400, 300]] };
  const at = (x) => placed(labels, [{ text: "万盛经济技术开发区", x, y: 100, size: 12 }], makeTaken(), noLines, window).map(([, spot]) => spot.boxes[0]);
  const [beside] = at(280);
  assert.ok(beside[2] <= 300, "it stands at the side that nothing covers");
  const taken = makeTaken();
  taken.add([0, 0, 290, 300]);
  assert.deepEqual(placed(labels, [{ text: "万盛经济技术开发区", x: 295, y: 100, size: 12 }], taken, noLines, window), []);
  assert.ok(at(-300)[0][2] < 0, "out of sight it is kept, for a map that is moved");
});

test("a text is cut to its width", () => {
  assert.equal(fittedText(ctx(), "short", 100), "short");
  assert.equal(fittedText(ctx(), "a very long name", 50), "a very…");
});
