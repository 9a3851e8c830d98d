/* Reads points and lines of a block into typed arrays of world coordinates, and traces lines on a canvas. World coordinates are those
 * of Web Mercator from 0 to 1: x from west to east, y from north to south. */

/** Returns the world x of a longitude in degrees. @param {number} lon */
export const worldX = (lon) => (lon + 180) / 360;
/** Returns the world y of a latitude in degrees, clipped to ±85.05. @param {number} lat */
export const worldY = (lat) => {
  const sin = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return 0.5 - Math.atanh(sin) / (2 * Math.PI);
};

/**
 * Returns the world coordinates `x` and `y` of the points of a block (NaN for a row without a position), and its column `located` (1 or 0).
 *
 * @param {Block} block
 */
export function pointsOf(block) {
  const lon = block.raw("lon"), lat = block.raw("lat"), located = block.raw("located");
  const scale = block.scale("lon");
  const x = new Float64Array(block.rows), y = new Float64Array(block.rows);
  for (let row = 0; row < block.rows; row++) {
    x[row] = located[row] ? worldX(lon[row] * scale) : NaN;
    y[row] = located[row] ? worldY(lat[row] * scale) : NaN;
  }
  return { x, y, located };
}

/**
 * Returns the lines or rings of a block: world coordinates `x` and `y` of all vertices; for each part the index of its first vertex
 * (`start`), its row and its bounding box (west, north, east, south); for each row its `first` part; and the `count` of parts. `start`
 * and `first` have one more entry at the end.
 *
 * @param {Block} block
 */
export function shapesOf(block) {
  const parts = block.raw("parts"), sizes = block.raw("sizes");
  const wholeX = block.raw("x"), wholeY = block.raw("y"), unit = block.scale("x"), count = sizes.length;
  const x = new Float64Array(wholeX.length), y = new Float64Array(wholeY.length);
  const start = new Uint32Array(count + 1), row = new Uint32Array(count), box = new Float64Array(count * 4);
  const first = new Uint32Array(block.rows + 1);
  let part = 0, vertex = 0;
  for (let r = 0; r < block.rows; r++) {
    first[r] = part;
    for (let k = 0; k < parts[r]; k++, part++) {
      start[part] = vertex;
      row[part] = r;
      let west = 2, north = 2, east = -1, south = -1;
      for (const end = vertex + sizes[part]; vertex < end; vertex++) {
        const vx = (x[vertex] = worldX(wholeX[vertex] * unit)), vy = (y[vertex] = worldY(wholeY[vertex] * unit));
        if (vx < west) west = vx;
        if (vx > east) east = vx;
        if (vy < north) north = vy;
        if (vy > south) south = vy;
      }
      box[part * 4] = west; box[part * 4 + 1] = north; box[part * 4 + 2] = east; box[part * 4 + 3] = south;
    }
  }
  first[block.rows] = part;
  start[count] = vertex;
  return { x, y, start, row, box, first, count };
}

const LONG = 1024; // px: a longer segment is clipped to the canvas
const EDGE = 64; // px around the canvas within which it is kept

/**
 * Returns which part of a segment from a to b (pixels) lies in `bounds` or within `EDGE` px of them, as [from, to], shares of its length from 0
 * to 1; null if none does.
 *
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {{ min: Point, max: Point }} bounds
 */
export function clipSegment(ax, ay, bx, by, { min, max }) {
  let from = 0, to = 1;
  for (const [a, b, low, high] of [[ax, bx, min.x - EDGE, max.x + EDGE], [ay, by, min.y - EDGE, max.y + EDGE]]) {
    if (a === b) {
      if (a < low || a > high) return null;
      continue;
    }
    const enter = (low - a) / (b - a), leave = (high - a) / (b - a);
    from = Math.max(from, Math.min(enter, leave));
    to = Math.min(to, Math.max(enter, leave));
  }
  return from < to ? [from, to] : null;
}

/**
 * Adds a segment of an open line to the path of a context. A long segment is clipped to `bounds`, since the browser would otherwise
 * compute the dashes of many thousand pixels to show a few.
 *
 * @param {Ctx} ctx
 * @param {number} ax layer pixels, as are the other coordinates and `bounds`
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {L.Bounds} bounds
 * @param {boolean} [joined] whether the path already ends at (ax, ay)
 * @returns {{ skipped: number, joined: boolean }} pixels left out at the start, and whether the path now ends at (bx, by)
 */
export function strokeSegment(ctx, ax, ay, bx, by, bounds, joined) {
  const long = Math.abs(bx - ax) + Math.abs(by - ay) > LONG, part = long ? clipSegment(ax, ay, bx, by, bounds) : [0, 1];
  if (!part) return { skipped: 0, joined: false };
  const [from, to] = part, dx = bx - ax, dy = by - ay;
  if (!joined || from > 0) ctx.moveTo(ax + dx * from, ay + dy * from);
  if (to < 1) ctx.lineTo(ax + dx * to, ay + dy * to); else ctx.lineTo(bx, by);
  return { skipped: from * Math.hypot(dx, dy), joined: to === 1 };
}

/**
 * Adds a part of shapes to the path of a context. Vertices closer than `step` pixels to the previous one are left out, as are pieces outside of
 * the canvas. An open line is interrupted there, so that the browser computes no dashes outside of the canvas. Returns the pixels that were
 * clipped from the start of the first visible segment: with this offset dashes keep their places.
 *
 * @param {Ctx} ctx
 * @param {Shapes} shapes
 * @param {number} part
 * @param {View} view
 * @param {number} step
 * @param {boolean} closed whether the part is a ring
 */
export function traceLine(ctx, shapes, part, view, step, closed) {
  const { x, y, start } = shapes, { size, ox, oy, bounds } = view, edge = 40 / size;
  const west = view.west - edge, east = view.east + edge, north = view.north - edge, south = view.south + edge;
  /** Returns on which sides of the canvas a vertex lies outside, as bits: 1 west, 2 east, 4 north, 8 south; 0 inside. @param {number} i */
  const side = (i) => (x[i] < west ? 1 : x[i] > east ? 2 : 0) | (y[i] < north ? 4 : y[i] > south ? 8 : 0);
  const first = start[part], end = start[part + 1];
  let lastX = x[first] * size - ox, lastY = y[first] * size - oy, lastSide = side(first);
  let nextSide = first + 1 < end ? side(first + 1) : 0;
  let left = false, joined = true, skipped = -1;
  ctx.moveTo(lastX, lastY);
  for (let i = first + 1; i < end; i++) {
    const now = nextSide;
    nextSide = i + 1 < end ? side(i + 1) : 0;
    if (lastSide & now & nextSide && i < end - 1) { left = true; continue; }
    const px = x[i] * size - ox, py = y[i] * size - oy;
    if (Math.abs(px - lastX) + Math.abs(py - lastY) < step && i < end - 1) continue;
    if (closed) ctx.lineTo(px, py);
    else {
      if (left) {
        lastX = x[i - 1] * size - ox;
        lastY = y[i - 1] * size - oy;
      }
      const put = strokeSegment(ctx, lastX, lastY, px, py, bounds, joined && !left);
      if (skipped < 0) skipped = put.skipped;
      joined = put.joined;
    }
    left = false;
    lastX = px;
    lastY = py;
    lastSide = now;
  }
  if (closed) ctx.closePath();
  return Math.max(0, skipped);
}

/**
 * Returns the distance of a point (x, y) from the segment from a to b, in the unit of the arguments.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 */
export function distanceToSegment(x, y, ax, ay, bx, by) {
  const dx = bx - ax, dy = by - ay, along = dx * dx + dy * dy;
  const t = along ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / along)) : 0;
  return Math.hypot(ax + t * dx - x, ay + t * dy - y);
}

/**
 * Returns the length on the map, in pixels, of a length on the ground.
 *
 * @param {number} metres
 * @param {number} y world y (latitude) of the length
 * @param {number} size width of the world in pixels at the zoom
 */
export const metresToPixels = (metres, y, size) => (metres / (40075016.7 / Math.cosh(Math.PI * (1 - 2 * y)))) * size;

/**
 * Returns whether the bounding box of a part intersects a view.
 *
 * @param {Shapes} shapes
 * @param {number} part
 * @param {View} view
 */
export function inView(shapes, part, view) {
  const { box } = shapes, k = part * 4;
  return box[k] <= view.east && box[k + 2] >= view.west && box[k + 1] <= view.south && box[k + 3] >= view.north;
}

/**
 * Adds a box with corners of radius `r` to the path, as `roundRect` of newer browsers does.
 *
 * @param {Ctx} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {number} r
 */
export function traceRoundedBox(ctx, x, y, w, h, r) {
  const right = x + w - r, foot = y + h - r, quarter = Math.PI / 2;
  ctx.moveTo(x + r, y);
  ctx.arc(right, y + r, r, -quarter, 0);
  ctx.arc(right, foot, r, 0, quarter);
  ctx.arc(x + r, foot, r, quarter, 2 * quarter);
  ctx.arc(x + r, y + r, r, 2 * quarter, 3 * quarter);
  ctx.closePath();
}
