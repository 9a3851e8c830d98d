import { outsideAreas, suspects } from "./containment.js";
import { readText } from "./csv.js";
import { Register, deduplicate, dropDangling, ownRows, resolveReferences } from "./deduplicate.js";
import { decode } from "./encodings.js";
import { arrangeFrame } from "./headers.js";
import { kindOfBytes, kindOfText } from "./kinds.js";
import { faultTexts, rules } from "./text.js";
import { namedByNumber, setForeignIdsApart } from "./own-ids.js";
import { isFault, parseFrame, plausibility } from "./validate.js";
import { toWgs84 } from "../runtime/datum.js";

/**
 * Faults of the whole file first, then by row, then by column as a spreadsheet has them.
 *
 * @param {any} a
 * @param {any} b
 */
function inOrder(a, b) {
  /** @param {Fault} fault */
  const key = (fault) => [fault.row === null ? -1 : fault.row, (fault.letter || "").length, fault.letter || "", fault.column || "", fault.code, fault.value || ""];
  const x = key(a), y = key(b), at = x.findIndex((one, k) => one !== y[k]);
  return at < 0 ? 0 : x[at] < y[at] ? -1 : 1;
}

/**
 * Reads bytes (or text) as a table.
 *
 * job: {name, bytes | text, table, datum, region, entries: [{table, id, names, at, adcode, parent}], outlines: [{adcode, name,
 * rings}], there: [{record, file, row}]}; `at` is [lon, lat] in WGS 84 of a row whose table names its datum
 * gives {kind} for what is no text table (kinds.js), else {rows: [{row, record, state, point, radius}], faults, notes, header, cells}.
 *
 * @param {any} job
 */
export function readTable(job) {
  const table = rules.tables[job.table];
  const binary = job.bytes ? kindOfBytes(job.bytes, job.name) : "";
  if (binary) return { kind: binary };
  const decoded = job.bytes ? decode(job.bytes) : { text: job.text, encoding: "utf-8" };
  const kind = kindOfText(decoded.text, job.name);
  if (kind) return { kind };
  const frame = arrangeFrame(readText(decoded, table, job.name), table, job.name, job.datum || "");
  const foreign = setForeignIdsApart(frame, job.there);
  const parsed = parseFrame(frame);
  const register = new Register(job.entries);
  const own = ownRows(parsed, register);
  const numbered = namedByNumber(parsed, foreign);
  resolveReferences(parsed, register, own);
  parsed.faults.push(...numbered);
  const rows = deduplicate(parsed, job.there, new Register(job.entries));
  dropDangling(parsed, rows, own, new Set(job.entries.map((/** @type {any} */ entry) => entry.id)));
  const states = new Map(rows.map((/** @type {{ row: any, state: any }} */ { row, state }) => [row, state]));
  /** @param {any} at */
  const added = (at) => states.get(frame.rows[at]) === "added";
  parsed.faults.push(...plausibility(parsed, added, job.region), ...suspects(parsed, job.entries), ...outsideAreas(parsed, added, job.entries, job.outlines));
  const { values } = parsed;
  rows.forEach((/** @type {any} */ one, /** @type {any} */ at) => {
    const placed = values.lon && !Number.isNaN(values.lon[at]) && !Number.isNaN(values.lat[at]);
    one.point = placed ? toWgs84([values.lon[at], values.lat[at]], values.datum[at]) : null;
    one.radius = placed ? rules.radius_m[values.precision[at] || "site"] : null;
  });
  // What was found in a row that is no data, or that is there already, keeps nothing out.
  /** @param {Fault} fault */
  const told = (fault) => !isFault(fault) || fault.row === null || states.get(fault.row) === "refused";
  const faults = parsed.faults.filter(told).map((fault) => ({ ...fault, severity: fault.severity || "fault", value: fault.value === undefined ? null : fault.value }));
  faults.sort(inOrder);
  return {
    rows, header: frame.header, cells: frame.cells, numbers: frame.rows, encoding: frame.encoding, notes: frame.notes,
    faults: faults.map(({ params, ...fault }) => ({ ...fault, told: faultTexts({ ...fault, params }) })),
  };
}
