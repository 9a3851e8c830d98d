/* Layer of corridors: lines in cool colours beneath the arcs, styled by mode. Planned legs are dashed; schematic parts are thin and light. */

import { BlockLayer } from "../runtime/block-layer.js";
import { distanceToSegment, inView, shapesOf, traceLine, worldX, worldY } from "../runtime/shapes.js";

const MODES = ["rail", "road", "river", "sea", "air", "multimodal", "economic", "other"];

const PLANNED = new Set(["planned", "proposed", "signed"]); // statuses of legs that are drawn as planned
const LETTERED = 4.5; // zoom from which the names of corridors are drawn
const ROOM = 90; // px of a line between two candidate positions of a name, and between a position and the edge of the view
const SPOTS = 48; // number of candidate positions of a name at most

/**
 * Returns the strokes that draw a leg, the lowest first, as [colour, width, dash, cap].
 *
 * @param {string} mode
 * @param {boolean} planned
 * @param {boolean} straight whether the line is schematic
 * @param {Palette} c
 * @param {boolean} withdrawn
 * @returns {[string, number, number[]?, CanvasLineCap?][]}
 */
function strokesOf(mode, planned, straight, c, withdrawn) {
  if (withdrawn) return [[c.coolCase, 3.4], [c.ring, 1.8, [5, 4]]];
  const colour = planned || straight ? c.coolLight : c.cool;
  if (mode === "economic") return [[c.band, 13, [], "round"], [c.band, 7, [], "round"], [c.bandLine, 1, planned ? [4, 4] : [12, 4]]];
  if (straight) {
    if (mode !== "rail" && mode !== "road") return [[c.coolCase, 2.6], [colour, 1.8, [0.1, 7], "round"]];
    return [[c.coolCase, 2.6], [colour, 1.6, planned ? [7, 5] : []]];
  }
  if (mode === "rail") {
    const dash = planned ? [12, 5] : [];
    return [[c.coolCase, 5.4], [colour, 3.6, dash], [c.coolCase, 1.9, dash], [colour, 1.9, planned ? [6, 11] : [7, 7]]];
  }
  if (mode === "road") return [[c.coolCase, 5.6], [colour, 4, planned ? [8, 4] : []], [c.coolCase, 1.7]];
  return [[c.coolCase, 4.4], [colour, 2.6, mode === "other" ? [] : mode === "air" ? [8, 6] : [0.1, 5.5], "round"]];
}

/**
 * Strokes the current path in the style of a leg.
 *
 * @param {Ctx} ctx
 * @param {string} mode
 * @param {string} status
 * @param {boolean} straight whether the line is schematic
 * @param {Palette} c
 * @param {number} scale factor of the widths
 * @param {boolean} [withdrawn]
 */
function stroke(ctx, mode, status, straight, c, scale, withdrawn = false) {
  ctx.lineJoin = "round";
  for (const [style, width, dash = [], cap = "butt"] of strokesOf(mode, PLANNED.has(status), straight, c, withdrawn)) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width * scale;
    ctx.lineCap = cap;
    ctx.setLineDash(dash);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** The layer of corridors. Rows of its block are legs; ids are those of corridors, unless stated otherwise. */
class Corridors extends BlockLayer {
  /** @type {Shapes} */
  shapes = /** @type {never} */ (undefined); // until it is loaded
  /** @type {Numbers} 1 for each part that is schematic, else 0 */
  straight = new Uint8Array(0);
  /** @type {Map<string, number[]>} id of a corridor -> rows of its legs */
  legsOf = new Map();
  /** @type {Map<string, number>} id of a leg -> its row */
  legRow = new Map();

  /** Reads the legs and their lines. @param {Block} block */
  _read(block) {
    this.shapes = shapesOf(block);
    this.straight = block.raw("straight");
    for (let row = 0; row < block.rows; row++) {
      const id = this._corridor(row);
      this.legsOf.set(id, [...(this._legs(id)), row]);
    }
    const ids = /** @type {string[]} */ (block.raw("id"));
    this.legRow = new Map(ids.map((id, row) => [id, row]));
  }

  /**
   * Returns the id of the corridor that a leg belongs to.
   *
   * @param {number} row
   * @returns {string}
   */
  _corridor(row) { return this.block.at("corridor", row); }

  /** Returns the name of a corridor. @param {string} id */
  title(id) { return this.nameOf(this._legs(id)[0]); }
  /** Returns the rows of the legs of a corridor. @param {string} id */
  _legs(id) { return this.legsOf.get(id) || []; }
  /** Returns the number of corridors, including those without a line. */
  count() { return this.loaded ? this.legsOf.size + (this.options.listed || []).length : 0; }
  /** Returns how a leg is drawn, see `state`: it is lifted if its corridor is, or the leg itself. @param {number} row */
  _state(row) { return Math.max(this.state(this._corridor(row)), this.state(this._id(row))); }

  /**
   * Draws the lines of the legs whose corridor passes the filter.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const { shapes, block } = this, order = Array.from({ length: shapes.count }, (_, part) => part);
    // Economic corridors (bands) are drawn first, then legs not in operation, then operating legs; lifted legs are drawn last.
    /** Returns the rank of a part in the drawing order: the highest is drawn last. @param {number} part */
    const rank = (part) => {
      const row = shapes.row[part];
      return (block.at("mode", row) === "economic" ? 0 : block.at("status", row) === "operating" ? 2 : 1) + (this._state(row) > 0 ? 5 : 0);
    };
    order.sort((a, b) => rank(a) - rank(b) || a - b);
    for (const part of order) {
      const row = shapes.row[part];
      if (!this.passes(this._corridor(row)) || !inView(shapes, part, view)) continue;
      const state = this._state(row);
      ctx.globalAlpha = state < 0 ? 0.3 : 1;
      ctx.beginPath();
      ctx.lineDashOffset = traceLine(ctx, shapes, part, view, 1.2, false);
      stroke(ctx, block.at("mode", row), block.at("status", row), this.straight[part] === 1, view.colours, Math.min(1, Math.max(0.7, 0.2 + view.zoom * 0.09)) * (state > 0 ? 1.25 : 1), this.withdrawn.has(this._id(row)));
      ctx.globalAlpha = 1;
    }
    ctx.lineDashOffset = 0;
  }

  /**
   * Returns the ids of the corridors within `reach` pixels of a layer point.
   *
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    const view = this.view(), { shapes } = this;
    const wx = (point.x + view.ox) / view.size, wy = (point.y + view.oy) / view.size, slack = reach / view.size;
    /** @type {Set<string>} */
    const ids = new Set();
    for (let part = 0; part < shapes.count; part++) {
      const at = part * 4, box = shapes.box;
      if (wx < box[at] - slack || wx > box[at + 2] + slack || wy < box[at + 1] - slack || wy > box[at + 3] + slack) continue;
      const id = this._corridor(shapes.row[part]);
      if (!this.passes(id)) continue;
      for (let i = shapes.start[part] + 1; i < shapes.start[part + 1]; i++) {
        if (distanceToSegment(wx, wy, shapes.x[i - 1], shapes.y[i - 1], shapes.x[i], shapes.y[i]) <= slack) { ids.add(id); break; }
      }
    }
    return Array.from(ids);
  }

  /**
   * Returns the id of the leg of a corridor that lies nearest to a position; "" if no leg has a line.
   *
   * @param {string} id
   * @param {LatLng} given
   */
  partAt(id, { lat, lng }) {
    const { shapes } = this, x = worldX(lng), y = worldY(lat);
    let least = Infinity, nearest = "";
    for (const row of this._legs(id)) {
      for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) {
        for (let i = shapes.start[part] + 1; i < shapes.start[part + 1]; i++) {
          const distance = distanceToSegment(x, y, shapes.x[i - 1], shapes.y[i - 1], shapes.x[i], shapes.y[i]);
          if (distance < least) { least = distance; nearest = this._id(row); }
        }
      }
    }
    return nearest;
  }

  /**
   * Calls `mark` for each segment of the corridors in a view, which labels should not cover.
   *
   * @param {View} view
   * @param {MarkLine} mark
   */
  ways(view, mark) {
    const { shapes } = this, { x, y, start } = shapes;
    for (let part = 0; part < shapes.count; part++) {
      if (!inView(shapes, part, view) || !this.passes(this._corridor(shapes.row[part]))) continue;
      for (let i = start[part] + 1; i < start[part + 1]; i++) mark(view.px(x[i - 1]), view.py(y[i - 1]), view.px(x[i]), view.py(y[i]));
    }
  }

  /**
   * Returns a label for each corridor in a view, with candidate positions along all of its lines there.
   *
   * @param {View} view
   */
  labels(view) {
    const labels = /** @type {Label[]} */ ([]), { shapes, block } = this;
    if (view.zoom < LETTERED) return labels;
    for (const [id, rows] of this.legsOf) {
      if (!this.passes(id)) continue;
      /** @type {number[][]} */
      const spots = [];
      for (const row of rows) {
        for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) if (inView(shapes, part, view)) this._besides(part, view, spots);
      }
      if (!spots.length) continue;
      const lifted = rows.some((row) => this._state(row) > 0);
      const text = this._jointName(rows), own = this.nameOf(rows[0]);
      labels.push({
        text, x: 0, y: 0, spots, size: 12, weight: lifted ? 600 : 400, spacing: 1.5, priority: lifted ? 1 : text === own ? 12 : 11.5, limit: lifted ? 4 : 0.9,
        colour: block.at("mode", rows[0]) === "economic" ? view.colours.bandLine : view.colours.cool,
      });
    }
    return labels;
  }

  /**
   * Returns the name of a corridor, preceded by the names of the corridors along which it runs.
   *
   * @param {number[]} rows rows of its legs
   */
  _jointName(rows) {
    const others = new Set(rows.flatMap((row) => /** @type {string[]} */ (this.block.at(this.language === "en" ? "with_en" : "with", row)) || []));
    return [...others, this.nameOf(rows[0])].filter(Boolean).join(this.language === "en" ? " · " : "·");
  }

  /**
   * Adds candidate positions of a label on both sides of a part, as [x, y, angle]. A label is parallel to the line there, and never upside
   * down.
   *
   * @param {number} part
   * @param {View} view
   * @param {number[][]} spots list to which they are added
   */
  _besides(part, view, spots) {
    const { x, y, start } = this.shapes, { min, max } = view.bounds;
    let ax = view.px(x[start[part]]), ay = view.py(y[start[part]]), walked = 0;
    for (let i = start[part] + 1; i < start[part + 1] && spots.length < SPOTS; i++) {
      const bx = view.px(x[i]), by = view.py(y[i]), length = Math.hypot(bx - ax, by - ay);
      if (walked + length > ROOM && length > 24) {
        const count = Math.min(8, Math.max(1, Math.floor(length / 140)));
        let angle = Math.atan2(by - ay, bx - ax);
        if (Math.abs(angle) > Math.PI / 2) angle -= Math.sign(angle) * Math.PI;
        for (let k = 0; k < count; k++) {
          const t = (k + 0.5) / count, px = ax + (bx - ax) * t, py = ay + (by - ay) * t;
          if (px < min.x + ROOM || px > max.x - ROOM || py < min.y + ROOM || py > max.y - ROOM) continue;
          for (const side of [-1, 1]) spots.push([px - Math.sin(angle) * 13 * side, py + Math.cos(angle) * 13 * side, angle]);
        }
        walked = 0;
      } else walked += length;
      ax = bx;
      ay = by;
    }
  }

  /** Returns the ids of the corridors that the map shows now. */
  visibleIds() {
    if (!this._map || !this.loaded) return [];
    const view = this.view(this.around(0)), ids = /** @type {Set<string>} */ (new Set());
    for (let part = 0; part < this.shapes.count; part++) {
      const id = this._corridor(this.shapes.row[part]);
      if (this.passes(id) && inView(this.shapes, part, view)) ids.add(id);
    }
    return Array.from(ids);
  }

  /** Returns the bounds of a corridor or leg; null if it has no line. @param {string} id */
  boundsOf(id) {
    if (!this.loaded) return null;
    const leg = this.legRow.get(id), rows = this.legsOf.get(id) || (leg === undefined ? [] : [leg]);
    const bounds = L.latLngBounds([]), box = this.shapes.box;
    for (const row of rows) {
      for (let part = this.shapes.first[row]; part < this.shapes.first[row + 1]; part++) {
        bounds.extend(this.latLngOf(box[part * 4], box[part * 4 + 1]));
        bounds.extend(this.latLngOf(box[part * 4 + 2], box[part * 4 + 3]));
      }
    }
    return bounds.isValid() ? bounds : null;
  }

  /** Returns an entry for each mode that occurs, a further one for its planned legs, and one for schematic lines. @returns {LegendEntry[]} */
  legend() {
    if (!this.loaded) return [];
    /** @type {Map<string, boolean>} "mode|planned" -> whether all such parts are schematic; if so, the sample is drawn as schematic too */
    const used = new Map();
    for (let part = 0; part < this.shapes.count; part++) {
      const row = this.shapes.row[part], key = `${this.block.at("mode", row)}|${this.block.at("status", row) === "planned"}`;
      used.set(key, used.get(key) !== false && this.straight[part] === 1);
    }
    /**
     * Returns a function that draws the sample of a mode.
     *
     * @param {string} mode
     * @param {boolean} planned
     * @param {boolean} straight
     * @returns {LegendEntry["draw"]}
     */
    const sample = (mode, planned, straight) => (ctx, w, h) => {
      ctx.beginPath(); ctx.moveTo(2, h / 2); ctx.lineTo(w - 2, h / 2);
      stroke(ctx, mode, planned ? "planned" : "operating", straight, this.colours(), 0.9);
    };
    const modes = MODES.flatMap((mode) => [false, true].flatMap((planned) => {
      const straight = used.get(`${mode}|${planned}`);
      return straight === undefined ? [] : [{ key: mode, kind: "mode", planned, draw: sample(mode, planned, straight) }];
    }));
    return this.straight.includes(1) ? [...modes, { key: "schematic", kind: "mode", draw: sample("rail", false, true) }] : modes;
  }
}

/**
 * Makes the layer of corridors.
 *
 * @param {DataElement} element
 * @param {LayerOptions} [options]
 */
export const makeCorridors = (element, options) => new Corridors("corridors", 430, element, options);
