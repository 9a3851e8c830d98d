/* The map layer of a frame (GeoDataFrame): points, lines and polygons on one canvas; hovered and chosen rows are drawn on a second canvas above it. */

import { drawFeatures, drawLifted } from "./drawing.js";
import { makeGeometry } from "./geometry.js";
import { LINE, POINT, SHELL } from "./part-kinds.js";
import { PartIndex } from "./part-index.js";
import { expandRuns } from "./shared-edges.js";
import { BlockLayer } from "../runtime/block-layer.js";
import { CanvasLayer } from "../runtime/canvas-layer.js";
import { distanceToSegment, metresToPixels, shapesOf } from "../runtime/shapes.js";

const LEVELS = { area: 530, line: 533, point: 536 }, ABOVE = 539; // z-index of a layer by its commonest shape, and of the upper canvas
const LABELLED = 60; // maximum number of rows in view for their names to be written
const LISTED = 40; // maximum number of rows that a hit lists
const NAMES = ["name"];

/** The upper canvas with the hovered and chosen rows, which is redrawn without the layer below. */
class Lifted extends CanvasLayer {
  loaded = true;

  /** @param {Features} layer the layer below */
  constructor(layer) {
    super(layer.layerName + "-lifted", ABOVE);
    this.of = layer;
  }

  /** Returns the rows of the layer with these ids; unknown ids are left out. @param {string[] | null} ids */
  rowsOf(ids) { return (ids || []).flatMap((id) => this.of.block.row(id) ?? []); }

  /** Returns whether no row is hovered or chosen. */
  isEmpty() { return !this.of.lifted.length && !this.of.chosen.length; }

  /** Draws the chosen rows and, if the page has a style for it (`highlight`), the hovered row. @param {Ctx} ctx @param {View} view */
  draw(ctx, view) {
    const { of } = this, own = of.drawing.highlight || {}, fill = own.fillColor !== undefined || own.fillOpacity !== undefined;
    const { fill: base } = of.lifted.length ? of._styleOf(of.codes[of.lifted[0]]) : { fill: undefined };
    const lifted = of.style({ stroke: true, color: view.colours.lift, weight: 1.6, fill, fillColor: base, ...own });
    if (of.chosen.length) drawLifted(of, ctx, view, of.chosen, of.style({ stroke: true, color: view.colours.lift, weight: 2.4, fill: false }));
    if (of.drawing.highlight && of.lifted.length) drawLifted(of, ctx, view, of.lifted, lifted);
  }
}

/** The map layer of one frame (GeoDataFrame). A row has parts: points, lines, shells and holes of areas (part-kinds.js). */
export class Features extends BlockLayer {
  /** @type {Shapes} */
  shapes = /** @type {never} */ (undefined); // until it is loaded
  kinds = new Uint8Array(0); // kind of each part
  /** @type {Numbers} index of the style of each row */
  codes = new Uint8Array(0);
  /** @type {PartIndex} */
  index = /** @type {never} */ (undefined); // until it is loaded
  /** @type {ImageData | null} image of the parts that are drawn as pixels, kept for the next picture */
  pixelsNow = null;
  /** @type {number[]} rows under the pointer */
  lifted = [];
  /** @type {number[]} rows that are selected */
  chosen = [];
  clicking = false; // true while the map handles a click that must not open anything
  /** @type {((row: number) => void) | null} called with the row under the pointer, -1 for none */
  onHover = null;
  /** @type {((row: number) => string) | null} returns the name of a row in the page's language; null on a map without a page */
  nameIn = null;
  /** @type {FeatureStyle[]} styles by code in the present theme, made when they are first used */
  _styles = [];
  words = new Uint32Array(0); // colour of each style as the 32-bit value of a pixel
  /** @type {((row: number) => Geometry | null) | null} reads the geometry of a row; made on first use */
  _geometry = null;

  /** @param {DataElement} element script element with the block @param {LayerOptions} options with `drawing` and the name of the `table` */
  constructor(element, options) {
    const drawing = /** @type {Drawing} */ (options.drawing);
    super(options.table || "features", LEVELS[drawing.shape], element, options);
    this.drawing = drawing;
    this.above = new Lifted(this);
    this.passing = () => (this._shown ? this._shown.mask : null);
    this.styleOf = (/** @type {number} */ code) => this._styleOf(code);
  }

  /** Adds the layer and its upper canvas. @param {LeafletMap} map */
  onAdd(map) {
    super.onAdd(map);
    map.addLayer(this.above);
  }

  /** Removes the layer and its upper canvas. @param {LeafletMap} map */
  onRemove(map) {
    map.removeLayer(this.above);
    super.onRemove(map);
  }

  /** Reads shapes, kinds and styles from the block, and frees the columns that are not needed any more. @param {Block} block */
  _read(block) {
    expandRuns(block);
    this.shapes = shapesOf(block);
    this.kinds = Uint8Array.from(block.raw("kinds"));
    this.codes = block.raw("colour");
    this.index = new PartIndex(this.shapes.box, this.shapes.count);
    for (const name of ["parts", "kinds", "sizes"]) block._raw.delete(name);
  }

  /** Sets the theme of both canvases, and resolves the styles anew. @param {string} theme */
  setTheme(theme) {
    this.above.setTheme(theme);
    this._styles = [];
    this.words = new Uint32Array(0);
    return super.setTheme(theme);
  }

  /** Resolves a style: adds defaults and the colours of the theme. @param {StyleKeys} keys @returns {FeatureStyle} */
  style(keys) {
    const { paper } = this.colours(), fill = keys.fillColor || keys.color || "#1f6f9f", own = keys.color;
    return {
      fills: keys.fill !== false, fill, fillOpacity: keys.fillOpacity ?? 0.72, dot: fill,
      strokes: keys.stroke !== false, stroke: own || paper, weight: keys.weight ?? 0.8, opacity: keys.opacity ?? 1,
      line: own || fill, lineWeight: keys.weight ?? 2, rim: own || paper, rimWeight: keys.weight,
    };
  }

  /** Returns the resolved style of a code. @param {number} code */
  _styleOf(code) { return (this._styles[code] = this._styles[code] || this.style({ ...this.drawing.style, ...this.drawing.styles[code] })); }

  /** Returns the colour of each style as the 32-bit value of a pixel in ImageData: bytes red, green, blue, opacity. */
  pixelWords() {
    const { length } = this.drawing.styles;
    if (this.words.length) return this.words;
    const canvas = document.createElement("canvas"), ctx = /** @type {Ctx} */ (canvas.getContext("2d", { willReadFrequently: true }));
    this.words = new Uint32Array(length);
    for (let code = 0; code < length; code++) {
      ctx.fillStyle = this._styleOf(code).dot;
      ctx.fillRect(0, 0, 1, 1);
      this.words[code] = new Uint32Array(ctx.getImageData(0, 0, 1, 1).data.buffer)[0];
    }
    return this.words;
  }

  /**
   * Returns the radius of a point in px; a radius that is not in metres is smaller among many points.
   *
   * @param {number} y world y of the point
   * @param {number} size width of the world in px
   * @param {number} count number of points in view
   */
  radiusAt(y, size, count) {
    const { radius, metres } = this.drawing;
    return metres ? Math.max(1, metresToPixels(radius, y, size)) : count > 3000 ? Math.min(radius, 3) : radius;
  }

  /** Draws the rows that pass the filter. @param {Ctx} ctx @param {View} view */
  draw(ctx, view) { if (this.loaded) drawFeatures(this, ctx, view); }

  /**
   * Returns the ids of the rows at a point of the map, at most `LISTED`: points within their radius or `reach` / 2, then lines within `reach`, the
   * nearest first; without any of them the areas that contain it, the one with the smallest bounding box first.
   *
   * @param {Point} point layer pixels
   * @param {number} reach px
   */
  hit(point, reach) {
    if (this.clicking) return [];
    const view = this.view(), { shapes, kinds } = this, x = (point.x + view.ox) / view.size, y = (point.y + view.oy) / view.size, edge = (reach + this.drawing.radius) / view.size;
    const mask = this.passing(), near = /** @type {[number, number][]} */ ([]), around = /** @type {Map<number, number>} */ (new Map());
    for (const part of this.index.within(x - edge, y - edge, x + edge, y + edge)) {
      const row = shapes.row[part], kind = kinds[part];
      if (mask && !mask[row]) continue;
      if (kind === POINT) {
        const away = Math.hypot(shapes.x[shapes.start[part]] - x, shapes.y[shapes.start[part]] - y) * view.size;
        if (away <= Math.max(reach / 2, this.radiusAt(y, view.size, 1) + 1)) near.push([away - 1e3, row]);
      } else if (kind === LINE) {
        const away = this._distance(part, x, y) * view.size;
        if (away <= reach) near.push([away, row]);
      } else if (kind === SHELL && this._holds(row, x, y)) around.set(row, this._area(row));
    }
    const rows = near.length ? near.sort((a, b) => a[0] - b[0]).map(([, row]) => row) : Array.from(around).sort((a, b) => a[1] - b[1]).map(([row]) => row);
    return Array.from(new Set(rows)).slice(0, LISTED).map((row) => this._id(row));
  }

  /** Returns the distance of a point from a line, in world coordinates. @param {number} part @param {number} px @param {number} py */
  _distance(part, px, py) {
    const { x, y, start } = this.shapes;
    let least = Infinity;
    for (let i = start[part] + 1; i < start[part + 1]; i++) least = Math.min(least, distanceToSegment(px, py, x[i - 1], y[i - 1], x[i], y[i]));
    return least;
  }

  /** Returns whether the areas of a row contain a point (world coordinates): a ray from it crosses their rings an odd number of times. @param {number} row @param {number} px @param {number} py */
  _holds(row, px, py) {
    const { x, y, start, first } = this.shapes;
    let inside = false;
    for (let part = first[row]; part < first[row + 1]; part++) {
      if (this.kinds[part] < SHELL) continue;
      for (let i = start[part], j = start[part + 1] - 1; i < start[part + 1]; j = i++) {
        if (y[i] > py !== y[j] > py && px < ((x[j] - x[i]) * (py - y[i])) / (y[j] - y[i]) + x[i]) inside = !inside;
      }
    }
    return inside;
  }

  /** Returns the bounding box of a row in world coordinates; null for a row without parts. @param {number} row @returns {Box | null} */
  _box(row) {
    const { box, first } = this.shapes, found = [Infinity, Infinity, -Infinity, -Infinity];
    for (let part = first[row]; part < first[row + 1]; part++) {
      for (let k = 0; k < 4; k++) found[k] = (k < 2 ? Math.min : Math.max)(found[k], box[4 * part + k]);
    }
    return first[row] === first[row + 1] ? null : found;
  }

  /** Returns the area of the bounding box of a row, in square world units. @param {number} row */
  _area(row) {
    const box = this._box(row);
    return box ? (box[2] - box[0]) * (box[3] - box[1]) : 0;
  }

  /** Returns the bounds of a row; null if it has no geometry, or the id is unknown. @param {string} id */
  boundsOf(id) {
    const row = this.loaded ? this.block.row(id) : undefined, box = row === undefined ? null : this._box(row);
    return box && L.latLngBounds(this.latLngOf(box[0], box[3]), this.latLngOf(box[2], box[1]));
  }

  /** Marks rows as chosen; null for none. @param {string[] | null} ids */
  highlight(ids) {
    const before = this.chosen.length;
    this.chosen = this.loaded ? this.above.rowsOf(ids) : [];
    this.above.redraw();
    return this.drawing.named && (before || this.chosen.length) ? this.redraw() : this; // labels depend on what is chosen
  }

  /** Marks the first of the rows under the pointer as hovered, and calls `onHover`. @param {string[] | null} ids null for none */
  hover(ids) {
    const next = this.loaded ? this.above.rowsOf(ids && ids.slice(0, 1)) : [], same = next[0] === this.lifted[0];
    this.lifted = next;
    if (this.onHover) this.onHover(next.length ? next[0] : -1);
    if (!same) this.above.redraw();
  }

  /** Returns the name of a row; "" while its texts are not unpacked. @param {number} row */
  nameOf(row) {
    if (!this.block.loaded(row, NAMES)) return "";
    return this.nameIn ? this.nameIn(row) : this.block.at("name", row) || this._id(row);
  }

  /** Returns the name of the row with an id, which must exist. @param {string} id */
  title(id) { return this.nameOf(/** @type {number} */ (this.block.row(id))); }

  /** Unpacks the names of rows; returns a promise, null if they can be read already. @param {string[]} ids */
  named(ids) { return this.block.load(ids.flatMap((id) => this.block.row(id) ?? []), NAMES); }

  /** Returns the rows in a view that pass the filter; [] if more than `most` parts lie in it. @param {View} view */
  rowsIn({ west, north, east, south }, most = Infinity) {
    const mask = this.passing(), rows = new Set(), parts = this.index.within(west, north, east, south);
    if (parts.length > most) return [];
    for (const part of parts) {
      const row = this.shapes.row[part];
      if (!mask || mask[row]) rows.add(row);
    }
    return /** @type {number[]} */ (Array.from(rows));
  }

  /**
   * Returns the labels of the rows in view if they are few, else of the chosen rows; [] while their names are unpacked.
   *
   * @param {View} view
   * @returns {Label[]}
   */
  labels(view) {
    if (!this.loaded || !this.drawing.named) return [];
    const rows = this.rowsIn(view, 8 * LABELLED), shown = rows.length && rows.length <= LABELLED ? rows : this.chosen;
    const loading = this.block.load(shown, NAMES);
    if (loading) { loading.then(() => this.redraw()); return []; }
    return shown.flatMap((row) => {
      const { first, start, x, y } = this.shapes, box = this._box(row), kind = this.kinds[first[row]], isPoint = kind === POINT, text = this.nameOf(row);
      const middle = kind === LINE ? (start[first[row]] + start[first[row] + 1]) >> 1 : -1;
      if (!box || !text) return [];
      const wide = (box[2] - box[0]) * view.size;
      if (!isPoint && wide < 30 && !this.chosen.includes(row)) return [];
      return [{
        text, x: view.px(middle < 0 ? (box[0] + box[2]) / 2 : x[middle]), y: view.py(middle < 0 ? (box[1] + box[3]) / 2 : y[middle]), gaps: isPoint ? [this.drawing.radius + 6] : undefined, centred: !isPoint, size: 12, limit: isPoint ? undefined : Math.max(60, wide),
        weight: this.chosen.includes(row) ? 600 : 400, priority: this.chosen.includes(row) ? 0.5 : 20, colour: this.chosen.includes(row) ? view.colours.ink : view.colours.inkSoft,
      }];
    });
  }

  /** Returns the ids of the rows in the map's frame that pass the filter. */
  visibleIds() { return this._map && this.loaded ? this.rowsIn(this.view(this.around(0))).map((row) => this._id(row)) : []; }

  /** Returns the geometry of a row in WGS 84; null if it has none. @param {number} row @returns {Geometry | null} */
  geometryOf(row) {
    this._geometry = this._geometry || makeGeometry(this.block, this.shapes, this.kinds);
    return this._geometry(row);
  }

  /** Returns an entry for each class; without classes one for the layer, or [] if it has several styles. @returns {LegendEntry[]} */
  legend() {
    const { legend, choosable } = this.drawing, name = this.layerName;
    /** Returns the function that draws the symbol of a class. @param {string} colour @returns {LegendEntry["draw"]} */
    const swatch = (colour) => (ctx, w, h) => {
      const style = this.style({ ...this.drawing.style, fillColor: colour });
      ctx.beginPath();
      if (this.drawing.shape === "line") {
        ctx.moveTo(w / 2 - 12, h / 2);
        ctx.lineTo(w / 2 + 12, h / 2);
      } else if (this.drawing.shape === "point") ctx.arc(w / 2, h / 2, 5, 0, 7);
      else ctx.rect(w / 2 - 9, h / 2 - 6, 18, 12);
      ctx.fillStyle = colour;
      if (this.drawing.shape !== "line") ctx.fill();
      ctx.lineWidth = this.drawing.shape === "line" ? 3 : 1;
      ctx.strokeStyle = this.drawing.shape === "line" ? style.line : style.stroke;
      ctx.stroke();
    };
    if (!legend.length) return this.drawing.styles.length === 1 ? [{ key: name, kind: "layer", text: this.options.drawing?.title || " ", draw: swatch(this._styleOf(0).fill) }] : [];
    return legend.map(({ text, colour, values }) => ({
      key: name + "/" + values[0], kind: "class", text, draw: swatch(colour), choose: choosable ? () => this._map.fire("qjmap:class", { layer: name, values }) : undefined,
    }));
  }
}

/**
 * Makes the layer of a frame.
 *
 * @param {DataElement} element script element with the block
 * @param {LayerOptions} options
 */
export const makeFeatures = (element, options) => new Features(element, options);
