/* Online backgrounds: off until asked for, over the inlined one, so that one that fails leaves the map as it was. */
"use strict";

(function (page) {
  const OVER_GROUND = "220"; // above the inlined ground (210), below every layer of ours

  page.makeTiles = function (context, tiles) {
    const { map, meta, language } = context;
    const { el } = page;
    if (!tiles || !tiles.length) return;
    map.getPane("tilePane").style.zIndex = OVER_GROUND;
    const section = el("section", { class: "qj-switch-group" });
    page.part("layers").append(section);
    const failed = new Set();

    function fill() {
      section.replaceChildren(...tiles.map((tile, number) => {
        const box = el("input", { type: "checkbox" });
        box.checked = map.hasLayer(tile);
        const { name, attribution } = meta.tiles[number];
        const note = el("p", { class: "qj-note" },
          failed.has(tile) ? language.t("tiles.failed") : map.hasLayer(tile) ? attribution : "");
        box.addEventListener("change", () => {
          failed.delete(tile);
          if (box.checked) map.addLayer(tile);
          else map.removeLayer(tile);
          fill();
        });
        return el("div", {}, el("label", { class: "qj-switch" }, box,
          el("span", { class: "qj-switch-name" }, language.t("tiles.online", { name }))), note);
      }));
    }

    tiles.forEach((tile) => tile.on("tileerror", () => {
      if (failed.has(tile)) return;
      failed.add(tile);
      fill();
    }));
    language.onChange(fill);
    fill();
  };
})(window.QJMap.page);
