/* window.qjmap: the page as other programs see it. Small, read-only, and stable.
 *
 *   qjmap.version      text: the version of the program that made the page
 *   qjmap.counts()     {places, sites, partnerships, corridors}: rows of each, those without a geometry included; rows of the
 *                      map's tables alone: drafts that a reader has added are never counted here
 *   qjmap.visible()    {places: [ids], ...}: ids drawn in the present view with the present switches; no drafts either
 *   qjmap.select(id)   shows a row of any table in the panel, and on the map where it or what it belongs to has a
 *                      place; true when there is such a row, else false
 */

const LAYERS = ["places", "sites", "partnerships", "corridors"];

/** @param {{ map: LeafletMap, layers: Layer[], meta: Meta, store: Store, go: Go }} given */
export function exposePublicApi({ map, layers, meta, store, go }) {
  /** @param {any} value */
  const of = (value) => Object.fromEntries(LAYERS.map((name) => [name, value(name)]));
  const face = {
    version: String(meta.version || ""),
    counts: () => of((/** @type {any} */ name) => store.rows(name)),
    visible: () => of((/** @type {any} */ name) => {
      const layer = layers.find((one) => one.layerName === name);
      return layer && map.hasLayer(layer) ? Array.from(layer.visibleIds()) : [];
    }),
    select: (/** @type {string} */ id) => go(String(id), { focus: false }),
  };
  Object.defineProperty(window, "qjmap", { value: Object.freeze(face), enumerable: true });
}
