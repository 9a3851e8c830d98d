/* Basemaps of online tiles: off until the reader turns one on. They lie over the background of the page, which stays if tiles fail to load. */

import { el, listen, templatePart } from "../base/dom.js";

const OVER_GROUND = "220"; // z-index above the background of the page (210), below every other layer

/**
 * Adds a switch for each basemap to the card of layers; nothing without basemaps.
 *
 * @param {{ map: LeafletMap, meta: Meta, language: Language, tiles: L.TileLayer[][] }} parts
 * `tiles` has the tile layers of each basemap, lowest first; `meta.tiles` its name and attribution
 */
export function makeOnlineTiles({ map, meta, language, tiles }) {
  if (!tiles || !tiles.length) return;
  /** @type {HTMLElement} */ (map.getPane("tilePane")).style.zIndex = OVER_GROUND;
  const section = el("section", { class: "qj-switch-group" });
  templatePart("layers").append(section);
  /** @type {Set<number>} numbers of the basemaps of which a tile did not load */
  const failed = new Set();
  const isOn = (/** @type {number} */ number) => map.hasLayer(tiles[number][0]);

  /** Turns a basemap on or off; all others are turned off. @param {number} chosen @param {boolean} on */
  function turn(chosen, on) {
    tiles.forEach((layers, number) => layers.forEach((layer) => {
      if (on && number === chosen) map.addLayer(layer); else map.removeLayer(layer);
    }));
  }

  function fill() {
    section.replaceChildren(...meta.tiles.map(({ name, attribution, foreign }, number) => {
      const box = el("input", { type: "checkbox" });
      box.checked = isOn(number);
      const note = el("p", { class: "qj-note" }, failed.has(number) ? language.t("tiles.failed") : isOn(number) ? attribution : "");
      listen(box, "change", () => {
        failed.delete(number);
        turn(number, box.checked);
        fill();
      });
      return el("div", {}, el("label", { class: "qj-switch" }, box,
        el("span", { class: "qj-switch-name" }, language.t(foreign ? "tiles.foreign" : "tiles.home", { name }))), note);
    }));
  }

  tiles.forEach((layers, number) => layers.forEach((layer) => layer.on("tileerror", () => {
    if (failed.has(number)) return;
    failed.add(number);
    fill();
  })));
  language.onChange(fill);
  fill();
}
