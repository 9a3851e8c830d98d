/* The frame of the editor's dialog, and the button of the page that opens it. */

import { buttonOf, el, templatePart } from "../app/base/dom.js";
import { crossIcon, svg } from "../app/base/svg.js";

/**
 * Makes the dialog: title, buttons for undo, redo and the grid, status of the stored changes (`kept`), and body.
 *
 * @param {Language} language
 * @param {{ close: () => void, undo: () => void, redo: () => void, toggleGrid: () => void }} act
 */
export function makeFrame(language, { close, undo, redo, toggleGrid }) {
  const title = el("h2", { id: "qj-editor-title", tabindex: "-1" }), body = el("div", { id: "qj-editor-body" }), kept = el("span", { id: "qj-editor-kept", class: "qj-quiet", role: "status" });
  const buttons = {
    undo: buttonOf("qj-action", "", undo, { "data-act": "undo" }), redo: buttonOf("qj-action", "", redo, { "data-act": "redo" }),
    grid: buttonOf("qj-action", "", toggleGrid, { "data-act": "grid", "aria-pressed": "false" }), close: buttonOf("qj-icon", crossIcon(), close, { id: "qj-editor-close" }),
  };
  const view = el("section", { id: "qj-editor", class: "qj-card", role: "dialog", "aria-labelledby": "qj-editor-title", hidden: true },
    title, buttons.close, el("div", { class: "qj-actions", id: "qj-editor-steps" }, buttons.undo, buttons.redo, buttons.grid, kept), body);
  language.bind(title, "editor.title");
  language.bind(buttons.undo, "editor.undo");
  language.bind(buttons.redo, "editor.redo");
  language.bind(buttons.grid, "grid.open");
  language.bind(buttons.close, "panel.close", "aria-label");
  templatePart("stage").append(view);
  return { view, title, body, buttons, kept };
}

/** Adds the button that opens the editor to the tools of the page. @param {Language} language @param {() => void} open */
export function makeToolButton(language, open) {
  const words = el("span"), button = buttonOf("qj-tool", [svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: "M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3" })), words], open, { id: "qj-editor-button", "aria-expanded": "false", "aria-controls": "qj-editor" });
  language.bind(words, "editor.begin");
  language.bind(button, "editor.title", "title");
  templatePart("drop-button").after(button);
  return button;
}
