/* A layer that draws the rows of a block or chunked table. */

import { LabelledLayer } from "./labelled-layer.js";
import { loadBlock } from "./load-block.js";
import { metresToPixels } from "./shapes.js";

const CIRCLE = [12, 1500]; // px, minimum and maximum radius of a circle of uncertainty that is drawn

/** Base class of the layers that draw the rows of a block. A subclass reads in `_read` what it draws. */
export class BlockLayer extends LabelledLayer {
  /** @type {Block} */
  block = /** @type {never} */ (undefined); // until it is loaded

  /**
   * @param {string} name
   * @param {number} level z-index of the layer's pane
   * @param {DataElement} element script element with the block, or a promise of it
   * @param {LayerOptions} [options]
   */
  constructor(name, level, element, options) {
    super(name, level, options);
    this.ready = this._load(element);
  }

  /** Loads the block of an element and reads it; then sets `loaded`. @param {DataElement} element */
  async _load(element) {
    const block = await loadBlock(element);
    this.block = block;
    await this._read(block);
    this.loaded = true;
  }

  /**
   * Reads from the block what the layer needs for drawing.
   *
   * @param {Block} _block
   * @returns {void | Promise<void>}
   */
  _read(_block) {}

  /** Returns the number of rows, including those without a geometry; 0 until they are loaded. */
  count() { return this.loaded ? this.block.rows : 0; }

  /**
   * Returns the id of a row.
   *
   * @param {number} row
   * @returns {string}
   */
  _id(row) { return this.block.at("id", row); }

  /**
   * Returns the name of a row in the language of the layer, else in the other language, else its id.
   *
   * @param {number} row
   * @returns {string}
   */
  nameOf(row) {
    const [first, second] = this.language === "en" ? ["name_en", "name"] : ["name", "name_en"];
    return this.block.at(first, row) || this.block.at(second, row) || this._id(row);
  }
}

/** A layer of points. */
export class PointLayer extends BlockLayer {
  /** @type {Points} world coordinates of the rows */
  at = /** @type {never} */ (undefined); // until it is loaded

  /**
   * Returns the index in the block of the row with an id; undefined for an unknown id.
   *
   * @param {string} id
   */
  rowOf(id) { return this.block.row(id); }

  /**
   * Returns the name of the row with an id, which must exist.
   *
   * @param {string} id
   */
  title(id) { return this.nameOf(/** @type {number} */ (this.rowOf(id))); }

  /**
   * Returns the position of the row with an id; null if it has none, the id is unknown, or the block is not loaded yet.
   *
   * @param {string} id
   */
  _latLng(id) {
    const row = this.loaded ? this.rowOf(id) : undefined;
    return row === undefined || !this.at.located[row] ? null : this.latLngOf(this.at.x[row], this.at.y[row]);
  }

  /** Returns bounds of zero size at the position of the row with an id; null if it has no position. @param {string} id */
  boundsOf(id) {
    const point = this._latLng(id);
    return point && L.latLngBounds(point, point);
  }

  /**
   * Draws the circle of uncertainty of a row: its true position lies within `radius_m` metres of its point. A circle that is very small or very
   * large at this zoom is left out (`CIRCLE`). The block must have a column radius_m.
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
