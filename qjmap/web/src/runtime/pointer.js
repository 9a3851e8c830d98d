/* Who a pointer means, of all layers on a map, and what a click does. */

/**
 * Who a pointer means: the topmost layer that something is hit in.
 *
 * @param {LeafletMap} map
 */
function makePointer(map) {
  const layers = new Set();
  const touch = window.matchMedia && window.matchMedia("(pointer: coarse)").matches;
  const reach = touch ? 14 : 7;
  const ordered = () => Array.from(layers).sort((a, b) => b.options.level - a.options.level);

  /** @param {Point} point */
  function at(point) {
    for (const layer of ordered()) {
      // A layer says { ids, total, bounds } of a gathering too great to be named one by one.
      const hit = layer.loaded ? layer.hit(point, reach) : [], ids = hit.ids || hit;
      if (ids.length) return { layer, ids, total: hit.total || ids.length, bounds: hit.bounds };
    }
    return null;
  }

  map.on("click", (/** @type {any} */ event) => {
    const found = at(event.layerPoint);
    if (!found) { map.fire("qjmap:nothing"); return; }
    // Into a great gathering the map goes closer, until what is left lies at one point.
    if (found.bounds && !found.bounds.getSouthWest().equals(found.bounds.getNorthEast()) && map.getZoom() < map.getMaxZoom()) {
      map.setView(event.latlng, Math.max(map.getZoom() + 1, Math.min(map.getBoundsZoom(found.bounds), map.getZoom() + 3)));
      return;
    }
    const taken = { used: false };
    map.fire("qjmap:choose", { layer: found.layer.layerName, ids: found.ids, total: found.total, latlng: event.latlng, taken });
    if (!map.listens("qjmap:choose")) openPopup(map, found.layer, found.ids, event.latlng);
  });
  /** @type {any} */
  let waiting = 0, last = /** @type {any} */ (null);
  map.on("mousemove", (/** @type {any} */ event) => {
    last = event.layerPoint;
    if (waiting) return;
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      if (map._animatingZoom || (map.dragging && map.dragging.moving())) return;
      const found = at(last);
      map.getContainer().style.cursor = found ? "pointer" : "";
      layers.forEach((layer) => layer.hover(found && found.layer === layer ? found.ids : null));
    });
  });
  map.on("mouseout", () => layers.forEach((layer) => layer.hover(null)));
  return { add: (/** @type {any} */ layer) => layers.add(layer), remove: (/** @type {any} */ layer) => layers.delete(layer) };
}

/** @param {LeafletMap} map */
export function pointerOf(map) {
  if (!map._qjmapPointer) map._qjmapPointer = makePointer(map);
  return map._qjmapPointer;
}

/**
 * On a plain map without a page around it: the names of what was clicked.
 *
 * @param {LeafletMap} map
 * @param {any} layer
 * @param {string[]} ids
 * @param {LatLng} latlng
 */
async function openPopup(map, layer, ids, latlng) {
  if (layer.named) await layer.named(ids.slice(0, 40));
  const list = document.createElement("ul");
  for (const id of ids.slice(0, 40)) {
    const item = document.createElement("li");
    item.textContent = layer.title ? layer.title(id) : id;
    list.append(item);
  }
  L.popup({ maxHeight: 260 }).setLatLng(latlng).setContent(list).openOn(map);
}
