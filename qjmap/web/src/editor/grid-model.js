/* The rows and columns of the grid: returns the texts of cells, and turns edits of cells into changes of rows. */

import { labelOf } from "./form-fields.js";
import { folded } from "./table-rows.js";

/** @typedef {import("./form-fields.js").FieldColumn} FieldColumn */
/** @typedef {{ row: number, column: number, value: string }} CellEdit A cell of the grid and the text that it gets. */
/** @typedef {{ id: string, record: RowRecord, isNew: boolean }} GridRow A row with its cells; `id` is "" for the blank row at the end; `isNew`: the table does not have the row yet. */
/**
 * @typedef {{ language: Language, program: ProgramData, rows: import("./table-rows.js").TableRows, list: import("./change-list.js").ChangeList, faults: import("./row-faults.js").RowFaults }} GridParts
 * `rows` reads the rows of the tables, `list` has the changes, `faults` the faults of changed rows.
 */

/** @type {Record<string, number>} column -> width in px */
const WIDTHS = { id: 150, name: 200, title: 260, name_en: 200, address: 240, description: 260, description_en: 260, lon: 120, lat: 110, seq: 70, url: 200, source: 140, as_of: 110 };
const WIDTH = 140; // px, of all other columns
/** @type {GridRow} */
const BLANK = Object.freeze({ id: "", record: {}, isNew: true });

/** The cells of one table with the changes of the reader, addressed by index of row and column. */
export class GridModel {
  /** Makes a model without a table. @param {GridParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.table = "";
    /** @type {FieldColumn[]} */
    this.columns = [];
    /** @type {GridRow[]} */
    this.rows = [];
    /** @type {Map<string, Map<string, string>>} column -> folded word -> value of its vocabulary */
    this.words = new Map();
  }

  /** Number of rows, including the blank row at the end. */
  get length() { return this.rows.length + 1; }

  /** Loads the rows of a table whose id or names contain a word. @param {string} table @param {string} word */
  async load(table, word) {
    const { rows, language } = this.parts, all = await rows.all(table), sought = folded(word);
    if (table !== this.table) {
      this.columns = rows.columnsOf(table);
      this.words = new Map(this.columns.filter(({ vocab }) => vocab).map(({ name, vocab }) => [name, new Map(Object.entries(language.vocab[vocab] || {}).flatMap(([value, word]) => [value, word.zh, word.en].filter(Boolean).map((one) => [folded(one), value])))]));
    }
    this.table = table;
    this.rows = sought ? all.filter(({ id, record }) => folded([id, record.name, record.title, record.name_en, record.aliases].filter(Boolean).join("\n")).includes(sought)) : all.slice();
  }

  /** Returns a row; the blank row for an index beyond the last one. @param {number} row @returns {GridRow} */
  row(row) { return this.rows[row] || BLANK; }

  /** Returns a cell as the table has it; "" for an empty one. @param {number} row @param {number} column */
  cell(row, column) { return this.row(row).record[this.columns[column].name] || ""; }

  /** Returns a cell as it is shown: values of vocabularies in words of the page's language. @param {number} row @param {number} column */
  shown(row, column) {
    const cell = this.cell(row, column), { vocab } = this.columns[column];
    return vocab && cell ? this.parts.language.word(vocab, cell) : cell;
  }

  /** Returns the label of a column. @param {number} column */
  label(column) { return labelOf(this.parts.language, this.columns[column]); }

  /** Returns the width of a column in px. @param {number} column */
  width(column) { return WIDTHS[this.columns[column].name] || WIDTH; }

  /** Returns whether a cell can be edited: all but the ids of rows that the table has. @param {number} row @param {number} column */
  isOpen(row, column) { return this.columns[column].name !== "id" || this.row(row).isNew; }

  /** Returns what was done to a row: "add", "change" or "". @param {number} row */
  operation(row) {
    const { id, isNew } = this.row(row), change = id ? this.parts.list.of(this.table, id) : undefined;
    return !change ? "" : isNew ? "add" : "change";
  }

  /** Returns whether a row is as the table has it, without faults. @param {number} row */
  isUnchanged(row) {
    const { id } = this.row(row);
    return !id || (!this.parts.list.of(this.table, id) && !this.parts.faults.of(this.table, id).length);
  }

  /** Returns whether a cell was changed. @param {number} row @param {number} column */
  isChanged(row, column) {
    const { id } = this.row(row), change = id ? this.parts.list.of(this.table, id) : undefined;
    return Boolean(change && this.columns[column].name in change.new);
  }

  /**
   * Returns the faults of a cell; the first column also has those that concern the whole row.
   *
   * @param {number} row
   * @param {number} column
   * @returns {ToldFault[]}
   */
  faults(row, column) {
    const { id } = this.row(row), { name } = this.columns[column];
    const all = id ? this.parts.faults.of(this.table, id) : [];
    return all.filter((fault) => (fault.column === name || (column === 0 && !this.columns.some((one) => one.name === fault.column))));
  }

  /** Returns the cell for a typed text: the value of a word of a vocabulary, else the text. @param {number} column @param {string} text */
  valueOf(column, text) {
    const typed = text.replace(/\r\n?/g, "\n").trim();
    return this.words.get(this.columns[column].name)?.get(folded(typed)) ?? typed;
  }

  /**
   * Returns the indices of the columns that cells name, if there are several cells and each is a name or header of another column; else null.
   *
   * @param {string[]} cells
   * @returns {number[] | null}
   */
  headerOf(cells) {
    const places = cells.map((cell) => this.columns.findIndex(({ name, headers }) => [name, ...headers].some((header) => folded(header) === folded(cell))));
    return cells.length > 1 && places.every((place) => place >= 0) && new Set(places).size === places.length ? places : null;
  }

  /**
   * Returns the edits that put texts into the grid from a cell on. If the first row of texts is a header, each text goes into the column
   * that it names.
   *
   * @param {number} row
   * @param {number} column
   * @param {string[][]} texts
   * @returns {CellEdit[]}
   */
  pasted(row, column, texts) {
    const header = this.headerOf(texts[0] || []), body = header ? texts.slice(1) : texts;
    return body.flatMap((cells, down) => cells.map((value, right) => ({ row: row + down, column: header ? header[right] ?? -1 : column + right, value })))
      .filter((edit) => edit.column >= 0 && edit.column < this.columns.length);
  }

  /** Adds edits to the list of changes as one step; returns the number of changed rows. @param {CellEdit[]} edits */
  edit(edits) {
    /** @type {Map<number, RowRecord>} */
    const byRow = new Map();
    for (const { row, column, value } of edits) {
      const cell = this.valueOf(column, value);
      if (this.isOpen(row, column) && cell !== this.cell(row, column)) byRow.set(row, { ...byRow.get(row), [this.columns[column].name]: cell });
    }
    const taken = /** @type {Set<string>} */ (new Set());
    const changes = Array.from(byRow).sort(([a], [b]) => a - b).flatMap(([row, cells]) => this.changesOf(this.row(row), cells, taken));
    this.parts.list.add(...changes);
    return byRow.size;
  }

  /**
   * Returns the changes for the edited cells of one row. A row that the table has is changed, and the blank row is added. An added row without
   * cells is deleted; under another id it is deleted and added again. If a typed id is that of another row, that row gets the cells.
   *
   * @param {GridRow} row
   * @param {RowRecord} cells
   * @param {Set<string>} taken ids of other rows of this step; the id of a row that is added is added to it
   * @returns {RowChange[]}
   */
  changesOf({ id, record, isNew }, cells, taken) {
    const { table } = this, next = /** @type {RowRecord} */ (Object.fromEntries(Object.entries({ ...record, ...cells }).filter(([, cell]) => cell)));
    if (!isNew) return [{ op: "change", table, id, old: Object.fromEntries(Object.keys(cells).map((name) => [name, record[name] || ""])), new: cells }];
    const { id: typed, ...rest } = next, own = typed || (id && !("id" in cells) ? id : this.parts.rows.newId(table, rest, taken));
    const removal = /** @type {RowChange[]} */ (id ? [{ op: "delete", table, id, old: {} }] : []);
    if (!Object.keys(rest).length) return removal;
    if (id && own === id) return [{ op: "change", table, id, old: Object.fromEntries(Object.keys(cells).map((name) => [name, record[name] || ""])), new: cells }];
    const there = typed && typed !== id ? this.rows.find((row) => row.id === typed) : undefined;
    if (there) { // the typed id is that of another row, which gets these cells
      const names = Object.keys(rest).filter((name) => rest[name] !== (there.record[name] || ""));
      /** Returns the cells of the changed columns. @param {RowRecord} from */
      const some = (from) => Object.fromEntries(names.map((name) => [name, from[name] || ""]));
      return [...removal, ...(names.length ? [/** @type {RowChange} */ ({ op: "change", table, id: typed, old: some(there.record), new: some(rest) })] : [])];
    }
    const isTaken = taken.has(own);
    taken.add(own);
    return [...removal, { op: "add", table, id: isTaken ? this.parts.rows.newId(table, rest, taken) : own, new: rest }];
  }
}
