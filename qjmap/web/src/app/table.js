/* The list view: every row of every table, the equal of the map without seeing it. It shows what the filter leaves,
 * searchable and sortable at any number of rows; only what is in the window is in the document. Drafts stand first.
 */

import { el, langOf, templatePart } from "./dom.js";
import { listColumns } from "./list/columns.js";
import { makeVirtualRows } from "./list/rows.js";
import { makeRowOrder } from "./list/sorting.js";

const LOOKED = 5000; // rows of a table up to which empty columns are left out

/** @param {{ language: Language, store: Store, format: Format, filter: Filter, filters: Filters, go: Go }} given */
export function makeTable({ language, store, format, filter, filters, go }) {
  const { t } = language;
  const view = templatePart("list");
  const tabs = templatePart("list-tabs");
  const field = templatePart("list-filter");
  const scroll = templatePart("list-scroll");
  const count = templatePart("list-count");
  const button = templatePart("list-button");
  const close = templatePart("list-close");
  const COLUMNS = listColumns({ language, store, format });
  const sorted = makeRowOrder({ store, language });
  /** @type {any} */
  let search = null;
  let table = store.tables[0];
  let sort = { key: "", down: false };
  /** @type {any[]} */
  let drafts = []; // refs of the drafts, before all rows of the table
  /** @type {any} */
  let order = null; // row numbers in the order shown, null for all rows as they are in the table
  let turns = 0;

  /* Columns that the window has room for; of a table that is looked through at once, without those that are empty. */
  const columns = () => /** @type {Record<string, any[]>} */ (COLUMNS)[table].filter((one) => !one.from || (window.innerWidth >= one.from && !isEmpty(one)));
  const empty = new Map();

  /** @param {any} column */
  function isEmpty(column) {
    const name = table + "." + column.key;
    if (!empty.has(name)) {
      const total = store.rows(table);
      let row = total > LOOKED ? 0 : total;
      while (row > 0 && !column.text(store.refOf(table, row - 1))) row--;
      empty.set(name, row === 0 && total <= LOOKED);
    }
    return empty.get(name);
  }
  let shown = columns();

  /** @param {any} index */
  const refAt = (index) => {
    if (index < drafts.length) return drafts[index];
    const at = index - drafts.length;
    return store.refOf(table, order ? order[at] : at);
  };
  const rowsOfTable = () => (order ? order.length : store.rows(table));
  const length = () => drafts.length + rowsOfTable();

  /**
   * Drafts among themselves are few; they are compared as texts or numbers.
   *
   * @param {any} by
   */
  function arrangeDrafts(by) {
    drafts = filter.drafts(table);
    if (!by) return;
    const { compare } = new Intl.Collator(language.now === "zh" ? "zh-Hans-CN" : "en", { numeric: true });
    drafts.sort((a, b) => (sort.down ? -1 : 1) * (by.value ? by.value(a) - by.value(b) || 0 : compare(by.text(a), by.text(b))));
  }

  /* Rows that pass the filter, in the wanted order; null when a newer wish has overtaken this one. */
  async function arrange() {
    const turn = ++turns;
    const by = /** @type {Record<string, any[]>} */ (COLUMNS)[table].find((one) => one.key === sort.key);
    const late = setTimeout(() => { count.textContent = t("list.sorting"); }, 150);
    const all = by ? await sorted(table, by, sort.down, search) : null;
    clearTimeout(late);
    if (turn !== turns) return false;
    const mask = filter.mask(table);
    if (!mask) order = all;
    else {
      const rows = new Uint32Array(filter.count(table));
      for (let i = 0, at = 0; i < mask.length; i++) {
        const row = all ? all[i] : i;
        if (mask[row]) rows[at++] = row;
      }
      order = rows;
    }
    arrangeDrafts(by);
    const text = t("list.count", { shown: format.number(rowsOfTable()), total: format.number(store.rows(table)) });
    count.textContent = format.beside(text, drafts.length);
    return true;
  }

  /**
   * What a row is, for the pointer that rests on it.
   *
   * @param {any} r
   */
  const said = (r) => [store.name(r), store.otherName(r), store.kind(r), store.get(r, "address")].filter(Boolean).join(" · ");

  /**
   * @param {any} index
   * @param {any} there
   * @param {any} current
   */
  function line(index, there, current) {
    const r = refAt(index), draft = store.draft(r);
    return el("tr", { "data-draft": !!draft, "data-index": index, "aria-rowindex": index + 2, tabindex: current ? "0" : "-1", "aria-busy": there ? null : "true" },
      shown.map((col, number) => {
        const text = there || col.coded ? col.text(r) : "…";
        return el(number ? "td" : "th", {
          class: col.number ? "qj-number" : null, scope: number ? null : "row", lang: text ? langOf(text) : null,
          title: !there ? null : number ? text || null : said(r),
        }, number || !draft ? null : el("span", { class: "qj-badge qj-draft" }, t("draft.one")), text);
      }));
  }

  /**
   * @param {any} from
   * @param {any} to
   */
  function need(from, to) {
    const refs = [];
    for (let index = from; index < to; index++) refs.push(refAt(index));
    return store.load(refs);
  }

  const rows = makeVirtualRows(scroll, { line, need, width: () => shown.length });

  function head() {
    return el("tr", { "aria-rowindex": "1" }, shown.map((col, number) => {
      const way = sort.key === col.key ? (sort.down ? "descending" : "ascending") : null;
      const sorter = el("button", { type: "button" }, t("column." + col.key),
        el("span", { class: "qj-arrow", "aria-hidden": "true" }, way ? (sort.down ? "▼" : "▲") : ""));
      sorter.addEventListener("click", async () => {
        sort = { key: col.key, down: sort.key === col.key && !sort.down };
        await fill();
        const again = scroll.querySelectorAll("thead button")[number];
        if (again) again.focus();
      });
      return el("th", { scope: "col", "aria-sort": way, class: [col.wide ? "qj-wide" : "", col.number ? "qj-number" : ""].join(" ").trim() || null }, sorter);
    }));
  }

  /** @param {any} [keep] */
  async function fill(keep) {
    if (view.hidden || !(await arrange())) return;
    shown = columns();
    const body = el("tbody");
    const { activeElement } = document;
    const inside = activeElement && scroll.contains(activeElement) && activeElement.closest("tbody");
    const grid = el("table", { class: "qj-table", role: "grid", "aria-rowcount": length() + 1, "aria-label": t("table." + table), "data-table": table, "data-columns": shown.length },
      el("thead", {}, head()), body);
    scroll.replaceChildren(grid);
    if (!length()) scroll.append(el("p", { class: "qj-none" }, t("search.none")));
    rows.set(body, length(), keep);
    if (inside) templatePart("tab-" + table).focus();
  }

  /** @param {string} name */
  const tabCount = (name) => el("span", { class: "qj-count" }, format.beside(format.number(filter.count(name)), filter.drafts(name).length));

  function tabList() {
    const inside = tabs.contains(document.activeElement);
    tabs.replaceChildren(...store.tables.map((name) => {
      const tab = el("button", {
        type: "button", role: "tab", id: "qj-tab-" + name, "aria-selected": String(name === table), "aria-controls": "qj-list-scroll",
        tabindex: name === table ? "0" : "-1", "data-table": name,
      }, t("table." + name), tabCount(name));
      tab.addEventListener("click", () => choose(name));
      return tab;
    }));
    if (inside) templatePart("tab-" + table).focus();
    scroll.setAttribute("aria-labelledby", "qj-tab-" + table);
  }

  /** @param {string} name */
  function choose(name) {
    table = name;
    sort = { key: "", down: false };
    tabList();
    return fill();
  }

  tabs.addEventListener("keydown", (/** @type {any} */ event) => {
    const at = store.tables.indexOf(table), last = store.tables.length - 1;
    const next = /** @type {Record<string, number>} */ ({ ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last })[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(store.tables[next]);
    templatePart("tab-" + table).focus();
  });

  /** @param {any} index */
  function take(index) {
    const id = store.id(refAt(index));
    open(false);
    go(id, { focus: true });
  }

  scroll.addEventListener("click", (/** @type {any} */ event) => {
    const row = event.target.closest("tbody tr[data-index]");
    if (row) take(Number(row.dataset.index));
  });
  scroll.addEventListener("keydown", (/** @type {any} */ event) => {
    const row = event.target.closest("tbody tr[data-index]");
    if (!row) return;
    const index = Number(row.dataset.index);
    const next = /** @type {Record<string, number>} */ ({
      ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + rows.pageSize, PageUp: index - rows.pageSize, Home: 0, End: length() - 1,
    })[event.key];
    if (next !== undefined) {
      event.preventDefault();
      rows.moveTo(next);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      take(index);
    }
  });
  field.addEventListener("input", () => filters.setText(field.value));

  function follow() {
    if (view.hidden) return;
    if (document.activeElement !== field) field.value = filters.text;
    for (const tab of tabs.children) tab.querySelector(".qj-count").replaceWith(tabCount(tab.dataset.table));
    fill(true);
  }
  filter.onChange(follow);

  /** @param {boolean} yes */
  function open(yes) {
    if (yes === !view.hidden) return;
    view.hidden = !yes;
    // What lies beneath cannot be seen, so it cannot be reached either.
    for (const part of view.parentElement.children) if (part !== view) part.inert = yes;
    button.setAttribute("aria-expanded", String(yes));
    document.documentElement.dataset.list = yes ? "open" : "closed";
    if (yes) {
      field.value = filters.text;
      tabList();
      fill();
      templatePart("tab-" + table).focus();
    } else if (view.contains(document.activeElement) || document.activeElement === document.body) {
      button.focus();
    }
  }

  button.addEventListener("click", () => open(view.hidden));
  close.addEventListener("click", () => open(false));
  window.addEventListener("resize", () => { if (!view.hidden && columns().length !== shown.length) fill(true); });
  language.bind(button.querySelector("span"), "list.open");
  language.bind(close, "list.close", "aria-label");
  language.bind(field, "list.filter", "placeholder");
  language.bind(field, "list.filter", "aria-label");
  language.bind(view, "list.label", "aria-label");
  language.bind(tabs, "list.tabs", "aria-label");
  language.bind(templatePart("list-title"), "list.label");
  language.onChange(() => {
    if (view.hidden) return;
    tabList();
    fill();
  });

  return { open, start: (/** @type {any} */ index) => { search = index; }, get isOpen() { return !view.hidden; } };
}
