/* Partnerships on the canvas: lines, then their marks, ties and badges. */

import { arcColour, drawBadge, drawBothHeads, drawHead, drawJunction, drawTie, lookKey, strokeArc } from "./strokes.js";
import { strokeSegment, worldX, worldY } from "../../runtime/shapes.js";

export const CROWD = 350; // lines in view from which they go without a case: there is no ground left to set them off from
const THRONG = 1500; // lines in view from which only their course, width and direction are drawn
const BATCH = 24; // lines in one stroke, in a throng
const NEAR = 9; // zoom from which ties to sites are drawn unasked
const LONGEST_TIE = 260; // px, of a tie that nobody asked for

/** Drawing of the layer of partnerships. */
export const paint = /** @type {Mixin} */ ({
  /**
   * Adds a line to a path, without the stretches that nobody sees; gives the offset of its dashes.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} line
   * @param {any} view
   */
  _trace(ctx, line, view) {
    const { x, y } = line, { size, ox, oy, bounds } = view, edge = 60 / size;
    const west = view.west - edge, east = view.east + edge, north = view.north - edge, south = view.south + edge;
    let joined = false, skipped = -1;
    for (let k = 1; k < x.length; k++) {
      const ax = x[k - 1], ay = y[k - 1], bx = x[k], by = y[k];
      if ((ax < west && bx < west) || (ax > east && bx > east) || (ay < north && by < north) || (ay > south && by > south)) { joined = false; continue; }
      const put = strokeSegment(ctx, ax * size - ox, ay * size - oy, bx * size - ox, by * size - oy, bounds, joined);
      if (skipped < 0) skipped = put.skipped;
      joined = put.joined;
    }
    return Math.max(0, skipped);
  },

  /**
   * Those that share a path share the dashes' offset, too: none.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} lines
   * @param {any} view
   */
  _traceAll(ctx, lines, view) {
    const skipped = lines.map((/** @type {any} */ line) => this._trace(ctx, line, view));
    return lines.length === 1 ? skipped[0] : 0;
  },

  /** @param {any} view */
  _linesIn(view) { return this._scene(view.size).lines.filter((/** @type {{ box: Box }} */ { box }) => box[0] <= view.east && box[2] >= view.west && box[1] <= view.south && box[3] >= view.north); },
  /** @param {any} view */
  _marksIn(view) { return this._scene(view.size).marks.filter((/** @type {{ x: any, y: any }} */ { x, y }) => x >= view.west && x <= view.east && y >= view.north && y <= view.south); },

  /**
   * Draws everything, in pieces: the caller may pause between them.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} view
   */
  *_drawing(ctx, view) {
    const lines = this._linesIn(view), c = view.colours, throng = lines.length > THRONG;
    for (let k = 0; k < lines.length; ) {
      let next = k + 1;
      const { strand } = lines[k], key = lookKey(strand);
      if (throng) while (next < lines.length && next < k + BATCH && lookKey(lines[next].strand) === key) next++;
      const some = lines.slice(k, next), plain = throng ? { ...strand, family: "accord" } : strand;
      strokeArc(ctx, (/** @type {any} */ to) => this._traceAll(to, some, view), plain, c, { bare: lines.length > CROWD });
      k = next;
      if (throng || k % 4 === 0) yield;
    }
    let n = 0;
    for (const mark of this._marksIn(view)) {
      if (throng && mark.kind === "both") continue;
      this._mark(ctx, mark, view, false);
      if (++n % 16 === 0) yield;
    }
    if (view.zoom >= NEAR) for (const thing of this.things) if (thing.shown.length) this._ties(ctx, thing, view, false);
    for (const { rows, x, y } of this._shownSpots(view)) drawBadge(ctx, x, y, rows.length, false, c);
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {{ kind: any, x: any, y: any, angle: number, size: number, strand: Strand }} given
   * @param {any} view
   * @param {boolean} lift
   */
  _mark(ctx, { kind, x, y, angle, size, strand }, view, lift) {
    const c = view.colours, at = { x: view.px(x), y: view.py(y), angle }, colour = arcColour(strand, c, lift);
    if (kind === "head") drawHead(ctx, at, size + (lift ? 2 : 0), colour, c.warmCase);
    else if (kind === "both") drawBothHeads(ctx, at, size + (lift ? 1 : 0), colour, c.warmCase);
    else drawJunction(ctx, at, size + (lift ? 1 : 0), colour, c.paper);
  },

  /**
   * From the middle of a thing to its sites.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {Thing} thing
   * @param {any} view
   * @param {boolean} lift
   */
  _ties(ctx, thing, view, lift) {
    const sites = thing.shown.flatMap((/** @type {number} */ row) => this.block.raw("ties")[row]);
    if (!sites.length) return;
    const line = this._scene(view.size).lines.find((/** @type {any} */ one) => one.thing === thing);
    if (!line) return;
    const knot = this._scene(view.size).marks.find((/** @type {any} */ one) => one.thing === thing && one.kind === "knot"), half = line.x.length >> 1;
    const ax = view.px(knot ? knot.x : line.x[half]), ay = view.py(knot ? knot.y : line.y[half]);
    for (let k = 0; k < sites.length; k += 2) {
      const bx = view.px(worldX(sites[k])), by = view.py(worldY(sites[k + 1]));
      if (!lift && Math.hypot(bx - ax, by - ay) > LONGEST_TIE) continue;
      drawTie(ctx, ax, ay, bx, by, lift ? view.colours.warmLift : view.colours.warmPlain, lift);
    }
  },
});
