/* Guard against cells that a spreadsheet would run as formulas; the twin of qjmap/tables/readers/delimited.py. Exports write such
 * cells guarded, and the import worker removes the guard. */

const SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"; // full-width and small signs are typed as such by Chinese input methods
// Blanks and invisible characters, which a spreadsheet may pass over before a sign.
const BLANKS = "\\x00-\\x20\\x7f-\\xa0\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff";
const FORMULA = new RegExp(`^'*(?:[\\t\\r\\n]|[${BLANKS}]*[${SIGNS}])`);
const START = new RegExp(`^['${BLANKS}${SIGNS}]`);
const PLAIN_NUMBER = /^[-+]?[0-9]+(?:\.[0-9]+)?$/;

/**
 * Whether a text with this first character may need a guard.
 *
 * @param {string} sign
 */
export const mayBeFormula = (sign) => START.test(sign);

/**
 * A cell that a spreadsheet will not run: `=1+1` gets an apostrophe before it. Plain numbers need none.
 *
 * @param {string} cell
 */
export const guardFormula = (cell) => (START.test(cell) && FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) ? "'" + cell : cell);

/**
 * A cell without the guard of `guardFormula`.
 *
 * @param {string} cell
 */
export const unguardFormula = (cell) => (cell[0] === "'" && guardFormula(cell.slice(1)) === cell ? cell.slice(1) : cell);
