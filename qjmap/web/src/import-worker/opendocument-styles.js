/* Number styles of OpenDocument -> number formats; the twin of qjmap/tables/readers/ods_number_styles.py. They are first written as Excel's
 * format codes.
 */

import { parseFormat } from "./number-formats.js";

const DATE_PARTS = new Map(Object.entries({
  year: "yyyy", month: "m", day: "d", "day-of-week": "aaa", hours: "h", minutes: "mm", seconds: "ss", "am-pm": "AM/PM", era: "g", quarter: '"Q"',
}));
const STYLE = /^number:(?:number|date|time|percentage|currency|text|boolean)-style$/, TEXT = /^number:(?:embedded-)?text$/;
const MOST_PARENTS = 20, MOST_CONDITIONS = 3; // maximum number of ancestors of a cell style that are searched, and of conditions of a format

/** @typedef {import("./number-formats.js").NumberFormat} NumberFormat */
/** @typedef {{ code: string[], conditions: [condition: string, name: string][] }} NumberStyle Pieces of a format code; and the styles for numbers under conditions. */

/**
 * Parses an attribute that is a whole number, not negative; `missing` if it is missing or malformed.
 *
 * @param {string | undefined} text
 */
export const countOf = (text, missing = 1) => (/^\+?\d+$/.test(text || "") ? Number(text) : missing);

/**
 * Returns the code for a literal text. The percent sign of a percentage stays outside the quotes, since it multiplies.
 *
 * @param {string} text
 * @returns {string}
 */
function quoted(text, isPercentage = false) {
  const plain = text.replaceAll('"', ""), at = isPercentage ? plain.indexOf("%") : -1;
  if (at >= 0) return `${quoted(plain.slice(0, at))}%${quoted(plain.slice(at + 1))}`;
  return plain ? `"${plain}"` : "";
}

/**
 * Returns the code for the digits of a number. Each comma at its end divides by 1000, as a display factor of 1000 does.
 *
 * @param {import("./xml.js").Attributes} attributes
 */
function digitsOf(attributes) {
  const integers = Math.min(Math.max(countOf(attributes["number:min-integer-digits"], 0), 1), 100), decimals = Math.min(countOf(attributes["number:decimal-places"], 0), 30);
  const [factor] = (attributes["number:display-factor"] || "1").split("."), thousands = /^0*1(?:000)*$/.test(factor) && factor.length % 3 === 1 ? (factor.length - 1) / 3 : 0;
  return "0".repeat(integers) + (decimals ? "." + "0".repeat(decimals) : "") + ",".repeat(Math.min(thousands, 6));
}

/** Handlers of `parseXml` that read the styles of a document; `formatOf` returns the formats of its cell styles. */
export class NumberStyles {
  constructor() {
    this.hiddenTables = /** @type {Set<string>} */ (new Set()); // styles of worksheets that are hidden
    this.numberStyles = /** @type {Map<string, NumberStyle>} */ (new Map());
    this.numberStyleOf = /** @type {Map<string, string>} */ (new Map()); // cell style -> number style
    this.parentOf = /** @type {Map<string, string>} */ (new Map());
    this.formats = /** @type {Map<string, NumberFormat | null>} */ (new Map());
    this.name = ""; // of the style that is open
    this.current = /** @type {NumberStyle | null} */ (null);
    this.words = /** @type {string | null} */ (null); // content of the text element that is open
    this.isPercentage = this.isDuration = false;
    this.behind = 0; // number of digits behind an embedded text
  }

  /** Handles the start of an element. @param {string} name as written @param {import("./xml.js").Attributes} attributes */
  start(name, attributes) {
    if (STYLE.test(name)) {
      this.current = { code: [], conditions: [] };
      this.name = attributes["style:name"] || "";
      this.isPercentage = name === "number:percentage-style";
      this.isDuration = attributes["number:truncate-on-overflow"] === "false";
    } else if (name === "style:style") {
      this.name = attributes["style:name"] || "";
      if ("style:data-style-name" in attributes) this.numberStyleOf.set(this.name, attributes["style:data-style-name"]);
      this.parentOf.set(this.name, attributes["style:parent-style-name"] || "");
    } else if (name === "style:table-properties" && attributes["table:display"] === "false") this.hiddenTables.add(this.name);
    else if (this.current) this.addTo(this.current, name, attributes);
  }

  /**
   * Adds what an element shows to the code of a number style.
   *
   * @param {NumberStyle} style
   * @param {string} name
   * @param {import("./xml.js").Attributes} attributes
   */
  addTo({ code, conditions }, name, attributes) {
    const part = name.startsWith("number:") ? DATE_PARTS.get(name.slice(7)) : undefined;
    if (name === "style:map") {
      conditions.push([(attributes["style:condition"] || "").replaceAll("value()", "").replaceAll("!=", "<>"), attributes["style:apply-style-name"] || ""]);
    } else if (part) {
      code.push(this.isDuration ? `[${part}]` : part);
      this.isDuration = false;
    } else if (name === "number:number") code.push(digitsOf(attributes));
    else if (name === "number:scientific-number") code.push("0E+00");
    else if (name === "number:fraction") code.push("# ?/?");
    else if (TEXT.test(name)) {
      this.words = "";
      this.behind = countOf(attributes["number:position"], 0);
    }
  }

  /** Handles text. @param {string} text */
  text(text) { if (this.words !== null) this.words += text; }

  /** Handles the end of an element. @param {string} name as written */
  end(name) {
    if (TEXT.test(name)) {
      if (this.current && this.words !== null) {
        if (name === "number:text") this.current.code.push(quoted(this.words, this.isPercentage));
        else this.embed(this.current.code, this.words);
      }
      this.words = null;
    } else if (STYLE.test(name) && this.current) {
      this.numberStyles.set(this.name, this.current);
      this.current = null;
    }
  }

  /** Inserts a text between digits, `behind` digits before the point or the end. @param {string[]} code @param {string} text */
  embed(code, text) {
    const match = /^([0#]*)(\.[0#]*)?(,*)$/.exec(code[code.length - 1] || ""), whole = match ? match[0] : "";
    if (!match || whole.length <= this.behind) return;
    const [, integers, decimals = "", commas] = match, at = Math.max(integers.length - this.behind, 0);
    code[code.length - 1] = integers.slice(0, at) + quoted(text) + integers.slice(at) + decimals + commas;
  }

  /** Returns the format of a cell style, its own or an ancestor's; null if its cells show the plain number. @param {string} style */
  formatOf(style) {
    let format = this.formats.get(style), name = style;
    if (format !== undefined) return format;
    for (let depth = 0; name && !this.numberStyleOf.has(name) && depth < MOST_PARENTS; depth++) name = this.parentOf.get(name) || "";
    const found = this.numberStyles.get(this.numberStyleOf.get(name) || "");
    format = found ? this.parse(found) : null;
    this.formats.set(style, format);
    return format;
  }

  /** Parses the code of a style, with those that apply under conditions as sections before it. @param {NumberStyle} style */
  parse({ code, conditions }) {
    const sections = conditions.slice(0, MOST_CONDITIONS).flatMap(([condition, name]) => {
      const other = this.numberStyles.get(name);
      return other ? [`[${condition}]${other.code.join("")}`] : [];
    });
    return parseFormat([...sections, code.join("")].join(";"));
  }
}
