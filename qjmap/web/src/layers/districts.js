/* Districts: a disc with the number of sites in it, those that the page does not hold included. Discs that would cover one
 * another are one, with the sum. */

import { MapLayer } from "../runtime/map-layer.js";
import { typeface } from "../runtime/palette.js";
import { pointsOf } from "../runtime/shapes.js";
import { unpack } from "../runtime/unpack.js";

const LEAST = 11; // px of a radius
const MOST = 30;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {string} text
 * @param {Palette} c
 * @param {any} lifted
 */
function disc(ctx, x, y, r, text, c, lifted) {
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fillStyle = c.badge;
  ctx.fill();
  ctx.lineWidth = lifted ? 2.6 : 1.4;
  ctx.strokeStyle = lifted ? c.lift : c.badgeLine;
  ctx.stroke();
  ctx.fillStyle = c.ink;
  ctx.font = `600 11px ${typeface}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y + 0.5);
}

const Districts = MapLayer.extend({
  layerName: "districts",
  options: { level: 562 },

  /**
   * @param {HTMLElement} element
   * @param {any} [options]
   */
  initialize(element, options) {
    MapLayer.prototype.initialize.call(this, options);
    this.ready = this._load(element);
  },

  /** @param {HTMLElement} element */
  async _load(element) {
    const block = (this.block = await unpack(element));
    this.at = pointsOf(block);
    this.rows = Float64Array.from({ length: block.rows }, (_, row) => Number(block.at("rows", row)));
    this.order = Array.from(this.rows.keys()).filter((row) => this.at.located[row]).sort((a, b) => this.rows[b] - this.rows[a] || a - b);
    this.most = Math.max(1, ...this.order.map((/** @type {number} */ row) => this.rows[row]));
    this.loaded = true;
  },

  /** @param {number} count */
  _text(count) { return count.toLocaleString(this.language === "en" ? "en" : "zh-CN", { notation: count < 10000 ? "standard" : "compact", maximumFractionDigits: 1 }); },
  /** @param {number} count */
  _size(count) { return LEAST + (MOST - LEAST) * Math.sqrt(Math.min(1, count / this.most)); },

  /**
   * The discs of a view, the greatest first.
   *
   * @param {View} view
   */
  _discs(view) {
    if (!this.loaded || view.zoom >= this.options.until) return [];
    /** @type {any[]} */
    const found = [];
    for (const row of this.order) {
      const x = view.px(this.at.x[row]), y = view.py(this.at.y[row]), count = this.rows[row];
      const near = found.find((one) => Math.hypot(one.x - x, one.y - y) < one.r + this._size(count) * 0.7);
      if (near) { near.rows.push(row); near.count += count; near.r = Math.max(near.r, this._size(near.count)); }
      else found.push({ x, y, count, rows: [row], r: this._size(count) });
    }
    return found;
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    for (const { x, y, r, count, rows } of this._discs(view).reverse()) {
      const text = this._text(count), lifted = rows.some((/** @type {number} */ row) => this.state(this.block.at("id", row)) > 0);
      disc(ctx, x, y, Math.max(r, text.length * 3.4 + 5), text, view.colours, lifted);
    }
  },

  /**
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    const found = this._discs(this.view()).find((/** @type {{ x: number, y: number, r: number }} */ { x, y, r }) => Math.hypot(x - point.x, y - point.y) <= Math.max(r, reach));
    return found ? found.rows.map((/** @type {number} */ row) => this.block.at("id", row)) : [];
  },

  labels() { return []; },
  /** @param {View} view */
  obstacles(view) { return this._discs(view).map((/** @type {{ x: number, y: number, r: number }} */ { x, y, r }) => [x - r, y - r, x + r, y + r]); },
  /** @param {string} id */
  title(id) { return this.nameOf(this.block.row(id)); },
  visibleIds() { return []; },

  /** @param {string} id */
  boundsOf(id) {
    const row = this.loaded ? this.block.row(id) : undefined;
    if (row === undefined || !this.at.located[row]) return null;
    const point = this.latLngOf(this.at.x[row], this.at.y[row]);
    return point.toBounds(60000); // a district is looked at from where its sites can be told apart
  },

  legend() {
    return [{ key: "total", kind: "total", draw: (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {number} */ w, /** @type {number} */ h) => disc(ctx, w / 2, h / 2, 9, "9", this.colours(), false) }];
  },
});

/**
 * @param {HTMLElement} element
 * @param {any} [options]
 */
export const makeDistricts = (element, options) => new Districts(element, options);
