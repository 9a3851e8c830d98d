/* Starts the editor on demand, and offers to restore what the browser has stored of an earlier visit. */

import { makeChangedRows } from "./apply-changes-to-page.js";
import { keyOf, makeChangeList } from "./change-list.js";
import { makeToolButton } from "./dialog-frame.js";
import { makeEditStore } from "./edit-store.js";
import { makeEditor } from "./editor-dialog.js";
import { makeRowFaults } from "./row-faults.js";
import { buttonOf, el, templatePart } from "../app/base/dom.js";

/** @typedef {Awaited<ReturnType<typeof makeEditor>>} Editor */
/** @typedef {import("./editor-dialog.js").Edits} Edits */

/** @type {PageFace} */
let face;
/** @type {() => Promise<Editor>} */
let start;
/** @type {Edits} */
let edits;

/** Returns a promise that resolves when all parts of the page are ready. */
const whenReady = () => new Promise((resolve) => {
  const root = document.documentElement, observer = new MutationObserver(look);
  function look() {
    if (root.dataset.qjmap !== "ready") return;
    observer.disconnect();
    resolve(undefined);
  }
  observer.observe(root, { attributes: true });
  look();
});

/** Shows a card that offers to restore stored changes and drafts. @param {import("./edit-store.js").Stored} stored */
function offer({ kept, drafts }) {
  const { t } = face.language, all = face.drafts(), { list, store } = edits;
  const card = el("div", { id: "qj-editor-offer", class: "qj-card", role: "status" }, el("p", {}, t("editor.offer", { count: kept.steps.flat().length, drafts: drafts.length })));
  const restore = async () => {
    card.remove();
    const former = store.settle(true);
    if (former) {
      const missing = former.drafts.filter(({ key }) => !all.of(key));
      list.restore(former.kept);
      if (missing.length) await all.set([...all.all, ...missing]);
    }
    const editor = await start();
    editor.open(true);
    editor.say(t("editor.restored"));
  };
  const discard = () => {
    card.remove();
    store.settle(false);
  };
  card.append(el("div", { class: "qj-actions" }, buttonOf("qj-action", t("editor.restore"), restore, { "data-act": "restore" }), buttonOf("qj-action", t("editor.discard"), discard, { "data-act": "discard" })));
  templatePart("stage").append(card);
}

/** Adds the editor to a page. @param {PageFace} given */
export function connect(given) {
  face = given;
  const list = makeChangeList(String(given.meta.id)), points = /** @type {Edits["points"]} */ (new Map());
  const faults = makeRowFaults();
  edits = { list, faults, points, store: makeEditStore(given, list), changedRows: makeChangedRows(given, list, faults, (table, id) => points.get(keyOf({ table, id }))) };
  /** @type {Promise<Editor> | null} */
  let starting = null;
  start = () => (starting = starting || ready.then(() => makeEditor(given, edits)));
  // Escape closes the editor wherever the focus is; inside of it, its own listener handles the key.
  document.addEventListener("keydown", (event) => {
    const view = document.getElementById("qj-editor");
    if (event.key !== "Escape" || event.defaultPrevented || !view || view.hidden) return;
    event.preventDefault();
    start().then((editor) => editor.press(event));
  });
  makeToolButton(given.language, async () => { const editor = await start(); editor.open(!editor.isOpen); });
  const ready = whenReady().then(async () => {
    const stored = await edits.store.start();
    if (stored) offer(stored);
  });
  ready.then(() => { if (list.all.length) start(); }); // the page carries changes, which it shows
}

/**
 * Returns what the panel of a row shows of the editor: its changed cells and a button to edit it; null for a draft that is not of the editor.
 *
 * @param {Ref} r
 * @returns {Child}
 */
export function rowButton(r) {
  const { store, language } = face, table = store.tableOf(r), id = store.id(r);
  if (store.draft(r) && !edits.list.of(table, id)) return null;
  return [edits.changedRows.note(table, id), buttonOf("qj-action", language.t("editor.begin"), async () => {
    const editor = await start();
    editor.open(true);
    await editor.edit(table, id);
  }, { "data-act": "edit" })];
}

/**
 * Returns the changes for `qjmap serve`, which shows the page in a frame and applies them to the tables.
 *
 * @returns {{ count: number, file: string }} number of changes without faults, and the text of their file
 */
export function changes() {
  const { list, faults } = edits, isGood = (/** @type {RowChange} */ change) => !faults.isRefused(change);
  return { count: list.all.filter(isGood).length, file: list.file(isGood) };
}

/** Removes the changes without faults, after `qjmap serve` has applied them to the tables. */
export async function applied() {
  edits.list.forget((change) => !edits.faults.isRefused(change));
  edits.store.markSaved();
}
