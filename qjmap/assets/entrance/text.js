/* Texts as comparisons see them, and faults as readers see them. The reader of tables in the page does what qjmap/tables does;
 * one file of cases, tests/tables/cases.json, holds both to the same. */
"use strict";

if (!self.window) self.window = self; // what the page and this worker share expects a window
const Entrance = {};

(function (E) {
  const SPACE = " \t\r\n\v\f\xa0\u3000\u200b\ufeff\u2002\u2003\u2009";
  // eslint-disable-next-line no-control-regex
  const NOT_ASCII = /[^\x00-\x7f]/, DIGIT = /\p{Nd}/u, OTHER_DIGIT = /(?![0-9])\p{Nd}/gu, ODD_NUMERAL = /(?:^|\P{L})\p{No}/u;
  const UNSEEN = /[\u200b-\u200f\u2060\ufeff]/g;
  const IGNORED = /[\s\x1c-\x1f\x85_\-‐-―·*:#'"\u200b-\u200f\ufeff]+/g;
  const SHOWN_CHARACTERS = 60, SHOWN_ITEMS = 12;

  /** The texts, vocabularies and tables of the program, as the page carries them. */
  E.begin = function (rules) {
    E.rules = rules;
    E.simpler = new Map(Array.from(rules.simpler[0], (sign, at) => [sign, Array.from(rules.simpler[1])[at]]));
  };

  const WHITE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/; // as Python's str.strip has it

  /** A text without what `isEdge` says of its first and last signs; by index, since /x+$/ tries every run of them to its end. */
  E.trimmed = function (text, isEdge) {
    let from = 0, to = text.length;
    while (from < to && isEdge(text[from])) from++;
    while (to > from && isEdge(text[to - 1])) to--;
    return text.slice(from, to);
  };

  E.isWhite = (sign) => WHITE.test(sign);
  E.clean = (text) => E.trimmed(text, (sign) => SPACE.includes(sign));
  E.strip = (text) => E.trimmed(text, E.isWhite);
  /** One space where there are several blanks, none at the ends. */
  E.singleSpaced = (text) => E.strip(text).replace(new RegExp(WHITE.source + "+", "g"), " ");

  /** NFKC of a text, with the decimal digits of every script as 0 to 9 and without invisible marks. Digits stand in tens, in their order. */
  E.plainDigits = function (text) {
    if (!NOT_ASCII.test(text)) return text;
    return text.normalize("NFKC").replaceAll("٫", ".").replaceAll("٬", ",").replace(UNSEEN, "").replace(OTHER_DIGIT, (sign) => {
      let first = sign.codePointAt(0);
      while (DIGIT.test(String.fromCodePoint(first - 1))) first--;
      return String((sign.codePointAt(0) - first) % 10);
    });
  };

  /** Whether a superscript, a fraction or a circled digit stands where NFKC would make it part of a number. */
  E.holdsOddNumeral = (text) => ODD_NUMERAL.test(text);

  const casefold = (text) => text.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");

  E.fold = (text) => Array.from(casefold(text.normalize("NFKC")).replace(IGNORED, ""), (sign) => E.simpler.get(sign) || sign).join("");

  E.foldValue = (text) => E.fold(text) || E.clean(text).normalize("NFKC");

  /** What keeps a cell out; `params` fills its message. */
  E.CellError = class extends Error {
    constructor(code, params = {}) {
      super(code);
      this.code = code;
      this.params = params;
    }
  };

  const unprintable = (sign) => sign !== " " && /[\p{C}\p{Z}]/u.test(sign);
  E.printable = (text) => !Array.from(text).some(unprintable);

  function runs(numbers) {
    const found = [];
    for (const number of Array.from(new Set(numbers)).sort((a, b) => a - b)) {
      const last = found[found.length - 1];
      if (last && number === last[1] + 1) last[1] = number; else found.push([number, number]);
    }
    return found.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
  }

  E.digits10 = (value) => String(Number(value.toPrecision(10)));

  /** A parameter as a reader takes it in. */
  E.shown = function (value, lang) {
    if (value === null || value === undefined) return "";
    if (typeof value === "string") {
      const signs = Array.from(value, (sign) => (unprintable(sign) ? " " : sign));
      return signs.length <= SHOWN_CHARACTERS ? signs.join("") : signs.slice(0, SHOWN_CHARACTERS - 1).join("") + "…";
    }
    if (Array.isArray(value)) {
      const numbers = value.length && value.every((item) => Number.isInteger(item));
      const parts = numbers ? runs(value) : value.map((item) => E.shown(item, lang));
      const more = parts.length - SHOWN_ITEMS, joint = lang === "zh" ? "、" : ", ";
      const text = parts.slice(0, SHOWN_ITEMS).join(joint);
      if (more <= 0) return text;
      return text + (lang === "zh" ? `……（共${value.length}项）` : ` … (${value.length} in all)`);
    }
    if (typeof value === "object") return String(value[lang]);
    return typeof value === "number" && !Number.isInteger(value) ? E.digits10(value) : String(value);
  };

  /** Message and cure of a fault in both languages. */
  E.told = function (fault) {
    const words = E.rules.faults[fault.code] || { zh: { message: fault.code, cure: "" }, en: { message: fault.code, cure: "" } };
    const told = {};
    for (const lang of ["zh", "en"]) {
      const filling = { file: fault.file, row: fault.row, column: fault.column, value: fault.value, ...fault.params };
      const fill = (text) => text.replace(/\{(\w+)\}/g, (hole, key) => (key in filling ? E.shown(filling[key], lang) : hole));
      told[lang] = { message: fill(words[lang].message), cure: fill(words[lang].cure) };
    }
    return told;
  };
})(Entrance);
