/* The filters as a reader has them: a text and facets with live counts in the card of the layers, and beneath the title
 * what is filtered by, how much is left, and the way back to everything. Kept in the address as f and q.
 */
"use strict";

(function (page) {
  const MANY = 24; // values of a facet up to which all are shown
  const FEW = 12; // values shown of one that has more
  const MOST = 300; // boxes in the document; beyond these a reader narrows the list

  page.makeFilters = function (context) {
    const { map, language, layers, store, format, filter, facets, address, switches } = context;
    const { el } = page;
    const { t } = language;
    const card = page.part("filters");
    const strip = page.part("shown");
    const listed = page.part("list-shown");
    const said = page.part("said");
    const unfolded = new Set();
    const whole = new Set(); // facets of which all values are shown
    const narrowed = new Map(); // facet -> what its list is narrowed by
    let search = null;
    let started = false;
    let drawn = false; // whether the list of facets is there
    let text = ""; // the filter by text, as typed
    let found = null; // its masks
    let drafts = new Set(); // the drafts that hold it
    let turns = 0;

    filter.add("text", {
      mask: (table) => (found && found.get(table)) || null,
      row: (r) => !found || drafts.has(r),
      clear() { text = ""; found = null; turns++; },
    });

    /* Shows the rows that hold a text; resolves when the map has been told. */
    async function setText(next) {
      text = next;
      const turn = ++turns;
      const asked = search && next.trim();
      const [masks, beside] = asked ? await Promise.all([search.masks(next), search.drafts(next)]) : [null, []];
      if (turn !== turns) return;
      if (!masks && !found) return;
      found = masks;
      drafts = new Set(beside);
      filter.changed("text");
    }

    const filtered = () => facets.chosen().length > 0 || !!found;

    /* ------------------------------------------------------------------ the card */

    const field = el("input", { type: "search", id: "qj-filter-text", class: "qj-field", autocomplete: "off" });
    field.addEventListener("input", () => setText(field.value));
    const list = el("div", { id: "qj-facets" });
    const body = el("div", { id: "qj-filters-body", hidden: true }, field, list);
    const button = el("button", { type: "button", id: "qj-filters-button", class: "qj-facet-head", "aria-expanded": "false", "aria-controls": body.id });
    button.addEventListener("click", () => open(body.hidden));

    /* The legend leaves room for what is unfolded. */
    function open(yes) {
      body.hidden = !yes;
      if (yes) draw();
      button.setAttribute("aria-expanded", String(yes));
      document.documentElement.dataset.unfolded = yes ? "yes" : "no";
      count();
    }

    function symbolOf(facet, value) {
      const layer = layers.find((one) => one.layerName === Object.keys(facet.columns)[0]);
      const entry = ["category", "kind", "mode"].includes(facet.key) && layer && layer.legend ? layer.legend().find((one) => one.key === value || (one.keys || []).includes(value)) : null;
      return entry ? page.symbol(entry) : null;
    }

    function option(facet, value) {
      const box = el("input", { type: "checkbox", "data-facet": facet.key, "data-value": value });
      box.checked = facet.chosen.has(value);
      box.addEventListener("change", () => {
        const next = new Set(facet.chosen);
        if (box.checked) next.add(value);
        else next.delete(value);
        facets.choose(facet.key, next);
      });
      const name = facets.words(facet, value);
      return el("li", {}, el("label", { class: "qj-switch" }, box, symbolOf(facet, value),
        page.named("span", { class: "qj-switch-name" }, name), el("span", { class: "qj-count" })));
    }

    /* The values to list: those chosen always, else the first few, or those that hold what the list is narrowed by. */
    function valuesOf(facet) {
      const wanted = narrowed.get(facet.key) || "";
      if (wanted) return facet.values.filter((value) => search.marks(facets.words(facet, value), wanted).some(([, hit]) => hit)).slice(0, MOST);
      const most = whole.has(facet.key) ? MOST : facet.values.length > MANY ? FEW : MANY;
      return facet.values.filter((value, number) => number < most || facet.chosen.has(value));
    }

    function options(facet, node) {
      node.replaceChildren(...valuesOf(facet).map((value) => option(facet, value)));
    }

    function fold(facet) {
      const id = "qj-facet-" + facet.key;
      const button = el("button", { type: "button", class: "qj-facet-head", "aria-expanded": "false", "aria-controls": id },
        el("span", { class: "qj-switch-name" }, t("facet." + facet.key)), el("span", { class: "qj-badge" }));
      const part = el("div", { id, class: "qj-facet-body" });
      const values = el("ul", { class: "qj-plain", "aria-label": t("facet." + facet.key) });
      const draw = () => {
        const yes = unfolded.has(facet.key);
        button.setAttribute("aria-expanded", String(yes));
        part.hidden = !yes;
        if (!yes) return part.replaceChildren();
        options(facet, values);
        const rest = facet.values.length > MANY && !whole.has(facet.key)
          ? el("button", { type: "button", class: "qj-more" }, t("list.all", { total: format.number(facet.values.length) })) : null;
        if (rest) rest.addEventListener("click", () => { whole.add(facet.key); draw(); count(); part.querySelectorAll("input[type=checkbox]")[FEW].focus(); });
        const narrow = whole.has(facet.key) && facet.values.length > 30
          ? el("input", { type: "search", class: "qj-field", "aria-label": t("facet.narrow"), placeholder: t("facet.narrow") }) : null;
        if (narrow) {
          narrow.value = narrowed.get(facet.key) || "";
          narrow.addEventListener("input", () => { narrowed.set(facet.key, narrow.value.trim()); options(facet, values); count(); });
        }
        part.replaceChildren(...[facet.key === "partner" ? el("p", { class: "qj-note" }, t("facet.partner.note")) : null, narrow, values, rest].filter(Boolean));
      };
      button.addEventListener("click", () => {
        if (!unfolded.delete(facet.key)) unfolded.add(facet.key);
        draw();
        count();
      });
      draw();
      return el("section", { class: "qj-facet", "data-facet": facet.key }, button, part);
    }

    const fillList = () => list.replaceChildren(...facets.all.filter((facet) => !facet.hidden).map(fold));

    /* The facets, closed: made once the map is on the screen, or when they are opened before. */
    function draw() {
      if (drawn) return;
      drawn = true;
      fillList();
    }

    function fill() {
      const holds = field === document.activeElement;
      field.placeholder = t("filter.text");
      field.setAttribute("aria-label", t("filter.text"));
      if (drawn) fillList();
      button.replaceChildren(el("span", { class: "qj-switch-name" }, t("filter.title")), el("span", { class: "qj-badge", hidden: true }));
      if (!card.firstChild) card.append(button, body);
      count();
      if (holds) field.focus();
    }

    /* Boxes and numbers as the filter is; nothing is made anew, so the focus stays. */
    function count() {
      const chosen = facets.chosen().reduce((sum, facet) => sum + facet.chosen.size, found ? 1 : 0);
      button.lastChild.hidden = !chosen;
      button.lastChild.textContent = String(chosen);
      if (card.parentElement.hidden || body.hidden) return;
      for (const facet of facets.all) {
        const section = list.querySelector(`[data-facet="${facet.key}"].qj-facet`);
        if (!section) continue;
        const badge = section.querySelector(".qj-badge");
        badge.hidden = !facet.chosen.size;
        badge.textContent = facet.chosen.size ? format.number(facet.chosen.size) : "";
        if (!unfolded.has(facet.key)) continue;
        const sums = facets.counts(facet);
        for (const box of section.querySelectorAll("input[type=checkbox]")) {
          const left = sums.get(box.dataset.value) || 0;
          box.checked = facet.chosen.has(box.dataset.value);
          const label = box.closest("label");
          label.querySelector(".qj-count").textContent = format.number(left);
          label.classList.toggle("qj-away", !left);
        }
      }
      if (document.activeElement !== field) field.value = text;
    }

    /* ------------------------------------------------------------------ what is shown */

    function chip(words, away) {
      const node = el("button", { type: "button", class: "qj-chip", "aria-label": t("filter.drop", { name: words }) },
        page.named("span", {}, words), el("span", { "aria-hidden": "true" }, "×"));
      node.addEventListener("click", () => {
        const place = node.closest("[data-chips]");
        away();
        // The focus stays among the chips, or goes to the field beside them.
        const field = page.part(place === strip ? "search" : "list-filter");
        (place.querySelector("button") || field).focus();
      });
      return node;
    }

    /* What is filtered by, each to be taken away, and the way back to everything. */
    function chips() {
      const all = facets.chosen().flatMap((facet) => Array.from(facet.chosen, (value) => chip(facets.words(facet, value), () => {
        facets.choose(facet.key, Array.from(facet.chosen).filter((one) => one !== value));
      })));
      if (found) all.push(chip("“" + text.trim() + "”", () => setText("")));
      return el("div", { class: "qj-chips", role: "group", "aria-label": t("filter.title") }, all);
    }

    function reset(field) {
      const node = el("button", { type: "button", class: "qj-more qj-reset" }, t("filter.reset"));
      node.addEventListener("click", () => {
        filter.clear();
        page.part(field).focus();
      });
      return node;
    }

    function sums() {
      const on = switches.on();
      const sum = (of) => on.reduce((total, table) => total + of(table), 0);
      const text = t("filter.shown", { shown: format.number(sum((table) => filter.count(table))), total: format.number(sum(store.rows)) });
      return format.beside(text, sum((table) => filter.drafts(table).length));
    }

    function tell() {
      const others = filter.active().filter((name) => name !== "text" && !facets.of(name));
      strip.hidden = !filtered();
      listed.hidden = !filtered();
      strip.replaceChildren(...(filtered() ? [el("p", { id: "qj-shown-count" }, sums()), reset("search"), chips()] : []));
      listed.replaceChildren(...(filtered() ? [chips(), reset("list-filter")] : []));
      count();
      if (started && (filtered() || others.length || wasFiltered)) said.textContent = sums();
      wasFiltered = filtered();
    }
    let wasFiltered = false;

    function remember() {
      if (!started) return;
      address.set("f", facets.write());
      address.set("q", found ? text.trim() : "", { replace: true });
    }

    filter.onChange(() => {
      tell();
      remember();
    });
    switches.onChange(tell);
    switches.onOpen(count);
    language.onChange(() => { fill(); tell(); });
    address.on("f", (value) => facets.read(value));
    address.on("q", (value) => setText(value));

    /* What a reader goes to is shown: filters that hide all of it are dropped. */
    function lift(refs) {
      if (!refs.length || refs.some(filter.passes)) return;
      let touched = "";
      const hides = (name) => refs.every((r) => filter.hides(name, r));
      for (const facet of facets.chosen()) {
        if (!hides(facet.key)) continue;
        facet.chosen.clear();
        filter.stale((touched = facet.key));
      }
      if (found && hides("text")) {
        text = "";
        found = null;
        filter.stale((touched = "text"));
      }
      if (touched) filter.changed(touched);
    }

    language.bind(card, "filter.title", "aria-label");
    fill();

    return {
      lift, open, draw, setText,
      /* There are other drafts. */
      again: () => (found ? setText(text) : filter.tell()),
      get text() { return text; },
      /* Search answers: what the address or the view asks for is shown from now on. */
      async start(index) {
        search = index;
        if (address.get("f")) facets.read(address.get("f"));
        else if (facets.chosen().length) filter.changed(facets.chosen()[0].key);
        if (address.get("q")) {
          const asked = setText(address.get("q"));
          if (index.complete) await asked;
        }
        started = true;
        tell();
      },
    };
  };
})(window.QJMap.page);
