/* Columns of the tables that the program does not define: their labels and values in words, and the classes they are filtered by. */

import { elIn, outwardLink } from "./dom.js";
import { grouped } from "./format.js";

/** @typedef {ReturnType<typeof makeOwnColumns>} OwnColumns */

/**
 * A date as it was typed, in the form of ISO 8601: 2019年5月6日, 2019/5/6 and 2019.5.6 alike.
 *
 * @param {string} text
 */
export const isoDate = (text) => (String(text).match(/\d+/g) || []).join("-");

/**
 * Whether a value lies in a class "from/to", either of which may be empty, or is the class itself.
 *
 * @param {string} value
 * @param {string} name
 */
function isIn(value, name) {
  const [from, to] = name.split("/");
  return to === undefined ? Number(value) === Number(name) : (from === "" || Number(value) >= Number(from)) && (to === "" || Number(value) < Number(to));
}

/** @param {{ meta: Pick<Meta, "own" | "facets">, language: Language, store: Store, format: Format, forms?: ColumnForms }} parts `forms` by the kinds that it does not know */
export function makeOwnColumns({ meta, language, store, format, forms = {} }) {
  /** @param {string} text @param {string} unit */
  const withUnit = (text, unit) => text + (unit && !/^[%‰℃°\u3400-\u9fff]/.test(unit) ? "\u00a0" : "") + unit;

  /** @param {Ref} r @param {OwnColumn} column */
  function text(r, { name, kind, unit }) {
    const value = store.get(r, name);
    if (forms[kind]) return forms[kind].text(value);
    if (kind === "number" && format.isNumber(value)) return withUnit(grouped(Number(value)), unit);
    return kind === "date" ? format.date(isoDate(value)) : String(value);
  }

  return {
    text, forms,
    /** Facets that are no columns, by table; null on the page of an atlas. */
    facets: meta.facets || null,
    /** Those of a table in the order in which they are shown. @param {string} table @returns {OwnColumn[]} */
    of: (table) => meta.own?.[table] || [],
    /** @param {OwnColumn} column */
    label: ({ label, name }) => language.pick(label, name),
    /** The value as it stands in the panel; null for none. @param {Ref} r @param {OwnColumn} column */
    node(r, column) {
      const value = text(r, column);
      if (column.kind !== "link" || !/^(https?:\/\/|www\.)[^\s<>"]+$/i.test(value)) return value ? elIn("span", { class: "qj-own" }, value) : null;
      return outwardLink(/^www/i.test(value) ? "http://" + value : value, value);
    },
    /** A class of the filter in words: 2019, 100 – 500. @param {OwnColumn} column @param {string} value */
    words({ kind, unit }, value) {
      if (forms[kind]) return forms[kind].words(value);
      if (kind === "date") return format.date(value);
      if (kind !== "number") return value;
      const [from, to] = value.split("/").map((end) => end && grouped(Number(end)));
      return withUnit(to === undefined ? from : !from ? "< " + to : to ? from + " – " + to : "≥ " + from, unit);
    },
    /** The class of a value among some. @param {OwnColumn} column @param {string} value @param {string[]} classes */
    classOf({ kind }, value, classes) {
      if (kind === "date") return value.trim().slice(0, 4);
      return kind === "number" && value !== "" ? classes.find((name) => name && isIn(value, name)) || "" : value;
    },
  };
}
