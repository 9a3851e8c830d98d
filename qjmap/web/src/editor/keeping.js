/* Keeps changes and drafts over the end of the page, and asks before unsaved ones are left. */

import { makeStorage } from "./storage.js";

/** @typedef {{ kept: import("./change-list.js").Kept, drafts: Draft[] }} Stored */

/**
 * @param {PageFace} face
 * @param {import("./rows.js").ChangeList} list
 */
export function makeKeeping({ meta, language, drafts }, list) {
  const key = `${String(meta.id)}\n${language.pick(meta.title, "")}`, storage = makeStorage(key, window.indexedDB);
  const carrier = document.getElementById("qjmap-drafts"); // travels with the page when it is saved
  const draftsNow = () => drafts().all.filter(({ state }) => state !== "refused");
  let saved = { changes: "[]", drafts: "[]" }; // as they were when they were last saved as a file, or came with the page
  const now = () => ({ changes: JSON.stringify(list.all), drafts: JSON.stringify(draftsNow()) });

  function keep() {
    const { changes } = now(), all = draftsNow();
    if (changes === "[]") carrier?.removeAttribute("data-changes"); else carrier?.setAttribute("data-changes", changes);
    return storage.save(list.all.length || all.length ? { kept: list.kept, drafts: all } : null);
  }

  return {
    key, keep,
    saved() { saved = now(); },
    forget: () => storage.save(null),
    /** Takes over the changes that the page carries; gives what was kept earlier and is not there, null for nothing. @returns {Promise<Stored | null>} */
    async start() {
      list.restore({ changes: JSON.parse(carrier?.getAttribute("data-changes") || "[]"), undone: [] });
      saved = now();
      const stored = /** @type {Stored | null} */ (await storage.load());
      drafts().onChange(keep);
      list.onChange(keep);
      window.addEventListener("beforeunload", (event) => {
        const { changes, drafts: all } = now();
        if (changes !== saved.changes || all !== saved.drafts) event.preventDefault();
      });
      const isOther = stored && (JSON.stringify(stored.kept.changes) !== saved.changes || stored.drafts.some(({ key: own }) => !drafts().of(own)));
      return isOther ? stored : null;
    },
  };
}
