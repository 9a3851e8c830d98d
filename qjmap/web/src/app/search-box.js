/* The search field: a combobox whose list shows what was found, by kind, with the found letters marked. */

import { clearNode, el, isPhone, langOf, templatePart } from "./dom.js";

const SHOWN = 60;

/** @param {{ language: Language, store: Store, format: Format, go: Go, switches: Switches }} given */
export function makeSearchBox({ language, store, format, go, switches }) {
  const input = templatePart("search");
  const list = templatePart("results");
  const clear = templatePart("search-clear");
  const said = templatePart("said");
  /** @type {any} */
  let search = null;
  /** @type {Ref[]} */
  let refs = [];
  let active = -1;
  let turns = 0;
  let taking = false; // Enter was pressed before the answer came
  let pending = false;

  language.bind(input, "search.placeholder", "placeholder");
  language.bind(input, "search.label", "aria-label");
  language.bind(list, "search.results", "aria-label");
  language.bind(clear, "search.clear", "aria-label");

  /**
   * @param {keyof HTMLElementTagNameMap} tag
   * @param {Record<string, any>} props
   * @param {string} text
   * @param {string} query
   */
  function marked(tag, props, text, query) {
    return el(tag, { ...props, lang: langOf(text) },
      search.marks(text, query).map((/** @type {any[]} */ [part, hit]) => (hit ? el("mark", {}, part) : part)));
  }

  /**
   * @param {string} text
   * @param {string} query
   */
  const holds = (text, query) => search.marks(text, query).some((/** @type {any[]} */ [, hit]) => hit);

  /**
   * The field that made the row a result, when its name did not: an alias, the address, the id.
   *
   * @param {Ref} r
   * @param {string} query
   */
  function reason(r, query) {
    const fields = [store.otherName(r), ...store.list(r, "aliases"), store.get(r, "address"), store.get(r, "adcode"), store.id(r)];
    return fields.find((field) => field && holds(field, query)) || store.otherName(r);
  }

  /**
   * @param {Ref} r
   * @param {any} index
   * @param {string} query
   */
  function option(r, index, query) {
    const name = store.name(r);
    const second = holds(name, query) ? store.otherName(r) : reason(r, query);
    return el("li", { id: "qj-result-" + index, role: "option", "aria-selected": "false", "data-index": index },
      el("span", { class: "qj-result-text" },
        marked("span", { class: "qj-result-name" }, name, query),
        second ? marked("span", { class: "qj-result-more" }, second, query) : null),
      store.draft(r) ? el("span", { class: "qj-badge qj-draft" }, language.t("draft.one")) : null,
      el("span", { class: "qj-badge", "data-table": store.tableOf(r) }, store.kind(r)));
  }

  /** @param {boolean} yes */
  function open(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) activate(-1);
  }

  /** @param {any} index */
  function activate(index) {
    const before = list.querySelector("[aria-selected=true]");
    if (before) before.setAttribute("aria-selected", "false");
    active = index;
    const option = index < 0 ? null : templatePart("result-" + index);
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /* Typing never waits: an answer that comes after the next key is dropped. */
  async function update() {
    const query = input.value;
    const turn = ++turns;
    clear.hidden = !query;
    if (!search || !query.trim()) {
      refs = [];
      pending = taking = false;
      clearNode(list);
      open(false);
      return;
    }
    pending = true;
    const found = await search.find(query, SHOWN);
    if (!found || turn !== turns) return;
    pending = false;
    refs = found.refs;
    /**
     * @param {string} key
     * @param {any} [values]
     */
    const note = (key, values) => el("li", { class: "qj-none", role: "presentation" }, language.t(key, values));
    list.replaceChildren(...refs.map((/** @type {Ref} */ r, index) => option(r, index, query)));
    if (!found.complete) list.append(note("search.reading"));
    else if (!refs.length) list.append(note("search.none"));
    else if (found.total > refs.length) list.append(note("search.more", { shown: refs.length, total: format.number(found.total) }));
    said.textContent = language.t("search.count", { total: format.number(found.total) });
    open(true);
    list.scrollTop = 0;
    activate(refs.length ? 0 : -1);
    if (taking) take(0);
  }

  /** @param {any} index */
  function take(index) {
    taking = false;
    const r = refs[index];
    if (r === undefined) return;
    open(false);
    go(store.id(r), { focus: true });
  }

  input.addEventListener("input", () => {
    taking = false;
    update();
  });
  input.addEventListener("focus", () => {
    if (isPhone()) switches.open(false); // the sheet would lie on the results
    if (input.value && list.hidden) update();
  });
  input.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && refs.length) {
      event.preventDefault();
      if (list.hidden) open(true);
      activate((active + step + refs.length) % refs.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      // Enter right after a letter means what that letter finds.
      if (pending) taking = true;
      else take(active < 0 ? 0 : active);
    } else if (event.key === "Escape" && (!list.hidden || input.value)) {
      event.stopPropagation();
      if (list.hidden) input.value = "";
      open(false);
      clear.hidden = !input.value;
    }
  });
  /* The list must not take the focus away from the field. */
  list.addEventListener("pointerdown", (/** @type {any} */ event) => event.preventDefault());
  list.addEventListener("click", (/** @type {any} */ event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(Number(option.dataset.index));
  });
  clear.addEventListener("click", () => {
    input.value = "";
    update();
    input.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element && event.target.closest("#qj-finder"))) open(false);
  });
  language.onChange(() => { if (!list.hidden) update(); });

  return {
    /**
     * Search answers from now on; what was typed before is looked up now.
     *
     * @param {any} index
     */
    start(index) {
      search = index;
      if (input.value) update();
      search.onMore(() => { if (!list.hidden) update(); });
    },
    focus: () => input.focus(),
  };
}
