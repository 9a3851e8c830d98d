/* The list view: the rows of a table that pass the filter, which can be searched and sorted. It serves readers who cannot see the map. Only the
 * rows in the window are in the document. Drafts are listed first.
 */

import { listColumns } from "./columns.js";
import { makeRowOrder } from "./row-order.js";
import { makeVirtualRows } from "./virtual-rows.js";
import { closest, el, elIn, find, holdsFocus, langOf, listen, templatePart } from "../base/dom.js";
import { makeCover } from "../../runtime/open-views.js";

const LOOKED = 5000; // empty columns are left out of tables with at most this many rows
const SORTED = 20000; // number of rows up to which a table is sorted before it is listed
const FIT = 6; // number of columns above which the table gets a minimum width
const WIDTH = 120; // px of this width for each column
const LATE = 150; // ms of sorting after which the text "list.sorting" is shown

/** @typedef {{ language: Language, store: Store, format: Format, own: OwnColumns, filter: RowFilter, filters: FilterPanel, go: SelectRow }} Parts What the list view uses; `own` reads own columns, `go` selects a row. */
/**
 * @typedef {{ table: string, sort: { key: string, down: boolean }, columns: ListColumn[] }} State
 * The table that is listed, the column that it is sorted by (its key, "" at first; `down` for descending), and the columns that are shown.
 */
/** @typedef {ReturnType<typeof makeListedRows>} ListedRows */

/**
 * Makes the choice of columns: those that the reader has chosen, else those that fit the window; empty columns of a small table are left out.
 *
 * @param {Parts} parts
 */
function makeColumnChoice(parts) {
  const { store } = parts, all = listColumns(parts);
  /** @type {Map<string, Set<string>>} table -> keys of the columns that the reader has chosen */
  const chosen = new Map();
  /** @type {Map<string, boolean>} table and key of a column -> whether it is empty */
  const empty = new Map();

  /**
   * Returns whether a column has no filled cell; false for tables with too many rows to look at.
   *
   * @param {string} table
   * @param {ListColumn} column
   */
  function isEmpty(table, column) {
    const total = store.rows(table);
    for (let row = 0; row < total; row++) if (total > LOOKED || column.text(store.refOf(table, row))) return false;
    return true;
  }

  return {
    /** Returns the column with a key; undefined without one. @param {string} table @param {string} key */
    named: (table, key) => all[table].find((column) => column.key === key),
    /** Returns all columns of a table. @param {string} table */
    all: (table) => all[table],
    /**
     * Returns the column by which a table is sorted at first, that of the names; undefined for a large table, and for one whose first column is
     * not sorted by the search index (legs, totals): their rows stay in the order of the table.
     *
     * @param {string} table
     */
    first: (table) => (store.rows(table) > SORTED || !all[table][0].sorted ? undefined : all[table][0]),
    /** Sets the columns that are shown. @param {string} table @param {Iterable<string>} keys */
    choose: (table, keys) => chosen.set(table, new Set(keys)),
    /** Returns the columns that are shown. @param {string} table */
    of: (table) => all[table].filter((column) => {
      const own = chosen.get(table);
      if (own) return own.has(column.key);
      if (!column.from) return true;
      const name = table + "." + column.key, known = empty.get(name) ?? isEmpty(table, column);
      empty.set(name, known);
      return window.innerWidth >= column.from && !known;
    }),
  };
}

/**
 * Makes the list of rows: those of the listed table that pass the filter, in the chosen order; drafts come before them.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {ReturnType<typeof makeColumnChoice>} choice
 */
function makeListedRows({ language, store, format, filter }, state, choice) {
  const count = templatePart("list-count"), orderOf = makeRowOrder({ store, language });
  /** @type {RowSearch | null} */
  let search = null;
  /** @type {Ref[]} */
  let drafts = [];
  /** @type {Uint32Array | null} row numbers in display order; null for all rows in the order of the table */
  let order = null;
  let turn = 0; // number of the latest call of `arrange`
  const rowCount = () => (order ? order.length : store.rows(state.table));

  /** Sorts the drafts by a column; they are few, so their cells are compared directly. @param {ListColumn | undefined} column */
  function arrangeDrafts(column) {
    drafts = filter.drafts(state.table);
    if (!column) return;
    const { compare } = new Intl.Collator(language.now === "zh" ? "zh-Hans-CN" : "en", { numeric: true }), { value, text } = column;
    drafts.sort((a, b) => (state.sort.down ? -1 : 1) * (value ? value(a) - value(b) || 0 : compare(text(a), text(b))));
  }

  /** Returns the rows of an order (null: that of the table) that are in a mask. @param {Uint32Array | null} all @param {Uint8Array} mask */
  function masked(all, mask) {
    const rows = new Uint32Array(filter.count(state.table));
    for (let i = 0, k = 0; i < mask.length; i++) {
      const row = all ? all[i] : i;
      if (mask[row]) rows[k++] = row;
    }
    return rows;
  }

  return {
    get length() { return drafts.length + rowCount(); },
    /** Sets the search, by which names are sorted, as soon as it is ready. @param {RowSearch} index */
    start(index) { search = index; },
    /** Returns the row at an index of the list; drafts come first. @param {number} index @returns {Ref} */
    refAt(index) {
      if (index < drafts.length) return drafts[index];
      const k = index - drafts.length;
      return store.refOf(state.table, order ? order[k] : k);
    },
    /** Filters and sorts the rows; resolves to true, or to false if a later call has overtaken this one. */
    async arrange() {
      const mine = ++turn, { table, sort } = state, column = choice.named(table, sort.key) || choice.first(table);
      const late = setTimeout(() => { count.textContent = language.t("list.sorting"); }, LATE);
      const all = column ? await orderOf(table, column, sort.down, search) : null;
      clearTimeout(late);
      if (mine !== turn) return false;
      const mask = filter.mask(table);
      order = mask ? masked(all, mask) : all;
      arrangeDrafts(column);
      count.textContent = format.beside(format.rows(filter.numbers(table), true), drafts.length);
      return true;
    },
  };
}

/**
 * Makes the table in the document: its header and its virtual rows.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {ListedRows} listed
 * @param {() => Promise<void>} refill arranges the rows and fills the table again
 */
function makeGrid({ language: { t }, store }, state, listed, refill) {
  const scroll = templatePart("list-scroll");

  /** Returns name, kind and address of a row as one line, for its tooltip. @param {Ref} r */
  const summary = (r) => [store.name(r), store.otherName(r), store.kind(r), store.get(r, "address")].filter(Boolean).join(" · ");

  /**
   * Makes the element of a row.
   *
   * @param {number} index index of the row in the list
   * @param {boolean} isLoaded whether its texts can be read
   * @param {boolean} isCurrent whether Tab reaches it
   */
  function line(index, isLoaded, isCurrent) {
    const r = listed.refAt(index), draft = store.draft(r);
    return el("tr", { "data-draft": !!draft, "data-id": store.id(r), "data-index": index, "aria-rowindex": index + 2, tabindex: isCurrent ? "0" : "-1", "aria-busy": isLoaded ? null : "true" },
      state.columns.map((column, number) => {
        const text = isLoaded || column.coded ? column.text(r) : "…";
        return el(number ? "td" : "th", {
          class: column.number ? "qj-number" : null, scope: number ? null : "row", lang: text ? langOf(text) : null,
          title: !isLoaded ? null : number ? text || null : summary(r),
        }, number || !draft ? null : el("span", { class: "qj-badge qj-draft" }, t("draft.one")), text);
      }));
  }

  /** Unpacks the texts of the rows [from, to) of the list; returns a promise, null if they can be read already. @param {number} from @param {number} to */
  const need = (from, to) => store.load(Array.from({ length: Math.max(0, to - from) }, (_, k) => listed.refAt(from + k)));
  const rows = makeVirtualRows(scroll, { line, need, width: () => state.columns.length });

  /** Makes a column header with its button for sorting. @param {ListColumn} column @param {number} number index of the column */
  function headCell({ key, title, wide, number: isNumber }, number) {
    const { sort } = state, direction = sort.key === key ? (sort.down ? "descending" : "ascending") : null;
    const sorter = el("button", { type: "button" }, title ? title() : t("column." + key),
      el("span", { class: "qj-arrow", "aria-hidden": "true" }, direction ? (sort.down ? "▼" : "▲") : ""));
    listen(sorter, "click", async () => {
      state.sort = { key, down: state.sort.key === key && !state.sort.down };
      await refill();
      const again = /** @type {NodeListOf<HTMLElement>} */ (scroll.querySelectorAll("thead button"))[number];
      if (again) again.focus();
    });
    return el("th", { scope: "col", "aria-sort": direction, class: [wide ? "qj-wide" : "", isNumber ? "qj-number" : ""].join(" ").trim() || null }, sorter);
  }

  return {
    scroll, rows,
    /** Makes the table again; with `keep` at the same scroll position and current row. @param {boolean} [keep] */
    fill(keep) {
      const body = el("tbody"), { table, columns } = state, { activeElement } = document;
      const inside = activeElement && scroll.contains(activeElement) && activeElement.closest("tbody");
      const grid = el("table", { class: "qj-table", role: "grid", "aria-rowcount": listed.length + 1, "aria-label": t("table." + table), "data-table": table, "data-columns": columns.length },
        el("thead", {}, el("tr", { "aria-rowindex": "1" }, columns.map(headCell))), body);
      if (columns.length > FIT) {
        grid.style.minWidth = (columns.length + 1) * WIDTH + "px";
        grid.style.setProperty("--wide", Math.min(28, 200 / columns.length) + "%");
      }
      scroll.replaceChildren(grid);
      if (!listed.length) scroll.append(el("p", { class: "qj-none" }, t("search.none")));
      rows.set(body, listed.length, keep);
      if (inside) templatePart("tab-" + table).focus();
    },
  };
}

/**
 * Makes the tabs of the tables. Returns `fill`, which makes them again, and `count`, which only updates their numbers of rows.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {(table: string) => void} choose lists another table
 */
function makeTabs({ language: { t }, store, format, filter }, state, choose) {
  const tabs = templatePart("list-tabs");
  /** Returns an element with the number of rows that a table shows. @param {string} table */
  const count = (table) => el("span", { class: "qj-count" }, format.beside(format.rows(filter.numbers(table), false), filter.drafts(table).length));

  listen(tabs, "keydown", (event) => {
    const index = store.tables.indexOf(state.table), last = store.tables.length - 1;
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index ? index - 1 : last, Home: 0, End: last };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(store.tables[next]);
    templatePart("tab-" + state.table).focus();
  });

  return {
    fill() {
      const inside = tabs.contains(document.activeElement);
      tabs.replaceChildren(...store.tables.map((table) => {
        const isChosen = table === state.table;
        const tab = el("button", {
          type: "button", role: "tab", id: "qj-tab-" + table, "aria-selected": String(isChosen), "aria-controls": "qj-list-scroll",
          tabindex: isChosen ? "0" : "-1", "data-table": table,
        }, t("table." + table), count(table));
        listen(tab, "click", () => choose(table));
        return tab;
      }));
      if (inside) templatePart("tab-" + state.table).focus();
      templatePart("list-scroll").setAttribute("aria-labelledby", "qj-tab-" + state.table);
    },
    count() {
      for (const tab of /** @type {HTMLCollectionOf<HTMLElement>} */ (tabs.children)) find(tab, ".qj-count").replaceWith(count(tab.dataset.table || ""));
    },
  };
}

/**
 * Makes the menu in which the reader chooses the columns of the listed table; the first column is always shown. Returns the function that
 * writes the title of the menu in the page's language.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {ReturnType<typeof makeColumnChoice>} choice
 * @param {(keep: boolean) => void} refill fills the list again
 */
function makeColumnMenu({ language: { t } }, state, choice, refill) {
  const boxes = el("div", { tabindex: "-1" }), summary = el("summary", {}), menu = el("details", { id: "qj-list-columns" }, summary, boxes);

  /** Makes the checkbox of a column. @param {ListColumn} column */
  function box({ key, title }) {
    const input = el("input", { type: "checkbox", value: key, checked: state.columns.some((column) => column.key === key) });
    listen(input, "change", () => {
      const keys = state.columns.map((column) => column.key).filter((one) => one !== key);
      choice.choose(state.table, input.checked ? [...keys, key] : keys);
      refill(true);
    });
    return el("label", { class: "qj-switch" }, input, elIn("span", {}, title ? title() : t("column." + key)));
  }

  listen(menu, "toggle", () => { if (menu.open) boxes.replaceChildren(...choice.all(state.table).slice(1).map(box)); });
  listen(menu, "focusout", ({ relatedTarget }) => { if (!menu.contains(/** @type {Node | null} */ (relatedTarget))) menu.open = false; });
  listen(menu, "keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
    event.preventDefault();
  });
  templatePart("list-close").before(menu);
  return () => { summary.textContent = t("list.columns"); };
}

/**
 * Handles clicks and keys on rows.
 *
 * @param {ReturnType<typeof makeGrid>} grid
 * @param {ListedRows} listed
 * @param {(index: number) => void} pick called with the index of the row that is clicked, or on which Enter or the space bar is pressed
 */
function listenToRows({ scroll, rows }, listed, pick) {
  listen(scroll, "click", (event) => {
    const row = closest(event, "tbody tr[data-index]");
    if (row) pick(Number(row.dataset.index));
  });
  listen(scroll, "keydown", (event) => {
    const row = closest(event, "tbody tr[data-index]");
    if (!row) return;
    const index = Number(row.dataset.index);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + rows.pageSize, PageUp: index - rows.pageSize, Home: 0, End: listed.length - 1 };
    const next = steps[event.key];
    if (next !== undefined) rows.moveTo(next);
    else if (event.key === "Enter" || event.key === " ") pick(index);
    else return;
    event.preventDefault();
  });
}

/**
 * Keeps the fixed texts of the list in the page's language.
 *
 * @param {Language} language
 */
function bindTexts(language) {
  language.bind(templatePart("list-close"), "list.close", "aria-label");
  language.bind(templatePart("list-filter"), "list.filter", "placeholder");
  language.bind(templatePart("list-filter"), "list.filter", "aria-label");
  language.bind(templatePart("list"), "list.label", "aria-label");
  language.bind(templatePart("list-tabs"), "list.tabs", "aria-label");
  language.bind(templatePart("list-title"), "list.label");
}

/** Makes the list view; `start` sets the search by which names are sorted. @param {Parts} parts */
export function makeListView(parts) {
  const { language, store, filter, filters, go } = parts, choice = makeColumnChoice(parts);
  const view = templatePart("list"), field = /** @type {HTMLInputElement} */ (templatePart("list-filter")), button = templatePart("list-button"), cover = makeCover(view, () => open(false));
  /** @type {State} */
  const state = { table: store.tables[0], sort: { key: "", down: false }, columns: choice.of(store.tables[0]) };
  const listed = makeListedRows(parts, state, choice), grid = makeGrid(parts, state, listed, refill), tabs = makeTabs(parts, state, choose);
  const nameMenu = makeColumnMenu(parts, state, choice, refill);

  /** Fills the list again if it is open. @param {boolean} [keep] whether to keep the scroll position */
  async function refill(keep) {
    if (view.hidden || !(await listed.arrange())) return;
    state.columns = choice.of(state.table);
    grid.fill(keep);
  }

  /** Lists another table. @param {string} table */
  function choose(table) {
    state.table = table;
    state.sort = { key: "", down: false };
    tabs.fill();
    refill();
  }

  /** Opens or closes the view. @param {boolean} yes */
  function open(yes) {
    if (yes === !view.hidden) return;
    view.hidden = !yes;
    cover(yes);
    button.setAttribute("aria-expanded", String(yes));
    document.documentElement.dataset.list = yes ? "open" : "closed";
    if (yes) {
      // If filters, the one that follows relations aside, apply to other tables only, the first of these is listed.
      const filtered = store.layered.find((table) => filter.mask(table, "tied"));
      if (filtered && !filter.mask(state.table, "tied")) {
        state.table = filtered;
        state.sort = { key: "", down: false };
      }
      field.value = filters.text;
      tabs.fill();
      refill();
      templatePart("tab-" + state.table).focus();
    } else if (holdsFocus(view)) button.focus();
  }

  listenToRows(grid, listed, (index) => {
    const id = store.id(listed.refAt(index));
    open(false);
    go(id, { focus: true });
  });
  listen(field, "input", () => filters.setText(field.value));
  filter.onChange(() => {
    if (view.hidden) return;
    if (document.activeElement !== field) field.value = filters.text;
    tabs.count();
    refill(true);
  });
  listen(button, "click", () => open(Boolean(view.hidden)));
  listen(templatePart("list-close"), "click", () => open(false));
  window.addEventListener("resize", () => { if (!view.hidden && choice.of(state.table).length !== state.columns.length) refill(true); });
  bindTexts(language);
  nameMenu();
  language.onChange(() => {
    nameMenu();
    if (view.hidden) return;
    tabs.fill();
    refill();
  });

  return { open, start: listed.start, get isOpen() { return !view.hidden; } };
}
