/* A map layer that is drawn on one canvas.
 *
 * Positions are world coordinates (shapes.js), so that drawing only multiplies. During a pan or zoom animation the finished picture moves
 * with the map, as with Leaflet's own renderers. The picture is drawn for what the map shows and then, when there is time, with a margin
 * around that. It is drawn again only when a pan comes near its edge (frame-scheduler.js).
 */

import { frameSchedulerOf } from "./frame-scheduler.js";
import { palettes } from "./palette.js";
import { pointerEventsOf } from "./pointer-events.js";

const TILE = 256; // px of the world at zoom 0

/**
 * Returns the drawing context of a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export const contextOf = (canvas, settings) => /** @type {Ctx} */ (canvas.getContext("2d", settings));

/**
 * Clears a canvas and draws on it.
 *
 * When a browser prints, it records the operations on a canvas, and clearing it would also clear what lies beneath it on the paper. For
 * print the picture is therefore made off screen, and a canvas that shows the finished picture takes the place of this one.
 *
 * @param {HTMLCanvasElement & { qjSheet?: HTMLCanvasElement | null }} canvas `qjSheet` is the canvas that takes its place in print
 * @param {string} theme
 * @param {(ctx: Ctx) => void} draw
 */
export function paintCanvas(canvas, theme, draw) {
  if (!canvas.width || !canvas.height) return; // the map is not shown, as beneath a view that is printed
  if (theme === "print" && window.OffscreenCanvas) {
    const picture = new OffscreenCanvas(canvas.width, canvas.height);
    draw(/** @type {Ctx} */ (/** @type {unknown} */ (picture.getContext("2d"))));
    const sheet = canvas.qjSheet || /** @type {HTMLCanvasElement} */ (canvas.cloneNode(false));
    sheet.dataset.sheet = "";
    [sheet.width, sheet.height] = [canvas.width, canvas.height]; // a bitmap of another size would be distorted
    canvas.style.removeProperty("display");
    sheet.style.cssText = canvas.style.cssText;
    canvas.style.display = "none";
    /** @type {ImageBitmapRenderingContext} */ (sheet.getContext("bitmaprenderer")).transferFromImageBitmap(picture.transferToImageBitmap());
    if (!canvas.qjSheet) canvas.after(sheet);
    canvas.qjSheet = sheet;
    return;
  }
  if (canvas.qjSheet) {
    canvas.qjSheet.remove();
    canvas.qjSheet = null;
    canvas.style.removeProperty("display");
  }
  const ctx = contextOf(canvas);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalAlpha = 1;
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  draw(ctx);
}

const MARGIN = 0.25; // width of the margin on each side as a share of the map's frame: about as far as a hand drags a map at once
const LONG = 6; // ms of computing after which drawing waits for the next frame
const MOST = 10e6; // pixels of a picture with its margin at most (40 MB)
/** A picture is drawn again when less of its margin is left on a side than this share of the frame's shorter side. */
export const SLACK = 0.12;

/**
 * Base class of the layers that draw on a canvas. A subclass must have `draw`. Other methods that it may have are declared in
 * canvas-layer-members.d.ts.
 */
export class CanvasLayer extends L.Renderer {
  loaded = false; // whether the rows are loaded
  turn = 0; // number of times that the filter was set, by which caches notice a new filter
  /** @type {object | null} a sample of the rows, drawn until all are loaded */
  overview = null;
  /** @type {Set<string> | null} ids that are selected; null for none */
  _chosen = null;
  /** @type {Set<string> | null} ids under the pointer; null for none */
  _hovered = null;
  /** @type {ShownRows | null} rows that pass the filter; null for all */
  _shown = null;
  /** @type {{ stamp: string, bounds: L.Bounds } | null} the picture on the canvas: its `_stamp`, and its bounds in layer pixels */
  _drawn = null;
  /** @type {CanvasRenderingContext2D | null} null while the layer is on no map */
  _ctx = null;
  _ratio = 1; // pixels of the canvas per CSS pixel
  theme = "light";

  /**
   * @param {string} name name of the layer, `layerName`; that of its pane is made from it
   * @param {number} level z-index of the layer's pane
   * @param {LayerOptions} [options]
   */
  constructor(name, level, options = {}) {
    super({ padding: 0, level, ...options });
    this.layerName = name;
    this.language = options.language || "zh";
    /** @type {Set<string>} ids of the rows that only the old edition has (on a page of two editions); they are drawn dashed and grey */
    this.withdrawn = new Set(options.withdrawn);
  }

  /** Makes the pane of the layer, which determines whether it is above or below other layers. @param {LeafletMap} map */
  beforeAdd(map) {
    const name = `qjmap-${this.layerName}`;
    if (!map.getPane(name)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(this.options.level);
      pane.style.pointerEvents = "none";
    }
    this.options.pane = name;
  }

  /** Called by Leaflet: draws the layer, and again when its data are loaded. @param {LeafletMap} map */
  onAdd(map) {
    super.onAdd(map);
    this._map = map;
    if (this.hit) pointerEventsOf(map).add(this);
    if (this.ready) this.ready.then(() => this.redraw());
  }

  /** Called by Leaflet: ends drawing and pointer events of the layer. @param {LeafletMap} map */
  onRemove(map) {
    if (this.hit) pointerEventsOf(map).remove(this);
    frameSchedulerOf(map).drop(this);
    this._drawn = null;
    super.onRemove(map);
  }

  /* Makes the canvas; Leaflet calls this when the layer is added to a map. */
  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._ctx = contextOf(this._container);
  }

  _destroyContainer() {
    this._container.remove();
    this._container = /** @type {never} */ (null);
    this._ctx = null;
  }

  _updatePaths() {}

  getEvents() {
    return { ...super.getEvents(), move: this._onMove };
  }

  /* Returns a text of zoom, origin and size of the map, number of the filter, theme and pixel ratio: a picture with another one is out of date.
   * A new selection or language is not in it, and is redrawn at once. */
  _stamp() {
    const map = this._map;
    return [map.getZoom(), map.getPixelOrigin(), map.getSize(), this.turn, this.theme, window.devicePixelRatio].join("|");
  }

  /**
   * Returns how far a picture reaches beyond the map's frame, on the side where it reaches least, as a share of the frame's shorter side;
   * negative if it does not cover the frame.
   *
   * @param {{ min: Point, max: Point }} bounds bounds of the picture in layer pixels
   */
  _slack({ min, max }) {
    const size = this._map.getSize(), near = this._map.containerPointToLayerPoint([0, 0]);
    return Math.min(near.x - min.x, near.y - min.y, max.x - near.x - size.x, max.y - near.y - size.y) / Math.min(size.x, size.y);
  }

  /* Returns whether the picture on the canvas has the present `_stamp`. */
  _current() { return Boolean(this._drawn && this._drawn.stamp === this._stamp()); }
  /**
   * Returns whether the picture is up to date and reaches beyond the map's frame by at least `slack` (see `_slack`) on every side.
   *
   * @param {number} slack
   */
  _covers(slack) { return Boolean(this._drawn && this._current() && this._slack(this._drawn.bounds) >= slack); }

  /* Redraws during a long pan, before the edge of the picture comes into view. In a fast pan the edge may be visible for a moment, as
   * with tiles. */
  _onMove() { if (this._drawn && !this._map._animatingZoom && this._current() && !this._covers(SLACK)) this._soon("ahead"); }

  /* Leaflet calls this when the view has changed, often several times for one change. The bounds of the picture are computed at once; the
   * picture is drawn before the browser paints next. */
  _update() {
    if (!this._map || (this._map._animatingZoom && this._bounds) || this._covers(SLACK)) return;
    if (this._current()) { this._soon("ahead"); return; }
    this._reach(0);
    this._soon("now");
  }

  /**
   * Sets the bounds of the next picture to the frame, extended by a share of it on each side.
   *
   * @param {number} share
   */
  _reach(share) {
    L.setOptions(this, { padding: share });
    super._update();
  }

  /* Replaces Leaflet's method, which would move a picture that is still valid back to the position at which it was drawn. */
  _reset() { this._update(); }

  /** Requests a redraw. Several requests before the next frame cause one redraw. */
  redraw() {
    if (!this._map) return this;
    this._soon("now");
    return this;
  }

  /**
   * Schedules the drawing of the layer. For print it is drawn at once, since the browser lays out paper without waiting for a frame.
   *
   * @param {"now" | "ahead" | "margin"} when how urgent it is, see frame-scheduler.js
   */
  _soon(when) {
    if (!(this.loaded || this.overview) || !this._bounds) return;
    if (this.theme === "print") this._now();
    else frameSchedulerOf(this._map).ask(this, when);
  }

  /**
   * Draws the layer at once; without `wide` the margin is drawn later, when there is time.
   *
   * @param {boolean} [wide] whether to draw the margin now, and not only what the map shows
   */
  _now(wide) {
    if (!this._map || !this._ctx || this._map._animatingZoom) return;
    const canvas = this._container, print = this.theme === "print";
    const ratio = (this._ratio = Math.max(1, Math.min(3, window.devicePixelRatio || 1)) * (print ? 2 : 1));
    /** Returns the size of bounds in pixels of the canvas. @param {L.Bounds} bounds */
    const pixels = (bounds) => bounds.getSize().multiplyBy(ratio).round();
    // A canvas that has room for the margin keeps its size: to allocate another one takes longer than to draw on it.
    const roomy = !print && pixels(this.around(this.margin())).equals(L.point(canvas.width, canvas.height));
    this._reach(wide || roomy ? this.margin() : 0);
    const size = this._bounds.getSize(), { x: width, y: height } = pixels(this._bounds);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    L.DomUtil.setPosition(canvas, this._bounds.min);
    // The browser would blend an empty picture into each frame too, which takes a sixth of the time of a pan without a GPU.
    canvas.style.visibility = this.isEmpty() ? "hidden" : "";
    const bounds = wide ? this._bounds : this.around(0);
    this._paint(this.view(bounds));
    this._drawn = { stamp: this._stamp(), bounds };
    if (!wide && !print) this._soon("margin");
  }

  /** Draws a view on the canvas. @param {View} view */
  _paint(view) {
    const { min } = this._bounds;
    paintCanvas(this._container, this.theme, (ctx) => {
      ctx.setTransform(this._ratio, 0, 0, this._ratio, -min.x * this._ratio, -min.y * this._ratio);
      this.draw(ctx, view);
    });
  }

  /** Computes and caches what will be drawn (`gather`). Returns whether that took so long that drawing should wait for the next frame. */
  prepares() {
    if (!this.gather || !this._ctx || !this._map || this._map._animatingZoom) return false;
    const started = performance.now();
    this.gather(this.view(this.around(this.margin())));
    return performance.now() - started > LONG;
  }

  /** Returns whether the layer has nothing to draw at any zoom. */
  isEmpty() { return Boolean(this.block && !this.block.rows); }

  /** Returns the number of pixels of the canvas, which the browser has to paint; 0 if it is hidden. */
  pixels() { return this._container && this._container.style.visibility !== "hidden" ? this._container.width * this._container.height : 0; }

  /** Returns the width of the margin on each side as a share of the frame. It is smaller on a screen with very many pixels. */
  margin() {
    const { x, y } = this._map.getSize(), ratio = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
    return Math.max(0, Math.min(MARGIN, (Math.sqrt(MOST / Math.max(1, x * y)) / ratio - 1) / 2));
  }

  /**
   * Returns the bounds of the map's frame, extended by a share of it on each side, in layer pixels; rounded as L.Renderer does it.
   *
   * @param {number} share
   */
  around(share) {
    const size = this._map.getSize(), min = this._map.containerPointToLayerPoint(size.multiplyBy(-share)).round();
    return new L.Bounds(min, min.add(size.multiplyBy(1 + 2 * share)).round());
  }

  /**
   * Returns the parameters with which `draw` draws a part of the map at the present zoom.
   *
   * @param {L.Bounds} [given] the part in layer pixels; by default the bounds of the canvas
   * @returns {View}
   */
  view(given) {
    const map = this._map, bounds = given || this._bounds, zoom = map.getZoom(), size = TILE * 2 ** zoom, origin = map.getPixelOrigin();
    return {
      zoom, size, ox: origin.x, oy: origin.y, bounds, colours: this.colours(),
      west: (bounds.min.x + origin.x) / size, east: (bounds.max.x + origin.x) / size,
      north: (bounds.min.y + origin.y) / size, south: (bounds.max.y + origin.y) / size,
      px: (x) => x * size - origin.x, py: (y) => y * size - origin.y,
    };
  }

  /**
   * Returns a text that identifies a view and the filter, as the key of a cache.
   *
   * @param {View} view
   */
  viewKey({ zoom, ox, oy, bounds }) { return `${zoom}|${ox}|${oy}|${bounds.min}|${bounds.max}|${this.turn}`; }

  /** Returns the colours of the theme. */
  colours() { return palettes[this.theme] || palettes.light; }

  /** Sets the theme ("light", "dark" or "print") and redraws. @param {string} theme */
  setTheme(theme) {
    if (this.theme === theme) return this;
    this.theme = theme;
    return this.redraw();
  }
  /** Sets the language ("zh" or "en") and redraws. @param {string} language */
  setLanguage(language) {
    if (this.language === language) return this;
    this.language = language;
    return this.redraw();
  }
  /**
   * Draws only the rows that pass a filter.
   *
   * @param {ShownRows | null} shown null for all rows
   */
  setFilter(shown) {
    if (!shown && !this._shown) return this;
    this._shown = shown;
    this.turn = (this.turn) + 1;
    return this.redraw();
  }
  /** Draws the selected rows over the others, which fade. @param {string[] | null} ids null for none */
  highlight(ids) {
    if (!ids && !this._chosen) return this;
    this._chosen = ids && new Set(ids);
    return this.redraw();
  }
  /** Draws the rows under the pointer over the others, which fade. @param {string[] | null} ids null for none */
  hover(ids) {
    const next = ids && ids.length ? new Set(ids) : null;
    if (!next && !this._hovered) return;
    this._hovered = next;
    this.redraw();
  }

  /** Returns whether a row passes the filter. @param {string} id */
  passes(id) { return !this._shown || this._shown.has(id); }

  /**
   * Returns how a row is drawn: 1 if it is lifted (selected or under the pointer), -1 if it fades since others are lifted, else 0.
   *
   * @param {string} id
   */
  state(id) {
    const lifted = this._hovered || this._chosen;
    if (!lifted || !lifted.size) return 0;
    return lifted.has(id) || (this._chosen && this._chosen.has(id)) ? 1 : -1;
  }

  /**
   * Converts world coordinates to degrees.
   *
   * @param {number} x
   * @param {number} y
   */
  latLngOf(x, y) {
    return L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, x * 360 - 180);
  }
}
