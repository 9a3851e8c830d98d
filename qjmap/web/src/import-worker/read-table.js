/* Reads a dropped file or a pasted text as rows of a table, and decides about each row as `qjmap add` would. */

import { arrangeFrame } from "./arrange-columns.js";
import { checkAdded, checkCandidates } from "./checks.js";
import { chooseTable } from "./choose-table.js";
import { deduplicate } from "./classify-rows.js";
import { readText } from "./delimited.js";
import { decode } from "./encoding.js";
import { faultTexts, sheetsTold } from "./fault-texts.js";
import { kindOfBytes, kindOfText } from "./file-kind.js";
import { foreignReferences, setForeignIdsApart } from "./id-column.js";
import { badRows, isFault, parseFrame } from "./parse-table.js";
import { holdBack } from "./own-columns.js";
import { previewOf } from "./preview.js";
import { indexRows, refuseDangling, resolveReferences } from "./references.js";
import { RowIndex } from "./row-index.js";
import { program } from "./program-data.js";
import { readWorkbook, sheetsOf, workbookGrid } from "./workbook.js";
import { toWgs84 } from "../runtime/datum.js";

/**
 * Compares two faults: those of the whole file first, then by row, then by column in spreadsheet order.
 *
 * @param {Fault} a
 * @param {Fault} b
 */
function compareFaults(a, b) {
  /** Returns the sort key of a fault. Letters of columns are compared by length first, since AA comes after Z. @param {Fault} fault */
  const key = (fault) => [fault.row === null ? -1 : fault.row, (fault.letter || "").length, fault.letter || "", fault.column || "", fault.code, fault.value || ""];
  const x = key(a), y = key(b), index = x.findIndex((part, k) => part !== y[k]);
  return index < 0 ? 0 : x[index] < y[index] ? -1 : 1;
}

/**
 * Returns what the page offers for a fault: `rows`, the row numbers that it concerns, and `choices`, the ids among which an ambiguous
 * reference chooses.
 *
 * @param {string} code
 * @param {Fault["params"]} params
 * @returns {Pick<ToldFault, "rows" | "choices">}
 */
const pointers = (code, params) => ({ ...(Array.isArray(params?.rows) ? { rows: params.rows } : {}), ...(code === "reference-ambiguous" ? { choices: params?.ids } : {}) });

/**
 * Sets the position (WGS 84 degrees) and radius (metres) of each row; null without a position.
 *
 * @param {ImportRow[]} rows
 * @param {Values} values
 */
function setPositions(rows, values) {
  rows.forEach((row, index) => {
    const located = values.lon && !Number.isNaN(values.lon[index]) && !Number.isNaN(values.lat[index]);
    row.point = located ? toWgs84([values.lon[index], values.lat[index]], values.datum[index]) : null;
    row.radius = located ? program.radius_m[values.precision[index] || "site"] : null;
  });
}

/**
 * Resolves references, and checks the rows that may enter the table. A name that several rows of the file have refers to the first of them
 * that is not refused. The first run finds out which rows are refused; if it finds more of them, a second run resolves the references
 * again. Returns a copy of `parsed` with ids in place of names, and the id of each row (`ownIds`).
 *
 * @param {Parsed} parsed
 * @param {ImportJob} job
 * @param {ReturnType<typeof setForeignIdsApart>} foreign
 * @param {Set<string>} mapIds ids of the map's rows
 */
function resolveRows(parsed, job, foreign, mapIds) {
  /** Resolves and checks a copy of the file. @param {Set<number | null>} refused numbers of the rows that are refused because of faults */
  const run = (refused) => {
    const values = /** @type {Values} */ (Object.fromEntries(Object.entries(parsed.values).map(([name, cells]) => [name, cells.slice()])));
    const copy = { ...parsed, values, faults: [...parsed.faults] }, rowIndex = new RowIndex(job.entries);
    const { ownIds, rowsById } = indexRows(copy, rowIndex, refused), foreignFaults = foreignReferences(copy, foreign);
    resolveReferences(copy, rowIndex, ownIds);
    // Of several rows with one id only the first good one may enter the table, and none whose id the map has.
    const isCandidate = (/** @type {number} */ index) => rowsById.get(ownIds[index]) === index && !mapIds.has(ownIds[index]);
    copy.faults.push(...foreignFaults, ...checkCandidates(copy, ownIds, isCandidate));
    return { parsed: copy, ownIds };
  };
  const bad = badRows(parsed), first = run(bad), refused = badRows(first.parsed);
  return refused.size > bad.size ? run(refused) : first;
}

/** The workbook that was opened last, since it is first previewed and then read. @type {{ bytes: Uint8Array, workbook: Awaited<ReturnType<typeof readWorkbook>> } | null} */
let last = null;

/**
 * Returns a job with its workbook unpacked and read, if its bytes are a workbook; else the job as it is.
 *
 * @template {FileJob} T
 * @param {T} job
 * @returns {Promise<T>}
 */
export async function opened(job) {
  const { bytes, name } = job, kind = bytes ? kindOfBytes(bytes, name) : "";
  if (!bytes || !["xlsx", "ods"].includes(kind)) return job;
  const known = last && last.bytes.length === bytes.length && last.bytes.every((byte, at) => byte === bytes[at]) ? last : null;
  last = known || { bytes, workbook: await readWorkbook(bytes, kind) };
  return { ...job, workbook: last.workbook };
}

/**
 * Returns the grid of a file or text, or the kind of what is no table.
 *
 * @param {FileJob} job
 * @returns {{ kind: string, grid?: undefined } | { kind?: undefined, grid: Grid }}
 */
function readGrid({ name, bytes, text, table, isHead, workbook, sheet }) {
  if (workbook) return "kind" in workbook ? workbook : { grid: workbookGrid(workbook, program.tables[table], name, sheet) };
  const binary = bytes ? kindOfBytes(bytes, name) : "";
  if (binary) return { kind: binary };
  const decoded = bytes ? decode(isHead ? wholeLines(bytes) : bytes) : { text: text || "", encoding: "utf-8" };
  const kind = kindOfText(decoded.text, name);
  return kind ? { kind } : { grid: readText({ ...decoded, isHead }, program.tables[table], name) };
}

/**
 * Returns the bytes up to the last line end, so that no character is cut in two; all bytes without a line end.
 *
 * @param {Uint8Array} bytes
 */
function wholeLines(bytes) {
  const end = bytes.lastIndexOf(10) + 1, isWide = bytes.subarray(0, 64).includes(0); // UTF-16 has two bytes for each line end
  return end ? bytes.subarray(0, isWide ? end + (end % 2) : end) : bytes;
}

/**
 * Returns the first rows of a file and what its columns are taken for; or, for a file that is no table, its kind.
 *
 * @param {PreviewJob} job
 * @returns {Preview | { kind: string }}
 */
export function previewTable(job) {
  const { kind, grid } = readGrid(job);
  if (kind !== undefined) return { kind };
  const table = job.isTableOpen ? chooseTable(grid, job.table) : job.table;
  const again = table === job.table ? grid : readGrid({ ...job, table }).grid || grid;
  const sheets = job.workbook && "sheets" in job.workbook ? sheetsOf(job.workbook, program.tables[table], job.sheet) : { sheets: [], sheet: "" };
  return { ...previewOf(again, program.tables[table], job.choice || []), ...sheets, table };
}

/**
 * Reads a file or text as rows of a table, each with its state: added, already there, refused; or returns the kind of a file that is no table.
 *
 * @param {ImportJob} job
 * @returns {ImportResult | { kind: string }}
 */
export function readTable(job) {
  const table = program.tables[job.table], { kind, grid } = readGrid(job);
  if (kind !== undefined) return { kind };
  const frame = arrangeFrame(grid, table, job.name, job.datum || "", job.choice);
  const foreign = setForeignIdsApart(frame, job.there);
  frame.heldBack = holdBack(frame, job.shown || []);
  const mapIds = new Set(job.entries.map((entry) => entry.id));
  const { parsed, ownIds } = resolveRows(parseFrame(frame), job, foreign, mapIds);
  const rows = deduplicate(parsed, job.there, new RowIndex(job.entries));
  refuseDangling(parsed, rows, ownIds, mapIds);
  const states = new Map(rows.map(({ row, state }) => [row, state]));
  /** Returns whether the row with an index is added. @param {number} index */
  const isAdded = (index) => states.get(frame.rows[index]) === "added";
  parsed.faults.push(...checkAdded(parsed, isAdded, job));
  setPositions(rows, parsed.values);
  // Rows that the map has already are not added, so their faults do not matter.
  /** Returns whether a fault is reported: a warning, a fault of the whole file, or one of a refused row. @param {Fault} fault */
  const counts = (fault) => !isFault(fault) || fault.row === null || states.get(fault.row) === "refused";
  const faults = parsed.faults.filter(counts).map((fault) => ({ ...fault, severity: fault.severity || "fault", value: fault.value === undefined ? null : fault.value }));
  faults.sort(compareFaults);
  return {
    rows, header: frame.header, cells: frame.cells, numbers: frame.rows, encoding: frame.encoding, notes: frame.notes,
    faults: [...sheetsTold(frame.notes), ...faults.map(({ params, ...fault }) => ({ ...fault, ...pointers(fault.code, params), told: faultTexts({ ...fault, params }) }))],
  };
}
