/* Light, dark and print theme: the style sheets change by media queries; this sets the palette and size of the canvases. */

import { redrawLegendSymbols } from "./legend.js";

/* Size of the map on paper in px, without margins, title, legend and notes; as in styles/print.css. */
/** @type {Record<string, { width: number, height: number }>} */
const PAPERS = {
  "a4-landscape": { width: 706, height: 464 },
  "a4-portrait": { width: 714, height: 480 },
  "a3-landscape": { width: 1170, height: 850 },
  "a3-portrait": { width: 1042, height: 1040 },
};

/** @param {{ map: LeafletMap, layers: Layer[], viewport: Viewport }} given */
export function makeTheme({ map, layers, viewport }) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const print = window.matchMedia("print");
  let printing = false;
  /** @type {{ center: L.LatLng, zoom: number, snap: number } | null} */
  let screen = null; // the view to restore after printing; null while nothing is printed
  let seen = viewport.seen(); // bounds that the reader last saw; on paper the map has another size
  let now = "";
  let paper = "a4-landscape";

  const current = () => (printing || print.matches ? "print" : dark.matches ? "dark" : "light");

  /* Gives the map the size of the paper and fits the part of the world that was on the screen into it; `toScreen` restores the view after
   * printing. The size is set here because the browser lays out the printed page only after the canvases have to be drawn. */
  function toPaper() {
    const container = map.getContainer();
    screen = { center: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap };
    container.style.width = PAPERS[paper].width + "px";
    container.style.height = PAPERS[paper].height + "px";
    map.options.zoomSnap = 0;
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(seen, { animate: false });
  }

  /** @param {{ center: L.LatLng, zoom: number, snap: number }} view */
  function toScreen({ center, zoom, snap }) {
    const container = map.getContainer();
    container.style.removeProperty("width");
    container.style.removeProperty("height");
    map.options.zoomSnap = snap;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(center, zoom, { animate: false });
    screen = null;
  }

  /** @type {Layer[]} layers that do not belong to a table, such as drafts */
  const others = [];
  function apply() {
    const next = current();
    if (next === now) return;
    now = next;
    document.documentElement.dataset.theme = next;
    for (const layer of [...layers, ...others]) layer.setTheme(next);
    redrawLegendSymbols();
    if (next === "print") toPaper();
    else if (screen) toScreen(screen);
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
    paper = name;
    document.documentElement.dataset.paper = name;
  }
  choose(paper);

  /**
   * Adds a layer that does not belong to a table, so that it gets the palette too.
   *
   * @param {Layer} layer
   */
  function join(layer) {
    others.push(layer);
    layer.setTheme(now);
  }
  return { names: Object.keys(PAPERS), choose, join, get now() { return paper; } };
}
