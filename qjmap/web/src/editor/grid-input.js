/* The grid of a table, with keyboard, pointer and clipboard as in a spreadsheet. Typing replaces the text of the active cell; F2 or a double
 * click opens it. Enter, Tab or (after typing) an arrow key ends the edit, which is one step of the list of changes.
 */

import { FaultList } from "./grid-faults.js";
import { GridModel } from "./grid-model.js";
import { GridView } from "./grid-view.js";
import { replaced } from "./form-fields.js";
import { readTabSeparated, writeTabSeparated } from "./tab-separated.js";
import { buttonOf, closest, el, listen } from "../app/base/dom.js";

/** @typedef {import("./grid-view.js").Place} Place */
/* In `EditGridParts`, `nameOf` and `aroundOf` are as in `FieldParts`; `optionsOf` returns the id of the element with the suggestions for a column;
 * `deleteRows` deletes rows unless others refer to them; `say` shows a message; `leave` moves the focus out of the grid. */
/** @typedef {import("./grid-model.js").GridParts & { nameOf: (id: string) => string, aroundOf: (id: string) => string, optionsOf: (column: import("./form-fields.js").FieldColumn) => string, deleteRows: (table: string, ids: string[]) => Promise<void>, say: (words: Child) => void, leave: () => void }} EditGridParts */

/** @type {Record<string, [number, number]>} rows and columns that an arrow key moves by */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Connects the model (cells and changes), the view (elements) and the list of faults of the grid. */
export class EditGrid {
  /** Makes the elements of the grid. @param {EditGridParts} parts */
  constructor(parts) {
    const { language: { t } } = parts;
    this.parts = parts;
    this.model = new GridModel(parts);
    this.view = new GridView(this.model, { ...parts, choose: (fault, id) => this.settle(fault, id) });
    this.faultList = new FaultList(this.model, (place) => { this.view.moveTo(place); this.view.focus(); });
    this.isLoaded = false;
    this.isStale = false; // whether something has changed since the rows were drawn
    this.word = "";
    /** @type {"" | "typed" | "opened"} how the active cell is being edited; arrow keys leave a cell that is typed over */
    this.editing = "";
    this.buttons = el("div", { class: "qj-actions" });
    this.node = el("section", { class: "qj-grid-part", hidden: true }, this.buttons, el("p", { id: "qj-grid-how", class: "qj-quiet" }), this.view.scroll, this.faultList.node);
    this.fillWords = () => {
      this.buttons.replaceChildren(buttonOf("qj-action", t("editor.add"), () => { this.view.moveTo({ row: this.model.rows.length, column: 0 }); this.view.focus(); }, { "data-act": "grid-add" }),
        buttonOf("qj-action", t("grid.fill_down"), () => this.fillDown(), { "data-act": "fill-down" }), buttonOf("qj-action", t("grid.delete"), () => { this.deleteRows(); }, { "data-act": "delete-rows" }));
      /** @type {HTMLElement} */ (this.node.children[1]).textContent = t("grid.how");
    };
    this.connect();
  }

  get isOpen() { return !this.node.hidden; }

  /** Shows or hides the grid. @param {boolean} yes */
  open(yes) { this.node.hidden = !yes; }

  /** Shows the rows of a table whose id or names contain a word. @param {string} table @param {string} word "" for all rows */
  async show(table, word) {
    this.commit();
    this.fillWords();
    await this.model.load(table, word);
    this.word = word;
    this.view.fill(false);
    this.faultList.draw();
    this.isLoaded = true;
  }

  /** Draws the rows again after a change; if a cell is being edited, only afterwards. */
  async refresh() {
    if (!this.isOpen || !this.isLoaded) return;
    this.isStale = Boolean(this.editing); // while a cell is edited, the grid is not drawn again
    if (this.isStale) return;
    await this.model.load(this.model.table, this.word);
    this.view.redraw();
    this.faultList.draw();
  }

  /** Registers the event listeners. */
  connect() {
    const { scroll } = this.view;
    listen(scroll, "keydown", (event) => this.press(event));
    listen(scroll, "input", () => { if (!this.editing) this.begin("typed"); });
    listen(scroll, "focusin", (event) => { if (event.target === this.view.input) this.view.isFocused = true; });
    listen(scroll, "focusout", ({ relatedTarget }) => {
      const isLeft = relatedTarget instanceof Node && !scroll.contains(relatedTarget);
      if (isLeft) this.view.isFocused = false;
      if (isLeft && this.editing) this.commit();
    });
    listen(scroll, "pointerdown", (event) => this.point(event));
    listen(scroll, "pointerover", (event) => {
      const cell = event.buttons === 1 && !this.editing ? closest(event, "td[data-column]") : null;
      if (cell) this.view.moveTo(this.placeOf(cell), true);
    });
    listen(scroll, "dblclick", (event) => { if (closest(event, "td[data-column]")) this.begin("opened"); });
    listen(scroll, "copy", (event) => this.copy(event, false));
    listen(scroll, "cut", (event) => this.copy(event, true));
    listen(scroll, "paste", (event) => this.paste(event));
    scroll.addEventListener("scroll", () => {
      // Virtual rows may have removed the row of the active cell, which has lost the focus then.
      if (this.view.isFocused && document.activeElement === document.body) scroll.focus({ preventScroll: true });
    }, { passive: true });
  }

  /** Returns the row and column of a cell element. @param {HTMLElement} cell @returns {Place} */
  placeOf(cell) { return { row: Number(/** @type {HTMLElement} */ (cell.parentElement).dataset.index), column: Number(cell.dataset.column) }; }

  /** Handles a press of the pointer: makes the cell active, or with Shift extends the selection to it. @param {PointerEvent} event */
  point(event) {
    const cell = closest(event, "td[data-column]");
    if (!cell || event.button) return;
    const place = this.placeOf(cell), { active } = this.view;
    if (this.editing && place.row === active.row && place.column === active.column) return;
    event.preventDefault();
    this.commit();
    this.view.moveTo(place, event.shiftKey);
    this.view.focus();
  }

  /** Starts to edit the active cell, unless it is read-only. @param {"typed" | "opened"} how */
  begin(how) {
    const { input } = this.view;
    if (input.readOnly) return;
    this.editing = how;
    input.dataset.editing = how;
    if (how === "opened") input.setSelectionRange(input.value.length, input.value.length);
  }

  /** Ends the edit of the active cell. @param {boolean} isKept whether its text becomes a change, or the cell stays as it was */
  end(isKept) {
    const { input, active } = this.view, { value } = input, isEdited = this.editing && isKept && value !== this.model.shown(active.row, active.column);
    this.editing = "";
    delete input.dataset.editing;
    if (isEdited) this.model.edit([{ ...active, value }]);
    else input.value = this.model.shown(active.row, active.column);
    if (this.isStale) this.refresh();
  }

  /** Ends an edit, if there is one; its text becomes a change. */
  commit() { if (this.editing) this.end(true); }

  /** Handles a key, except while an input method composes text. @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing || (event.target instanceof Element && event.target.closest(".qj-grid-fault"))) return;
    if (event.target === this.view.scroll) this.view.focus(); // the row of the active cell was not in the document
    const isHandled = event.ctrlKey || event.metaKey ? this.command(event) : this.editing ? this.pressInCell(event) : this.pressOnCell(event);
    if (!isHandled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Handles a key while a cell is edited; returns whether it did. @param {KeyboardEvent} event */
  pressInCell({ key, shiftKey, altKey }) {
    const arrow = this.editing === "typed" ? ARROWS[key] : undefined;
    if (key === "Escape") {
      this.end(false);
      this.view.focus();
    } else if (key === "F2") this.begin("opened");
    else if (key === "Enter" && !altKey) this.leaveCell(shiftKey ? -1 : 1, 0);
    else if (key === "Tab") return this.tab(shiftKey ? -1 : 1);
    else if (arrow && !altKey) this.leaveCell(...arrow);
    else return false;
    return true;
  }

  /** Handles a key while no cell is edited; returns whether it did. @param {KeyboardEvent} event */
  pressOnCell({ key, shiftKey, altKey }) {
    const { active } = this.view, page = this.view.rows.pageSize, last = this.model.columns.length - 1;
    if (altKey) return false;
    /** @type {Record<string, Place>} */
    const places = {
      PageUp: { row: active.row - page, column: active.column }, PageDown: { row: active.row + page, column: active.column }, Home: { row: active.row, column: 0 }, End: { row: active.row, column: last },
      ...Object.fromEntries(Object.entries(ARROWS).map(([name, [down, right]]) => [name, { row: active.row + down, column: active.column + right }])),
    };
    if (places[key]) this.go(places[key], shiftKey);
    else if (key === "Enter") this.go({ row: active.row + (shiftKey ? -1 : 1), column: active.column });
    else if (key === "Tab") return this.tab(shiftKey ? -1 : 1);
    else if (key === "F2") this.begin("opened");
    else if (key === "Delete" || key === "Backspace") this.set(() => "");
    else if (key === "Escape") this.parts.leave();
    else return false;
    return true;
  }

  /** Handles a key together with Ctrl or Cmd; returns whether it did. @param {KeyboardEvent} event */
  command({ key, shiftKey }) {
    const { list } = this.parts, { active } = this.view, letter = key.toLowerCase(), { columns, rows } = this.model;
    if (this.editing) return false;
    /** @type {Record<string, () => void>} */
    const commands = {
      z: () => (shiftKey ? list.redo() : list.undo()), y: () => list.redo(), d: () => this.fillDown(), "-": () => { this.deleteRows(); },
      a: () => { this.view.anchor = { row: 0, column: 0 }; this.view.moveTo({ row: rows.length - 1, column: columns.length - 1 }, true); },
      home: () => this.go({ row: 0, column: 0 }, shiftKey), end: () => this.go({ row: rows.length - 1, column: columns.length - 1 }, shiftKey),
      arrowup: () => this.go({ row: 0, column: active.column }, shiftKey), arrowdown: () => this.go({ row: rows.length - 1, column: active.column }, shiftKey),
      arrowleft: () => this.go({ row: active.row, column: 0 }, shiftKey), arrowright: () => this.go({ row: active.row, column: columns.length - 1 }, shiftKey),
    };
    commands[letter]?.();
    return Boolean(commands[letter]);
  }

  /** Makes a cell active and moves the focus to it. @param {Place} place @param {boolean} [extend] */
  go(place, extend) {
    this.view.moveTo(place, extend);
    this.view.focus();
  }

  /** Ends the edit of the active cell, whose text becomes a change, and moves by some rows and columns. @param {number} down @param {number} right */
  leaveCell(down, right) {
    const { row, column } = this.view.active;
    this.commit();
    this.go({ row: row + down, column: column + right });
  }

  /**
   * Moves to the next or previous cell, across the ends of rows. Returns false at the ends of the grid, where the focus leaves it.
   *
   * @param {number} step
   */
  tab(step) {
    const { row, column } = this.view.active, width = this.model.columns.length, next = row * width + column + step;
    this.commit();
    if (next < 0 || next >= this.model.length * width) return false;
    this.go({ row: Math.floor(next / width), column: next % width });
    return true;
  }

  /** Sets all selected cells in one step. @param {(place: Place) => string} valueOf returns the text for a cell */
  set(valueOf) {
    const { top, bottom, left, right } = this.view.area, edits = [];
    for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) edits.push({ row, column, value: valueOf({ row, column }) });
    this.model.edit(edits);
  }

  /** Copies the first row of the selection into the rows below it; if only one row is selected, copies the row above into it. Ids are not copied. */
  fillDown() {
    this.commit();
    const { area, active } = this.view, from = area.top === area.bottom ? area.top - 1 : area.top;
    if (from >= 0) this.set(({ row, column }) => (this.model.columns[column].name === "id" ? this.model.cell(row, column) : this.model.cell(from, column)));
    this.go(active, true);
  }

  /** Deletes the selected rows, unless other rows refer to them. */
  async deleteRows() {
    this.commit();
    const { top, bottom } = this.view.area, ids = this.model.rows.slice(top, bottom + 1).map(({ id }) => id);
    await this.parts.deleteRows(this.model.table, ids);
  }

  /** Copies the selected cells to the clipboard, and empties them if `isCut`. @param {ClipboardEvent} event @param {boolean} isCut */
  copy(event, isCut) {
    if (this.editing || !event.clipboardData) return;
    const { top, bottom, left, right } = this.view.area;
    const texts = Array.from({ length: bottom - top + 1 }, (_, down) => Array.from({ length: right - left + 1 }, (_cell, across) => this.model.shown(top + down, left + across)));
    event.clipboardData.setData("text/plain", writeTabSeparated(texts));
    event.preventDefault();
    if (isCut) this.set(() => "");
  }

  /** Pastes cells from the clipboard, from the first selected cell on. @param {ClipboardEvent} event */
  paste(event) {
    const text = event.clipboardData?.getData("text/plain") || "", { area, anchor, active } = this.view;
    if (this.editing || !text) return;
    event.preventDefault();
    const texts = readTabSeparated(text), isOne = texts.length === 1 && texts[0].length === 1;
    if (isOne && (anchor.row !== active.row || anchor.column !== active.column)) this.set(() => texts[0][0]); // one cell fills all that are selected
    else this.parts.say(this.parts.language.t("grid.pasted", { count: this.model.edit(this.model.pasted(area.top, area.left, texts)) }));
  }

  /** Replaces an ambiguous name in the active row by the id that the reader has chosen. @param {ToldFault} fault @param {string} id */
  settle(fault, id) {
    const { active } = this.view, column = this.model.columns.findIndex(({ name }) => name === fault.column);
    if (column >= 0) this.model.edit([{ row: active.row, column, value: replaced(this.model.cell(active.row, column), fault.value || "", id) }]);
    this.go({ row: active.row, column: Math.max(0, column) });
  }
}
