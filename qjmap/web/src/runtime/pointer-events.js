/* Hit tests over all layers of a map, and what hovering and clicking do. */

const LISTED = 40; // names in the popup of a plain map
const REACH = 7, TOUCH_REACH = 14; // px around the pointer

/** @typedef {{ layer: Layer, ids: string[], total: number, bounds?: L.LatLngBounds }} Target */

/**
 * Listens to the pointer for the layers that are added.
 *
 * @param {LeafletMap} map
 */
function makePointerEvents(map) {
  /** @type {Set<Layer>} */
  const layers = new Set();
  const reach = window.matchMedia && window.matchMedia("(pointer: coarse)").matches ? TOUCH_REACH : REACH;
  const fromTop = () => Array.from(layers).sort((a, b) => b.options.level - a.options.level);
  /** @param {Layer | null} over @param {string[]} ids */
  const hover = (over, ids) => layers.forEach((layer) => layer.hover(layer === over ? ids : null));
  /** Lifts what lies at a point, and tells the page. @param {Point | null} point @param {boolean} [held] whether a finger stays there */
  function pointAt(point, held) {
    const target = point && targetAt(point);
    map.getContainer().style.cursor = target ? "pointer" : "";
    hover(target && target.layer, target ? target.ids : []);
    map.fire("qjmap:point", { hit: target, point, held });
  }

  /**
   * The hit of the topmost layer at a point; null where no layer has one.
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
    // Into a great cluster the map zooms, until what is left lies at one point.
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
 * The pointer events of a map.
 *
 * @param {LeafletMap} map
 */
export function pointerEventsOf(map) {
  return (map._qjmapPointer = map._qjmapPointer || makePointerEvents(map));
}

/**
 * Opens a popup with the names of what was clicked, on a plain map without a page around it.
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
