/* Stores changes and drafts in the browser (IndexedDB), and warns before a page with unsaved ones is closed. */

import { isOfEditor } from "./apply-changes-to-page.js";
import { openStorage } from "./indexed-db.js";

/** @typedef {import("./change-list.js").Kept} Kept */
/** @typedef {{ kept: Kept, drafts: Draft[] }} Stored What the browser stores for a map. */
/** @typedef {ReturnType<typeof makeEditStore>} EditStore */

/**
 * Appends later changes and drafts to stored ones; of two drafts with the same key the later one is kept.
 *
 * @param {Stored} former
 * @param {Stored} now
 * @returns {Stored}
 */
const joined = (former, now) => ({
  kept: { steps: [...former.kept.steps, ...now.kept.steps], undone: now.kept.undone },
  drafts: [...former.drafts.filter(({ key }) => !now.drafts.some((one) => one.key === key)), ...now.drafts],
});

/** Makes the store of the changes and drafts of a map. @param {PageFace} face @param {import("./change-list.js").ChangeList} list */
export function makeEditStore({ meta, language, drafts }, list) {
  const key = `${String(meta.id)}\n${language.pick(meta.title, "")}`, storage = openStorage(key, window.indexedDB);
  const carrier = document.getElementById("qjmap-drafts"); // element that is saved with the page
  const listeners = /** @type {((count: number | null) => void)[]} */ ([]);
  /** Returns the drafts to be stored: without refused ones, and without those that the editor makes from changes. */
  const draftsNow = () => drafts().all.filter((draft) => draft.state !== "refused" && !isOfEditor(draft));
  let saved = { changes: "[]", drafts: "[]" }; // what a file contains: as last saved, or as it came with the page
  const now = () => ({ changes: JSON.stringify(list.all), drafts: JSON.stringify(draftsNow()) });
  /** @type {Stored | null} what an earlier visit has stored, until the reader restores or discards it */
  let offered = null;
  let turn = 0;

  /** Stores changes and drafts; resolves when the browser has stored them. */
  async function keep() {
    const mine = turn += 1, { changes } = now(), stored = { kept: list.kept, drafts: draftsNow() }, all = offered ? joined(offered, stored) : stored;
    if (changes === "[]") carrier?.removeAttribute("data-changes"); else carrier?.setAttribute("data-changes", changes);
    listeners.forEach((listener) => listener(null));
    const isKept = await storage.save(all.kept.steps.length || all.drafts.length ? all : null);
    if (mine === turn && isKept) listeners.forEach((listener) => listener(list.all.length));
  }

  return {
    key, keep,
    /**
     * Registers a listener, which is called with the number of stored changes, and with null while they are being stored.
     *
     * @param {(count: number | null) => void} listener
     */
    onKept: (listener) => { listeners.push(listener); },
    /** Notes that a file contains everything, so that closing the page needs no warning. */
    markSaved() { saved = now(); },
    /**
     * Restores (`isWanted`) or discards what an earlier visit has stored. Returns it together with the present changes and drafts; null if
     * it was discarded.
     *
     * @param {boolean} isWanted
     * @returns {Stored | null} changes and drafts as they are then
     */
    settle(isWanted) {
      const all = isWanted && offered ? joined(offered, { kept: list.kept, drafts: draftsNow() }) : null;
      offered = null;
      if (!isWanted) keep();
      return all;
    },
    /**
     * Restores the changes that the page contains, and starts to store. Returns what an earlier visit has stored, if it is something else;
     * else null.
     *
     * @returns {Promise<Stored | null>}
     */
    async start() {
      const carried = /** @type {RowChange[]} */ (JSON.parse(carrier?.getAttribute("data-changes") || "[]"));
      list.restore({ steps: carried.map((change) => [change]), undone: [] });
      saved = now();
      const stored = /** @type {Stored | null} */ (await storage.load());
      const isOther = stored && (JSON.stringify(stored.kept.steps.flat()) !== saved.changes || stored.drafts.some(({ key: own }) => !drafts().of(own)));
      offered = isOther ? stored : null;
      drafts().onChange(keep);
      list.onChange(keep);
      window.addEventListener("beforeunload", (event) => {
        const { changes, drafts: all } = now();
        if (changes !== saved.changes || all !== saved.drafts) event.preventDefault();
      });
      return offered;
    },
  };
}
