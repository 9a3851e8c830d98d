/* Columns of the list view, by table.
 *
 * A column is sorted by a coded column (`coded`), by text columns of the search index (`sorted`), by a number (`value`, -Infinity for none),
 * or else by its text. `wide` columns take more room; a column with `from` is shown only in a window of at least that many px; `needs` are
 * the columns that are read to sort it.
 */

import { isoDate } from "../base/own-columns.js";

/**
 * Sort key of a date: 2020-09 comes between 2020 and 2020-10.
 *
 * @param {string} text
 */
const dateNumber = (text) => {
  const parts = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?/.exec(text);
  return parts ? Number(parts[1]) * 10000 + Number(parts[2] || 0) * 100 + Number(parts[3] || 0) : -Infinity;
};

/** @typedef {Partial<ListColumn>} Options */

const OWN_FROM = 1200; // minimum width of the window in px for the first column that the schema does not define,
const OWN_WIDTH = 150; // and additional px for each further one
const OWN_MOST = 3; // maximum number of such columns that are shown until the reader chooses others

/**
 * A column that the schema does not define.
 *
 * @param {OwnColumns} own
 * @param {Store} store
 * @param {OwnColumn} column
 * @param {number} place
 * @returns {ListColumn}
 */
function ownColumn(own, store, column, place) {
  const { name, kind } = column, form = own.forms[kind], from = place < OWN_MOST ? OWN_FROM + place * OWN_WIDTH : Infinity;
  const shape = { key: "own." + name, title: () => own.label(column), text: (/** @type {Ref} */ r) => own.text(r, column), needs: [name], from };
  /** @param {Ref} r */
  const value = (r) => { const cell = store.get(r, name); return cell === "" || Number.isNaN(Number(cell)) ? -Infinity : Number(cell); };
  if (form) return { ...shape, ...form.list(column, (r) => store.get(r, name)) };
  if (kind === "number") return { ...shape, number: true, value };
  return kind === "date" ? { ...shape, value: (r) => dateNumber(isoDate(store.get(r, name))) } : { ...shape, coded: name };
}

/**
 * @param {{ language: Language, store: Store, format: Format, own: OwnColumns }} parts
 * @returns {Record<string, ListColumn[]>}
 */
export function listColumns({ language, store, format, own }) {
  const { t, word } = language;
  /** @param {string} key @param {(r: Ref) => string} text @param {Options} [options] @returns {ListColumn} */
  const column = (key, text, options) => ({ key, text, ...options });
  /** A column with the names of the rows to which it refers. @param {string} key @param {Options} [options] */
  const names = (key, options) => column(key, (r) => format.list(store.list(r, key).map((id) => store.nameOfId(id))), options);
  /** @param {string} key @param {Options} [options] */
  const plain = (key, options) => column(key, (r) => String(store.get(r, key)), options);
  /** @param {string} key @param {string} group */
  const vocabulary = (key, group) => column(key, (r) => store.valueWords(r, key, group), { coded: key });
  /** @param {string} key @param {(r: Ref) => string} [text] */
  const numeric = (key, text = (r) => String(store.get(r, key))) => column(key, text, {
    number: true, value: (r) => (format.isNumber(store.get(r, key)) ? Number(store.get(r, key)) : -Infinity),
  });
  /** @param {string} key @param {Options} [options] */
  const dated = (key, options) => column(key, (r) => format.date(store.get(r, key)), { value: (r) => dateNumber(String(store.get(r, key))), needs: [key], ...options });
  /** @param {Ref} r */
  const money = (r) => (format.isNumber(store.get(r, "value_cny"))
    ? format.qualified(format.money(store.get(r, "value_cny")), store.get(r, "value_qualifier")) : "");

  const name = column("name", store.name, { wide: true }), unsorted = { ...name, sorted: null };
  Object.defineProperty(name, "sorted", { get: () => (language.now === "zh" ? ["name"] : ["name_en", "name"]) });
  const source = column("source", (r) => names("source").text(r) || t("source.none"), { coded: "source" });
  const status = column("status", store.status, { coded: "status" });
  const level = column("precision", (r) => word("precision", store.get(r, "level") || store.get(r, "precision")), { coded: "level" });
  const aliases = column("aliases", (r) => format.list(store.list(r, "aliases")), { from: 1900, sorted: ["aliases"] });
  const end = dated("end", { from: 1500 });

  /** @type {Record<string, ListColumn[]>} */
  const defined = {
    places: [name, vocabulary("kind", "place_kind"), names("parent", { coded: "parent" }), plain("adcode", { from: 1200, sorted: ["adcode"] }),
      { ...aliases, from: 1200 }, level, source],
    sites: [name, vocabulary("category", "category"), status, names("place", { coded: "place" }),
      plain("address", { from: 1200, sorted: ["address"] }), dated("start", { from: 1200 }), end, aliases, level, source],
    partnerships: [name, vocabulary("kind", "partnership_kind"), status, names("parties", { wide: true }),
      dated("start"), end, numeric("value_cny", money), aliases, source],
    corridors: [name, status, names("area"), dated("start", { from: 1200 }), { ...aliases, from: 1200 }, source],
    corridor_legs: [unsorted, names("corridor"), numeric("seq"), vocabulary("mode", "mode"), status, numeric("published_km"), source],
    indicators: [name, names("subject"), vocabulary("kind", "indicator_kind"),
      numeric("value", (r) => format.quantity(store.get(r, "value"), store.get(r, "unit"), store.get(r, "qualifier"))), dated("period"), source],
    districts: [unsorted, numeric("rows", (r) => format.number(Number(store.get(r, "rows"))))],
    sources: [{ ...name, sorted: ["name"] }, plain("publisher"), dated("published"), plain("licence"), plain("url")],
  };
  return Object.fromEntries(store.tables.map((table) => [
    table, [...(defined[table] || [name]), ...own.of(table).filter(({ title }) => !title).map((column, place) => ownColumn(own, store, column, place))]]));
}
