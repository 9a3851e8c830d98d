/* Online backgrounds: off until asked for, over the inlined one, so that one that fails leaves the map as it was. */

import { el, templatePart } from "./dom.js";

const OVER_GROUND = "220"; // above the inlined ground (210), below every layer of ours

/**
 * `tiles` has the tile layers of each background, lowest first; `meta.tiles` what is to be said of it.
 *
 * @param {{ map: LeafletMap, meta: Meta, language: Language, tiles: any }} given
 */
export function makeTiles({ map, meta, language, tiles }) {
  if (!tiles || !tiles.length) return;
  map.getPane("tilePane").style.zIndex = OVER_GROUND;
  const section = el("section", { class: "qj-switch-group" });
  templatePart("layers").append(section);
  const failed = new Set();
  /** @param {any} number */
  const isOn = (number) => map.hasLayer(tiles[number][0]);

  /**
   * One background at a time: a second would only hide the first.
   *
   * @param {any} wanted
   * @param {any} on
   */
  function turn(wanted, on) {
    tiles.forEach((/** @type {any} */ layers, /** @type {any} */ number) => {
      const show = on && number === wanted;
      layers.forEach((/** @type {any} */ layer) => { if (show) map.addLayer(layer); else map.removeLayer(layer); });
    });
  }

  function fill() {
    section.replaceChildren(...meta.tiles.map((/** @type {{ name: string, attribution: any, foreign: any }} */ { name, attribution, foreign }, /** @type {any} */ number) => {
      const box = el("input", { type: "checkbox" });
      box.checked = isOn(number);
      const note = el("p", { class: "qj-note" },
        failed.has(number) ? language.t("tiles.failed") : isOn(number) ? attribution : "");
      box.addEventListener("change", () => {
        failed.delete(number);
        turn(number, box.checked);
        fill();
      });
      return el("div", {}, el("label", { class: "qj-switch" }, box,
        el("span", { class: "qj-switch-name" }, language.t(foreign ? "tiles.foreign" : "tiles.home", { name }))), note);
    }));
  }

  tiles.forEach((/** @type {any} */ layers, /** @type {any} */ number) => layers.forEach((/** @type {any} */ layer) => layer.on("tileerror", () => {
    if (failed.has(number)) return;
    failed.add(number);
    fill();
  })));
  language.onChange(fill);
  fill();
}
