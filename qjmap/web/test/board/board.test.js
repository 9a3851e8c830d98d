/* Boards: which sites stand on them, in which groups, and where on the sheet. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../support/page.js";
import { makeStore } from "../support/store.js";
import { groupsOf } from "../../src/board/board-groups.js";
import { boardsOf, MANY } from "../../src/board/board-index.js";
import { planBoard } from "../../src/board/board-plan.js";

const language = { t: (key) => key, vocab: { category: { plant: {}, park: {}, hotel: {} } } };

/** A store of sites; each of them a plant of the district `here` unless it says more. */
function storeOf(sites, places = [{ id: "here", parent: "city" }, { id: "city" }, { id: "town", parent: "here" }, { id: "far" }]) {
  const store = makeStore({ places, sites: sites.map((site, k) => ({ id: `s${k}`, category: "plant", level: "district", position_of: "here", part_of: [], ...site })) });
  return { ...store, kind: (r) => store.get(r, "category") };
}

const many = (site, count = MANY) => Array.from({ length: count }, () => ({ ...site }));
const ids = (store, refs) => refs.map(store.id);

test("a place has a board from so many sites on that are known to it only", () => {
  assert.deepEqual(Array.from(boardsOf(storeOf(many({}))).keys()), ["here"]);
  assert.equal(boardsOf(storeOf(many({}, MANY - 1))).size, 0);
  assert.equal(boardsOf(storeOf(many({ level: "exact" }))).size, 0);
  assert.equal(boardsOf(storeOf([])).size, 0);
});

test("sites of a place within stand on the board around it, unless it has its own; those elsewhere and exact ones do not", () => {
  const store = storeOf([...many({}), { id: "in-town", position_of: "town", level: "town" }, { id: "away", position_of: "far" }, { id: "exact", level: "site" }]);
  const boards = boardsOf(store);
  assert.equal(boards.get("here").length, MANY + 1);
  assert.ok(ids(store, boards.get("here")).includes("in-town"));
  const two = boardsOf(storeOf([...many({}), ...many({ position_of: "town", level: "town" })]));
  assert.deepEqual(Array.from(two, ([id, refs]) => [id, refs.length]), [["here", MANY], ["town", MANY]]);
});

test("places that lie in each other end the search for a board", () => {
  const store = storeOf([...many({}), { id: "lost", position_of: "one" }], [{ id: "here" }, { id: "one", parent: "two" }, { id: "two", parent: "one" }]);
  assert.equal(boardsOf(store).get("here").length, MANY);
});

/** Groups as [title, ["name at depth", ...]]. */
function grouped(sites) {
  const store = storeOf(sites), refs = sites.map((_, row) => store.refOf("sites", row));
  return groupsOf({ store, language }, refs).map(({ title, entries }) => [title, entries.map(({ r, depth }) => `${store.id(r)}@${depth}`)]);
}

test("a whole leads its parts, parts of parts stand under theirs, the rest stands by category", () => {
  assert.deepEqual(grouped([
    { id: "park", category: "park" }, { id: "works", part_of: ["park"] }, { id: "line", part_of: ["works"] }, { id: "inn", category: "hotel", part_of: ["park"] },
    { id: "alone" }, { id: "other" }, { id: "only", category: "hotel" },
  ]), [["park", ["works@1", "line@2", "inn@1"]], ["plant", ["alone@1", "other@1"]], ["board.others", ["only@1"]]]);
});

test("every site stands on the board once, also in circles and under wholes that are elsewhere", () => {
  const sites = [
    { id: "a", part_of: ["b"] }, { id: "b", part_of: ["c"] }, { id: "c", part_of: ["a"] }, { id: "self", part_of: ["self"] }, { id: "lost", part_of: ["nowhere"] },
    ...Array.from({ length: 12 }, (_, k) => ({ id: `p${k}`, part_of: [k < 4 ? "lost" : "p0"] })),
  ];
  const store = storeOf(sites), refs = sites.map((_, row) => store.refOf("sites", row));
  const standing = groupsOf({ store, language }, refs).flatMap(({ head, entries }) => [...(head === null ? [] : [head]), ...entries.map(({ r }) => r)]);
  assert.deepEqual(standing.sort((x, y) => x - y), refs);
});

test("a part with many parts is a group of its own and says of what it is part", () => {
  const sites = [{ id: "park", category: "park" }, { id: "valley", category: "park", part_of: ["park"] }, ...Array.from({ length: 8 }, (_, k) => ({ id: `p${k}`, part_of: [k < 4 ? "park" : "valley"] }))];
  const store = storeOf(sites), groups = groupsOf({ store, language }, sites.map((_, row) => store.refOf("sites", row)));
  assert.deepEqual(groups.map(({ title, under }) => [title, under]), [["park", ""], ["valley", "park"]]);
});

const words = { measure: (text, size) => text.length * size, nameOf: (r) => "name " + r, noteOf: () => "note", again: "again" };
const groupOf = (count, from = 0) => ({ title: "title", under: "", head: null, entries: Array.from({ length: count }, (_, k) => ({ r: from + k, depth: 1 + (k % 3) })) });

for (const width of [260, 700, 1180]) {
  for (const sizes of [[1], [3, 40, 2, 9], [200]]) {
    test(`nothing on a board of ${sizes} sites, ${width} px wide, overlaps or is left out`, () => {
      let from = 0;
      const groups = sizes.map((count) => groupOf(count, (from += count) - count));
      for (const most of [Infinity, 500]) {
        const pages = planBoard(groups, width, words, most), seen = [];
        for (const page of pages) {
          assert.ok(page.height <= most);
          for (const group of page.groups) {
            assert.ok(group.x >= 0 && group.x + group.w <= width + 0.01 && group.y + group.h <= page.height);
            for (const other of page.groups) assert.ok(other === group || other.x !== group.x || other.y >= group.y + group.h || group.y >= other.y + other.h);
            group.entries.forEach((entry, k) => {
              seen.push(entry.r);
              assert.ok(entry.h >= 24 && entry.y + entry.h <= group.y + group.h);
              assert.equal(entry.y, k ? group.entries[k - 1].y + group.entries[k - 1].h : group.y + group.top);
            });
          }
        }
        assert.deepEqual(seen.sort((a, b) => a - b), Array.from({ length: from }, (_, k) => k));
      }
    });
  }
}
