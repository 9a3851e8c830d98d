/* window.qjmap: the page as other programs see it. Small, read-only, and stable.
 *
 *   qjmap.version      text: the version of the program that made the page
 *   qjmap.counts()     {places, sites, partnerships, corridors}: rows of each, those without a geometry included; rows of the
 *                      map's tables alone: drafts that a reader has added are never counted here
 *   qjmap.visible()    {places: [ids], ...}: ids drawn in the present view with the present switches; no drafts either
 *   qjmap.select(id)   shows a row of any table in the panel, and on the map where it or what it belongs to has a
 *                      place; true when there is such a row, else false
 */

/** @param {{ map: LeafletMap, layers: Layer[], meta: Meta, store: Store, go: SelectRow }} given */
export function exposePublicApi({ map, layers, meta, store, go }) {
  /** @param {(name: string) => unknown} value */
  const byLayer = (value) => Object.fromEntries(store.layered.map((name) => [name, value(name)]));
  const api = {
    version: String(meta.version || ""),
    counts: () => byLayer((name) => store.rows(name)),
    visible: () => byLayer((name) => {
      const layer = layers.find(({ layerName }) => layerName === name);
      return layer && layer.visibleIds && map.hasLayer(layer) ? layer.visibleIds() : [];
    }),
    select: (/** @type {string} */ id) => go(String(id), { focus: false }),
  };
  Object.defineProperty(window, "qjmap", { value: Object.freeze(api), enumerable: true });
}
