/* A canvas layer whose names stand among those of all other layers. */

import { CanvasLayer } from "./canvas.js";
import { labelsOf } from "./labels.js";

export const MapLayer = CanvasLayer.extend({
  /** @param {LeafletMap} map */
  onAdd(map) {
    CanvasLayer.prototype.onAdd.call(this, map);
    if (this.labels) labelsOf(map).add(this);
  },

  /** @param {LeafletMap} map */
  onRemove(map) {
    if (this.labels) labelsOf(map).remove(this);
    CanvasLayer.prototype.onRemove.call(this, map);
  },

  /** Draws soon, once however often it is asked for; the names with it. */
  redraw() {
    if (!this._map) return this;
    CanvasLayer.prototype.redraw.call(this);
    if (this.labels) {
      const labels = labelsOf(this._map);
      labels.theme = this.theme;
      labels._soon("now");
    }
    return this;
  },
});
