/* window.qjmap: the interface of the page for other programs. It is small, read-only and stable.
 *
 *   qjmap.version      text: version of the program that made the page
 *   qjmap.counts()     {places: 12, sites: 340, ...}: number of rows of each table with a layer, whether or not they have a geometry; drafts
 *                      that a reader has added and rows that only the older of two editions has are not counted
 *   qjmap.visible()    {places: [ids], ...}: ids of the rows that are drawn in the present view with the present layers and filters; no drafts
 *   qjmap.select(id)   shows a row of any table in the panel, and on the map if it or a row to which it belongs has a position;
 *                      returns whether there is such a row
 */

/** Sets window.qjmap. @param {{ map: LeafletMap, layers: Layer[], meta: Meta, store: Store, filter: RowFilter, go: SelectRow }} given */
export function exposePublicApi({ map, layers, meta, store, filter, go }) {
  /** Returns table -> value, for each table with a layer. @param {(name: string) => unknown} value */
  const byLayer = (value) => Object.fromEntries(store.layered.map((name) => [name, value(name)]));
  const api = {
    version: String(meta.version || ""),
    counts: () => byLayer((name) => filter.numbers(name).total),
    visible: () => byLayer((name) => {
      const layer = layers.find(({ layerName }) => layerName === name);
      return layer && layer.visibleIds && map.hasLayer(layer) ? layer.visibleIds() : [];
    }),
    select: (/** @type {string} */ id) => go(String(id), { focus: false }),
  };
  Object.defineProperty(window, "qjmap", { value: Object.freeze(api), enumerable: true });
}
