/* Cells as spreadsheets put them on the clipboard: tab-separated lines, in which a cell with tabs, line ends or quotes is quoted. */

const NEEDS_QUOTES = /[\t\r\n"]/;

/**
 * Reads a text from the clipboard.
 *
 * @param {string} text
 * @returns {string[][]} rows of cells; rows may differ in length
 */
export function readTabSeparated(text) {
  const rows = /** @type {string[][]} */ ([]), cell = /("(?:[^"]|"")*"(?=[\t\r\n]|$)|[^\t\r\n]*)(\t|\r\n|\r|\n|$)/y;
  let row = /** @type {string[]} */ ([]);
  for (;;) {
    const match = /** @type {RegExpExecArray} */ (cell.exec(text)), [, value, end] = match;
    row.push(value.length > 1 && value[0] === '"' && value.endsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === "\t") continue;
    rows.push(row);
    row = [];
    if (!end || cell.lastIndex >= text.length) return rows;
  }
}

/** Writes rows of cells for the clipboard. @param {string[][]} rows */
export const writeTabSeparated = (rows) => rows.map((row) => row.map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t")).join("\r\n");
