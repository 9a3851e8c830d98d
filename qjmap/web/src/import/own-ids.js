/* Whether the column of ids that a file has is ours, or a running number or a code of whoever made the file; the rules are those of
 * `checks/ownids.py`. */

import { CALLED } from "./duplicates.js";
import { faultOf, readHeader } from "./headers.js";
import { clean, fold, rules } from "./text.js";
import { ID } from "./validate.js";

const OURS = new Set(["id", "标识"]);
const KEPT = "orig_id"; // what the column is called where its own header would be read as our ids
const WORD = 3; // letters of a word; fewer before a number are a prefix

/**
 * Whether a cell is a slug that somebody made of words, and no number or code.
 *
 * @param {string} cell
 */
function speaks(cell) {
  const low = cell.toLowerCase();
  if (!ID.test(low)) return false;
  const parts = low.split(/[-_.]/), numbers = parts.filter((part) => /^[0-9]+$/.test(part)), words = parts.filter((part) => /^[a-z]+$/.test(part));
  if (words.length === parts.length) return true;
  if (numbers.some((number) => number.length > 1 && number.startsWith("0"))) return false; // CQ-0001, station-007
  const joined = parts.join("");
  if (joined.length >= 16 && /^[0-9a-f]*$/.test(joined)) return false; // a GUID some of whose groups have no digit
  return words.some((word) => word.length >= WORD);
}

/** @param {Frame} frame */
function evidentlyOurs({ header, table }) {
  const heads = new Set(header.map((head) => head.trim()));
  /** @param {string[]} names */
  const has = (names) => names.every((name) => heads.has(name));
  const derived = rules.derived[table.name];
  return has(table.columns.map(({ name }) => name)) || has(Object.keys(rules.original)) || Boolean(derived && has(derived));
}

/**
 * Whether the ids are in the table and mean rows of the same names there, more often than rows of other names.
 *
 * @param {Frame} frame
 * @param {string[]} ids
 * @param {{ record: Record<string, string> }[]} there
 */
function known(frame, ids, there) {
  const rows = new Map(there.map(({ record }) => [record.id, record])), called = CALLED[frame.table.name] || "name";
  /** @param {string[]} words */
  const folded = (words) => new Set(words.map(fold).filter(Boolean));
  let met = 0, same = 0;
  ids.forEach((id, at) => {
    const record = id && rows.get(id.toLowerCase());
    if (!record) return;
    met += 1;
    const ours = folded([clean(frame.columns[called][at])]), theirs = folded([record[called] || "", ...(record.aliases || "").split("|")]);
    if (!ours.size || !theirs.size || Array.from(ours).some((word) => theirs.has(word))) same += 1;
  });
  return 2 * same > met;
}

/**
 * What a column of foreign ids is called: by its header, unless the table would read that as our ids.
 *
 * @param {Frame} frame
 * @param {string} name
 */
function keptName(frame, name) {
  const label = (frame.typed[name] || name).trim(), taken = new Set([...Object.keys(frame.unknown).filter((one) => one !== name), "_row"]);
  let kept = fold(label) === "id" ? KEPT : label;
  while (taken.has(kept) || frame.table.columns.some((one) => one.name === kept)) kept += "_";
  return kept;
}

/**
 * Makes a column of numbers or codes of the file's own a column of its own, so that the rows get ids from their names; gives what it
 * held, which names no row of ours.
 *
 * @param {Frame} frame
 * @param {{ record: Record<string, string> }[]} there
 * @returns {Set<string>}
 */
export function setForeignIdsApart(frame, there) {
  for (const name of Object.keys(frame.unknown)) {
    const kept = readHeader(name, frame.table).column === "id" ? keptName(frame, name) : name;
    if (kept === name) continue;
    frame.unknown[kept] = frame.unknown[name];
    frame.letters[kept] = frame.letters[name];
    delete frame.unknown[name];
    delete frame.letters[name];
  }
  const none = /** @type {Set<string>} */ (new Set());
  if (!("id" in frame.typed) || evidentlyOurs(frame)) return none;
  const ids = frame.columns.id.map(clean), found = new Set(ids.filter(Boolean));
  if (!found.size) return none;
  const spoken = Array.from(found).filter(speaks).length, own = OURS.has(fold(frame.typed.id));
  const ours = own ? 2 * spoken >= found.size : spoken === found.size && Array.from(found).every((id) => id === id.toLowerCase());
  if (ours || known(frame, ids, there)) return none;
  const kept = keptName(frame, "id");
  frame.notes.push({ key: "note-foreign-ids", params: { column: frame.typed.id, kept } });
  frame.unknown[kept] = frame.columns.id;
  frame.letters[kept] = frame.letters.id;
  frame.columns.id = frame.columns.id.map(() => "");
  delete frame.typed.id;
  delete frame.letters.id;
  return found;
}

/**
 * References by what the file's own column of numbers or codes holds: they name no row of ours, even where one has that id.
 *
 * @param {Parsed} parsed
 * @param {Set<string>} foreign
 * @returns {Fault[]}
 */
export function namedByNumber({ frame, values }, foreign) {
  if (!foreign.size) return [];
  const referring = frame.table.columns.filter(({ name, type }) => name !== "id" && name in frame.typed && ["id", "ids", "roles"].includes(type));
  return referring.flatMap(({ name, type }) => frame.rows.flatMap((row, at) => {
    const value = values[name][at], typed = type === "id" ? [value] : type === "roles" ? value.map((/** @type {string[]} */ [item]) => item) : value;
    return typed.filter((/** @type {string} */ one) => foreign.has(one)).map((/** @type {string} */ one) => faultOf(frame, row, name, one, "reference-number"));
  }));
}
