/* Layer of districts: a disc with the number of sites in each district, including sites that the page does not contain. Discs too
 * close to one another are drawn as one disc with their sum. */

import { PointLayer } from "../runtime/block-layer.js";
import { typeface } from "../runtime/palette.js";
import { pointsOf } from "../runtime/shapes.js";

const LEAST = 11, MOST = 30; // px, minimum and maximum radius of a disc
const AROUND = 60000; // m, width of the area shown around a selected district, in which its sites can be told apart

/**
 * Draws a disc of radius r about (x, y) in layer pixels, with a text in its middle.
 *
 * @param {Ctx} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {string} text
 * @param {Palette} c
 * @param {boolean} lifted
 */
function drawDisc(ctx, x, y, r, text, c, lifted) {
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

/** The layer of districts. */
class Districts extends PointLayer {
  rows = new Float64Array(0); // number of sites of each district
  /** @type {number[]} districts with a position, that with the most sites first */
  order = [];
  most = 1; // greatest number of sites of a district

  /** Reads points and numbers of sites. @param {Block} block */
  _read(block) {
    this.at = pointsOf(block);
    this.rows = Float64Array.from({ length: block.rows }, (_, row) => Number(block.at("rows", row)));
    this.order = Array.from(this.rows.keys()).filter((row) => this.at.located[row]).sort((a, b) => this.rows[b] - this.rows[a] || a - b);
    this.most = Math.max(1, ...this.order.map((row) => this.rows[row]));
  }

  /** Returns a number of sites as it is written on a disc. @param {number} count */
  _text(count) {
    return count.toLocaleString(this.language === "en" ? "en" : "zh-CN", { notation: count < 10000 ? "standard" : "compact", maximumFractionDigits: 1 });
  }

  /** Returns the radius in pixels of a disc for a number of sites. @param {number} count */
  _radius(count) { return LEAST + (MOST - LEAST) * Math.sqrt(Math.min(1, count / this.most)); }

  /**
   * Returns the discs of a view in layer pixels; none at zooms at which the sites themselves are drawn. A district whose disc would overlap
   * an earlier one is added to that. The order is that of the number of sites of each disc's largest district, descending, not of `count`.
   *
   * @param {View} view
   */
  _discs(view) {
    /** @type {{ x: number, y: number, r: number, count: number, rows: number[] }[]} */
    const discs = [];
    if (!this.loaded || view.zoom >= this.options.until) return discs;
    for (const row of this.order) {
      const x = view.px(this.at.x[row]), y = view.py(this.at.y[row]), count = this.rows[row];
      const near = discs.find((disc) => Math.hypot(disc.x - x, disc.y - y) < disc.r + this._radius(count) * 0.7);
      if (near) { near.rows.push(row); near.count += count; near.r = Math.max(near.r, this._radius(near.count)); }
      else discs.push({ x, y, count, rows: [row], r: this._radius(count) });
    }
    return discs;
  }

  /**
   * Draws the discs in reverse order, so that those with the largest districts are on top.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    for (const { x, y, r, count, rows } of this._discs(view).reverse()) {
      const text = this._text(count), lifted = rows.some((row) => this.state(this._id(row)) > 0);
      drawDisc(ctx, x, y, Math.max(r, text.length * 3.4 + 5), text, view.colours, lifted);
    }
  }

  /**
   * Returns the ids of the districts of the disc at a layer point.
   *
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    const disc = this._discs(this.view()).find(({ x, y, r }) => Math.hypot(x - point.x, y - point.y) <= Math.max(r, reach));
    return disc ? disc.rows.map((row) => this._id(row)) : [];
  }

  labels() { return []; }

  /** Returns the boxes of the discs in a view. @param {View} view */
  obstacles(view) { return this._discs(view).map(({ x, y, r }) => [x - r, y - r, x + r, y + r]); }

  /** Returns a square of AROUND metres around the point of a district; null if it has none. @param {string} id */
  boundsOf(id) {
    const point = this._latLng(id);
    return point && point.toBounds(AROUND);
  }

  /** Returns the entry of the discs. @returns {LegendEntry[]} */
  legend() {
    return [{ key: "total", kind: "total", draw: (ctx, w, h) => drawDisc(ctx, w / 2, h / 2, 9, "9", this.colours(), false) }];
  }
}

/**
 * Makes the layer of districts.
 *
 * @param {DataElement} element
 * @param {LayerOptions} [options]
 */
export const makeDistricts = (element, options) => new Districts("districts", 562, element, options);
