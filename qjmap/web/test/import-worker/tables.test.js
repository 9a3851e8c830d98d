import assert from "node:assert/strict";
import { test } from "node:test";

import { readText } from "../../src/import-worker/delimited.js";
import { decode } from "../../src/import-worker/encoding.js";
import { arrangeFrame } from "../../src/import-worker/arrange-columns.js";
import { setProgramData } from "../../src/import-worker/program-data.js";
import { fromBase64 } from "../../src/runtime/inflate.js";
import { cases } from "../support/cases.js";

const program = cases("program");
setProgramData(program);

for (const [number, { name, data, table, datum, rows, columns }] of cases("tables").entries()) {
  test(`${name} has the rows and columns that the program finds`, () => {
    const bytes = fromBase64(data), known = program.tables[table], file = `${number}.csv`;
    const frame = arrangeFrame(readText(decode(bytes), known, file), known, file, datum);
    assert.deepEqual(frame.rows, rows);
    for (const [column, cells] of Object.entries(columns)) assert.deepEqual(frame.columns[column], cells, column);
    assert.deepEqual(Object.keys(frame.typed).sort(), Object.keys(columns).sort());
  });
}
