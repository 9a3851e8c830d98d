import assert from "node:assert/strict";
import { test } from "node:test";

import { readTabSeparated, writeTabSeparated } from "../../src/editor/tab-separated.js";

test("cells of Excel are read: quoted ones hold tabs, line ends and quotes", () => {
  assert.deepEqual(readTabSeparated("a\tb\r\nc\td\r\n"), [["a", "b"], ["c", "d"]]);
  assert.deepEqual(readTabSeparated('"x\ty"\t"two\nlines"\t"say ""hi"""\n\t\t'), [["x\ty", "two\nlines", 'say "hi"'], ["", "", ""]]);
  assert.deepEqual(readTabSeparated('5"\t"open\nend'), [['5"', '"open'], ["end"]]);
  assert.deepEqual(readTabSeparated("one"), [["one"]]);
  assert.deepEqual(readTabSeparated("a\rb"), [["a"], ["b"]]);
});

test("random cells are read as they were written", () => {
  let seed = 7;
  const random = (most) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % most; };
  const signs = ["a", "厂", "\t", "\n", '"', ",", " ", "|"];
  for (let round = 0; round < 500; round++) {
    const width = 1 + random(4), rows = Array.from({ length: 1 + random(5) }, () => Array.from({ length: width }, () => Array.from({ length: random(6) }, () => signs[random(signs.length)]).join("")));
    if (width === 1 && rows[rows.length - 1][0] === "") continue; // a line end at the end ends the last row
    assert.deepEqual(readTabSeparated(writeTabSeparated(rows)), rows);
  }
});
