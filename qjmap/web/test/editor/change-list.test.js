import assert from "node:assert/strict";
import { test } from "node:test";

import { makeChangeList, netChanges } from "../../src/editor/change-list.js";

const change = (id, old, next) => ({ op: "change", table: "sites", id, old, new: next });
const add = (id, next) => ({ op: "add", table: "sites", id, new: next });
const remove = (id) => ({ op: "delete", table: "sites", id, old: {} });

test("every step is undone and redone, and a new one forgets what was undone", () => {
  const told = [], list = makeChangeList("m");
  list.onChange(() => told.push(list.all.length));
  list.add(add("a", { name: "甲" }));
  list.add(change("a", { name: "甲" }, { name: "乙" }));
  list.undo();
  assert.deepEqual(list.edited("sites", "a", {}), { name: "甲" });
  list.redo();
  assert.deepEqual(list.edited("sites", "a", {}), { name: "乙" });
  list.undo();
  list.add(remove("a"));
  assert.equal(list.canRedo(), false);
  assert.deepEqual(list.net, []);
  assert.deepEqual(told, [1, 2, 1, 2, 1, 2]);
});

test("a thousand random steps and as many undone leave nothing", () => {
  const list = makeChangeList("m");
  for (let step = 0; step < 1000; step++) list.add(change(`r${step % 7}`, {}, { name: String(step) }));
  const whole = list.file();
  for (let step = 0; step < 1000; step++) list.undo();
  assert.deepEqual(list.net, []);
  for (let step = 0; step < 1000; step++) list.redo();
  assert.equal(list.file(), whole);
});

test("changes of one row are joined", () => {
  assert.deepEqual(netChanges([change("a", { name: "1" }, { name: "2" }), change("a", { name: "2", kind: "x" }, { name: "3", kind: "y" })]),
    [{ table: "sites", id: "a", added: false, removed: false, old: { name: "1", kind: "x" }, new: { name: "3", kind: "y" }, numbers: [1, 2] }]);
  assert.deepEqual(netChanges([remove("a"), add("b", { name: "b" }), add("a", { name: "n" })]).map(({ id, added, removed }) => [id, added, removed]),
    [["b", true, false], ["a", true, true]]);
});

test("a change file says what it is", () => {
  const list = makeChangeList("qijiang");
  list.add(add("a", { name: "甲" }));
  assert.deepEqual(JSON.parse(list.file()), { qjmap_changes: 1, map: "qijiang", changes: [add("a", { name: "甲" })] });
});

test("changes of one step are undone together, and rows that are in the tables are forgotten", () => {
  const list = makeChangeList("m");
  list.add(add("a", { name: "甲" }), add("b", { name: "乙" }));
  list.add(change("a", { name: "甲" }, { name: "丙" }));
  list.undo();
  assert.deepEqual(list.edited("sites", "a", {}), { name: "甲" });
  list.undo();
  assert.deepEqual(list.net, []);
  list.redo();
  assert.equal(list.all.length, 2);
  list.forget(({ id }) => id === "a");
  assert.deepEqual(list.net.map(({ id }) => id), ["b"]);
  assert.deepEqual(JSON.parse(list.file(({ id }) => id !== "b")).changes, []);
});
