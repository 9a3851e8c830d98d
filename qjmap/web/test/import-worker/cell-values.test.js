import assert from "node:assert/strict";
import { test } from "node:test";

import { readAngle, readPair } from "../../src/import-worker/angles.js";
import { readList, readRoles, readUrl, readVocab } from "../../src/import-worker/cell-values.js";
import { readDate } from "../../src/import-worker/dates.js";
import { readHeader } from "../../src/import-worker/headers.js";
import { readNumber } from "../../src/import-worker/numbers.js";
import { setProgramData } from "../../src/import-worker/program-data.js";
import { CellError, foldValue } from "../../src/import-worker/normalize-text.js";
import { cases } from "../support/cases.js";

const program = cases("program");
setProgramData(program);

const angle = (text) => { const found = readAngle(text); return found && [found.degrees, found.axis]; };
const READERS = {
  number: readNumber, money: (text) => readNumber(text, true), wan: (text) => readNumber(text, true, "万元"), date: readDate, angle,
  pair: (text) => readPair(text, null), url: readUrl, list: readList, roles: readRoles, fold: foldValue, status: (text) => readVocab(text, "status"),
};

/** Returns the reader of a list of cases; "header" and "row" are followed by the unit that the header or the row states. */
function readerOf(name) {
  const [told, unit] = name.split(/ (.*)/);
  if (told === "header") return (text) => readNumber(text, false, unit);
  return told === "row" ? (text) => readNumber(text, false, "", unit) : READERS[name];
}

function answer(read, text) {
  try {
    return { value: read(text) };
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    return { code: error.code };
  }
}

for (const [name, list] of Object.entries(cases("cells"))) {
  test(`${name} reads as the program does`, () => {
    for (const [text, expected] of list) assert.deepEqual(JSON.parse(JSON.stringify(answer(readerOf(name), text))), expected, JSON.stringify(text));
  });
}

test("headers mean what they mean to the program", () => {
  for (const [table, typed, expected] of cases("headers")) {
    const { column, datum, unit } = readHeader(typed, program.tables[table]);
    assert.deepEqual([column, datum, unit], expected, `${table} ${JSON.stringify(typed)}`);
  }
});
