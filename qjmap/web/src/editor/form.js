/* The form of one row: a field for each column, judged while it is filled in. */

import { makeField } from "./fields.js";
import { titleOf } from "./rows.js";
import { buttonOf, el, find } from "../app/base/dom.js";

const PAUSE = 350; // ms without a key before the row is judged
const DATALIST = 3000; // rows that a field proposes

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {{ table: string, id: string, before: RowRecord, isNew: boolean }} Opened The row in the form; `before` is it as it was opened. */
/**
 * @typedef {{
 *   language: Language, program: ProgramData, rows: import("./judge.js").Rows, judge: ReturnType<typeof import("./judge.js").makeJudge>,
 *   nameOf: (id: string) => string, pick: (done: (point: Position | null) => void) => void, save: (change: RowChange, point: Position | null) => void, close: () => void,
 * }} FormParts
 */

/** Faults of a column, by its name. @param {ToldFault[]} faults @param {string} name */
const faultsOf = (faults, name) => faults.filter(({ column }) => column === name);

class Form {
  /** @param {FormParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.node = el("form", { class: "qj-editor-form", novalidate: true });
    this.whole = el("div", { class: "qj-editor-told", role: "status" });
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    /** @type {Opened | null} */
    this.opened = null;
    /** @type {Map<string, HTMLDataListElement>} rows that fields propose */
    this.lists = new Map();
    this.timer = 0;
    this.turn = 0;
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  get isOpen() { return this.opened !== null; }

  /** The cells that are filled. @returns {RowRecord} */
  record() { return Object.fromEntries(Array.from(this.fields, ([name, field]) => [name, field.get().trim()]).filter(([, cell]) => cell)); }

  /** The id of a list of the rows that a column may refer to. @param {string[]} refers */
  optionsOf(refers) {
    const tables = refers.length ? refers : Object.keys(this.parts.program.tables), key = "qj-edit-of-" + tables.join("-");
    if (!this.lists.has(key)) {
      const list = el("datalist", { id: key });
      this.lists.set(key, list);
      this.fill(list, tables);
    }
    return key;
  }

  /** @param {HTMLDataListElement} list @param {string[]} tables */
  async fill(list, tables) {
    for (const table of tables) {
      for (const { id, record: { name, title } } of (await this.parts.rows.all(table)).slice(0, DATALIST)) list.append(el("option", { value: id }, name || title || id));
    }
  }

  /** Judges the row as it stands; null where a later judgement has begun. @param {Opened} opened */
  async judged({ table, id, isNew }) {
    const number = this.turn += 1, cells = this.record(), { judge, language } = this.parts;
    const result = await judge.row(table, id, isNew ? cells : { ...cells, id }, isNew);
    if (number !== this.turn) return null;
    for (const [name, field] of this.fields) field.told(faultsOf(result.faults, name));
    const others = result.faults.filter(({ column }) => !column || !this.fields.has(column));
    this.whole.replaceChildren(...others.map(({ told, severity }) => el("p", { class: "qj-fault", "data-severity": severity || "fault" }, told[language.now].message, " ", told[language.now].cure)));
    return result;
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => { if (this.opened) this.judged(this.opened); }, PAUSE);
  }

  /** Takes the row into the list of changes, where it has no fault. */
  async submit() {
    const { opened } = this;
    if (!opened) return;
    clearTimeout(this.timer);
    const result = await this.judged(opened);
    if (!result || this.opened !== opened) return;
    const bad = result.faults.find(({ severity }) => severity === "fault");
    if (bad) (this.fields.get(bad.column || "") || { focus: () => find(this.node, "input, select, textarea").focus() }).focus();
    else this.keep(opened, result.point);
  }

  /** @param {Opened} opened @param {Position | null} point */
  keep({ table, id, before, isNew }, point) {
    const cells = this.record(), { save, close, rows } = this.parts;
    if (isNew) {
      const { id: typed, ...next } = cells;
      save({ op: "add", table, id: typed || rows.newId(table, cells), new: next }, point);
      return;
    }
    const names = Array.from(this.fields.keys()).filter((name) => (before[name] || "") !== (cells[name] || ""));
    /** @param {RowRecord} cellsOf */
    const some = (cellsOf) => Object.fromEntries(names.map((name) => [name, cellsOf[name] || ""]));
    if (names.length) save({ op: "change", table, id, old: some(before), new: some(cells) }, point);
    else close();
  }

  /** Puts a position of the map into the form. @param {Position | null} point */
  take(point) {
    if (point) {
      /** @type {RowRecord} */
      const cells = { lon: String(point[0]), lat: String(point[1]), datum: "wgs84", precision: "site" };
      for (const [name, cell] of Object.entries(cells)) this.fields.get(name)?.set(cell);
      this.changed();
    }
    this.fields.get("lon")?.focus();
  }

  /** @param {Opened} next */
  show(next) {
    const { language, program, rows, pick, close, nameOf } = this.parts, { t } = language;
    this.opened = next;
    this.lists = new Map();
    this.fields = new Map();
    const shared = { language, nameOf, optionsOf: (/** @type {string[]} */ refers) => this.optionsOf(refers), changed: () => this.changed() };
    for (const column of rows.columnsOf(next.table)) if (next.isNew || column.name !== "id") this.fields.set(column.name, makeField(shared, column));
    for (const [name, field] of this.fields) field.set(next.before[name] || "");
    const picker = buttonOf("qj-action", t("editor.pick"), () => pick((point) => this.take(point)), { "data-act": "pick" });
    const nodes = Array.from(this.fields, ([name, field]) => (name === "lon" ? [picker, field.node] : [field.node])).flat();
    this.node.replaceChildren(this.whole, ...nodes, ...this.lists.values(), el("div", { class: "qj-actions" },
      el("button", { type: "submit", class: "qj-action", "data-act": "keep" }, t("editor.keep")), buttonOf("qj-action", t("editor.cancel"), close, { "data-act": "cancel" })));
    this.whole.replaceChildren();
    this.fields.get(titleOf(program.tables[next.table]))?.focus();
    if (!next.isNew) this.judged(next);
  }

  hide() {
    this.opened = null;
    this.turn += 1;
    clearTimeout(this.timer);
    this.node.replaceChildren();
  }
}

/** @param {FormParts} parts */
export const makeForm = (parts) => new Form(parts);
