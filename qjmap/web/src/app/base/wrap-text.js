/* Wraps texts to a width. */

// A Chinese sign with the closing marks after it, which begin no line; a word; or blanks.
const PIECES = /[\u2e80-\uffef][、。，；：）》”’！？…]*|[^\s\u2e80-\uffef]+\s*|\s+/g;

/**
 * Returns the lines of a text that is broken between Chinese characters and between words.
 *
 * @param {string} text
 * @param {number} width
 * @param {(text: string) => number} measure
 */
export function wrapText(text, width, measure) {
  const out = /** @type {string[]} */ ([]);
  let line = "";
  for (const piece of String(text).match(PIECES) || []) {
    if (line && measure(line + piece.trimEnd()) > width) {
      out.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  if (line.trim()) out.push(line.trimEnd());
  return out;
}
