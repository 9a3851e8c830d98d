/* Guards cells that a spreadsheet would run as formulas, as qjmap/tables/readers/delimited.py does: exports put an apostrophe before
 * such cells, and the import worker removes it. */

const SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"; // with the full-width and small forms, which Chinese input methods type
// Blanks and invisible characters, which a spreadsheet may skip before a sign.
const BLANKS = "\\x00-\\x20\\x7f-\\xa0\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff";
const FORMULA = new RegExp(`^'*(?:[\\t\\r\\n]|[${BLANKS}]*[${SIGNS}])`);
const START = new RegExp(`^['${BLANKS}${SIGNS}]`);
const PLAIN_NUMBER = /^[-+]?[0-9]+(?:\.[0-9]+)?$/;

/**
 * Returns whether a text may need a guard, by its first character alone: an apostrophe, a blank or a sign.
 *
 * @param {string} sign the character
 */
export const mayBeFormula = (sign) => START.test(sign);

/**
 * Returns a cell in a form that a spreadsheet does not run: `=1+1` gets an apostrophe before it. Plain numbers such as -5 stay.
 *
 * @param {string} cell
 */
export const guardFormula = (cell) => (START.test(cell) && FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) ? "'" + cell : cell);

/**
 * Returns a cell without the apostrophe that `guardFormula` has added; any other cell as it is.
 *
 * @param {string} cell
 */
export const unguardFormula = (cell) => (cell[0] === "'" && guardFormula(cell.slice(1)) === cell ? cell.slice(1) : cell);
