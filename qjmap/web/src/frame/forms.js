/* How cells of frames are written: numbers beyond what JavaScript holds, booleans, times, words in their order, lists. */

const EMPTY = "\u001a"; // stands for an empty text, as qjmap/frames/cells.py has it

const DIGITS = 12; // significant digits of a number on the screen; files have all
const FIRST = 350, EACH = 140, MOST = 10; // px of a window for the first column of the list and each more, and how many at most

/** Px of a window from which the list shows a column, by its place in the name. @param {string} name */
const roomFor = (name) => { const place = Number(name.slice(1)); return place < MOST ? FIRST + place * EACH : Infinity; };

/** @param {string} text */
const grouped = (text) => {
  const [, sign, whole, rest] = /^([+-]?)(\d+)(.*)$/.exec(text) || [];
  return whole ? sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + rest : text;
};

/** @param {unknown} value */
const numberOf = (value) => {
  const number = value === "" ? NaN : Number(String(value).replace(/inf$/, "Infinity"));
  return Number.isNaN(number) ? -Infinity : number === -Infinity ? -Number.MAX_VALUE : number;
};

/** @param {unknown} value */
const moment = (value) => {
  const time = Date.parse(String(value).replace(" ", "T"));
  return Number.isNaN(time) ? -Infinity : time;
};

/** @param {{ language: Language, format: Format }} parts @returns {ColumnForms} */
export function forms({ language, format }) {
  const { t } = language;
  /** @param {unknown} value */
  const word = (value) => (value === EMPTY ? t("explore.empty") : String(value));
  const ends = (/** @type {string} */ value) => {
    const [from, to] = value.split("/");
    return to === undefined ? grouped(from) : !from ? "< " + grouped(to) : to ? grouped(from) + " – " + grouped(to) : "≥ " + grouped(from);
  };
  /** @param {(value: unknown) => number} value @param {boolean} [number] @returns {ColumnForm["list"]} */
  const sortedBy = (value, number) => ({ name }, read) => ({ number, from: roomFor(name), value: (r) => value(read(r)) });
  /** In the order of the words where they have one, else as texts. @type {ColumnForm["list"]} */
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
