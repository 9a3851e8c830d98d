/* Keeps changes and drafts in the browser beyond the end of the page, and asks before unsaved ones are left. */

import { isOfEditor } from "./changed-rows.js";
import { openStorage } from "./indexed-db.js";

/** @typedef {import("./change-list.js").Kept} Kept */
/** @typedef {{ kept: Kept, drafts: Draft[] }} Stored What is kept of a map. */
/** @typedef {ReturnType<typeof makeEditStore>} EditStore */

/** What was kept earlier with what has come since. @param {Stored} former @param {Stored} now @returns {Stored} */
const joined = (former, now) => ({
  kept: { steps: [...former.kept.steps, ...now.kept.steps], undone: now.kept.undone },
  drafts: [...former.drafts.filter(({ key }) => !now.drafts.some((one) => one.key === key)), ...now.drafts],
});

/**
 * @param {PageFace} face
 * @param {import("./change-list.js").ChangeList} list
 */
export function makeEditStore({ meta, language, drafts }, list) {
  const key = `${String(meta.id)}\n${language.pick(meta.title, "")}`, storage = openStorage(key, window.indexedDB);
  const carrier = document.getElementById("qjmap-drafts"); // travels with the page when it is saved
  const listeners = /** @type {((count: number | null) => void)[]} */ ([]);
  const draftsNow = () => drafts().all.filter((draft) => draft.state !== "refused" && !isOfEditor(draft));
  let saved = { changes: "[]", drafts: "[]" }; // as they were when they were last saved as a file, or came with the page
  const now = () => ({ changes: JSON.stringify(list.all), drafts: JSON.stringify(draftsNow()) });
  /** @type {Stored | null} what an earlier visit has left, until the reader takes it up or discards it */
  let offered = null;
  let turn = 0;

  /** Writes changes and drafts into the browser's storage; resolves when they are there. */
  async function keep() {
    const mine = turn += 1, { changes } = now(), stored = { kept: list.kept, drafts: draftsNow() }, all = offered ? joined(offered, stored) : stored;
    if (changes === "[]") carrier?.removeAttribute("data-changes"); else carrier?.setAttribute("data-changes", changes);
    listeners.forEach((listener) => listener(null));
    const isKept = await storage.save(all.kept.steps.length || all.drafts.length ? all : null);
    if (mine === turn && isKept) listeners.forEach((listener) => listener(list.all.length));
  }

  return {
    key, keep,
    /** Tells the number of changes in the browser's storage, null while they are being written. @param {(count: number | null) => void} listener */
    onKept: (listener) => { listeners.push(listener); },
    /** Remembers that everything is in a file. */
    markSaved() { saved = now(); },
    /** Ends the offer: with what it held, or, discarded, with nothing. @param {boolean} isWanted @returns {Stored | null} changes and drafts as they are then */
    settle(isWanted) {
      const all = isWanted && offered ? joined(offered, { kept: list.kept, drafts: draftsNow() }) : null;
      offered = null;
      if (!isWanted) keep();
      return all;
    },
    /** Takes over the changes that the page carries; gives what was kept earlier and is not there, null for nothing. @returns {Promise<Stored | null>} */
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
