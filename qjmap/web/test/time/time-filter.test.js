/* The filter by time, while the dates of the rows are still being read. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeTimeFilter } from "../../src/time/time-filter.js";

test("a filter that is removed while dates are read is not set afterwards", async () => {
  let release = () => {};
  const read = new Promise((resolve) => { release = resolve; });
  const store = { async *parts() { await read; yield { from: 0, to: 0 }; }, rows: () => 0 };
  const filter = { add(name, dimension) { this[name] = dimension; }, changed() {} };
  const time = makeTimeFilter({ meta: { as_of: "2021" }, store, filter });
  const setting = time.set("2020");
  filter.time.clear();
  release();
  await setting;
  assert.equal(time.at, "");
  await time.set("2020");
  assert.equal(time.at, "2020");
});
