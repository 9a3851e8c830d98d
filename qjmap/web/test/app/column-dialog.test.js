/* Choices of columns: each column of the table is one of the file at most. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { choose, lacking } from "../../src/app/import/column-dialog.js";

const columns = [["id"], ["name", true], ["lonlat"], ["lon"], ["lat"], ["address"]].map(([name, required = false]) => ({ name, label: name, required }));
const shown = (...choices) => ({ name: "a.csv", preview: { columns, proposal: [] }, choices });

test("a meaning that is chosen twice moves", () => {
  const choices = ["name", "", "lon"];
  assert.equal(choose(choices, 1, "name"), 0);
  assert.deepEqual(choices, ["", "name", "lon"]);
  assert.equal(choose(choices, 1, "name"), -1);
  assert.equal(choose(choices, 0, "-"), -1);
  assert.equal(choose(choices, 2, "-"), -1, "any number of columns can be left out");
});

test("name, halves of a position and the position itself are missed", () => {
  assert.deepEqual(lacking(shown("lon", "")).required.map(({ name }) => name), ["name"]);
  assert.equal(lacking(shown("name", "lon")).half, true);
  assert.equal(lacking(shown("name", "lonlat")).nowhere, false);
  assert.equal(lacking(shown("name", "address")).nowhere, true);
  assert.equal(lacking(shown("name", "+", "+")).nowhere, false, "a position may be made of several columns");
});
