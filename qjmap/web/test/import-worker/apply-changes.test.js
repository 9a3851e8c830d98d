import assert from "node:assert/strict";
import { test } from "node:test";

import { netChanges } from "../../src/editor/change-list.js";
import { applyChanges } from "../../src/import-worker/apply-changes.js";
import { setProgramData } from "../../src/import-worker/program-data.js";
import { fromBase64 } from "../../src/runtime/inflate.js";
import { cases } from "../support/cases.js";

setProgramData(cases("program"));
const ENTRIES = [{ table: "places", id: "qijiang", names: ["綦江区"], at: null, adcode: "", parent: "" }];
const job = (text, changes) => ({ kind: "patch", name: "sites.csv", bytes: new TextEncoder().encode(text), table: "sites", changes: netChanges(changes), entries: ENTRIES });
const textOf = ({ bytes }) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
const change = (id, old, next) => ({ op: "change", table: "sites", id, old, new: next });

cases("patches").forEach(({ before, after, changes }, number) => {
  test(`85 random changes give the bytes that the program writes: ${number}`, () => {
    const found = applyChanges({ kind: "patch", name: "sites.csv", bytes: fromBase64(before), table: "sites", changes: netChanges(changes), entries: ENTRIES });
    assert.deepEqual(found.faults, []);
    assert.equal(Buffer.from(found.bytes).toString("latin1"), Buffer.from(fromBase64(after)).toString("latin1"));
  });
});

test("a cell that somebody changed meanwhile is a fault, and nothing is written", () => {
  const { bytes, faults } = applyChanges(job("id,name,address\na,甲,一路\n", [change("a", { address: "老路" }, { address: "新路" })]));
  assert.equal(bytes, null);
  assert.deepEqual(faults.map(({ code, row, column }) => [code, row, column]), [["change-conflict", 1, "address"]]);
  assert.match(faults[0].told.zh.message, /老路.*一路.*新路/);
});

test("an old cell counts in its canonical form too", () => {
  const { bytes } = applyChanges(job("id,name,status,start\na,甲,已投产,2020年9月\n", [change("a", { status: "operating", start: "2020-09" }, { name: "乙" })]));
  assert.equal(new TextDecoder().decode(bytes), "id,name,status,start\na,乙,已投产,2020年9月\n");
});

test("a table that is not there gets every column", () => {
  assert.match(textOf(applyChanges(job("", [{ op: "add", table: "sites", id: "a", new: { name: "甲" } }]))), /^id,name,name_en,.*\na,甲,,/);
});

test("coordinates in one cell are left to the program", () => {
  const { faults } = applyChanges(job("id,name,经纬度\na,甲,\"106.6,29.0\"\n", [change("a", {}, { lon: "106.7" })]));
  assert.deepEqual(faults.map(({ code }) => code), ["table-not-writable"]);
});
