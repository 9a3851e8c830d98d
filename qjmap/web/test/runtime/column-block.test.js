import assert from "node:assert/strict";
import { test } from "node:test";

import { Block } from "../../src/runtime/column-block.js";
import { fromBase64, inflate } from "../../src/runtime/inflate.js";
import { SortedTexts } from "../../src/runtime/sorted-texts.js";
import { loadBlock } from "../../src/runtime/load-block.js";
import { cases } from "../support/cases.js";
import { put } from "../support/page.js";

test("a block holds what the program wrote", async () => {
  for (const { text, rows, columns, points } of cases("blocks")) {
    const block = new Block(await inflate(text));
    assert.equal(block.rows, rows);
    for (const [name, values] of Object.entries(columns)) {
      assert.deepEqual(Array.from({ length: rows }, (_, row) => block.at(name, row)), values, name);
    }
    points.forEach(([lon, lat], row) => {
      assert.ok(Math.abs(block.at("lon", row) - lon) < 1e-6);
      assert.ok(Math.abs(block.at("lat", row) - lat) < 1e-6);
    });
    assert.ok(block.coded("kind"));
    assert.ok(!block.coded("name"));
    assert.ok(!block.has("nothing"));
  }
});

test("an element is unpacked once for all who ask", async () => {
  const [{ text }] = cases("blocks");
  const element = put("block", ` ${text}\n`);
  const [one, other] = await Promise.all([loadBlock(element), loadBlock(Promise.resolve(element))]);
  assert.equal(one, other);
});

test("what is broken is told", async () => {
  await assert.rejects(inflate("AAAA"));
});

test("base64 gives its bytes", () => {
  assert.deepEqual(Array.from(fromBase64("AP8Q")), [0, 255, 16]);
});

test("sorted texts are found by halving", () => {
  const texts = ["a", "ab", "b-é", "b-é1"], encoder = new TextEncoder();
  const bytes = texts.map((one) => encoder.encode(one));
  const shared = bytes.map((one, k) => {
    let same = 0;
    while (k && same < one.length && bytes[k - 1][same] === one[same]) same++;
    return same;
  });
  const lengths = new Uint8Array(Uint16Array.from(bytes, (one) => one.length).buffer);
  const packed = Uint8Array.from([...shared, ...lengths, ...bytes.flatMap((one, k) => Array.from(one.subarray(shared[k])))]);
  const sorted = new SortedTexts(packed, texts.length);
  texts.forEach((one, k) => {
    assert.equal(sorted.get(k), one);
    assert.equal(sorted.find(one), k);
  });
  for (const none of ["", "aa", "c", "b-"]) assert.equal(sorted.find(none), -1);
});
