/* The section of the dialog with the buttons that save the changes. */

import { folderPicker } from "./save-to-files.js";
import { buttonOf, el, listen } from "../app/base/dom.js";

/** @typedef {import("./save-to-files.js").Saved} Saved */

/**
 * Makes the element of the section.
 *
 * @param {Language} language
 * @param {ReturnType<typeof import("./save-to-files.js").makeSaver>} saver
 * @param {import("./row-faults.js").RowFaults} faults
 * @param {() => void} saved called when a file contains all changes
 * @param {(words: Child) => void} say shows a message
 */
export function makeSavingSection(language, saver, faults, saved, say) {
  const { t } = language, file = el("input", { id: "qj-editor-files", class: "qj-hidden", type: "file", multiple: true, accept: ".csv" });

  /** Shows a message, and how many rows were left out. @param {Child} words */
  const tell = (words) => say([words, faults.refused.length ? el("p", { class: "qj-fault" }, t("editor.left_out", { count: faults.refused.length })) : null]);
  /** Shows which files were saved, or why none was. @param {Saved} result */
  function report({ done, faults: told, lacking }) {
    if (told.length) say(told.map(({ told: words, file: name, row }) => el("p", { class: "qj-fault" }, `${name}${row === null ? "" : " · " + t("editor.number", { number: row })}: `, words[language.now].message, " ", words[language.now].cure)));
    else if (lacking.length) say(t("editor.lacking", { files: lacking.map((table) => table + ".csv").join("、") }));
    else {
      if (!faults.refused.length) saved();
      tell(t("editor.saved", { files: done.join("、") }));
    }
  }
  /**
   * Returns the handler of a button that saves a file.
   *
   * @param {() => void | Promise<void>} act
   * @param {boolean} isWhole whether the file holds all changes
   */
  const saves = (act, isWhole) => async () => {
    await act();
    if (isWhole && !faults.refused.length) saved();
    tell(null);
  };
  /** Saves the page, which contains rows with faults too. */
  function savePage() {
    saver.page();
    saved();
    say(null);
  }
  /** Saves into a folder that the reader opens. */
  async function saveFolder() {
    const pick = folderPicker();
    if (!pick) return;
    try {
      report(await saver.folder(await pick({ mode: "readwrite" })));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) say(el("p", { class: "qj-fault" }, t("editor.folder_failed", { detail: String(error instanceof Error ? error.message : error) })));
    }
  }

  listen(file, "change", async () => {
    const files = Array.from(file.files || []);
    file.value = "";
    report(await saver.tables(files));
  });
  return el("div", { class: "qj-actions qj-editor-save" }, folderPicker() ? buttonOf("qj-action", t("editor.save_folder"), () => { saveFolder(); }, { "data-act": "save-folder" }) : null,
    el("span", {}, file, el("label", { class: "qj-action", for: file.id }, t("editor.save_tables"))), buttonOf("qj-action", t("editor.save_changes"), saves(saver.changeFile, true), { "data-act": "save-changes" }),
    buttonOf("qj-action", t("editor.save_page"), savePage, { "data-act": "save-page" }), buttonOf("qj-action", t("editor.save_workbook"), saves(saver.workbook, false), { "data-act": "save-workbook" }));
}
