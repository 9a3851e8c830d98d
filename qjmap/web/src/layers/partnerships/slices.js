/* Painting that never holds up the map.
 *
 * A picture that still covers the frame is not painted again when the map has moved. A great one is painted on a canvas
 * behind, a few milliseconds a frame, and changes places with the one in front when it is whole; until then the old one
 * moves and grows with the map. Mixed into a canvas layer that has `_drawing(ctx, view)`, a generator, and `big()`.
 */

import { SLACK, paintCanvas } from "../../runtime/canvas.js";
import { frameSchedulerOf } from "../../runtime/frame-scheduler.js";
import { MapLayer } from "../../runtime/map-layer.js";

const SLICE = 9; // ms of a frame while the map moves
const STILL = 28; // ms while nothing moves

const { prototype: base } = MapLayer;

export const sliced = /** @type {Mixin} */ ({
  _pace: 8, // pieces of a slice, learnt

  _stamp() { return base._stamp.call(this) + "|" + (this.dated || 0); },

  _update() {
    if (!this._map || (this._map._animatingZoom && this._bounds)) return;
    if (this._covers(SLACK)) {
      this._bounds = this._drawn.bounds;
      this._job = null;
      return;
    }
    if (!this._drawn || !this.big() || this.theme === "print") { base._update.call(this); return; }
    this._updateTransform(this._map.getCenter(), this._map.getZoom());
    this._soon("now");
  },

  /** @param {boolean} [wide] */
  _now(wide) {
    if (!this._map || !this._ctx || this._map._animatingZoom) return;
    if (!this._drawn || !this.big() || this.theme === "print") {
      this._job = null;
      base._now.call(this, wide);
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
    const ctx = back.getContext("2d", { willReadFrequently: true });
    ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
    const job = { stamp, bounds: this._bounds, ratio, ctx, pieces: this._drawing(ctx, this.view()), center: this._map.getCenter(), zoom: this._map.getZoom() };
    this._job = job;
    this._work(job);
  },

  /** @param {any} job */
  _work(job) {
    if (this._job !== job || !this._map) return;
    if (this._map._animatingZoom || job.stamp !== this._stamp()) {
      this._job = null;
      this._soon("now");
      return;
    }
    // A canvas notes strokes down and paints them later, all at once; asked for a pixel it paints them now. So a slice's
    // time is its true time, and the next slice takes as many pieces as fit.
    const { dragging, _panAnim: gliding } = this._map;
    const budget = (dragging && dragging.moving()) || (gliding && gliding._inProgress) ? SLICE : STILL;
    const start = performance.now();
    let taken = 0, done = false;
    while (!done && taken < this._pace) {
      done = job.pieces.next().done;
      taken++;
    }
    job.ctx.getImageData(0, 0, 1, 1);
    if (taken === this._pace) this._pace = Math.max(1, Math.min(taken * 2, Math.round((taken * budget) / Math.max(0.5, performance.now() - start))));
    if (done) this._show(job); else this._soon("ahead");
  },

  /** @param {{ stamp: any, bounds: any, ratio: any, center: any, zoom: number }} given */
  _show({ stamp, bounds, ratio, center, zoom }) {
    const canvas = this._container, back = this._back, extent = bounds.getSize();
    if (canvas.width !== back.width || canvas.height !== back.height) {
      canvas.width = back.width;
      canvas.height = back.height;
      canvas.style.width = `${extent.x}px`;
      canvas.style.height = `${extent.y}px`;
    }
    Object.assign(this, { _job: null, _bounds: bounds, _center: center, _zoom: zoom, _ratio: ratio, _drawn: { stamp, bounds } });
    L.setOptions(this, { padding: this.margin() });
    L.DomUtil.setPosition(canvas, bounds.min);
    paintCanvas(canvas, this.theme, (/** @type {CanvasRenderingContext2D} */ ctx) => ctx.drawImage(back, 0, 0));
  },

  /** Whether the picture on the screen is the one that is due. */
  isPainted() { return Boolean(this._drawn && !this._job && !frameSchedulerOf(this._map).has(this) && this._drawn.stamp === this._stamp()); },
});
