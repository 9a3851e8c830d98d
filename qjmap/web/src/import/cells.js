/* One cell as its value; what it cannot be read as is a CellError with a fault's code. */

import { CellError, clean, fold, foldValue, holdsOddNumeral, plainDigits, rules, strip } from "./text.js";

const REFUSED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/**
 * What no text may hold: replacement characters of a failed conversion, control characters, halves of characters, noncharacters.
 *
 * @param {string} text
 */
export function refusal(text) {
  if (text.includes("\ufffd")) return new CellError("text-broken");
  const found = REFUSED.exec(text);
  return found ? new CellError("text-control", { point: "U+" + Number(found[0].codePointAt(0)).toString(16).toUpperCase().padStart(4, "0") }) : null;
}

/** @param {string} text */
export function checkCharacters(text) {
  const error = refusal(text);
  if (error) throw error;
}

/** @param {string} text */
export const readList = (text) => Array.from(new Set(text.split(/[|｜]/.test(text) ? /[|｜]/ : /[|、；]/).map(clean).filter(Boolean)));

/** @param {string} text */
export const readRoles = (text) => readList(text).map((item) => {
  const plain = item.replaceAll("：", ":"), at = plain.lastIndexOf(":");
  const party = at < 0 ? "" : clean(plain.slice(0, at)), role = at < 0 ? "" : clean(plain.slice(at + 1));
  if (!party || !role) throw new CellError("roles-form", { item });
  return [party, readVocab(role, "role")];
});

const words = new Map();
/** @param {string} vocabulary */
function valuesOf(vocabulary) {
  if (!words.has(vocabulary)) {
    const entries = Object.entries(rules.vocab[vocabulary]), known = new Map();
    entries.forEach(([value]) => known.set(foldValue(value), value));
    entries.forEach(([value, entry]) => [entry.zh, entry.en, ...entry.synonyms].forEach((word) => {
      if (word && !known.has(foldValue(word))) known.set(foldValue(word), value);
    }));
    words.set(vocabulary, known);
  }
  return words.get(vocabulary);
}

/**
 * @param {string} text
 * @param {string} vocabulary
 */
export function readVocab(text, vocabulary) {
  const found = valuesOf(vocabulary).get(foldValue(text));
  if (found !== undefined) return found;
  const entries = Object.entries(rules.vocab[vocabulary]);
  throw new CellError("vocab-unknown", {
    allowed: { zh: entries.map(([value, entry]) => entry.zh || value).join("、"), en: entries.map(([value]) => value).join(", ") },
  });
}

// Dates

const DIGITS = Object.fromEntries(Array.from("〇○零一二三四五六七八九", (sign, at) => [sign, "000123456789"[at]]));
const ISO = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;
const DATE = /^(\d{4})\s*[-/.年]\s*(?:(\d{1,2})\s*(?:[-/.月]\s*(?:(\d{1,2})\s*[日号]?)?)?)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/;
const TIME = /(?<![T\s])[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$/i;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ENGLISH = /^(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3})[a-z]*\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})$/;
const CHINESE = /^([〇○零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿卅]{1,3})[日号])?)?$/;
/** @param {number | string} part */
const two = (part) => String(Number(part)).padStart(2, "0");

/**
 * @param {string | null} year
 * @param {string | null} [month]
 * @param {string | null} [day]
 */
function iso(year, month, day) {
  const y = Number(year), m = Number(month || 1), d = Number(day || 1);
  const days = [31, (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > days[m - 1]) throw new CellError("date-none");
  return [year, ...[month, day].flatMap((part) => (part ? [two(part)] : []))].join("-");
}

/** @param {string} text */
const arabic = (text) => Array.from(text, (sign) => (sign in DIGITS ? DIGITS[sign] : sign)).join("");
/** @param {string} numeral */
function small(numeral) {
  if (!numeral) return null;
  const plain = numeral.replaceAll("廿", "二十").replaceAll("卅", "三十"), at = plain.lastIndexOf("十");
  const tens = at < 0 ? "" : plain.slice(0, at), ones = plain.slice(at + 1);
  const whole = Number((at < 0 ? "0" : arabic(tens || "1"))) * 10 + (ones ? Number(arabic(ones)) : 0);
  if (Number.isNaN(whole)) throw new CellError("date-form");
  return String(whole);
}

/**
 * ISO 8601 of a date, stopping where the cell stops.
 *
 * @param {string} text
 */
export function readDate(text) {
  if (holdsOddNumeral(text)) throw new CellError("date-form");
  const plain = strip(plainDigits(clean(text))).replace(TIME, "");
  const match = ISO.exec(plain) || DATE.exec(plain) || COMPACT.exec(plain);
  if (match) return iso(match[1], match[2], match[3]);
  const chinese = CHINESE.exec(plain);
  if (chinese) return iso(arabic(chinese[1]), small(chinese[2]), small(chinese[3]));
  if (/^\d{5}(?:\.\d+)?$/.test(plain) && Number(plain) >= 20000 && Number(plain) <= 80000) {
    return new Date(Date.UTC(1899, 11, 30) + Math.floor(Number(plain)) * 86400000).toISOString().slice(0, 10);
  }
  const english = ENGLISH.exec(plain.toLowerCase());
  if (english && MONTHS.includes(english[2])) return iso(english[4], String(MONTHS.indexOf(english[2]) + 1), english[1] || english[3]);
  const last = YEAR_LAST.exec(plain);
  if (last) {
    const [, first, second, year] = last;
    if (first === second || Number(first) > 12 || Number(second) > 12) {
      return Number(first) > 12 ? iso(year, second, first) : iso(year, first, second);
    }
    throw new CellError("date-order", { first: `${year}-${two(first)}-${two(second)}`, second: `${year}-${two(second)}-${two(first)}` });
  }
  throw new CellError("date-form");
}

// Numbers

const AMOUNT = /^(?:\d{1,3}(?:[,\s']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d{1,3})?/i;
const CURRENCIES = ["¥", "rmb", "cny", "us$", "usd", "$", "人民币"];
// What no unit holds: another number (5 至 8, 3,5,7; but m2 and 元/100km), half a power of ten (12e), a line break.
const SECOND_NUMBER = /(?<![A-Za-z0-9./])\d|^[.,\-~/:]|^e[-+]?$|[\n\r\u2028\u2029]/i;
/** @type {[string, number][]} */
const SCALES = [["万亿", 1e12], ["千亿", 1e11], ["百亿", 1e10], ["十亿", 1e9], ["亿", 1e8], ["千万", 1e7], ["百万", 1e6], ["十万", 1e5], ["万", 1e4],
  ["千", 1e3], ["百", 1e2], ["billion", 1e9], ["bn", 1e9], ["million", 1e6], ["mn", 1e6], ["m", 1e6], ["thousand", 1e3], ["k", 1e3]];
const FACTOR = new Map(SCALES);
const HAN_SCALES = SCALES.map(([word]) => word).filter((word) => /[^a-z]/.test(word));
const LATIN_SCALES = SCALES.map(([word]) => word).filter((word) => !/[^a-z]/.test(word));
const BEFORE = [["不少于", ">="], ["不低于", ">="], ["至少", ">="], ["不超过", "<="], ["不多于", "<="], ["至多", "<="], ["最多", "<="], ["大约", "about"],
  ["约为", "about"], ["约", "about"], ["超过", ">"], ["突破", ">"], ["大于", ">"], ["逾", ">"], ["超", ">"], ["不足", "<"], ["不到", "<"], ["低于", "<"],
  ["小于", "<"], ["近", "<"], [">=", ">="], ["≥", ">="], ["<=", "<="], ["≤", "<="], [">", ">"], ["<", "<"], ["≈", "about"], ["~", "about"],
  ["about", "about"], ["approximately", "about"], ["approx.", "about"], ["approx", "about"], ["ca.", "about"], ["circa", "about"], ["at least", ">="],
  ["more than", ">"], ["over", ">"], ["at most", "<="], ["up to", "<="], ["less than", "<"], ["under", "<"], ["nearly", "<"]];
const AFTER = [["左右", "about"], ["上下", "about"], ["以上", ">="], ["以内", "<="], ["以下", "<="], ["余", ">"], ["多", ">"], ["+", ">="]];
const YUAN = new Set(["", "元", "元人民币", "人民币", "人民币元", "rmb", "cny", "yuan", "¥", "块"]);
const FOREIGN = new Set(["美元", "usd", "us$", "$", "欧元", "eur", "€", "港元", "港币", "hkd", "日元", "jpy", "英镑", "gbp", "新加坡元", "新元", "sgd"]);
const ASCII_LETTER = /^[a-z]/i;
const ASCII = /^[\x00-\x7f]*$/;

const UNITS = [["%", "percent", "pct", "百分比"], ["km", "公里", "千米"], ["m", "米"], ["m2", "平方米"], ["km2", "平方公里", "平方千米"], ["m3", "立方米"],
  ["ha", "公顷"], ["t", "吨"], ["kg", "公斤", "千克"], ["元", "人民币", "人民币元", "元人民币", "¥", "rmb", "cny", "yuan"], ["人", "名"]];

/**
 * @param {any} one
 * @param {any} other
 */
function sameUnit(one, other) {
  const a = fold(one), b = fold(other);
  return a === b || UNITS.some((group) => group.includes(a) && group.includes(b));
}

/**
 * The Chinese multiple that a text begins with, else ""; 百分点 and 百分比 are units.
 *
 * @param {string} text
 */
const scaleBefore = (text) => (text.startsWith("百分") ? "" : HAN_SCALES.find((word) => text.startsWith(word)) || "");
/** @param {string} unit */
const readScale = (unit) => FACTOR.get(scaleBefore(fold(unit).replace(/^单位/, ""))) || 1;

/**
 * The unit that a header says, without its multiple.
 *
 * @param {string} unit
 */
function bareUnit(unit) {
  const plain = unit.replace(/^单位/, "").replace(/^[：: ]+/, "");
  return strip(plain.slice(scaleBefore(plain).length));
}

/**
 * The number that a text begins with, the currency before it, the multiple behind it and what follows that.
 *
 * @param {any} plain
 */
function amount(plain) {
  if (/^[-+]?\d+,\d+$/.test(plain) && !/^[-+]?\d{1,3}(,\d{3})+$/.test(plain)) return [Number(plain.replaceAll(",", ".")), "", "", ""];
  const sign = /^[-+]/.test(plain) ? plain[0] : "";
  let rest = strip(plain.slice(sign.length));
  const currency = CURRENCIES.find((word) => rest.slice(0, word.length).toLowerCase() === word) || "";
  rest = strip(rest.slice(currency.length));
  const match = AMOUNT.exec(rest);
  if (!match) throw new CellError("number-form");
  const value = Number(match[0].replace(/[,\s']/g, ""));
  rest = strip(rest.slice(match[0].length));
  let scale = scaleBefore(rest);
  rest = strip(rest.slice(scale.length));
  if (SECOND_NUMBER.test(rest)) throw new CellError("number-form");
  if (!scale) {
    scale = rest.slice(0, (LATIN_SCALES.find((one) => rest.slice(0, one.length).toLowerCase() === one) || "").length);
    rest = strip(rest.slice(scale.length));
  }
  return [sign === "-" ? -value : value, currency, scale, rest];
}

/**
 * @param {string} rest
 * @param {string} currency
 * @param {string} unit
 */
function checkYuan(rest, currency, unit) {
  const spoken = rest.toLowerCase() || currency;
  if (FOREIGN.has(spoken) || ["美元", "usd", "欧元", "eur"].some((word) => fold(unit).includes(word))) throw new CellError("money-currency", { currency: rest || currency || unit });
  if (!YUAN.has(spoken)) throw new CellError("number-form");
}

/**
 * @param {string} scale
 * @param {string} rest
 * @param {string} unit
 * @param {string} told
 */
function checkUnit(scale, rest, unit, told) {
  const spoken = rest || (told ? bareUnit(unit) : ""), wanted = told || bareUnit(unit);
  const doubled = scale && !rest && /[万亿]$/.test(scaleBefore(told));
  if (doubled || (spoken && !sameUnit(spoken, wanted))) throw new CellError("number-unit", { rest: scale + spoken, unit: wanted });
}

/**
 * A number as people write it: [value, qualifier, unit as written]; `headed` is the header's unit, `told` the row's.
 *
 * @param {string} text
 */
export function readNumber(text, money = false, headed = "", told = "") {
  let plain = strip(plainDigits(clean(text))).replaceAll("−", "-"), qualifier = "", unit = headed;
  const start = plain.slice(0, 20).toLowerCase(), before = BEFORE.find(([word]) => start.startsWith(word));
  if (before) {
    plain = strip(plain.slice(before[0].length));
    qualifier = before[1];
  }
  if (holdsOddNumeral(text)) throw new CellError("number-form");
  let [value, currency, typed, rest] = /** @type {[number, string, string, string]} */ (amount(plain)), scale = typed.toLowerCase();
  if (["m", "k", "mn", "bn"].includes(scale) && ASCII_LETTER.test(rest) && ASCII.test(rest)) { rest = typed + rest; scale = ""; } // 12 mm, 5 MW
  else if (["m", "k"].includes(scale) && !money) { rest = typed + rest; scale = ""; }
  for (const [word, meaning] of AFTER) {
    if (qualifier) break;
    for (const at of [0, rest.length - word.length]) {
      if (!qualifier && at >= 0 && rest.slice(at, at + word.length) === word) {
        rest = strip(rest.slice(0, at) + rest.slice(at + word.length));
        qualifier = meaning;
      }
    }
  }
  if (!scale) { // 5余万元 and 5多万: the multiple comes after the word
    scale = scaleBefore(rest);
    rest = rest.slice(scale.length);
  }
  if (told && sameUnit(told, unit)) unit = ""; // said twice
  let factor;
  if (!money && (told || unit) && sameUnit(scale + rest, told || unit)) factor = told ? 1 : readScale(unit);
  else {
    factor = FACTOR.get(scale) || 1;
    if (money) checkYuan(rest, currency, unit);
    else if (told || (unit && rest)) checkUnit(scale, rest || currency, unit, told);
    if (unit && !scale && !rest) factor = readScale(unit);
  }
  value = Number((value * factor).toPrecision(15));
  if (!Number.isFinite(value)) throw new CellError("number-form");
  return [value, qualifier, rest || currency || (money ? "" : bareUnit(unit))];
}

/**
 * A number as tables hold it: 4000000 and 20.3, never 4e+06.
 *
 * @param {any} value
 */
export function plainNumber(value) {
  const text = String(value), match = /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(text);
  if (!match || !Number.isFinite(value)) return text;
  const [, sign, first, more = "", power] = match, digits = first + more, at = Number(power) + 1;
  if (at <= 0) return sign + "0." + "0".repeat(-at) + digits;
  return sign + (digits.length <= at ? digits.padEnd(at, "0") : digits.slice(0, at) + "." + digits.slice(at));
}

const URL = /^(?:https?|ftp):\/\/[^\s<>"]+$/i;
const HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#][^\s<>"]*)?$/i;
/** @param {string} text */
export function readUrl(text) {
  const plain = clean(text);
  if (URL.test(plain)) return plain;
  if (HOST.test(plain)) return "http://" + plain;
  throw new CellError("url-form");
}
