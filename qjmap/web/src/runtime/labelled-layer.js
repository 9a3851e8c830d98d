/* A canvas layer with labels, which are placed together with the labels of all other layers. */

import { CanvasLayer } from "./canvas-layer.js";
import { labelsOf } from "./labels.js";

/** Base class of the layers that may have labels (`labels`). The labels are on the map as long as the layer is. */
export class LabelledLayer extends CanvasLayer {
  /** Called by Leaflet: adds the layer and its labels. @param {LeafletMap} map */
  onAdd(map) {
    super.onAdd(map);
    if (this.labels) labelsOf(map).add(this);
  }

  /** Called by Leaflet: removes the layer and its labels. @param {LeafletMap} map */
  onRemove(map) {
    if (this.labels) labelsOf(map).remove(this);
    super.onRemove(map);
  }

  /** Requests a redraw of the layer and of all labels. Several requests before the next frame cause one redraw. */
  redraw() {
    if (!this._map) return this;
    super.redraw();
    if (this.labels) {
      const labels = labelsOf(this._map);
      labels.theme = this.theme;
      labels._soon("now");
    }
    return this;
  }
}
