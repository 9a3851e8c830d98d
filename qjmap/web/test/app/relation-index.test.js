import assert from "node:assert/strict";
import { test } from "node:test";

import { makeRelationIndex } from "../../src/app/base/relation-index.js";
import { makeStore } from "../support/store.js";

const store = makeStore({
  places: [
    { id: "china", kind: "country" }, { id: "east", kind: "province", parent: "china" }, { id: "hill", kind: "city", parent: "east" },
    { id: "lake", kind: "city", parent: "china" }, { id: "bay", kind: "city", parent: "china" },
  ],
  sites: [{ id: "plant", place: "hill" }, { id: "office" }],
  partnerships: [
    { id: "pact", parties: ["hill", "lake"] }, { id: "works", parties: ["plant", "lake"], part_of: ["pact"] },
    { id: "talk", parties: ["east", "bay"] }, { id: "alone", parties: ["hill"] },
  ],
  corridor_legs: [{ id: "one" }, { id: "two" }],
});
const relations = makeRelationIndex(store, {
  ids: ["bay", "east", "hill", "lake", "plant"],
  links: [[0, 1, [2]], [1, 1, [2, 0, 1, 3]], [2, 2, [0, 3, 1]], [3, 2, [0, 1]], [4, 1, [1]]],
  pairs: [[0, 1, 1, [2], 0, 0, 0, []], [1, 3, 0, [0, 1], 9, 1, 0, []], [2, 3, 1, [0, 1], 5, 0, 7, [0, 1]], [3, 4, 1, [1], 0, 0, 0, []]], joint: ["joint-project"],
});
const ids = (refs) => refs.map((ref) => store.id(ref));

test("a place holds the places within it, a country only itself", () => {
  assert.deepEqual([...relations.within("east")], ["east", "hill"]);
  assert.deepEqual([...relations.within("china")], ["china"]);
});

test("partnerships of a place are its own and those of what lies within it", () => {
  const links = relations.links("hill").map(({ ref, via }) => [store.id(ref), via]);
  assert.deepEqual(links, [["pact", ""], ["works", "plant"], ["alone", ""]]);
});

test("partners are ordered by how many partnerships there are with each, and it is said which are own", () => {
  const partners = relations.partners("lake").map(({ id, refs, own }) => [id, ids(refs), ids([...own])]);
  assert.deepEqual(partners, [["hill", ["pact", "works"], ["pact"]], ["east", ["pact", "works"], []], ["plant", ["works"], ["works"]]]);
  assert.deepEqual(relations.partners("lake").map(relations.isNamed), [true, false, true]);
  const works = (ref) => store.id(ref) === "works";
  assert.deepEqual(relations.partners("lake", works).map(({ id, refs }) => [id, ids(refs)]), [["plant", ["works"]], ["east", ["works"]], ["hill", ["works"]]]);
});

test("legs lead from a row to its partner", () => {
  const legs = (one, other) => ids(relations.partners(one).find(({ id }) => id === other).legs);
  assert.deepEqual([legs("hill", "lake"), legs("lake", "hill")], [["one", "two"], ["two", "one"]]);
});

test("rows are found by what their columns name", () => {
  assert.deepEqual(ids(relations.of("partnerships", "parties", "lake")), ["pact", "works"]);
  assert.deepEqual(relations.of("partnerships", "parties", "nobody"), []);
});

test("what has no geometry is shown by what it belongs to", () => {
  const drawn = new Set(["hill", "lake", "pact"]);
  const anchors = (id) => relations.anchors(id, (one) => drawn.has(one));
  assert.deepEqual(anchors("pact"), ["pact"]);
  assert.deepEqual(anchors("works"), ["hill", "lake"]);
  assert.deepEqual(anchors("plant"), ["hill"]);
  assert.deepEqual(anchors("nothing"), []);
});
