/* Draws points, lines and polygons on a canvas. Lines and areas of about a pixel are written as pixels, areas of a few pixels as rectangles;
 * larger ones are drawn as paths, without vertices closer than `STEP`. Very many points are written as pixels too. Shapes of one style are
 * filled and stroked together.
 */

import { LINE, POINT, SHELL } from "./part-kinds.js";
import { traceLine } from "../runtime/shapes.js";

const DOT = 1.3; // px, size below which lines and areas are drawn as pixels
const SMALL = 4; // px, size below which areas are drawn as rectangles
const OUTLINED = 7; // minimum size in px of an area with an outline
const TOGETHER = 500; // maximum number of shapes in a path: a very long path takes longer than several shorter ones
const CIRCLES = 15000; // maximum number of points that are drawn as circles; more are drawn as pixels
const STEP = 0.7; // minimum distance in px between drawn vertices

/** @typedef {import("./features.js").Features} Features */
/**
 * @typedef {{ dots: number[], rects: number[], plain: number[], outlined: number[], lines: number[], points: number[] }} Sorted
 * Numbers of parts, by how they are drawn: lines and areas as pixels (`dots`), areas as rectangles (`rects`), without (`plain`) or with an
 * outline (`outlined`); lines; points.
 */

/**
 * Groups the parts in a view by the way in which they are drawn.
 *
 * @param {Features} layer
 * @param {View} view
 * @param {number} reach px around the view within which a point is still visible in part
 * @returns {Sorted}
 */
function sortParts({ index, shapes, kinds, passing }, { west, north, east, south, size }, reach) {
  const { box, row } = shapes, mask = passing();
  /** @type {Sorted} */
  const sorted = { dots: [], rects: [], plain: [], outlined: [], lines: [], points: [] }, edge = reach / size;
  for (const part of index.within(west - edge, north - edge, east + edge, south + edge)) {
    const r = row[part], kind = kinds[part];
    if (mask && !mask[r]) continue;
    if (kind === POINT) { sorted.points.push(part); continue; }
    const k = 4 * part, extent = Math.max(box[k + 2] - box[k], box[k + 3] - box[k + 1]) * size;
    if (kind === LINE) { (extent < DOT ? sorted.dots : sorted.lines).push(part); continue; }
    if (kind !== SHELL) continue; // holes go with their shell
    if (extent < DOT) sorted.dots.push(part);
    else if (extent < SMALL) sorted.rects.push(part);
    else (extent < OUTLINED ? sorted.plain : sorted.outlined).push(part);
  }
  return sorted;
}

/**
 * Groups parts by their style, and calls `draw` with each style and its parts, at most `TOGETHER` at a time.
 *
 * @param {Features} layer
 * @param {number[]} parts
 * @param {(style: FeatureStyle, parts: number[]) => void} draw
 */
function byStyle({ codes, shapes: { row }, styleOf }, parts, draw) {
  /** @type {number[][]} */
  const groups = [];
  for (const part of parts) (groups[codes[row[part]]] = groups[codes[row[part]]] || []).push(part);
  for (const [code, group] of groups.entries()) for (let k = 0; group && k < group.length; k += TOGETHER) draw(styleOf(code), group.slice(k, k + TOGETHER));
}

/**
 * Adds a shell and its holes, the parts after it, to the path.
 *
 * @param {Ctx} ctx
 * @param {Features} layer
 * @param {number} part number of the shell
 * @param {View} view
 */
function traceArea(ctx, { shapes, kinds }, part, view) {
  traceLine(ctx, shapes, part, view, STEP, true);
  for (let hole = part + 1; hole < shapes.count && kinds[hole] > SHELL; hole++) traceLine(ctx, shapes, hole, view, STEP, true);
}

/**
 * Draws parts as squares: few, or on a context without pixels (SVG), as rectangles; else it writes them into an image, which replaces what the
 * canvas shows.
 *
 * @param {Features} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number[]} parts
 * @param {number} wide px, side of a square
 */
function setPixels(layer, ctx, view, parts, wide) {
  if (!parts.length) return;
  const { box, row } = layer.shapes;
  if (!ctx.putImageData || parts.length < 200) {
    byStyle(layer, parts, (style, group) => {
      ctx.fillStyle = style.dot;
      for (const part of group) ctx.fillRect(view.px(box[4 * part]) - (wide - 1) / 2, view.py(box[4 * part + 1]) - (wide - 1) / 2, wide, wide);
    });
    return;
  }
  const ratio = layer._ratio, { min } = view.bounds, { x: width, y: height } = view.bounds.getSize().multiplyBy(ratio).round();
  if (!layer.pixelsNow || layer.pixelsNow.width !== width || layer.pixelsNow.height !== height) layer.pixelsNow = new ImageData(width, height);
  const { codes } = layer, words = layer.pixelWords(), pixels = new Uint32Array(layer.pixelsNow.data.buffer), side = Math.max(1, Math.round(wide * ratio));
  pixels.fill(0);
  for (const part of parts) {
    const k = 4 * part, left = Math.round((view.px((box[k] + box[k + 2]) / 2) - min.x) * ratio - side / 2);
    const top = Math.round((view.py((box[k + 1] + box[k + 3]) / 2) - min.y) * ratio - side / 2);
    if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
    const word = words[codes[row[part]]];
    for (let line = top; line < top + side; line++) for (let i = line * width + left, end = i + side; i < end; i++) pixels[i] = word;
  }
  const from = min.subtract(layer._bounds.min).multiplyBy(ratio).round();
  ctx.putImageData(layer.pixelsNow, from.x, from.y);
}

/**
 * Draws the areas of a view that are larger than a pixel.
 *
 * @param {Features} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {Sorted} sorted
 */
function drawAreas(layer, ctx, view, { rects, plain, outlined }) {
  const { box } = layer.shapes;
  byStyle(layer, rects, (style, group) => {
    if (!style.fills) return;
    ctx.globalAlpha = style.fillOpacity;
    ctx.fillStyle = style.fill;
    ctx.beginPath();
    for (const part of group) {
      const k = 4 * part;
      ctx.rect(view.px(box[k]), view.py(box[k + 1]), Math.max(1, (box[k + 2] - box[k]) * view.size), Math.max(1, (box[k + 3] - box[k + 1]) * view.size));
    }
    ctx.fill();
  });
  for (const [parts, hasOutline] of /** @type {[number[], boolean][]} */ ([[plain, false], [outlined, true]])) {
    byStyle(layer, parts, (style, group) => {
      ctx.beginPath();
      for (const part of group) traceArea(ctx, layer, part, view);
      if (style.fills) {
        ctx.globalAlpha = style.fillOpacity;
        ctx.fillStyle = style.fill;
        ctx.fill();
      }
      if (style.strokes && (hasOutline || !style.fills)) {
        ctx.globalAlpha = style.opacity;
        ctx.lineWidth = style.weight;
        ctx.strokeStyle = style.stroke;
        ctx.stroke();
      }
    });
  }
}

/**
 * Draws the lines of a view.
 *
 * @param {Features} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number[]} parts
 */
function drawLines(layer, ctx, view, parts) {
  ctx.lineCap = ctx.lineJoin = "round";
  byStyle(layer, parts, (style, group) => {
    if (!style.strokes) return;
    ctx.beginPath();
    for (const part of group) traceLine(ctx, layer.shapes, part, view, STEP * 1.5, false);
    ctx.globalAlpha = style.opacity;
    ctx.lineWidth = style.lineWeight;
    ctx.strokeStyle = style.line;
    ctx.stroke();
  });
}

/**
 * Draws the points of a view.
 *
 * @param {Features} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number[]} parts
 */
function drawPoints(layer, ctx, view, parts) {
  const { x, y, start } = layer.shapes, few = parts.length < 300;
  byStyle(layer, parts, (style, group) => {
    ctx.globalAlpha = style.fillOpacity;
    ctx.fillStyle = style.fill;
    ctx.beginPath();
    for (const part of group) {
      const px = view.px(x[start[part]]), py = view.py(y[start[part]]), radius = layer.radiusAt(y[start[part]], view.size, parts.length);
      ctx.moveTo(px + radius, py);
      ctx.arc(px, py, radius, 0, 7);
    }
    if (style.fills) ctx.fill();
    if (!style.strokes || (!few && parts.length > CIRCLES / 5)) return;
    ctx.globalAlpha = style.opacity;
    ctx.lineWidth = style.rimWeight ?? (few ? 1.2 : 0.8);
    ctx.strokeStyle = style.rim;
    ctx.stroke();
  });
}

/**
 * Draws the features of a view.
 *
 * @param {Features} layer
 * @param {Ctx} ctx
 * @param {View} view
 */
export function drawFeatures(layer, ctx, view) {
  const sorted = sortParts(layer, view, layer.drawing.radius + 2), many = sorted.points.length > CIRCLES;
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  setPixels(layer, ctx, view, many ? sorted.dots.concat(sorted.points) : sorted.dots, many ? 2 : 1);
  drawAreas(layer, ctx, view, sorted);
  drawLines(layer, ctx, view, sorted.lines);
  if (!many) drawPoints(layer, ctx, view, sorted.points);
  ctx.globalAlpha = 1;
}

/**
 * Draws rows on top of all others: outlined in the paper colour, then in the colour of the style, and filled if the style fills.
 *
 * @param {Features} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {Iterable<number>} rows
 * @param {FeatureStyle} style
 */
export function drawLifted(layer, ctx, view, rows, style) {
  const { shapes, kinds } = layer, { colours } = view;
  ctx.setLineDash([]);
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.beginPath();
  for (const row of rows) {
    for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) {
      if (kinds[part] === POINT) {
        const at = shapes.start[part], px = view.px(shapes.x[at]), py = view.py(shapes.y[at]), radius = layer.radiusAt(shapes.y[at], view.size, 1) + 2;
        ctx.moveTo(px + radius, py);
        ctx.arc(px, py, radius, 0, 7);
      } else traceLine(ctx, shapes, part, view, STEP, kinds[part] !== LINE);
    }
  }
  if (style.fills) {
    ctx.globalAlpha = style.fillOpacity;
    ctx.fillStyle = style.fill;
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  for (const [width, colour] of /** @type {[number, string][]} */ ([[style.weight + 3, colours.paper], [style.weight + 0.6, style.stroke]])) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
}
