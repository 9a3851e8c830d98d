/* Formats numbers, money, dates and positions in the page's language. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Returns a number with separated thousands and all of its decimals.
 *
 * @param {number} value
 */
export function grouped(value) {
  const [whole, part] = String(value).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
}

/**
 * Returns a number with up to six decimals and separated thousands, rounded to 12 significant digits, so that 5.1 * 1e8 shows no binary
 * rounding error. (Intl.NumberFormat is not used, because creating one costs about 7 % of the time within which the page must be ready.)
 *
 * @param {number | string} value
 */
const number = (value) => grouped(Number(Number(Number(value).toPrecision(12)).toFixed(6)));

/** Returns whether a value is a finite number or a text of one. @param {unknown} value */
const isNumber = (value) => value !== "" && value !== null && value !== undefined && Number.isFinite(Number(value));

/**
 * Returns an uncertainty as text: "±200 m", "±25 km".
 *
 * @param {number} metres
 */
const radius = (metres) =>
  "±" + (metres >= 1000 ? number(Math.round(metres / 100) / 10) + "\u00a0km" : number(Math.round(metres)) + "\u00a0m");

/**
 * Returns a position as text, "29.339°N, 104.773°E", with as many decimals as its uncertainty allows.
 *
 * @param {number} lon degrees
 * @param {number} lat degrees
 * @param {number} metres the uncertainty
 */
function position(lon, lat, metres) {
  const digits = metres > 5000 ? 2 : metres > 500 ? 3 : metres > 50 ? 4 : 5;
  return Math.abs(lat).toFixed(digits) + "°" + (lat < 0 ? "S" : "N") + ", " +
    Math.abs(lon).toFixed(digits) + "°" + (lon < 0 ? "W" : "E");
}

/**
 * Returns a function that writes numbers of rows as RowFilter.numbers gives them: 78, or 12 / 78; on a page of two editions 78 · 3 withdrawn.
 * Its parameter `whole` is whether to write the total too; by default only if some rows are not shown.
 *
 * @param {Language} language
 * @param {(value: number) => string} number
 */
const rowWords = ({ t }, number) => (/** @type {{ shown: number, total: number, withdrawn: number }} */ { shown, total, withdrawn }, whole = shown !== total) => {
  const text = whole ? t("list.count", { shown: number(shown), total: number(total) }) : number(shown);
  return withdrawn ? t("edition_change.apart", { text, count: number(withdrawn) }) : text;
};

/** Makes the functions that format values in the present language. @param {Language} language */
export function makeFormat(language) {
  const { t, word } = language;
  const zh = () => language.now === "zh";

  /**
   * Returns an amount of money as text: 500万元 / CNY 5 million.
   *
   * @param {number | string} value yuan
   */
  function money(value) {
    const amount = Number(value);
    const size = Math.abs(amount);
    if (zh()) {
      if (size >= 1e8) return number(amount / 1e8) + "亿元";
      if (size >= 1e4) return number(amount / 1e4) + "万元";
      return number(amount) + "元";
    }
    if (size >= 1e9) return "CNY " + number(amount / 1e9) + " billion";
    if (size >= 1e6) return "CNY " + number(amount / 1e6) + " million";
    return "CNY " + number(amount);
  }

  /** Returns a text after its qualifier in words ("at least CNY 5 million"); the text alone for "=" or none. @param {string} text @param {string} [qualifier] */
  function qualified(text, qualifier) {
    if (!qualifier || qualifier === "=") return text;
    const words = word("qualifier", qualifier);
    return zh() ? words + text : words + " " + text;
  }

  /**
   * Returns a number as text, with a word for its magnitude if at most two decimals are left then: 4000万 / 40 million.
   *
   * @param {number | string} value
   */
  function large(value) {
    const amount = Number(value);
    /** @type {[number, string][]} */
    const steps = zh() ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, " billion"], [1e6, " million"]];
    const step = steps.find(([size]) => Math.abs(amount) >= size && Number.isInteger(amount / (size / 100)));
    return step ? number(amount / step[0]) + step[1] : number(amount);
  }

  /** Returns the second part of a compound unit as text, such as "per year". @param {string} per the unit after the slash */
  const each = (per) => (language.has("per." + per) ? t("per." + per) : "/" + per);

  /**
   * Returns a value with its unit and qualifier as text: 40 million t/a, at least CNY 5 million. A value that is no number is returned as a
   * text, "" for an empty one.
   *
   * @param {number | string} value
   * @param {string} [unit] any unit, such as "t", "t/a", "%" or "CNY/a"; amounts in CNY, 元, 万元 and 亿元 are written as `money` writes them
   * @param {string} [qualifier] such as ">="; see `qualified`
   */
  function quantity(value, unit, qualifier) {
    if (!isNumber(value)) return String(value || "");
    unit = unit || "";
    const yuan = { CNY: 1, cny: 1, "元": 1, "万元": 1e4, "亿元": 1e8 }[unit];
    if (yuan) return qualified(money(Number(value) * yuan), qualifier);
    const [what, per] = unit.split("/");
    if (what === "CNY" && per) return qualified(money(value) + each(per), qualifier);
    if (!unit) return qualified(large(value), qualifier);
    if (unit === "%") return qualified(number(value) + "%", qualifier);
    const named = language.has("unit." + what) ? t("unit." + what) : what;
    const text = large(value) + (named && !zh() ? "\u00a0" : "") + (zh() && /^[a-z]/i.test(named) ? " " : "") + named;
    return qualified(per ? text + each(per) : text, qualifier);
  }

  /** Returns a date (year, year and month, or year, month and day) as text; any other text as it is. @param {string} text */
  function oneDate(text) {
    const parts = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text);
    if (!parts) return text;
    const [, year, month, day] = parts;
    if (zh()) return year + "年" + (month ? Number(month) + "月" : "") + (day ? Number(day) + "日" : "");
    return (day ? Number(day) + " " : "") + (month ? (MONTHS[Number(month) - 1] || month) + " " : "") + year;
  }

  /**
   * Returns an ISO 8601 date as text; it may stop at the year or month, and "a/b" is an interval.
   *
   * @param {string} text
   */
  const date = (text) => (text ? String(text).split("/").map(oneDate).join(" – ") : "");

  /** Returns a period as text; start or end or both may be "". @param {string} start ISO 8601 date @param {string} end */
  function span(start, end) {
    if (start && end) return start === end ? date(start) : date(start) + " – " + date(end);
    if (start) return t("date.from", { date: date(start) });
    return end ? t("date.until", { date: date(end) }) : "";
  }

  /**
   * Returns names in one text, separated by the Chinese list comma or the English comma.
   *
   * @param {string[]} names
   */
  const list = (names) => names.join(zh() ? "、" : ", ");
  /**
   * Returns the locator of a fact in its source in the page's language: on an English page 第3、5段, 全文 and 标题 are translated, and Chinese
   * punctuation is replaced; all other words stay.
   *
   * @param {string} text
   */
  const locator = (text) => (zh() ? text : text.replace(/第([\d、，,–—-]+)([段节章条页款])/g, (_, at, unit) => t("locator." + unit, { at: at.replace(/[、，]/g, ", ") }))
    .replace(/全文|标题/g, (word) => t("locator." + word)).replace(/[、，；]/g, ", ").replace(/（/g, " (").replace(/）/g, ")"));
  /** Returns a text in the brackets of the page's language. @param {string} text */
  const aside = (text) => (zh() ? "（" + text + "）" : " (" + text + ")");

  /**
   * Returns a number of rows followed by the number of drafts, which the first number does not include: 78 + 3 草稿.
   *
   * @param {string} text the number of rows as text
   * @param {number} drafts 0 adds nothing
   */
  const beside = (text, drafts) => (drafts ? t("draft.beside", { text, drafts: number(drafts) }) : text);

  return { beside, rows: rowWords(language, number), locator, number, money, qualified, quantity, date, span, radius, position, list, aside, isNumber };
}
