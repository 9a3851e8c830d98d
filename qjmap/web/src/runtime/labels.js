/* Names on the map: one canvas over all layers, on which no two names and no name and symbol collide.
 *
 * A layer offers candidates with their priority (`labels`), the boxes that its symbols take (`obstacles`) and the lines that
 * a name had better not cover (`ways`). A name takes, of the free positions around its point, the one that covers the
 * least of those lines; where none is free it waits for a closer zoom.
 */

import { CanvasLayer } from "./canvas.js";
import { typeface } from "./palette.js";

const CELL = 64; // px, grid of taken boxes
const FINE = 8; // px, grid of lines
const STEEP = 0.9; // radians from which Chinese is written downwards
const HAN = /^[\u3400-\u9fff·—、（）]+$/;
const IDEOGRAPHS = /^[\u3400-\u9fff]+$/;
const MARGIN = 260; // px around the canvas within which a name may begin

/** Taken boxes [west, north, east, south], in a grid, so that a test looks at few of them. */
class Taken {
  constructor() { this.cells = new Map(); }
  /** @param {Box} box */
  *keys(box) {
    for (let i = Math.floor(box[0] / CELL); i <= Math.floor(box[2] / CELL); i++) {
      for (let j = Math.floor(box[1] / CELL); j <= Math.floor(box[3] / CELL); j++) yield i * 65536 + j;
    }
  }
  /** @param {Box} box */
  add(box) {
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }
  /** @param {Box} box */
  free(box) {
    for (const key of this.keys(box)) {
      for (const other of this.cells.get(key) || []) {
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return false;
      }
    }
    return true;
  }
}

/** How many lines run through each small cell of the canvas. */
class Ways {
  /** @param {Bounds} bounds */
  constructor(bounds) {
    this.x = bounds.min.x;
    this.y = bounds.min.y;
    this.columns = Math.ceil((bounds.max.x - this.x) / FINE) + 1;
    this.lines = Math.ceil((bounds.max.y - this.y) / FINE) + 1;
    this.cells = new Uint8Array(this.columns * this.lines);
    this.mark = this.mark.bind(this);
  }
  /**
   * @param {number} ax
   * @param {number} ay
   * @param {number} bx
   * @param {any} by
   */
  mark(ax, ay, bx, by) {
    const steps = Math.min(400, Math.ceil(Math.hypot(bx - ax, by - ay) / FINE));
    for (let step = 0; step < steps; step++) {
      const i = Math.floor((ax + ((bx - ax) * step) / steps - this.x) / FINE);
      const j = Math.floor((ay + ((by - ay) * step) / steps - this.y) / FINE);
      if (i < 0 || j < 0 || i >= this.columns || j >= this.lines) continue;
      const at = j * this.columns + i;
      if (this.cells[at] < 4) this.cells[at]++;
    }
  }
  /**
   * Lines in a box, for each of its cells.
   *
   * @param {Box} box
   */
  cost(box) {
    const i0 = Math.max(0, Math.floor((box[0] - this.x) / FINE)), i1 = Math.min(this.columns - 1, Math.floor((box[2] - this.x) / FINE));
    const j0 = Math.max(0, Math.floor((box[1] - this.y) / FINE)), j1 = Math.min(this.lines - 1, Math.floor((box[3] - this.y) / FINE));
    let sum = 0;
    for (let j = j0; j <= j1; j++) for (let i = i0; i <= i1; i++) sum += this.cells[j * this.columns + i];
    return sum / Math.max(1, (i1 - i0 + 1) * (j1 - j0 + 1));
  }
}

/* Where a name may stand around its point, best first: right, left, above, below, then the corners. */
const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.82, -0.8], [0.82, 0.8], [-0.82, -0.8], [-0.82, 0.8]];

const Labels = CanvasLayer.extend({
  layerName: "labels",
  options: { level: 640 },
  loaded: true,

  initialize() {
    CanvasLayer.prototype.initialize.call(this, {});
    this.providers = new Set();
    this.widths = new Map();
  },

  /** @param {any} layer */
  add(layer) { this.providers.add(layer); this.redraw(); },
  /** @param {any} layer */
  remove(layer) { this.providers.delete(layer); this.redraw(); },

  /**
   * Names are placed among those of all layers: while some are still being read, they wait for a quiet moment.
   *
   * @param {string} when
   */
  _soon(when) {
    const layers = Array.from(this.providers);
    if (!layers.some((layer) => layer.loaded)) return;
    CanvasLayer.prototype._soon.call(this, when === "now" && !layers.every((layer) => layer.loaded) ? "margin" : when);
  },

  /**
   * The lines of all layers in a view, gathered once for it.
   *
   * @param {View} view
   */
  ways(view) {
    let key = `${view.zoom}|${view.ox}|${view.oy}|${view.bounds.min}|${view.bounds.max}`;
    for (const layer of this.providers) if (layer.ways) key += `|${layer.layerName}${layer.loaded ? layer.turn || 0 : "-"}`;
    if (this._waysKey !== key) {
      this._ways = new Ways(view.bounds);
      for (const layer of this.providers) if (layer.ways && layer.loaded) layer.ways(view, this._ways.mark);
      this._waysKey = key;
    }
    return this._ways;
  },

  /**
   * What names keep clear of; the layers keep it for the view.
   *
   * @param {View} view
   */
  gather(view) {
    for (const layer of this.providers) if (layer.loaded && layer._map && layer.obstacles) layer.obstacles(view);
    this.ways(view);
  },

  /**
   * Boxes that the symbols of the other layers take.
   *
   * @param {any} layer
   * @param {View} view
   */
  boxesBeside(layer, view) {
    const out = [];
    for (const other of this.providers) if (other !== layer && other.loaded && other.obstacles) out.push(...other.obstacles(view));
    return out;
  },

  /**
   * Which names stand, and where, must not change when the margin is added: they are placed in all of it at once.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {{ bounds: Bounds }} given
   */
  draw(ctx, { bounds }) {
    const view = this.view(this.theme === "print" ? bounds : this.around(this.margin()));
    const taken = new Taken(), wanted = [];
    for (const layer of this.providers) {
      if (!layer.loaded || !layer._map) continue;
      if (layer.obstacles) layer.obstacles(view).forEach((/** @type {any} */ box) => taken.add(box));
      wanted.push(...layer.labels(view));
    }
    const colours = this.colours(), ways = this.ways(view), frame = this.frame();
    wanted.sort((a, b) => a.priority - b.priority || (a.text < b.text ? -1 : 1));
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.lineJoin = "round";
    for (const one of wanted) this.place(ctx, one, taken, ways, view, frame, colours, bounds);
    if ("letterSpacing" in ctx) ctx.letterSpacing = "0px";
  },

  /** The map's frame in layer pixels; what is outside of it is drawn for panning only. */
  frame() {
    const size = this._map.getSize(), corner = this._map.containerPointToLayerPoint([0, 0]);
    // A page tells what its panels cover at the sides.
    const [left, right] = this._map.qjmapCover && this.theme !== "print" ? this._map.qjmapCover() : [0, 0];
    return [corner.x + left, corner.y, corner.x + size.x - right, corner.y + size.y];
  },

  /**
   * Width of a text; measured once, and what is all Chinese not at all: its signs are as wide as the type is high.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} one
   */
  measure(ctx, one) {
    const { size, text, spacing = 0 } = one;
    if (IDEOGRAPHS.test(text)) return Array.from(text).length * (size + spacing);
    const font = this._font(one), key = `${font}|${spacing}|${text}`;
    if (!this.widths.has(key)) {
      if (this.widths.size > 5000) this.widths.clear();
      this._set(ctx, one);
      this.widths.set(key, ctx.measureText(text).width);
    }
    return this.widths.get(key);
  },

  _font: (/** @type {any} */ one) => `${one.italic ? "italic " : ""}${one.weight || 400} ${one.size}px ${typeface}`,

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} one
   */
  _set(ctx, one) {
    ctx.font = this._font(one);
    if ("letterSpacing" in ctx) ctx.letterSpacing = `${one.spacing || 0}px`;
  },

  /**
   * Positions to try: [x, y of the middle, angle, what it costs beside the lines under it].
   *
   * @param {any} one
   * @param {number} width
   * @param {number} height
   */
  _spots(one, width, height) {
    if (one.spots) return one.spots.map((/** @type {any[]} */ [x, y, angle], /** @type {number} */ k) => [x, y, angle || 0, k * 0.04]);
    if (one.centred) return [[one.x, one.y, 0, 0]];
    /** @type {any[]} */
    const out = [];
    (one.gaps || [9]).forEach((/** @type {any} */ gap, /** @type {any} */ ring) => AROUND.forEach(([dx, dy], k) => {
      out.push([one.x + dx * (gap + width / 2), one.y + dy * (dx ? gap * 0.6 + height * 0.5 : gap + height / 2), 0, ring * 0.5 + k * 0.05]);
    }));
    return out;
  },

  /**
   * The boxes of a text that may lie aslant: one, or a chain of small ones.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} angle
   * @param {number} width
   * @param {number} height
   */
  _boxes(x, y, angle, width, height) {
    if (Math.abs(angle) < 0.05) return [[x - width / 2 - 2, y - height / 2, x + width / 2 + 2, y + height / 2]];
    const count = Math.max(2, Math.ceil(width / height)), step = width / count, half = height * 0.55, out = [];
    for (let k = 0; k < count; k++) {
      const along = -width / 2 + step * (k + 0.5), cx = x + along * Math.cos(angle), cy = y + along * Math.sin(angle);
      out.push([cx - half, cy - half, cx + half, cy + half]);
    }
    return out;
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} one
   * @param {any} taken
   * @param {any} ways
   * @param {View} view
   * @param {number[]} frame
   * @param {Palette} colours
   * @param {any} held
   */
  place(ctx, one, taken, ways, view, frame, colours, held) {
    const { min, max } = view.bounds;
    const width = this.measure(ctx, one), height = one.size * 1.25;
    /** @type {any} */
    let best = null;
    let least = one.limit === undefined ? Infinity : one.limit;
    for (const [x, y, angle, order] of this._spots(one, width, height)) {
      if (order >= least) break;
      if (x < min.x - MARGIN || x > max.x + MARGIN || y < min.y - MARGIN || y > max.y + MARGIN) continue;
      const boxes = this._boxes(x, y, angle, width, height);
      if (!boxes.every((/** @type {any} */ box) => taken.free(box))) continue;
      // A name that the frame would cut looks for another side first; lettering of the ground stays away.
      const cut = boxes.every((/** @type {any} */ box) => box[0] >= frame[0] && box[2] <= frame[2] && box[1] >= frame[1] && box[3] <= frame[3]) ? 0 : 1;
      const cost = order + cut + boxes.reduce((/** @type {any} */ sum, /** @type {any} */ box) => sum + ways.cost(box), 0) / boxes.length;
      if (cost < least) { least = cost; best = { x, y, angle, boxes }; }
    }
    if (!best) return;
    best.boxes.forEach((/** @type {any} */ box) => taken.add(box));
    if (best.boxes.some((/** @type {any[]} */ [w, n, e, s]) => e >= held.min.x && w <= held.max.x && s >= held.min.y && n <= held.max.y)) this.write(ctx, one, best, width, colours);
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} one
   * @param {{ x: number, y: number, angle: number }} given
   * @param {number} width
   * @param {Palette} colours
   */
  write(ctx, one, { x, y, angle }, width, colours) {
    ctx.save();
    this._set(ctx, one);
    ctx.globalAlpha = one.alpha || 1;
    ctx.translate(x, y);
    if (Math.abs(angle) > STEEP && HAN.test(one.text)) { this._writeDown(ctx, one, angle, width, colours); ctx.restore(); return; }
    if (angle) ctx.rotate(angle);
    // The last letter's spacing is empty: half of it to the left centres what is seen.
    const left = -width / 2 + (one.spacing || 0) / 2;
    if (one.halo !== false) {
      ctx.strokeStyle = one.halo || colours.halo;
      ctx.lineWidth = 3.4;
      ctx.strokeText(one.text, left, 0);
    }
    ctx.fillStyle = one.colour;
    ctx.fillText(one.text, left, 0);
    ctx.restore();
  },

  /**
   * Chinese along a steep line runs downwards, its signs upright.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} one
   * @param {number} angle
   * @param {number} width
   * @param {Palette} colours
   */
  _writeDown(ctx, one, angle, width, colours) {
    const signs = Array.from(one.text), step = width / signs.length, turn = angle > 0 ? angle : angle + Math.PI;
    if ("letterSpacing" in ctx) ctx.letterSpacing = "0px";
    ctx.textAlign = "center";
    ctx.strokeStyle = one.halo || colours.halo;
    ctx.fillStyle = one.colour;
    ctx.lineWidth = 3.4;
    for (const paint of /** @type {const} */ (["strokeText", "fillText"])) {
      signs.forEach((sign, k) => {
        const along = -width / 2 + step * (k + 0.5);
        ctx.save();
        ctx.translate(along * Math.cos(turn), along * Math.sin(turn));
        ctx.rotate(turn - Math.PI / 2);
        ctx[paint](sign, 0, 0);
        ctx.restore();
      });
    }
    ctx.textAlign = "left";
  },
});

const shorts = new Map();

/**
 * A text cut to a width in the context's font; measured once.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} width
 */
export function fittedText(ctx, text, width) {
  const key = `${ctx.font}|${width}|${text}`;
  if (!shorts.has(key)) {
    if (shorts.size > 4000) shorts.clear();
    const signs = Array.from(text);
    let short = text;
    while (signs.length > 1 && ctx.measureText(short).width > width) {
      signs.pop();
      short = signs.join("") + "…";
    }
    shorts.set(key, short);
  }
  return shorts.get(key);
}

/** @param {LeafletMap} map */
export function labelsOf(map) {
  if (!map._qjmapLabels) {
    map._qjmapLabels = new Labels();
    map._qjmapLabels.addTo(map);
  }
  return map._qjmapLabels;
}
