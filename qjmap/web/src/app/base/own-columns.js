/* Own columns, which the schema does not define: their labels, the texts of their values, and the classes by which they are filtered. */

import { elIn, outwardLink } from "./dom.js";
import { grouped } from "./format.js";

/** @typedef {ReturnType<typeof makeOwnColumns>} OwnColumns */

/**
 * Returns the numbers of a typed date joined by hyphens: 2019年5月6日, 2019/5/6 and 2019.5.6 become 2019-5-6. No zeros are added.
 *
 * @param {string} text
 */
export const isoDate = (text) => (String(text).match(/\d+/g) || []).join("-");

/**
 * Returns whether a number belongs to a class: a range "from/to" that excludes `to`, of which either end may be empty, or a single number.
 *
 * @param {string} value the number
 * @param {string} name name of the class
 */
function isIn(value, name) {
  const [from, to] = name.split("/");
  return to === undefined ? Number(value) === Number(name) : (from === "" || Number(value) >= Number(from)) && (to === "" || Number(value) < Number(to));
}

/**
 * Makes the functions that read own columns.
 *
 * @param {{ meta: Pick<Meta, "own" | "facets">, language: Language, store: Store, format: Format, forms?: ColumnForms }} parts
 *   `forms` has the formats of the kinds of columns that only pages of frames have
 */
export function makeOwnColumns({ meta, language, store, format, forms = {} }) {
  /**
   * Returns a number with its unit; a blank separates them except before %, ° and Chinese units.
   *
   * @param {string} text
   * @param {string} unit
   */
  const withUnit = (text, unit) => text + (unit && !/^[%‰℃°\u3400-\u9fff]/.test(unit) ? "\u00a0" : "") + unit;

  /** Returns a cell as text in the present language. @param {Ref} r @param {OwnColumn} column */
  function text(r, { name, kind, unit }) {
    const value = store.get(r, name);
    if (forms[kind]) return forms[kind].text(value);
    if (kind === "number" && format.isNumber(value)) return withUnit(grouped(Number(value)), unit);
    return kind === "date" ? format.date(isoDate(value)) : String(value);
  }

  return {
    text, forms,
    /** Table -> facets that are no own columns, such as the classes of a map of frames; null on the page of an atlas. */
    facets: meta.facets || null,
    /** Returns the own columns of a table in display order. @param {string} table @returns {OwnColumn[]} */
    of: (table) => meta.own?.[table] || [],
    /** Returns the label of a column; its name if it has none. @param {OwnColumn} column */
    label: ({ label, name }) => language.pick(label, name),
    /** Returns a cell as an element for the panel, a web address as a link; null if it is empty. @param {Ref} r @param {OwnColumn} column */
    node(r, column) {
      const value = text(r, column);
      if (column.kind !== "link" || !/^(https?:\/\/|www\.)[^\s<>"]+$/i.test(value)) return value ? elIn("span", { class: "qj-own" }, value) : null;
      return outwardLink(/^www/i.test(value) ? "http://" + value : value, value);
    },
    /** Returns a class of the column's facet as text: 2019, 100 – 500. @param {OwnColumn} column @param {string} value name of the class */
    words({ kind, unit }, value) {
      if (forms[kind]) return forms[kind].words(value);
      if (kind === "date") return format.date(value);
      if (kind !== "number") return value;
      const [from, to] = value.split("/").map((end) => end && grouped(Number(end)));
      return withUnit(to === undefined ? from : !from ? "< " + to : to ? from + " – " + to : "≥ " + from, unit);
    },
    /** Returns the class of a value: its year, or the range of a number ("" if none fits), or the value itself. @param {OwnColumn} column @param {string} value @param {string[]} classes */
    classOf({ kind }, value, classes) {
      if (kind === "date") return value.trim().slice(0, 4);
      return kind === "number" && value !== "" ? classes.find((name) => name && isIn(value, name)) || "" : value;
    },
  };
}
