/* Workbooks: what the cells show, which worksheet is read, and archives that are not read. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOfBytes } from "../../src/import-worker/file-kind.js";
import { momentOf, parseFormat } from "../../src/import-worker/number-formats.js";
import { opened, previewTable, readTable } from "../../src/import-worker/read-table.js";
import { setProgramData } from "../../src/import-worker/program-data.js";
import { readWorkbook, workbookGrid } from "../../src/import-worker/workbook.js";
import { parseXml } from "../../src/import-worker/xml.js";
import { Archive } from "../../src/import-worker/zip.js";
import { cases } from "../support/cases.js";
import { zipOf } from "../support/zip.js";

const program = cases("program");
setProgramData(program);

const TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const cell = (text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const row = (...cells) => `<row>${cells.map((one) => (one.startsWith("<c") ? one : cell(one))).join("")}</row>`;

/** Parts of a workbook: [name, state, rows, elements behind the rows] of each worksheet. */
function partsOf(sheets, styles = "") {
  const numbered = sheets.map((sheet, index) => [index + 1, ...sheet]);
  return {
    "_rels/.rels": `<Relationships><Relationship Id="a" Type="${TYPE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${numbered.map(([id]) => `<Relationship Id="r${id}" Type="${TYPE}/worksheet" Target="worksheets/sheet${id}.xml"/>`).join("")}</Relationships>`,
    "xl/workbook.xml": `<workbook xmlns:r="${TYPE}"><sheets>${numbered.map(([id, name, state]) => `<sheet name="${name}" state="${state}" r:id="r${id}"/>`).join("")}</sheets></workbook>`,
    "xl/styles.xml": `<styleSheet>${styles}</styleSheet>`,
    ...Object.fromEntries(numbered.map(([id, , , rows, more = ""]) => [`xl/worksheets/sheet${id}.xml`, `<worksheet><sheetData>${rows}</sheetData>${more}</worksheet>`])),
  };
}

const gridOf = async (parts) => workbookGrid(await readWorkbook(zipOf(parts)), program.tables.sites, "a.xlsx");

test("a cell is what it shows", async () => {
  const styles = `<numFmts><numFmt numFmtId="170" formatCode="0!.0,&quot;万&quot;"/></numFmts><cellXfs>${[0, 10, 57, 170].map((number) => `<xf numFmtId="${number}"/>`).join("")}</cellXfs>`;
  const shown = row("甲", ...['s="1"><v>0.203', 's="2"><v>44075', 's="3"><v>12000', 't="b"><v>1', 't="e"><v>#N/A'].map((text) => `<c ${text}</v></c>`));
  const { rows, numbers } = await gridOf(partsOf([["Sheet1", "visible", row("名称", "一", "二", "三", "四", "五") + shown]], styles));
  assert.deepEqual(rows, [["甲", "20.3%", "2020-09", "1.2万", "TRUE", "#N/A"]]);
  assert.deepEqual(numbers, [2]);
});

test("the shown worksheet with most headers is read, and notes name the others", async () => {
  const filled = row("名称", "经度") + row("甲", "106.5");
  const { header, notes } = await gridOf(partsOf([["封面", "visible", row("说明")], ["正表", "visible", filled], ["副表", "visible", row("名称") + row("乙")], ["旧表", "hidden", filled]]));
  assert.deepEqual(header, ["名称", "经度"]);
  assert.deepEqual(notes, [
    { key: "note-sheet", params: { file: "a.xlsx", sheet: "正表", others: ["副表"] } }, { key: "note-hidden-sheets", params: { file: "a.xlsx", sheets: ["旧表"] } },
  ]);
});

test("merged cells all hold what the first one does", async () => {
  const rows = row("名称", "坐标", "", "类别") + row("", "经度", "纬度", "") + row("甲", "106.5", "29.5", "企业") + row("乙", "106.6", "29.6", "");
  const merged = ["A1:A2", "B1:C1", "D1:D2", "D3:D4"].map((range) => `<mergeCell ref="${range}"/>`).join("");
  const grid = await gridOf(partsOf([["Sheet1", "visible", rows, `<mergeCells>${merged}</mergeCells>`]]));
  assert.equal(grid.header.length, 4);
  assert.deepEqual(grid.rows.map((cells) => cells[3]), ["企业", "企业"]);
});

test("a workbook is previewed and read as a table", async () => {
  const bytes = zipOf(partsOf([["点位", "visible", row("名称", "经度", "纬度") + row("甲", "106.5", "29.5")], ["旧", "hidden", row("名称")]]));
  const preview = previewTable(await opened({ kind: "preview", name: "a.xlsx", bytes, table: "sites" }));
  assert.deepEqual(preview.rows, [["甲", "106.5", "29.5"]]);
  const { rows, faults } = readTable(await opened({ name: "a.xlsx", bytes, table: "sites", there: [], entries: [], outlines: [] }));
  assert.deepEqual(rows.map(({ state, point }) => [state, point]), [["added", [106.5, 29.5]]]);
  assert.deepEqual(faults.slice(0, 2).map(({ code, severity }) => [code, severity]), [["note-sheet-only", "warning"], ["note-hidden-sheets", "warning"]]);
  assert.match(faults[1].told.zh.message, /旧/);
});

/** Parts of an OpenDocument spreadsheet with these elements in its body. */
const documentOf = (tables, styles = "") => ({
  mimetype: "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": "<manifest/>",
  "content.xml": `<office:document-content>${styles}<office:spreadsheet>${tables}</office:spreadsheet></office:document-content>`,
});
const textCell = (text, more = "") => `<table:table-cell office:value-type="string"${more}><text:p>${text}</text:p></table:table-cell>`;
const tableRow = (cells, more = "") => `<table:table-row${more}>${cells}</table:table-row>`;

test("an OpenDocument spreadsheet is read and judged as a table", async () => {
  const styles = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style><number:date-style style:name="n"><number:year/><number:text>-</number:text><number:month/></number:date-style><style:style style:name="m" style:data-style-name="n"/>';
  const moment = '<table:table-cell office:value-type="date" office:date-value="2020-09-09" table:style-name="m"><text:p>20-9</text:p></table:table-cell>';
  const rows = tableRow(["名称", "经度", "纬度", "开始日期"].map((head) => textCell(head)).join("")) + tableRow(textCell("甲<text:s/>厂") + textCell("106.5") + textCell("29.5") + moment)
    + tableRow('<table:table-cell table:number-columns-repeated="16384"/>', ' table:number-rows-repeated="1048574"');
  const bytes = zipOf(documentOf(`<table:table table:name="点位">${rows}</table:table><table:table table:name="旧" table:style-name="h">${tableRow(textCell("名称"))}</table:table>`, styles));
  const read = readTable(await opened({ name: "a.ods", bytes, table: "sites", there: [], entries: [], outlines: [] }));
  assert.deepEqual(read.rows.map(({ state, point, record }) => [state, point, record.name, record.start]), [["added", [106.5, 29.5], "甲 厂", "2020-09"]]);
  assert.equal(read.encoding, "OpenDocument · 点位");
  assert.deepEqual(read.faults.slice(0, 2).map(({ code }) => code), ["note-sheet-only", "note-hidden-sheets"]);
});

test("an OpenDocument spreadsheet beyond the limits is not read", async () => {
  const kindOf = async (rows) => (await readWorkbook(zipOf(documentOf(`<table:table table:name="a">${rows}</table:table>`)), "ods")).kind;
  assert.equal(await kindOf(tableRow(textCell("名称"), ' table:number-rows-repeated="10001"')), "huge");
  assert.equal(await kindOf(tableRow(textCell("名称", ' table:number-columns-repeated="4000000000"'))), "huge");
  assert.equal(await kindOf(tableRow(textCell('<text:s text:c="4000000000"/>'))), "huge");
  assert.equal(await kindOf(tableRow(textCell("名称")) + tableRow("", ' table:number-rows-repeated="1048575"') + tableRow(textCell("甲"))), "damaged");
});

test("archives that are none, locked or too large are told apart", async () => {
  const parts = partsOf([["Sheet1", "visible", row("名称") + row("甲")]]), whole = zipOf(parts);
  assert.deepEqual(await readWorkbook(whole.subarray(0, 300)), { kind: "damaged" });
  assert.deepEqual(await readWorkbook(zipOf(parts, { flags: 0x801 })), { kind: "locked" });
  assert.deepEqual(await readWorkbook(zipOf(parts, { method: 12 })), { kind: "damaged" });
  assert.deepEqual(await readWorkbook(zipOf({ ...parts, "xl/worksheets/sheet1.xml": " ".repeat(120e6) })), { kind: "huge" });
  assert.deepEqual(await readWorkbook(zipOf(partsOf([["Sheet1", "visible", '<row><c r="XFD1048576"><v>1</v></c></row>']]))), { kind: "huge" });
});

test("a stored member is unpacked, and checked", async () => {
  const bytes = zipOf({ a: "x".repeat(70000) }, { method: 0 });
  assert.equal((await new Archive(bytes).text("A")).length, 70000);
  bytes[50] = 0x79;
  await assert.rejects(new Archive(bytes).text("a"), { kind: "damaged" });
});

test("the kind of an archive is that of its members", () => {
  assert.equal(kindOfBytes(zipOf({ "xl/workbook.xml": "" }), "a.csv"), "xlsx");
  assert.equal(kindOfBytes(zipOf({ "xl/workbook.bin": "" }), "a.xlsx"), "workbook");
  assert.equal(kindOfBytes(zipOf({ "word/document.xml": "" }), "a.xlsx"), "document");
  assert.equal(kindOfBytes(Uint8Array.from([0x50, 0x4b, 3, 4, 0]), "a.xlsm"), "damaged");
  assert.equal(kindOfBytes(zipOf({ mimetype: "", "content.xml": "" }), "a.xlsx"), "ods");
  assert.equal(kindOfBytes(zipOf({ mimetype: "" }), "a.odp"), "document");
});

test("XML is taken apart without its prefixes, and refused with a document type", () => {
  const found = [];
  parseXml('<?xml version="1.0"?><!-- <a> --><x:a b="1 &lt; 2"><c/>t&#20013;<![CDATA[<d>]]></x:a>', {
    start: (name, attributes) => found.push(name, { ...attributes }), text: (text) => found.push(text), end: (name) => found.push("/" + name),
  });
  assert.deepEqual(found, ["a", { b: "1 < 2" }, "c", {}, "/c", "t中", "<d>", "/a"]);
  for (const text of ["<!DOCTYPE a><a/>", "<a>", "<a></b>", "<a/><b/>", "<a>&nbsp;</a>", "<a b=1/>", "x<a/>", "", "<a>\0</a>"]) assert.throws(() => parseXml(text, { start() {} }), SyntaxError, text);
});

test("days are counted from 1900 or 1904", () => {
  assert.equal(momentOf(59, false), "1900-02-28T00:00:00");
  assert.equal(momentOf(61, false), "1900-03-01T00:00:00");
  assert.equal(momentOf(0.5, true), "1904-01-01T12:00:00");
  assert.equal(momentOf(-1, false), null);
  assert.equal(parseFormat("General"), null);
});
