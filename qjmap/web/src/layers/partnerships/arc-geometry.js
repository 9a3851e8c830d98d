/* Computes the lines of partnerships at a zoom, in world coordinates: great circles that are bowed by a number of pixels.
 *
 * The course of an arc depends only on the zoom, so that panning computes nothing. At every zoom an arc bends far enough to be seen beside
 * its marks. An arc that would be shorter than its marks is not drawn; a badge stands for it.
 */

import { bothSize, breadthOf, headSize, lookKey } from "./strokes.js";
import { worldY } from "../../runtime/shapes.js";

const STEPS = 32; // number of segments of a leg: at a length of 3,000 km they stay within 0.4 km of the curve
const LEG = (STEPS + 1) * 2; // number of coordinates of a leg
const FOLDED = 11; // px: an arc shorter than this is a badge
const LEAST_RISE = 11; // px, minimum rise of an arc: the distance of its middle from its chord
const RISE = 0.11; // rise of an arc as a share of its chord, if that is more
const STAR_RISE = 0.07; // rise of a leg of a star as a share of its chord
const BETWEEN = 1.8; // px between the strands of a bundle
const APART = 4; // px between the bundles of a pair of points
const AREA = 6.5; // px, radius of the ring at the end of an arc that leads to an area
const GAP = 9; // px that are left free at the mark of a place

/**
 * Writes points of the great circle between two positions (degrees) into `out`, from index `at` on. They are x, y in world coordinates; x
 * continues below 0 and above 1 at the antimeridian.
 *
 * @param {number} lonA
 * @param {number} latA
 * @param {number} lonB
 * @param {number} latB
 * @param {number} steps
 * @param {Float64Array} out
 * @param {number} at
 */
function greatCircle(lonA, latA, lonB, latB, steps, out, at) {
  const rad = Math.PI / 180, a = [lonA * rad, latA * rad], b = [lonB * rad, latB * rad];
  const unit = (/** @type {number[]} */ [lon, lat]) => [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  const p = unit(a), q = unit(b);
  const cross = Math.hypot(p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]);
  const angle = Math.atan2(cross, p[0] * q[0] + p[1] * q[1] + p[2] * q[2]), sine = Math.sin(angle);
  let last = lonA / 360 + 0.5;
  for (let k = 0; k <= steps; k++) {
    const t = k / steps, f = sine < 1e-12 ? 1 - t : Math.sin((1 - t) * angle) / sine, g = sine < 1e-12 ? t : Math.sin(t * angle) / sine;
    const v = [f * p[0] + g * q[0], f * p[1] + g * q[1], f * p[2] + g * q[2]];
    const x = Math.atan2(v[1], v[0]) / (2 * Math.PI) + 0.5, turned = x + Math.round(last - x);
    out[at + 2 * k] = last = turned;
    out[at + 2 * k + 1] = worldY(Math.atan2(v[2], Math.hypot(v[0], v[1])) / rad);
  }
}

/**
 * Returns the legs of a bundle as pairs of indices of points, [start, end]. An arc has one leg; a star has one for each spot, from the spot
 * to the junction, or with an arrow forward from the junction to all spots but the first.
 *
 * @param {Bundle} bundle
 * @returns {[number, number][]}
 */
function legsOf({ spots, knot, arrow }) {
  if (knot < 0) return [[spots[0], spots[1]]];
  return spots.map((spot, k) => (arrow === 1 && k > 0 ? [knot, spot] : [spot, knot]));
}

/**
 * Computes the great circles of all legs. Returns `base`, x and y of the STEPS + 1 points of each leg, and `first`, the index of the first
 * leg of each bundle, with one more entry at the end.
 *
 * @param {Bundle[]} bundles
 * @param {ArcPoints} points
 */
export function greatCircles(bundles, points) {
  const legs = bundles.map(legsOf), total = legs.reduce((sum, pairs) => sum + pairs.length, 0);
  const base = new Float64Array(total * (STEPS + 1) * 2);
  const first = new Uint32Array(bundles.length + 1);
  let leg = 0;
  bundles.forEach((_, k) => {
    first[k] = leg;
    for (const [p, q] of legs[k]) greatCircle(points.lon[p], points.lat[p], points.lon[q], points.lat[q], STEPS, base, leg++ * (STEPS + 1) * 2);
  });
  first[bundles.length] = leg;
  return { base, first };
}

/**
 * Returns the geometry of each row as exports have it: great circles that are not bowed, in the order of the parties. The result is as that
 * of `shapesOf` (shapes.js) without `row` and `box`; each leg is a part.
 *
 * @param {Block} block
 * @param {ArcPoints} points
 */
export function rowShapes(block, points) {
  const counts = block.raw("spots"), spot = block.raw("spot"), knots = block.raw("knot"), arrows = block.raw("arrow");
  const first = new Uint32Array(block.rows + 1), legs = /** @type {[number, number][]} */ ([]);
  for (let row = 0, from = 0; row < block.rows; from += counts[row], row++) {
    first[row] = legs.length;
    const spots = spot.subarray(from, from + counts[row]), knot = knots[row];
    if (knot < 0 && spots.length > 1) legs.push([spots[0], spots[1]]);
    else if (knot >= 0) spots.forEach((party, k) => legs.push(arrows[row] === 1 && k === 0 ? [party, knot] : [knot, party]));
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

/** A bowed leg: `x` and `y` of its vertices in pixels of the world, of which those from index `first` to `last` count. One object is reused for all legs. */
class BowedLeg {
  constructor() {
    this.x = new Float64Array(STEPS + 1);
    this.y = new Float64Array(STEPS + 1);
    this.first = 0;
    this.last = STEPS;
  }
  /**
   * Sets the object to a leg, bowed. A short leg has fewer segments.
   *
   * @param {Float64Array} base
   * @param {number} at index in `base` of the coordinates of the leg
   * @param {number} size pixels of the world
   * @param {number} rise distance in pixels by which its middle is moved to the left of its direction
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
   * Cuts off the part within a distance of one end.
   *
   * @param {number} step 1 for the first end, -1 for the last
   * @param {number} gap the distance in pixels
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
   * Returns the point and the direction at a share (0 to 1) of the leg.
   *
   * @param {number} share
   */
  poseAt(share) {
    const i = this.first + share * (this.last - this.first), k = Math.min(this.last - 1, Math.floor(i)), t = i - k;
    const dx = this.x[k + 1] - this.x[k], dy = this.y[k + 1] - this.y[k];
    return { x: this.x[k] + dx * t, y: this.y[k] + dy * t, angle: Math.atan2(dy, dx) };
  }
}
const bowed = new BowedLeg();

/**
 * Returns the width in pixels of strands that lie side by side.
 *
 * @param {Strand[]} strands
 */
const ribbonWidth = (strands) => strands.reduce((sum, strand) => sum + breadthOf(strand), BETWEEN * (strands.length - 1));

/**
 * Returns the total width in pixels, gaps included, of the arcs that lie between an arc and its chord.
 *
 * @param {Bundle} bundle
 */
const widthBeneath = ({ inner }) => inner.reduce((sum, { strands }) => sum + (strands.length ? ribbonWidth(strands) + APART : 0), 0);

/** Collects the lines and marks of all legs at a zoom, in world coordinates. */
class SceneBuilder {
  /** @param {number} size pixels of the world */
  constructor(size) {
    this.size = size;
    /** @type {ArcScene} */
    this.scene = { lines: [], marks: [], folded: [] };
  }

  /**
   * Adds the leg that `bowed` is set to as the line of a strand.
   *
   * @param {Bundle} bundle
   * @param {RowStrand} strand
   */
  addLine(bundle, strand) {
    const { size, scene } = this, count = bowed.last - bowed.first + 1, x = new Float64Array(count), y = new Float64Array(count);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < count; k++) {
      const px = (x[k] = bowed.x[bowed.first + k] / size), py = (y[k] = bowed.y[bowed.first + k] / size);
      if (px < box[0]) box[0] = px;
      if (py < box[1]) box[1] = py;
      if (px > box[2]) box[2] = px;
      if (py > box[3]) box[3] = py;
    }
    scene.lines.push({ bundle, strand, x, y, box });
    // A line across the antimeridian is drawn at both edges of the world.
    const turn = box[0] < 0 ? 1 : box[2] > 1 ? -1 : 0;
    if (turn) scene.lines.push({ bundle, strand, x: x.map((lon) => lon + turn), y, box: [box[0] + turn, box[1], box[2] + turn, box[3]] });
  }

  /**
   * Adds a mark; near the antimeridian also at the other edge of the world.
   *
   * @param {Bundle} bundle
   * @param {ArcMark["kind"]} kind
   * @param {Pose} pose in pixels
   * @param {number} size in pixels
   * @param {Strand} strand strand whose colour the mark has
   */
  addMark(bundle, kind, pose, size, strand) {
    const x = pose.x / this.size, mark = { bundle, kind, y: pose.y / this.size, angle: pose.angle, size, strand }, { marks } = this.scene;
    marks.push({ ...mark, x });
    if (x < 0.5 / this.size || x > 1 - 0.5 / this.size) marks.push({ ...mark, x: x < 0.5 ? x + 1 : x - 1 });
  }

  /**
   * Adds a leg of a bundle: its strands side by side, and its arrowheads.
   *
   * @param {Bundle} bundle
   * @param {Float64Array} base
   * @param {number} at index in `base` of the coordinates of the leg
   * @param {number} k number of the leg in the bundle
   * @param {number} chord distance between its ends in pixels
   * @param {Strand} heaviest widest strand of the bundle
   */
  addLeg(bundle, base, at, k, chord, heaviest) {
    const { strands, arrow, side } = bundle, star = bundle.knot >= 0, into = star && (arrow !== 1 || k === 0), head = headSize(heaviest.width);
    const width = ribbonWidth(strands), gap = Math.min(GAP, chord * 0.28), pointed = arrow === 1 && !into && chord > 2 * head * 0.8;
    const rise = star ? chord * STAR_RISE : side * (Math.max(LEAST_RISE, chord * RISE) + widthBeneath(bundle) + width / 2);
    let offset = -width / 2;
    for (const strand of strands) {
      const breadth = breadthOf(strand);
      bowed.set(base, at, this.size, rise + side * (offset + breadth / 2));
      bowed.cut(1, star && !into ? 5 : gap);
      bowed.cut(-1, into ? 5 : pointed ? gap + head * 0.72 : gap);
      this.addLine(bundle, strand);
      offset += breadth + BETWEEN;
    }
    if (!star || k === 0 || pointed) this.addHeads(bundle, base, at, k, chord, heaviest, rise, pointed ? gap - 2 : null);
  }

  /**
   * Adds the arrowheads of a leg, which show its direction.
   *
   * @param {Bundle} bundle
   * @param {Float64Array} base
   * @param {number} at index in `base` of the coordinates of the leg
   * @param {number} k number of the leg in the bundle
   * @param {number} chord distance between its ends in pixels
   * @param {Strand} heaviest widest strand of the bundle
   * @param {number} rise as for `BowedLeg.set`
   * @param {number | null} gap pixels between the tip of the arrowhead and the end of the leg; null for no arrowhead at the end
   */
  addHeads(bundle, base, at, k, chord, heaviest, rise, gap) {
    const star = bundle.knot >= 0, { arrow } = bundle, head = headSize(heaviest.width);
    bowed.set(base, at, this.size, rise);
    if (gap !== null) {
      bowed.cut(-1, gap);
      this.addMark(bundle, "head", bowed.poseAt(1), head, heaviest);
    } else if (arrow === 2 && !star && chord > 44) {
      this.addMark(bundle, "both", bowed.poseAt(0.5), bothSize(heaviest.width), heaviest);
    }
    // The first leg of a star with a direction, which runs to the junction, has an arrowhead in its middle.
    if (star && arrow === 1 && k === 0 && chord > 60) this.addMark(bundle, "head", bowed.set(base, at, this.size, rise).poseAt(0.55), head, heaviest);
  }
}

/**
 * Returns all lines and marks at a zoom, the thinnest lines first, and the bundles that are too short to be drawn.
 *
 * @param {Bundle[]} bundles bundles with the strands of the rows that pass the filter; those without strands are left out
 * @param {ReturnType<typeof greatCircles>} circles
 * @param {number} size pixels of the world
 * @param {Set<number>} areas points that stand for areas
 */
export function layOut(bundles, { base, first }, size, areas) {
  const builder = new SceneBuilder(size), { scene } = builder;
  bundles.forEach((bundle, number) => {
    if (!bundle.strands.length) return;
    const star = bundle.knot >= 0, chords = [];
    for (let leg = first[number]; leg < first[number + 1]; leg++) {
      const at = leg * LEG, end = at + STEPS * 2;
      chords.push(Math.hypot(base[end] - base[at], base[end + 1] - base[at + 1]) * size);
    }
    if (Math.max(...chords) < (star ? FOLDED * 1.4 : FOLDED)) { scene.folded.push(bundle); return; }
    const heaviest = bundle.strands.reduce((a, b) => (b.width > a.width ? b : a));
    const legs = legsOf(bundle);
    chords.forEach((chord, k) => {
      const at = (first[number] + k) * LEG;
      legs[k].forEach((point, end) => {
        if (areas.has(point)) builder.addMark(bundle, "area", { x: base[at + end * STEPS * 2] * size, y: base[at + end * STEPS * 2 + 1] * size, angle: 0 }, AREA, heaviest);
      });
      if (chord >= FOLDED) builder.addLeg(bundle, base, (first[number] + k) * LEG, k, chord, heaviest);
    });
    if (star) {
      const end = first[number] * LEG + STEPS * 2;
      builder.addMark(bundle, "knot", { x: base[end] * size, y: base[end + 1] * size, angle: 0 }, 5.5 + heaviest.width * 0.5, heaviest);
    }
  });
  scene.lines.sort((a, b) => a.strand.width - b.strand.width || (lookKey(a.strand) < lookKey(b.strand) ? -1 : 1));
  return scene;
}
