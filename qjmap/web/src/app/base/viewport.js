/* The visible part of the map: the area that title, panel, legend and other parts of the page do not cover. */

import { isCalm, keepHeight, templatePart } from "./dom.js";
import { isPhone } from "./page-layout.js";
import { labelsOf } from "../../runtime/labels.js";

export const CLOSEST = 18; // closest zoom, for positions that are exact to a few metres
const HOLD = 48; // px kept free around what the map is fitted to

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

  /** Returns the elements of the page that cover the map now. */
  const chrome = () => parts.filter((node) => node && !node.hidden && node.getClientRects().length);

  /** Returns Leaflet's options for `fitBounds` with the padding in px that keeps bounds in the visible part of the map. */
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

  /** Returns the boxes (west, north, east, south) of the elements that cover the map, in px from the map's corner. */
  function covers() {
    const { left, top } = map.getContainer().getBoundingClientRect();
    return chrome().map((node) => node.getBoundingClientRect()).map((box) => [box.left - left, box.top - top, box.right - left, box.bottom - top]);
  }
  map.qjmapCovers = covers;
  const follow = new ResizeObserver(() => labelsOf(map).redraw());
  parts.forEach((part) => follow.observe(part));

  /** Returns the bounds in degrees of the map between panel and legend, over its whole height. */
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
  /** Fits bounds into the visible part of the map. @param {L.LatLngBounds} bounds @param {number} closest maximum zoom */
  const show = (bounds, closest) => map.fitBounds(bounds, { ...padding(), maxZoom: closest, animate: !isCalm(), duration: 0.6 });

  return { covers, padding, seen, fly, show };
}

/**
 * Limits the map to the page's background. Panning is limited to its extent. Zooming out ends where the extent still fills the map, but zoom 7
 * and the opening zoom are always possible. Zooming in ends at `closest`.
 *
 * @param {LeafletMap} map at its opening view
 * @param {Box | undefined} extent west, south, east, north in degrees; without one only zooming in is limited
 * @param {number} [closest] maximum zoom, by the precision of the positions
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
