/* Rows held against those that are there: references by id or name, and rows that the map already has. */

import { Index, differing, recordsOf } from "./duplicates.js";
import { faultOf } from "./headers.js";
import { clean, fold } from "./text.js";
import { badRows } from "./validate.js";

/** @type {Record<string, string[]>} */
const WORDS = {
  places: ["地点表（places）", "places"], sites: ["设施与机构表（sites）", "sites"], partnerships: ["合作表（partnerships）", "partnerships"],
  corridors: ["通道表（corridors）", "corridors"], corridor_legs: ["通道分段表（corridor_legs）", "corridor legs"],
  indicators: ["数据表（indicators）", "indicators"], sources: ["来源表（sources）", "sources"],
};

/** Who is who: entries {table, id, names} of the map's rows and of the file's. */
export class Register {
  /** @param {any[]} entries */
  constructor(entries) {
    this.tableOf = new Map();
    this.nameOf = new Map();
    this.named = new Map(); // table -> folded name -> ids
    entries.forEach((/** @type {any} */ entry) => this.enter(entry));
  }

  /** @param {{ table: any, id: string, names: string[] }} given */
  enter({ table, id, names }) {
    if (this.tableOf.has(id)) return;
    this.tableOf.set(id, table);
    this.nameOf.set(id, names[0]);
    if (!this.named.has(table)) this.named.set(table, new Map());
    const known = this.named.get(table);
    for (const name of names) {
      const key = fold(name);
      if (key && !(known.get(key) || []).includes(id)) known.set(key, [...(known.get(key) || []), id]);
    }
  }

  /**
   * @param {string} typed
   * @param {any} tables
   */
  find(typed, tables) {
    for (const id of [typed, typed.toLowerCase()]) {
      if (this.tableOf.has(id) && (!tables.length || tables.includes(this.tableOf.get(id)))) return [id];
    }
    const key = fold(typed);
    return Array.from(new Set((tables.length ? tables : Object.keys(WORDS)).flatMap((/** @type {any} */ table) => (this.named.get(table) || new Map()).get(key) || [])));
  }
}

/**
 * The rows of the file itself by what they go by: their ids, else, until `qjmap add` gives them one, their names. They join the
 * register with their names and aliases; one that the map knows means the row that is there. Gives the ids, one a row.
 *
 * @param {Parsed} parsed
 * @param {Register} register
 */
export function ownRows(parsed, register) {
  const { frame, values, faults } = parsed;
  const bad = badRows({ frame, faults }), called = values.name || values.title || frame.rows.map(String), table = frame.table.name;
  const parts = (ID_PARTS[table] || [values.name ? "name" : "title"]).map((name) => frame.columns[name]);
  const ids = frame.rows.map((/** @type {any} */ _, /** @type {any} */ at) => values.id[at] || slug(parts.map((cells) => clean(cells[at])).join(" ")));
  const often = new Map();
  ids.forEach((/** @type {string} */ id) => often.set(id, (often.get(id) || 0) + 1));
  ids.forEach((/** @type {string} */ id, /** @type {any} */ at) => { if (!values.id[at] && (!id || /[^a-z0-9-]/.test(id) || often.get(id) > 1 || register.tableOf.has(id))) ids[at] = `${id}#${frame.rows[at]}`; });
  // A name means the row that will be added: the first good one that says it, else any that does.
  const index = new Index(table), records = recordsOf(parsed), first = /** @type {any[]} */ ([]);
  records.forEach((/** @type {any} */ record, /** @type {any} */ at) => {
    if (bad.has(frame.rows[at]) || (!values.id[at] && index.alike(record).length)) return;
    first.push(at);
    index.enter({ record });
  });
  /** @param {any} at */
  const entry = (at) => ({ table, id: ids[at], names: [called[at], ...(values.aliases ? values.aliases[at] : [])] });
  const own = new Register(first.map(entry)), all = new Register(ids.map((/** @type {any} */ _, /** @type {any} */ at) => entry(at)));
  ids.forEach((/** @type {string} */ id) => { if (!register.tableOf.has(id)) register.tableOf.set(id, table); });
  if (!register.named.has(table)) register.named.set(table, new Map());
  const known = register.named.get(table);
  for (const { named } of [own, all]) {
    for (const [key, found] of named.get(table) || []) if (!known.has(key)) known.set(key, found);
  }
  return ids;
}

/** @type {Record<string, string[]>} */
const ID_PARTS = { corridor_legs: ["corridor", "seq", "from", "to"], indicators: ["subject", "name", "period"] };

/**
 * The id that `qjmap add` would make of a name; Chinese stays as it is here, where there it becomes its pinyin.
 *
 * @param {string} name
 */
const slug = (name) => name.normalize("NFKC").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^a-z0-9\u3400-\u9fff]+/g, "-").replace(/^-+|-+$/g, "");

/**
 * An id as a reader may see it: without the row that tells rows of one name apart.
 *
 * @param {string} id
 */
const plain = (id) => id.replace(/#\d+$/, "");
/** @param {any} named */
const pairsOf = (named) => Array.from(named, ([typed, id]) => `${typed} → ${plain(id)}`);

/**
 * People give a park as the place of a factory. Where the park is a site and no place, the factory is part of it.
 *
 * @param {Parsed} parsed
 * @param {Register} register
 * @param {any} own
 */
function lyingInSites(parsed, register, own) {
  const { frame, values, faults } = parsed, moved = new Map(), rows = /** @type {any[]} */ ([]);
  values.place.forEach((/** @type {any} */ typed, /** @type {any} */ at) => {
    if (!typed || register.find(typed, ["places"]).length) return;
    const found = register.find(typed, ["sites"]);
    if (found.length !== 1 || found[0] === own[at]) return;
    values.place[at] = "";
    values.part_of[at] = Array.from(new Set([...values.part_of[at], found[0]]));
    moved.set(typed, found[0]);
    rows.push(frame.rows[at]);
  });
  if (moved.size) faults.push(faultOf(frame, null, "place", null, "place-is-site", { rows, pairs: pairsOf(moved) }, "warning"));
}

/**
 * Turns names into ids where a row names another, and finds the references that lead nowhere.
 *
 * @param {Parsed} parsed
 * @param {Register} register
 * @param {any} ownIds
 */
export function resolveReferences(parsed, register, ownIds) {
  const { frame, values, faults } = parsed;
  if (frame.table.name === "sites") lyingInSites(parsed, register, ownIds);
  for (const column of frame.table.columns) {
    if (column.name === "id" || !["id", "ids", "roles"].includes(column.type)) continue;
    const cited = column.refers.length === 1 && column.refers[0] === "sources";
    const unlisted = new Map(), named = new Map(), namedRows = new Set();
    /**
     * @param {any} at
     * @param {string} typed
     */
    const meant = (at, typed) => {
      const row = frame.rows[at], own = ownIds[at];
      let found = register.find(typed, column.refers);
      if (found.length === 2) found = found.filter((/** @type {string} */ id) => id !== own);
      if (found.length === 1) {
        if (found[0] !== typed) { named.set(typed, found[0]); namedRows.add(row); }
        if (found[0] === own) faults.push(faultOf(frame, row, column.name, typed, "reference-self"));
        return found[0];
      }
      if (found.length) faults.push(faultOf(frame, row, column.name, typed, "reference-ambiguous", { ids: found }));
      else if (cited) unlisted.set(typed, [...(unlisted.get(typed) || []), row]);
      else {
        /**
         * @param {number} lang
         * @param {any} joint
         * @param {any} any
         */
        const words = (lang, joint, any) => column.refers.map((/** @type {any} */ name) => WORDS[name][lang]).join(joint) || any;
        faults.push(faultOf(frame, row, column.name, typed, "reference-unknown", {
          tables: { zh: words(0, "、", "任何表"), en: words(1, ", ", "any table") }, near: { zh: "", en: "" },
        }));
      }
      return typed;
    };
    values[column.name] = values[column.name].map((/** @type {any} */ value, /** @type {any} */ at) => {
      if (!value.length) return value;
      if (column.type === "id") return meant(at, value);
      if (column.type === "ids") return Array.from(new Set(value.map((/** @type {any} */ item) => meant(at, item))));
      return value.map((/** @type {any[]} */ [item, role]) => [meant(at, item), role]);
    });
    /** @param {any} rows */
    const sorted = (rows) => Array.from(new Set(rows)).sort((a, b) => a - b);
    if (unlisted.size) {
      faults.push(faultOf(frame, null, column.name, null, "source-unlisted",
        { rows: sorted(Array.from(unlisted.values()).flat()), values: Array.from(unlisted.keys()) }, "warning"));
    }
    if (named.size) {
      faults.push(faultOf(frame, null, column.name, null, "reference-named",
        { rows: sorted(namedRows), pairs: pairsOf(named) }, "warning"));
    }
  }
  if (values.roles) {
    values.roles.forEach((/** @type {any} */ roles, /** @type {any} */ at) => {
      const items = roles.map((/** @type {any[]} */ [item]) => item).filter((/** @type {any} */ item) => !values.parties[at].includes(item)).map(plain);
      if (items.length) faults.push(faultOf(frame, frame.rows[at], "roles", null, "role-not-party", { items }, "warning"));
    });
  }
}

/**
 * Sorts rows into added, already there and refused; `there` holds records of the map's rows, each with `_file` and `_row`.
 *
 * @param {Parsed} parsed
 * @param {any[]} there
 * @param {Register} register
 */
export function deduplicate(parsed, there, register) {
  const { frame, faults } = parsed, index = new Index(frame.table.name), { called } = index;
  const said = recordsOf(parsed), bad = badRows(parsed), found = /** @type {any[]} */ ([]);
  there.forEach((/** @type {any} */ entry) => index.enter(entry));
  const rows = said.map((/** @type {any} */ record, /** @type {any} */ at) => {
    const row = frame.rows[at], given = parsed.values.id[at];
    if (bad.has(row)) return { row, record, state: "refused" };
    const twin = index.twin(record, given);
    if (given && !twin && register.tableOf.has(given) && register.tableOf.get(given) !== frame.table.name) {
      found.push(faultOf(frame, row, "id", given, "id-duplicate", {
        id: given, file_of: `data/${register.tableOf.get(given)}.csv`, row_of: "?", name_of: register.nameOf.get(given),
      }));
      return { row, record, state: "refused" };
    }
    if (!twin) {
      const other = given && index.alike(record)[0];
      if (other) {
        found.push(faultOf(frame, row, called, record[called] || "", "name-also", {
          id: other.record.id || "", own: given, name: record[called] || "", file_of: other.file, row_of: other.row,
        }, "warning"));
      }
      index.enter({ record, file: frame.file, row });
      return { row, record, state: "added" };
    }
    const changed = differing(record, twin.record);
    if (!changed.length) return { row, record, state: "already" };
    const own = given && twin.record.id === given, column = own ? "id" : called;
    found.push(faultOf(frame, row, column, record[column] || "", own ? "row-differs" : "name-duplicate", {
      id: twin.record.id || "", name: record[called] || "", file_of: twin.file, row_of: twin.row, columns: changed,
    }));
    return { row, record, state: "refused" };
  });
  faults.push(...found);
  return rows;
}

/**
 * Refuses rows that name a row of this file that was refused itself, and the rows that name those, to the end.
 *
 * @param {{ frame: Frame, values: any, faults: Fault[] }} given
 * @param {any} rows
 * @param {any} ownIds
 * @param {Set<string>} there
 */
export function dropDangling({ frame, values, faults }, rows, ownIds, there) {
  const columns = frame.table.columns.filter((/** @type {{ name: string, type: string }} */ { name, type }) => name !== "id" && ["id", "ids", "roles"].includes(type)), own = new Set(ownIds);
  for (let more = true; more;) {
    const kept = new Set(rows.flatMap((/** @type {{ state: any }} */ { state }, /** @type {any} */ at) => (state === "added" ? [ownIds[at]] : [])));
    more = false;
    rows.forEach((/** @type {any} */ one, /** @type {any} */ at) => {
      if (one.state !== "added") return;
      for (const { name, type } of columns) {
        const value = values[name][at], items = type === "id" ? [value] : type === "roles" ? value.map((/** @type {any[]} */ [item]) => item) : value;
        const lost = items.find((/** @type {any} */ item) => own.has(item) && !kept.has(item) && !there.has(item));
        if (lost === undefined) continue;
        one.state = "refused";
        more = true;
        faults.push(faultOf(frame, one.row, name, plain(lost), "reference-refused"));
        break;
      }
    });
  }
}
