/* Chinese names as Latin letters: the whole syllables, their initials, or both mixed (qijiang, qj, qjiang, 綦jiang).
 *
 * It knows the readings of the characters that the page's tables hold, not of rows, so it costs the same for a hundred
 * rows and a million.
 */

const LONGEST = 40; // letters of a query that are looked at

/**
 * ü is typed v or u.
 *
 * @param {string} syllable
 */
const typed = (syllable) => (syllable.includes("v") ? [syllable, syllable.replace("v", "u")] : [syllable]);

/**
 * A bracket, a dot or a space inside a name is not typed.
 *
 * @param {any} code
 */
const isSign = (code) => (code < 0x80 ? code > 1 && !(code > 47 && code < 58) && !(code > 96 && code < 123) : code === 0xb7 || (code > 0x2000 && code < 0x3100));

const LETTERS = /^[a-z0-9\u3400-\u9fff']+$/;

/** @param {Readings} given */
export function makePinyin({ first = {}, also = {}, names = {} } = {}) {
  const readings = new Array(0x10000); // code -> [syllables], the usual one first
  const ranks = new Uint16Array(0x10000); // code -> its place in the order of pinyin, after all other signs
  const bySyllable = new Map();

  for (const table of [first, also]) {
    for (const [syllable, characters] of Object.entries(table)) {
      for (const one of characters) {
        const code = one.charCodeAt(0);
        readings[code] = [...(readings[code] || []), syllable];
      }
    }
  }
  let next = 0x1000;
  const syllables = new Set([...Object.keys(first), ...Object.keys(also), ...Object.values(names).flatMap((one) => one.split(" "))]);
  for (const syllable of Array.from(syllables).sort()) {
    bySyllable.set(syllable, next++);
    for (const one of first[syllable] || "") ranks[one.charCodeAt(0)] = next++;
  }
  const begins = new Uint8Array(0x10000); // characters that an exception begins with
  for (const name of Object.keys(names)) begins[name.charCodeAt(0)] = 1;
  const longest = Object.keys(names).reduce((most, name) => Math.max(most, name.length), 0);

  readings.forEach((all, code) => { readings[code] = all.flatMap(typed); });

  /**
   * Writes the weights by which a text is sorted into zeros: Latin letters and digits by their code, characters by their
   * reading.
   *
   * @param {string} text
   * @param {any} out
   * @param {any} at
   * @param {number} length
   */
  function weights(text, out, at, length) {
    let i = 0;
    while (i < length && i < text.length) {
      const name = exception(text, i);
      if (name) {
        names[name].split(" ").forEach((syllable, /** @type {number} */ k) => { if (i + k < length) out[at + i + k] = bySyllable.get(syllable); });
        i += name.length;
        continue;
      }
      const code = text.charCodeAt(i);
      out[at + i] = code < 0x1000 ? code + 1 : ranks[code] || Math.min(0xffff, 0x8000 + (code >> 1));
      i++;
    }
  }

  /**
   * @param {string} text
   * @param {any} from
   */
  function exception(text, from) {
    if (!begins[text.charCodeAt(from)]) return "";
    for (let size = Math.min(longest, text.length - from); size > 1; size--) {
      const name = text.substr(from, size);
      if (Object.hasOwn(names, name)) return name;
    }
    return "";
  }

  /**
   * How a folded word is looked for in folded text; null where it cannot be pinyin.
   *   role[code]       bits: 1 where a match may begin with the character, 2 where it may go on with it, 4 where the character
   *                    alone may be all of it; what has no bit need not be looked at, which makes long texts quick
   *   at(text, from)   0 for none, 1 for whole syllables, 2 for initials or a syllable cut short; `end` is where it stops
   *
   * @param {string} word
   */
  function matcher(word) {
    if (!LETTERS.test(word) || !/[a-z]/.test(word)) return null;
    const query = word.replace(/'/g, "").slice(0, LONGEST);
    const total = query.length;
    const role = new Uint8Array(0x10000);
    const later = new Set(query.slice(1));
    for (const [code, all] of readings.entries()) {
      if (!all) {
        if (isSign(code)) role[code] = 2;
        continue;
      }
      for (const one of all) {
        if (one[0] === query[0]) role[code] |= one.startsWith(query) ? 5 : 1;
        if (later.has(one[0])) role[code] |= 2;
      }
    }
    for (let k = 0; k < total; k++) role[query.charCodeAt(k)] |= k ? 2 : 1;
    const found = { role, length: total, at, end: 0 };

    /**
     * @param {string} text
     * @param {number} i
     * @param {number} k
     * @param {any} short
     * @param {any} han
     * @returns {number}
     */
    function walk(text, i, k, short, han) {
      if (k === total) {
        if (!han) return 0;
        found.end = i;
        return short ? 2 : 1;
      }
      if (i >= text.length) return 0;
      const code = text.charCodeAt(i);
      if (code <= 1) return 0;
      if (code === query.charCodeAt(k)) return walk(text, i + 1, k + 1, short, han);
      const all = readings[code];
      if (!all) {
        return k && isSign(code) ? walk(text, i + 1, k, short, han) : 0;
      }
      const rest = total - k;
      let best = 0;
      for (const one of all) {
        if (query.startsWith(one, k)) best = walk(text, i + 1, k + one.length, short, true);
        else if (rest < one.length && one.startsWith(query.slice(k))) best = walk(text, i + 1, total, true, true);
        if (best) return best;
      }
      for (const one of all) {
        if (one.charCodeAt(0) !== query.charCodeAt(k)) continue;
        if (one[1] === "h" && query[k + 1] === "h") best = walk(text, i + 1, k + 2, true, true);
        if (!best) best = walk(text, i + 1, k + 1, true, true);
        if (best) return best;
      }
      return 0;
    }

    /**
     * @param {string} text
     * @param {any} from
     */
    function at(text, from) {
      return walk(text, from, 0, false, false);
    }
    return found;
  }

  return { matcher, weights };
}
