/* The search field: a combobox whose list shows what was found, by kind, with the found letters marked. */
"use strict";

(function (page) {
  const SHOWN = 60;

  page.makeFinder = function (context) {
    const { language, store, go } = context;
    const { el } = page;
    const input = page.part("search");
    const list = page.part("results");
    const clear = page.part("search-clear");
    const said = page.part("said");
    let search = null;
    let refs = [];
    let active = -1;

    language.bind(input, "search.placeholder", "placeholder");
    language.bind(input, "search.label", "aria-label");
    language.bind(list, "search.results", "aria-label");
    language.bind(clear, "search.clear", "aria-label");

    function marked(tag, props, text, words) {
      return el(tag, { ...props, lang: page.langOf(text) },
        search.marks(text, words).map(([part, hit]) => (hit ? el("mark", {}, part) : part)));
    }

    /* The field that made the row a result, when its name did not: an alias, the address, the id. */
    function reason(r, words) {
      const fields = [store.otherName(r), ...store.list(r, "aliases"), store.get(r, "address"), store.get(r, "adcode"), store.id(r)];
      return fields.find((field) => field && words.some((word) => page.fold(field).includes(word))) || store.otherName(r);
    }

    function option(r, index, words) {
      const name = store.name(r);
      const inName = words.some((word) => page.fold(name).includes(word));
      const second = inName ? store.otherName(r) : reason(r, words);
      return el("li", { id: "qj-result-" + index, role: "option", "aria-selected": "false", "data-index": index },
        el("span", { class: "qj-result-text" },
          marked("span", { class: "qj-result-name" }, name, words),
          second ? marked("span", { class: "qj-result-more" }, second, words) : null),
        el("span", { class: "qj-badge", "data-table": store.tableOf(r) }, store.kind(r)));
    }

    function open(yes) {
      list.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes));
      if (!yes) activate(-1);
    }

    function activate(index) {
      const before = list.querySelector("[aria-selected=true]");
      if (before) before.setAttribute("aria-selected", "false");
      active = index;
      const option = index < 0 ? null : page.part("result-" + index);
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    function update() {
      clear.hidden = !input.value;
      if (!search || !input.value.trim()) {
        refs = [];
        page.clear(list);
        open(false);
        return;
      }
      const found = search.find(input.value, SHOWN);
      refs = found.refs;
      list.replaceChildren(...refs.map((r, index) => option(r, index, found.words)));
      if (!refs.length) list.append(el("li", { class: "qj-none", role: "presentation" }, language.t("search.none")));
      else if (found.total > refs.length) {
        list.append(el("li", { class: "qj-none", role: "presentation" },
          language.t("search.more", { shown: refs.length, total: found.total })));
      }
      said.textContent = language.t("search.count", { total: found.total });
      open(true);
      list.scrollTop = 0;
      activate(refs.length ? 0 : -1);
    }

    function take(index) {
      const r = refs[index];
      if (r === undefined) return;
      open(false);
      go(store.id(r), { focus: true });
    }

    input.addEventListener("input", update);
    input.addEventListener("focus", () => { if (input.value && list.hidden) update(); });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && refs.length) {
        event.preventDefault();
        if (list.hidden) open(true);
        activate((active + step + refs.length) % refs.length);
      } else if (event.key === "Enter") {
        event.preventDefault();
        take(active < 0 ? 0 : active);
      } else if (event.key === "Escape" && (!list.hidden || input.value)) {
        event.stopPropagation();
        if (list.hidden) input.value = "";
        open(false);
        clear.hidden = !input.value;
      }
    });
    /* The list must not take the focus away from the field. */
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(Number(option.dataset.index));
    });
    clear.addEventListener("click", () => {
      input.value = "";
      update();
      input.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("#qj-finder")) open(false);
    });
    language.onChange(() => { if (!list.hidden) update(); });

    return {
      /* Search answers from now on; what was typed before is looked up now. */
      start(index) {
        search = index;
        if (input.value) update();
      },
      focus: () => input.focus(),
    };
  };
})(window.QJMap.page);
