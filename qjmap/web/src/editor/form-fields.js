/* The fields of the form, one for each column by its type. Below a field are its faults, and the rows to which an ambiguous name may refer. */

import { makeReferenceBox } from "./reference-box.js";
import { buttonOf, el, listen } from "../app/base/dom.js";

const LONG = ["description", "description_en", "status_note", "note", "locator", "address"];
const LISTS = ["texts", "ids"];

/** @typedef {{ name: string, type: string, vocab: string, required: boolean, headers: string[], refers: string[] }} FieldColumn A column of a table, as `Column`. */
/** @typedef {{ node: HTMLElement, get: () => string, set: (cell: string) => void, focus: () => void, told: (faults: ToldFault[]) => void }} Field `get` and `set` its cell; `told` shows faults below it. */
/* In `FieldParts`, `find` returns the rows that a text in a column may mean, `nameOf` the name of the row with an id (the id itself if there is
 * none), `aroundOf` the name of the place in which it lies ("" for none); `changed` is called when the reader has changed a field. */
/** @typedef {{ language: Language, find: (column: FieldColumn, text: string) => Promise<import("./reference-box.js").Candidate[]>, nameOf: (id: string) => string, aroundOf: (id: string) => string, changed: () => void }} FieldParts */

/** Returns the label of a column in the language of the page. @param {Language} language @param {FieldColumn} column */
export const labelOf = (language, { name, headers }) => (language.now === "zh" ? headers[0] || name : name.replaceAll("_", " "));

/**
 * Makes a drop-down list with the words of a vocabulary; a present value that the vocabulary does not have is added to it.
 *
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @param {Props} props
 */
function wordField({ language }, { vocab }, props) {
  const select = el("select", props), values = Object.keys(language.vocab[vocab] || {});
  /** Sets the value. @param {string} cell */
  function set(cell) {
    const all = ["", ...values, ...(cell && !values.includes(cell) ? [cell] : [])];
    select.replaceChildren(...all.map((value) => el("option", { value }, value ? language.word(vocab, value) : "—")));
    select.value = cell;
  }
  return { input: select, get: () => select.value, set };
}

/**
 * Makes a field for a list of texts or references: each item has a button that removes it; an input adds items.
 *
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @param {Props} props
 */
function listField({ language, find, nameOf, changed }, column, props) {
  const { t } = language, input = el("input", { ...props, autocomplete: "off" }), chips = el("ul", { class: "qj-plain qj-editor-chips" });
  const box = column.type === "ids" ? makeReferenceBox(input, (text) => find(column, text), (id) => {
    input.value = id;
    take();
  }) : null;
  /** @type {string[]} */
  let items = [];
  function draw() {
    chips.replaceChildren(...items.map((item, at) => el("li", {}, column.type === "ids" ? nameOf(item) : item, buttonOf("qj-icon", "×", () => {
      items.splice(at, 1);
      draw();
      changed();
      input.focus();
    }, { "aria-label": t("editor.take_out", { name: nameOf(item) }) }))));
  }
  function take() {
    const more = input.value.split("|").map((item) => item.trim()).filter((item) => item && !items.includes(item));
    input.value = "";
    if (!more.length) return;
    items = [...items, ...more];
    draw();
    changed();
  }
  listen(input, "change", take);
  listen(input, "keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
  return { input, box, before: chips, get: () => [...items, ...input.value.split("|").map((item) => item.trim()).filter(Boolean)].join("|"), set: (/** @type {string} */ cell) => { items = cell ? cell.split("|") : []; input.value = ""; draw(); } };
}

/**
 * Makes a field for a text of one or more lines, or for a reference.
 *
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @param {Props} props
 */
function textField(parts, column, props) {
  const { name, type } = column;
  if (type === "id" && name !== "id") return referenceField(parts, column, props);
  const input = LONG.includes(name) ? el("textarea", { ...props, rows: 2 }) : el("input", { ...props, autocomplete: "off" });
  return { input, get: () => input.value, set: (/** @type {string} */ cell) => { input.value = cell; } };
}

/**
 * Makes a field for a reference to one row. The name of the row is shown below its id.
 *
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @param {Props} props
 */
function referenceField({ find, nameOf, changed }, column, props) {
  const input = el("input", props), name = el("p", { class: "qj-quiet qj-editor-meant" });
  const tell = () => {
    const id = input.value.trim(), meant = id ? nameOf(id) : "";
    name.textContent = meant === id ? "" : meant;
  };
  /** Sets the id, and shows the name of its row. @param {string} cell */
  function set(cell) {
    input.value = cell;
    tell();
  }
  listen(input, "input", tell);
  const box = makeReferenceBox(input, (text) => find(column, text), (id) => {
    set(id);
    changed();
  });
  return { input, box, behind: name, get: () => input.value, set };
}

/**
 * Returns a cell (one name, or a list separated by |) with an id in place of an ambiguous name.
 *
 * @param {string} cell
 * @param {string} name
 * @param {string} id
 */
export const replaced = (cell, name, id) => cell.split("|").map((item) => (item.trim() === name ? id : item)).join("|");

/**
 * Makes the element with a button for each row to which an ambiguous name may refer; null if there are none.
 *
 * @param {Pick<FieldParts, "nameOf" | "aroundOf">} parts
 * @param {ToldFault} fault
 * @param {(id: string) => void} choose
 */
export function choiceButtons({ nameOf, aroundOf }, { choices }, choose) {
  if (!choices || !choices.length) return null;
  return el("span", { class: "qj-actions qj-editor-choices" }, choices.map((id) => buttonOf("qj-action", [nameOf(id), " ", el("span", { class: "qj-quiet" }, [aroundOf(id), id].filter(Boolean).join(" · "))], () => choose(id), { "data-choice": id })));
}

/**
 * Makes the field of a column, with label and messages.
 *
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @returns {Field}
 */
export function makeField(parts, column) {
  const { language, changed } = parts, id = "qj-edit-" + column.name, remarks = el("div", { id: id + "-told", class: "qj-editor-told" });
  const props = { id, "aria-describedby": id + "-told", required: column.required };
  /** @type {{ input: HTMLElement, box?: HTMLElement | null, before?: Child, behind?: Child, get: () => string, set: (cell: string) => void }} */
  const made = column.vocab ? wordField(parts, column, props) : LISTS.includes(column.type) ? listField(parts, column, props) : textField(parts, column, props);
  listen(made.input, "input", changed);
  const label = el("label", { for: id }, labelOf(language, column), column.required ? el("span", { class: "qj-quiet" }, " *") : null);
  return {
    node: el("div", { class: "qj-editor-field" }, label, made.before, made.box || made.input, made.behind, remarks), get: made.get, set: made.set,
    focus: () => made.input.focus(),
    told(faults) {
      made.input.setAttribute("aria-invalid", String(faults.some(({ severity }) => severity === "fault")));
      remarks.replaceChildren(...faults.map((fault) => el("p", { class: "qj-fault", "data-severity": fault.severity || "fault" }, fault.told[language.now].message, " ", el("span", { class: "qj-quiet" }, fault.told[language.now].cure),
        choiceButtons(parts, fault, (id) => {
          made.set(replaced(made.get(), fault.value || "", id));
          made.input.focus();
          changed();
        }))));
    },
  };
}
