/* Measures texts, and breaks them into lines, for pictures. */

// A Chinese character with the closing marks after it, which must not begin a line; a word with the blanks after it; or blanks.
const PIECES = /[\u2e80-\uffef][、。，；：）》”’！？…]*|[^\s\u2e80-\uffef]+\s*|\s+/g;

/**
 * Breaks a text between Chinese characters and between words, and returns its lines. A word wider than a line is not broken.
 *
 * @param {string} text
 * @param {number} width maximum width of a line, in the unit of `measure`
 * @param {(text: string) => number} measure returns the width of a text
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

/** Makes a canvas context for measuring texts. */
export const measuringContext = () => /** @type {Ctx} */ (document.createElement("canvas").getContext("2d"));
