/* The list under a field that refers to rows: what is typed finds them by name, and one is picked with the keyboard or the pointer. */

import { el, langOf, listen } from "../app/base/dom.js";

/** @typedef {{ id: string, name: string, around: string }} Candidate A row that a text may mean; `around` is the name of the place in which it lies, "" for none. */

/**
 * Makes a field an ARIA combobox; returns an element with the field and its list.
 *
 * @param {HTMLInputElement} input
 * @param {(text: string) => Promise<Candidate[]>} find returns the rows that a text may mean
 * @param {(id: string) => void} pick called with the id of the row that the reader picks
 */
export function makeReferenceBox(input, find, pick) {
  const list = el("ul", { id: input.id + "-list", class: "qj-plain qj-editor-found-rows", role: "listbox", hidden: true });
  /** @type {Candidate[]} */
  let found = [];
  let active = -1, turn = 0;
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id], ["autocomplete", "off"]]) input.setAttribute(name, value);

  /** Fills the list; hides it if there are no rows. @param {Candidate[]} rows */
  function show(rows) {
    found = rows;
    list.hidden = !rows.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    list.replaceChildren(...rows.map(({ id, name, around }, at) => el("li", { id: `${list.id}-${at}`, role: "option", "data-id": id, "aria-selected": "false" },
      el("span", { lang: langOf(name) }, name), " ", el("span", { class: "qj-quiet" }, [around, id].filter(Boolean).join(" · ")))));
    move(-1);
    if (rows.length) list.scrollIntoView({ block: "nearest" });
  }

  /** Makes an option the active one. @param {number} to index of the option; -1 for none */
  function move(to) {
    active = to;
    Array.from(list.children).forEach((option, at) => option.setAttribute("aria-selected", String(at === to)));
    if (to < 0) input.removeAttribute("aria-activedescendant"); else input.setAttribute("aria-activedescendant", list.children[to].id);
    list.children[to]?.scrollIntoView({ block: "nearest" });
  }

  /** Lists the rows that the text in the field may mean. @param {boolean} toFirst whether the first row found becomes the active one */
  async function search(toFirst) {
    const number = turn += 1, rows = await find(input.value);
    if (number !== turn || document.activeElement !== input) return;
    show(rows);
    if (toFirst && rows.length) move(0);
  }

  function close() {
    turn += 1;
    show([]);
  }

  /** Closes the list and passes the picked row on. @param {string} id */
  function take(id) {
    close();
    pick(id);
  }

  /** Handles a key that opens or closes the list, moves in it or picks a row; returns whether it did. @param {KeyboardEvent} event */
  function press({ key, altKey }) {
    if (key === "ArrowDown" && list.hidden) search(true);
    else if (list.hidden || altKey) return false;
    else if (key === "ArrowDown") move((active + 1) % found.length);
    else if (key === "ArrowUp") move((active < 1 ? found.length : active) - 1);
    else if (key === "Enter" && active >= 0) take(found[active].id);
    else if (key === "Escape") close();
    else return false;
    return true;
  }

  listen(input, "input", () => { if (input.value.trim()) search(false); else close(); });
  listen(input, "blur", close);
  listen(input, "keydown", (event) => {
    if (event.isComposing || !press(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  listen(list, "pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  listen(list, "click", ({ target }) => {
    const option = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-id]")) : null;
    if (option) take(String(option.dataset.id));
  });
  return el("div", { class: "qj-editor-box" }, input, list);
}
