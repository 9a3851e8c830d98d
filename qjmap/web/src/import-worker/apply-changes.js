/* Applies changes of rows to the bytes of a table's file; the twin of qjmap/edit/apply_changes.py for one table.
 *
 * The editor sends at most one net change for each row. The changed table is not checked here: the editor checks each row when it is
 * entered, and `qjmap check` checks the whole project.
 */

import { arrangeFrame } from "./arrange-columns.js";
import { CsvPatch } from "./csv-patch.js";
import { readText } from "./delimited.js";
import { decode } from "./encoding.js";
import { encode } from "./encode.js";
import { letterOf } from "./error-cells.js";
import { faultTexts } from "./fault-texts.js";
import { badRows, isFault, parseFrame } from "./parse-table.js";
import { indexRows, resolveReferences } from "./references.js";
import { RowIndex } from "./row-index.js";
import { recordsOf } from "./duplicate-index.js";
import { program } from "./program-data.js";
import { clean } from "./normalize-text.js";

const MARKS = [[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]];

/**
 * Returns the byte-order mark at the start of a file (empty without one), and the encoding of the bytes after it: for "utf-16" with its
 * byte order.
 *
 * @param {Uint8Array} bytes
 * @param {string} encoding
 */
function markOf(bytes, encoding) {
  const mark = MARKS.find((one) => one.every((byte, at) => bytes[at] === byte)) || [];
  return { mark: bytes.slice(0, mark.length), codec: encoding === "utf-16" ? (mark[0] === 0xff ? "utf-16le" : "utf-16be") : encoding };
}

/**
 * Returns column name -> index of that column in the file. A column that was composed of several columns of the file, or that is half of a
 * column of coordinate pairs, is left out, because its cells cannot be written back.
 *
 * @param {Frame} frame
 */
function placesOf(frame) {
  const letters = new Map(frame.header.map((_, at) => [letterOf(at), at]));
  /** @type {Map<string, number>} */
  const places = new Map();
  for (const name of [...Object.keys(frame.typed), ...Object.keys(frame.unknown)]) {
    const at = letters.get(frame.letters[name]);
    const isHalf = (name === "lon" || name === "lat") && frame.letters.lon === frame.letters.lat; // half of a column of pairs
    if (at !== undefined && !isHalf && (name in frame.unknown || frame.header[at] === frame.typed[name])) places.set(name, at);
  }
  return places;
}

/**
 * Decodes and parses the file of a job. Returns the decoded text, its grid and frame, and one record of canonical cells for each row.
 *
 * @param {PatchJob} job
 */
function readFile({ name, bytes, table, entries }) {
  const known = program.tables[table], decoded = decode(bytes), grid = readText(decoded, known, name);
  const frame = arrangeFrame(grid, known, name, ""), parsed = parseFrame(frame), rowIndex = new RowIndex(entries);
  const { ownIds } = indexRows(parsed, rowIndex, badRows(parsed));
  resolveReferences(parsed, rowIndex, ownIds);
  return { decoded, grid, frame, records: recordsOf(parsed) };
}

/** Applies the changes of one job. Collects faults; the file is written only if there are none. */
class Application {
  /** Sets up the job; `run` applies its changes. @param {PatchJob} job */
  constructor(job) {
    this.job = job;
    /** @type {Fault[]} */
    this.faults = [];
    /** @type {number[]} numbers of the changes that the file contains already */
    this.already = [];
    /** @type {RowRecord[]} rows to append */
    this.added = [];
    /** @type {Map<number, RowRecord>} record number in the file -> its new cells */
    this.cells = new Map();
    /** @type {number[]} record numbers in the file */
    this.deleted = [];
    const isNew = !job.bytes.some((byte) => byte > 32 && byte < 0xef);
    this.file = isNew ? null : readFile(job);
    const frame = this.file?.frame, table = program.tables[job.table];
    this.names = [...table.columns.map(({ name }) => name), ...Object.keys(frame?.unknown || {})];
    this.columns = frame ? { ...frame.columns, ...frame.unknown } : {};
    this.index = new Map((frame ? frame.columns.id : []).map((id, at) => /** @type {[string, number]} */ ([clean(id).toLowerCase(), at])).reverse());
    this.title = ["name", "title", "id"].find((name) => this.names.includes(name)) || "id";
  }

  /**
   * Adds a fault. Its `row` is the number of the last change in the change file that concerns the row.
   *
   * @param {NetChange} change
   * @param {string | null} column
   * @param {string | null} value
   * @param {string} code
   */
  fault(change, column, value, code, params = {}) {
    this.faults.push({ file: this.job.name, row: change.numbers[change.numbers.length - 1], column, value, code, params, severity: "fault" });
  }

  /** Returns the cell of a row as typed in the file; "" if the row or column does not exist. @param {string} id @param {string} name */
  typed(id, name) {
    const at = this.index.get(id), cells = this.columns[name];
    return at === undefined || !cells ? "" : clean(cells[at]);
  }

  /**
   * Returns whether a cell of a row equals `cell`, either as typed or in its canonical form.
   *
   * @param {string} id
   * @param {string} name
   * @param {string} cell
   */
  has(id, name, cell) {
    const record = this.file && this.file.records[this.index.get(id) ?? -1];
    return [this.typed(id, name), (record && record[name]) || ""].includes(clean(cell));
  }

  /** Queues the new row of a change, to be appended to the file. @param {NetChange} change */
  put(change) {
    const cells = /** @type {RowRecord} */ ({ id: change.id, ...change.new });
    this.added.push(Object.fromEntries(this.names.filter((name) => cells[name]).map((name) => [name, cells[name]])));
  }

  /**
   * Applies a change that adds a row. If the id is taken, the change has been applied already (all its cells are in that row) or is a
   * fault.
   *
   * @param {NetChange} change
   */
  add(change) {
    if (!this.index.has(change.id)) { this.put(change); return; }
    const different = Object.keys(change.new).filter((name) => !this.has(change.id, name, change.new[name]));
    if (!different.length) this.already.push(...change.numbers);
    else this.fault(change, "id", change.id, "change-id-taken", { id: change.id, name: this.typed(change.id, this.title), columns: different });
  }

  /**
   * Returns the columns in which the file has neither the old nor the new value of a change: somebody else has changed these cells. A row
   * that is to be removed must have all its old values.
   *
   * @param {NetChange} change
   */
  conflicts({ id, removed, old, new: next }) {
    return Object.keys(old).filter((name) => !this.has(id, name, old[name]) && (removed || !(name in next) || !this.has(id, name, next[name])));
  }

  /** Applies a change that changes, deletes or replaces a row; a conflict with the file is a fault. @param {NetChange} change */
  changeOrDelete(change) {
    const { id, added, removed } = change, at = this.index.get(id);
    if (at === undefined || !this.file) {
      if (!removed) this.fault(change, "id", id, "change-row-gone", { id });
      else if (added) this.put(change);
      else this.already.push(...change.numbers);
      return;
    }
    const conflicts = this.conflicts(change), number = this.file.grid.numbers[at];
    for (const name of conflicts) {
      const params = { id, name: this.typed(id, this.title), old: change.old[name], now: this.typed(id, name) };
      this.fault(change, name, change.new[name] ?? null, removed ? "change-conflict-delete" : "change-conflict", params);
    }
    if (conflicts.length) return;
    if (removed) {
      this.deleted.push(number);
      if (added) this.put(change);
      return;
    }
    const names = this.names.filter((name) => name in change.new && this.typed(id, name) !== clean(change.new[name]));
    if (names.length) this.cells.set(number, Object.fromEntries(names.map((name) => [name, change.new[name]])));
    else this.already.push(...change.numbers);
  }

  /** Applies all changes of the job. Returns the new bytes of the file; null if there is a fault. */
  run() {
    const whole = this.file ? this.file.frame.faults.filter((fault) => isFault(fault) && fault.row === null) : [];
    this.faults.push(...whole);
    for (const change of whole.length ? [] : this.job.changes) {
      const unknown = [...Object.keys(change.old), ...Object.keys(change.new)].find((name) => !this.names.includes(name));
      if (unknown) this.fault(change, unknown, null, "change-column", { allowed: this.names });
      else if (change.added && !change.removed) this.add(change);
      else this.changeOrDelete(change);
    }
    return this.faults.length ? null : this.bytes();
  }

  /**
   * Returns column name -> index in the file, after adding the columns that the changes need. Returns null, with a fault, if a column to be
   * written was composed of several columns of the file.
   *
   * @param {CsvPatch} patch
   * @param {string[]} header
   */
  place(patch, header) {
    const { file } = this, places = file ? placesOf(file.frame) : new Map(this.names.map((name, at) => [name, at]));
    const changed = Array.from(this.cells).sort(([a], [b]) => a - b).map(([, cells]) => cells);
    const used = new Set([...this.added, ...changed].flatMap((cells) => Object.keys(cells).filter((name) => cells[name] || places.has(name))));
    const missing = Array.from(used).filter((name) => !places.has(name)), typed = file ? file.frame.typed : {}, composed = missing.find((name) => name in typed);
    if (composed) {
      this.faults.push(this.unwritable(`${typed[composed]} (${composed})`));
      return null;
    }
    if (missing.length) patch.addColumns(missing, (file && file.grid.headerRow) || 1);
    missing.forEach((name, at) => places.set(name, header.length + at));
    return places;
  }

  /**
   * Returns the new bytes of the file. Returns null, with a fault, if encoding the unchanged text does not give the present bytes, if a
   * column cannot be written, or if the encoding lacks a character.
   */
  bytes() {
    const { job, file } = this, header = file ? file.frame.header : this.names, before = file ? file.decoded.text : "";
    const { mark, codec } = file ? markOf(job.bytes, file.decoded.encoding) : { mark: job.bytes.slice(0, 0), codec: "utf-8" };
    const kept = encode(before, codec), shown = (file && file.grid.encoding) || codec;
    if (file && (!kept || kept.lacks !== undefined || !sameBytes(kept.bytes, job.bytes.subarray(mark.length)))) {
      this.faults.push(this.unwritable(shown));
      return null;
    }
    const patch = new CsvPatch(before, header, file ? file.grid.delimiter : ","), places = this.place(patch, header);
    if (!places) return null;
    /** Returns the [index in the file, cell] pairs of a record. @param {RowRecord} cells @returns {[number, string][]} */
    const placed = (cells) => Object.keys(cells).flatMap((name) => { const at = places.get(name); return at === undefined ? [] : [/** @type {[number, string]} */ ([at, cells[name]])]; });
    patch.replace(new Map(Array.from(this.cells, ([number, cells]) => [number, new Map(placed(cells))])));
    patch.delete(this.deleted);
    const width = Math.max(header.length, ...Array.from(places.values(), (at) => at + 1));
    patch.append(this.added.map((record) => {
      const cells = /** @type {string[]} */ (Array(width).fill(""));
      for (const [at, cell] of placed(record)) cells[at] = cell;
      return cells;
    }));
    return this.coded(patch.changed, codec, mark, shown);
  }

  /**
   * Encodes the text of the file and puts the byte-order mark before it. Returns null, with a fault, if the encoding lacks a character.
   *
   * @param {string} text
   * @param {string} codec
   * @param {Uint8Array} mark
   * @param {string} shown name of the encoding
   */
  coded(text, codec, mark, shown) {
    const coded = encode(text, codec);
    if (!coded || coded.lacks !== undefined) {
      this.faults.push({ ...this.unwritable(""), code: "table-encoding", value: coded ? coded.lacks : null, params: { encoding: shown } });
      return null;
    }
    const out = new Uint8Array(mark.length + coded.bytes.length);
    out.set(mark);
    out.set(coded.bytes, mark.length);
    return out;
  }

  /**
   * Returns the fault of a file that cannot be written; `detail` names the encoding or column that prevents it.
   *
   * @param {string} detail
   * @returns {Fault}
   */
  unwritable(detail) { return { file: this.job.name, row: null, column: null, value: null, code: "table-not-writable", params: { detail } }; }
}

/** Returns whether two byte arrays are equal. @param {Uint8Array} one @param {Uint8Array} other */
const sameBytes = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/**
 * Applies changes of rows to a table's file. Returns its new `bytes` (null if there are faults), the `faults` with their texts, and as
 * `already` the numbers of the changes that the file contains already.
 *
 * @param {PatchJob} job
 * @returns {{ bytes: Uint8Array | null, faults: ToldFault[], already: number[] }}
 */
export function applyChanges(job) {
  const application = new Application(job), bytes = application.run();
  return { bytes, already: application.already, faults: application.faults.map((fault) => ({ ...fault, told: faultTexts(fault) })) };
}
