/* Chooses by its columns which table the rows of a file belong to; the twin of qjmap/tables/choose_table.py. */

import { chooseColumns, isPartyHeader } from "./choose-columns.js";
import { matchHeader } from "./headers.js";
import { program } from "./program-data.js";

/**
 * Returns the columns of a table that a file has.
 *
 * @param {Choice} choice
 */
const namedBy = ({ columns, degrees, parties }) => new Set([...columns.values(), ...Object.keys(degrees), ...(parties.length ? ["parties"] : [])]);

/**
 * Returns the name of the table that the rows of a grid belong to: partnerships if its columns fit them better, else `table`.
 *
 * @param {Grid} grid
 * @param {string} table name of the table as which the grid was read
 */
export function chooseTable(grid, table) {
  const { partnerships } = program.tables;
  if (grid.headerRow === 0 || !grid.header.some((head) => matchHeader(head, partnerships).column === "parties" || isPartyHeader(head))) return table;
  const ours = namedBy(chooseColumns(grid, program.tables[table], [])), theirs = namedBy(chooseColumns(grid, partnerships, []));
  const isLedger = theirs.has("parties") && theirs.size > ours.size && !["lon", "lat", "lonlat"].some((name) => ours.has(name));
  return isLedger ? "partnerships" : table;
}
