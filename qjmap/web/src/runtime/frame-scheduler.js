/* Schedules the drawing of a map's layers over frames.
 *
 * "now" (a new zoom, filter, theme) is drawn for all layers before the browser paints next; where that takes long, for as many
 * as fit, and for the others in the frames that follow. "ahead" (what a pan will need) is drawn in the frames that follow, a
 * layer or a slice of one in each, so that the map keeps moving; what takes long to compute is computed in one frame and drawn
 * in the next. "margin" (around a finished picture) is drawn when the browser is idle.
 */

const LONG = 16; // ms of a frame after which no other layer is begun
const MANY = 3e6; // pixels of the pictures of a frame after which no other layer is begun: the browser has them to paint yet
const LATEST = 400; // ms after which a margin is made whatever else there is to do

/** @param {() => void} act */
const whenIdle = (act) => Number("requestIdleCallback" in window ? requestIdleCallback(act, { timeout: LATEST }) : setTimeout(act, LATEST / 4));

export class FrameScheduler {
  /** @type {Set<Layer>} */
  now = new Set();
  /** @type {Set<Layer>} */
  ahead = new Set();
  /** @type {Set<Layer>} */
  margin = new Set();
  frame = 0; // requested frame and idle callback, 0 for none
  idling = 0;
  held = false;
  /** @type {Set<Layer>} layers that computed what they draw in a frame before */
  prepared = new Set();

  /** Until `release` nothing is drawn: a page that is soon complete paints once. */
  hold() { this.held = true; }

  release() {
    if (!this.held) return;
    this.held = false;
    this._step(true);
    if (this.margin.size) this._idle();
  }

  /**
   * @param {Layer} layer
   * @param {"now" | "ahead" | "margin"} when
   */
  ask(layer, when) {
    if (when === "now") {
      this.ahead.delete(layer);
      this.margin.delete(layer);
    } else if (this.now.has(layer)) return;
    this[when].add(layer);
    if (when === "margin") this._idle(); else this._frame();
  }

  /**
   * Forgets a layer that is on the map no more.
   *
   * @param {Layer} layer
   */
  drop(layer) { for (const layers of [this.now, this.ahead, this.margin, this.prepared]) layers.delete(layer); }
  /**
   * Whether a layer waits to be drawn.
   *
   * @param {Layer} layer
   */
  has(layer) { return this.now.has(layer) || this.ahead.has(layer); }

  _frame() { if (!this.frame && !this.held) this.frame = requestAnimationFrame(() => { this.frame = 0; this._step(); }); }
  _idle() { if (!this.idling && !this.held) this.idling = whenIdle(() => this._widen()); }

  /** Draws in a frame; `all` without a limit. */
  _step(all = false) {
    if (this.held) return;
    if (this.now.size) {
      const started = performance.now();
      let pixels = 0;
      for (const layer of Array.from(this.now)) {
        if (!all && this._prepares(layer)) break;
        this.now.delete(layer);
        layer._now();
        pixels += layer.pixels();
        if (!all && (pixels > MANY || performance.now() - started > LONG)) break;
      }
    } else {
      const [layer] = this.ahead;
      if (layer && !this._prepares(layer)) {
        this.ahead.delete(layer);
        layer._now(true);
      }
    }
    if (this.now.size || this.ahead.size) this._frame();
  }

  /**
   * Whether the frame is used up by a layer that computes what it will draw in the next one.
   *
   * @param {Layer} layer
   */
  _prepares(layer) {
    if (this.prepared.delete(layer) || !layer.prepares()) return false;
    this.prepared.add(layer);
    return true;
  }

  /** Draws the margin of one layer, each in a frame of its own: between two the browser may handle input. */
  _widen() {
    const [layer] = this.margin;
    this.margin.delete(layer);
    if (layer) layer._now(true);
    this.idling = requestAnimationFrame(() => {
      this.idling = 0;
      if (this.margin.size) this._idle();
    });
  }
}

/**
 * The scheduler of a map.
 *
 * @param {LeafletMap} map
 */
export const frameSchedulerOf = (map) => (map._qjmapFrames = map._qjmapFrames || new FrameScheduler());
