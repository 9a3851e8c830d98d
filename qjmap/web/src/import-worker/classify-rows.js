/* Classifies the rows of a file as added, already in the table, or refused, as qjmap/validation/classify_rows.py does. */

import { faultOf } from "./arrange-columns.js";
import { badRows } from "./parse-table.js";
import { DuplicateIndex, changedColumns, recordsOf } from "./duplicate-index.js";

/**
 * @typedef {{ frame: Frame, index: DuplicateIndex, rowIndex: import("./row-index.js").RowIndex, faults: Fault[] }} Context
 * The file, the rows with which its rows are compared, and the list to which faults are added.
 */

/**
 * Decides about a row without a duplicate: it is refused if its id belongs to another table, else added. If it has an id
 * and another row has its name, a warning is added.
 *
 * @param {Context} context
 * @param {RowRecord} record
 * @param {number} row its row number in the file
 * @param {string} id as given in the file, "" for none
 * @returns {string} state of the row: "added" or "refused"
 */
function addRow({ frame, index, rowIndex, faults }, record, row, id) {
  const { called } = index, table = rowIndex.tableOf.get(id);
  if (id && table && table !== frame.table.name) {
    faults.push(faultOf(frame, row, "id", id, "id-duplicate", { id, file_of: `data/${table}.csv`, row_of: "?", name_of: rowIndex.nameOf.get(id) }));
    return "refused";
  }
  const other = id && index.namesakes(record)[0];
  if (other) {
    faults.push(faultOf(frame, row, called, record[called] || "", "name-also", {
      id: other.record.id || "", own: id, name: record[called] || "", file_of: other.file, row_of: other.row,
    }, "warning"));
  }
  index.add({ record, file: frame.file, row, isNew: true });
  return "added";
}

/**
 * Decides about a row with a duplicate: it is already there, or refused if it differs.
 *
 * @param {Context} context
 * @param {RowRecord} record
 * @param {number} row its row number in the file
 * @param {string} id as given in the file, "" for none
 * @param {TableRow} duplicate the row of the map or file that it repeats
 * @returns {string} state of the row: "already" or "refused"
 */
function compareRow({ frame, index: { called }, faults }, record, row, id, duplicate) {
  const { heldBack = [] } = frame; // columns that the map's rows lack
  const columns = changedColumns(record, duplicate.record).filter((name) => duplicate.isNew || !heldBack.includes(name));
  if (!columns.length) return "already";
  const byId = id !== "" && duplicate.record.id === id, column = byId ? "id" : called;
  faults.push(faultOf(frame, row, column, record[column] || "", byId ? "row-differs" : "name-duplicate", {
    id: duplicate.record.id || "", name: record[called] || "", file_of: duplicate.file, row_of: duplicate.row, columns,
  }));
  return "refused";
}

/**
 * Returns each row with its state ("added", "already" there or "refused"), by comparing it with the rows of the map and with those of the file
 * that are added before it. Faults and warnings are added to those of the file.
 *
 * @param {Parsed} parsed
 * @param {TableRow[]} mapRows rows of the map's table
 * @param {import("./row-index.js").RowIndex} rowIndex rows of the map
 * @returns {ImportRow[]}
 */
export function deduplicate(parsed, mapRows, rowIndex) {
  const { frame, values } = parsed, index = new DuplicateIndex(frame.table.name), bad = badRows(parsed), faults = /** @type {Fault[]} */ ([]);
  const context = { frame, index, rowIndex, faults };
  for (const row of mapRows) index.add(row);
  const rows = recordsOf(parsed).map((record, k) => {
    const row = frame.rows[k], id = values.id[k];
    if (bad.has(row)) return { row, record, state: "refused" };
    const duplicate = index.duplicate(record, id);
    // Files list a site once for each line, branch or year. So a row whose cells differ from its namesake in the same file is another site.
    const isAnother = !duplicate || (!id && duplicate.isNew && frame.table.name === "sites" && changedColumns(record, duplicate.record).length > 0);
    return { row, record, state: isAnother ? addRow(context, record, row, id) : compareRow(context, record, row, id, /** @type {TableRow} */ (duplicate)) };
  });
  parsed.faults.push(...faults);
  return rows;
}
