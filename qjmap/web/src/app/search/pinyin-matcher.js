/* Matches Latin letters with Chinese names by pinyin: whole syllables, initials, or both mixed (qijiang, qj, qjiang, 綦jiang).
 *
 * It needs the readings of the distinct characters in the page's tables, not of rows, so its memory does not grow with the number of rows.
 */

const LONGEST = 40; // maximum number of letters of a query that are used
/** Words that may be pinyin: Latin letters, digits, Chinese characters and apostrophes. */
const LETTERS = /^[a-z0-9\u3400-\u9fff']+$/;

/**
 * Finds a word in folded texts. `role` has bits for each UTF-16 code: 1 if a match may begin with the character, 2 if it may continue with it,
 * 4 if the character may be the whole match; characters without bits are skipped quickly. `at` tries to match from an index on: it returns 0 for
 * no match, 1 for whole syllables, 2 for initials or an incomplete syllable, and sets `end` to the index after the match. `length` is the number
 * of letters of the word.
 *
 * @typedef {{ role: Uint8Array, length: number, end: number, at: (text: string, from: number) => number }} Matcher
 */

/** Returns the spellings of a syllable: ü, here v, may also be typed as u. @param {string} syllable */
const spellings = (syllable) => (syllable.includes("v") ? [syllable, syllable.replace("v", "u")] : [syllable]);

/** Returns whether a folded character is a bracket, dot, blank or the like, which readers leave out when they type a name. @param {number} code */
const isSign = (code) => (code < 0x80 ? code > 1 && !(code > 47 && code < 58) && !(code > 96 && code < 123) : code === 0xb7 || (code > 0x2000 && code < 0x3100));

/**
 * Returns UTF-16 code -> spellings of the readings of the character, those of the first table first.
 *
 * @param {Record<string, string>[]} tables syllable -> characters with this reading
 * @returns {(string[] | undefined)[]}
 */
function syllablesOf(tables) {
  const readings = new Array(0x10000);
  for (const table of tables) {
    for (const [syllable, characters] of Object.entries(table)) {
      for (const character of characters) {
        const code = character.charCodeAt(0);
        readings[code] = [...(readings[code] || []), ...spellings(syllable)];
      }
    }
  }
  return readings;
}

/**
 * Returns the bits of `Matcher.role` for a query, by UTF-16 code.
 *
 * @param {string} query
 * @param {(string[] | undefined)[]} readings as `syllablesOf` returns them
 */
function rolesOf(query, readings) {
  const role = new Uint8Array(0x10000), later = new Set(query.slice(1));
  for (const [code, syllables] of readings.entries()) {
    if (!syllables) {
      if (isSign(code)) role[code] = 2;
      continue;
    }
    for (const syllable of syllables) {
      if (syllable[0] === query[0]) role[code] |= syllable.startsWith(query) ? 5 : 1;
      if (later.has(syllable[0])) role[code] |= 2;
    }
  }
  for (let k = 0; k < query.length; k++) role[query.charCodeAt(k)] |= k ? 2 : 1;
  return role;
}

/**
 * Makes the matcher of a word; null if the word cannot be pinyin, because it has no Latin letter or other characters than `LETTERS`.
 *
 * @param {string} word folded
 * @param {(string[] | undefined)[]} readings as `syllablesOf` returns them
 * @returns {Matcher | null}
 */
function makeMatcher(word, readings) {
  if (!LETTERS.test(word) || !/[a-z]/.test(word)) return null;
  const query = word.replace(/'/g, "").slice(0, LONGEST), total = query.length;
  /** @type {Matcher} */
  const matcher = { role: rolesOf(query, readings), length: total, end: 0, at: (text, from) => walk(text, from, 0, false, false) };

  /**
   * Matches the query from letter k on with a text from character i on; returns what `Matcher.at` returns.
   *
   * @param {string} text
   * @param {number} i
   * @param {number} k
   * @param {boolean} short whether a syllable so far was incomplete
   * @param {boolean} han whether a character so far was matched by its reading; without one there is no match
   * @returns {number}
   */
  function walk(text, i, k, short, han) {
    if (k === total) {
      if (!han) return 0;
      matcher.end = i;
      return short ? 2 : 1;
    }
    const code = i < text.length ? text.charCodeAt(i) : 0;
    if (code <= 1) return 0;
    if (code === query.charCodeAt(k)) return walk(text, i + 1, k + 1, short, han);
    const syllables = readings[code];
    if (!syllables) return k && isSign(code) ? walk(text, i + 1, k, short, han) : 0;
    return bySyllable(text, i, k, short, syllables) || byInitial(text, i, k, syllables);
  }

  /** Matches a character by a whole syllable, or by an incomplete one at the end of the query. @param {string} text @param {number} i @param {number} k @param {boolean} short @param {string[]} syllables */
  function bySyllable(text, i, k, short, syllables) {
    for (const syllable of syllables) {
      let kind = 0;
      if (query.startsWith(syllable, k)) kind = walk(text, i + 1, k + syllable.length, short, true);
      else if (total - k < syllable.length && syllable.startsWith(query.slice(k))) kind = walk(text, i + 1, total, true, true);
      if (kind) return kind;
    }
    return 0;
  }

  /** Matches a character by the initial of a syllable: its first letter, or zh, ch, sh. @param {string} text @param {number} i @param {number} k @param {string[]} syllables */
  function byInitial(text, i, k, syllables) {
    for (const syllable of syllables) {
      if (syllable.charCodeAt(0) !== query.charCodeAt(k)) continue;
      const kind = (syllable[1] === "h" && query[k + 1] === "h" && walk(text, i + 1, k + 2, true, true)) || walk(text, i + 1, k + 1, true, true);
      if (kind) return kind;
    }
    return 0;
  }

  return matcher;
}

/**
 * Returns the function that writes sort keys of texts: Latin letters and digits sort by their code, Chinese characters after them by their
 * reading.
 *
 * @param {Required<Readings>} readings
 */
function makeWeights({ first, also, names }) {
  const ranks = new Uint16Array(0x10000); // rank of a Chinese character in the order of pinyin, after all other characters
  /** @type {Map<string, number>} syllable -> its rank, before those of its characters */
  const bySyllable = new Map();
  const syllables = new Set([...Object.keys(first), ...Object.keys(also), ...Object.values(names).flatMap((name) => name.split(" "))]);
  let next = 0x1000;
  for (const syllable of Array.from(syllables).sort()) {
    bySyllable.set(syllable, next++);
    for (const character of first[syllable] || "") ranks[character.charCodeAt(0)] = next++;
  }
  const begins = new Uint8Array(0x10000); // characters with which names with exceptional readings begin
  for (const name of Object.keys(names)) begins[name.charCodeAt(0)] = 1;
  const whole = new Set(Object.keys(names));
  const longest = Object.keys(names).reduce((most, name) => Math.max(most, name.length), 0);

  /** Returns the longest name with an exceptional reading that begins at an index of the text; "" if there is none. @param {string} text @param {number} from */
  function exception(text, from) {
    if (!begins[text.charCodeAt(from)]) return "";
    for (let size = Math.min(longest, text.length - from); size > 1; size--) {
      const name = text.substr(from, size);
      if (whole.has(name)) return name;
    }
    return "";
  }

  /**
   * Writes the sort key of a text, one number for each of its first characters.
   *
   * @param {string} text folded
   * @param {Uint16Array} out must be zero at these indexes
   * @param {number} start index of the first number in `out`
   * @param {number} length maximum number of characters
   */
  return (text, out, start, length) => {
    let i = 0;
    while (i < length && i < text.length) {
      const name = exception(text, i);
      if (name) {
        names[name].split(" ").forEach((syllable, k) => { if (i + k < length) out[start + i + k] = bySyllable.get(syllable) || 0; });
        i += name.length;
        continue;
      }
      const code = text.charCodeAt(i);
      out[start + i] = code < 0x1000 ? code + 1 : ranks[code] || Math.min(0xffff, 0x8000 + (code >> 1));
      i++;
    }
  };
}

/** Makes the functions that match and sort by pinyin. @param {Readings} readings */
export function makePinyin({ first = {}, also = {}, names = {} } = {}) {
  const readings = syllablesOf([first, also]);
  return {
    /** Makes the matcher of a folded word; null if it cannot be pinyin. @param {string} word */
    matcher: (word) => makeMatcher(word, readings),
    weights: makeWeights({ first, also, names }),
  };
}
