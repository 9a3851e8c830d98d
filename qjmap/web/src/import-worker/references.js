/* References between rows, by id or name, to rows of the map and of the file itself; the twin of qjmap/validation/references.py.
 *
 * The page has no gazetteer. A name that the program would look up there (qjmap/validation/places_from_gazetteer.py, which gives the reasons) is
 * accepted with a warning.
 */

import { GAZETTEER_SOURCE } from "./parse-table.js";
import { DuplicateIndex, recordsOf } from "./duplicate-index.js";
import { faultOf } from "./arrange-columns.js";
import { program } from "./program-data.js";
import { RowIndex } from "./row-index.js";
import { clean } from "./normalize-text.js";

/**
 * Adds the rows of the file to the index, with their names and aliases, after the rows of the map. Returns the ids of the rows, and the
 * index of the row that each id means. A row without an id has a slug of its name, until `qjmap add` makes an id.
 *
 * @param {Parsed} parsed
 * @param {RowIndex} rowIndex
 * @param {Set<number | null>} bad row numbers that a fault keeps out
 */
export function indexRows(parsed, rowIndex, bad) {
  const { frame, values } = parsed, table = frame.table.name;
  const names = values.name || values.title || frame.rows.map(String), ids = idsOfRows(parsed, rowIndex);
  // A name means the row that will be added: the first good row with that name, else any row with it.
  const index = new DuplicateIndex(table), records = recordsOf(parsed), first = /** @type {number[]} */ ([]);
  records.forEach((record, k) => {
    if (bad.has(frame.rows[k]) || (!values.id[k] && index.namesakes(record).length)) return;
    first.push(k);
    index.add({ record, file: frame.file, row: frame.rows[k] });
  });
  const entry = (/** @type {number} */ k) => ({ table, id: ids[k], names: [names[k], ...(values.aliases ? values.aliases[k] : [])] });
  const preferred = new RowIndex(first.map(entry)), all = new RowIndex(ids.map((_, k) => entry(k)));
  for (const id of ids) if (!rowIndex.tableOf.has(id)) rowIndex.tableOf.set(id, table);
  const known = rowIndex.namesOf(table);
  for (const own of [preferred, all]) {
    for (const [key, matches] of own.namesOf(table)) if (!known.has(key)) known.set(key, matches);
  }
  const rowsById = /** @type {Map<string, number>} */ (new Map());
  for (const k of [...first, ...ids.keys()]) if (!rowsById.has(ids[k])) rowsById.set(ids[k], k);
  return { ownIds: ids, rowsById };
}

/**
 * Returns the id of each row: the given one, else a slug of its name, with the row number after # if that is no unique id.
 *
 * @param {Parsed} parsed
 * @param {RowIndex} rowIndex
 * @returns {string[]}
 */
function idsOfRows({ frame, values }, rowIndex) {
  const parts = (ID_PARTS[frame.table.name] || [values.name ? "name" : "title"]).map((name) => frame.columns[name]);
  const ids = frame.rows.map((_, k) => values.id[k] || slug(parts.map((cells) => clean(cells[k])).join(" ")));
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const id of ids) counts.set(id, (counts.get(id) || 0) + 1);
  const isUnique = (/** @type {string} */ id) => id && !/[^a-z0-9-]/.test(id) && counts.get(id) === 1 && !rowIndex.tableOf.has(id);
  return ids.map((id, k) => (values.id[k] || isUnique(id) ? id : `${id}#${frame.rows[k]}`));
}

/** Table -> the columns from which ids are made, if that is not the name. @type {Record<string, string[]>} */
const ID_PARTS = { corridor_legs: ["corridor", "seq", "from", "to"], indicators: ["subject", "name", "period"] };

/**
 * Returns the slug of a name, from which `qjmap add` would make an id; Chinese stays as it is here, and becomes pinyin there.
 *
 * @param {string} name
 */
const slug = (name) => name.normalize("NFKC").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^a-z0-9\u3400-\u9fff]+/g, "-").replace(/^-+|-+$/g, "");

/**
 * Returns an id without the row number that makes it unique, for messages.
 *
 * @param {string} id
 */
export const plain = (id) => id.replace(/#\d+$/, "");
/** Returns texts such as "name → id" for messages. @param {Map<string, string>} named */
const pairsOf = (named) => Array.from(named, ([typed, id]) => `${typed} → ${plain(id)}`);

/**
 * Moves a `place` that names a site to `part_of`: people enter a park, which is a site, as the place of a factory.
 *
 * @param {Parsed} parsed
 * @param {RowIndex} rowIndex
 * @param {string[]} ownIds id of each row of the file
 */
function moveToParts(parsed, rowIndex, ownIds) {
  const { frame, values, faults } = parsed, moved = new Map(), rows = /** @type {number[]} */ ([]);
  values.place.forEach((typed, index) => {
    if (!typed || rowIndex.find(typed, ["places"]).length) return;
    const ids = rowIndex.find(typed, ["sites"]);
    if (ids.length !== 1 || ids[0] === ownIds[index]) return;
    values.place[index] = "";
    values.part_of[index] = Array.from(new Set([...values.part_of[index], ids[0]]));
    moved.set(typed, ids[0]);
    rows.push(frame.rows[index]);
  });
  if (moved.size) faults.push(faultOf(frame, null, "place", null, "place-is-site", { rows, pairs: pairsOf(moved) }, "warning"));
}

/**
 * Returns the part of a message that explains how to write several names in one cell, if the cell seems to hold several; else empty texts.
 *
 * @param {Column} column
 * @param {string} typed the cell as typed
 */
function severalHint({ type }, typed) {
  if (type !== "ids" || !program.grammar.references.separators.some((separator) => typed.includes(separator))) return { zh: "", en: "" };
  return { zh: "；如果是几个名称，请用 | 隔开", en: "; separate several names by |" };
}

/** Returns the columns of a table that refer to rows. @param {Table} table */
const referenceColumns = (table) => table.columns.filter(({ name, type }) => name !== "id" && ["id", "ids", "roles"].includes(type));

/**
 * Returns the ids in a cell of a reference column.
 *
 * @param {string} type type of the column: "id", "ids" or "roles"
 * @param {any} value value of the cell: an id, a list of ids, or a list of [id, role]
 * @returns {string[]}
 */
export const idsIn = (type, value) => (type === "id" ? [value] : type === "roles" ? value.map((/** @type {string[]} */ [id]) => id) : value);

/**
 * Whether the program looks names in a column up in its gazetteer.
 *
 * @param {Column} column
 */
const isLookedUp = ({ name, refers }) => !program.grammar.references.not_looked_up.includes(name) && (!refers.length || refers.includes("places"));
/**
 * Whether a text is written as ids are. A text of digits is not; it may be a code.
 *
 * @param {string} typed a reference as typed
 */
const looksLikeId = (typed) => /^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/.test(typed) && !/^\d+$/.test(typed);

/**
 * Returns the names that a text consists of, preferring long ones at the front; empty unless all parts are known names.
 *
 * @param {string} text
 * @param {(name: string) => boolean} isKnown
 */
export function splitNames(text, isKnown) {
  const { separators, most_parts: most } = program.grammar.references;
  const cuts = Array.from(text.matchAll(new RegExp(separators.join("|"), "g")), (cut) => [cut.index, cut.index + cut[0].length]);
  if (!cuts.length || cuts.length >= most) return [];
  const starts = [0, ...cuts.map(([, end]) => end)], ends = [...cuts.map(([start]) => start), text.length];
  /** @type {Map<number, string[] | null>} */
  const known = new Map();
  /**
   * Returns the known names that the parts from index `at` on consist of; null if they do not consist of known names. Results are cached in
   * `known`.
   *
   * @param {number} at index in `starts` of the part to begin with
   * @returns {string[] | null}
   */
  const splitFrom = (at) => {
    if (at === starts.length) return [];
    const before = known.get(at);
    if (before !== undefined) return before;
    let names = /** @type {string[] | null} */ (null);
    for (let last = ends.length - 1; names === null && last >= at; last--) {
      const name = clean(text.slice(starts[at], ends[last])), rest = name && isKnown(name) ? splitFrom(last + 1) : null;
      if (rest) names = [name, ...rest];
    }
    if (!names && !clean(text.slice(starts[at], ends[at]))) names = splitFrom(at + 1); // two separators side by side
    known.set(at, names);
    return names;
  };
  const names = Array.from(new Set(splitFrom(0) || []));
  return names.length > 1 ? names : [];
}

/** Resolves the references of one column. */
class ColumnResolver {
  /**
   * @param {Parsed} parsed
   * @param {Column} column
   * @param {RowIndex} rowIndex
   * @param {string[]} ownIds id of each row of the file
   */
  constructor(parsed, column, rowIndex, ownIds) {
    this.parsed = parsed;
    this.column = column;
    this.rowIndex = rowIndex;
    this.ownIds = ownIds;
    this.isSource = column.refers.length === 1 && column.refers[0] === "sources";
    /** @type {Map<string, number[]>} source that no table has -> rows */
    this.unlisted = new Map();
    /** @type {Map<string, number[]>} name that only the program can look up -> rows */
    this.unchecked = new Map();
    /** @type {Map<string, string>} name as typed -> id that it means */
    this.named = new Map();
    /** @type {Set<number>} rows with such names */
    this.namedRows = new Set();
  }

  /**
   * Returns the id that a text means; the text itself if it means none or several.
   *
   * @param {number} index index of the row
   * @param {string} typed the reference as typed
   */
  resolve(index, typed) {
    const { parsed: { frame, faults }, column, ownIds } = this, row = frame.rows[index], own = ownIds[index];
    const all = this.rowIndex.find(typed, column.refers), ids = all.length === 2 ? all.filter((id) => id !== own) : all;
    if (ids.length === 1) {
      if (ids[0] !== typed) { this.named.set(typed, ids[0]); this.namedRows.add(row); }
      if (ids[0] === own) faults.push(faultOf(frame, row, column.name, typed, "reference-self"));
      return ids[0];
    }
    if (ids.length) faults.push(faultOf(frame, row, column.name, typed, "reference-ambiguous", { ids }));
    else if (this.isSource) {
      if (typed !== GAZETTEER_SOURCE) this.unlisted.set(typed, [...(this.unlisted.get(typed) || []), row]);
    } else if (isLookedUp(column) && !looksLikeId(typed)) this.unchecked.set(typed, [...(this.unchecked.get(typed) || []), row]);
    else {
      const words = (/** @type {"zh" | "en"} */ lang, /** @type {string} */ joint, /** @type {string} */ any) => column.refers.map((name) => program.tables[name].words[lang]).join(joint) || any;
      faults.push(faultOf(frame, row, column.name, typed, "reference-unknown", {
        tables: { zh: words("zh", "、", "任何表"), en: words("en", ", ", "any table") }, near: severalHint(column, typed),
      }));
    }
    return typed;
  }

  /**
   * Returns the names that an item of a list consists of, if all of them are known: 甲厂和乙厂; else the item itself.
   *
   * @param {string} typed the item as typed
   */
  names(typed) {
    const { column, rowIndex } = this, { several } = program.grammar.references;
    const isKnown = (/** @type {string} */ name) => rowIndex.find(name, column.refers).length > 0;
    const parts = several.includes(column.name) && !isKnown(typed) ? splitNames(typed, isKnown) : [];
    return parts.length ? parts : [typed];
  }

  /** Replaces the names in the column by ids, and adds the warnings. */
  run() {
    const { parsed: { frame, values, faults }, column: { name, type }, unlisted, unchecked, named } = this;
    values[name] = values[name].map((value, index) => {
      if (!value.length) return value;
      if (type === "id") return this.resolve(index, value);
      if (type === "ids") return Array.from(new Set(value.flatMap((/** @type {string} */ item) => this.names(item)).map((/** @type {string} */ item) => this.resolve(index, item))));
      return value.map((/** @type {string[]} */ [item, role]) => [this.resolve(index, item), role]);
    });
    const sorted = (/** @type {Iterable<number>} */ rows) => Array.from(new Set(rows)).sort((a, b) => a - b);
    for (const [code, texts] of /** @type {[string, Map<string, number[]>][]} */ ([["source-unlisted", unlisted], ["place-unchecked", unchecked]])) {
      if (!texts.size) continue;
      faults.push(faultOf(frame, null, name, null, code, { rows: sorted(Array.from(texts.values()).flat()), values: Array.from(texts.keys()) }, "warning"));
    }
    if (named.size) faults.push(faultOf(frame, null, name, null, "reference-named", { rows: sorted(this.namedRows), pairs: pairsOf(named) }, "warning"));
  }
}

/**
 * Replaces names by ids in the columns that refer to other rows, and reports the references that mean no row.
 *
 * @param {Parsed} parsed
 * @param {RowIndex} rowIndex
 * @param {string[]} ownIds id of each row of the file
 */
export function resolveReferences(parsed, rowIndex, ownIds) {
  const { frame, values, faults } = parsed;
  if (frame.table.name === "sites") moveToParts(parsed, rowIndex, ownIds);
  for (const column of referenceColumns(frame.table)) new ColumnResolver(parsed, column, rowIndex, ownIds).run();
  if (!values.roles) return;
  values.roles.forEach((roles, index) => {
    const items = idsIn("roles", roles).filter((id) => !values.parties[index].includes(id)).map(plain);
    if (items.length) faults.push(faultOf(frame, frame.rows[index], "roles", null, "role-not-party", { items }, "warning"));
  });
}

/**
 * Refuses added rows that refer to a refused row of the file, again and again until no such row is left.
 *
 * @param {Parsed} parsed
 * @param {ImportRow[]} rows
 * @param {string[]} ownIds id of each row of the file
 * @param {Set<string>} mapIds ids of the map's rows
 */
export function refuseDangling({ frame, values, faults }, rows, ownIds, mapIds) {
  const columns = referenceColumns(frame.table), own = new Set(ownIds);
  for (let more = true; more;) {
    const added = new Set(rows.flatMap(({ state }, index) => (state === "added" ? [ownIds[index]] : [])));
    more = false;
    rows.forEach((row, index) => {
      if (row.state !== "added") return;
      for (const { name, type } of columns) {
        const lost = idsIn(type, values[name][index]).find((id) => own.has(id) && !added.has(id) && !mapIds.has(id));
        if (lost === undefined) continue;
        row.state = "refused";
        more = true;
        faults.push(faultOf(frame, row.row, name, plain(lost), "reference-refused"));
        break;
      }
    });
  }
}
