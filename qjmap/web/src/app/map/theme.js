/* Switches between the light, dark and print theme. The style sheets follow media queries; this module sets palette and size of the canvases. */

import { redrawLegendSymbols } from "./legend.js";
import { makePrintSheet, PAPERS } from "./print-sheet.js";

/** Sets the theme now and whenever the system's setting or printing changes it. Of what it returns, `names` are the papers, and `now` is the chosen paper. @param {{ map: LeafletMap, layers: Layer[], viewport: Viewport }} given */
export function makeTheme({ map, layers, viewport }) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const print = window.matchMedia("print");
  let printing = false;
  const sheet = makePrintSheet(map);
  let seen = viewport.seen(); // extent that the map last showed on the screen; on paper the map has another size
  let now = ""; // the present theme
  let paper = "a4-landscape";

  const current = () => (printing || print.matches ? "print" : dark.matches ? "dark" : "light");

  /** @type {Layer[]} layers that do not belong to a table */
  const others = [];
  /** Sets the theme that the system's setting and printing require, if it is another one. */
  function apply() {
    const next = current();
    if (next === now) return;
    now = next;
    document.documentElement.dataset.theme = next;
    for (const layer of [...layers, ...others]) layer.setTheme(next);
    redrawLegendSymbols();
    if (next === "print") sheet.lay(PAPERS[paper], seen);
    else sheet.lift();
  }

  map.on("moveend", () => {
    if (now !== "print" && !print.matches) seen = viewport.seen();
  });
  dark.addEventListener("change", apply);
  print.addEventListener("change", apply);
  window.addEventListener("beforeprint", () => { printing = true; apply(); });
  window.addEventListener("afterprint", () => { printing = false; apply(); });
  apply();

  /** Chooses the paper for print. @param {string} name */
  function choose(name) {
    paper = name;
    document.documentElement.dataset.paper = name;
  }
  choose(paper);

  /**
   * Adds a layer that does not belong to a table, so that its theme is set too.
   *
   * @param {Layer} layer
   */
  function join(layer) {
    others.push(layer);
    layer.setTheme(now);
  }
  /**
   * Gives the map a size, zooms it to the extent last shown on the screen, calls `act`, and restores size and view.
   *
   * @param {{ width: number, height: number }} size in px
   * @param {() => void} act
   */
  function atSize(size, act) {
    sheet.lay(size, seen);
    try {
      act();
    } finally {
      sheet.lift();
    }
  }
  return { atSize, names: Object.keys(PAPERS), choose, join, get now() { return paper; } };
}
