/* Fields of the form: one for each column, by its type. */

import { buttonOf, el, listen } from "../app/base/dom.js";

const LONG = ["description", "description_en", "status_note", "note", "locator", "address"];
const LISTS = ["texts", "ids"];

/** @typedef {{ name: string, type: string, vocab: string, required: boolean, headers: string[], refers: string[] }} FieldColumn */
/** @typedef {{ node: HTMLElement, get: () => string, set: (cell: string) => void, focus: () => void, told: (faults: ToldFault[]) => void }} Field */
/** @typedef {{ language: Language, optionsOf: (refers: string[]) => string, nameOf: (id: string) => string, changed: () => void }} FieldParts */

/** Label of a column. @param {Language} language @param {FieldColumn} column */
export const labelOf = (language, { name, headers }) => (language.now === "zh" ? headers[0] || name : name.replaceAll("_", " "));

/**
 * The list of a vocabulary's words; a word that it does not have stays.
 *
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @param {Props} props
 */
function wordField({ language }, { vocab }, props) {
  const select = el("select", props), values = Object.keys(language.vocab[vocab] || {});
  /** @param {string} cell */
  function set(cell) {
    const all = ["", ...values, ...(cell && !values.includes(cell) ? [cell] : [])];
    select.replaceChildren(...all.map((value) => el("option", { value }, value ? language.word(vocab, value) : "—")));
    select.value = cell;
  }
  return { input: select, extra: null, get: () => select.value, set };
}

/**
 * A list of texts or references: each with a button that takes it away, and a field to add one.
 *
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @param {Props} props
 */
function listField({ language, optionsOf, nameOf, changed }, column, props) {
  const { t } = language, input = el("input", { ...props, list: column.type === "ids" ? optionsOf(column.refers) : null }), chips = el("ul", { class: "qj-plain qj-editor-chips" });
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
    if (!more.length) return;
    items = [...items, ...more];
    input.value = "";
    draw();
    changed();
  }
  listen(input, "change", take);
  listen(input, "keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
  return { input, extra: chips, get: () => [...items, ...input.value.split("|").map((item) => item.trim()).filter(Boolean)].join("|"), set: (/** @type {string} */ cell) => { items = cell ? cell.split("|") : []; input.value = ""; draw(); } };
}

/** @param {FieldParts} parts @param {FieldColumn} column @param {Props} props */
function textField({ optionsOf }, { name, type, refers }, props) {
  const isLong = LONG.includes(name);
  const input = isLong ? el("textarea", { ...props, rows: 2 }) : el("input", { ...props, list: type === "id" && name !== "id" ? optionsOf(refers) : null, autocomplete: "off" });
  return { input, extra: null, get: () => input.value, set: (/** @type {string} */ cell) => { input.value = cell; } };
}

/**
 * @param {FieldParts} parts
 * @param {FieldColumn} column
 * @returns {Field}
 */
export function makeField(parts, column) {
  const { language, changed } = parts, id = "qj-edit-" + column.name, remarks = el("div", { id: id + "-told", class: "qj-editor-told" });
  const props = { id, "aria-describedby": id + "-told", required: column.required };
  const made = column.vocab ? wordField(parts, column, props) : LISTS.includes(column.type) ? listField(parts, column, props) : textField(parts, column, props);
  listen(/** @type {HTMLElement} */ (made.input), "input", changed);
  const label = el("label", { for: id }, labelOf(language, column), column.required ? el("span", { class: "qj-quiet" }, " *") : null);
  return {
    node: el("div", { class: "qj-editor-field" }, label, made.extra, made.input, remarks), get: made.get, set: made.set,
    focus: () => made.input.focus(),
    told(faults) {
      made.input.setAttribute("aria-invalid", String(faults.some(({ severity }) => severity === "fault")));
      remarks.replaceChildren(...faults.map((fault) => el("p", { class: "qj-fault", "data-severity": fault.severity || "fault" }, fault.told[language.now].message, " ", el("span", { class: "qj-quiet" }, fault.told[language.now].cure))));
    },
  };
}
