/* Selects rows: `makeRowSelector` finds a row and unpacks its texts, `makeHighlight` shows it on the map. */

const CLOSEST = 13; // maximum zoom at which selected rows are shown
const LINES = 9; // the same for partnerships and corridors, which extend over a region

/**
 * Makes the functions that show rows on the map: turn on their layers, highlight them, and move the view to them.
 *
 * @param {{ map: LeafletMap, layers: () => Layer[], store: Store, relations: RelationIndex, switches: LayerSwitches, viewport: Viewport }} parts
 */
export function makeHighlight({ map, layers, store, relations, switches, viewport }) {
  /** Returns the bounds of an id in the first layer that has a geometry for it; null if none has. @param {string} id */
  const boundsOf = (id) => {
    for (const layer of layers()) {
      const bounds = layer.boundsOf ? layer.boundsOf(id) : null;
      if (bounds && bounds.isValid()) return bounds;
    }
    return null;
  };
  /** Highlights ids in all layers; null for none. @param {string[] | null} ids */
  const highlight = (ids) => layers().forEach((layer) => layer.highlight(ids));

  /**
   * Highlights a row with its related rows: a place with its partnerships, a partnership with its parties.
   *
   * @param {string} id
   * @param {string[]} anchors ids that stand for the row on the map (`relations.anchors`)
   */
  function lift(id, anchors) {
    const r = store.ref(id), table = r === undefined ? "" : store.tableOf(r), lifted = new Set(anchors);
    if (table === "places") relations.of("partnerships", "parties", id).forEach((link) => lifted.add(store.id(link)));
    if (r !== undefined && table === "partnerships") store.list(r, "parties").forEach((party) => lifted.add(party));
    highlight(lifted.size ? Array.from(lifted) : null);
  }

  /**
   * Returns the maximum zoom at which rows are shown: `LINES` if all are partnerships or corridors; else `CLOSEST` for exact positions, and
   * less for a larger radius of uncertainty, down to 7.
   *
   * @param {Ref[]} refs
   */
  function closestZoom(refs) {
    const radius = Math.max(...refs.map((r) => Number(store.get(r, "radius_m")) || 0), 0);
    if (refs.every((r) => ["partnerships", "corridors"].includes(store.tableOf(r)))) return LINES;
    return radius ? Math.max(7, Math.min(CLOSEST, Math.round(22.5 - Math.log2(radius + 1)))) : CLOSEST;
  }

  return {
    clear: () => highlight(null),
    /**
     * Shows a row on the map, or the rows to which it belongs if it is not drawn itself.
     *
     * @param {string} id
     * @param {boolean} move whether the view moves there
     * @param {boolean} lifts whether filters that hide the row are removed
     */
    at(id, move, lifts) {
      const anchors = relations.anchors(id, (anchor) => boundsOf(anchor) !== null);
      switches.ensure(anchors, lifts);
      lift(id, anchors);
      if (!move || !anchors.length) return;
      const bounds = L.latLngBounds([]);
      for (const anchor of anchors) {
        const own = boundsOf(anchor);
        if (own) bounds.extend(own);
      }
      viewport.show(bounds, Math.min(closestZoom(anchors.flatMap((anchor) => store.ref(anchor) ?? [])), map.getMaxZoom()));
    },
  };
}

/**
 * @typedef {{ focus: boolean, move: boolean, lift: boolean, part: string, also: string[] }} SelectOptions
 * `focus`: whether the panel gets the focus; `move`: whether the map moves to the row; `lift`: whether filters that hide the row are removed;
 * `part`: id of the leg of a corridor that was clicked, "" for none; `also`: ids of other rows at the same point.
 */

/**
 * Returns the function that selects a row. Everything that selects a row calls it.
 *
 * @param {{ store: Store, selected: (id: string, options: SelectOptions) => void }} parts `selected` is called when the row's texts are unpacked
 */
export function makeRowSelector({ store, selected }) {
  let turn = 0; // number of the latest call
  /**
   * Selects the row with an id; returns whether there is such a row.
   *
   * @param {string} id
   * @param {Partial<SelectOptions>} options
   */
  return function select(id, { focus = false, move = true, lift = true, part = "", also = [] } = {}) {
    const r = store.ref(id), mine = ++turn;
    if (r === undefined) return false;
    const act = () => {
      if (mine === turn) selected(id, { focus, move, lift, part, also }); // else something else was selected while its texts were unpacked
    };
    const loading = store.load([r]);
    if (loading) loading.then(act); else act();
    return true;
  };
}
