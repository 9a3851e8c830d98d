import assert from "node:assert/strict";
import { test } from "node:test";

import { readAngle, readPair } from "../../src/import-worker/angles.js";
import { readList, readVocab } from "../../src/import-worker/cell-values.js";
import { readDate } from "../../src/import-worker/dates.js";
import { isEmptyWord } from "../../src/import-worker/empty-words.js";
import { layOut } from "../../src/import-worker/header-row.js";
import { matchHeader, readHeader } from "../../src/import-worker/headers.js";
import { readNumber } from "../../src/import-worker/numbers.js";
import { isPersonalCell, isPersonalHeader } from "../../src/import-worker/own-columns.js";
import { splitNames } from "../../src/import-worker/references.js";
import { RowKinds } from "../../src/import-worker/non-data-rows.js";
import { setProgramData } from "../../src/import-worker/program-data.js";
import { CellError } from "../../src/import-worker/normalize-text.js";
import { findVocab, readWord } from "../../src/import-worker/vocabulary-words.js";
import { cases } from "../support/cases.js";

const program = cases("program");
setProgramData(program);

/** The kind of a row amid rows of data, or above them. */
function kindOfRow(text, header, isFirst) {
  const heads = header.split(","), plain = ["甲厂", "企业", "某路1号", "5"].slice(0, heads.length);
  const rows = isFirst ? [text.split(","), plain] : [plain, text.split(","), plain];
  return new RowKinds(heads, [heads], program.tables.sites).find(rows).get(isFirst ? 0 : 1);
}

function headerOfTable(text) {
  const { header, headerRow } = layOut(text.split("\n").map((line) => line.split(",")), program.tables.sites, "");
  return [header, headerRow];
}

/** The page's readers under the keys of tests/grammar/reading.py. */
const READERS = {
  "personal-header": (text) => isPersonalHeader(text),
  "personal-cell": (text) => isPersonalCell(text),
  header: (text, { table = "sites" }) => { const { column, datum, unit } = readHeader(text, program.tables[table]); return [column, datum, unit]; },
  match_header: (text, { table = "sites" }) => { const { column, datum, unit, rank } = matchHeader(text, program.tables[table]); return [column, datum, unit, rank]; },
  number: (text, { money = false, header_unit = "", row_unit = "" }) => readNumber(text, money, header_unit, row_unit),
  date: (text) => readDate(text),
  angle: (text) => { const found = readAngle(text); return found && [found.degrees, found.axis]; },
  pair: (text, { order = null }) => readPair(text, order),
  list: (text) => readList(text),
  names: (text, { known }) => splitNames(text, (name) => known.includes(name)),
  row: (text, { header }) => kindOfRow(text, header, false),
  "first-row": (text, { header }) => kindOfRow(text, header, true),
  "table-header": (text) => headerOfTable(text),
  "empty-word": (text) => isEmptyWord(text),
  "find-vocab": (text, { vocabulary }) => findVocab(text, vocabulary),
  word: (text, { vocabulary }) => readWord(text, vocabulary),
  vocab: (text, { vocabulary }) => readVocab(text, vocabulary),
};

function answer(reader, text, options) {
  try {
    return JSON.parse(JSON.stringify(READERS[reader](text, options) ?? null));
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    return { code: error.code };
  }
}

for (const { rule, reader, options = {}, cases: list } of cases("grammar")) {
  test(`${rule}, as in the program`, () => {
    assert.deepEqual(list.map(([text]) => [text, answer(reader, text, options)]), list);
  });
}
