/* Lists in the opening card what has changed since the previous edition: one sentence for each change, with a link to its row if it has one. */

import { buttonOf, el } from "../app/base/dom.js";

/** Whether the page shows two editions and what changed between them. @param {Meta} meta */
export const isOfTwoEditions = (meta) => "edition_change" in (meta.vocab || {});

/**
 * Returns a function that makes the section of the card with the changes; it returns null if there is no previous edition.
 *
 * @param {PageFace} face
 * @returns {() => HTMLElement | null} makes the section in the language that the page has now
 */
export function makeEditionChanges({ meta, language, store, go }) {
  const { changes } = meta, { pick } = language;
  if (!changes) return () => null;
  let isOpen = isOfTwoEditions(meta);
  return () => {
    const rows = changes.rows.map((row) => {
      const sentence = pick(row, "");
      return el("li", {}, store.ref(row.id) === undefined ? sentence : buttonOf("qj-change", sentence, () => { go(row.id, { focus: true }); }));
    });
    const section = el("details", { class: "qj-changes" }, el("summary", {}, pick(changes.title, "")), changes.lines.map((line) => el("p", { class: "qj-quiet" }, pick(line, ""))), el("ul", {}, rows));
    section.open = isOpen;
    section.addEventListener("toggle", () => {
      if (section.open && !isOpen) section.scrollIntoView({ block: "start" });
      isOpen = section.open;
    });
    return section;
  };
}
