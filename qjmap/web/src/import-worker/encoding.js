/* Bytes -> text: by byte-order mark, as UTF-8, as UTF-16 without a mark, else in the encoding whose text scores best; the twin of
 * qjmap/tables/readers/encoding.py and language_score.py, which explain the scores.
 */

import { program } from "./program-data.js";
import { fold } from "./normalize-text.js";

/* SAMPLE: bytes of the sample; TOLD: bytes of lines with characters beyond ASCII that are looked at; LINE: bytes looked at of one such line;
 * LEAST, LEAST_LETTERS: least score of a readable text, and of one in a single-byte encoding; NEAR: lead of the best encoding below which
 * the second one is named too (a third of it if the best one is a single-byte encoding). */
const SAMPLE = 65536, TOLD = 8192, LINE = 2000, LEAST = 0.45, LEAST_LETTERS = 0.6, NEAR = 0.15;
/* [number of letters beyond ASCII, lead that the best encoding must have in texts with at most so many, if it or the second is an alphabet]. */
const NEAR_LETTERS = [[3, 0.6], [8, 0.3], [16, 0.15], [Infinity, 0.03]];
/* Encodings that are rare today, and what is taken off their score. */
const OLD_ALPHABETS = ["cp1257", "iso8859-2", "iso8859-5", "mac_roman", "cp850", "koi8-r", "cp866", "mac_cyrillic"], OLD = 0.12;
/** @type {[number[], string, string][]} byte-order mark, label of the encoding for TextDecoder, name of the encoding */
const MARKS = [[[0xef, 0xbb, 0xbf], "utf-8", "utf-8-sig"], [[0xff, 0xfe], "utf-16le", "utf-16"], [[0xfe, 0xff], "utf-16be", "utf-16"]];
/** @type {Record<string, string>} Python's name of an encoding -> its label for TextDecoder, if that is another */
const LABELS = { big5hkscs: "big5", cp932: "shift_jis", euc_jp: "euc-jp", cp949: "euc-kr", "utf-16-le": "utf-16le", "utf-16-be": "utf-16be" };

/**
 * Decodes bytes in an encoding of the browser; `fatal` makes invalid bytes an error.
 *
 * @param {Uint8Array} bytes
 * @param {string} name name of the encoding
 */
const text = (bytes, name, fatal = true) => new TextDecoder(LABELS[name] || name, { fatal, ignoreBOM: true }).decode(bytes);

/**
 * Decodes bytes in an encoding of the browser; null if a byte is invalid in it.
 *
 * @param {Uint8Array} bytes
 * @param {string} name name of the encoding
 */
function strictly(bytes, name) {
  try {
    return text(bytes, name);
  } catch (_) {
    return null;
  }
}

/**
 * Decodes bytes in a single-byte encoding; `table` has the characters of the bytes from 0x80 on.
 *
 * @param {Uint8Array} bytes
 * @param {string[]} table
 */
function spelled(bytes, table) {
  const parts = [];
  for (let from = 0; from < bytes.length; from += SAMPLE) {
    parts.push(Array.from(bytes.subarray(from, from + SAMPLE), (byte) => (byte < 0x80 ? String.fromCharCode(byte) : table[byte - 0x80])).join(""));
  }
  return parts.join("");
}

/**
 * Decodes bytes, with U+FFFD for invalid ones; `broken`: there are some. `encoding` is the name to return for the encoding.
 *
 * @param {Uint8Array} bytes
 * @param {string} name name of the encoding
 */
function leniently(bytes, name, encoding = name) {
  const alphabet = program.looks.alphabets[name];
  if (alphabet) {
    const whole = spelled(bytes, alphabet.upper);
    return { text: whole, encoding, broken: whole.includes("\ufffd") };
  }
  const whole = strictly(bytes, name);
  return whole === null ? { text: text(bytes, name, false), encoding, broken: true } : { text: whole, encoding };
}

/**
 * Returns "utf-16-le" or "utf-16-be" for UTF-16 without a byte-order mark, "" for any other encoding. In UTF-16 the high bytes of separators,
 * digits and line ends are zeros, all on the same side.
 *
 * @param {Uint8Array} sample first bytes of the file
 */
function wide(sample) {
  if (sample.length < 4 || (sample.length % 2 && sample.length < SAMPLE)) return "";
  let even = 0, odd = 0;
  sample.forEach((byte, at) => { if (!byte) { if (at % 2) odd++; else even++; } });
  const name = odd > 8 * even ? "utf-16-le" : even > 8 * odd ? "utf-16-be" : "";
  if (!name || even + odd >= Math.max(2, Math.floor(sample.length / 100))) return name;
  return score(text(sample, name, false), "utf-8") >= LEAST ? name : ""; // few zeros: long texts with few separators, or no UTF-16
}

/**
 * Returns the first lines with bytes beyond ASCII, which alone distinguish encodings; long lines are cut.
 *
 * @param {Uint8Array} bytes
 */
function telling(bytes) {
  const lines = [], limit = 64 * SAMPLE;
  let size = 0;
  for (let start = 0; start < bytes.length && size <= TOLD;) {
    let end = start;
    if (start >= limit) end = bytes.length;
    else while (end < bytes.length && end < limit && bytes[end] !== 10 && bytes[end] !== 13) end++;
    let line = bytes.subarray(start, end);
    start = end < limit ? end + 1 : end;
    const beyond = line.findIndex((byte) => byte > 0x7f);
    if (beyond < 0) continue;
    if (line.length > LINE) { // from the first byte beyond ASCII to a separator, so that no character is cut in two
      line = line.subarray(beyond, beyond + LINE);
      const cut = Math.max(...[",", ";", "\t", " "].map((sign) => line.lastIndexOf(sign.charCodeAt(0))));
      if (cut >= 0) line = line.subarray(0, cut + 1);
    }
    lines.push(...line, 10);
    size += line.length;
  }
  return Uint8Array.from(lines.slice(0, -1));
}

/**
 * Returns the double-byte characters of an encoding whose first byte is in a range.
 *
 * @param {string} label name of the encoding for TextDecoder
 * @param {number} first the least first byte
 * @param {number} last the greatest first byte
 */
function block(label, first, last) {
  const found = new Set(), decoder = new TextDecoder(label);
  for (let lead = first; lead <= last; lead++) {
    for (let trail = label === "big5" ? 0x40 : 0xa1; trail < 0xff; trail++) {
      const sign = decoder.decode(Uint8Array.of(lead, trail));
      if (Array.from(sign).length === 1 && sign > "\x7f" && sign !== "\ufffd") found.add(sign);
    }
  }
  return found;
}

/** @type {Map<string, Set<string>[]>} */
const sets = new Map();
/**
 * Returns three sets: the commonest characters of a language, and the first and second level of its national standard.
 *
 * @param {string} language "zh", "zh-hant", "ja" or "ko"
 */
function characters(language) {
  let known = sets.get(language);
  if (!known) {
    const { chinese, japanese, korean } = program.looks, simpler = program.simpler.map((signs) => Array.from(signs));
    /** @type {Record<string, () => Set<string>[]>} */
    const makers = {
      zh: () => [new Set(chinese), block("gbk", 0xb0, 0xd7), block("gbk", 0xd8, 0xf7)],
      "zh-hant": () => [new Set([...chinese, ...simpler[0].filter((_, at) => chinese.includes(simpler[1][at]))]), block("big5", 0xa4, 0xc5), block("big5", 0xc9, 0xf8)],
      ja: () => [new Set([...japanese, ...Array.from({ length: 0x3094 - 0x3041 }, (_, k) => String.fromCharCode(0x3041 + k)),
        ...Array.from({ length: 0x30fb - 0x30a1 }, (_, k) => String.fromCharCode(0x30a1 + k)), "\u30fc", "\u3005"]), block("euc-jp", 0xb0, 0xcf), block("euc-jp", 0xd0, 0xf4)],
      ko: () => [new Set(korean), block("euc-kr", 0xb0, 0xc8), new Set()],
    };
    sets.set(language, (known = makers[language]()));
  }
  return known;
}

const SWALLOWED = /[A-Za-z][^\x00-\x7f]{1,2}[a-z]/gu;
const NEUTRAL = /[\u00b0\u00b1\u00b7\u00d7\u2010-\u2bff\u3000-\u303f\uff01-\uff5e\uffe0-\uffe6]/;
const NO_LETTER = /[\u0080-\u009f\u3400-\u4dbf\ue000-\uf8ff\ufffd\u{20000}-\u{10ffff}]/u;
/**
 * Counts the matches of a global pattern.
 *
 * @param {string} whole the text that is searched
 * @param {RegExp} pattern
 */
const count = (whole, pattern) => (whole.match(pattern) || []).length;

/**
 * Returns the average weight of the characters beyond ASCII: 1 for the commonest of the language, 0.45 for usual, 0.15 for rare ones, -1
 * for improbable ones. `stuck` is the number of Latin words with a foreign character in them, each of which takes 1.5 off the sum; `pseudo` is
 * a number of characters of weight 0.6 that are added for the most likely encoding. Returns 0 without such characters.
 *
 * @param {Map<string, number>} signs character -> count
 * @param {string} language
 */
function characterScore(signs, language, stuck = 0, pseudo = 0) {
  const [common, usual, other] = characters(language);
  let worth = 0.6 * pseudo - 1.5 * stuck, all = pseudo;
  for (const [sign, times] of signs) {
    if (sign < "\x80" || NEUTRAL.test(sign)) continue;
    all += times;
    if (common.has(sign)) worth += times;
    else if (usual.has(sign)) worth += 0.45 * times;
    else if (other.has(sign)) worth += 0.15 * times;
    else if (NO_LETTER.test(sign) || (sign >= "\uff61" && sign <= "\uff9f" && language !== "ja")) worth -= times;
  }
  return all ? worth / all : 0;
}

const WORD = /[\p{L}\p{Nl}\p{No}]+/gu;
// A character that is neither a letter nor a symbol common in European tables.
const NO_MARK = /[^\x00-\x7f\p{L}\p{N}_\xa0\xa7\xab\xad\xb0\xb1\xb4\xb7\xbb\xd7\u2010-\u201e\u2022\u2026\u2030\u20ac\u2116\u2122]/gu;
const STUCK = /[A-Za-z][^\x00-\x7f\p{L}\p{N}_’·][A-Za-z]/gu;
/** Whether a word is in lower case. @param {string} word */
const isLower = (word) => word === word.toLowerCase() && word !== word.toUpperCase();
/** Whether a word is in upper case. @param {string} word */
const isUpper = (word) => word === word.toUpperCase() && word !== word.toLowerCase();

/**
 * Returns the share of letters beyond ASCII that belong to the language and are in well-formed words (others count three times), times a factor between 0.4 and 1 for
 * how frequent these letters are in the language.
 *
 * @param {string} whole the decoded text
 * @param {string} language
 */
function alphabetScore(whole, language) {
  /** @type {Record<string, number>} */
  const letters = program.looks.letters[language];
  const latin = !["ru", "el", "he"].includes(language);
  let good = 0, bad = 0, told = 0;
  for (const word of whole.match(WORD) || []) {
    const signs = Array.from(word), beyond = signs.filter((sign) => sign > "\x7f");
    if (!beyond.length) continue;
    let formed = latin ? beyond.length < signs.length : beyond.length === signs.length;
    formed = formed && (isLower(signs.slice(1).join("")) || isUpper(word) || word.toLowerCase() === word.toUpperCase() || signs.length === 1) && !signs.slice(0, -1).includes("ς");
    for (const sign of beyond) {
      if (formed && sign in letters) { good++; told += Math.log(letters[sign]); } else bad++;
    }
  }
  bad += count(whole, STUCK) + count(whole, NO_MARK);
  if (!good) return 0;
  const share = good / (good + 3 * bad);
  const usual = Math.exp(Object.values(letters).reduce((sum, weight) => sum + weight * Math.log(weight), 0)); // geometric mean in running text
  return share * (0.4 + 0.6 * Math.min(1, (1.5 * Math.exp(told / good)) / usual));
}

/**
 * Scores a text that was decoded from an encoding, from about -1 (garbled) to 2 (a table with known headers); 0 if it has no character beyond
 * ASCII, or if most of these are U+FFFD.
 *
 * @param {string} whole the decoded text
 * @param {string} encoding
 */
function score(whole, encoding) {
  const signs = new Map();
  for (const sign of whole) signs.set(sign, (signs.get(sign) || 0) + 1);
  let beyond = 0;
  for (const [sign, times] of signs) if (sign > "\x7f") beyond += times;
  if (!beyond || 2 * (signs.get("\ufffd") || 0) > beyond) return 0;
  const words = new Set(whole.slice(0, 4096).split(/\r\n|[\r\n]/).slice(0, 5).flatMap((line) => line.split(/[,;\t|，；]/)).map(fold));
  const heads = new Set(program.looks.headers), bonus = Math.min(1, 0.5 * Array.from(words).filter((word) => heads.has(word)).length);
  const alphabet = program.looks.alphabets[encoding], languages = program.looks.wide[encoding];
  if (alphabet) return Math.max(...alphabet.languages.map((one) => alphabetScore(whole, one))) - (OLD_ALPHABETS.includes(encoding) ? OLD : 0);
  if (languages) {
    const stuck = count(whole, SWALLOWED), pseudo = encoding === "gb18030" ? 2 : 0;
    return Math.max(...languages.map((one) => characterScore(signs, one, stuck, pseudo))) + bonus;
  }
  const best = Math.max(...["zh", "zh-hant", "ja", "ko"].map((one) => characterScore(signs, one)));
  return Math.max(best + bonus, ...Object.keys(program.looks.letters).map((one) => alphabetScore(whole, one)));
}

/** Decodes bytes in the encoding whose text scores best; `unclear` if the score is low or another is too close. @param {Uint8Array} bytes */
function byLooks(bytes) {
  const sample = telling(bytes), { alphabets, wide: languages } = program.looks;
  const found = ["utf-8", ...Object.keys(languages), ...Object.keys(alphabets)].map((encoding) => {
    const whole = alphabets[encoding] ? spelled(sample, alphabets[encoding].upper) : text(sample, encoding, false);
    return { encoding, whole, score: score(whole, encoding) };
  }).sort((a, b) => b.score - a.score); // equal scores keep the order of the encodings
  const [best, ...others] = found, second = others.find((one) => one.whole !== best.whole);
  const apart = second ? best.score - second.score : 1;
  let letters = 0;
  for (const sign of best.whole) if (sign > "\x7f") letters++;
  const near = alphabets[best.encoding] || (second && alphabets[second.encoding]) ? /** @type {number[]} */ (NEAR_LETTERS.find(([most]) => letters <= most))[1] : 0;
  if (best.score < (alphabets[best.encoding] ? LEAST_LETTERS : LEAST) || apart < near) return { text: "", encoding: best.encoding, unclear: true, close: apart < near && second ? second.encoding : "" };
  return { ...leniently(bytes, best.encoding), close: apart < (languages[best.encoding] ? NEAR : NEAR / 3) && second ? second.encoding : "" };
}

/**
 * Returns the text of a file with its encoding; `close` is another encoding that is nearly as likely, `broken`: some bytes are invalid;
 * `unclear`: no encoding gives a readable text, or another gives one that is too nearly as likely, and `text` is "".
 *
 * @param {Uint8Array} bytes
 */
export function decode(bytes) {
  for (const [mark, name, encoding] of MARKS) {
    if (mark.every((byte, at) => bytes[at] === byte)) return leniently(bytes.subarray(mark.length), name, encoding);
  }
  const sample = bytes.subarray(0, SAMPLE), name = sample.includes(0) ? wide(sample) : "";
  if (name) return leniently(bytes, name);
  const plain = strictly(bytes, "utf-8");
  return plain === null ? byLooks(bytes) : { text: plain, encoding: "utf-8" };
}
