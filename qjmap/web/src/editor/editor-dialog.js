/* The dialog of the editor: rows of all tables in a form or a grid, the list of changes with undo and redo, and the ways to save them. */

import { makeChangeView } from "./change-list-view.js";
import { makeFrame } from "./dialog-frame.js";
import { EditGrid } from "./grid-input.js";
import { makeMapPicker } from "./map-picker.js";
import { makeOptionLists } from "./option-lists.js";
import { placesOfAddress } from "./place-of-address.js";
import { makeForm } from "./row-form.js";
import { makeRowList } from "./row-list.js";
import { makeSaver } from "./save-to-files.js";
import { makeSavingSection } from "./saving-section.js";
import { syncWindows } from "./sync-windows.js";
import { makeTableRows, titleOf } from "./table-rows.js";
import { followChanges, makeValidator } from "./validate-row.js";
import { el, listen } from "../app/base/dom.js";
import { importBundle } from "../app/import/import-client.js";
import { closeCovers } from "../runtime/open-views.js";

/** @typedef {import("./change-list.js").Kept} Kept */
/* In `Edits`, `list` has the changes, `faults` the faults of changed rows; `store` keeps the changes in the browser, `changedRows` shows them on the
 * page; `points` is key of a row (see `keyOf`) -> its position in WGS 84 as the import worker read it, null for none. */
/** @typedef {{ list: import("./change-list.js").ChangeList, faults: import("./row-faults.js").RowFaults, store: import("./edit-store.js").EditStore, changedRows: ReturnType<typeof import("./apply-changes-to-page.js").makeChangedRows>, points: Map<string, Position | null> }} Edits The parts that work before the editor is opened. */

/** Makes the parts of the dialog and connects them. */
class Editor {
  /** Makes the dialog; it is not open yet. @param {PageFace} face @param {ProgramData} program @param {Edits} edits */
  constructor(face, program, edits) {
    const { map, layers, meta, language, store } = face, { list, faults } = edits;
    this.face = face;
    this.program = program;
    this.t = language.t;
    this.edits = edits;
    this.list = list;
    this.frame = makeFrame(language, { close: () => this.open(false), undo: () => list.undo(), redo: () => list.redo(), toggleGrid: () => this.openGrid(!this.grid.isOpen) });
    this.rows = makeTableRows({ store, meta, program, list });
    this.options = makeOptionLists({ language, program, rows: this.rows, list });
    const validator = makeValidator({ store, meta, layers, program, rows: this.rows, list });
    const shared = { language, program, rows: this.rows, list, faults, nameOf: store.nameOfId, aroundOf: (/** @type {string} */ id) => this.aroundOf(id), optionsOf: this.options.of };
    this.said = el("div", { class: "qj-editor-told", role: "status" });
    /** @type {{ table: string, id: string } | null} the row in the form, null for a new one */
    this.edited = null;
    const edit = (/** @type {string} */ table, /** @type {string} */ id) => { this.edit(table, id); };
    this.form = makeForm({
      ...shared, validator, find: (column, text) => this.options.find(column, text, shared.aroundOf), pick: makeMapPicker(map, language, this.frame.view), placesOf: async (address) => placesOfAddress(address, await this.rows.all("places"), store),
      save: (change) => this.take(change), close: () => this.back(""),
    });
    this.heading = el("h3", {});
    this.remove = el("button", { type: "button", class: "qj-action", "data-act": "delete" });
    listen(this.remove, "click", async () => { if (this.edited && await this.deleteRows(this.edited.table, [this.edited.id])) this.back(this.t("editor.deleted")); });
    this.overview = el("div", {});
    this.changesPart = el("section", { class: "qj-editor-part", hidden: true });
    this.formPart = el("section", { class: "qj-editor-part", hidden: true }, this.heading, this.form.node, this.remove);
    this.grid = new EditGrid({ ...shared, say: (words) => this.say(words), deleteRows: async (table, ids) => { await this.deleteRows(table, ids); }, leave: () => this.frame.buttons.grid.focus() });
    this.rowList = makeRowList(shared, edit, (table) => this.add(table), (table, word) => { if (this.grid.isOpen) this.grid.show(table, word); });
    this.changeView = makeChangeView(shared, edit, (id) => face.go(id, { lift: true }));
    this.saver = makeSaver({ meta, program, rows: this.rows, list, validator, faults, drafts: face.drafts });
    this.isTaking = false; // whether a change comes from another window
    this.others = syncWindows(edits.store.key, { met: () => this.say(this.t("editor.met")), took: (kept) => this.takeOver(kept), kept: () => list.kept });
    followChanges(validator, list, faults, (table, id, point) => { edits.points.set(table + "\n" + id, point); });
    this.arrange();
  }

  /** Puts the parts into the dialog and registers their listeners. */
  arrange() {
    const { language } = this.face, { view, body, kept } = this.frame, { list, faults, store } = this.edits;
    body.append(this.said, this.formPart, this.overview, this.options.node);
    listen(view, "keydown", (event) => this.press(event));
    language.onChange(() => {
      if (this.form.isOpen) this.back("");
      this.fill();
    });
    list.onChange(() => {
      if (!this.isTaking) this.others.tell(list.kept);
      this.redraw();
      this.grid.refresh();
    });
    faults.onChange((isChanged) => {
      this.edits.changedRows.show(this.program);
      if (!isChanged) return;
      this.changeView.draw();
      this.grid.refresh();
    });
    store.onKept((count) => {
      kept.textContent = count === null ? this.t("editor.keeping") : count ? this.t("editor.kept_count", { count }) : "";
      kept.dataset.count = count === null ? "" : String(count);
    });
    this.fill();
  }

  /** Fills the lists in the language of the page. */
  fill() {
    const { t } = this;
    this.rowList.fill();
    this.changesPart.replaceChildren(el("h3", {}, t("editor.changes")), el("p", { class: "qj-quiet" }, t("editor.how")),
      makeSavingSection(this.face.language, this.saver, this.edits.faults, () => this.edits.store.markSaved(), (words) => this.say(words)), this.changeView.node);
    this.overview.replaceChildren(this.rowList.node, this.grid.node, this.changesPart);
    if (this.grid.isOpen) this.grid.show(this.rowList.table, this.rowList.word);
    this.redraw();
  }

  /** Shows a message at the top of the dialog. @param {Child} words */
  say(words) { this.said.replaceChildren(el("div", {}, words)); }

  /** Returns the name of the place in which a row lies; "" for none or several. @param {string} id */
  aroundOf(id) {
    const { store } = this.face, r = store.ref(id), above = r === undefined ? "" : String(store.get(r, "parent") || store.get(r, "place"));
    return above && !above.includes("|") ? store.nameOfId(above) : "";
  }

  /** Replaces the changes by those of another window. @param {Kept} kept */
  takeOver(kept) {
    this.isTaking = true;
    this.list.restore(kept);
    this.isTaking = false;
  }

  /** Sets which view the dialog shows; style sheets depend on it. @param {"form" | "grid" | "list"} view */
  setView(view) {
    this.frame.view.dataset.view = view;
    this.hideMap();
  }

  /** Hides the map while the grid covers it; otherwise the browser would paint the map in each frame. */
  hideMap() { this.face.map.getContainer().style.visibility = this.isOpen && this.frame.view.dataset.view === "grid" ? "hidden" : ""; }

  /** Switches between the grid and the list of names. @param {boolean} yes */
  async openGrid(yes) {
    if (this.form.isOpen) this.back("");
    this.setView(yes ? "grid" : "list");
    this.frame.buttons.grid.setAttribute("aria-pressed", String(yes));
    this.grid.open(yes);
    this.rowList.showNames(!yes);
    if (yes) {
      await this.grid.show(this.rowList.table, this.rowList.word);
      this.grid.view.focus();
    } else this.rowList.draw();
  }

  /** Opens an empty form for a new row. @param {string} table */
  add(table) {
    this.edited = null;
    this.showForm({ table, id: "", before: {}, isNew: true }, this.t("editor.adding", { table: this.t("table." + table) }));
  }

  /** Opens a row in the form. @param {string} table @param {string} id */
  async edit(table, id) {
    const record = this.list.edited(table, id, await this.rows.original(table, id) || {});
    if (!record) return;
    this.edited = { table, id };
    const isNew = this.list.of(table, id)?.added;
    this.showForm({ table, id, before: record, isNew: false }, `${this.t(isNew ? "editor.new" : "editor.editing")} ${record[titleOf(this.program.tables[table])] || id}`);
  }

  /** Shows the form under a heading. @param {import("./row-form.js").Opened} opened @param {string} words */
  showForm(opened, words) {
    this.setView("form");
    this.heading.textContent = words;
    this.remove.textContent = this.t("editor.delete");
    this.remove.hidden = !this.edited;
    this.overview.hidden = true;
    this.formPart.hidden = false;
    this.say("");
    this.form.show(opened);
    this.frame.body.scrollTop = 0;
  }

  /** Adds a change from the form to the list, and closes the form. @param {RowChange} change */
  take(change) {
    this.list.add(change);
    this.back(this.t("editor.kept"));
  }

  /** Closes the form and shows the lists, with a message. @param {string} words */
  back(words) {
    this.form.hide();
    this.setView(this.grid.isOpen ? "grid" : "list");
    this.formPart.hidden = true;
    this.overview.hidden = false;
    this.say(words);
    this.rowList.draw();
    this.rowList.focus();
  }

  /**
   * Deletes rows in one step and returns true; if other rows refer to them, lists these and returns false.
   *
   * @param {string} table
   * @param {string[]} ids
   */
  async deleteRows(table, ids) {
    const { t } = this, naming = await this.rows.naming(new Set(ids));
    if (naming.length) {
      this.say(el("p", { class: "qj-fault" }, t("editor.named", { rows: naming.map(([of, own, column]) => `${t("table." + of)} ${own} (${column})`).join("、") })));
      this.frame.body.scrollTop = 0;
      return false;
    }
    const name = titleOf(this.program.tables[table]), originals = await Promise.all(ids.map((id) => this.rows.original(table, id)));
    this.list.add(...ids.map((id, at) => /** @type {RowChange} */ ({ op: "delete", table, id, old: originals[at]?.[name] ? { [name]: originals[at][name] } : {} })));
    return true;
  }

  /** Updates buttons, lists and map after a change. */
  redraw() {
    const { buttons } = this.frame, { list } = this;
    const focused = document.activeElement;
    buttons.undo.disabled = !list.canUndo();
    buttons.redo.disabled = !list.canRedo();
    if (focused === buttons.undo && buttons.undo.disabled) buttons.redo.focus(); // a button that is disabled would lose the focus
    if (focused === buttons.redo && buttons.redo.disabled) buttons.undo.focus();
    this.changeView.draw();
    this.rowList.draw();
    this.changesPart.hidden = !list.net.length;
    this.overview.classList.toggle("qj-editor-changed", !this.changesPart.hidden); // the list of rows leaves room for the changes
    this.edits.changedRows.show(this.program);
  }

  get isOpen() { return !this.frame.view.hidden; }

  /** Opens or closes the dialog. @param {boolean} yes */
  open(yes) {
    const button = /** @type {HTMLElement} */ (document.getElementById("qj-editor-button"));
    this.grid.commit();
    if (yes) closeCovers(); // the map must be visible, since positions are picked on it
    this.frame.view.hidden = !yes;
    this.hideMap();
    button.setAttribute("aria-expanded", String(yes));
    if (yes) this.frame.title.focus(); else button.focus();
  }

  /** Handles Escape, and the keys for undo and redo outside of fields. @param {KeyboardEvent} event */
  press(event) {
    if (!this.isOpen) return;
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement, key = event.ctrlKey || event.metaKey ? event.key.toLowerCase() : "";
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      if (this.form.isOpen) this.back(""); else this.open(false);
    } else if ((key === "z" || key === "y") && !isTyping) {
      event.preventDefault();
      if (event.shiftKey || key === "y") this.list.redo(); else this.list.undo();
    }
  }
}

/** Makes the editor, once the data of the program are loaded, which the import worker has too. @param {PageFace} face @param {Edits} edits */
export async function makeEditor(face, edits) {
  const { program } = await importBundle();
  return new Editor(face, program, edits);
}
