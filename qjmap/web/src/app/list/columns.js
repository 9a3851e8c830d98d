/* Columns of the list view, by table, as the page's data describe them (`TableView.list`).
 *
 * A column (`ListColumn`) is sorted by the texts of a coded column (`coded`), by a number (`value`, -Infinity for none), by text columns of the
 * search index (`sorted`), or else by its text. `wide` columns take more room; a column with `from` is shown only in a window of at least that
 * many px; `needs` are the columns of the table that are read to sort it.
 */

import { isoDate } from "../base/own-columns.js";

/**
 * Returns the sort key of a date: 2020-09 comes between 2020 and 2020-10; -Infinity for a text that does not begin with four digits.
 *
 * @param {string} text
 */
const dateNumber = (text) => {
  const parts = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?/.exec(text);
  return parts ? Number(parts[1]) * 10000 + Number(parts[2] || 0) * 100 + Number(parts[3] || 0) : -Infinity;
};

/** @typedef {Partial<ListColumn>} Options Some of the fields of a column. */

const OWN_FROM = 1200; // minimum width of the window in px for the first own column to be shown
const OWN_WIDTH = 150; // additional px for each further own column
const OWN_MOST = 3; // maximum number of own columns that are shown until the reader chooses others

/**
 * Makes the list column of an own column.
 *
 * @param {OwnColumns} own
 * @param {Store} store
 * @param {OwnColumn} column
 * @param {number} place index of the column among the own columns of the table
 * @returns {ListColumn}
 */
function ownColumn(own, store, column, place) {
  const { name, kind } = column, form = own.forms[kind], from = place < OWN_MOST ? OWN_FROM + place * OWN_WIDTH : Infinity;
  const shape = { key: "own." + name, title: () => own.label(column), text: (/** @type {Ref} */ r) => own.text(r, column), needs: [name], from };
  /** Returns the cell as a number; -Infinity for anything else. @param {Ref} r */
  const value = (r) => { const cell = store.get(r, name); return cell === "" || Number.isNaN(Number(cell)) ? -Infinity : Number(cell); };
  if (form) return { ...shape, ...form.list(column, (r) => store.get(r, name)) };
  if (kind === "number") return { ...shape, number: true, value };
  return kind === "date" ? { ...shape, value: (r) => dateNumber(isoDate(store.get(r, name))) } : { ...shape, coded: name };
}

/**
 * Returns form of the cells (`ListedColumn.form`) -> function that makes the column.
 *
 * @param {{ language: Language, store: Store, format: Format }} parts
 * @returns {Record<string, (column: ListedColumn) => Partial<ListColumn> & { text: (r: Ref) => string }>}
 */
function makeForms({ language, store, format }) {
  const { t, word, half } = language;
  /** Returns a cell as text. @param {string} name @param {Ref} r */
  const cell = (name, r) => String(store.get(r, name));
  /** Returns the names of the rows to which a cell refers. @param {string} name @param {Ref} r */
  const refs = (name, r) => format.list(store.list(r, name).map((id) => store.nameOfId(id)));
  /** Makes a column that is sorted as numbers. @param {string} name @param {(r: Ref) => string} text */
  const numeric = (name, text) => ({
    text, number: true, value: (/** @type {Ref} */ r) => (format.isNumber(store.get(r, name)) ? Number(store.get(r, name)) : -Infinity),
  });
  /** Returns the amount of money of a row with its qualifier; "" without one. @param {Ref} r */
  const money = (r) => (format.isNumber(store.get(r, "value_cny")) ? format.qualified(format.money(store.get(r, "value_cny")), store.get(r, "value_qualifier")) : "");
  return {
    name: () => ({ text: store.name, get sorted() { return language.now === "zh" ? ["name"] : ["name_en", "name"]; } }),
    text: ({ name }) => ({ text: (r) => half(cell(name, r)) }),
    texts: ({ name }) => ({ text: (r) => format.list(store.list(r, name)) }),
    word: ({ name, vocab = "" }) => ({ text: (r) => store.valueWords(r, name, vocab) }),
    status: ({ name }) => ({ text: store.status, coded: name }),
    level: ({ name }) => ({ text: (r) => word("precision", store.get(r, "level") || store.get(r, "precision")), coded: name, key: "precision" }),
    refs: ({ name }) => ({ text: (r) => refs(name, r) }),
    source: ({ name }) => ({ text: (r) => refs(name, r) || t("source.none"), coded: name }),
    date: ({ name }) => ({ text: (r) => format.date(store.get(r, name)), value: (r) => dateNumber(cell(name, r)), needs: [name] }),
    number: ({ name }) => numeric(name, (r) => cell(name, r)),
    count: ({ name }) => numeric(name, (r) => format.number(Number(store.get(r, name)))),
    money: ({ name }) => numeric(name, money),
    quantity: ({ name }) => numeric(name, (r) => format.quantity(store.get(r, name), store.get(r, "unit"), store.get(r, "qualifier"))),
  };
}

/**
 * Returns table -> columns of its list: those that the page's data describe, then the own columns.
 *
 * @param {{ language: Language, store: Store, format: Format, own: OwnColumns }} parts
 * @returns {Record<string, ListColumn[]>}
 */
export function listColumns({ language, store, format, own }) {
  const forms = makeForms({ language, store, format });
  /** Makes a column from its description. @param {ListedColumn} listed @returns {ListColumn} */
  function column(listed) {
    const { name, form, coded, wide, from, sorted } = listed, made = { key: name, ...(coded ? { coded: name } : {}), wide, from };
    const whole = Object.defineProperties(made, Object.getOwnPropertyDescriptors(forms[form](listed)));
    return /** @type {ListColumn} */ (sorted === undefined ? whole : Object.defineProperty(whole, "sorted", { value: sorted }));
  }
  return Object.fromEntries(store.tables.map((table) => [table, [
    ...(store.views.get(table)?.list || [{ name: "name", form: "name", wide: true }]).map(column),
    ...own.of(table).filter(({ title }) => !title).map((one, place) => ownColumn(own, store, one, place)),
  ]]));
}
