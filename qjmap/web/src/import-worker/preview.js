/* The first rows of a table and what its columns are taken for, which the page shows before the table is read. */

import { chooseColumns } from "./choose-columns.js";
import { LISTED, WEAK } from "./headers.js";
import { program } from "./program-data.js";

const PREVIEW_ROWS = 5;

/**
 * Returns why a column is taken for one of the table's: "chosen" by the user, by its "header", "family" of headers, "contents" or "both".
 *
 * @param {Choice} choice
 * @param {number} index index of the column
 * @param {string[]} chosen as in `chooseColumns`
 */
function whyTaken({ matches, columns, nameWhy }, index, chosen) {
  const name = columns.get(index) || "", match = matches.get(index);
  if (chosen[index] === name) return "chosen";
  if (["name", "title"].includes(name) && ["contents", "stand-in"].includes(nameWhy)) return "contents";
  if (!match || match.column !== name) return "contents";
  return match.rank <= LISTED ? "header" : match.rank < WEAK ? "family" : "both";
}

/**
 * Returns for each column of a grid what it is taken for and why, or why it is taken for none.
 *
 * @param {Grid} grid
 * @param {Choice} choice
 * @param {string[]} chosen as in `chooseColumns`
 * @returns {Proposal[]}
 */
function proposals({ header }, choice, chosen) {
  const composed = new Set([...Object.values(choice.degrees).flat(), ...choice.parties]);
  return header.map((_, index) => {
    const other = choice.beside.get(index), column = choice.columns.get(index) ?? null;
    if (column !== null) return { column, why: whyTaken(choice, index, chosen) };
    for (const [why, indexes] of /** @type {[string, Set<number>][]} */ ([["computed", choice.computed], ["omitted", choice.omitted], ["composed", composed], ["running", choice.dropped]])) {
      if (indexes.has(index)) return { column, why };
    }
    if (other !== undefined) return { column, why: "beside", of: header[other] };
    return { column, why: choice.unfit.has(index) ? "unfit" : "" };
  });
}

const POSITIONS = ["lon", "lat", "lonlat"], LOCATING = ["address", "place", "parent", "adcode"];

/**
 * Whether the user should look at the columns. That is so if the file has no header, two pairs of coordinates or only one axis; if a required
 * column is missing; if contents alone decided about a required column, coordinates or parties, or contradict the header of one; or if some
 * column is unexplained while there is nothing to locate the rows by, or no parties.
 *
 * @param {Choice} choice
 * @param {Proposal[]} proposed what `proposals` returned
 * @param {Table} table
 */
function isDoubtful(choice, proposed, table) {
  const has = new Set([...choice.columns.values(), ...Object.keys(choice.degrees), ...(choice.parties.length ? ["parties"] : [])]);
  const required = table.columns.filter((column) => column.required).map(({ name }) => name), weighty = [...required, ...POSITIONS, "parties"];
  /** Returns whether none of these columns is chosen. @param {string[]} names */
  const none = (names) => !names.some((name) => has.has(name));
  if (choice.isProposed || choice.twice.length || required.some((name) => !has.has(name)) || has.has("lon") !== has.has("lat")) return true;
  if (proposed.some(({ column, why }) => column && why === "contents" && weighty.includes(column))) return true;
  if (Array.from(choice.unfit.values()).some(([column]) => weighty.includes(column))) return true;
  if (!proposed.some(({ column, why }) => column === null && !why)) return false;
  const names = table.columns.map(({ name }) => name);
  return (names.includes("lon") && none([...POSITIONS, ...LOCATING])) || (names.includes("parties") && none(["parties"]));
}

/**
 * Returns the first rows of a grid, what its columns are taken for, and the columns of the table to choose from.
 *
 * @param {Grid} grid
 * @param {Table} table
 * @param {string[]} chosen as in `chooseColumns`
 * @returns {Omit<Preview, "table" | "sheets" | "sheet">}
 */
export function previewOf(grid, table, chosen) {
  const choice = chooseColumns(grid, table, chosen), proposal = proposals(grid, choice, chosen), lon = table.columns.findIndex(({ name }) => name === "lon");
  const columns = table.columns.map(({ name, headers, required }) => ({ name, label: headers[0] || name, required }));
  if (lon >= 0) columns.splice(lon, 0, { name: "lonlat", label: program.pair_headers[0], required: false });
  return {
    header: grid.header, rows: grid.rows.slice(0, PREVIEW_ROWS), proposal, columns, notes: grid.notes,
    isDoubtful: grid.header.length > 0 && isDoubtful(choice, proposal, table),
  };
}
