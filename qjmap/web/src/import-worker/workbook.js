/* A workbook: reads the worksheets of Excel (.xlsx, .xlsm) or OpenDocument (.ods) once, and returns the grid of the one with the rows of a
 * table.
 */

import { letterOf } from "./error-cells.js";
import { fileFault, layOut, mostHeaders } from "./header-row.js";
import { parseFormat } from "./number-formats.js";
import { readOpenDocument } from "./opendocument.js";
import { compact, rowWords } from "./row-words.js";
import { prepared, program } from "./program-data.js";
import { fold, strip } from "./normalize-text.js";
import { TextCollector, UNSAVED, fillMerged, readWorksheet } from "./worksheet.js";
import { attributeOf, parseXml } from "./xml.js";
import { Archive, Unreadable } from "./zip.js";

const MOST_SHEETS = 256;

/** @typedef {{ name: string, part: string, isHidden: boolean }} SheetEntry A worksheet; `part` is its file in the package. */
/** @typedef {import("./worksheet.js").SheetRows & { name: string }} Worksheet The rows of a worksheet, and its name. */
/** @typedef {{ sheets: Worksheet[], hidden: string[], format: string }} Workbook Its visible worksheets,
 * or all if none is visible; the names of the hidden ones; and its format, "Excel" or "OpenDocument". */

/**
 * Returns the folder of the workbook's parts with a slash at its end; "" for the root of the package.
 *
 * @param {Archive} archive
 */
async function findFolder(archive) {
  let target = "";
  parseXml(await archive.text("_rels/.rels"), {
    start(name, { Type: type = "", Target: at = "" }) {
      if (name === "Relationship" && type.endsWith("/relationships/officeDocument")) target = at;
    },
  });
  return target.includes("/") ? target.slice(0, target.lastIndexOf("/") + 1).replace(/^\//, "") : "";
}

/**
 * Returns the worksheets in their order, without sheets of charts and macros; and whether serial days count from 1904.
 *
 * @param {Archive} archive
 * @param {string} folder of the workbook's parts, as `findFolder` returns it
 */
async function listSheets(archive, folder) {
  const targets = /** @type {Map<string, string>} */ (new Map()), sheets = /** @type {SheetEntry[]} */ ([]);
  let since1904 = false;
  parseXml(await archive.text(folder + "_rels/workbook.xml.rels"), {
    start(name, { Id: id = "", Type: type = "", Target: target = "" }) {
      if (name === "Relationship" && type.endsWith("/worksheet")) targets.set(id, target.startsWith("/") ? target.slice(1) : folder + target);
    },
  });
  parseXml(await archive.text(folder + "workbook.xml"), {
    start(name, attributes) {
      if (name === "workbookPr") since1904 = ["1", "true"].includes(attributes.date1904);
      else if (name === "sheet") {
        const part = targets.get(attributeOf(attributes, "id"));
        if (part !== undefined) sheets.push({ name: attributes.name || "", part, isHidden: (attributes.state || "visible") !== "visible" });
      }
    },
  });
  if (sheets.length > MOST_SHEETS) throw new Unreadable("huge", "sheets");
  return { sheets, since1904 };
}

/**
 * Returns the number format of each cell style; null for one that shows the plain number.
 *
 * @param {string} text content of styles.xml
 */
function readFormats(text) {
  const codes = /** @type {Map<string, string>} */ (new Map()), numbers = /** @type {string[]} */ ([]), builtIn = program.grammar.number_formats.built_in;
  let inside = "";
  parseXml(text, {
    start(name, { numFmtId: number = "", formatCode: code = "" }) {
      if (["cellXfs", "cellStyleXfs", "dxfs", "cellStyles"].includes(name)) inside = name;
      else if (name === "numFmt" && inside !== "dxfs") codes.set(number, code);
      else if (name === "xf" && inside === "cellXfs") numbers.push(number);
    },
  });
  const formats = new Map(Array.from(new Set(numbers), (number) => [number, parseFormat(codes.get(number) ?? builtIn[String(Number(number))] ?? "")]));
  return numbers.map((number) => formats.get(number) || null);
}

/** Returns the shared strings of a workbook. @param {string} text content of sharedStrings.xml */
function readStrings(text) {
  const strings = /** @type {string[]} */ ([]), collector = new TextCollector();
  parseXml(text, {
    start(name, attributes) { if (name === "si") collector.begin(); else collector.start(name, attributes); },
    text: (part) => collector.add(part),
    end(name) { if (name === "si") strings.push(collector.whole); else collector.end(name); },
  });
  return strings;
}

/**
 * Reads an .xlsx or .xlsm workbook. Throws Unreadable if it cannot be read.
 *
 * @param {Archive} archive
 * @returns {Promise<Workbook>}
 */
async function readExcel(archive) {
  const folder = await findFolder(archive), { sheets, since1904 } = await listSheets(archive, folder);
  const textOf = async (/** @type {string} */ part) => (archive.has(folder + part) ? archive.text(folder + part) : "");
  const styles = await textOf("styles.xml"), texts = await textOf("sharedStrings.xml"), shown = sheets.filter(({ isHidden }) => !isHidden);
  const context = { formats: styles ? readFormats(styles) : [], strings: texts ? readStrings(texts) : [], since1904 }, size = { cells: 0, characters: 0 };
  const read = /** @type {Worksheet[]} */ ([]);
  for (const { name, part } of shown.length ? shown : sheets) read.push({ name, ...readWorksheet(await archive.text(part), context, size) });
  return { sheets: read, hidden: sheets.filter(({ isHidden }) => isHidden).map(({ name }) => name), format: "Excel" };
}

/**
 * Reads a workbook.
 *
 * @param {Uint8Array} bytes
 * @param {string} kind as `kindOfBytes` returns it: xlsx or ods
 * @returns {Promise<Workbook | { kind: string }>} `kind` is the reason why the workbook cannot be read
 */
export async function readWorkbook(bytes, kind = "xlsx") {
  try {
    const archive = new Archive(bytes), workbook = await (kind === "ods" ? readOpenDocument(archive) : readExcel(archive));
    if (!workbook.sheets.length) throw new Unreadable("damaged", "no worksheet");
    return workbook;
  } catch (error) {
    if (error instanceof Unreadable) return { kind: error.kind };
    if (error instanceof SyntaxError || error instanceof RangeError) return { kind: "damaged" }; // not well-formed, or nested too deep
    throw error;
  }
}

const explanations = prepared(({ sheets }) => new Set(sheets.explanations.map(fold)));

/**
 * Whether a worksheet may hold data: its name is not that of a sheet of explanations, and besides examples it has at least two filled rows.
 *
 * @param {Worksheet} sheet
 */
function holdsRows({ name, rows }) {
  if (explanations().has(fold(name))) return false;
  const firsts = rows.map((row) => row.find((cell) => strip(cell))).filter((cell) => cell && !rowWords().words("examples").has(compact(cell)));
  return firsts.length > 1;
}

/**
 * Returns notes that name the worksheet that was read, the filled ones that were not, and the hidden ones.
 *
 * @param {Workbook} workbook
 * @param {Worksheet} sheet the one that was read
 * @param {string} file name of the file
 * @returns {Note[]}
 */
function sheetNotes(workbook, sheet, file) {
  const others = workbook.sheets.filter((other) => other !== sheet && holdsRows(other)).map(({ name }) => name);
  const hidden = workbook.hidden.filter((name) => name !== sheet.name), notes = /** @type {Note[]} */ ([]);
  if (others.length) notes.push({ key: "note-sheet", params: { file, sheet: sheet.name, others } });
  else if (hidden.length) notes.push({ key: "note-sheet-only", params: { file, sheet: sheet.name } });
  if (hidden.length) notes.push({ key: "note-hidden-sheets", params: { file, sheets: hidden } });
  return notes;
}

/**
 * Empties the cells of formulas without a saved result, and reports them as faults.
 *
 * @param {Grid} grid
 * @param {string} file name of the file, for faults
 */
function reportUnsaved({ header, rows, numbers, faults }, file) {
  rows.forEach((row, index) => row.forEach((cell, column) => {
    if (cell !== UNSAVED) return;
    row[column] = "";
    faults.push(fileFault(file, "formula-unsaved", { row: numbers[index], column: header[column], value: "", letter: letterOf(column) }));
  }));
}

/**
 * Adds a warning for each column that has some of `cells` in its data rows.
 *
 * @param {Grid} grid
 * @param {string} file name of the file, for faults
 * @param {string} code code of the warning
 * @param {import("./worksheet.js").Cell[]} cells row and column of the cells to warn of
 */
function warn({ header, numbers, faults }, file, code, cells) {
  const data = new Set(numbers), rowsOf = /** @type {Map<number, number[]>} */ (new Map());
  for (const [row, column] of cells) {
    if (column >= header.length || !data.has(row + 1)) continue;
    const rows = rowsOf.get(column);
    if (rows) rows.push(row + 1); else rowsOf.set(column, [row + 1]);
  }
  for (const [column, rows] of rowsOf) faults.push(fileFault(file, code, { column: header[column], params: { rows }, severity: "warning", letter: letterOf(column) }));
}

/**
 * Returns the worksheet with a name; without such a one the worksheet with most known headers, the first of equals.
 *
 * @param {Workbook} workbook
 * @param {Table} table
 * @param {string} name
 */
function sheetOf({ sheets }, table, name) {
  const counts = sheets.map(({ rows }) => mostHeaders(rows, table));
  return sheets.find((sheet) => sheet.name === name) || sheets[counts.indexOf(Math.max(...counts))];
}

/**
 * Returns the names of the worksheets that may hold data, and of the one that is read.
 *
 * @param {Workbook} workbook
 * @param {Table} table
 * @param {string} [name] name of the worksheet that the user has chosen
 */
export function sheetsOf(workbook, table, name = "") {
  return { sheets: workbook.sheets.filter(holdsRows).map((sheet) => sheet.name), sheet: sheetOf(workbook, table, name).name };
}

/**
 * Returns the grid of the chosen worksheet, or of the one with most known headers.
 *
 * @param {Workbook} workbook
 * @param {Table} table
 * @param {string} file name of the file, for faults
 * @param {string} [name] name of the worksheet that the user has chosen
 * @returns {Grid}
 */
export function workbookGrid(workbook, table, file, name = "") {
  const sheet = sheetOf(workbook, table, name);
  const grid = layOut(fillMerged(sheet), table, file);
  grid.notes.unshift(...sheetNotes(workbook, sheet, file));
  reportUnsaved(grid, file);
  warn(grid, file, "zeros-restored", sheet.restored);
  warn(grid, file, "year-not-shown", sheet.yearless);
  return { ...grid, encoding: `${workbook.format} · ${sheet.name}` };
}
