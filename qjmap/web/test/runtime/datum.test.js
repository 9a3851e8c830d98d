import assert from "node:assert/strict";
import { test } from "node:test";

import { fromWgs84, toWgs84 } from "../../src/runtime/datum.js";
import { cases } from "../support/cases.js";

test("datums are those of the program", () => {
  for (const [name, point, there, back] of cases("datums")) {
    for (const [found, expected] of [[toWgs84(point, name), there], [fromWgs84(point, name), back]]) {
      found.forEach((axis, k) => assert.ok(Math.abs(axis - expected[k]) < 1e-8, `${name} ${point}`));
    }
  }
});
