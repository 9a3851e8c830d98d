/* Light, dark and print: the style sheet follows by itself, the canvases are told. */

import { redrawLegendSymbols } from "./legend.js";

/* px of the map on a sheet: what margins, title, legend and notes leave; styles/print.css lays out the same. */
/** @type {Record<string, { width: number, height: number }>} */
const PAPERS = {
  "a4-landscape": { width: 804, height: 508 },
  "a4-portrait": { width: 714, height: 570 },
  "a3-landscape": { width: 1226, height: 850 },
  "a3-portrait": { width: 1042, height: 1120 },
};

/** @param {{ map: LeafletMap, layers: Layer[], viewport: Viewport }} given */
export function makeTheme({ map, layers, viewport }) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const print = window.matchMedia("print");
  let printing = false;
  /** @type {any} */
  let screen = null; // the view on the screen while the paper is made
  let seen = viewport.seen(); // what the reader last saw; on paper the frame has other measures
  let now = "";
  let sheet = "a4-landscape";

  const wanted = () => (printing || print.matches ? "print" : dark.matches ? "dark" : "light");

  /* The sheet has another shape than the screen: the part of the world on the screen fills it, and comes back after.
   * The map gets its size here because the browser lays out the paper only after the canvases must be drawn. */
  function toPaper() {
    const container = map.getContainer();
    screen = { center: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap };
    container.style.width = PAPERS[sheet].width + "px";
    container.style.height = PAPERS[sheet].height + "px";
    map.options.zoomSnap = 0;
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(seen, { animate: false });
  }

  function toScreen() {
    const container = map.getContainer();
    container.style.removeProperty("width");
    container.style.removeProperty("height");
    map.options.zoomSnap = screen.snap;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(screen.center, screen.zoom, { animate: false });
    screen = null;
  }

  /** @type {any[]} */
  const late = [];
  function apply() {
    const next = wanted();
    if (next === now) return;
    now = next;
    document.documentElement.dataset.theme = next;
    for (const layer of [...layers, ...late]) if (layer.setTheme) layer.setTheme(next);
    redrawLegendSymbols();
    if (next === "print") toPaper();
    else if (screen) toScreen();
  }

  map.on("moveend", () => {
    if (now !== "print" && !print.matches) seen = viewport.seen();
  });
  dark.addEventListener("change", apply);
  print.addEventListener("change", apply);
  window.addEventListener("beforeprint", () => { printing = true; apply(); });
  window.addEventListener("afterprint", () => { printing = false; apply(); });
  apply();

  /** @param {string} name */
  function choose(name) {
    sheet = name;
    document.documentElement.dataset.paper = name;
  }
  choose(sheet);

  /**
   * A layer that is no layer of the map's tables has its palette too.
   *
   * @param {any} layer
   */
  function join(layer) {
    late.push(layer);
    layer.setTheme(now);
  }
  return { names: Object.keys(PAPERS), choose, join, get now() { return sheet; } };
}
