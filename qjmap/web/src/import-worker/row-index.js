/* Index of the rows of all tables by id and by name; the twin of qjmap/validation/row_index.py. */

import { program } from "./program-data.js";
import { clean, fold } from "./normalize-text.js";

/** Index of the map's rows, and of a file's, by id and by name. */
export class RowIndex {
  /** Indexes the entries, in this order. @param {Entry[]} entries */
  constructor(entries) {
    /** @type {Map<string, string>} id -> name of its table */
    this.tableOf = new Map();
    /** @type {Map<string, string>} id -> name of its row */
    this.nameOf = new Map();
    /** @type {Map<string, Map<string, string[]>>} table -> folded name -> ids */
    this.named = new Map();
    entries.forEach((entry) => this.add(entry));
  }

  /** Adds a row with its names and aliases, unless its id is known. @param {Entry} entry */
  add({ table, id, names }) {
    if (this.tableOf.has(id)) return;
    this.tableOf.set(id, table);
    this.nameOf.set(id, names[0]);
    const known = this.namesOf(table);
    for (const name of names) {
      const key = fold(name), ids = known.get(key) || [];
      if (key && !ids.includes(id)) known.set(key, [...ids, id]);
    }
  }

  /**
   * Returns folded name -> ids, for the rows of a table.
   *
   * @param {string} table name of the table
   */
  namesOf(table) {
    const names = this.named.get(table) || new Map();
    this.named.set(table, names);
    return /** @type {Map<string, string[]>} */ (names);
  }

  /**
   * Returns the ids that a text means in `tables` (empty: in all tables): the text itself or in lower case if that is an id, else the ids of
   * the rows with that name, else those of the place whose government it names.
   *
   * @param {string} typed a reference as typed
   * @param {string[]} tables
   * @returns {string[]}
   */
  find(typed, tables) {
    for (const id of [typed, typed.toLowerCase()]) {
      if (this.tableOf.has(id) && (!tables.length || tables.includes(this.tableOf.get(id) || ""))) return [id];
    }
    const key = fold(typed), all = tables.length ? tables : Object.keys(program.tables);
    const found = Array.from(new Set(all.flatMap((table) => this.named.get(table)?.get(key) || []))), place = governedPlace(typed);
    return found.length || !place || !all.includes("places") ? found : this.find(place, ["places"]);
  }
}

/** Returns the name of the place whose government or administration a text names (自贡市人民政府); "" for any other text. @param {string} typed */
function governedPlace(typed) {
  const ending = program.grammar.references.governments.find((one) => typed.endsWith(one));
  return ending ? clean(typed.slice(0, -ending.length)) : "";
}
