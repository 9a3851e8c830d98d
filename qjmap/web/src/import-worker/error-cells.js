/* Finds cells in which a spreadsheet shows an error instead of a value. */

const ODD_ERROR = /^Err:5\d\d$/;
const ERRORS = new Set(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"]);

/**
 * Returns the letters of a spreadsheet's column by its index from 0: A, B, ... Z, AA.
 *
 * @param {number} index
 */
export function letterOf(index) {
  let letters = "";
  for (let rest = index + 1; rest; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** Whether a text is an error value of a spreadsheet. @param {string} text */
export const isError = (text) => ERRORS.has(text) || ODD_ERROR.test(text);

/**
 * Returns a fault for each cell that shows an error (#N/A, #REF!).
 *
 * @param {Grid} grid
 * @param {string} file name of the file
 * @returns {Fault[]}
 */
export function errorCells({ header, rows, numbers }, file) {
  return header.flatMap((head, column) => rows.flatMap((row, index) => {
    const cell = row[column];
    if (!isError(cell)) return [];
    return [{ file, row: numbers[index], column: head, value: cell, code: "cell-error", params: {}, letter: letterOf(column) }];
  }));
}
