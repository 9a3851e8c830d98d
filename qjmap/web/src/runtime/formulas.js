/* Cells that a spreadsheet would run as formulas; the twin of qjmap/tables/delimited.py. The page writes them guarded, and the
 * reader of dropped tables takes the guard off. */

const SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"; // full-width and small signs are typed as such by Chinese input methods
// Blanks and what nobody sees, which a spreadsheet may pass over before a sign.
const BEFORE_SIGNS = "\\x00-\\x20\\x7f-\\xa0\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff";
const FORMULA = new RegExp(`^'*(?:[\\t\\r\\n]|[${BEFORE_SIGNS}]*[${SIGNS}])`);
const START = new RegExp(`^['${BEFORE_SIGNS}${SIGNS}]`);
const PLAIN_NUMBER = /^[-+]?[0-9]+(?:\.[0-9]+)?$/;

/**
 * Whether a text with this first character may need a guard.
 *
 * @param {string} sign
 */
export const maybeFormula = (sign) => START.test(sign);

/**
 * A cell that a spreadsheet will not run: `=1+1` gets an apostrophe before it. Plain numbers need none.
 *
 * @param {string} cell
 */
export const neutralised = (cell) => (START.test(cell) && FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) ? "'" + cell : cell);

/**
 * What `neutralised` was given.
 *
 * @param {string} cell
 */
export const unneutralised = (cell) => (cell[0] === "'" && neutralised(cell.slice(1)) === cell ? cell.slice(1) : cell);
