/* The tables as columns, and rows by their id.
 *
 * A row is a number (its `ref`: table and row in one), never an object, so that a hundred rows and a million take the
 * same road. Values are read from the columns when they are shown. Of a large table ids, positions and coded columns are
 * always there; other texts are "" until `load` or `parts` has unpacked them.
 *
 * Drafts, the rows that a reader has added, stand beside their table: as rows after its last one. They are read like any
 * other row, but whoever goes through a table (`rows`, `parts`, `codes`) does not meet them.
 */

import { unpack } from "../runtime/unpack.js";

const SPAN = 2 ** 32; // ref = table * SPAN + row

const MISSED = 2000; // rows loaded for one picture of them

const TABLES = ["places", "sites", "partnerships", "corridors", "corridor_legs", "indicators", "sources", "districts"];

/** @param {Ref} r */
const rowOf = (r) => r % SPAN;

/**
 * @param {any} elements
 * @param {Language} language
 */
export async function makeStore(elements, language) {
  const blocks = new Map();
  await Promise.all(
    Array.from(elements, async (element) => blocks.set(element.dataset.table, await unpack(element)))
  );
  const tables = TABLES.filter((name) => blocks.has(name));
  const numberOf = new Map(tables.map((name, number) => [name, number]));
  const columns = tables.map((name) => blocks.get(name));

  const beside = new Map(); // table -> [{ id, values: column -> value }]
  const asked = new Set(); // rows whose texts were asked for before they were there

  /** @param {string} id */
  function ref(id) {
    for (let number = 0; number < columns.length; number++) {
      const row = columns[number].row(id);
      if (row !== undefined) return number * SPAN + row;
    }
    for (const [table, all] of beside) {
      const k = all.findIndex((/** @type {any} */ one) => one.id === id);
      if (k >= 0) return refOf(table, rows(table) + k);
    }
    return undefined;
  }

  /**
   * @param {string} table
   * @param {number} row
   */
  const refOf = (table, row) => (numberOf.get(table) ?? NaN) * SPAN + row;
  /** @param {Ref} r */
  const tableOf = (r) => tables[Math.floor(r / SPAN)];
  /** @param {string} table */
  const rows = (table) => (blocks.has(table) ? blocks.get(table).rows : 0);
  /**
   * @param {string} table
   * @param {string} column
   */
  const has = (table, column) => blocks.has(table) && blocks.get(table).has(column);

  /**
   * The draft that a ref means, null for a row of the table; after some have been taken away it may mean none: undefined.
   *
   * @param {Ref} r
   */
  function draft(r) {
    const table = tableOf(r), total = rows(table);
    return rowOf(r) < total ? null : (beside.get(table) || [])[rowOf(r) - total];
  }
  /**
   * @param {string} table
   * @returns {Ref[]}
   */
  const drafts = (table) => (beside.get(table) || []).map((/** @type {any} */ _, /** @type {number} */ k) => refOf(table, rows(table) + k));

  /**
   * The value of a column; "" where the table has no such column or the cell is empty.
   *
   * @param {Ref} r
   * @param {string} column
   */
  function get(r, column) {
    const block = columns[Math.floor(r / SPAN)], row = r % SPAN;
    if (row >= block.rows) return (draft(r) || { values: {} }).values[column] ?? "";
    if (!block.has(column)) return "";
    const value = block.at(column, row);
    if (value === undefined) asked.add(r);
    return value === null || value === undefined ? "" : value;
  }

  /**
   * The value of a list column as an array of texts.
   *
   * @param {Ref} r
   * @param {string} column
   * @returns {string[]}
   */
  function list(r, column) {
    const value = get(r, column);
    if (Array.isArray(value)) return value.filter((one) => one !== "");
    return value === "" ? [] : String(value).split("|");
  }

  /**
   * roles as pairs [id, role].
   *
   * @param {Ref} r
   * @returns {string[][]}
   */
  function roles(r) {
    return list(r, "roles").map((one) => (Array.isArray(one) ? one : one.split(":")));
  }

  /** @param {Ref} r */
  const id = (r) => { const one = draft(r); return one ? one.id : get(r, "id"); };

  /**
   * What a row is called: its name in the wanted language, else in the one it has.
   *
   * @param {Ref} r
   * @param {string} [lang]
   * @returns {string}
   */
  function nameIn(r, lang) {
    const table = tableOf(r);
    if (table === "sources") return get(r, "title") || id(r);
    if (table === "corridor_legs") {
      return ["from", "to"].map((end) => nameOfId(get(r, end), lang) || "?").join(" — ");
    }
    const [first, second] = lang === "en" ? ["name_en", "name"] : ["name", "name_en"];
    return get(r, first) || get(r, second) || id(r);
  }

  /**
   * @param {any} wanted
   * @param {string} [lang]
   * @returns {string}
   */
  function nameOfId(wanted, lang) {
    const r = ref(wanted);
    return r === undefined ? wanted : nameIn(r, lang || language.now);
  }

  /** @param {Ref} r */
  const name = (r) => nameIn(r, language.now);

  /**
   * The name in the other language, "" where it would only repeat.
   *
   * @param {Ref} r
   */
  function otherName(r) {
    const other = nameIn(r, language.other);
    return other === name(r) ? "" : other;
  }

  /**
   * What a row is, in one word: its category, kind or table.
   *
   * @param {Ref} r
   */
  function kind(r) {
    const table = tableOf(r);
    if (table === "places") return language.word("place_kind", get(r, "kind")) || language.t("one.places");
    if (table === "sites") return language.word("category", get(r, "category")) || language.t("one.sites");
    if (table === "partnerships") {
      return language.word("partnership_kind", get(r, "kind")) || language.t("one.partnerships");
    }
    return language.t("one." + table);
  }

  /**
   * The status in words that suit what it is said of: a plant is built, an agreement is in effect.
   *
   * @param {Ref} r
   */
  function status(r) {
    const value = get(r, "status");
    const own = "status." + tableOf(r) + "." + value;
    return language.has(own) ? language.t(own) : language.word("status", value);
  }

  /** @param {Ref} r */
  const located = (r) => Number(get(r, "located")) === 1 && get(r, "lon") !== "";

  /**
   * Texts of these rows are there when this resolves; null when they are there already.
   *
   * @param {Ref[]} refs
   */
  function load(refs) {
    const rowsOf = new Map();
    for (const r of refs) {
      if (draft(r) !== null) continue;
      const number = Math.floor(r / SPAN);
      rowsOf.set(number, [...(rowsOf.get(number) || []), r % SPAN]);
    }
    const coming = Array.from(rowsOf, ([number, all]) => columns[number].load(all)).filter(Boolean);
    return coming.length ? Promise.all(coming) : null;
  }

  /* Loads what was asked for in vain since the last call, so that who has shown it can show it again; null for nothing. */
  function missed() {
    const refs = Array.from(asked).slice(0, MISSED);
    asked.clear();
    return refs.length ? load(refs) : null;
  }

  /**
   * Walks a table: while the loop is at a part, the texts of its rows are there, of all columns or of those named.
   *
   * @param {string} table
   * @param {string[]} [names]
   */
  async function* parts(table, names) {
    for await (const [from, to] of blocks.get(table).walked(names)) yield { from, to };
  }

  /**
   * What gives `get` of a column for the rows of the part that begins at `from`, null where they say nothing; who walks a
   * table makes it once a part.
   *
   * @param {string} table
   * @param {string} column
   * @param {any} from
   */
  function reader(table, column, from) {
    const block = blocks.get(table), at = block.has(column) ? block.reader(column, from) : null;
    return at && ((/** @type {number} */ row) => at(row) ?? "");
  }

  /**
   * The texts of a part as one, { text, starts }; undefined where the column is none of a large table's texts.
   *
   * @param {string} table
   * @param {string} column
   * @param {any} from
   */
  const joined = (table, column, from) => blocks.get(table).joined(column, from);

  /**
   * A coded column as { codes, values }, null where the column is not coded.
   *
   * @param {string} table
   * @param {string} column
   */
  function codes(table, column) {
    const block = blocks.get(table);
    return block && block.coded(column) ? { codes: block.raw(column), values: block.values(column) } : null;
  }

  /**
   * Rows of a table in the order of their ids, as an array not to be changed; null where they stand in it.
   *
   * @param {string} table
   */
  const byId = (table) => blocks.get(table).byId();

  /**
   * Whether all texts of a table are always there.
   *
   * @param {string} table
   */
  const whole = (table) => !blocks.get(table).header.chunk;

  /**
   * Rows whose coded column has a value (or a list with it), as refs; null where the column is not coded.
   *
   * @param {string} table
   * @param {string} column
   * @param {any} value
   * @returns {Ref[] | null}
   */
  function having(table, column, value) {
    const coded = codes(table, column);
    if (!coded) return null;
    const wanted = coded.values.map((/** @type {any} */ one) => (Array.isArray(one) ? one.includes(value) : one === value)), found = /** @type {any[]} */ ([]);
    if (wanted.some(Boolean)) coded.codes.forEach((/** @type {any} */ code, /** @type {number} */ row) => { if (wanted[code]) found.push(refOf(table, row)); });
    return found;
  }

  return {
    draft, drafts,
    /**
     * Other drafts: table -> [{ id, values }].
     *
     * @param {any} given
     */
    setDrafts(given) { beside.clear(); for (const [table, all] of given) beside.set(table, all); },
    tables, ref, refOf, tableOf, rowOf, rows, has, get, list, roles, id, name, nameIn, nameOfId, otherName, kind,
    status, located, load, missed, parts, reader, joined, codes, byId, whole, having,
  };
}
