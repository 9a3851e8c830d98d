/* Handles hovering and clicking: finds what lies under the pointer in all layers of a map. */

const LISTED = 40; // names at most in the popup of a map without a page around it
const REACH = 7, TOUCH_REACH = 14; // px around the pointer (or finger) within which something is hit

/** @typedef {{ layer: Layer, ids: string[], total: number, bounds?: L.LatLngBounds }} Target Rows of a layer at a point; of a large cluster `ids` are only the first of the `total` rows, and `bounds` are those of all. */

/** Makes the object that handles hovering and clicking for the layers that are added to it. @param {LeafletMap} map */
function makePointerEvents(map) {
  /** @type {Set<Layer>} */
  const layers = new Set();
  const reach = window.matchMedia && window.matchMedia("(pointer: coarse)").matches ? TOUCH_REACH : REACH;
  const fromTop = () => Array.from(layers).sort((a, b) => b.options.level - a.options.level);
  /** Marks ids of one layer as under the pointer, and none in all others. @param {Layer | null} over @param {string[]} ids */
  const hover = (over, ids) => layers.forEach((layer) => layer.hover(layer === over ? ids : null));
  /**
   * Highlights what lies at a point, and fires `qjmap:point` for the page; null stands for a pointer outside of the map.
   *
   * @param {Point | null} point layer pixels
   * @param {boolean} [held] whether it is a long touch or right click (the event contextmenu)
   */
  function pointAt(point, held) {
    const target = point && targetAt(point);
    map.getContainer().style.cursor = target ? "pointer" : "";
    hover(target && target.layer, target ? target.ids : []);
    map.fire("qjmap:point", { hit: target, point, held });
  }

  /**
   * Returns what the topmost layer has at a point; null if no layer has anything there.
   *
   * @param {Point} point
   * @returns {Target | null}
   */
  function targetAt(point) {
    for (const layer of fromTop()) {
      const hit = layer.loaded && layer.hit ? layer.hit(point, reach) : [];
      const target = Array.isArray(hit) ? { layer, ids: hit, total: hit.length } : { layer, ...hit };
      if (target.ids.length) return target;
    }
    return null;
  }

  map.on("click", ({ layerPoint, latlng }) => {
    const target = targetAt(layerPoint);
    if (!target) return;
    const { layer, ids, total, bounds } = target, zoom = map.getZoom();
    // A click on a large cluster zooms in, unless all of its rows lie at one point.
    if (bounds && !bounds.getSouthWest().equals(bounds.getNorthEast()) && zoom < map.getMaxZoom()) {
      map.setView(latlng, Math.max(zoom + 1, Math.min(map.getBoundsZoom(bounds), zoom + 3)));
    } else if (map.listens("qjmap:choose")) map.fire("qjmap:choose", { layer: layer.layerName, ids, total, latlng });
    else openPopup(map, layer, ids, latlng);
  });
  let frame = 0;
  /** @type {Point} */
  let last = { x: 0, y: 0 };
  map.on("mousemove", ({ layerPoint }) => {
    last = layerPoint;
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (map._animatingZoom || (map.dragging && map.dragging.moving())) return;
      pointAt(last);
    });
  });
  map.on("mouseout", () => pointAt(null));
  map.on("contextmenu", ({ layerPoint }) => pointAt(layerPoint, true));
  return { add: (/** @type {Layer} */ layer) => { layers.add(layer); }, remove: (/** @type {Layer} */ layer) => { layers.delete(layer); } };
}

/**
 * Returns the object that handles the pointer events of a map; it is made on the first call.
 *
 * @param {LeafletMap} map
 */
export function pointerEventsOf(map) {
  return (map._qjmapPointer = map._qjmapPointer || makePointerEvents(map));
}

/**
 * Opens a popup with the names of what was clicked, on a map without a page around it.
 *
 * @param {LeafletMap} map
 * @param {Layer} layer
 * @param {string[]} ids
 * @param {LatLng} latlng
 */
async function openPopup(map, layer, ids, latlng) {
  if (layer.named) await layer.named(ids.slice(0, LISTED));
  const list = document.createElement("ul");
  for (const id of ids.slice(0, LISTED)) {
    const item = document.createElement("li");
    item.textContent = layer.title ? layer.title(id) : id;
    list.append(item);
  }
  L.popup({ maxHeight: 260 }).setLatLng(latlng).setContent(list).openOn(map);
}
