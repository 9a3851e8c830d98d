import assert from "node:assert/strict";
import { test } from "node:test";

import { period, span, stateAt } from "../../src/app/base/date-spans.js";

test("a date that stops at the month is all of the month", () => {
  const [first, last] = span("2020-02");
  assert.equal(last - first, 28);
  assert.deepEqual(span("1970-01-01"), [0, 0]);
  assert.equal(span("2020-02-30"), null);
});

test("what is planned stays a plan", () => {
  const year = period("2020");
  assert.equal(stateAt(year, { start: span("2018"), end: null, status: "planned", known: null }), "planned");
  assert.equal(stateAt(year, { start: span("2018"), end: null, status: "operating", known: null }), "existing");
  assert.equal(stateAt(year, { start: span("2018"), end: span("2019"), status: "", known: null }), "");
  assert.equal(stateAt(year, { start: null, end: null, status: "", known: null }), "undated");
});
