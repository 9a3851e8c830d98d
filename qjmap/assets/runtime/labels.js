/* Names on the map: one canvas over all layers, on which no two names and no name and symbol collide.
 *
 * A layer offers candidates in the order of their priority and the boxes that its symbols take; a name takes the first
 * free position around its point, and where there is none it waits for a closer zoom.
 */
"use strict";

window.QJMap = window.QJMap || {};

(function (QJMap) {
  const CELL = 64;

  /** Taken boxes, in a grid, so that a test looks at few of them. */
  class Taken {
    constructor() { this.cells = new Map(); }
    *keys(box) {
      for (let i = Math.floor(box[0] / CELL); i <= Math.floor(box[2] / CELL); i++) {
        for (let j = Math.floor(box[1] / CELL); j <= Math.floor(box[3] / CELL); j++) yield i * 65536 + j;
      }
    }
    add(box) {
      for (const key of this.keys(box)) {
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push(box);
      }
    }
    free(box) {
      for (const key of this.keys(box)) {
        for (const other of this.cells.get(key) || []) {
          if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return false;
        }
      }
      return true;
    }
  }

  const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.75, -0.75], [0.75, 0.75], [-0.75, -0.75], [-0.75, 0.75]];

  const Labels = QJMap.CanvasLayer.extend({
    layerName: "labels",
    options: { level: 640 },
    loaded: true,

    initialize() {
      QJMap.CanvasLayer.prototype.initialize.call(this, {});
      this.providers = new Set();
      this.widths = new Map();
    },

    add(layer) { this.providers.add(layer); this.redraw(); },
    remove(layer) { this.providers.delete(layer); this.redraw(); },

    draw(ctx, view) {
      const taken = new Taken(), wanted = [];
      for (const layer of this.providers) {
        if (!layer.loaded || !layer._map) continue;
        if (layer.obstacles) layer.obstacles(view).forEach((box) => taken.add(box));
        wanted.push(...layer.labels(view));
        this.theme = layer.theme;
      }
      const colours = this.colours();
      wanted.sort((a, b) => a.priority - b.priority || (a.text < b.text ? -1 : 1));
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      for (const one of wanted) this.place(ctx, one, taken, view, colours);
    },

    /** The map's frame in layer pixels: what is outside of it is drawn only for panning. */
    frame() {
      const size = this._map.getSize(), corner = this._map.containerPointToLayerPoint([0, 0]);
      return [corner.x, corner.y, corner.x + size.x, corner.y + size.y];
    },

    /** Size of a text in a font, measured once. */
    measure(ctx, one) {
      const font = `${one.italic ? "italic " : ""}${one.weight || 400} ${one.size}px ${QJMap.typeface}`;
      const key = `${font}|${one.spacing || 0}|${one.text}`;
      ctx.font = font;
      if ("letterSpacing" in ctx) ctx.letterSpacing = `${one.spacing || 0}px`;
      if (!this.widths.has(key)) {
        if (this.widths.size > 5000) this.widths.clear();
        this.widths.set(key, ctx.measureText(one.text).width);
      }
      return this.widths.get(key);
    },

    place(ctx, one, taken, view, colours) {
      const margin = 300;
      if (one.x < view.bounds.min.x - margin || one.x > view.bounds.max.x + margin) return;
      if (one.y < view.bounds.min.y - margin || one.y > view.bounds.max.y + margin) return;
      const width = this.measure(ctx, one), height = one.size * 1.25;
      const spots = one.centred ? [[0, 0, 0]] : [];
      if (!one.centred) {
        for (const gap of one.gaps || [9]) AROUND.forEach(([dx, dy]) => spots.push([dx, dy, gap]));
      }
      const frame = this.frame();
      // Inside the map's frame first; a name that the frame would cut is better than none only where it is centred.
      for (const [dx, dy, gap] of spots) {
        const cx = one.x + dx * (gap + width / 2), cy = one.y + dy * (gap + (dx ? height * 0.35 : height / 2));
        const box = [cx - width / 2 - 2, cy - height / 2, cx + width / 2 + 2, cy + height / 2];
        if (!taken.free(box)) continue;
        if (!one.centred && (box[0] < frame[0] || box[2] > frame[2])) continue;
        taken.add(box);
        this.write(ctx, one, cx - width / 2, cy, colours);
        return;
      }
    },

    write(ctx, one, x, y, colours) {
      ctx.globalAlpha = one.alpha || 1;
      if (one.halo !== false) {
        ctx.strokeStyle = colours.halo;
        ctx.lineWidth = 3.4;
        ctx.strokeText(one.text, x, y);
      }
      ctx.fillStyle = one.colour;
      ctx.fillText(one.text, x, y);
      ctx.globalAlpha = 1;
    },
  });

  QJMap.labels = function (map) {
    if (!map._qjmapLabels) {
      map._qjmapLabels = new Labels();
      map._qjmapLabels.addTo(map);
    }
    return map._qjmapLabels;
  };
})(window.QJMap);
