/* The list view: every row of every table, sortable and searchable, the equal of the map without seeing it.
 *
 * Only the rows in the window (and a few around it) are in the document; row heights are fixed, so the scroll bar is
 * true for any number of rows.
 */
"use strict";

(function (page) {
  const HEIGHT = 40; // px of a row; styles/list.css has the same
  const AROUND = 12; // rows kept above and below the window

  page.makeTable = function (context) {
    const { language, store, format, go } = context;
    const { el } = page;
    const { t, word } = language;
    const view = page.part("list");
    const tabs = page.part("list-tabs");
    const filter = page.part("list-filter");
    const scroll = page.part("list-scroll");
    const count = page.part("list-count");
    const button = page.part("list-button");
    const close = page.part("list-close");
    let search = null;
    let table = store.tables[0];
    let sort = { column: -1, down: false };
    let order = []; // row numbers in the order shown
    let first = -1; // first row in the document
    let current = 0; // index of the row that Tab reaches
    let body = null;

    const names = (r, column) => format.list(store.list(r, column).map((id) => store.nameOfId(id)));
    const column = (key, text, options) => ({ key, text, ...options });
    const plain = (key, name) => column(key, (r) => String(store.get(r, name || key)));
    const vocabulary = (key, group) => column(key, (r) => word(group, store.get(r, key)));
    const dated = (key) => column(key, (r) => format.date(store.get(r, key)), { sort: (r) => store.get(r, key) });
    const numeric = (key, text) => column(key, text, {
      number: true, sort: (r) => (format.isNumber(store.get(r, key)) ? Number(store.get(r, key)) : -Infinity),
    });
    const NAME = column("name", (r) => store.name(r), { wide: true });
    const SOURCE = column("source", (r) => names(r, "source") || t("source.none"));
    const STATUS = column("status", store.status);
    const LEVEL = column("precision", (r) => word("precision", store.get(r, "level") || store.get(r, "precision")));
    const moneyOf = (r) => (format.isNumber(store.get(r, "value_cny"))
      ? format.qualified(format.money(store.get(r, "value_cny")), store.get(r, "value_qualifier")) : "");

    const COLUMNS = {
      places: [NAME, vocabulary("kind", "place_kind"), column("parent", (r) => names(r, "parent")), LEVEL, SOURCE],
      sites: [NAME, vocabulary("category", "category"), STATUS, column("place", (r) => names(r, "place")), LEVEL, SOURCE],
      partnerships: [NAME, vocabulary("kind", "partnership_kind"), STATUS, column("parties", (r) => names(r, "parties"), { wide: true }),
        dated("start"), numeric("value_cny", moneyOf), SOURCE],
      corridors: [NAME, STATUS, column("area", (r) => names(r, "area")), SOURCE],
      corridor_legs: [NAME, column("corridor", (r) => names(r, "corridor")), numeric("seq", (r) => String(store.get(r, "seq"))),
        vocabulary("mode", "mode"), STATUS, numeric("published_km", (r) => String(store.get(r, "published_km"))), SOURCE],
      indicators: [NAME, column("subject", (r) => names(r, "subject")), vocabulary("kind", "indicator_kind"),
        numeric("value", (r) => format.quantity(store.get(r, "value"), store.get(r, "unit"), store.get(r, "qualifier"))), dated("period"), SOURCE],
      sources: [NAME, plain("publisher"), dated("published"), plain("licence"), plain("url")],
    };

    function arrange() {
      const found = search ? search.rowsOf(table, filter.value) : null;
      order = found || Array.from({ length: store.rows(table) }, (_, row) => row);
      if (sort.column >= 0) {
        const by = COLUMNS[table][sort.column];
        const keys = new Map(order.map((row) => [row, (by.sort || by.text)(store.refOf(table, row))]));
        const collator = new Intl.Collator(language.now === "zh" ? "zh-Hans-CN" : "en", { numeric: true });
        const sign = sort.down ? -1 : 1;
        order.sort((a, b) => {
          const x = keys.get(a);
          const y = keys.get(b);
          // Empty cells stay at the end whichever way the column is sorted.
          if (x === "" || y === "" || x === -Infinity || y === -Infinity) {
            const emptyX = x === "" || x === -Infinity;
            const emptyY = y === "" || y === -Infinity;
            if (emptyX !== emptyY) return emptyX - emptyY;
          }
          return sign * (typeof x === "number" && typeof y === "number" ? x - y : collator.compare(x, y)) || a - b;
        });
      }
      current = Math.min(current, Math.max(0, order.length - 1));
      count.textContent = t("list.count", { shown: format.number(order.length), total: format.number(store.rows(table)) });
    }

    function line(index) {
      const r = store.refOf(table, order[index]);
      return el("tr", { "data-index": index, "aria-rowindex": index + 2, tabindex: index === current ? "0" : "-1" },
        COLUMNS[table].map((col, number) => {
          const text = col.text(r);
          return el(number ? "td" : "th", {
            class: col.number ? "qj-number" : null, scope: number ? null : "row", lang: text ? page.langOf(text) : null, title: text || null,
          }, text);
        }));
    }

    function spacer(rows) {
      const node = el("tr", { class: "qj-spacer", "aria-hidden": "true" }, el("td", { colspan: COLUMNS[table].length }));
      node.firstChild.style.height = rows * HEIGHT + "px";
      return node;
    }

    /* Puts the rows of the window into the document; `focus` moves the focus to a row. */
    function paint(focus) {
      if (!body) return;
      const seen = Math.ceil(scroll.clientHeight / HEIGHT) + 1;
      const top = Math.max(0, Math.floor(scroll.scrollTop / HEIGHT) - AROUND);
      const end = Math.min(order.length, top + seen + 2 * AROUND);
      if (top !== first || focus !== undefined) {
        // A repaint while scrolling must not lose the focused row.
        const inside = body.contains(document.activeElement);
        first = top;
        const rows = [];
        for (let index = top; index < end; index++) rows.push(line(index));
        body.replaceChildren(spacer(top), ...rows, spacer(order.length - end));
        if (focus === undefined && inside) focus = current;
      }
      if (focus !== undefined) {
        const row = body.querySelector('tr[data-index="' + focus + '"]');
        if (row) row.focus({ preventScroll: true });
      }
    }

    function head() {
      return el("tr", { "aria-rowindex": "1" }, COLUMNS[table].map((col, number) => {
        const sorted = sort.column === number ? (sort.down ? "descending" : "ascending") : null;
        const sorter = el("button", { type: "button" }, t("column." + col.key),
          el("span", { class: "qj-arrow", "aria-hidden": "true" }, sorted ? (sort.down ? "▼" : "▲") : ""));
        sorter.addEventListener("click", () => {
          sort = { column: number, down: sort.column === number && !sort.down };
          fill();
          scroll.querySelectorAll("thead button")[number].focus();
        });
        return el("th", { scope: "col", "aria-sort": sorted, class: [col.wide ? "qj-wide" : "", col.number ? "qj-number" : ""].join(" ").trim() || null }, sorter);
      }));
    }

    function fill() {
      if (view.hidden) return;
      arrange();
      body = el("tbody");
      const grid = el("table", { class: "qj-table", role: "grid", "aria-rowcount": order.length + 1, "aria-label": t("table." + table), "data-table": table },
        el("thead", {}, head()), body);
      scroll.replaceChildren(grid);
      if (!order.length) scroll.append(el("p", { class: "qj-none" }, t("search.none")));
      scroll.scrollTop = 0;
      first = -1;
      paint();
    }

    function tabList() {
      tabs.replaceChildren(...store.tables.map((name) => {
        const tab = el("button", {
          type: "button", role: "tab", id: "qj-tab-" + name, "aria-selected": String(name === table), "aria-controls": "qj-list-scroll",
          tabindex: name === table ? "0" : "-1", "data-table": name,
        }, t("table." + name), el("span", { class: "qj-count" }, format.number(store.rows(name))));
        tab.addEventListener("click", () => choose(name));
        return tab;
      }));
      scroll.setAttribute("aria-labelledby", "qj-tab-" + table);
    }

    function choose(name) {
      table = name;
      sort = { column: -1, down: false };
      current = 0;
      tabList();
      fill();
    }

    tabs.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = store.tables.indexOf(table);
      choose(store.tables[(at + step + store.tables.length) % store.tables.length]);
      page.part("tab-" + table).focus();
    });

    function moveTo(index) {
      current = Math.max(0, Math.min(order.length - 1, index));
      const top = current * HEIGHT;
      const seen = scroll.clientHeight - HEIGHT; // the head stays in view
      if (top < scroll.scrollTop) scroll.scrollTop = top;
      else if (top + HEIGHT > scroll.scrollTop + seen) scroll.scrollTop = top + HEIGHT - seen;
      paint(current);
    }

    function take(index) {
      const id = store.id(store.refOf(table, order[index]));
      open(false);
      go(id, { focus: true });
    }

    scroll.addEventListener("scroll", () => paint(), { passive: true });
    scroll.addEventListener("click", (event) => {
      const row = event.target.closest("tbody tr[data-index]");
      if (row) take(Number(row.dataset.index));
    });
    scroll.addEventListener("keydown", (event) => {
      const row = event.target.closest("tbody tr[data-index]");
      if (!row) return;
      const index = Number(row.dataset.index);
      const pageOf = Math.max(1, Math.floor(scroll.clientHeight / HEIGHT) - 2);
      const next = {
        ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + pageOf, PageUp: index - pageOf, Home: 0, End: order.length - 1,
      }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        moveTo(next);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        take(index);
      }
    });
    filter.addEventListener("input", fill);

    function open(yes) {
      if (yes === !view.hidden) return;
      view.hidden = !yes;
      // What lies beneath cannot be seen, so it cannot be reached either.
      for (const part of view.parentElement.children) if (part !== view) part.inert = yes;
      button.setAttribute("aria-expanded", String(yes));
      document.documentElement.dataset.list = yes ? "open" : "closed";
      if (yes) {
        tabList();
        fill();
        page.part("tab-" + table).focus();
      } else if (view.contains(document.activeElement) || document.activeElement === document.body) {
        button.focus();
      }
    }

    button.addEventListener("click", () => open(view.hidden));
    close.addEventListener("click", () => open(false));
    window.addEventListener("resize", () => { if (!view.hidden) { first = -1; paint(); } });
    language.bind(button.querySelector("span"), "list.open");
    language.bind(close, "list.close", "aria-label");
    language.bind(filter, "list.filter", "placeholder");
    language.bind(filter, "list.filter", "aria-label");
    language.bind(view, "list.label", "aria-label");
    language.bind(tabs, "list.tabs", "aria-label");
    language.bind(page.part("list-title"), "list.label");
    language.onChange(() => {
      if (view.hidden) return;
      tabList();
      fill();
    });

    return { open, start: (index) => { search = index; }, get isOpen() { return !view.hidden; } };
  };
})(window.QJMap.page);
