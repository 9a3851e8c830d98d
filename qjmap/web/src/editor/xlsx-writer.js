/* Writes tables as one Excel workbook (.xlsx), a sheet for each. */

import { zipOf } from "./zip-writer.js";
import { escapeXml } from "../runtime/escape-xml.js";

const NUMBER = /^-?(?:0|[1-9]\d{0,13})(?:\.\d{0,8}[1-9])?$/; // numbers that Excel shows as they were typed
const MOST_CELL = 32767; // maximum number of characters of a cell in Excel

/** @typedef {{ name: string, columns: { name: string, isNumber: boolean }[], rows: RowRecord[] }} Sheet A sheet; `isNumber` columns get cells of numbers. */

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";

/** Returns the XML of a cell. @param {string} text @param {boolean} isNumber */
function cellXml(text, isNumber) {
  if (!text) return "<c/>";
  if (isNumber && NUMBER.test(text)) return `<c><v>${text}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(text.slice(0, MOST_CELL))}</t></is></c>`;
}

/** Returns the XML of a worksheet, whose header row is frozen. @param {Sheet} sheet */
function sheetXml({ columns, rows }) {
  const head = columns.map(({ name }) => cellXml(name, false)).join("");
  const body = rows.map((record) => "<row>" + columns.map(({ name, isNumber }) => cellXml(record[name] || "", isNumber)).join("") + "</row>");
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
    `<sheetData><row>${head}</row>${body.join("")}</sheetData></worksheet>`;
}

/** Returns the file of a workbook. @param {Sheet[]} sheets @returns {Blob} */
export function workbookOf(sheets) {
  /** @type {Map<string, string>} */
  const files = new Map();
  const part = (/** @type {string} */ name, /** @type {string} */ type) => `<Override PartName="/xl/${name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
  files.set("[Content_Types].xml", `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Default Extension="xml" ContentType="application/xml"/>${part("workbook", "sheet.main")}${sheets.map((_, at) => part(`worksheets/sheet${at + 1}`, "worksheet")).join("")}</Types>`);
  files.set("_rels/.rels", `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
  files.set("xl/workbook.xml", `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
    sheets.map(({ name }, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("") + "</sheets></workbook>");
  files.set("xl/_rels/workbook.xml.rels", `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
    sheets.map((_, at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`).join("") + "</Relationships>");
  sheets.forEach((sheet, at) => files.set(`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet)));
  return zipOf(new Map(Array.from(files, ([name, text]) => [name, new TextEncoder().encode(text)])));
}
