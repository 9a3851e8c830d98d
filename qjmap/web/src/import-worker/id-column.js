/* Decides whether a file's column of ids holds ids of this program, or running numbers or codes of another system (foreign ids); the twin of
 * qjmap/validation/id_column.py, which explains the decision.
 */

import { areRunningNumbers, isRunningHeader } from "./choose-columns.js";
import { CALLED } from "./duplicate-index.js";
import { faultOf } from "./arrange-columns.js";
import { readHeader } from "./headers.js";
import { idsIn } from "./references.js";
import { program } from "./program-data.js";
import { clean, fold } from "./normalize-text.js";
import { ID } from "./parse-table.js";

const OURS = new Set(["id", "标识"]);
const RENAMED = "orig_id"; // new name of a column of foreign ids, if its own header means ids of this program
const WORD = 3; // minimum number of letters of a word; fewer letters are the prefix of a code

/**
 * Whether a cell is a slug of words, not a number or a code.
 *
 * @param {string} cell
 */
function isSlug(cell) {
  const low = cell.toLowerCase();
  if (!ID.test(low)) return false;
  const parts = low.split(/[-_.]/), numbers = parts.filter((part) => /^[0-9]+$/.test(part)), words = parts.filter((part) => /^[a-z]+$/.test(part));
  if (words.length === parts.length) return true;
  if (numbers.some((number) => number.length > 1 && number.startsWith("0"))) return false; // CQ-0001, station-007
  const joined = parts.join("");
  if (joined.length >= 16 && /^[0-9a-f]*$/.test(joined)) return false; // a GUID with groups that have no digit
  return words.some((word) => word.length >= WORD);
}

/**
 * Whether a file has all columns of the table, or the columns that only exports of this program have.
 *
 * @param {Frame} frame
 */
function hasProgramColumns({ header, table }) {
  const heads = new Set(header.map((head) => head.trim()));
  /** Returns whether the file has all these headers. @param {string[]} names */
  const has = (names) => names.every((name) => heads.has(name));
  const derived = program.derived[table.name];
  return has(table.columns.map(({ name }) => name)) || has(Object.keys(program.original)) || Boolean(derived && has(derived));
}

/**
 * Whether most of the ids that occur both in the file and on the map belong to rows of the same name there; false if none occurs. A row
 * without a name counts as of the same name.
 *
 * @param {Frame} frame
 * @param {string[]} ids cells of the column of ids
 * @param {TableRow[]} mapRows
 */
function areKnown(frame, ids, mapRows) {
  const rows = new Map(mapRows.map(({ record }) => [record.id, record])), called = CALLED[frame.table.name] || "name";
  /** Returns the set of folded, non-empty texts. @param {string[]} words */
  const folded = (words) => new Set(words.map(fold).filter(Boolean));
  let found = 0, same = 0;
  ids.forEach((id, index) => {
    const record = id && rows.get(id.toLowerCase());
    if (!record) return;
    found += 1;
    const ours = folded([clean(frame.columns[called][index])]), theirs = folded([record[called] || "", ...(record.aliases || "").split("|")]);
    if (!ours.size || !theirs.size || Array.from(ours).some((word) => theirs.has(word))) same += 1;
  });
  return 2 * same > found;
}

/**
 * Returns the new name for a column of foreign ids: its header, unless that means ids of this program.
 *
 * @param {Frame} frame
 * @param {string} name the column's present name
 */
function nameOfForeign(frame, name) {
  const label = (frame.typed[name] || name).trim(), used = new Set([...Object.keys(frame.unknown).filter((other) => other !== name), "_row"]);
  let unused = fold(label) === "id" ? RENAMED : label;
  while (used.has(unused) || frame.table.columns.some((column) => column.name === unused)) unused += "_";
  return unused;
}

/**
 * Treats a column of foreign ids as one that the table does not define, so that the rows get ids from their names; one that only counts
 * the rows is left out. Returns the distinct foreign ids; empty if the ids are ids of this program.
 *
 * @param {Frame} frame
 * @param {TableRow[]} mapRows
 * @returns {Set<string>}
 */
export function setForeignIdsApart(frame, mapRows) {
  for (const name of Object.keys(frame.unknown)) {
    const renamed = readHeader(name, frame.table).column === "id" ? nameOfForeign(frame, name) : name;
    if (renamed === name) continue;
    frame.unknown[renamed] = frame.unknown[name];
    frame.letters[renamed] = frame.letters[name];
    delete frame.unknown[name];
    delete frame.letters[name];
  }
  const none = /** @type {Set<string>} */ (new Set());
  if (!("id" in frame.typed) || hasProgramColumns(frame)) return none;
  const ids = frame.columns.id.map(clean), distinct = new Set(ids.filter(Boolean));
  if (!distinct.size) return none;
  const slugs = Array.from(distinct).filter(isSlug).length, own = OURS.has(fold(frame.typed.id));
  const ours = own ? 2 * slugs >= distinct.size : slugs === distinct.size && Array.from(distinct).every((id) => id === id.toLowerCase());
  if (ours || areKnown(frame, ids, mapRows)) return none;
  const renamed = nameOfForeign(frame, "id");
  if (isRunningHeader(frame.typed.id) && areRunningNumbers(ids.filter(Boolean))) {
    frame.notes.push({ key: "note-running-numbers", params: { columns: [frame.typed.id] } });
  } else {
    frame.notes.push({ key: "note-foreign-ids", params: { column: frame.typed.id, kept: renamed } });
    frame.unknown[renamed] = frame.columns.id;
    frame.letters[renamed] = frame.letters.id;
  }
  frame.columns.id = frame.columns.id.map(() => "");
  delete frame.typed.id;
  delete frame.letters.id;
  return distinct;
}

/**
 * Returns a fault for each reference that is a foreign id of the file: it means no row of the map, even if one has that id.
 *
 * @param {Parsed} parsed
 * @param {Set<string>} foreign the foreign ids, from `setForeignIdsApart`
 * @returns {Fault[]}
 */
export function foreignReferences({ frame, values }, foreign) {
  if (!foreign.size) return [];
  const referring = frame.table.columns.filter(({ name, type }) => name !== "id" && name in frame.typed && ["id", "ids", "roles"].includes(type));
  return referring.flatMap(({ name, type }) => frame.rows.flatMap((row, index) =>
    idsIn(type, values[name][index]).filter((id) => foreign.has(id)).map((id) => faultOf(frame, row, name, id, "reference-number"))));
}
