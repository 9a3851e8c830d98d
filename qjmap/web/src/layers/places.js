/* Places: a mark for how sure the position is, a name beside it, and never one place hidden behind another. */

import { MapLayer } from "../runtime/map-layer.js";
import { pointsOf } from "../runtime/shapes.js";
import { unpack } from "../runtime/unpack.js";

const POINTED = new Set(["exact", "site", "park"]);
const FIRST = ["city", "district", "town", "development-zone", "park", "port", "station", "province", "country", "area"];

/**
 * A dot where the point is known, a ring where only the area is; the home district's is a star in a ring.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {Palette} c
 * @param {{ home: any, zone: any, area: any, level: any, lifted: any }} given
 */
function mark(ctx, x, y, c, { home, zone, area, level, lifted }) {
  ctx.lineWidth = lifted ? 2 : 1.3;
  ctx.strokeStyle = home ? c.homeLine : c.ink;
  ctx.fillStyle = c.paper;
  ctx.setLineDash([]);
  if (home) {
    ctx.beginPath(); ctx.arc(x, y, 7, 0, 7); ctx.fill(); ctx.stroke();
    ctx.beginPath(); ctx.arc(x, y, 3.4, 0, 7); ctx.fillStyle = c.homeLine; ctx.fill();
    return;
  }
  if (area) {
    ctx.setLineDash([2, 2]);
    ctx.strokeStyle = c.ring;
    ctx.beginPath(); ctx.arc(x, y, 4, 0, 7); ctx.stroke();
    ctx.setLineDash([]);
    return;
  }
  if (zone) {
    ctx.beginPath(); ctx.rect(x - 3.4, y - 3.4, 6.8, 6.8); ctx.fill(); ctx.stroke();
    return;
  }
  const wide = level === "city" || level === "province" || level === "country";
  ctx.beginPath(); ctx.arc(x, y, wide ? 4.2 : 3.4, 0, 7); ctx.fill(); ctx.stroke();
  if (POINTED.has(level)) { ctx.beginPath(); ctx.arc(x, y, 2, 0, 7); ctx.fillStyle = c.ink; ctx.fill(); }
  if (wide) { ctx.beginPath(); ctx.arc(x, y, 1.3, 0, 7); ctx.fillStyle = c.ink; ctx.fill(); }
}

const Places = MapLayer.extend({
  layerName: "places",
  options: { level: 560 },

  /**
   * @param {HTMLElement} element
   * @param {any} [options]
   */
  initialize(element, options) {
    MapLayer.prototype.initialize.call(this, options);
    this.ready = this._load(element);
  },

  /** @param {HTMLElement} element */
  async _load(element) {
    const block = (this.block = await unpack(element));
    this.at = pointsOf(block);
    this.row = new Map();
    const spots = new Map();
    for (let row = 0; row < block.rows; row++) {
      this.row.set(block.at("id", row), row);
      if (!this.at.located[row]) continue;
      const key = `${this.at.x[row]},${this.at.y[row]}`;
      if (!spots.has(key)) spots.set(key, []);
      spots.get(key).push(row);
    }
    // The place whose own point it is comes first, a town before the province it is the seat of; the others are named with it.
    /** @param {number} row */
    const order = (row) => (FIRST.indexOf(block.at("kind", row)) + FIRST.length + 1) % (FIRST.length + 1);
    /** @param {number} row */
    const own = (row) => (block.has("position_of") && block.at("position_of", row) ? 1 : 0);
    this.spots = Array.from(spots.values());
    this.spots.forEach((/** @type {any} */ rows) => rows.sort((/** @type {any} */ a, /** @type {any} */ b) => own(a) - own(b) || order(a) - order(b) || block.at("rank", a) - block.at("rank", b)));
    this.loaded = true;
  },

  /** @param {string} id */
  title(id) { return this.nameOf(this.row.get(id)); },
  /** @param {number} row */
  _id(row) { return this.block.at("id", row); },
  /**
   * The marks of a view, most important first. A mark with no room beside a greater one joins it: its places are
   * still found and chosen there, and get marks of their own at a closer zoom.
   *
   * @param {View} view
   */
  _marks(view) {
    const key = `${view.zoom}|${view.ox}|${view.oy}|${view.bounds.min}|${view.bounds.max}|${this.turn || 0}|${this._lifts || 0}`;
    if (this._marksKey === key) return this._marksNow;
    const found = [];
    for (const spot of this.spots) {
      const x = this.at.x[spot[0]], y = this.at.y[spot[0]];
      if (x < view.west || x > view.east || y < view.north || y > view.south) continue;
      const rows = this._shown ? spot.filter((/** @type {number} */ row) => this.passes(this._id(row))) : spot;
      if (!rows.length) continue;
      const home = rows.some((/** @type {number} */ row) => this.block.at("home", row) === 1), lifted = rows.some((/** @type {number} */ row) => this.state(this._id(row)) > 0);
      const rank = Math.min(...rows.map((/** @type {number} */ row) => this.block.at("rank", row)));
      // Names that nobody works with wait for a closer look, unless they are chosen.
      if (view.zoom < (rank <= 4 ? 0 : rank <= 6 ? 5 : rank <= 8 ? 7.75 : 8.5) && !lifted) continue;
      found.push({ rows, row: rows[0], home, lifted, order: home ? -2 : lifted ? -1 : rank, rank, joined: [], x: view.px(x), y: view.py(y) });
    }
    found.sort((a, b) => a.order - b.order || a.row - b.row);
    /** @type {any[]} */
    const kept = [];
    for (const mark of found) {
      const host = kept.find((one) => Math.hypot(one.x - mark.x, one.y - mark.y) < (one.home ? 13 : 9));
      if (host) host.joined.push(...mark.rows); else kept.push(mark);
    }
    this._marksKey = key;
    return (this._marksNow = kept);
  },

  /** @param {string[]} ids */
  highlight(ids) { this._lifts = (this._lifts || 0) + 1; return MapLayer.prototype.highlight.call(this, ids); },
  /** @param {string[]} ids */
  hover(ids) { this._lifts = (this._lifts || 0) + 1; return MapLayer.prototype.hover.call(this, ids); },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const { block } = this, marks = this._marks(view);
    if (this._chosen) {
      for (const { rows } of marks) {
        const chosen = rows.find((/** @type {number} */ row) => this._chosen.has(this._id(row)));
        if (chosen !== undefined && this._chosen.size <= 3) this.ring(ctx, view, chosen);
      }
    }
    for (const { row, home, lifted, x, y } of marks.slice().reverse()) {
      mark(ctx, x, y, view.colours, { home, zone: block.at("kind", row) === "development-zone", area: block.at("kind", row) === "area", level: block.at("precision", row), lifted });
    }
  },

  /**
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    for (const { rows, joined, home, x, y } of this._marks(this.view())) {
      if (Math.hypot(x - point.x, y - point.y) <= Math.max(reach, home ? 9 : 6)) return [...rows, ...joined].map((row) => this._id(row));
    }
    return [];
  },

  /** @param {View} view */
  labels(view) {
    const c = view.colours, { block } = this;
    return this._marks(view).map((/** @type {{ rows: number[], row: number, rank: any, home: any, lifted: any, x: number, y: number }} */ { rows, row, rank, home, lifted, x, y }) => {
      const partner = block.has("partner") && rows.some((one) => block.at("partner", one) === 1);
      const area = block.at("kind", row) === "area";
      return {
        text: this._words(rows, view.zoom), x, y, gaps: home ? [12, 20, 34] : [8, 14, 22],
        size: home ? 16 : area ? 12 : partner ? 13.5 : 12, weight: home ? 700 : area ? 400 : partner ? 600 : 400, spacing: area ? 2 : 0, limit: area && !lifted ? 0.5 : undefined,
        colour: lifted || home || (partner && !area) ? c.ink : c.inkSoft, priority: home ? -1 : lifted ? 0 : rank,
      };
    });
  },

  /**
   * @param {number[]} rows
   * @param {number} zoom
   */
  _words(rows, zoom) {
    const first = this.nameOf(rows[0]);
    if (rows.length === 1 || zoom < 10) return first;
    const more = rows.slice(1, 3).map((/** @type {number} */ row) => this.nameOf(row));
    return [first, ...more].join(" · ") + (rows.length > 3 ? " …" : "");
  },

  /** @param {View} view */
  obstacles(view) {
    return this._marks(view).map((/** @type {{ home: any, x: number, y: number }} */ { home, x, y }) => { const r = home ? 8 : 6; return [x - r, y - r, x + r, y + r]; });
  },

  visibleIds() {
    if (!this._map || !this.loaded) return [];
    return this._marks(this.view(this.around(0))).flatMap((/** @type {{ rows: number[], joined: any }} */ { rows, joined }) => [...rows, ...joined].map((row) => this._id(row)));
  },

  /** @param {string} id */
  boundsOf(id) {
    const row = this.loaded ? this.row.get(id) : undefined;
    if (row === undefined || !this.at.located[row]) return null;
    const point = this.latLngOf(this.at.x[row], this.at.y[row]);
    return L.latLngBounds(point, point);
  },

  legend() {
    /**
     * @param {string} key
     * @param {any} [options]
     */
    const make = (key, options) => ({ key, kind: "place", draw: (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {number} */ w, /** @type {number} */ h) => mark(ctx, w / 2, h / 2, this.colours(), options) });
    return [make("home", { home: true }), make("city", { level: "city" }), make("district", { level: "district" }), make("development-zone", { zone: true })];
  },
});

/**
 * @param {HTMLElement} element
 * @param {any} [options]
 */
export const makePlaces = (element, options) => new Places(element, options);
