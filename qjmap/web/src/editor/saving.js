/* Saves changes: as a change file, as the project's tables with the changes in them, as a page that carries them. */

import { zipOf } from "./zip.js";
import { download } from "../app/export/file-formats.js";

/** @typedef {{ meta: Meta, list: import("./rows.js").ChangeList, judge: ReturnType<typeof import("./judge.js").makeJudge>, drafts: () => DraftLayer }} SavingParts */
/** @typedef {{ done: string[], faults: ToldFault[], lacking: string[] }} Patched Files that were changed; faults; changed tables whose file was not given. */

/** @param {SavingParts} parts */
export function makeSaving({ meta, list, judge, drafts }) {
  const stem = String(meta.id || "map");
  return {
    changeFile: () => download(new Blob([list.file()], { type: "application/json" }), `${stem}-changes.json`),
    page() {
      download(QJMap.page.pageWithDrafts(drafts().all.filter(({ state }) => state !== "refused")), `${stem}-edited.html`);
    },
    /**
     * Changes the tables that were given, and hands them over as an archive, if none has a fault.
     *
     * @param {File[]} files
     * @returns {Promise<Patched>}
     */
    async tables(files) {
      const tables = Array.from(new Set(list.net.map(({ table }) => table))), given = new Map(files.map((file) => [file.name.replace(/\.csv$/i, "").toLowerCase(), file]));
      const lacking = tables.filter((table) => !given.has(table)), faults = /** @type {ToldFault[]} */ ([]), out = /** @type {Map<string, Uint8Array>} */ (new Map());
      for (const table of tables) {
        const file = given.get(table);
        if (!file) continue;
        const result = await judge.patch(file.name, table, new Uint8Array(await file.arrayBuffer()));
        faults.push(...result.faults);
        if (result.bytes) out.set(`${table}.csv`, result.bytes);
      }
      if (!faults.length && !lacking.length && out.size) download(zipOf(out), `${stem}-tables.zip`);
      return { done: Array.from(out.keys()), faults, lacking };
    },
  };
}
