/* The visible part of the map: all that the page's own parts do not cover. */

import { isCalm, keepHeight, templatePart } from "./dom.js";
import { isPhone } from "./room.js";

export const CLOSEST = 18; // zoom of what is exact to a few metres
const HOLD = 48; // px kept free around what is shown

/**
 * The viewport of a map; from then on labels on the map keep clear of what covers it.
 *
 * @param {LeafletMap} map
 */
export function makeViewport(map) {
  const stage = templatePart("stage");
  const parts = ["header", "panel", "story", "side", "legend", "back"].map((id) => templatePart(id));

  // The panel begins where the title ends, however many lines that takes.
  keepHeight(templatePart("header"), "--header-height");

  /** Parts of the page that lie over the map now. */
  const chrome = () => parts.filter((node) => node && !node.hidden && node.getClientRects().length);

  /** Leaflet's padding options for the area of the map that nothing covers, for `fitBounds`. */
  function padding() {
    const box = stage.getBoundingClientRect();
    const header = templatePart("header").getBoundingClientRect();
    const covering = ["panel", "story"].map((id) => templatePart(id)).find((node) => node.getClientRects().length);
    const cover = covering && covering.getBoundingClientRect();
    if (isPhone()) {
      const bottom = cover ? Math.min(box.bottom - cover.top, box.height * 0.6) : 12;
      return { paddingTopLeft: [16, Math.min(header.bottom - box.top + 8, box.height * 0.3)], paddingBottomRight: [64, bottom + 8] };
    }
    // An open legend is a column at the right; closed, it is only a button in the corner.
    const legend = templatePart("legend");
    const column = legend.dataset.open === "yes" ? box.right - legend.getBoundingClientRect().left : 0;
    return {
      paddingTopLeft: [cover ? Math.min(cover.right - box.left + HOLD, box.width * 0.5) : HOLD, HOLD],
      paddingBottomRight: [Math.min(column + HOLD, box.width * 0.35), HOLD],
    };
  }

  map.qjmapCover = function () {
    if (isPhone()) return [0, 0];
    const { paddingTopLeft: [left], paddingBottomRight: [right] } = padding();
    return [left - HOLD, right - HOLD];
  };

  /** The part of the world that nothing covers. */
  function seen() {
    const { paddingTopLeft: [left], paddingBottomRight: [right] } = padding();
    const { x, y } = map.getSize();
    const hold = isPhone() ? 64 : HOLD;
    return L.latLngBounds(map.containerPointToLatLng([Math.max(0, left - hold), 0]), map.containerPointToLatLng([Math.min(x, x - right + hold), y]));
  }

  /**
   * @param {L.LatLngLike} center
   * @param {number} zoom
   */
  const fly = (center, zoom) => map.setView(center, zoom, { animate: !isCalm(), duration: 0.6 });
  /**
   * @param {L.LatLngBounds} bounds
   * @param {number} closest
   */
  const show = (bounds, closest) => map.fitBounds(bounds, { ...padding(), maxZoom: closest, animate: !isCalm(), duration: 0.6 });

  return { chrome, padding, seen, fly, show };
}

/**
 * Keeps the view on the ground that the page carries, as far as the opening view allows, which may be wider than a narrow window can
 * show within it; and no closer than its positions are exact.
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
