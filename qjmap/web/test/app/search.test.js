import assert from "node:assert/strict";
import { test } from "node:test";

import { SearchIndex } from "../../src/app/search/search-index.js";
import { makePinyin } from "../../src/app/search/pinyin-matcher.js";
import { cases } from "../support/cases.js";

const ROW = "\u0000";
const NAMES = ["綦江区", "重庆市", "自贡高新技术产业园区", "Lake Park", "渝黔合作共建园", "Café Zürich", "綦江工业园区"];

function makeIndexOf(names, aliases = []) {
  const index = new SearchIndex(makePinyin(cases("readings")));
  const text = (texts) => ROW + texts.join(ROW) + ROW;
  const columns = [{ name: "name", main: true, text: text(names) }];
  if (aliases.length) columns.push({ name: "aliases", main: false, text: text(aliases) });
  index.add("sites", names.length, 0, names.length, columns);
  return index;
}

/* What a generator gives in the end. */
function run(steps) {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const found = (query, names = NAMES, aliases = []) => run(makeIndexOf(names, aliases).find(query, 10)).hits.map(([, row]) => names[row]);

test("names are found by characters, letters, syllables and initials", () => {
  assert.deepEqual(found("綦江"), ["綦江区", "綦江工业园区"]);
  assert.deepEqual(found("qijiang"), ["綦江区", "綦江工业园区"]);
  assert.deepEqual(found("qj"), ["綦江区", "綦江工业园区"]);
  assert.deepEqual(found("chongqing"), ["重庆市"]);
  assert.deepEqual(found("LAKE"), ["Lake Park"]);
  assert.deepEqual(found("cafe zurich"), ["Café Zürich"]);
  assert.deepEqual(found("nothing"), []);
  assert.deepEqual(found(""), []);
});

test("every word must be there, in any order", () => {
  assert.deepEqual(found("园区 綦江"), ["綦江工业园区"]);
  assert.deepEqual(found("lake 綦江"), []);
});

test("a name comes before another field that says the same", () => {
  assert.deepEqual(found("湖", ["甲", "湖"], ["湖", ""]), ["湖", "甲"]);
});

test("masks say which rows hold the query", () => {
  const masks = run(makeIndexOf(NAMES).masks("yuan"));
  assert.deepEqual(Array.from(masks.get("sites")), NAMES.map((name) => (/[园]/.test(name) ? 1 : 0)));
  assert.equal(run(makeIndexOf(NAMES).masks(" ")), null);
});

test("rows are ordered by pinyin, those without a text last", () => {
  const names = ["重庆", "", "安顺", "Lake", "贵阳"];
  const { rows, filled } = run(makeIndexOf(names).order("sites", ["name"]));
  assert.equal(filled, 4);
  assert.deepEqual(Array.from(rows.subarray(0, filled), (row) => names[row]), ["Lake", "安顺", "重庆", "贵阳"]);
});
