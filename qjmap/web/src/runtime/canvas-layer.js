/* A map layer drawn on one canvas.
 *
 * Positions are Web Mercator world coordinates (shapes.js): a draw only multiplies.
 * Panning and zoom animation are those of Leaflet's own renderers: the picture moves along. It is made for what the map
 * shows, then, when there is time, for a margin around that; drawn anew only when a pan comes near its edge (frame-scheduler.js).
 */

import { frameSchedulerOf } from "./frame-scheduler.js";
import { palettes } from "./palette.js";
import { pointerEventsOf } from "./pointer-events.js";

const TILE = 256;

/**
 * The drawing context of a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export const contextOf = (canvas, settings) => /** @type {Ctx} */ (canvas.getContext("2d", settings));

/**
 * Paints a canvas anew.
 *
 * While a browser prints it takes a canvas down stroke by stroke, and the stroke that empties it would empty the sheet
 * beneath it too. In print a finished picture therefore replaces the canvas.
 *
 * @param {HTMLCanvasElement & { qjSheet?: HTMLCanvasElement | null }} canvas
 * @param {string} theme
 * @param {(ctx: Ctx) => void} draw
 */
export function paintCanvas(canvas, theme, draw) {
  if (theme === "print" && window.OffscreenCanvas) {
    const picture = new OffscreenCanvas(canvas.width, canvas.height);
    draw(/** @type {Ctx} */ (/** @type {unknown} */ (picture.getContext("2d"))));
    const sheet = canvas.qjSheet || /** @type {HTMLCanvasElement} */ (canvas.cloneNode(false));
    sheet.dataset.sheet = "";
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

const MARGIN = 0.25; // share of the frame, on each side, that a picture holds beyond it: what a hand moves a map by at once
const LONG = 6; // ms of gathering after which a frame is used up
const MOST = 10e6; // pixels of a picture with its margin, 40 MB
/** Share of the frame's shorter side that is kept of the margin before a picture counts as used up. */
export const SLACK = 0.12;

/**
 * Base of the layers that draw on a canvas. Subclasses have `draw`; what else they may have is declared in
 * canvas-layer-members.d.ts.
 */
export class CanvasLayer extends L.Renderer {
  loaded = false;
  turn = 0; // counts the filters that were set
  /** @type {object | null} some of the rows, drawn until all are loaded */
  overview = null;
  /** @type {Set<string> | null} */
  _chosen = null;
  /** @type {Set<string> | null} */
  _hovered = null;
  /** @type {ShownRows | null} */
  _shown = null;
  /** @type {{ stamp: string, bounds: L.Bounds } | null} the picture on the screen */
  _drawn = null;
  /** @type {CanvasRenderingContext2D | null} */
  _ctx = null;
  _ratio = 1;
  theme = "light";

  /**
   * @param {string} name
   * @param {number} level z-index of the layer's pane
   * @param {LayerOptions} [options]
   */
  constructor(name, level, options = {}) {
    super({ padding: 0, level, ...options });
    this.layerName = name;
    this.language = options.language || "zh";
  }

  /** @param {LeafletMap} map */
  beforeAdd(map) {
    const name = `qjmap-${this.layerName}`;
    if (!map.getPane(name)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(this.options.level);
      pane.style.pointerEvents = "none";
    }
    this.options.pane = name;
  }

  /** @param {LeafletMap} map */
  onAdd(map) {
    super.onAdd(map);
    this._map = map;
    if (this.hit) pointerEventsOf(map).add(this);
    if (this.ready) this.ready.then(() => this.redraw());
  }

  /** @param {LeafletMap} map */
  onRemove(map) {
    if (this.hit) pointerEventsOf(map).remove(this);
    frameSchedulerOf(map).drop(this);
    this._drawn = null;
    super.onRemove(map);
  }

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

  /* Identifies all that a picture depends on besides its part of the world. */
  _stamp() {
    const map = this._map;
    return [map.getZoom(), map.getPixelOrigin(), map.getSize(), this.turn, this.theme, window.devicePixelRatio].join("|");
  }

  /**
   * Pixels by which a picture reaches beyond the map's frame, at the side where it is least, as a share of the frame.
   *
   * @param {{ min: Point, max: Point }} bounds
   */
  _slack({ min, max }) {
    const size = this._map.getSize(), near = this._map.containerPointToLayerPoint([0, 0]);
    return Math.min(near.x - min.x, near.y - min.y, max.x - near.x - size.x, max.y - near.y - size.y) / Math.min(size.x, size.y);
  }

  /* Whether the picture on the screen is of this zoom, theme and filter; and whether it holds the map's frame and `slack`
   * around it, too. */
  _current() { return Boolean(this._drawn && this._drawn.stamp === this._stamp()); }
  /** @param {number} slack */
  _covers(slack) { return Boolean(this._drawn && this._current() && this._slack(this._drawn.bounds) >= slack); }

  /* Redraws during a long pan, a little before the picture's edge comes into the frame; in a faster pan the edge is visible for a
   * moment, as with tiles. */
  _onMove() { if (this._drawn && !this._map._animatingZoom && this._current() && !this._covers(SLACK)) this._soon("ahead"); }

  /* Leaflet says that the view has changed, often several times for one change: the part of the world to hold is known at
   * once, the picture is made before the browser paints next. */
  _update() {
    if (!this._map || (this._map._animatingZoom && this._bounds) || this._covers(SLACK)) return;
    if (this._current()) { this._soon("ahead"); return; }
    this._reach(0);
    this._soon("now");
  }

  /**
   * The picture to be made next is of the frame and `share` of it on each side.
   *
   * @param {number} share
   */
  _reach(share) {
    L.setOptions(this, { padding: share });
    super._update();
  }

  /* Leaflet would put a picture that still holds back to where it was made. */
  _reset() { this._update(); }

  /** Draws soon, once however often it is asked for. */
  redraw() {
    if (!this._map) return this;
    this._soon("now");
    return this;
  }

  /**
   * Paper is laid out without waiting for a frame: what is drawn for it is drawn at once.
   *
   * @param {"now" | "ahead" | "margin"} when
   */
  _soon(when) {
    if (!(this.loaded || this.overview) || !this._bounds) return;
    if (this.theme === "print") this._now();
    else frameSchedulerOf(this._map).ask(this, when);
  }

  /**
   * Draws: what the map shows, or with `wide` a margin around it too.
   *
   * @param {boolean} [wide]
   */
  _now(wide) {
    if (!this._map || !this._ctx || this._map._animatingZoom) return;
    const canvas = this._container, print = this.theme === "print";
    const ratio = (this._ratio = Math.max(1, Math.min(3, window.devicePixelRatio || 1)) * (print ? 2 : 1));
    /** @param {L.Bounds} bounds */
    const pixels = (bounds) => bounds.getSize().multiplyBy(ratio).round();
    // A canvas that has room for the margin keeps it: another one of this size takes longer to get than to draw on.
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
    // An empty picture would be laid over the others with each frame all the same: a sixth of what a pan costs without a GPU.
    canvas.style.visibility = this.isEmpty() ? "hidden" : "";
    const bounds = wide ? this._bounds : this.around(0);
    this._paint(this.view(bounds));
    this._drawn = { stamp: this._stamp(), bounds };
    if (!wide && !print) this._soon("margin");
  }

  /** @param {View} view */
  _paint(view) {
    const { min } = this._bounds;
    paintCanvas(this._container, this.theme, (ctx) => {
      ctx.setTransform(this._ratio, 0, 0, this._ratio, -min.x * this._ratio, -min.y * this._ratio);
      this.draw(ctx, view);
    });
  }

  /** Gathers what will be drawn (`gather`, which keeps it); whether that took so long that drawing had better wait for the
   * next frame. */
  prepares() {
    if (!this.gather || !this._ctx || !this._map || this._map._animatingZoom) return false;
    const started = performance.now();
    this.gather(this.view(this.around(this.margin())));
    return performance.now() - started > LONG;
  }

  /** Whether the layer has nothing that it could draw. */
  isEmpty() { return Boolean(this.block && !this.block.rows); }

  /** Pixels that the screen has to take over from the picture. */
  pixels() { return this._container && this._container.style.visibility !== "hidden" ? this._container.width * this._container.height : 0; }

  /** Share of the frame that a picture holds beyond it on each side; less on a screen of very many pixels. */
  margin() {
    const { x, y } = this._map.getSize(), ratio = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
    return Math.max(0, Math.min(MARGIN, (Math.sqrt(MOST / Math.max(1, x * y)) / ratio - 1) / 2));
  }

  /**
   * The map's frame and `share` of it on each side, in layer pixels, as L.Renderer has it.
   *
   * @param {number} share
   */
  around(share) {
    const size = this._map.getSize(), min = this._map.containerPointToLayerPoint(size.multiplyBy(-share)).round();
    return new L.Bounds(min, min.add(size.multiplyBy(1 + 2 * share)).round());
  }

  /**
   * The view that a draw needs, of a part of the map; by default of the canvas.
   *
   * @param {L.Bounds} [given] layer pixels
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
   * Identifies a view and the rows that are drawn in it.
   *
   * @param {View} view
   */
  viewKey({ zoom, ox, oy, bounds }) { return `${zoom}|${ox}|${oy}|${bounds.min}|${bounds.max}|${this.turn}`; }

  colours() { return palettes[this.theme] || palettes.light; }

  /** @param {string} theme */
  setTheme(theme) {
    if (this.theme === theme) return this;
    this.theme = theme;
    return this.redraw();
  }
  /** @param {string} language */
  setLanguage(language) {
    if (this.language === language) return this;
    this.language = language;
    return this.redraw();
  }
  /**
   * Draws only these rows; null for all.
   *
   * @param {ShownRows | null} shown
   */
  setFilter(shown) {
    if (!shown && !this._shown) return this;
    this._shown = shown;
    this.turn = (this.turn) + 1; // tells what was computed with another filter
    return this.redraw();
  }
  /** @param {string[] | null} ids */
  highlight(ids) {
    if (!ids && !this._chosen) return this;
    this._chosen = ids && new Set(ids);
    return this.redraw();
  }
  /** @param {string[] | null} ids */
  hover(ids) {
    const next = ids && ids.length ? new Set(ids) : null;
    if (!next && !this._hovered) return;
    this._hovered = next;
    this.redraw();
  }

  /** @param {string} id */
  passes(id) { return !this._shown || this._shown.has(id); }

  /**
   * -1 quieted, 0 as usual, 1 lifted.
   *
   * @param {string} id
   */
  state(id) {
    const lifted = this._hovered || this._chosen;
    if (!lifted || !lifted.size) return 0;
    return lifted.has(id) || (this._chosen && this._chosen.has(id)) ? 1 : -1;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  latLngOf(x, y) {
    return L.latLng((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, x * 360 - 180);
  }
}
