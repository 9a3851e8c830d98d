/* Starts the editor when it is asked for, and offers what was kept when the page was left. */

import { makeChangeList } from "./change-list.js";
import { makeEditor, makeToolButton } from "./editor.js";
import { makeKeeping } from "./keeping.js";
import { buttonOf, el, templatePart } from "../app/base/dom.js";

/** @typedef {Awaited<ReturnType<typeof makeEditor>>} Editor */

/** @type {PageFace} */
let face;
/** @type {() => Promise<Editor>} */
let start;
/** @type {import("./change-list.js").ChangeList} */
let list;
/** @type {ReturnType<typeof makeKeeping> | null} */
let kept = null;

/** Resolves when all parts of the page are there. */
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

/**
 * A card that offers what was kept.
 *
 * @param {ReturnType<typeof makeKeeping>} keeping
 * @param {import("./keeping.js").Stored} stored
 */
function offer(keeping, { kept: former, drafts }) {
  const { t } = face.language, all = face.drafts();
  const card = el("div", { id: "qj-editor-offer", class: "qj-card", role: "status" }, el("p", {}, t("editor.offer", { count: former.changes.length, drafts: drafts.length })));
  const restore = async () => {
    card.remove();
    list.restore(former);
    await keeping.keep();
    if (drafts.length) await all.set([...all.all, ...drafts.filter(({ key }) => !all.of(key))]);
    const editor = await start();
    editor.redraw();
    editor.open(true);
    editor.say(t("editor.restored"));
  };
  const discard = () => {
    card.remove();
    keeping.forget();
  };
  card.append(el("div", { class: "qj-actions" }, buttonOf("qj-action", t("editor.restore"), restore, { "data-act": "restore" }), buttonOf("qj-action", t("editor.discard"), discard, { "data-act": "discard" })));
  templatePart("stage").append(card);
}

/** Adds the editor to a page; what a reader has stored is offered once the page is ready. @param {PageFace} given */
export function connect(given) {
  face = given;
  list = makeChangeList(String(given.meta.id));
  /** @type {Promise<Editor> | null} */
  let starting = null;
  start = () => (starting = starting || ready.then((keeping) => makeEditor(given, list, keeping)));
  // Escape closes the editor from anywhere; inside it hears the key by itself.
  document.addEventListener("keydown", (event) => {
    const view = document.getElementById("qj-editor");
    if (event.key !== "Escape" || event.defaultPrevented || !view || view.hidden) return;
    event.preventDefault();
    start().then((editor) => editor.press(event));
  });
  makeToolButton(given.language, async () => { const editor = await start(); editor.open(!editor.isOpen); });
  const ready = whenReady().then(async () => {
    const keeping = makeKeeping(given, list), stored = await keeping.start();
    if (stored) offer(keeping, stored);
    kept = keeping;
    return keeping;
  });
  ready.then(() => { if (list.all.length) start(); }); // the page carries changes, which the map shows
}

/** The button in a row's panel; null for a draft. @param {Ref} r @returns {Child} */
export function rowButton(r) {
  const { store, language } = face;
  if (store.draft(r)) return null;
  return buttonOf("qj-action", language.t("editor.begin"), async () => {
    const editor = await start();
    editor.open(true);
    await editor.edit(store.tableOf(r), store.id(r));
  }, { "data-act": "edit" });
}

/**
 * What a program that shows the page in a frame of its own asks of it: `qjmap serve` takes the changes into the tables.
 *
 * @returns {{ count: number, file: string }} number of changes, and the text of their file
 */
export const changes = () => ({ count: list.all.length, file: list.file() });

/** Forgets the changes: they are in the tables now. */
export async function applied() {
  list.clear();
  kept?.saved();
}
