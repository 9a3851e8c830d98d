/* The editor of the page: rows of all tables in a form, a list of what was changed with undo and redo, and ways to save it. */

import { makeForm } from "./form.js";
import { makeJudge } from "./judge.js";
import { makeChangeView, makeRowList } from "./lists.js";
import { makeOverlay, positionOf } from "./overlay.js";
import { makeRows, titleOf } from "./rows.js";
import { makeSaving } from "./saving.js";
import { joinWindows } from "./windows.js";
import { buttonOf, el, listen, templatePart } from "../app/base/dom.js";
import { importBundle } from "../app/import/import-client.js";
import { crossIcon, svg } from "../app/base/svg.js";

/** @typedef {import("./change-list.js").Kept} Kept */
/** @typedef {ReturnType<typeof import("./keeping.js").makeKeeping>} Keeping */

/** The dialog's frame: title, buttons of undo and redo, body. @param {Language} language @param {{ close: () => void, undo: () => void, redo: () => void }} act */
function makeFrame(language, { close, undo, redo }) {
  const title = el("h2", { id: "qj-editor-title", tabindex: "-1" }), body = el("div", { id: "qj-editor-body" });
  const buttons = { undo: buttonOf("qj-action", "", undo, { "data-act": "undo" }), redo: buttonOf("qj-action", "", redo, { "data-act": "redo" }), close: buttonOf("qj-icon", crossIcon(), close, { id: "qj-editor-close" }) };
  const view = el("section", { id: "qj-editor", class: "qj-card", role: "dialog", "aria-labelledby": "qj-editor-title", hidden: true },
    title, buttons.close, el("div", { class: "qj-actions", id: "qj-editor-steps" }, buttons.undo, buttons.redo), body);
  language.bind(title, "editor.title");
  language.bind(buttons.undo, "editor.undo");
  language.bind(buttons.redo, "editor.redo");
  language.bind(buttons.close, "panel.close", "aria-label");
  templatePart("stage").append(view);
  return { view, title, body, buttons };
}

/** The button in the row of tools. @param {Language} language @param {() => void} open */
export function makeToolButton(language, open) {
  const words = el("span"), button = buttonOf("qj-tool", [svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: "M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3" })), words], open, { id: "qj-editor-button", "aria-expanded": "false", "aria-controls": "qj-editor" });
  language.bind(words, "editor.begin");
  language.bind(button, "editor.title", "title");
  templatePart("drop-button").after(button);
  return button;
}

/** Lets a position be pointed at on the map. @param {LeafletMap} map @param {Language} language @param {HTMLElement} view */
function makePicker(map, language, view) {
  const { t } = language;
  /** @param {(point: Position | null) => void} done */
  return (done) => {
    /** @param {L.LatLng | null} place */
    const end = (place) => {
      map.off("click", clicked);
      document.removeEventListener("keydown", escape, true);
      bar.remove();
      view.hidden = false;
      done(place ? [place.lng, place.lat].map((degrees) => Math.round(degrees * 1e6) / 1e6) : null);
    };
    const clicked = (/** @type {{ latlng: L.LatLng }} */ { latlng }) => end(latlng);
    /** @param {KeyboardEvent} event */
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      end(null);
    };
    const middle = buttonOf("qj-action", t("editor.pick_middle"), () => end(map.getCenter()));
    const bar = el("div", { id: "qj-editor-pick", class: "qj-card", role: "group" }, el("p", {}, t("editor.pick_how")), el("div", { class: "qj-actions" }, middle, buttonOf("qj-action", t("editor.cancel"), () => end(null))));
    view.hidden = true;
    templatePart("stage").append(bar);
    document.addEventListener("keydown", escape, true);
    map.on("click", clicked);
    middle.focus();
  };
}

/** The section that saves. @param {Language} language @param {ReturnType<typeof makeSaving>} saving @param {() => void} saved @param {(words: Child) => void} say */
function savingSection(language, saving, saved, say) {
  const { t } = language, file = el("input", { id: "qj-editor-files", class: "qj-hidden", type: "file", multiple: true, accept: ".csv" });
  listen(file, "change", async () => {
    const { done, faults, lacking } = await saving.tables(Array.from(file.files || []));
    file.value = "";
    if (faults.length) say(faults.map(({ told, file: name, row }) => el("p", { class: "qj-fault" }, `${name}${row === null ? "" : " · " + t("editor.number", { number: row })}: `, told[language.now].message, " ", told[language.now].cure)));
    else if (lacking.length) say(t("editor.lacking", { files: lacking.map((table) => table + ".csv").join("、") }));
    else { saved(); say(t("editor.saved", { files: done.join("、") })); }
  });
  /** @param {() => void} act */
  const saves = (act) => () => { act(); saved(); };
  return el("div", { class: "qj-actions qj-editor-save" }, buttonOf("qj-action", t("editor.save_changes"), saves(saving.changeFile), { "data-act": "save-changes" }),
    el("span", {}, file, el("label", { class: "qj-action", for: file.id }, t("editor.save_tables"))), buttonOf("qj-action", t("editor.save_page"), saves(saving.page), { "data-act": "save-page" }));
}

/** The editor of a page. */
class Editor {
  /** @param {PageFace} face @param {ProgramData} program @param {import("./rows.js").ChangeList} list @param {Keeping} keeping */
  constructor(face, program, list, keeping) {
    const { map, layers, meta, language, store } = face;
    this.face = face;
    this.program = program;
    this.t = language.t;
    this.list = list;
    this.keeping = keeping;
    this.frame = makeFrame(language, { close: () => this.open(false), undo: () => this.list.undo(), redo: () => this.list.redo() });
    this.rows = makeRows({ store, meta, program, list: this.list });
    const shared = { language, program, rows: this.rows, list: this.list }, judge = makeJudge({ ...shared, store, meta, layers });
    this.said = el("div", { class: "qj-editor-told", role: "status" });
    this.overlay = makeOverlay(map);
    /** @type {Map<string, Position | null>} positions of rows as the grammar read them */
    this.points = new Map();
    /** @type {{ table: string, id: string } | null} the row in the form, null for a new one */
    this.edited = null;
    const edit = (/** @type {string} */ table, /** @type {string} */ id) => { this.edit(table, id); };
    this.form = makeForm({
      ...shared, judge, pick: makePicker(map, language, this.frame.view), nameOf: (id) => store.nameOfId(id),
      save: (change, point) => this.take(change, point), close: () => this.back(""),
    });
    this.heading = el("h3", {});
    this.remove = buttonOf("qj-action", "", () => this.takeAway(), { "data-act": "delete" });
    this.overview = el("div", {});
    this.changesPart = el("section", { class: "qj-editor-part", hidden: true });
    this.formPart = el("section", { class: "qj-editor-part", hidden: true }, this.heading, this.form.node, this.remove);
    this.rowList = makeRowList(shared, edit, (table) => this.add(table));
    this.changeView = makeChangeView(shared, edit);
    this.saving = makeSaving({ meta, list: this.list, judge, drafts: face.drafts });
    this.others = joinWindows(this.keeping.key, { met: () => this.say(this.t("editor.met")), took: (kept) => this.takeOver(kept), kept: () => this.list.kept });
    this.arrange();
  }

  /** Puts the parts into the dialog. */
  arrange() {
    const { language } = this.face, { view, body } = this.frame;
    body.append(this.said, this.formPart, this.overview);
    listen(view, "keydown", (event) => this.press(event));
    language.onChange(() => {
      if (this.form.isOpen) this.back("");
      this.fill();
    });
    this.fill();
  }

  /** Writes the lists in the page's language. */
  fill() {
    const { t } = this;
    this.rowList.fill();
    this.changesPart.replaceChildren(el("h3", {}, t("editor.changes")), el("p", { class: "qj-quiet" }, t("editor.how")),
      savingSection(this.face.language, this.saving, () => this.keeping.saved(), (words) => this.say(words)), this.changeView.node);
    this.overview.replaceChildren(this.changesPart, this.rowList.node);
    this.redraw();
  }

  /** @param {Child} words */
  say(words) { this.said.replaceChildren(el("div", {}, words)); }

  changed() {
    this.keeping.keep();
    this.others.tell(this.list.kept);
    this.redraw();
  }

  /** Takes the changes of another window. @param {Kept} kept */
  takeOver(kept) {
    this.list.restore(kept);
    this.keeping.keep();
    this.redraw();
  }

  /** Opens an empty form. @param {string} table */
  add(table) {
    this.edited = null;
    this.showForm({ table, id: "", before: {}, isNew: true }, this.t("editor.adding", { table: this.t("table." + table) }));
  }

  /** Opens a row in the form. @param {string} table @param {string} id */
  async edit(table, id) {
    const record = this.list.edited(table, id, await this.rows.original(table, id) || {});
    if (!record) return;
    this.edited = { table, id };
    const isNew = this.list.net.some((one) => one.id === id && one.added);
    this.showForm({ table, id, before: record, isNew: false }, `${this.t(isNew ? "editor.new" : "editor.editing")} ${record[titleOf(this.program.tables[table])] || id}`);
  }

  /** @param {import("./form.js").Opened} opened @param {string} words */
  showForm(opened, words) {
    this.heading.textContent = words;
    this.remove.textContent = this.t("editor.delete");
    this.remove.hidden = !this.edited;
    this.overview.hidden = true;
    this.formPart.hidden = false;
    this.say("");
    this.form.show(opened);
    this.frame.body.scrollTop = 0;
  }

  /** Takes a change into the list. @param {RowChange} change @param {Position | null} point */
  take(change, point) {
    this.points.set(change.id, point);
    this.list.add(change);
    this.back(this.t("editor.kept"));
  }

  /** Goes back to the lists. @param {string} words */
  back(words) {
    this.form.hide();
    this.formPart.hidden = true;
    this.overview.hidden = false;
    this.say(words);
    this.rowList.draw();
    this.rowList.focus();
  }

  /** Deletes the row in the form, unless others refer to it. */
  async takeAway() {
    if (!this.edited) return;
    const { table, id } = this.edited, { t } = this, naming = await this.rows.naming(id);
    if (naming.length) {
      this.say(el("p", { class: "qj-fault" }, t("editor.named", { rows: naming.map(([of, own, column]) => `${t("table." + of)} ${own} (${column})`).join("、") })));
      this.frame.body.scrollTop = 0;
      return;
    }
    const name = titleOf(this.program.tables[table]), record = await this.rows.original(table, id);
    this.list.add({ op: "delete", table, id, old: record && record[name] ? { [name]: record[name] } : {} });
    this.back(t("editor.deleted"));
  }

  async redraw() {
    const { buttons } = this.frame, { list } = this;
    buttons.undo.disabled = !list.canUndo();
    buttons.redo.disabled = !list.canRedo();
    this.changeView.draw();
    this.rowList.draw();
    this.changesPart.hidden = !list.net.length;
    const shown = [];
    for (const { table, id, added, removed, new: cells } of list.net) {
      if ((removed && !added) || !(added || "lon" in cells || "lat" in cells)) continue;
      const record = list.edited(table, id, (added ? {} : await this.rows.original(table, id)) || {}), point = record && (positionOf(record) || this.points.get(id));
      if (record && point && record.lon) shown.push({ name: record.name || id, point });
    }
    this.overlay.show(shown);
  }

  get isOpen() { return !this.frame.view.hidden; }

  /** @param {boolean} yes */
  open(yes) {
    const button = /** @type {HTMLElement} */ (document.getElementById("qj-editor-button"));
    this.frame.view.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
    if (yes) this.frame.title.focus(); else button.focus();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      if (this.form.isOpen) this.back(""); else this.open(false);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isTyping) {
      event.preventDefault();
      if (event.shiftKey) this.list.redo(); else this.list.undo();
    }
  }
}

/** @param {PageFace} face @param {import("./rows.js").ChangeList} list @param {Keeping} keeping */
export async function makeEditor(face, list, keeping) {
  const { program } = await importBundle(), editor = new Editor(face, program, list, keeping);
  list.onChange(() => editor.changed());
  return editor;
}
