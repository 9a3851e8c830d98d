/* Layer switches: each layer on or off, with how many of its rows pass the filters. */
"use strict";

(function (page) {
  const LAYERS = ["places", "sites", "partnerships", "corridors"];
  const WITH = { sites: ["districts"] }; // layers that say the same in another way, and have no switch of their own

  page.makeSwitches = function (context) {
    const { map, layers, language, store, format, filter } = context;
    const { el } = page;
    const { t } = language;
    const card = page.part("layers");
    const body = page.part("layers-body");
    const button = page.part("layers-button");
    const close = page.part("layers-close"); // on a phone, where the card is a sheet
    const changed = [];
    const opening = [];

    const called = (name) => layers.find((one) => one.layerName === name);
    const groups = LAYERS.map((name) => ({ name, layer: called(name), more: (WITH[name] || []).map(called).filter(Boolean) }))
      .filter((group) => group.layer);
    const groupOf = (table) => groups.find((one) => one.name === table || one.more.some((layer) => layer.layerName === table));

    filter.onChange(() => groups.forEach((group) => group.layer.setFilter(filter.shownOf(group.name))));
    filter.onChange(count);

    const isOn = (group) => map.hasLayer(group.layer);

    function turn(group, on) {
      if (on === isOn(group)) return;
      for (const layer of [group.layer, ...group.more]) {
        if (on) map.addLayer(layer);
        else map.removeLayer(layer);
      }
    }

    // A view may begin with some of the layers only.
    const begins = (context.meta.start || {}).layers || [];
    if (begins.length) groups.forEach((group) => turn(group, begins.includes(group.name)));

    function tell() {
      state();
      changed.forEach((listener) => listener());
    }

    function block(group) {
      const box = el("input", { type: "checkbox", "data-group": group.name });
      box.addEventListener("change", () => {
        turn(group, box.checked);
        tell();
      });
      return el("label", { class: "qj-switch qj-switch-layer", "data-group": group.name }, box,
        el("span", { class: "qj-switch-name" }, t("table." + group.name)), el("span", { class: "qj-count" }));
    }

    /* Boxes as the map is. */
    function state() {
      for (const box of body.querySelectorAll("input")) box.checked = isOn(groups.find((one) => one.name === box.dataset.group));
    }

    function count() {
      for (const group of groups) {
        const node = body.querySelector(`[data-group=${group.name}] .qj-count`);
        const total = store.rows(group.name);
        const shown = filter.count(group.name);
        const text = shown === total ? format.number(total) : t("list.count", { shown: format.number(shown), total: format.number(total) });
        if (node) node.textContent = format.beside(text, filter.drafts(group.name).length);
      }
    }

    function fill() {
      body.replaceChildren(...groups.map(block));
      state();
      count();
    }

    function open(yes) {
      card.hidden = !yes;
      button.setAttribute("aria-expanded", String(yes));
      if (yes) opening.forEach((listener) => listener());
    }

    /* Makes sure that what a reader asked for is not switched off. */
    function ensure(ids, lift = true) {
      const refs = ids.map(store.ref).filter((r) => r !== undefined);
      const off = refs.map((r) => groupOf(store.tableOf(r))).filter((group) => group && !isOn(group));
      off.forEach((group) => turn(group, true));
      if (lift) context.filters.lift(refs);
      if (off.length) tell();
    }

    language.bind(button.querySelector("span"), "layers.title");
    language.bind(card, "layers.title", "aria-label");
    language.onChange(fill);
    button.addEventListener("click", () => open(card.hidden));
    language.bind(close, "layers.close", "aria-label");
    close.addEventListener("click", () => {
      open(false);
      button.focus();
    });
    fill();
    open(window.innerWidth >= 1100 && window.innerHeight >= 600);

    return {
      open, ensure, fill,
      onChange: (listener) => changed.push(listener),
      onOpen: (listener) => opening.push(listener),
      /* Layers that are on, by name. */
      on: () => groups.filter(isOn).map((group) => group.name),
      get isOpen() { return !card.hidden; },
    };
  };
})(window.QJMap.page);
