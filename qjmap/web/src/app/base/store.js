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

export const UNSTATED_DATUM = "unknown"; // `orig_datum` of a position for which no datum is stated, as in qjmap/schema.py
const SPAN = 2 ** 32; // ref = table * SPAN + row
const MISSED = 2000; // maximum number of rows loaded at once because they were read before they were unpacked

/** @typedef {ReturnType<typeof makeCells>} Cells */

/** Returns the number of a row in its table. @param {Ref} r */
const rowOf = (r) => r % SPAN;

/**
 * Makes the functions that read rows and cells of the tables.
 *
 * @param {Map<string, Block>} blocks table -> its block
 * @param {TableView[]} views the tables in their order; those without a block are left out
 */
function makeCells(blocks, views) {
  const tables = views.map(({ name }) => name).filter((name) => blocks.has(name));
  const numberOf = new Map(tables.map((name, number) => [name, number]));
  const columns = tables.map((name) => /** @type {Block} */ (blocks.get(name)));
  /** @type {Map<string, DraftRow[]>} table -> its drafts */
  let draftRows = new Map();
  /** @type {Map<string, Ref>} key of a draft -> its ref */
  let draftRefs = new Map();
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
  /** Returns the number of rows of a table without drafts; 0 if the page does not have the table. @param {string} table */
  const rows = (table) => (blocks.has(table) ? blockOf(table).rows : 0);
  /** Returns whether a table has a column. @param {string} table @param {string} column */
  const has = (table, column) => blocks.has(table) && blockOf(table).has(column);

  /**
   * Returns the row or draft with an id, in any table; undefined for an unknown id.
   *
   * @param {string} id
   * @returns {Ref | undefined}
   */
  function ref(id) {
    if (id.includes(":") && draftRefs.has(id)) return draftRefs.get(id); // ids of tables have no colon; to look through all tables takes long for many drafts
    for (let number = 0; number < columns.length; number++) {
      const row = columns[number].row(id);
      if (row !== undefined) return number * SPAN + row;
    }
    return draftRefs.get(id);
  }

  /**
   * Returns the draft with a ref; null if the ref is that of a row of the table; undefined if the draft has been removed.
   *
   * @param {Ref} r
   */
  function draft(r) {
    const table = tableOf(r), total = rows(table);
    return rowOf(r) < total ? null : (draftRows.get(table) || [])[rowOf(r) - total];
  }

  /**
   * Returns the refs of the drafts of a table.
   *
   * @param {string} table
   */
  const drafts = (table) => (draftRows.get(table) || []).map((_, k) => refOf(table, rows(table) + k));

  /**
   * Returns a cell; "" if it is empty, if the table has no such column, or if its text is not unpacked yet (`loadMissing` then unpacks the row).
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
   * Returns the items of a cell of a list column; a text is split at "|".
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
    /** Returns the rows whose texts were asked for before they were unpacked, since the last call of this function; at most `MISSED`. */
    takeMissing() {
      const refs = Array.from(missing).slice(0, MISSED);
      missing.clear();
      return refs;
    },
    /** Replaces the drafts. @param {Map<string, DraftRow[]>} next */
    setDrafts(next) {
      draftRows = next;
      draftRefs = new Map(Array.from(next).flatMap(([table, some]) => some.map(({ id }, k) => [id, refOf(table, rows(table) + k)])));
    },
    /** Returns the id of a row or draft. @param {Ref} r */
    id: (r) => { const one = draft(r); return one ? one.id : get(r, "id"); },
    /** Returns whether a row has a position. @param {Ref} r */
    located: (r) => Number(get(r, "located")) === 1 && get(r, "lon") !== "",
    /** Returns the roles of the parties of a partnership, as [id, role]. @param {Ref} r @returns {string[][]} */
    roles: (r) => list(r, "roles").map((item) => (Array.isArray(item) ? item : item.split(":"))),
  };
}

/**
 * Makes the functions that return names, kinds and other words of rows in the page's language.
 *
 * @param {Cells} cells
 * @param {Language} language
 */
function makeNames({ ref, tableOf, get, id, views }, language) {
  /**
   * Returns the name of a row in a language; in the other one if it has only that, else its id. A row with `ends` (a leg) has the names of its
   * two ends: "A — B", with "?" for a missing one.
   *
   * @param {Ref} r
   * @param {string} lang "zh" or "en"
   * @returns {string}
   */
  function nameIn(r, lang) {
    const { ends, names: [zh, en] = ["name", "name_en"] } = views.get(tableOf(r)) || {};
    if (ends) return ends.map((end) => nameOfId(get(r, end), lang) || "?").join(" — ");
    return get(r, lang === "en" ? en : zh) || get(r, lang === "en" ? zh : en) || id(r);
  }

  /**
   * Returns the name of the row with an id; the id itself if there is no such row.
   *
   * @param {string} rowId
   * @param {string} [lang] "zh" or "en"; by default the page's language
   * @returns {string}
   */
  function nameOfId(rowId, lang = language.now) {
    const r = ref(rowId);
    return r === undefined ? rowId : nameIn(r, lang);
  }

  /** Returns the name of a row in the language of the page, with a mark if only the old edition has the row. @param {Ref} r */
  const name = (r) => nameIn(r, language.now) + (get(r, "edition_change") === "withdrawn" ? language.t("edition_change.beside") : "");

  /**
   * Returns the label of a cell of a vocabulary. If the row also has the word as it was typed (column `<column>_word`), this word replaces the
   * label "other", and is added in brackets to any other label.
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

  /** Returns the label of a status, which may differ by table: a plant is built, an agreement is in effect. @param {string} table @param {string} value */
  function statusWords(table, value) {
    const key = "status." + table + "." + value;
    return language.has(key) ? language.t(key) : language.word("status", value);
  }

  return {
    name, nameIn, nameOfId, valueWords, statusWords,
    /** Returns the name in the other language; "" if it is the same. @param {Ref} r */
    otherName(r) {
      const other = nameIn(r, language.other);
      return other === nameIn(r, language.now) ? "" : other;
    },
    /** Returns title and publisher ("" for none) of a source; only one of them if they are the same. @param {Ref} r */
    cited: (r) => Array.from(new Set([name(r), String(get(r, "publisher"))])),
    /** Returns the label of a row's category or kind; without one that of its table. @param {Ref} r */
    kind(r) {
      const table = tableOf(r), kind = views.get(table)?.kind;
      return (kind && valueWords(r, ...kind)) || language.t("one." + table);
    },
    /** Returns the label of a row's status; "" without one. @param {Ref} r */
    status: (r) => valueWords(r, "status", "status", statusWords(tableOf(r), get(r, "status"))),
    /** Returns the built-in status that stands for a row's status (`language.like`). @param {Ref} r */
    statusLike: (r) => language.like("status", get(r, "status")),
  };
}

/**
 * Makes the functions that unpack texts of rows.
 *
 * @param {Cells} cells
 */
function makeLoading({ blockOf, tableOf, rowOf: rowNumber, draft, takeMissing }) {
  /**
   * Unpacks the texts of rows; returns a promise, or null if they can be read already.
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
    /** Unpacks the rows of `takeMissing`, so that they can be shown again; returns a promise, null if there are none. */
    loadMissing() {
      const refs = takeMissing();
      return refs.length ? load(refs) : null;
    },
  };
}

/**
 * Makes the functions that read whole columns of a table.
 *
 * @param {Cells} cells
 */
function makeWalks({ blockOf, refOf, has }) {
  /**
   * Returns the codes of a column by row, and the values that they index; null if the column is not coded or not there.
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

  /** @type {Map<string, Uint8Array | null>} */
  const gone = new Map();
  /** Returns the mask (1 or 0 for each row) of the rows of a table that only the older of two editions has; null if there are none. @param {string} table */
  function withdrawn(table) {
    if (!gone.has(table)) {
      const { codes: numbers = [], values = [] } = (has(table, "edition_change") && codes(table, "edition_change")) || {}, code = values.indexOf("withdrawn");
      gone.set(table, code < 0 ? null : Uint8Array.from(numbers, (number) => Number(number === code)));
    }
    return gone.get(table) || null;
  }

  return {
    codes, withdrawn,
    /**
     * Yields the ranges of rows [from, to) of the parts of a table. The texts of a part can be read until the next part is asked for.
     *
     * @param {string} table
     * @param {string[]} [names] columns to unpack; all by default
     */
    async* parts(table, names) {
      for await (const [from, to] of blockOf(table).walked(names)) yield { from, to };
    },
    /**
     * Returns a function that returns the cell of a row, in the part that begins at `from`; null if the column is empty there or does not exist.
     *
     * @param {string} table
     * @param {string} column
     * @param {number} from first row of the part
     * @returns {((row: number) => any) | null}
     */
    reader(table, column, from) {
      const block = blockOf(table), read = block.has(column) ? block.reader(column, from) : null;
      return read && ((row) => read(row) ?? "");
    },
    /**
     * Returns the joined texts of a column in a part; undefined if it is empty there, or no text column of a large table.
     *
     * @param {string} table
     * @param {string} column
     * @param {number} from first row of the part
     */
    joined: (table, column, from) => blockOf(table).joined(column, from),
    /** Returns whether all texts of a table can always be read. @param {string} table */
    isWhole: (table) => !blockOf(table).header.chunk,
    /**
     * Returns the rows whose cell in a coded column is a value, or a list with it; null if the column is not coded.
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
 * Loads all tables of a page; resolves to the store, which reads them.
 *
 * @param {NodeListOf<HTMLElement>} elements script elements with the tables, named by `data-table`
 * @param {Language} language
 * @param {TableView[]} views the tables in their order
 */
export async function makeStore(elements, language, views) {
  /** @type {Map<string, Block>} */
  const blocks = new Map();
  await Promise.all(Array.from(elements, async (element) => { blocks.set(element.dataset.table || "", await loadBlock(element)); }));
  const cells = makeCells(blocks, views);
  const edition = 0; // is increased when cells are changed (editor/edited-cells.js); what is cached from cells is then read again
  return { edition, ...cells, ...makeNames(cells, language), ...makeLoading(cells), ...makeWalks(cells) };
}
