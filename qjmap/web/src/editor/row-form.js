/* The form of one row: a field for each column, validated while it is filled in. */

import { makeField } from "./form-fields.js";
import { titleOf } from "./table-rows.js";
import { buttonOf, el, find } from "../app/base/dom.js";

const PAUSE = 350; // ms without a key before the row is validated

/** @typedef {import("./form-fields.js").Field} Field */
/** @typedef {import("./place-of-address.js").PlaceCandidate} PlaceCandidate */
/** @typedef {{ table: string, id: string, before: RowRecord, isNew: boolean }} Opened The row in the form; `id` is "" for a new one, `before` are its cells when it was opened. */
/**
 * @typedef {{
 *   language: Language, program: ProgramData, rows: import("./table-rows.js").TableRows, validator: import("./validate-row.js").Validator,
 *   nameOf: (id: string) => string, aroundOf: (id: string) => string, find: import("./form-fields.js").FieldParts["find"], placesOf: (address: string) => Promise<PlaceCandidate[]>, pick: (done: (point: Position | null) => void) => void, save: (change: RowChange) => void, close: () => void,
 * }} FormParts
 * `nameOf`, `aroundOf` and `find` are as in `FieldParts`; `placesOf` resolves to the places that an address may mean; `pick` lets the reader
 * pick a position on the map; `save` takes the change, `close` is called if nothing was changed.
 */

/** Returns the faults of a column. @param {ToldFault[]} faults @param {string} name */
const faultsOf = (faults, name) => faults.filter(({ column }) => column === name);

/** The form; one object is used for all rows. */
class Form {
  /** Makes the form without fields. @param {FormParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.node = el("form", { class: "qj-editor-form", novalidate: true });
    this.whole = el("div", { class: "qj-editor-told", role: "status" });
    this.found = el("div", { class: "qj-editor-found", role: "status" });
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    /** @type {Opened | null} */
    this.opened = null;
    this.timer = 0;
    this.turn = 0;
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  get isOpen() { return this.opened !== null; }

  /** Returns the filled cells. @returns {RowRecord} */
  record() { return Object.fromEntries(Array.from(this.fields, ([name, field]) => [name, field.get().trim()]).filter(([, cell]) => cell)); }

  /** Validates the row as it is filled in and shows its faults; null if a later validation has begun. @param {Opened} opened */
  async validate({ table, id, isNew }) {
    const number = this.turn += 1, cells = this.record(), { validator, language } = this.parts;
    const result = await validator.row(table, id, isNew ? cells : { ...cells, id }, isNew);
    if (number !== this.turn) return null;
    for (const [name, field] of this.fields) field.told(faultsOf(result.faults, name));
    const others = result.faults.filter(({ column }) => !column || !this.fields.has(column));
    this.whole.replaceChildren(...others.map(({ told, severity }) => el("p", { class: "qj-fault", "data-severity": severity || "fault" }, told[language.now].message, " ", told[language.now].cure)));
    return result;
  }

  /** Validates the row once no key has been pressed for a while. */
  changed() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => { if (this.opened) this.validate(this.opened); }, PAUSE);
  }

  /** Adds the row to the list of changes; if it has a fault, moves the focus to it instead. */
  async submit() {
    const { opened } = this;
    if (!opened) return;
    clearTimeout(this.timer);
    const result = await this.validate(opened);
    if (!result || this.opened !== opened) return;
    const bad = result.faults.find(({ severity }) => severity === "fault");
    if (bad) (this.fields.get(bad.column || "") || { focus: () => find(this.node, "input, select, textarea").focus() }).focus();
    else this.keep(opened);
  }

  /** Passes the changed cells on as a change; closes the form if none has changed. @param {Opened} opened */
  keep({ table, id, before, isNew }) {
    const cells = this.record(), { save, close, rows } = this.parts;
    if (isNew) {
      const { id: typed, ...next } = cells;
      save({ op: "add", table, id: typed || rows.newId(table, cells), new: next });
      return;
    }
    const names = Array.from(this.fields.keys()).filter((name) => (before[name] || "") !== (cells[name] || ""));
    /** Returns the cells of the changed columns. @param {RowRecord} cellsOf */
    const some = (cellsOf) => Object.fromEntries(names.map((name) => [name, cellsOf[name] || ""]));
    if (names.length) save({ op: "change", table, id, old: some(before), new: some(cells) });
    else close();
  }

  /** Fills in cells; those without a field are ignored. @param {RowRecord} cells */
  fillIn(cells) {
    for (const [name, cell] of Object.entries(cells)) this.fields.get(name)?.set(cell);
    this.changed();
  }

  /** Fills in a position that was picked on the map. @param {Position | null} point */
  take(point) {
    if (point) this.fillIn({ lon: String(point[0]), lat: String(point[1]), datum: "wgs84", precision: "site" });
    this.fields.get("lon")?.focus();
  }

  /** Fills in a place as the row's place, with its position and precision. @param {PlaceCandidate} place */
  takePlace({ id, point: [lon, lat], precision }) {
    this.found.replaceChildren();
    this.fillIn({ place: id, lon: String(lon), lat: String(lat), datum: "wgs84", precision });
    this.fields.get("lon")?.focus();
  }

  /** Finds the places that the address names: takes the only one, or offers several. */
  async locate() {
    const { language: { t }, placesOf } = this.parts, { opened } = this, text = [this.fields.get("address")?.get(), this.fields.get("name")?.get()].find((cell) => cell && cell.trim()) || "";
    const places = await placesOf(text);
    if (this.opened !== opened) return; // another row is in the form
    if (places.length === 1) {
      this.takePlace(places[0]);
      this.found.replaceChildren(el("p", {}, t("editor.located", { name: places[0].name })));
      return;
    }
    this.found.replaceChildren(el("p", {}, t(places.length ? "editor.locate_which" : "editor.locate_none")), el("div", { class: "qj-actions qj-editor-choices" },
      places.map((place) => buttonOf("qj-action", [place.name, " ", el("span", { class: "qj-quiet" }, place.around)], () => this.takePlace(place), { "data-choice": place.id }))));
    if (places.length) find(this.found, "button").focus();
  }

  /** Splits a pair of coordinates that was typed or pasted into the field of one of them. @param {string} name */
  async split(name) {
    const field = this.fields.get(name), text = field ? field.get() : "", opened = this.opened;
    if (!/[^\d.+-]/.test(text.trim())) return;
    const pair = await this.parts.validator.pair(text);
    if (pair && this.opened === opened && field && field.get() === text) this.fillIn({ lon: String(pair[0]), lat: String(pair[1]) });
  }

  /** Makes the buttons that find a position. */
  positionButtons() {
    const { language: { t }, pick } = this.parts, { opened } = this;
    return el("div", {}, el("div", { class: "qj-actions" }, buttonOf("qj-action", t("editor.pick"), () => pick((point) => { if (this.opened === opened) this.take(point); }), { "data-act": "pick" }),
      buttonOf("qj-action", t("editor.locate"), () => { this.locate(); }, { "data-act": "locate" })), this.found);
  }

  /** Shows a row in the form. @param {Opened} next */
  show(next) {
    const { language, program, rows, close, nameOf, aroundOf, find: search } = this.parts, { t } = language;
    this.opened = next;
    this.fields = new Map();
    const shared = { language, nameOf, aroundOf, find: search, changed: () => this.changed() };
    for (const column of rows.columnsOf(next.table)) if (next.isNew || column.name !== "id") this.fields.set(column.name, makeField(shared, column));
    for (const [name, field] of this.fields) field.set(next.before[name] || "");
    for (const name of ["lon", "lat"]) this.fields.get(name)?.node.addEventListener("change", () => { this.split(name); });
    const nodes = Array.from(this.fields, ([name, field]) => (name === "lon" ? [this.positionButtons(), field.node] : [field.node])).flat();
    this.found.replaceChildren();
    this.node.replaceChildren(this.whole, ...nodes, el("div", { class: "qj-actions" },
      el("button", { type: "submit", class: "qj-action", "data-act": "keep" }, t("editor.keep")), buttonOf("qj-action", t("editor.cancel"), close, { "data-act": "cancel" })));
    this.whole.replaceChildren();
    this.fields.get(titleOf(program.tables[next.table]))?.focus();
    if (!next.isNew) this.validate(next);
  }

  /** Empties the form. */
  hide() {
    this.opened = null;
    this.turn += 1;
    clearTimeout(this.timer);
    this.node.replaceChildren();
  }
}

/** Makes the form. @param {FormParts} parts */
export const makeForm = (parts) => new Form(parts);
