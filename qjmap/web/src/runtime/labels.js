/* Draws the labels of all layers on one canvas above them, so that no label covers another label or a symbol.
 *
 * A layer provides its labels with their priorities (`labels`), the boxes of its symbols (`obstacles`) and the lines that labels should
 * not cover (`ways`). Of the free candidate positions a label gets the one with the least cost: the lines that it covers,
 * the order of the candidates, and 1 more out of sight. A label without a free position is not drawn at this zoom.
 */

import { CanvasLayer } from "./canvas-layer.js";
import { fontOf, setFont, setSpacing, writeLabel } from "./label-text.js";

const CELL = 64; // px, side of a cell of the grid of taken boxes
const FINE = 8; // px, side of a cell of the grid of lines
const IDEOGRAPHS = /^[\u3400-\u9fff]+$/;
const CUT = -1; // result of `sightOf` for a label of which only a part is seen
const MARGIN = 260; // px around the canvas within which the middle of a label may lie
const WIDTHS = 5000; // maximum number of measured texts that are cached

/** @typedef {import("./label-text.js").Pose & { boxes: Box[] }} Place Position of a label, and the boxes that it covers there. */
/** @typedef {{ frame: Box, covers: Box[] }} Window The frame of the map, and the boxes of what covers it; in layer pixels. */

/** Returns whether two boxes overlap. @param {Box} a @param {Box} b */
const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
/** Returns whether a box lies in another. @param {Box} a @param {Box} b */
const within = (a, b) => a[0] >= b[0] && a[2] <= b[2] && a[1] >= b[1] && a[3] <= b[3];

/** Boxes (west, north, east, south in layer pixels) that labels must not overlap, in a grid, so that a test compares few boxes. */
class TakenBoxes {
  /** @type {Map<number, Box[]>} */
  cells = new Map();

  /** Yields the keys of the cells that a box touches. @param {Box} box */
  *keys(box) {
    for (let i = Math.floor(box[0] / CELL); i <= Math.floor(box[2] / CELL); i++) {
      for (let j = Math.floor(box[1] / CELL); j <= Math.floor(box[3] / CELL); j++) yield i * 65536 + j;
    }
  }

  /** Marks a box as taken. @param {Box} box */
  add(box) {
    for (const key of this.keys(box)) {
      const cell = this.cells.get(key);
      if (cell) cell.push(box); else this.cells.set(key, [box]);
    }
  }

  /** Returns whether a box overlaps no taken box. @param {Box} box */
  isFree(box) {
    for (const key of this.keys(box)) if ((this.cells.get(key) || []).some((other) => overlap(box, other))) return false;
    return true;
  }
}

/** Grid of small cells over the canvas that counts the lines through each cell, up to 4. */
class LineGrid {
  /** `bounds` is the part of the map that the grid covers, in layer pixels. @param {L.Bounds} bounds */
  constructor(bounds) {
    this.x = bounds.min.x;
    this.y = bounds.min.y;
    this.columns = Math.ceil((bounds.max.x - this.x) / FINE) + 1;
    this.lines = Math.ceil((bounds.max.y - this.y) / FINE) + 1;
    this.cells = new Uint8Array(this.columns * this.lines);
    /** @type {MarkLine} */
    this.mark = this.mark.bind(this);
  }

  /**
   * Adds the line between two layer points to the counts of the cells that it runs through.
   *
   * @param {number} ax
   * @param {number} ay
   * @param {number} bx
   * @param {number} by
   */
  mark(ax, ay, bx, by) {
    const steps = Math.min(400, Math.ceil(Math.hypot(bx - ax, by - ay) / FINE));
    for (let step = 0; step < steps; step++) {
      const i = Math.floor((ax + ((bx - ax) * step) / steps - this.x) / FINE);
      const j = Math.floor((ay + ((by - ay) * step) / steps - this.y) / FINE);
      if (i < 0 || j < 0 || i >= this.columns || j >= this.lines) continue;
      const cell = j * this.columns + i;
      if (this.cells[cell] < 4) this.cells[cell]++;
    }
  }

  /**
   * Returns the mean number of lines in the cells of a box.
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

/* Positions of a label around its point, the best first: right, left, above, below, then the corners. */
const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.82, -0.8], [0.82, 0.8], [-0.82, -0.8], [-0.82, 0.8]];

/**
 * Returns the candidate positions of a label as [x, y of its centre, angle in radians, cost], the cheapest first.
 *
 * @param {Label} label
 * @param {number} width px
 * @param {number} height px
 */
function candidates(label, width, height) {
  const { x, y, spots, gaps = [9] } = label;
  if (spots) return spots.map(([sx, sy, angle], k) => [sx, sy, angle || 0, k * 0.04]);
  if (label.centred) return [[x, y, 0, 0]];
  return gaps.flatMap((gap, ring) => AROUND.map(([dx, dy], k) => [
    x + dx * (gap + width / 2), y + dy * (dx ? gap * 0.6 + height * 0.5 : gap + height / 2), 0, ring * 0.5 + k * 0.05,
  ]));
}

/**
 * Returns the boxes that a text covers: one if it is horizontal, else a chain of small ones along it.
 *
 * @param {number} x centre in layer pixels
 * @param {number} y
 * @param {number} angle radians
 * @param {number} width
 * @param {number} height
 * @returns {Box[]}
 */
function boxesOf(x, y, angle, width, height) {
  if (Math.abs(angle) < 0.05) return [[x - width / 2 - 2, y - height / 2, x + width / 2 + 2, y + height / 2]];
  const count = Math.max(2, Math.ceil(width / height)), step = width / count, half = height * 0.55, boxes = [];
  for (let k = 0; k < count; k++) {
    const along = -width / 2 + step * (k + 0.5), cx = x + along * Math.cos(angle), cy = y + along * Math.sin(angle);
    boxes.push([cx - half, cy - half, cx + half, cy + half]);
  }
  return boxes;
}

/**
 * Returns how much of a label is seen: 0 if all of it, 1 if nothing, `CUT` if a part.
 *
 * @param {Box[]} boxes the boxes that it covers
 * @param {Window} window
 */
function sightOf(boxes, { frame, covers }) {
  const seen = (/** @type {Box} */ box) => within(box, frame) && !covers.some((cover) => overlap(box, cover));
  const unseen = (/** @type {Box} */ box) => !overlap(box, frame) || covers.some((cover) => within(box, cover));
  return boxes.every(seen) ? 0 : boxes.every(unseen) ? 1 : CUT;
}

/** The layer that draws the labels of all other layers of a map. */
export class Labels extends CanvasLayer {
  /** @type {Set<Layer>} layers whose labels are drawn */
  providers = new Set();
  /** @type {Map<string, number>} font, spacing and text -> width in pixels */
  widths = new Map();
  _waysKey = ""; // identifies the view and the rows for which `_ways` was computed
  /** @type {LineGrid | null} lines of all layers, cached */
  _ways = null;
  loaded = true;
  isPictured = false; // true while the map is drawn for a file

  constructor() { super("labels", 640); }

  /** Whether the map is drawn for paper or a file: nothing covers it there, and a label outside of its frame can never be seen. */
  get isOnSheet() { return this.theme === "print" || this.isPictured; }

  /** Adds a layer whose labels are drawn. @param {Layer} layer */
  add(layer) { this.providers.add(layer); this.redraw(); }
  /** Removes a layer. @param {Layer} layer */
  remove(layer) { this.providers.delete(layer); this.redraw(); }

  /**
   * Asks for the labels to be drawn. While some layers are still loading, they are drawn only when the browser is idle, since the labels of
   * these layers will change the positions of the others.
   *
   * @param {"now" | "ahead" | "margin"} when
   */
  _soon(when) {
    const layers = Array.from(this.providers);
    if (!layers.some((layer) => layer.loaded)) return;
    super._soon(when === "now" && !layers.every((layer) => layer.loaded) ? "margin" : when);
  }

  /**
   * Returns the grid of the lines of all layers in a view, which is cached for that view.
   *
   * @param {View} view
   */
  ways(view) {
    let key = `${view.zoom}|${view.ox}|${view.oy}|${view.bounds.min}|${view.bounds.max}`;
    for (const layer of this.providers) if (layer.ways) key += `|${layer.layerName}${layer.loaded ? layer.turn : "-"}`;
    let grid = this._ways;
    if (!grid || this._waysKey !== key) {
      grid = this._ways = new LineGrid(view.bounds);
      for (const layer of this.providers) if (layer.ways && layer.loaded) layer.ways(view, grid.mark);
      this._waysKey = key;
    }
    return grid;
  }

  /**
   * Computes the symbols and lines that labels avoid, which are cached for `draw`.
   *
   * @param {View} view
   */
  gather(view) {
    for (const layer of this.providers) if (layer.loaded && layer._map && layer.obstacles) layer.obstacles(view);
    this.ways(view);
  }

  /**
   * Returns the boxes of the symbols of all layers but one.
   *
   * @param {Layer} layer the layer that is left out
   * @param {View} view
   */
  boxesBeside(layer, view) {
    const boxes = [];
    for (const other of this.providers) if (other !== layer && other.loaded && other.obstacles) boxes.push(...other.obstacles(view));
    return boxes;
  }

  /**
   * Draws the labels of a part of the map. On the screen they are always placed for the map with its margin, so that they keep their positions
   * when the margin is drawn.
   *
   * @param {Ctx} ctx
   * @param {View} part
   */
  draw(ctx, { bounds }) {
    const view = this.view(this.theme === "print" ? bounds : this.around(this.margin()));
    const taken = new TakenBoxes();
    /** @type {Label[]} */
    const labels = [];
    for (const layer of this.providers) {
      if (!layer.loaded || !layer._map) continue;
      if (layer.obstacles) layer.obstacles(view).forEach((box) => taken.add(box));
      if (layer.labels) labels.push(...layer.labels(view));
    }
    const colours = this.colours(), ways = this.ways(view), window = this.window();
    labels.sort((a, b) => a.priority - b.priority || (a.text < b.text ? -1 : 1));
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.lineJoin = "round";
    for (const label of labels) {
      const width = this.measure(ctx, label), place = this.place(label, width, taken, ways, view.bounds, window);
      if (!place) continue;
      place.boxes.forEach((box) => taken.add(box));
      const { min, max } = bounds;
      if (place.boxes.some(([w, n, e, s]) => e >= min.x && w <= max.x && s >= min.y && n <= max.y)) writeLabel(ctx, label, place, width, colours);
    }
    setSpacing(ctx, 0);
  }

  /** Returns what is seen of the map, in layer pixels: its frame, and the boxes of what lies over it. @returns {Window} */
  window() {
    const map = this._map, size = map.getSize(), { x, y } = map.containerPointToLayerPoint([0, 0]);
    const covers = map.qjmapCovers && !this.isOnSheet ? map.qjmapCovers() : [];
    return { frame: [x, y, x + size.x, y + size.y], covers: covers.map(([west, north, east, south]) => [x + west, y + north, x + east, y + south]) };
  }

  /**
   * Returns the width of a label in pixels. Each text is measured once. Chinese text needs no measuring, since its characters are as wide
   * as the size of the font.
   *
   * @param {Ctx} ctx
   * @param {Label} label
   */
  measure(ctx, label) {
    const { size, text, spacing = 0 } = label;
    if (IDEOGRAPHS.test(text)) return Array.from(text).length * (size + spacing);
    const key = `${fontOf(label)}|${spacing}|${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > WIDTHS) this.widths.clear();
      setFont(ctx, label);
      width = ctx.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  /**
   * Returns the free position of a label with the least cost; null if none is free, or none costs less than the label's `limit`.
   *
   * @param {Label} label
   * @param {number} width width of its text in px
   * @param {TakenBoxes} taken
   * @param {LineGrid} ways
   * @param {L.Bounds} bounds bounds of the view in layer pixels
   * @param {Window} window
   */
  place(label, width, taken, ways, { min, max }, window) {
    const height = label.size * 1.25;
    /** @type {Place | null} */
    let best = null;
    let least = label.limit === undefined ? Infinity : label.limit;
    for (const [x, y, angle, order] of candidates(label, width, height)) {
      if (order >= least) break;
      if (x < min.x - MARGIN || x > max.x + MARGIN || y < min.y - MARGIN || y > max.y + MARGIN) continue;
      const boxes = boxesOf(x, y, angle, width, height);
      if (!boxes.every((box) => taken.isFree(box))) continue;
      // A label must be seen whole or not at all. A position out of sight costs 1 more; with that a label with a limit is often not drawn.
      const sight = sightOf(boxes, window);
      if (sight === CUT || (sight && this.isOnSheet)) continue;
      const cost = order + sight + boxes.reduce((sum, box) => sum + ways.cost(box), 0) / boxes.length;
      if (cost < least) { least = cost; best = { x, y, angle, boxes }; }
    }
    return best;
  }
}

/**
 * Returns the layer of the labels of a map; it is made on the first call.
 *
 * @param {LeafletMap} map
 */
export function labelsOf(map) {
  if (!map._qjmapLabels) {
    map._qjmapLabels = new Labels();
    map._qjmapLabels.addTo(map);
  }
  return map._qjmapLabels;
}
