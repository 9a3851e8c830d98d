/* When the pictures of a map's layers are made.
 *
 * What the eye waits for ("now": a new zoom, filter, theme) is made for all layers before the browser paints next; where that
 * takes long, for as many as fit, and for the others in the frames that follow. What a pan will need ("ahead") is made in the
 * frames that follow, a layer or a slice of one in each, so that the map keeps moving under the hand; what takes long to gather
 * is gathered in one frame and drawn in the next. The margin around a finished picture ("margin") is made when the browser has
 * nothing else to do.
 */

const LONG = 16; // ms of a frame after which no other layer is begun
const MANY = 3e6; // pixels of the pictures of a frame after which no other layer is begun: the browser has them to paint yet
const LATEST = 400; // ms after which a margin is made whatever else there is to do

const idle = "requestIdleCallback" in window ? (/** @type {any} */ act) => requestIdleCallback(act, { timeout: LATEST }) : (/** @type {any} */ act) => setTimeout(act, LATEST / 4);

class FrameScheduler {
  constructor() {
    this.now = new Set();
    this.ahead = new Set();
    this.margin = new Set();
    this.frame = this.idling = 0;
    this.held = false;
    this.prepared = new Set(); // layers that have gathered what they draw, in a frame before
  }

  /** Until `release` nothing is drawn: a page that is soon complete paints once. */
  hold() { this.held = true; }

  release() {
    if (!this.held) return;
    this.held = false;
    this._step(true);
    if (this.margin.size) this._idle();
  }

  /**
   * @param {any} layer
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

  /** @param {any} layer */
  drop(layer) { for (const asked of [this.now, this.ahead, this.margin, this.prepared]) asked.delete(layer); }
  /** @param {any} layer */
  has(layer) { return this.now.has(layer) || this.ahead.has(layer); }

  _frame() { if (!this.frame && !this.held) this.frame = requestAnimationFrame(() => { this.frame = 0; this._step(); }); }
  _idle() { if (!this.idling && !this.held) this.idling = idle(() => this._widen()); }

  _step(whole = false) {
    if (this.held) return;
    if (this.now.size) {
      const started = performance.now();
      let pixels = 0;
      for (const layer of Array.from(this.now)) {
        if (!whole && this._prepares(layer)) break;
        this.now.delete(layer);
        layer._now();
        pixels += layer.pixels();
        if (!whole && (pixels > MANY || performance.now() - started > LONG)) break;
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
   * Whether the frame is used up by a layer that gathers what it will draw in the next one.
   *
   * @param {any} layer
   */
  _prepares(layer) {
    if (this.prepared.delete(layer) || !layer.prepares()) return false;
    this.prepared.add(layer);
    return true;
  }

  /* One layer at a time, each with a frame of its own: between two the browser may see to whatever has come up, and no
   * pan begins with all of them still to be handed over to the screen. */
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

/** @param {LeafletMap} map */
export const frameSchedulerOf = (map) => (map._qjmapFrames = map._qjmapFrames || new FrameScheduler());
