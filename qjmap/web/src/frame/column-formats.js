/* Formats of the columns of frames by kind of cell: how cells are written, sorted and filtered. Kinds are described in qjmap/frames/convert_columns.py. */

const EMPTY = "\u001a"; // stands for an empty text, as in qjmap/frames/convert_columns.py; "" is a missing cell

const DIGITS = 12; // significant digits of a number on the screen; exported files have all
const FIRST = 350, EACH = 140, MOST = 10; // px of window width for the first column of the list and for each further one; maximum number of columns

/**
 * Returns the minimum window width (px) at which the list shows a column; Infinity for never. Its name has its place: "c3" has place 3.
 *
 * @param {string} name
 */
const roomFor = (name) => { const place = Number(name.slice(1)); return place < MOST ? FIRST + place * EACH : Infinity; };

/** Separates the thousands of the number with which a text begins; returns any other text as it is. @param {string} text */
const grouped = (text) => {
  const [, sign, whole, rest] = /^([+-]?)(\d+)(.*)$/.exec(text) || [];
  return whole ? sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + rest : text;
};

/** Returns the sort key of a number, which may be written as text; a missing one (-Infinity) comes before -inf. @param {unknown} value */
const numberOf = (value) => {
  const number = value === "" ? NaN : Number(String(value).replace(/inf$/, "Infinity"));
  return Number.isNaN(number) ? -Infinity : number === -Infinity ? -Number.MAX_VALUE : number;
};

/** Returns the sort key of an ISO 8601 date or time: milliseconds since 1970; -Infinity if it is missing. @param {unknown} value */
const moment = (value) => {
  const time = Date.parse(String(value).replace(" ", "T"));
  return Number.isNaN(time) ? -Infinity : time;
};

/** Returns the formats by kind of column. @param {{ language: Language, format: Format }} parts @returns {ColumnForms} */
export function forms({ language, format }) {
  const { t } = language;
  /** Returns a cell as text; an empty text gets a word of its own. @param {unknown} value */
  const word = (value) => (value === EMPTY ? t("explore.empty") : String(value));
  // Returns a value of a facet as text: a bin "from/to", of which either end may be empty, or a single number.
  const ends = (/** @type {string} */ value) => {
    const [from, to] = value.split("/");
    return to === undefined ? grouped(from) : !from ? "< " + grouped(to) : to ? grouped(from) + " – " + grouped(to) : "≥ " + grouped(from);
  };
  /**
   * Returns the function that tells how the list shows and sorts a column: by a key of its cells.
   *
   * @param {(value: unknown) => number} value
   * @param {boolean} [number] whether the cells are numbers
   * @returns {ColumnForm["list"]}
   */
  const sortedBy = (value, number) => ({ name }, read) => ({ number, from: roomFor(name), value: (r) => value(read(r)) });
  /**
   * Returns how the list shows and sorts a column of words: by the order of its categories (any other value ranks lowest) if it has one,
   * else by the values as texts.
   *
   * @type {ColumnForm["list"]}
   */
  const sortedByWords = ({ name, order }, read) => {
    const rank = new Map((order || []).map((one, k) => [one, k]));
    return { from: roomFor(name), ...(order ? { value: (/** @type {Ref} */ r) => rank.get(String(read(r))) ?? -Infinity } : { coded: name }) };
  };
  /** @type {ColumnForm} */
  const texts = { text: word, words: word, list: ({ name }) => ({ from: roomFor(name) }) };
  return {
    text: texts,
    link: texts,
    number: { text: (value) => (value === "" ? "" : grouped(String(Number(Number(value).toPrecision(DIGITS))))), words: ends, list: sortedBy(numberOf, true) },
    exact: { text: (value) => grouped(String(value)), words: ends, list: sortedBy(numberOf, true) },
    bool: { text: (value) => (value === "" ? "" : t("explore." + value)), words: (value) => t("explore." + value), list: sortedByWords },
    date: { text: (value) => format.date(String(value)), words: format.date, list: sortedBy(moment) },
    time: { text: String, words: format.date, list: sortedBy(moment) },
    word: { ...texts, list: sortedByWords },
    list: { ...texts, text: (value) => (Array.isArray(value) ? format.list(value.map(word)) : word(value)) },
  };
}
