const ODD_ERROR = /^Err:5\d\d$/;
const ERRORS = new Set(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!"]);

/** @param {any} at */
export function letterOf(at) {
  let letters = "";
  for (let rest = at + 1; rest; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/**
 * Cells that show an error instead of a value.
 *
 * @param {Grid} grid
 * @param {string} file
 */
export function errorCells(grid, file) {
  /** @type {any[]} */
  const faults = [];
  grid.header.forEach((/** @type {any} */ head, /** @type {any} */ at) => grid.rows.forEach((/** @type {any} */ row, /** @type {any} */ index) => {
    const cell = row[at];
    if (ERRORS.has(cell) || ODD_ERROR.test(cell)) {
      faults.push({ file, row: grid.numbers[index], column: head, value: cell, code: "cell-error", params: {}, letter: letterOf(at) });
    }
  }));
  return faults;
}
