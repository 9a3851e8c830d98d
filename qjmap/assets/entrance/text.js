/* Texts as comparisons see them, and faults as readers see them. The reader of tables in the page does what qjmap/tables does;
 * one file of cases, tests/tables/cases.json, holds both to the same. */
"use strict";

if (!self.window) self.window = self; // what the page and this worker share expects a window
const Entrance = {};

(function (E) {
  const SPACE = " \t\r\n\v\f\xa0\u3000\u200b\ufeff\u2002\u2003\u2009";
  const IGNORED = /[\s\x1c-\x1f\x85_\-‐-―·*:#'"\u200b-\u200f\ufeff]+/g;
  const SHOWN_CHARACTERS = 60, SHOWN_ITEMS = 12;

  /** The texts, vocabularies and tables of the program, as the page carries them. */
  E.begin = function (rules) {
    E.rules = rules;
    E.simpler = new Map(Array.from(rules.simpler[0], (sign, at) => [sign, Array.from(rules.simpler[1])[at]]));
  };

  E.clean = function (text) {
    let from = 0, to = text.length;
    while (from < to && SPACE.includes(text[from])) from++;
    while (to > from && SPACE.includes(text[to - 1])) to--;
    return text.slice(from, to);
  };

  E.strip = (text) => text.replace(/^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g, "").replace(/^\ufeff+|\ufeff+$/g, (mark) => mark);

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
