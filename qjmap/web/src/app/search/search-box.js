/* The search field: a combobox whose list shows the matching rows with their kind; matching letters are marked. */

import { closest, el, langOf, listen, templatePart } from "../base/dom.js";
import { isPhone } from "../base/page-layout.js";

const SHOWN = 60; // maximum number of results that are listed

/** @typedef {{ language: Language, store: Store, format: Format, own: OwnColumns, words: import("./row-search.js").RowWords, go: SelectRow, switches: LayerSwitches }} Parts What the search field uses; `words` returns further words of rows, `go` selects a row. */

/**
 * Returns the function that makes an option of the list of results.
 *
 * @param {Parts} parts
 * @param {() => RowSearch} search returns the search
 */
function makeOptions({ language, store, own, words }, search) {
  /** Returns whether a text contains what is searched for. @param {string} text @param {string} query */
  const holds = (text, query) => search().marks(text, query).some(([, hit]) => hit);

  /**
   * Returns an element with a text in which the matches are marked.
   *
   * @param {string} className
   * @param {string} text
   * @param {string} query
   */
  const marked = (className, text, query) => el("span", { class: className, lang: langOf(text) },
    search().marks(text, query).map(([part, hit]) => (hit ? el("mark", {}, part) : part)));

  /**
   * Returns the text that matches when the name does not: the other name, an alias, the address, a further word or an own column; without one
   * (an id may match) the other name.
   *
   * @param {Ref} r
   * @param {string} query
   */
  function reason(r, query) {
    const fields = [store.otherName(r), ...store.list(r, "aliases"), store.get(r, "address"), store.get(r, "adcode"), ...words.of(r), ...words.related(r),
      ...own.of(store.tableOf(r)).map((column) => own.text(r, column))];
    return fields.find((field) => field && holds(field, query)) || store.otherName(r);
  }

  /**
   * Makes the option of a row: its name and, below it, the text that matches if the name does not, else the other name; with the matches marked.
   *
   * @param {Ref} r
   * @param {number} index its index among the results
   * @param {string} query
   */
  return (r, index, query) => {
    const name = store.name(r), second = holds(name, query) ? store.otherName(r) : reason(r, query);
    return el("li", { id: "qj-result-" + index, role: "option", "aria-selected": "false", "data-index": index },
      el("span", { class: "qj-result-text" },
        marked("qj-result-name", name, query),
        second ? marked("qj-result-more", second, query) : null),
      store.draft(r) ? el("span", { class: "qj-badge qj-draft" }, language.t("draft.one")) : null,
      el("span", { class: "qj-badge", "data-table": store.tableOf(r) }, store.kind(r)));
  };
}

/**
 * Makes the list of results, one of which may be active.
 *
 * @param {HTMLInputElement} input the search field
 */
function makeResultList(input) {
  const list = templatePart("results");
  let active = -1;

  /** Makes a result the active one. @param {number} index -1 for none */
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

  return {
    node: list, activate,
    get active() { return active; },
    get isOpen() { return !list.hidden; },
    /** Opens or closes the list. @param {boolean} yes */
    open(yes) {
      list.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes));
      if (!yes) activate(-1);
    },
  };
}

/**
 * Makes the object that searches for the typed text, lists the results and selects one.
 *
 * @param {Parts} parts
 * @param {HTMLInputElement} input
 * @param {ReturnType<typeof makeResultList>} list
 */
function makeLookup(parts, input, list) {
  const { language, store, format, go } = parts, clear = templatePart("search-clear");
  /** @type {RowSearch | null} null until the search is ready */
  let search = null;
  let refs = /** @type {Ref[]} */ ([]); // rows of the results
  let turn = 0; // number of the latest search
  let picksFirst = false, isPending = false; // whether Enter was pressed before the result came; whether a search is running
  const option = makeOptions(parts, () => /** @type {RowSearch} */ (search));

  /** Selects the row of a result. @param {number} index */
  function pick(index) {
    picksFirst = false;
    const r = refs[index];
    if (r === undefined) return;
    list.open(false);
    go(store.id(r), { focus: true });
  }

  /** Searches for the typed text and lists the results, unless a later search has begun meanwhile. */
  async function update() {
    const query = input.value, mine = ++turn;
    clear.hidden = !query;
    if (!search || !query.trim()) {
      refs = [];
      isPending = picksFirst = false;
      list.node.replaceChildren();
      list.open(false);
      return;
    }
    isPending = true;
    const result = await search.find(query, SHOWN);
    if (!result || mine !== turn) return;
    isPending = false;
    refs = result.refs;
    const total = format.number(result.total);
    const hint = !result.complete ? "search.reading" : !refs.length ? "search.none" : result.total > refs.length ? "search.more" : "";
    list.node.replaceChildren(...refs.map((r, index) => option(r, index, query)));
    if (hint) list.node.append(el("li", { class: "qj-none", role: "presentation" }, language.t(hint, { shown: refs.length, total })));
    templatePart("said").textContent = language.t("search.count", { total });
    list.open(true);
    list.node.scrollTop = 0;
    list.activate(refs.length ? 0 : -1);
    if (picksFirst) pick(0);
  }

  return {
    update, pick,
    get isEmpty() { return !refs.length; },
    /** Searches after the text has changed. */
    type() { picksFirst = false; update(); },
    /** Makes another result active; after the last follows the first. @param {number} by number of results */
    step(by) {
      if (!list.isOpen) list.open(true);
      list.activate((list.active + by + refs.length) % refs.length);
    },
    /** Selects the active result; if a search is running, its first result as soon as it comes. */
    confirm() {
      if (isPending) picksFirst = true;
      else pick(list.active < 0 ? 0 : list.active);
    },
    /** Sets the search, as soon as it is ready, and searches for a text that was typed before. @param {RowSearch} index */
    start(index) {
      search = index;
      if (input.value) update();
      search.onMore(() => { if (list.isOpen) update(); });
    },
  };
}

/** Makes the search field; the returned `start` is called with the row search once that is ready. @param {Parts} parts */
export function makeSearchBox(parts) {
  const { language, switches } = parts, input = /** @type {HTMLInputElement} */ (templatePart("search")), clear = templatePart("search-clear");
  const list = makeResultList(input), lookup = makeLookup(parts, input, list);

  language.bind(input, "search.placeholder", "placeholder");
  language.bind(input, "search.label", "aria-label");
  language.bind(list.node, "search.results", "aria-label");
  language.bind(clear, "search.clear", "aria-label");
  listen(input, "input", lookup.type);
  listen(input, "focus", () => {
    if (isPhone()) switches.open(false); // the sheet of layers would cover the results
    if (input.value && !list.isOpen) lookup.update();
  });
  listen(input, "keydown", (event) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && !lookup.isEmpty) {
      event.preventDefault();
      lookup.step(step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      lookup.confirm();
    } else if (event.key === "Escape" && (list.isOpen || input.value)) {
      event.stopPropagation();
      if (!list.isOpen) input.value = "";
      list.open(false);
      clear.hidden = !input.value;
    }
  });
  // The list must not take the focus away from the field.
  listen(list.node, "pointerdown", (event) => event.preventDefault());
  listen(list.node, "click", (event) => {
    const option = closest(event, "[role=option]");
    if (option) lookup.pick(Number(option.dataset.index));
  });
  listen(clear, "click", () => {
    input.value = "";
    lookup.update();
    input.focus();
  });
  document.addEventListener("pointerdown", (event) => { if (!closest(event, "#qj-finder")) list.open(false); });
  language.onChange(() => { if (list.isOpen) lookup.update(); });
  return { start: lookup.start };
}
