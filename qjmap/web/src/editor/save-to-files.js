/* Saves changes: as a change file, as the project's tables with the changes in them (into a folder, or as an archive), as a workbook of all
 * tables, as a page that contains them. Rows with a fault are left out of all files except the page, which contains every change.
 */

import { isOfEditor } from "./apply-changes-to-page.js";
import { workbookOf } from "./xlsx-writer.js";
import { zipOf } from "./zip-writer.js";
import { download } from "../app/export/file-formats.js";

/**
 * @typedef {{
 *   meta: Meta, program: ProgramData, rows: import("./table-rows.js").TableRows, list: import("./change-list.js").ChangeList,
 *   validator: import("./validate-row.js").Validator, faults: import("./row-faults.js").RowFaults, drafts: () => DraftLayer,
 * }} SavingParts
 * `rows` reads the rows of the tables, `list` has the changes, `validator` applies them to files, `faults` has the faults of changed rows,
 * `drafts` returns the list of drafts.
 */
/**
 * @typedef {{ done: string[], faults: ToldFault[], lacking: string[] }} Saved
 * `done`: names of the changed files; `faults`: why changes cannot be applied; `lacking`: changed tables whose file is missing. If there are
 * faults or tables lacking, nothing is saved, whatever `done` has.
 */
/** @typedef {{ name: string, getFile: () => Promise<File>, createWritable: () => Promise<{ write: (data: BlobPart) => Promise<void>, close: () => Promise<void> }> }} FileHandle A file of the File System Access API. */
/** @typedef {{ getFileHandle: (name: string) => Promise<FileHandle>, getDirectoryHandle: (name: string) => Promise<Folder> }} Folder A folder of the File System Access API. */

/** @typedef {(options: { mode: string }) => Promise<Folder>} FolderPicker Lets the reader choose a folder, and resolves to it. */

/** Returns the browser's function that lets the reader open a folder; undefined if it has none. */
export const folderPicker = () => /** @type {{ showDirectoryPicker?: FolderPicker }} */ (window).showDirectoryPicker?.bind(window);

/** Returns the folder with the tables: the subfolder `data` of the opened folder, else that folder itself. @param {Folder} folder */
async function tablesIn(folder) {
  try {
    return await folder.getDirectoryHandle("data");
  } catch {
    return folder;
  }
}

/**
 * Makes a workbook of all tables, without empty columns that are not required.
 *
 * @param {ProgramData} program
 * @param {import("./table-rows.js").TableRows} rows
 * @param {(row: { table: string, id: string }) => boolean} isGood whether a row is saved
 */
async function workbookOfTables(program, rows, isGood) {
  const sheets = [];
  for (const table of Object.keys(program.tables)) {
    const all = (await rows.all(table)).filter(isGood), filled = new Set(all.flatMap(({ record }) => Object.keys(record).filter((name) => record[name])));
    const columns = rows.columnsOf(table).filter(({ name, required }) => required || name === "id" || filled.has(name)).map(({ name, type }) => ({ name, isNumber: ["number", "integer", "lon", "lat"].includes(type) }));
    sheets.push({ name: table, columns, rows: all.map(({ record }) => record) });
  }
  return workbookOf(sheets);
}

/** Makes the functions that save the changes. @param {SavingParts} parts */
export function makeSaver({ meta, program, rows, list, validator, faults, drafts }) {
  const stem = String(meta.id || "map");
  const isGood = (/** @type {{ table: string, id: string }} */ row) => !faults.isRefused(row);

  /**
   * Applies the changes without faults to the bytes of their tables' files; nothing is written yet. Returns file name -> new bytes (`files`),
   * the faults, and the tables whose file is missing (`lacking`).
   *
   * @param {(table: string) => Promise<File | null>} fileOf returns the file of a table; null for none
   */
  async function patched(fileOf) {
    await faults.settled;
    const changes = list.net.filter(isGood), result = { lacking: /** @type {string[]} */ ([]), faults: /** @type {ToldFault[]} */ ([]), files: /** @type {Map<string, Uint8Array>} */ (new Map()) };
    for (const table of new Set(changes.map((one) => one.table))) {
      const file = await fileOf(table);
      if (!file) {
        result.lacking.push(table);
        continue;
      }
      const { bytes, faults: told } = await validator.patch(file.name, table, new Uint8Array(await file.arrayBuffer()), changes.filter((one) => one.table === table));
      result.faults.push(...told);
      if (bytes) result.files.set(`${table}.csv`, bytes);
    }
    return result;
  }

  return {
    /** Downloads a change file. */
    async changeFile() {
      await faults.settled;
      download(new Blob([list.file(isGood)], { type: "application/json" }), `${stem}-changes.json`);
    },
    /** Downloads a copy of the page that contains the changes. */
    page() { download(QJMap.page.pageWithDrafts(drafts().all.filter((draft) => draft.state !== "refused" && !isOfEditor(draft))), `${stem}-edited.html`); },
    /**
     * Applies the changes to given files and downloads the changed ones as a zip archive, unless there is a fault or a file is missing.
     *
     * @param {File[]} given
     * @returns {Promise<Saved>}
     */
    async tables(given) {
      const byTable = new Map(given.map((file) => [file.name.replace(/\.csv$/i, "").toLowerCase(), file]));
      const { lacking, faults: told, files } = await patched(async (table) => byTable.get(table) || null);
      if (!told.length && !lacking.length && files.size) download(zipOf(files), `${stem}-tables.zip`);
      return { done: Array.from(files.keys()), faults: told, lacking };
    },
    /** Applies the changes to the tables in a folder, unless there is a fault or a file is missing. @param {Folder} opened @returns {Promise<Saved>} */
    async folder(opened) {
      const folder = await tablesIn(opened), handles = /** @type {Map<string, FileHandle>} */ (new Map());
      const { lacking, faults: told, files } = await patched(async (table) => {
        try {
          const handle = await folder.getFileHandle(`${table}.csv`);
          handles.set(`${table}.csv`, handle);
          return await handle.getFile();
        } catch {
          return null;
        }
      });
      const done = /** @type {string[]} */ ([]);
      for (const [name, bytes] of told.length || lacking.length ? [] : files) {
        const writable = await /** @type {FileHandle} */ (handles.get(name)).createWritable(); // replaces the file when it is closed
        await writable.write(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
        await writable.close();
        done.push(name);
      }
      return { done, faults: told, lacking };
    },
    /** Downloads a workbook of all tables. */
    async workbook() {
      await faults.settled;
      download(await workbookOfTables(program, rows, isGood), `${stem}-tables.xlsx`);
    },
  };
}
