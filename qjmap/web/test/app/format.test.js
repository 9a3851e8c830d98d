/* Places in sources in the page's language. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeFormat } from "../../src/app/base/format.js";

const units = { "locator.段": "para. {at}", "locator.页": "p. {at}", "locator.全文": "whole text" };
const formatIn = (now) => makeFormat({ now, word: (_, value) => value, has: (key) => key in units, t: (key, values) => (units[key] || key).replace("{at}", values ? values.at : "") });

for (const [given, english] of [["第3段", "para. 3"], ["第2、3、4段", "para. 2, 3, 4"], ["第12–14页", "p. 12–14"], ["全文", "whole text"], ["Section 3", "Section 3"], ["", ""]]) {
  test(`"${given}" is "${english}" in English and stays in Chinese`, () => {
    assert.equal(formatIn("en").locator(given), english);
    assert.equal(formatIn("zh").locator(given), given);
  });
}
