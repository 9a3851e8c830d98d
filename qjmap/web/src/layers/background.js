/* The ground: land and water, boundaries, rivers and their lettering. Quiet, so that what stands on it can speak. */

import { MapLayer } from "../runtime/map-layer.js";
import { inView, pointsOf, shapesOf, traceLine } from "../runtime/shapes.js";
import { unpack } from "../runtime/unpack.js";

/* Where the name of a wide land may stand besides its middle, in em: clear of the lines that run over it. */
const BESIDE = [[0, 0], [-3, 0], [3, 0], [0, -2.5], [0, 2.5], [-3, -2.5], [3, 2.5], [3, -2.5], [-3, 2.5], [-5.5, 0], [5.5, 0]];

/** @type {Record<number, number>} */
const RIVER_FROM = { 1: 3, 2: 6, 3: 7.5 };
/** @type {Record<number, number>} */
const RIVER_WIDTH = { 1: 1.7, 2: 1.15, 3: 0.8 };

const Background = MapLayer.extend({
  layerName: "background",
  options: { level: 210 },

  /**
   * @param {HTMLElement} element
   * @param {any} [options]
   */
  initialize(element, options) {
    MapLayer.prototype.initialize.call(this, options);
    const names = options.blocks && options.blocks.names && document.getElementById(options.blocks.names);
    this.ready = this._load(element, names);
  },

  /**
   * @param {HTMLElement} element
   * @param {string[]} [names]
   */
  async _load(element, names) {
    this.block = await unpack(element);
    this.shapes = shapesOf(this.block);
    this.byClass = new Map();
    for (let part = 0; part < this.shapes.count; part++) {
      const key = this.block.at("class", this.shapes.row[part]);
      if (!this.byClass.has(key)) this.byClass.set(key, []);
      this.byClass.get(key).push(part);
    }
    if (names) {
      this.names = await unpack(names);
      this.namePoints = pointsOf(this.names);
    }
    this.loaded = true;
  },

  visibleIds() { return []; },
  boundsOf() { return null; },
  ids() { return []; },

  /**
   * @param {string} key
   * @param {View} view
   */
  _parts(key, view) { return (this.byClass.get(key) || []).filter((/** @type {any} */ part) => inView(this.shapes, part, view)); },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} parts
   * @param {View} view
   * @param {boolean} closed
   */
  _path(ctx, parts, view, closed) {
    ctx.beginPath();
    for (const part of parts) traceLine(ctx, this.shapes, part, view, 0.7, closed);
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const c = view.colours, b = view.bounds;
    // A project that carries no coast lies on land, not at sea.
    ctx.fillStyle = this.byClass.has("land") ? c.sea : c.land;
    ctx.fillRect(b.min.x, b.min.y, b.max.x - b.min.x, b.max.y - b.min.y);
    ctx.lineJoin = "bevel"; // thin lines show no joins, and round ones cost twice the time
    ctx.lineCap = "butt";
    this._fill(ctx, view, "land", c.land);
    this._line(ctx, view, "coast", c.coast, 0.8, []);
    for (const key of ["partner", "home"]) this._fill(ctx, view, key, c[key]);
    this._fill(ctx, view, "lake", c.lake);
    if (view.zoom >= 5.5) {
      for (const key of ["city", "district", "partner"]) {
        const fine = key === "district" && view.zoom < 7.5;
        this._line(ctx, view, key, c.district, fine ? 0.35 : 0.8, [], true);
      }
    }
    this._rivers(ctx, view);
    this._line(ctx, view, "province", c.province, view.zoom < 5 ? 0.7 : 1.1, view.zoom < 5 ? [] : [7, 2.5, 1.5, 2.5], false);
    const wide = view.zoom < 5 ? 1.2 : 1.7;
    this._line(ctx, view, "national", c.national, wide, [], false);
    this._line(ctx, view, "dash", c.national, wide + 0.3, [], false);
    this._line(ctx, view, "undefined", c.national, wide, [5, 4], false);
    for (const key of ["region-sea", "province-sea"]) this._line(ctx, view, key, c.province, 0.7, [4, 3], false);
    this._home(ctx, view);
    this._areas(ctx, view);
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   * @param {string} key
   * @param {string} colour
   */
  _fill(ctx, view, key, colour) {
    const parts = this._parts(key, view);
    if (!parts.length) return;
    this._path(ctx, parts, view, true);
    ctx.fillStyle = colour;
    ctx.fill("evenodd");
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   * @param {string} key
   * @param {string} colour
   * @param {number} width
   * @param {number[]} dash
   * @param {boolean} closed
   */
  _line(ctx, view, key, colour, width, dash, closed) {
    const parts = this._parts(key, view);
    if (!parts.length) return;
    this._path(ctx, parts, view, closed);
    ctx.setLineDash(dash);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
    ctx.setLineDash([]);
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  _rivers(ctx, view) {
    for (const rank of [3, 2, 1]) {
      if (view.zoom < RIVER_FROM[rank]) continue;
      const parts = this._parts("river", view).filter((/** @type {any} */ part) => (this.block.at("rank", this.shapes.row[part]) || 2) === rank);
      if (!parts.length) continue;
      this._path(ctx, parts, view, false);
      ctx.strokeStyle = view.colours.river;
      ctx.lineWidth = RIVER_WIDTH[rank] * (view.zoom > 8 ? 1.5 : view.zoom < 5 ? 0.6 : 1);
      ctx.stroke();
    }
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  _home(ctx, view) {
    const parts = this._parts("home", view);
    if (!parts.length) return;
    this._path(ctx, parts, view, true);
    ctx.lineJoin = "round";
    ctx.strokeStyle = view.colours.homeHalo;
    for (const width of view.zoom < 6 ? [4] : [11, 6]) { ctx.lineWidth = width; ctx.stroke(); }
    ctx.strokeStyle = view.colours.homeLine;
    ctx.lineWidth = 1.2;
    ctx.stroke();
  },

  /**
   * An approximate area: dashed and hatched, so that nobody takes its edge for a boundary.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  _areas(ctx, view) {
    if (view.zoom < 6.5) return;
    for (const part of this._parts("area", view)) {
      ctx.save();
      this._path(ctx, [part], view, true);
      ctx.clip();
      const [west, north, east, south] = this.shapes.box.subarray(part * 4, part * 4 + 4);
      const x0 = view.px(west), y0 = view.py(north), x1 = view.px(east), y1 = view.py(south);
      ctx.beginPath();
      for (let d = x0 - (y1 - y0); d < x1; d += 7) { ctx.moveTo(d, y1); ctx.lineTo(d + (y1 - y0), y0); }
      ctx.strokeStyle = view.colours.areaHatch;
      ctx.lineWidth = 0.8;
      ctx.stroke();
      ctx.restore();
    }
    this._line(ctx, view, "area", view.colours.area, 1, [4, 3], true);
  },

  /** @param {View} view */
  labels(view) {
    if (!this.names) return [];
    const c = view.colours, z = view.zoom, out = [];
    // No halo: what stands on the ground may run over this lettering, and it keeps out of what is crowded (limit).
    /** @type {Record<string, any>} */
    const styles = {
      country: { size: 13, spacing: 5, colour: c.countryName, from: 3, to: 7, priority: 40 },
      province: { size: z < 6 ? 12 : 16, spacing: z < 6 ? 4 : 12, colour: c.provinceName, from: 4.6, to: 8.6, priority: 50 },
      sea: { size: 13, italic: true, spacing: 5, colour: c.seaName, from: 3, to: 8, priority: 45 },
      islands: { size: 11, spacing: 1, colour: c.seaName, from: 4.2, to: 9, priority: 46 },
      river: { size: 11.5, italic: true, spacing: 3, colour: c.riverName, from: 7.2, to: 13, priority: 60, halo: c.land },
      area: { size: 11.5, spacing: 1, colour: c.area, from: 9, to: 14, priority: 44 },
    };
    for (let row = 0; row < this.names.rows; row++) {
      const style = styles[this.names.at("class", row)] || styles.area;
      const rank = this.names.at("rank", row) || 1;
      if (z < style.from + (rank - 1) * 0.7 || z > style.to || !this.namePoints.located[row]) continue;
      const text = this.names.at(this.language === "en" ? "name_en" : "name", row) || this.names.at("name", row);
      const english = this.language === "en";
      const x = view.px(this.namePoints.x[row]), y = view.py(this.namePoints.y[row]);
      out.push({
        halo: false, limit: 0.8, ...style, text, centred: true, x, y,
        spots: style === styles.province ? BESIDE.map(([dx, dy]) => [x + dx * style.size, y + dy * style.size]) : undefined,
        size: english ? style.size - 1.5 : style.size, spacing: english ? style.spacing / 3 : style.spacing,
        priority: style.priority + rank / 10, alpha: 0.95,
      });
    }
    return out;
  },

  legend() {
    const layer = this, entry = (/** @type {any} */ key, /** @type {any} */ draw) => ({ key, kind: "background", draw });
    /**
     * @param {string} colour
     * @param {number} width
     * @param {number[]} [dash]
     */
    const line = (colour, width, dash) => (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {number} */ w, /** @type {number} */ h) => {
      ctx.strokeStyle = layer.colours()[colour];
      ctx.lineWidth = width;
      ctx.setLineDash(dash || []);
      ctx.beginPath(); ctx.moveTo(2, h / 2); ctx.lineTo(w - 2, h / 2); ctx.stroke();
      ctx.setLineDash([]);
    };
    /**
     * @param {any} fill
     * @param {any} stroke
     * @param {number[]} [dash]
     */
    const box = (fill, stroke, dash) => (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {number} */ w, /** @type {number} */ h) => {
      ctx.fillStyle = layer.colours()[fill];
      ctx.strokeStyle = layer.colours()[stroke];
      ctx.setLineDash(dash || []);
      ctx.fillRect(4, 3, w - 8, h - 6); ctx.strokeRect(4, 3, w - 8, h - 6);
      ctx.setLineDash([]);
    };
    return [
      entry("home", box("home", "homeLine")),
      entry("partner", box("partner", "district")),
      entry("area", box("areaHatch", "area", [4, 3])),
      entry("province", line("province", 1.1, [7, 2.5, 1.5, 2.5])),
      entry("river", line("river", 1.6)),
    ].filter(({ key }) => this.byClass && this.byClass.has(key));
  },
});

/**
 * @param {HTMLElement} element
 * @param {any} [options]
 */
export const makeBackground = (element, options) => new Background(element, options);
