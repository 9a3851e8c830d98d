/* What the columns of a table are taken for, and when a reader should look. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { previewTable, readTable } from "../../src/import-worker/read-table.js";
import { setProgramData } from "../../src/import-worker/program-data.js";
import { cases } from "../support/cases.js";

setProgramData(cases("program"));

const preview = (text, more = {}) => previewTable({ kind: "preview", name: "a.csv", text, table: "sites", ...more });
const read = (text, more = {}) => readTable({ name: "a.csv", text, table: "sites", there: [], entries: [], outlines: [], ...more });
const proposed = ({ proposal }) => proposal.map(({ column, why }) => [column, why]);

test("a preview has the headers, the first five rows and what each column is", () => {
  const found = preview("名称,经度,纬度,产值\n" + "甲,106,29,1\n".repeat(9));
  assert.deepEqual(found.header, ["名称", "经度", "纬度", "产值"]);
  assert.equal(found.rows.length, 5);
  assert.deepEqual(proposed(found), [["name", "header"], ["lon", "header"], ["lat", "header"], [null, ""]]);
  assert.equal(found.isDoubtful, false);
});

test("a table offers its own columns, and coordinates in one column where it has any", () => {
  const names = (table) => preview("名称\n甲\n", { table }).columns.map(({ name }) => name);
  assert.ok(names("sites").indexOf("lonlat") + 1 === names("sites").indexOf("lon"));
  assert.ok(!names("partnerships").includes("lonlat") && names("partnerships").includes("parties"));
});

for (const [why, text, doubtful] of [
  ["with a name of listed headers", "名称,经度,纬度\n甲厂,106.6,29.1\n", false],
  ["whose headers end in known words", "医院名称,所在经度,所在纬度\n甲医院,106.6,29.1\n", false],
  ["whose name only the contents tell", "甲,经度,纬度\n甲医院,106.6,29.1\n", true],
  ["without a name", "甲,经度,纬度\n1,106.6,29.1\n", true],
  ["with half of a position", "名称,经度,乙\n甲厂,106.6,5\n", true],
  ["with coordinates that are none", "名称,经度,纬度\n甲厂,东边,西边\n", true],
  ["with two pairs of coordinates between which order decides", "名称,经度,纬度,地理经度,地理纬度\n甲厂,106.6,29.1,105.5,28.1\n", true],
  ["with two columns of one meaning", "名称,经度,纬度,地址,详细地址\n甲厂,106.6,29.1,通惠街,通惠街1号\n", false],
  ["without any place while a column is unknown", "名称,甲乙丙\n甲厂,5\n", true],
  ["without any place where every column is known", "名称,类别\n甲厂,企业\n", false],
  ["with places by name and a column of its own", "名称,所在地,产值\n甲厂,綦江区,5\n", false],
]) {
  test(`a table ${why} is ${doubtful ? "doubtful" : "plain"}`, () => {
    assert.equal(preview(text).isDoubtful, doubtful);
  });
}

test("a preview says why a column is what it is", () => {
  const found = preview("序号,医院名称,type,经度,纬度,经度（百度）,纬度（百度）,日期\n1,甲医院,企业,106.6,29.1,106.7,29.2,见附件\n2,乙医院,物流园,106.5,29.1,106.7,29.2,见附件\n");
  assert.deepEqual(proposed(found), [[null, "running"], ["name", "family"], ["category", "both"], ["lon", "header"], ["lat", "header"], [null, "beside"],
    [null, "beside"], [null, ""]]);
  const parts = preview("名称,经度度,经度分,纬度度,纬度分\n甲厂,106,39,29,1\n");
  assert.deepEqual(proposed(parts).map(([, why]) => why), ["header", ...Array(4).fill("composed")]);
  const asProposed = { choice: ["name", "+", "+", "+", "+"] };
  assert.equal(read("名称,经度度,经度分,纬度度,纬度分\n甲厂,106,39,29,1.5\n", asProposed).rows[0].record.lat, "29°1.5′");
  assert.equal(read("名称,经度度,经度分,纬度度,纬度分\n甲厂,106,39,29,1.5\n").rows[0].record.lon, "106°39′");
});

test("a preview of the begin of a file leaves out the row that is cut", () => {
  const found = preview('名称,说明\n甲,"两\n行"\n乙,"未完', { isHead: true });
  assert.deepEqual(found.rows, [["甲", "两\n行"]]);
});

test("bytes are cut at a line end, so that no character is broken", () => {
  const bytes = new TextEncoder().encode("名称,经度,纬度\n甲,106,29\n乙");
  assert.deepEqual(preview("", { bytes: bytes.subarray(0, bytes.length - 1), isHead: true }).rows, []);
});

test("what is no table says what it is", () => {
  assert.deepEqual(preview("<!doctype html><html></html>", { name: "a.htm" }), { kind: "webpage" });
});

test("a reader's choice counts before headers", () => {
  const text = "名称,甲,x,y\n公司,真名,29.5,106.5\n", choice = ["aliases", "name", "lat", "lon"];
  const { rows } = read(text, { choice });
  assert.deepEqual([rows[0].record.name, rows[0].record.aliases, rows[0].record.lon, rows[0].record.lat], ["真名", "公司", "106.5", "29.5"]);
  assert.deepEqual(proposed(preview(text, { choice })).map(([, why]) => why), ["chosen", "chosen", "chosen", "chosen"]);
});

test("a column can be taken from a meaning, and left out", () => {
  const { rows, faults } = read("名称,类别,产值\n甲,无此类,5\n", { choice: ["name", "", "-"] });
  assert.deepEqual(faults.filter(({ severity }) => severity === "fault"), []);
  assert.equal(rows[0].record["类别"], "无此类");
  assert.ok(!("产值" in rows[0].record));
});

test("a number keeps the unit of its header under any column that is chosen for it", () => {
  const { rows } = read("名称,规模（万元）\n甲乙协议,3\n", { table: "partnerships", choice: ["name", "value_cny"] });
  assert.equal(rows[0].record.value_cny, "30000");
});
