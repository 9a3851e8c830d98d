/* Corridors: cool lines by mode beneath the arcs; what is only planned is dashed, a schematic part is a thin light line. */

import { MapLayer } from "../runtime/map-layer.js";
import { distanceToSegment, inView, shapesOf, traceLine, worldX, worldY } from "../runtime/shapes.js";
import { unpack } from "../runtime/unpack.js";

const MODES = ["rail", "road", "river", "sea", "air", "multimodal", "economic"];

/**
 * Strokes the current path in the manner of a mode.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} mode
 * @param {string} status
 * @param {boolean} straight
 * @param {Palette} c
 * @param {number} scale
 */
function stroke(ctx, mode, status, straight, c, scale) {
  const planned = status === "planned" || status === "proposed" || status === "signed";
  const colour = planned || straight ? c.coolLight : c.cool;
  /**
   * @param {any} style
   * @param {number} width
   * @param {number[]} [dash]
   */
  const put = (style, width, dash) => { ctx.strokeStyle = style; ctx.lineWidth = width * scale; ctx.setLineDash(dash || []); ctx.stroke(); };
  ctx.lineJoin = "round";
  ctx.lineCap = "butt";
  if (mode === "economic") {
    ctx.lineCap = "round";
    put(c.band, 13);
    put(c.band, 7);
    ctx.lineCap = "butt";
    put(c.bandLine, 1, planned ? [4, 4] : [12, 4]);
  } else if (straight) {
    const dots = mode !== "rail" && mode !== "road";
    put(c.coolCase, 2.6);
    if (dots) ctx.lineCap = "round";
    put(colour, dots ? 1.8 : 1.6, dots ? [0.1, 7] : planned ? [7, 5] : []);
  } else if (mode === "rail") {
    put(c.coolCase, 5.4);
    put(colour, 3.6, planned ? [12, 5] : []);
    put(c.coolCase, 1.9, planned ? [12, 5] : []);
    put(colour, 1.9, planned ? [6, 11] : [7, 7]);
  } else if (mode === "road") {
    put(c.coolCase, 5.6);
    put(colour, 4, planned ? [8, 4] : []);
    put(c.coolCase, 1.7);
  } else {
    put(c.coolCase, 4.4);
    ctx.lineCap = "round";
    put(colour, 2.6, mode === "air" ? [8, 6] : [0.1, 5.5]);
  }
  ctx.setLineDash([]);
}

const Corridors = MapLayer.extend({
  layerName: "corridors",
  options: { level: 430 },

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
    this.shapes = shapesOf(block);
    this.straight = block.raw("straight");
    this.legsOf = new Map();
    for (let row = 0; row < block.rows; row++) {
      const id = block.at("corridor", row);
      if (!this.legsOf.has(id)) this.legsOf.set(id, []);
      this.legsOf.get(id).push(row);
    }
    this.legRow = new Map(block.raw("id").map((/** @type {string} */ id, /** @type {number} */ row) => [id, row]));
    this.loaded = true;
  },

  /** @param {string} id */
  title(id) { return this.nameOf(this.legsOf.get(id)[0]); },
  ids() { return this.loaded ? [...this.legsOf.keys(), ...(this.options.listed || [])] : []; },
  count() { return this.ids().length; },
  /** @param {number} row */
  _state(row) { return Math.max(this.state(this.block.at("corridor", row)), this.state(this.block.at("id", row))); },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const { shapes, block } = this, order = Array.from({ length: shapes.count }, (_, part) => part);
    // Bands first, then planned lines, then what is there.
    /** @param {number} part */
    const rank = (part) => {
      const row = shapes.row[part];
      return (block.at("mode", row) === "economic" ? 0 : block.at("status", row) === "operating" ? 2 : 1) + (this._state(row) > 0 ? 5 : 0);
    };
    order.sort((a, b) => rank(a) - rank(b) || a - b);
    for (const part of order) {
      const row = shapes.row[part];
      if (!this.passes(block.at("corridor", row)) || !inView(shapes, part, view)) continue;
      const state = this._state(row);
      ctx.globalAlpha = state < 0 ? 0.3 : 1;
      ctx.beginPath();
      ctx.lineDashOffset = traceLine(ctx, shapes, part, view, 1.2, false);
      stroke(ctx, block.at("mode", row), block.at("status", row), this.straight[part] === 1, view.colours, Math.min(1, Math.max(0.7, 0.2 + view.zoom * 0.09)) * (state > 0 ? 1.25 : 1));
      ctx.globalAlpha = 1;
    }
    ctx.lineDashOffset = 0;
  },

  /**
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    const view = this.view(), { shapes } = this;
    const wx = (point.x + view.ox) / view.size, wy = (point.y + view.oy) / view.size, slack = reach / view.size;
    const found = new Set();
    for (let part = 0; part < shapes.count; part++) {
      const at = part * 4, box = shapes.box;
      if (wx < box[at] - slack || wx > box[at + 2] + slack || wy < box[at + 1] - slack || wy > box[at + 3] + slack) continue;
      const id = this.block.at("corridor", shapes.row[part]);
      if (!this.passes(id)) continue;
      for (let i = shapes.start[part] + 1; i < shapes.start[part + 1]; i++) {
        if (distanceToSegment(wx, wy, shapes.x[i - 1], shapes.y[i - 1], shapes.x[i], shapes.y[i]) <= slack) { found.add(id); break; }
      }
    }
    return Array.from(found);
  },

  /**
   * The leg of a corridor that lies nearest to a point.
   *
   * @param {string} id
   * @param {{ lat: number, lng: any }} given
   */
  partAt(id, { lat, lng }) {
    const { shapes } = this, x = worldX(lng), y = worldY(lat);
    let least = Infinity, nearest = "";
    for (const row of this.legsOf.get(id) || []) {
      for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) {
        for (let i = shapes.start[part] + 1; i < shapes.start[part + 1]; i++) {
          const far = distanceToSegment(x, y, shapes.x[i - 1], shapes.y[i - 1], shapes.x[i], shapes.y[i]);
          if (far < least) { least = far; nearest = this.block.at("id", row); }
        }
      }
    }
    return nearest;
  },

  /**
   * Names had better not cover a corridor.
   *
   * @param {View} view
   * @param {any} mark
   */
  ways(view, mark) {
    const { shapes } = this, { x, y, start } = shapes;
    for (let part = 0; part < shapes.count; part++) {
      if (!inView(shapes, part, view) || !this.passes(this.block.at("corridor", shapes.row[part]))) continue;
      for (let i = start[part] + 1; i < start[part + 1]; i++) mark(view.px(x[i - 1]), view.py(y[i - 1]), view.px(x[i]), view.py(y[i]));
    }
  },

  /**
   * One name a corridor, lettered along whichever stretch in view leaves it the most room.
   *
   * @param {View} view
   */
  labels(view) {
    const out = /** @type {any[]} */ ([]), { shapes, block } = this;
    if (view.zoom < 4.5) return out;
    for (const [id, rows] of this.legsOf) {
      if (!this.passes(id)) continue;
      /** @type {any[]} */
      const spots = [];
      for (const row of rows) {
        for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) if (inView(shapes, part, view)) this._besides(part, view, spots);
      }
      if (!spots.length) continue;
      const lifted = rows.some((/** @type {number} */ row) => this._state(row) > 0);
      const text = this._jointName(rows), own = this.nameOf(rows[0]);
      out.push({
        text, spots, size: 12, weight: lifted ? 600 : 400, spacing: 1.5, priority: lifted ? 1 : text === own ? 12 : 11.5, limit: lifted ? 4 : 0.9,
        colour: block.at("mode", rows[0]) === "economic" ? view.colours.bandLine : view.colours.cool,
      });
    }
    return out;
  },

  /**
   * A band along other corridors is named together with them.
   *
   * @param {any} rows
   */
  _jointName(rows) {
    const others = new Set(rows.flatMap((/** @type {number} */ row) => this.block.at(this.language === "en" ? "with_en" : "with", row) || []));
    return [...others, this.nameOf(rows[0])].filter(Boolean).join(this.language === "en" ? " · " : "·");
  },

  /**
   * Places beside a part, aslant as the part runs there: [x, y, angle], never upside down.
   *
   * @param {number} part
   * @param {View} view
   * @param {any} spots
   */
  _besides(part, view, spots) {
    const { x, y, start } = this.shapes, { min, max } = view.bounds, room = 90;
    let ax = view.px(x[start[part]]), ay = view.py(y[start[part]]), walked = 0;
    for (let i = start[part] + 1; i < start[part + 1] && spots.length < 48; i++) {
      const bx = view.px(x[i]), by = view.py(y[i]), length = Math.hypot(bx - ax, by - ay);
      if (walked + length > room && length > 24) {
        const count = Math.min(8, Math.max(1, Math.floor(length / 140)));
        let angle = Math.atan2(by - ay, bx - ax);
        if (Math.abs(angle) > Math.PI / 2) angle -= Math.sign(angle) * Math.PI;
        for (let k = 0; k < count; k++) {
          const t = (k + 0.5) / count, px = ax + (bx - ax) * t, py = ay + (by - ay) * t;
          if (px < min.x + room || px > max.x - room || py < min.y + room || py > max.y - room) continue;
          for (const side of [-1, 1]) spots.push([px - Math.sin(angle) * 13 * side, py + Math.cos(angle) * 13 * side, angle]);
        }
        walked = 0;
      } else walked += length;
      ax = bx;
      ay = by;
    }
  },

  visibleIds() {
    if (!this._map || !this.loaded) return [];
    const view = this.view(this.around(0)), ids = new Set();
    for (let part = 0; part < this.shapes.count; part++) {
      const id = this.block.at("corridor", this.shapes.row[part]);
      if (this.passes(id) && inView(this.shapes, part, view)) ids.add(id);
    }
    return Array.from(ids);
  },

  /** @param {string} id */
  boundsOf(id) {
    if (!this.loaded) return null;
    const rows = this.legsOf.get(id) || (this.legRow.has(id) ? [this.legRow.get(id)] : []);
    const bounds = L.latLngBounds([]), box = this.shapes.box;
    for (const row of rows) {
      for (let part = this.shapes.first[row]; part < this.shapes.first[row + 1]; part++) {
        bounds.extend(this.latLngOf(box[part * 4], box[part * 4 + 1]));
        bounds.extend(this.latLngOf(box[part * 4 + 2], box[part * 4 + 3]));
      }
    }
    return bounds.isValid() ? bounds : null;
  },

  legend() {
    if (!this.loaded) return [];
    const used = new Map(); // mode and whether planned -> whether all of it is schematic, so that the sample looks like the map
    for (let part = 0; part < this.shapes.count; part++) {
      const row = this.shapes.row[part], key = `${this.block.at("mode", row)}|${this.block.at("status", row) === "planned"}`;
      used.set(key, used.get(key) !== false && this.straight[part] === 1);
    }
    /**
     * @param {string} mode
     * @param {any} planned
     */
    const entry = (mode, planned) => ({
      key: mode, kind: "mode", planned,
      /**
       * @param {CanvasRenderingContext2D} ctx
       * @param {number} w
       * @param {number} h
       */
      draw: (ctx, w, h) => {
        ctx.beginPath(); ctx.moveTo(2, h / 2); ctx.lineTo(w - 2, h / 2);
        stroke(ctx, mode, planned ? "planned" : "operating", used.get(`${mode}|${planned}`), this.colours(), 0.9);
      },
    });
    const schematic = {
      key: "schematic", kind: "mode",
      /**
       * @param {CanvasRenderingContext2D} ctx
       * @param {number} w
       * @param {number} h
       */
      draw: (ctx, w, h) => {
        ctx.beginPath(); ctx.moveTo(2, h / 2); ctx.lineTo(w - 2, h / 2);
        stroke(ctx, "rail", "operating", true, this.colours(), 0.9);
      },
    };
    const modes = MODES.flatMap((mode) => [false, true].filter((planned) => used.has(`${mode}|${planned}`)).map((planned) => entry(mode, planned)));
    return this.straight.includes(1) ? [...modes, schematic] : modes;
  },
});

/**
 * @param {HTMLElement} element
 * @param {any} [options]
 */
export const makeCorridors = (element, options) => new Corridors(element, options);
