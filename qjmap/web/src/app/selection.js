/* Choosing a row: it is shown in the panel and on the map, and the address names it. */

const CLOSEST = 13; // a single point is not zoomed to beyond this
const FARTHER = 9; // the same for agreements and corridors, which are about a region

/**
 * Shows ids on the map: their layers on, themselves lifted, the view on them; `layers` are those that can show them.
 *
 * @param {{ map: LeafletMap, layers: () => Layer[], store: Store, relations: Relations, switches: Switches, viewport: Viewport }} given
 */
export function makeHighlight({ map, layers, store, relations, switches, viewport }) {
  /** @param {string} id */
  const boundsOf = (id) => {
    for (const layer of layers()) {
      const bounds = layer.boundsOf ? layer.boundsOf(id) : null;
      if (bounds && bounds.isValid()) return bounds;
    }
    return null;
  };
  /** @param {string[] | null} ids */
  const highlight = (ids) => layers().forEach((layer) => { if (layer.highlight) layer.highlight(ids); });

  /**
   * A place is shown with its agreements, an agreement with its parties.
   *
   * @param {string} id
   * @param {any} anchors
   */
  function lift(id, anchors) {
    const r = store.ref(id), lifted = new Set(anchors);
    if (store.tableOf(r) === "places") relations.of("partnerships", "parties", id).forEach((one) => lifted.add(store.id(one)));
    if (store.tableOf(r) === "partnerships") store.list(r, "parties").forEach((one) => lifted.add(one));
    highlight(lifted.size ? Array.from(lifted) : null);
  }

  /**
   * The less exact a position, the farther away it is looked at from.
   *
   * @param {any} anchors
   */
  function closest(anchors) {
    const radius = Math.max(...anchors.map((/** @type {any} */ one) => Number(store.get(store.ref(one), "radius_m")) || 0), 0);
    const lines = anchors.every((/** @type {any} */ one) => ["partnerships", "corridors"].includes(store.tableOf(store.ref(one))));
    if (lines) return FARTHER;
    return radius ? Math.max(7, Math.min(CLOSEST, Math.round(22.5 - Math.log2(radius + 1)))) : CLOSEST;
  }

  return {
    clear: () => highlight(null),
    /**
     * @param {string} id
     * @param {boolean} move
     * @param {boolean} lifts
     */
    at(id, move, lifts) {
      const anchors = relations.anchors(id, (/** @type {any} */ one) => boundsOf(one) !== null);
      switches.ensure(anchors, lifts);
      lift(id, anchors);
      if (!move || !anchors.length) return;
      const bounds = L.latLngBounds([]);
      anchors.forEach((one) => bounds.extend(boundsOf(one)));
      viewport.show(bounds, Math.min(closest(anchors), map.getMaxZoom()));
    },
  };
}

/**
 * Goes to a row by its id, the one way in which anything is chosen; `chosen` is told when its texts are there.
 *
 * @param {{ store: Store, chosen: any }} given
 */
export function makeGo({ store, chosen }) {
  let turns = 0;
  return function go(/** @type {string} */ id, { focus = false, move = true, lift = true, part = "" } = {}) {
    const r = store.ref(id);
    if (r === undefined) return false;
    const turn = ++turns;
    const act = () => {
      if (turn === turns) chosen(id, { focus, move, lift, part }); // else something other was chosen while its texts were being unpacked
    };
    const coming = store.load([r]);
    if (coming) coming.then(act); else act();
    return true;
  };
}
