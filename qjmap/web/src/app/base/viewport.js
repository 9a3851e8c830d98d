/* The visible part of the map: the area that title, panel, legend and other parts of the page do not cover. */

import { isCalm, keepHeight, templatePart } from "./dom.js";
import { isPhone } from "./page-layout.js";
import { labelsOf } from "../../runtime/labels.js";

export const CLOSEST = 18; // closest zoom, for positions that are exact to a few metres
const HOLD = 48; // px kept free around the bounds that are shown

/**
 * Makes the viewport of a map, and makes the map's labels avoid the covered areas.
 *
 * @param {LeafletMap} map
 */
export function makeViewport(map) {
  const stage = templatePart("stage");
  const parts = ["header", "panel", "story", "tools", "zoom", "layers", "legend", "back"].map((id) => templatePart(id));

  // The panel begins where the title ends, however many lines that takes.
  keepHeight(templatePart("header"), "--header-height");

  /** Elements of the page that cover the map now. */
  const chrome = () => parts.filter((node) => node && !node.hidden && node.getClientRects().length);

  /** Leaflet's padding options for the area of the map that nothing covers, for `fitBounds`. */
  function padding() {
    const box = stage.getBoundingClientRect();
    const header = templatePart("header").getBoundingClientRect();
    const covering = ["panel", "story"].map((id) => templatePart(id)).find((node) => node.getClientRects().length);
    const cover = covering && covering.getBoundingClientRect();
    if (isPhone()) {
      const bottom = cover ? Math.min(box.bottom - cover.top, box.height * 0.6) : 12;
      const top = Math.max(header.bottom, templatePart("tools").getBoundingClientRect().bottom) - box.top;
      return { paddingTopLeft: [16, Math.min(top + 8, box.height * 0.3)], paddingBottomRight: [64, bottom + 8] };
    }
    // An open legend covers a column at the right; a closed one only its button in the corner.
    const legend = templatePart("legend");
    const column = legend.dataset.open === "yes" ? box.right - legend.getBoundingClientRect().left : 0;
    return {
      paddingTopLeft: [cover ? Math.min(cover.right - box.left + HOLD, box.width * 0.5) : HOLD, HOLD],
      paddingBottomRight: [Math.min(column + HOLD, box.width * 0.35), HOLD],
    };
  }

  /** The boxes of these elements, in pixels of the map. */
  function covers() {
    const { left, top } = map.getContainer().getBoundingClientRect();
    return chrome().map((node) => node.getBoundingClientRect()).map((box) => [box.left - left, box.top - top, box.right - left, box.bottom - top]);
  }
  map.qjmapCovers = covers;
  const follow = new ResizeObserver(() => labelsOf(map).redraw());
  parts.forEach((part) => follow.observe(part));

  /** Bounds of the visible part of the map in degrees. */
  function seen() {
    const { paddingTopLeft: [left], paddingBottomRight: [right] } = padding();
    const { x, y } = map.getSize();
    const hold = isPhone() ? 64 : HOLD;
    return L.latLngBounds(map.containerPointToLatLng([Math.max(0, left - hold), 0]), map.containerPointToLatLng([Math.min(x, x - right + hold), y]));
  }

  /**
   * Moves the map to a centre and zoom, animated unless the reader prefers reduced motion.
   *
   * @param {L.LatLngLike} center
   * @param {number} zoom
   */
  const fly = (center, zoom) => map.setView(center, zoom, { animate: !isCalm(), duration: 0.6 });
  /** Fits bounds into the visible part of the map, at most at a zoom. @param {L.LatLngBounds} bounds @param {number} closest */
  const show = (bounds, closest) => map.fitBounds(bounds, { ...padding(), maxZoom: closest, animate: !isCalm(), duration: 0.6 });

  return { covers, padding, seen, fly, show };
}

/**
 * Limits panning to the extent of the page's background, extended by the opening view (which can exceed it in a narrow window); and limits
 * the zoom to the precision of the positions.
 *
 * @param {LeafletMap} map at its opening view
 * @param {Box | undefined} extent
 * @param {number} [closest] zoom
 */
export function holdWithin(map, extent, closest = CLOSEST) {
  map.setMaxZoom(closest);
  if (!extent) return;
  const [west, south, east, north] = extent;
  const bounds = L.latLngBounds([south, west], [north, east]), opening = map.getZoom();
  const limit = () => { map.setMinZoom(Math.min(7, opening, map.getBoundsZoom(bounds, true))); };
  map.on("resize", limit);
  limit();
  map.setMaxBounds(bounds);
  map.options.maxBoundsViscosity = 1;
}
