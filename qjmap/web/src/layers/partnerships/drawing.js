/* Draws partnerships: first the lines, then their marks, ties to sites, and badges. */

import { arcColour, drawArea, drawBadge, drawBothHeads, drawHead, drawJunction, drawTie, lookKey, strokeArc } from "./strokes.js";
import { strokeSegment, worldX, worldY } from "../../runtime/shapes.js";

/** Number of lines above which they have no pale casing, since little background is left; only so many lines get labels and are kept free. */
export const BARE = 350;
const PLAIN = 1500; // number of lines in view above which all families are drawn alike
const BATCH = 24; // maximum number of lines in one stroke if there are more than PLAIN lines
const NEAR = 9; // zoom from which ties to sites are drawn without a selection
const LONGEST_TIE = 260; // px, maximum length of a tie that is drawn without a selection

/**
 * Adds a line to a path, without the segments outside of the view; returns the offset of its dashes (see `traceLine` in shapes.js).
 *
 * @param {Ctx} ctx
 * @param {ArcLine} line
 * @param {View} view
 */
export function traceArc(ctx, line, view) {
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
}

/**
 * Adds several lines to a path; returns the offset of the dashes if there is only one line, else 0.
 *
 * @param {Ctx} ctx
 * @param {ArcLine[]} lines
 * @param {View} view
 */
function traceArcs(ctx, lines, view) {
  const skipped = lines.map((line) => traceArc(ctx, line, view));
  return lines.length === 1 ? skipped[0] : 0;
}

/**
 * Returns the lines whose boxes intersect a view, the thinnest first.
 *
 * @param {ArcLayer} layer
 * @param {View} view
 */
export function linesIn(layer, view) {
  return layer.scene(view.size).lines.filter(({ box }) => box[0] <= view.east && box[2] >= view.west && box[1] <= view.south && box[3] >= view.north);
}

/**
 * Returns the arrowheads, pairs of arrowheads, junctions and rings of areas in a view.
 *
 * @param {ArcLayer} layer
 * @param {View} view
 */
export function marksIn(layer, view) {
  return layer.scene(view.size).marks.filter(({ x, y }) => x >= view.west && x <= view.east && y >= view.north && y <= view.south);
}

/**
 * Draws lines. It yields between them, so that the caller may pause.
 *
 * @param {Ctx} ctx
 * @param {ArcLine[]} lines
 * @param {View} view
 * @param {boolean} plain whether to draw all families alike, and neighbouring lines of the same look in batches
 */
function* drawLines(ctx, lines, view, plain) {
  for (let k = 0; k < lines.length; ) {
    let next = k + 1;
    const { strand } = lines[k], key = lookKey(strand);
    if (plain) while (next < lines.length && next < k + BATCH && lookKey(lines[next].strand) === key) next++;
    const batch = lines.slice(k, next), look = plain ? { ...strand, family: "accord" } : strand;
    strokeArc(ctx, (path) => traceArcs(path, batch, view), look, view.colours, { bare: lines.length > BARE });
    k = next;
    if (plain || k % 4 === 0) yield;
  }
}

/**
 * Draws all partnerships of a view. It yields between pieces, so that the caller may pause.
 *
 * @param {ArcLayer} layer
 * @param {Ctx} ctx
 * @param {View} view
 */
export function* drawArcs(layer, ctx, view) {
  const lines = linesIn(layer, view), plain = lines.length > PLAIN;
  yield* drawLines(ctx, lines, view, plain);
  let count = 0;
  for (const mark of marksIn(layer, view)) {
    if (plain && mark.kind === "both") continue;
    drawMark(ctx, mark, view, false);
    if (++count % 16 === 0) yield;
  }
  if (view.zoom >= NEAR) for (const bundle of layer.bundles) if (bundle.shown.length) drawTies(layer, ctx, bundle, view, false);
  for (const { rows, x, y } of layer.badgesIn(view)) drawBadge(ctx, x, y, rows.length, false, view.colours);
}

/**
 * Draws an arrowhead, a pair of arrowheads, a junction or the ring of an area.
 *
 * @param {Ctx} ctx
 * @param {ArcMark} mark
 * @param {View} view
 * @param {boolean} lift whether its partnership is selected or hovered
 */
export function drawMark(ctx, { kind, x, y, angle, size, strand }, view, lift) {
  const c = view.colours, pose = { x: view.px(x), y: view.py(y), angle }, colour = arcColour(strand, c, lift);
  if (kind === "area") drawArea(ctx, pose, size, colour);
  else if (kind === "head") drawHead(ctx, pose, size + (lift ? 2 : 0), colour, c.warmCase);
  else if (kind === "both") drawBothHeads(ctx, pose, size + (lift ? 1 : 0), colour, c.warmCase);
  else drawJunction(ctx, pose, size + (lift ? 1 : 0), colour, c.paper);
}

/**
 * Draws ties from the middle of an arc, or the junction of a star, to the sites that belong to the partnerships of the bundle.
 *
 * @param {ArcLayer} layer
 * @param {Ctx} ctx
 * @param {Bundle} bundle
 * @param {View} view
 * @param {boolean} lift whether the bundle is selected or hovered; otherwise only short ties are drawn
 */
export function drawTies(layer, ctx, bundle, view, lift) {
  const ties = /** @type {number[][]} */ (layer.block.raw("ties")), sites = bundle.shown.flatMap((row) => ties[row]);
  if (!sites.length) return;
  const line = layer.scene(view.size).lines.find((other) => other.bundle === bundle);
  if (!line) return;
  const knot = layer.scene(view.size).marks.find((mark) => mark.bundle === bundle && mark.kind === "knot"), half = line.x.length >> 1;
  const ax = view.px(knot ? knot.x : line.x[half]), ay = view.py(knot ? knot.y : line.y[half]);
  for (let k = 0; k < sites.length; k += 2) {
    const bx = view.px(worldX(sites[k])), by = view.py(worldY(sites[k + 1]));
    if (!lift && Math.hypot(bx - ax, by - ay) > LONGEST_TIE) continue;
    drawTie(ctx, ax, ay, bx, by, lift ? view.colours.warmLift : view.colours.warmPlain, lift);
  }
}
