/* The legend: the very symbols that the layers draw, with what they mean, and the keys of precision and status. */
"use strict";

(function (page) {
  const WIDTH = 34;
  const HEIGHT = 20;
  const ORDER = ["places", "sites", "partnerships", "corridors", "background"];
  const GROUPS = ["category", "status", "precision", "partnership_kind", "place_kind", "mode", "direction"];

  /* A symbol on its own small canvas, sharp on any screen. */
  page.symbol = function (entry) {
    const scale = Math.max(1, window.devicePixelRatio || 1);
    const canvas = page.el("canvas", { class: "qj-symbol", width: Math.round(WIDTH * scale), height: Math.round(HEIGHT * scale), "aria-hidden": "true" });
    canvas.style.width = WIDTH + "px";
    canvas.style.height = HEIGHT + "px";
    const draw = () => {
      const ctx = canvas.getContext("2d");
      ctx.setTransform(scale, 0, 0, scale, 0, 0);
      ctx.clearRect(0, 0, WIDTH, HEIGHT);
      ctx.save();
      entry.draw(ctx, WIDTH, HEIGHT);
      ctx.restore();
    };
    draw();
    canvas.qjDraw = draw; // drawn again when the palette changes
    return canvas;
  };

  page.redrawSymbols = function () {
    for (const canvas of document.querySelectorAll("canvas.qj-symbol")) canvas.qjDraw();
  };

  page.makeLegend = function (context) {
    const { language, layers } = context;
    const { el } = page;
    const { t } = language;
    const box = page.part("legend");
    const button = page.part("legend-button");
    const body = page.part("legend-body");

    /* The words for a symbol: a text of its own, else the vocabulary that has its key. */
    function words(layer, entry) {
      for (const key of ["legend." + layer.layerName + "." + entry.kind + "." + entry.key, "legend." + layer.layerName + "." + entry.key,
        "legend." + entry.kind + "." + entry.key, "legend." + entry.key, entry.kind + "." + layer.layerName + "." + entry.key]) {
        if (language.has(key)) return t(key);
      }
      const own = { kind: layer.layerName === "places" ? "place_kind" : "partnership_kind" }[entry.kind] || entry.kind;
      const group = [own, ...GROUPS].find((name) => (language.vocab[name] || {})[entry.key]);
      return group ? language.word(group, entry.key) : entry.label ? language.pick(entry.label, entry.key) : entry.key;
    }

    function group(title, lines, name) {
      return el("section", { class: "qj-legend-group", "data-group": name }, el("h2", {}, title), el("ul", {}, lines));
    }

    function fill() {
      const groups = [];
      for (const name of ORDER) {
        const layer = layers.find((one) => one.layerName === name);
        if (!layer || !layer.legend) continue;
        const entries = layer.legend();
        if (!entries.length) continue;
        const title = language.has("legend.title." + name) ? t("legend.title." + name) : t("table." + name);
        groups.push(group(title, entries.map((entry) => el("li", {}, page.symbol(entry), el("span", {}, words(layer, entry)))), name));
      }
      body.replaceChildren(el("div", { class: "qj-legend-groups" }, groups), el("p", { class: "qj-legend-note" }, t("legend.note")));
    }

    function open(yes) {
      box.dataset.open = yes ? "yes" : "no";
      body.hidden = !yes;
      button.setAttribute("aria-expanded", String(yes));
    }

    /* The layer switches end where the legend begins. */
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--legend-height", box.getBoundingClientRect().height + "px");
    }).observe(box);
    button.addEventListener("click", () => open(body.hidden));
    language.bind(button.querySelector("span"), "legend.title");
    language.bind(box, "legend.title", "aria-label");
    language.onChange(fill);
    fill();
    open(window.innerWidth >= 1100 && window.innerHeight >= 720);

    return { open, fill, words };
  };
})(window.QJMap.page);
