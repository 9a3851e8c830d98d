/* Layer switches: each layer on or off, and within it each category, kind or mode. */
"use strict";

(function (page) {
  const GROUPS = [
    { name: "places", column: null, vocab: null },
    { name: "sites", column: "category", vocab: "category" },
    { name: "partnerships", column: "kind", vocab: "partnership_kind" },
    { name: "corridors", column: "mode", vocab: "mode" },
  ];

  page.makeSwitches = function (context) {
    const { map, layers, language, store, relations, format, filter } = context;
    const { el } = page;
    const { t } = language;
    const card = page.part("layers");
    const body = page.part("layers-body");
    const button = page.part("layers-button");
    const changed = [];

    /* Values of a row in the column that the group is split by. A corridor has the modes of its legs. */
    function valuesOf(group, r) {
      if (group.name !== "corridors") return [store.get(r, group.column)];
      const modes = relations.of("corridor_legs", "corridor", store.id(r)).map((leg) => store.get(leg, "mode"));
      return modes.length ? Array.from(new Set(modes)) : [""];
    }

    const groups = GROUPS.map((group) => {
      const layer = layers.find((one) => one.layerName === group.name);
      const counts = new Map();
      const coded = group.name === "corridors" ? null : store.codes(group.name, group.column);
      if (layer && coded) {
        const sums = new Uint32Array(coded.values.length);
        for (let row = 0; row < coded.codes.length; row++) sums[coded.codes[row]]++;
        coded.values.forEach((value, code) => { if (sums[code]) counts.set(value, sums[code]); });
      } else if (layer && group.column) {
        for (let row = 0; row < store.rows(group.name); row++) {
          for (const value of valuesOf(group, store.refOf(group.name, row))) counts.set(value, (counts.get(value) || 0) + 1);
        }
      }
      const values = Array.from(counts.keys()).sort((a, b) => (a === "") - (b === "") || counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
      return { ...group, layer, counts, values, off: new Set(), unfolded: false };
    }).filter((group) => group.layer);

    filter.add("switches", {
      mask(table) {
        const group = groups.find((one) => one.name === table);
        if (!group || !group.off.size) return null;
        const mask = new Uint8Array(store.rows(table)), coded = table === "corridors" ? null : store.codes(table, group.column);
        if (coded) {
          const on = Uint8Array.from(coded.values, (value) => (group.off.has(value) ? 0 : 1));
          for (let row = 0; row < mask.length; row++) mask[row] = on[coded.codes[row]];
          return mask;
        }
        for (let row = 0; row < mask.length; row++) {
          mask[row] = valuesOf(group, store.refOf(table, row)).some((value) => !group.off.has(value)) ? 1 : 0;
        }
        return mask;
      },
      clear() {
        groups.forEach((group) => group.off.clear());
        state();
      },
    });
    filter.onChange(() => groups.forEach((group) => group.layer.setFilter(filter.shownOf(group.name))));
    const apply = () => filter.changed("switches");

    const isOn = (group) => map.hasLayer(group.layer);

    function turn(group, on) {
      if (on === isOn(group)) return;
      if (on) map.addLayer(group.layer);
      else map.removeLayer(group.layer);
    }

    function tell() {
      state();
      changed.forEach((listener) => listener());
    }

    function sub(group, value) {
      const entry = group.layer.legend ? group.layer.legend().find((one) => one.key === value || (one.keys || []).includes(value)) : null;
      const box = el("input", { type: "checkbox", "data-group": group.name, "data-value": value });
      box.addEventListener("change", () => {
        if (box.checked) group.off.delete(value);
        else group.off.add(value);
        if (box.checked) turn(group, true);
        apply();
        tell();
      });
      return el("li", {}, el("label", { class: "qj-switch" }, box,
        entry ? page.symbol(entry) : el("span", { class: "qj-symbol" }),
        el("span", { class: "qj-switch-name" }, language.word(group.vocab, value) || t("switch.unstated." + group.name)),
        el("span", { class: "qj-count" }, format.number(group.counts.get(value)))));
    }

    function block(group) {
      const box = el("input", { type: "checkbox", "data-group": group.name });
      box.addEventListener("change", () => {
        turn(group, box.checked);
        if (box.checked && group.values.length && group.values.every((value) => group.off.has(value))) {
          group.off.clear();
          apply();
        }
        tell();
      });
      const list = el("ul", { id: "qj-switches-" + group.name, class: "qj-plain" });
      list.hidden = !group.unfolded;
      const fold = group.values.length > 1 ? el("button", {
        type: "button", class: "qj-fold", "aria-expanded": String(group.unfolded), "aria-controls": list.id,
        "aria-label": t("switch.unfold", { name: t("table." + group.name) }),
      }) : null;
      if (fold) {
        list.append(...group.values.map((value) => sub(group, value)));
        fold.addEventListener("click", () => {
          group.unfolded = !group.unfolded;
          // The legend leaves room for what was unfolded.
          document.documentElement.dataset.unfolded = groups.some((one) => one.unfolded) ? "yes" : "no";
          list.hidden = !group.unfolded;
          fold.setAttribute("aria-expanded", String(group.unfolded));
        });
      }
      return el("section", { class: "qj-switch-group", "data-group": group.name },
        el("div", { class: "qj-switch-head" },
          el("label", { class: "qj-switch" }, box, el("span", { class: "qj-switch-name" }, t("table." + group.name)),
            el("span", { class: "qj-count" }, format.number(store.rows(group.name)))),
          fold),
        fold ? list : null);
    }

    /* Boxes as the map is. */
    function state() {
      for (const box of body.querySelectorAll("input")) {
        const group = groups.find((one) => one.name === box.dataset.group);
        const value = box.dataset.value;
        if (value === undefined) {
          box.checked = isOn(group);
          box.indeterminate = isOn(group) && group.off.size > 0;
        } else {
          box.checked = isOn(group) && !group.off.has(value);
        }
      }
    }

    function fill() {
      body.replaceChildren(...groups.map(block));
      state();
    }

    function open(yes) {
      card.hidden = !yes;
      button.setAttribute("aria-expanded", String(yes));
    }

    /* Makes sure that what a reader asked for is not switched off. */
    function ensure(ids) {
      let touched = false;
      for (const id of ids) {
        const r = store.ref(id);
        const group = r === undefined ? null : groups.find((one) => one.name === store.tableOf(r));
        if (!group) continue;
        const values = group.column ? valuesOf(group, r) : [];
        if (isOn(group) && !(values.length && values.every((value) => group.off.has(value)))) continue;
        turn(group, true);
        values.forEach((value) => group.off.delete(value));
        if (group.column) apply();
        touched = true;
      }
      if (touched) tell();
    }

    // A view may begin with some of the layers only.
    const begins = (context.meta.start || {}).layers || [];
    if (begins.length) groups.forEach((group) => turn(group, begins.includes(group.name)));

    language.bind(button.querySelector("span"), "layers.title");
    language.bind(card, "layers.title", "aria-label");
    language.onChange(fill);
    button.addEventListener("click", () => open(card.hidden));
    fill();
    open(window.innerWidth >= 1100 && window.innerHeight >= 600);

    return { open, ensure, fill, onChange: (listener) => changed.push(listener), get isOpen() { return !card.hidden; } };
  };
})(window.QJMap.page);
