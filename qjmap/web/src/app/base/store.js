/* Access to the tables by column, and to rows by id.
 *
 * A row is represented by a number (its `ref`: table and row in one), never by an object, so that a million rows need no objects. Values
 * are read from the columns when they are shown. Ids, positions and coded columns of a large table are always in memory; other texts are ""
 * until `load` or `parts` has unpacked them.
 *
 * Drafts, the rows that a reader has added, have row numbers after the last row of their table. They are read like other rows, but loops
 * over a table (`rows`, `parts`, `codes`) do not include them.
 */

import { loadBlock } from "../../runtime/load-block.js";

const SPAN = 2 ** 32; // ref = table * SPAN + row
const MISSED = 2000; // maximum number of rows loaded at once because they were read before they were unpacked

/** @typedef {ReturnType<typeof makeCells>} Cells */

/** Returns the row number in its table. @param {Ref} r */
const rowOf = (r) => r % SPAN;

/**
 * Rows and cells of the tables.
 *
 * @param {Map<string, Block>} blocks
 * @param {TableView[]} views
 */
function makeCells(blocks, views) {
  const tables = views.map(({ name }) => name).filter((name) => blocks.has(name));
  const numberOf = new Map(tables.map((name, number) => [name, number]));
  const columns = tables.map((name) => /** @type {Block} */ (blocks.get(name)));
  /** @type {Map<string, DraftRow[]>} */
  const draftRows = new Map();
  /** @type {Set<Ref>} rows whose texts were read before they were unpacked */
  const missing = new Set();

  /** Returns the block of a table, which must exist. @param {string} table */
  const blockOf = (table) => /** @type {Block} */ (blocks.get(table));
  /**
   * Returns the ref of a row of a table.
   *
   * @param {string} table
   * @param {number} row
   * @returns {Ref}
   */
  const refOf = (table, row) => (numberOf.get(table) ?? NaN) * SPAN + row;
  /** Returns the name of the table of a row. @param {Ref} r */
  const tableOf = (r) => tables[Math.floor(r / SPAN)];
  /** Number of rows of a table, 0 if the page does not have the table. @param {string} table */
  const rows = (table) => (blocks.has(table) ? blockOf(table).rows : 0);
  /** Returns whether a table has a column. @param {string} table @param {string} column */
  const has = (table, column) => blocks.has(table) && blockOf(table).has(column);

  /**
   * The row of an id, of any table or a draft.
   *
   * @param {string} id
   * @returns {Ref | undefined}
   */
  function ref(id) {
    for (let number = 0; number < columns.length; number++) {
      const row = columns[number].row(id);
      if (row !== undefined) return number * SPAN + row;
    }
    for (const [table, drafts] of draftRows) {
      const k = drafts.findIndex((draft) => draft.id === id);
      if (k >= 0) return refOf(table, rows(table) + k);
    }
    return undefined;
  }

  /**
   * The draft with a ref; null for a row of the table; undefined if the draft has been removed.
   *
   * @param {Ref} r
   */
  function draft(r) {
    const table = tableOf(r), total = rows(table);
    return rowOf(r) < total ? null : (draftRows.get(table) || [])[rowOf(r) - total];
  }

  /**
   * Drafts of a table.
   *
   * @param {string} table
   */
  const drafts = (table) => (draftRows.get(table) || []).map((_, k) => refOf(table, rows(table) + k));

  /**
   * The value of a column; "" if the table has no such column or the cell is empty.
   *
   * @template [T=string]
   * @param {Ref} r
   * @param {string} column
   * @returns {T}
   */
  function get(r, column) {
    const block = columns[Math.floor(r / SPAN)], row = r % SPAN;
    /** @type {unknown} */
    let value;
    if (row >= block.rows) value = draft(r)?.values[column];
    else if (block.has(column)) {
      value = block.at(column, row);
      if (value === undefined) missing.add(r);
    }
    return /** @type {T} */ (value ?? "");
  }

  /**
   * The value of a list column.
   *
   * @param {Ref} r
   * @param {string} column
   * @returns {string[]}
   */
  function list(r, column) {
    const value = /** @type {string | string[]} */ (get(r, column));
    if (Array.isArray(value)) return value.filter((item) => item !== "");
    return value === "" ? [] : String(value).split("|");
  }

  return {
    tables, blockOf, ref, refOf, views: new Map(views.map((view) => [view.name, view])),
    /** Tables with a layer that a reader can turn on and off. */
    layered: views.filter(({ layer }) => layer).map(({ name }) => name),
    tableOf, rowOf, rows, has, draft, drafts, get, list,
    /** Rows that have been read before they were unpacked since the last call. */
    takeMissing() {
      const refs = Array.from(missing).slice(0, MISSED);
      missing.clear();
      return refs;
    },
    /** Replaces the drafts. @param {Map<string, DraftRow[]>} next */
    setDrafts(next) { draftRows.clear(); for (const [table, rows] of next) draftRows.set(table, rows); },
    /** Returns the id of a row or draft. @param {Ref} r */
    id: (r) => { const one = draft(r); return one ? one.id : get(r, "id"); },
    /** Whether a row has a position. @param {Ref} r */
    located: (r) => Number(get(r, "located")) === 1 && get(r, "lon") !== "",
    /** Roles of parties: [id, role]. @param {Ref} r @returns {string[][]} */
    roles: (r) => list(r, "roles").map((item) => (Array.isArray(item) ? item : item.split(":"))),
  };
}

/**
 * Names and kinds of rows in the page's language.
 *
 * @param {Cells} cells
 * @param {Language} language
 */
function makeNames({ ref, tableOf, get, id, views }, language) {
  /**
   * The name of a row in a language, or in the other one if it has only that.
   *
   * @param {Ref} r
   * @param {string} lang
   * @returns {string}
   */
  function nameIn(r, lang) {
    const { ends, names: [zh, en] = ["name", "name_en"] } = views.get(tableOf(r)) || {};
    if (ends) return ends.map((end) => nameOfId(get(r, end), lang) || "?").join(" — ");
    return get(r, lang === "en" ? en : zh) || get(r, lang === "en" ? zh : en) || id(r);
  }

  /**
   * The name of the row with an id; the id itself if there is no such row.
   *
   * @param {string} rowId
   * @param {string} [lang]
   * @returns {string}
   */
  function nameOfId(rowId, lang = language.now) {
    const r = ref(rowId);
    return r === undefined ? rowId : nameIn(r, lang);
  }

  /** Returns the name of a row in the language of the page, with a mark if only the edition before had the row. @param {Ref} r */
  const name = (r) => nameIn(r, language.now) + (get(r, "edition_change") === "withdrawn" ? language.t("edition_change.beside") : "");

  /**
   * The label of a value of a vocabulary column. The word as typed replaces it if the vocabulary does not have it, and is added if it differs.
   *
   * @param {Ref} r
   * @param {string} column
   * @param {string} group name of the vocabulary
   * @param {string} [words] label of the value; by default that of the vocabulary
   */
  function valueWords(r, column, group, words = language.word(group, get(r, column))) {
    const typed = get(r, column + "_word");
    if (!typed) return words;
    return get(r, column) === "other" ? typed : language.now === "zh" ? `${words}（${typed}）` : `${words} (${typed})`;
  }

  /** The label of a status, which depends on the table: a plant is built, an agreement is in effect. @param {string} table @param {string} value */
  function statusWords(table, value) {
    const key = "status." + table + "." + value;
    return language.has(key) ? language.t(key) : language.word("status", value);
  }

  return {
    name, nameIn, nameOfId, valueWords, statusWords,
    /** The name in the other language, "" if it is the same. @param {Ref} r */
    otherName(r) {
      const other = nameIn(r, language.other);
      return other === nameIn(r, language.now) ? "" : other;
    },
    /** Title and publisher of a source; one of both if they are the same. @param {Ref} r */
    cited: (r) => Array.from(new Set([name(r), String(get(r, "publisher"))])),
    /** The label of a row's kind: of its category, kind or table. @param {Ref} r */
    kind(r) {
      const table = tableOf(r), kind = views.get(table)?.kind;
      return (kind && valueWords(r, ...kind)) || language.t("one." + table);
    },
    /** The label of a row's status. @param {Ref} r */
    status: (r) => valueWords(r, "status", "status", statusWords(tableOf(r), get(r, "status"))),
    /** The built-in status as which a row's status is treated. @param {Ref} r */
    statusLike: (r) => language.like("status", get(r, "status")),
  };
}

/**
 * Unpacks texts of rows.
 *
 * @param {Cells} cells
 */
function makeLoading({ blockOf, tableOf, rowOf: rowNumber, draft, takeMissing }) {
  /**
   * Unpacks the texts of rows; returns a promise, or null if they are unpacked already.
   *
   * @param {Ref[]} refs
   */
  function load(refs) {
    /** @type {Map<string, number[]>} */
    const rowsOf = new Map();
    for (const r of refs) {
      if (draft(r) !== null) continue;
      const table = tableOf(r);
      rowsOf.set(table, [...(rowsOf.get(table) || []), rowNumber(r)]);
    }
    const loading = Array.from(rowsOf, ([table, all]) => blockOf(table).load(all)).filter(Boolean);
    return loading.length ? Promise.all(loading) : null;
  }

  return {
    load,
    /** Unpacks rows that have been read too early since the last call, so that they can be shown again; null if there are none. */
    loadMissing() {
      const refs = takeMissing();
      return refs.length ? load(refs) : null;
    },
  };
}

/**
 * Functions that read whole columns of a table.
 *
 * @param {Cells} cells
 */
function makeWalks({ blockOf, refOf }) {
  /**
   * The codes and values of a column; null if the column is not coded.
   *
   * @template [T=string]
   * @param {string} table
   * @param {string} column
   * @returns {{ codes: Numbers, values: T[] } | null}
   */
  function codes(table, column) {
    const block = /** @type {Block | undefined} */ (blockOf(table));
    return block && block.coded(column) ? { codes: block.raw(column), values: block.values(column) } : null;
  }

  return {
    codes,
    /**
     * Iterates over the parts of a table. During an iteration the texts of the part's rows are unpacked, in all columns or those named.
     *
     * @param {string} table
     * @param {string[]} [names]
     */
    async* parts(table, names) {
      for await (const [from, to] of blockOf(table).walked(names)) yield { from, to };
    },
    /**
     * A function that reads a column in the rows of the part that begins at `from`; null if the column is empty there.
     *
     * @param {string} table
     * @param {string} column
     * @param {number} from
     * @returns {((row: number) => any) | null}
     */
    reader(table, column, from) {
      const block = blockOf(table), read = block.has(column) ? block.reader(column, from) : null;
      return read && ((row) => read(row) ?? "");
    },
    /**
     * The joined texts of a column in a part; undefined if it is not a text column of a large table.
     *
     * @param {string} table
     * @param {string} column
     * @param {number} from
     */
    joined: (table, column, from) => blockOf(table).joined(column, from),
    /** Whether all texts of a table are always unpacked. @param {string} table */
    isWhole: (table) => !blockOf(table).header.chunk,
    /**
     * Rows whose coded column has a value, or a list with it; null if the column is not coded.
     *
     * @param {string} table
     * @param {string} column
     * @param {string} value
     * @returns {Ref[] | null}
     */
    rowsWith(table, column, value) {
      const coded = /** @type {{ codes: Numbers, values: (string | string[])[] } | null} */ (codes(table, column));
      if (!coded) return null;
      const matches = coded.values.map((item) => (Array.isArray(item) ? item.includes(value) : item === value)), refs = /** @type {Ref[]} */ ([]);
      if (matches.some(Boolean)) coded.codes.forEach((code, row) => { if (matches[code]) refs.push(refOf(table, row)); });
      return refs;
    },
  };
}

/**
 * The store of all tables of a page.
 *
 * @param {NodeListOf<HTMLElement>} elements script elements that hold the tables
 * @param {Language} language
 * @param {TableView[]} views the tables in their order
 */
export async function makeStore(elements, language, views) {
  /** @type {Map<string, Block>} */
  const blocks = new Map();
  await Promise.all(Array.from(elements, async (element) => { blocks.set(element.dataset.table || "", await loadBlock(element)); }));
  const cells = makeCells(blocks, views);
  return { ...cells, ...makeNames(cells, language), ...makeLoading(cells), ...makeWalks(cells) };
}
