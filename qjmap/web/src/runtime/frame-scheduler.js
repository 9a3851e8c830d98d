/* Distributes the drawing of a map's layers over frames, by how urgent it is.
 *
 * "now" (after a new zoom, filter or theme): the layers are drawn before the browser paints next. If that takes long, the remaining ones
 * are drawn in the following frames. "ahead" (what a pan will need): a layer, or a slice of one, is drawn in each following frame, so that
 * the map keeps moving. In both cases, what takes long to compute is computed in one frame and drawn in the next. "margin" (around a
 * finished picture): it is drawn when the browser is idle.
 */

const LONG = 16; // ms of drawing after which no other layer is begun in a frame
const MANY = 3e6; // pixels drawn after which no other layer is begun in a frame, since the browser still has to paint them
const LATEST = 400; // ms after which a margin is drawn even if the browser is not idle

/** Calls a function when the browser is idle; returns the number of the call. @param {() => void} act */
const whenIdle = (act) => Number("requestIdleCallback" in window ? requestIdleCallback(act, { timeout: LATEST }) : setTimeout(act, LATEST / 4));

/** Draws the layers of a map that have asked for it; `now`, `ahead` and `margin` are the layers that wait, by how urgent they are. */
export class FrameScheduler {
  /** @type {Set<Layer>} */
  now = new Set();
  /** @type {Set<Layer>} */
  ahead = new Set();
  /** @type {Set<Layer>} */
  margin = new Set();
  frame = 0; // number of the requested frame, 0 for none
  idling = 0; // number of the requested idle callback or of the frame after it, 0 for none
  held = false; // between `hold` and `release`
  /** @type {Set<Layer>} layers that have computed in an earlier frame what they draw next */
  prepared = new Set();

  /** Draws nothing until `release` is called, so that a page that is loading quickly is painted only once. */
  hold() { this.held = true; }

  /** Ends `hold`, and draws at once all layers that are due now. */
  release() {
    if (!this.held) return;
    this.held = false;
    this._step(true);
    if (this.margin.size) this._idle();
  }

  /**
   * Asks for a layer to be drawn. A layer that waits as "now" keeps that urgency.
   *
   * @param {Layer} layer
   * @param {"now" | "ahead" | "margin"} when how urgent it is
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
   * Removes all requests of a layer that has been removed from the map.
   *
   * @param {Layer} layer
   */
  drop(layer) { for (const layers of [this.now, this.ahead, this.margin, this.prepared]) layers.delete(layer); }
  /**
   * Returns whether a layer waits to be drawn, its margin excepted.
   *
   * @param {Layer} layer
   */
  has(layer) { return this.now.has(layer) || this.ahead.has(layer); }

  _frame() { if (!this.frame && !this.held) this.frame = requestAnimationFrame(() => { this.frame = 0; this._step(); }); }
  _idle() { if (!this.idling && !this.held) this.idling = whenIdle(() => this._widen()); }

  /** Draws as many layers as fit into a frame, with `all` every layer that is due now; if none is, one layer of `ahead`. */
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
   * Lets a layer compute what it will draw, unless it did so in an earlier frame. Returns whether that took so long that the layer should be
   * drawn in the next frame.
   *
   * @param {Layer} layer
   */
  _prepares(layer) {
    if (this.prepared.delete(layer) || !layer.prepares()) return false;
    this.prepared.add(layer);
    return true;
  }

  /** Draws the margin of one layer. The next one waits for another frame, so that the browser can handle input in between. */
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
 * Returns the scheduler of a map; it is made on the first call.
 *
 * @param {LeafletMap} map
 */
export const frameSchedulerOf = (map) => (map._qjmapFrames = map._qjmapFrames || new FrameScheduler());
