/* Light, dark and print: the style sheet follows by itself, the canvases are told. */
"use strict";

(function (page) {
  page.makeTheme = function (context) {
    const { map, layers } = context;
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const print = window.matchMedia("print");
    let printing = false;
    let now = "";

    const wanted = () => (printing || print.matches ? "print" : dark.matches ? "dark" : "light");

    function apply() {
      const next = wanted();
      if (next === now) return;
      const paper = next === "print" || now === "print";
      now = next;
      document.documentElement.dataset.theme = next;
      for (const layer of layers) if (layer.setTheme) layer.setTheme(next);
      page.redrawSymbols();
      if (!paper || !map.getSize().x) return;
      // The sheet has another shape than the screen: the same part of the world fills it, and comes back after.
      if (next === "print") {
        context.paper = { center: map.getCenter(), zoom: map.getZoom(), bounds: map.getBounds() };
        map.invalidateSize({ animate: false, pan: false });
        map.fitBounds(context.paper.bounds, { animate: false, padding: [0, 0] });
      } else if (context.paper) {
        map.invalidateSize({ animate: false, pan: false });
        map.setView(context.paper.center, context.paper.zoom, { animate: false });
        context.paper = null;
      }
    }

    dark.addEventListener("change", apply);
    print.addEventListener("change", apply);
    window.addEventListener("beforeprint", () => { printing = true; apply(); });
    window.addEventListener("afterprint", () => { printing = false; apply(); });
    apply();
  };
})(window.QJMap.page);
