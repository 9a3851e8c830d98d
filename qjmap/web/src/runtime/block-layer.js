/* A layer that draws the rows of a block or chunked table. */

import { LabelledLayer } from "./labelled-layer.js";
import { loadBlock } from "./load-block.js";
import { metresToPixels } from "./shapes.js";

const CIRCLE = [12, 1500]; // px, least and most radius of a circle of uncertainty that is drawn

export class BlockLayer extends LabelledLayer {
  /** @type {Block} */
  block = /** @type {never} */ (undefined); // until it is loaded

  /**
   * @param {string} name
   * @param {number} level z-index of the layer's pane
   * @param {DataElement} element the script element that holds the block, or the promise of it
   * @param {LayerOptions} [options]
   */
  constructor(name, level, element, options) {
    super(name, level, options);
    this.ready = this._load(element);
  }

  /** @param {DataElement} element */
  async _load(element) {
    const block = await loadBlock(element);
    this.block = block;
    await this._read(block);
    this.loaded = true;
  }

  /**
   * Reads what the layer keeps of its block.
   *
   * @param {Block} _block
   * @returns {void | Promise<void>}
   */
  _read(_block) {}

  /** Number of rows, those without a geometry included. */
  count() { return this.loaded ? this.block.rows : 0; }

  /**
   * @param {number} row
   * @returns {string}
   */
  _id(row) { return this.block.at("id", row); }

  /**
   * The name of a row in the layer's language, else in the other one, else its id.
   *
   * @param {number} row
   * @returns {string}
   */
  nameOf(row) {
    const [first, second] = this.language === "en" ? ["name_en", "name"] : ["name", "name_en"];
    return this.block.at(first, row) || this.block.at(second, row) || this._id(row);
  }
}

/** A layer of points: `at` has their world coordinates. */
export class PointLayer extends BlockLayer {
  /** @type {Points} */
  at = /** @type {never} */ (undefined); // until it is loaded

  /**
   * Number of a row in the block.
   *
   * @param {string} id
   */
  rowOf(id) { return this.block.row(id); }

  /**
   * The name of the row with an id.
   *
   * @param {string} id
   */
  title(id) { return this.nameOf(/** @type {number} */ (this.rowOf(id))); }

  /**
   * Position of the row with an id; null without one.
   *
   * @param {string} id
   */
  _latLng(id) {
    const row = this.loaded ? this.rowOf(id) : undefined;
    return row === undefined || !this.at.located[row] ? null : this.latLngOf(this.at.x[row], this.at.y[row]);
  }

  /** @param {string} id */
  boundsOf(id) {
    const point = this._latLng(id);
    return point && L.latLngBounds(point, point);
  }

  /**
   * Draws the circle in which a row's thing really lies; the block has a column radius_m.
   *
   * @param {Ctx} ctx
   * @param {View} view
   * @param {number} row
   */
  ring(ctx, view, row) {
    const pixels = metresToPixels(this.block.at("radius_m", row) || 0, this.at.y[row], view.size);
    if (pixels < CIRCLE[0] || pixels > CIRCLE[1]) return;
    ctx.beginPath();
    ctx.arc(view.px(this.at.x[row]), view.py(this.at.y[row]), pixels, 0, 7);
    ctx.setLineDash([5, 4]);
    ctx.lineWidth = 1.1;
    ctx.strokeStyle = view.colours.ring;
    ctx.stroke();
    ctx.setLineDash([]);
  }
}
