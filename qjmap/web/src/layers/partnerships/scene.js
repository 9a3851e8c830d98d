/* The lines of partnerships at one zoom, in world coordinates: shortest ways, bowed by as many pixels as the zoom asks for.
 *
 * Where an arc runs depends on the zoom alone, so panning computes nothing. At every zoom an arc rises far enough to be seen
 * beside its marks; one that is shorter than its marks is not drawn but counted in a badge.
 */

import { bothSize, breadthOf, headSize, lookKey } from "./strokes.js";
import { worldY } from "../../runtime/shapes.js";

const STEPS = 32; // stretches of a way: at 3,000 km the chords stay within 0.4 km of the curve
const FOLDED = 11; // px: a shorter thing is a badge
const LEAST_RISE = 11; // px
const RISE = 0.11; // of the chord
const STAR_RISE = 0.07;
const BETWEEN = 1.8; // px between the strands of a ribbon
const APART = 4; // px between ribbons of one pair
const GAP = 9; // px left free at a place's mark

/**
 * Points of the shortest way between two spots (degrees), as world coordinates that may run past the world's edge.
 *
 * @param {number} lonA
 * @param {number} latA
 * @param {number} lonB
 * @param {number} latB
 * @param {any} steps
 * @param {any} out
 * @param {any} at
 */
function greatCircle(lonA, latA, lonB, latB, steps, out, at) {
  const rad = Math.PI / 180, a = [lonA * rad, latA * rad], b = [lonB * rad, latB * rad];
  const unit = (/** @type {number[]} */ [lon, lat]) => [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  const p = unit(a), q = unit(b);
  const cross = Math.hypot(p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]);
  const angle = Math.atan2(cross, p[0] * q[0] + p[1] * q[1] + p[2] * q[2]), whole = Math.sin(angle);
  let last = lonA / 360 + 0.5;
  for (let k = 0; k <= steps; k++) {
    const t = k / steps, f = whole < 1e-12 ? 1 - t : Math.sin((1 - t) * angle) / whole, g = whole < 1e-12 ? t : Math.sin(t * angle) / whole;
    const v = [f * p[0] + g * q[0], f * p[1] + g * q[1], f * p[2] + g * q[2]];
    const x = Math.atan2(v[1], v[0]) / (2 * Math.PI) + 0.5, turned = x + Math.round(last - x);
    out[at + 2 * k] = last = turned;
    out[at + 2 * k + 1] = worldY(Math.atan2(v[2], Math.hypot(v[0], v[1])) / rad);
  }
}

/**
 * Legs of a thing as pairs of points: an arc has one; in a star each runs between a spot and the junction.
 *
 * @param {{ spots: any, knot: any, arrow: any }} given
 */
function legsOf({ spots, knot, arrow }) {
  if (knot < 0) return [[spots[0], spots[1]]];
  return spots.map((/** @type {any} */ spot, /** @type {number} */ k) => (arrow === 1 && k > 0 ? [knot, spot] : [spot, knot]));
}

/**
 * The unbowed ways of all things, once: { base, first } with STEPS + 1 points a leg.
 *
 * @param {any[]} things
 * @param {any} points
 */
export function greatCircles(things, points) {
  const legs = things.map(legsOf), total = legs.reduce((sum, one) => sum + one.length, 0);
  const base = new Float64Array(total * (STEPS + 1) * 2);
  const first = new Uint32Array(things.length + 1);
  let leg = 0;
  things.forEach((thing, /** @type {number} */ k) => {
    first[k] = leg;
    for (const [p, q] of legs[k]) greatCircle(points.lon[p], points.lat[p], points.lon[q], points.lat[q], STEPS, base, leg++ * (STEPS + 1) * 2);
  });
  first[things.length] = leg;
  return { base, first };
}

/**
 * Parts of each row for those who want its geometry, as the program's exports have it: unbowed, in the row's own order.
 *
 * @param {Block} block
 * @param {any} points
 */
export function rowShapes(block, points) {
  const counts = block.raw("spots"), spot = block.raw("spot"), knots = block.raw("knot"), arrows = block.raw("arrow");
  const first = new Uint32Array(block.rows + 1), legs = [];
  for (let row = 0, at = 0; row < block.rows; at += counts[row], row++) {
    first[row] = legs.length;
    const spots = spot.subarray(at, at + counts[row]), knot = knots[row];
    if (knot < 0 && spots.length > 1) legs.push([spots[0], spots[1]]);
    else if (knot >= 0) spots.forEach((/** @type {any} */ one, /** @type {number} */ k) => legs.push(arrows[row] === 1 && k === 0 ? [one, knot] : [knot, one]));
  }
  first[block.rows] = legs.length;
  const flat = new Float64Array(2 * (STEPS + 1)), count = legs.length * (STEPS + 1), x = new Float64Array(count), y = new Float64Array(count);
  legs.forEach(([p, q], leg) => {
    greatCircle(points.lon[p], points.lat[p], points.lon[q], points.lat[q], STEPS, flat, 0);
    for (let k = 0; k <= STEPS; k++) {
      x[leg * (STEPS + 1) + k] = flat[2 * k];
      y[leg * (STEPS + 1) + k] = flat[2 * k + 1];
    }
  });
  return { x, y, first, start: Uint32Array.from({ length: legs.length + 1 }, (_, leg) => leg * (STEPS + 1)), count: legs.length };
}

/* One bent way in pixels, reused for all. */
class Bent {
  constructor() {
    this.x = new Float64Array(STEPS + 1);
    this.y = new Float64Array(STEPS + 1);
    this.first = 0;
    this.last = STEPS;
  }
  /**
   * From a leg's points; `rise` in pixels to the left of its direction. Few stretches where a few show the same.
   *
   * @param {Float64Array} base
   * @param {any} at
   * @param {number} size
   * @param {number} rise
   */
  set(base, at, size, rise) {
    const end = at + STEPS * 2, dx = (base[end] - base[at]) * size, dy = (base[end + 1] - base[at + 1]) * size;
    const chord = Math.hypot(dx, dy) || 1, length = chord + 2 * Math.abs(rise), step = length < 90 ? 4 : length < 420 ? 2 : 1;
    this.first = 0;
    this.last = STEPS / step;
    for (let k = 0; k <= this.last; k++) {
      const lift = (rise * Math.sin((Math.PI * k) / this.last)) / chord, i = at + k * step * 2;
      this.x[k] = base[i] * size + dy * lift;
      this.y[k] = base[i + 1] * size - dx * lift;
    }
    return this;
  }
  /**
   * Cuts what lies within `gap` pixels of an end (step 1: the first, -1: the last).
   *
   * @param {number} step
   * @param {number} gap
   */
  cut(step, gap) {
    const { x, y } = this, end = step > 0 ? this.first : this.last, ex = x[end], ey = y[end];
    let i = end + step;
    while (i > this.first && i < this.last && Math.hypot(x[i] - ex, y[i] - ey) < gap) i += step;
    const inner = Math.hypot(x[i - step] - ex, y[i - step] - ey), outer = Math.hypot(x[i] - ex, y[i] - ey);
    const t = Math.max(0, Math.min(1, (gap - inner) / Math.max(1e-9, outer - inner)));
    x[i - step] += (x[i] - x[i - step]) * t;
    y[i - step] += (y[i] - y[i - step]) * t;
    if (step > 0) this.first = Math.min(i - step, this.last - 1);
    else this.last = Math.max(i - step, this.first + 1);
  }
  /**
   * Point and direction at a share of the way.
   *
   * @param {number} share
   */
  at(share) {
    const i = this.first + share * (this.last - this.first), k = Math.min(this.last - 1, Math.floor(i)), t = i - k;
    const dx = this.x[k + 1] - this.x[k], dy = this.y[k + 1] - this.y[k];
    return { x: this.x[k] + dx * t, y: this.y[k] + dy * t, angle: Math.atan2(dy, dx) };
  }
}
const bent = new Bent();

/** @param {any[]} strands */
const ribbon = (strands) => strands.reduce((sum, one) => sum + breadthOf(one), BETWEEN * (strands.length - 1));

/**
 * All that is drawn at a zoom.
 *
 * things: as arcs.things makes them, with `strands` of the rows that pass (none: not drawn)
 * ways: as arcs.ways makes them; size: pixels of the world
 * Gives { lines: [{ thing, strand, x, y, box }], marks: [{ thing, kind, x, y, angle, size, strand }], folded: [thing] },
 * in world coordinates; lines the thinnest first.
 *
 * @param {any[]} things
 * @param {{ base: Float64Array, first: any }} given
 * @param {number} size
 */
export function layOut(things, { base, first }, size) {
  const lines = /** @type {any[]} */ ([]), marks = /** @type {any[]} */ ([]), folded = /** @type {any[]} */ ([]);
  const width = (STEPS + 1) * 2;

  /**
   * @param {Thing} thing
   * @param {Strand} strand
   */
  function keep(thing, strand) {
    const count = bent.last - bent.first + 1, x = new Float64Array(count), y = new Float64Array(count), box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < count; k++) {
      const px = (x[k] = bent.x[bent.first + k] / size), py = (y[k] = bent.y[bent.first + k] / size);
      if (px < box[0]) box[0] = px;
      if (py < box[1]) box[1] = py;
      if (px > box[2]) box[2] = px;
      if (py > box[3]) box[3] = py;
    }
    lines.push({ thing, strand, x, y, box });
    // What runs over the antimeridian is seen at both edges of the world.
    const turn = box[0] < 0 ? 1 : box[2] > 1 ? -1 : 0;
    if (turn) lines.push({ thing, strand, x: x.map((one) => one + turn), y, box: [box[0] + turn, box[1], box[2] + turn, box[3]] });
  }

  /**
   * @param {Thing} thing
   * @param {any} kind
   * @param {any} at
   * @param {any} of
   * @param {Strand} strand
   */
  function mark(thing, kind, at, of, strand) {
    const x = at.x / size, put = { thing, kind, y: at.y / size, angle: at.angle || 0, size: of, strand };
    marks.push({ ...put, x });
    if (x < 0.5 / size || x > 1 - 0.5 / size) marks.push({ ...put, x: x < 0.5 ? x + 1 : x - 1 });
  }

  things.forEach((thing, number) => {
    const { strands } = thing;
    if (!strands.length) return;
    const star = thing.knot >= 0, chords = [];
    for (let leg = first[number]; leg < first[number + 1]; leg++) {
      const at = leg * width, end = at + STEPS * 2;
      chords.push(Math.hypot(base[end] - base[at], base[end + 1] - base[at + 1]) * size);
    }
    if (Math.max(...chords) < (star ? FOLDED * 1.4 : FOLDED)) { folded.push(thing); return; }
    const whole = ribbon(strands), heaviest = strands.reduce((/** @type {any} */ a, /** @type {any} */ b) => (b.width > a.width ? b : a));
    const inner = star ? 0 : thing.inner.reduce((/** @type {any} */ sum, /** @type {any} */ one) => sum + (one.strands.length ? ribbon(one.strands) + APART : 0), 0);
    const head = headSize(heaviest.width);
    chords.forEach((chord, k) => {
      if (chord < FOLDED) return;
      const at = (first[number] + k) * width, gap = Math.min(GAP, chord * 0.28), into = star && (thing.arrow !== 1 || k === 0);
      const rise = star ? chord * STAR_RISE : thing.side * (Math.max(LEAST_RISE, chord * RISE) + inner + whole / 2);
      const pointed = thing.arrow === 1 && !into && chord > 2 * head * 0.8;
      let offset = -whole / 2;
      for (const strand of strands) {
        const breadth = breadthOf(strand);
        bent.set(base, at, size, rise + (thing.side || 1) * (offset + breadth / 2));
        bent.cut(1, star && !into ? 5 : gap);
        bent.cut(-1, into ? 5 : pointed ? gap + head * 0.72 : gap);
        keep(thing, strand);
        offset += breadth + BETWEEN;
      }
      if (star && k > 0 && !pointed) return;
      bent.set(base, at, size, rise);
      if (pointed) {
        bent.cut(-1, gap - 2);
        mark(thing, "head", bent.at(1), head, heaviest);
      } else if (thing.arrow === 2 && !star && chord > 44) {
        mark(thing, "both", bent.at(0.5), bothSize(heaviest.width), heaviest);
      }
      // A forward star shows at its first leg, too, which way it runs.
      if (star && thing.arrow === 1 && k === 0 && chord > 60) mark(thing, "head", bent.set(base, at, size, rise).at(0.55), head, heaviest);
    });
    if (star) {
      const at = first[number] * width + STEPS * 2;
      mark(thing, "knot", { x: base[at] * size, y: base[at + 1] * size }, 5.5 + heaviest.width * 0.5, heaviest);
    }
  });
  lines.sort((a, b) => a.strand.width - b.strand.width || (lookKey(a.strand) < lookKey(b.strand) ? -1 : 1));
  return { lines, marks, folded };
}
