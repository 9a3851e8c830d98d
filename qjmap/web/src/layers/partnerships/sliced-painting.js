/* A layer that is painted in slices, so that the browser can move the map in between.
 *
 * A picture that still covers the frame is not painted again when the map has moved. A picture that takes long is painted on a hidden
 * canvas, a few milliseconds in each frame, and copied to the visible one when it is complete. Until then the old picture moves and scales
 * with the map.
 */

import { BlockLayer } from "../../runtime/block-layer.js";
import { SLACK, contextOf, paintCanvas } from "../../runtime/canvas-layer.js";
import { frameSchedulerOf } from "../../runtime/frame-scheduler.js";

const SLICE = 9; // ms of painting in a frame while the map moves
const STILL = 28; // ms of painting in a frame while it does not move

/**
 * A picture that is being painted. `pieces`: paints the next piece; `stamp`: identifies what the picture depends on (`_stamp`); `bounds`: its
 * bounds in layer pixels; `ratio`: pixels of the canvas per CSS pixel; `ctx`: context of the hidden canvas; `center`, `zoom`: the map's view.
 *
 * @typedef {{ stamp: string, bounds: L.Bounds, ratio: number, ctx: Ctx, pieces: Generator<void>, center: L.LatLng, zoom: number }} Job
 */

/** A layer of the rows of a block that is painted in slices. Subclasses have `_drawing` and `big`. */
export class SlicedLayer extends BlockLayer {
  _pace = 8; // number of pieces in a slice, adapted to the time that they take
  /** @type {Job | null} */
  _job = null;
  /** @type {HTMLCanvasElement | null} the hidden canvas */
  _back = null;

  /**
   * Draws the layer. It yields between pieces, so that the caller may pause.
   *
   * @param {Ctx} _ctx
   * @param {View} _view
   * @returns {Generator<void>}
   */
  *_drawing(_ctx, _view) {}

  /** Returns whether the picture takes so long that it is painted in slices. */
  big() { return false; }

  /** Keeps the picture that covers the frame, or requests a new one. */
  _update() {
    const { _map: map, _bounds: bounds } = this;
    if (!map || (map._animatingZoom && bounds)) return;
    if (this._drawn && this._covers(SLACK)) {
      this._bounds = this._drawn.bounds;
      this._job = null;
      return;
    }
    if (!this._drawn || !this.big() || this.theme === "print") { super._update(); return; }
    this._updateTransform(this._map.getCenter(), this._map.getZoom());
    this._soon("now");
  }

  /** Paints at once, or starts or continues to paint in slices on the hidden canvas. @param {boolean} [wide] as in the base class */
  _now(wide) {
    if (!this._map || !this._ctx || this._map._animatingZoom) return;
    if (!this._drawn || !this.big() || this.theme === "print") {
      this._job = null;
      super._now(wide);
      return;
    }
    const stamp = this._stamp();
    if (this._job && this._job.stamp === stamp && this._slack(this._job.bounds) >= 0) { this._work(this._job); return; }
    this._bounds = this.around(this.margin());
    const { min } = this._bounds;
    const extent = this._bounds.getSize(), ratio = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
    const back = (this._back = this._back || document.createElement("canvas"));
    back.width = Math.round(extent.x * ratio);
    back.height = Math.round(extent.y * ratio);
    const ctx = contextOf(back, { willReadFrequently: true });
    ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
    /** @type {Job} */
    const job = { stamp, bounds: this._bounds, ratio, ctx, pieces: this._drawing(ctx, this.view()), center: this._map.getCenter(), zoom: this._map.getZoom() };
    this._job = job;
    this._work(job);
  }

  /** Paints the next slice; shows the picture when it is complete, and starts anew if zoom, theme or filter have changed. @param {Job} job */
  _work(job) {
    if (this._job !== job || !this._map) return;
    if (this._map._animatingZoom || job.stamp !== this._stamp()) {
      this._job = null;
      this._soon("now");
      return;
    }
    // A canvas only records operations and paints them later, all at once, unless a pixel is read. Reading one makes the measured time of a
    // slice true, by which the number of pieces in the next slice is chosen.
    const { dragging, _panAnim: gliding } = this._map;
    const budget = (dragging && dragging.moving()) || (gliding && gliding._inProgress) ? SLICE : STILL;
    const start = performance.now();
    let count = 0, done = false;
    while (!done && count < this._pace) {
      done = Boolean(job.pieces.next().done);
      count++;
    }
    job.ctx.getImageData(0, 0, 1, 1);
    if (count === this._pace) this._pace = Math.max(1, Math.min(count * 2, Math.round((count * budget) / Math.max(0.5, performance.now() - start))));
    if (done) this._show(job); else this._soon("ahead");
  }

  /** Copies a complete picture to the visible canvas. @param {Job} job */
  _show({ stamp, bounds, ratio, center, zoom }) {
    const canvas = this._container, back = /** @type {HTMLCanvasElement} */ (this._back), extent = bounds.getSize();
    if (canvas.width !== back.width || canvas.height !== back.height) {
      canvas.width = back.width;
      canvas.height = back.height;
      canvas.style.width = `${extent.x}px`;
      canvas.style.height = `${extent.y}px`;
    }
    Object.assign(this, { _job: null, _bounds: bounds, _center: center, _zoom: zoom, _ratio: ratio, _drawn: { stamp, bounds } });
    L.setOptions(this, { padding: this.margin() });
    L.DomUtil.setPosition(canvas, bounds.min);
    paintCanvas(canvas, this.theme, (ctx) => ctx.drawImage(back, 0, 0));
  }

  /** Returns whether the picture on the screen is up to date. */
  isPainted() { return Boolean(this._drawn && !this._job && !frameSchedulerOf(this._map).has(this) && this._drawn.stamp === this._stamp()); }
}
