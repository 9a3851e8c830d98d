/* Spatial index of up to a million points: rows of a part of the world, and how many of each kind they are.
 *
 * Rows of a large table stand in Morton order (qjmap/payload/morton_order.py): a cell of 2^shift by 2^shift micro-degrees is one
 * run of rows [from, to), found by bisection. Counts of a run come from sums over STEP rows each, made anew with every filter,
 * so they are true whatever is filtered and cost the same for ten rows and for a million.
 */

const STEP = 64; // rows summed up together
const WORLD = 29; // shift of the cell that holds the whole world
const WEST = -180e6, SOUTH = -90e6, TURN = 360e6; // micro-degrees

/** @typedef {{ runs: [Run], count: number, tally: Float64Array, x: number, y: number, corners: Box }} SiteCell Rows of a cell: a run, how many of each kind, their middle in world coordinates, the cell's corners in degrees. */

export class PointIndex {
  /**
   * `kinds`: the kind of each row, a number below `count`; `sorted`: whether the rows stand in Morton order.
   *
   * @param {Block} block
   * @param {Points} at
   * @param {Uint8Array} kinds
   * @param {number} count
   */
  constructor(block, at, kinds, count) {
    this.x = at.x;
    this.y = at.y;
    this.kinds = kinds;
    this.count = count;
    this.sorted = Boolean(block.header.chunk);
    this.rows = block.rows;
    /** @type {Uint8Array | null} */
    this.mask = null;
    this.lon = block.raw("lon"); // micro-degrees
    this.lat = block.raw("lat");
    if (this.sorted) {
      this.rows = at.located.indexOf(0); // those without a position come last
      if (this.rows < 0) this.rows = block.rows;
    }
    this.located = this.sorted ? null : at.located;
    this.setMask(null);
  }

  /**
   * Counts from now on only rows of the mask (null: all).
   *
   * @param {Uint8Array | null} mask
   */
  setMask(mask) {
    this.mask = mask;
    if (!this.sorted) return;
    const { rows, kinds, count, x, y } = this, steps = Math.ceil(rows / STEP);
    const tally = (this._tally = this._tally || new Uint32Array((steps + 1) * count));
    const sums = (this._sums = this._sums || new Float64Array((steps + 1) * 2));
    for (let step = 0; step < steps; step++) {
      const here = step * count, next = here + count;
      for (let kind = 0; kind < count; kind++) tally[next + kind] = tally[here + kind];
      let sumX = sums[2 * step], sumY = sums[2 * step + 1];
      for (let row = step * STEP, end = Math.min(rows, row + STEP); row < end; row++) {
        if (mask && !mask[row]) continue;
        tally[next + kinds[row]]++;
        sumX += x[row];
        sumY += y[row];
      }
      sums[2 * step + 2] = sumX;
      sums[2 * step + 3] = sumY;
    }
  }

  /**
   * Adds the rows of a run to `out`: a number for each kind, then the sums of x and y.
   *
   * @param {number} from
   * @param {number} to
   * @param {Float64Array} out
   */
  add(from, to, out) {
    const { kinds, count, mask, x, y, _tally: tally, _sums: sums } = this;
    const first = Math.ceil(from / STEP), last = Math.floor(to / STEP);
    /**
     * @param {number} row
     * @param {number} end
     */
    const each = (row, end) => {
      for (; row < end; row++) {
        if (mask && !mask[row]) continue;
        out[kinds[row]]++;
        out[count] += x[row];
        out[count + 1] += y[row];
      }
    };
    if (first >= last) { each(from, to); return; }
    each(from, first * STEP);
    each(last * STEP, to);
    for (let kind = 0; kind < count; kind++) out[kind] += tally[last * count + kind] - tally[first * count + kind];
    out[count] += sums[2 * last] - sums[2 * first];
    out[count + 1] += sums[2 * last + 1] - sums[2 * first + 1];
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  size(from, to) {
    if (!this.mask) return to - from;
    const out = new Float64Array(this.count + 2);
    this.add(from, to, out);
    let sum = 0;
    for (let kind = 0; kind < this.count; kind++) sum += out[kind];
    return sum;
  }

  /**
   * The first row of a run that is shown, -1 where none is.
   *
   * @param {number} from
   * @param {number} to
   */
  first(from, to) {
    if (!this.mask) return from < to ? from : -1;
    for (let row = from; row < to; row++) if (this.mask[row]) return row;
    return -1;
  }

  /** @param {number} row */
  shows(row) { return (!this.mask || this.mask[row] === 1) && (!this.located || this.located[row] === 1); }

  /**
   * A part of the world (Web Mercator, 0..1) in cells' units.
   *
   * @param {View} view
   * @param {number} spread
   */
  box(view, spread) {
    const edge = spread / view.size, degrees = (/** @type {number} */ y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180e6) / Math.PI - SOUTH;
    return [(view.west - edge) * TURN, degrees(view.south + edge), (view.east + edge) * TURN, degrees(view.north - edge)];
  }

  /**
   * The first row of a run whose digit (its quarter of the cell of this shift) is at least `digit`.
   *
   * @param {number} from
   * @param {number} to
   * @param {number} shift
   * @param {number} digit
   */
  _split(from, to, shift, digit) {
    const { lon, lat } = this, bit = shift - 1;
    while (from < to) {
      const row = (from + to) >> 1;
      if (((((lat[row] - SOUTH) >> bit) & 1) << 1 | (((lon[row] - WEST) >> bit) & 1)) < digit) from = row + 1; else to = row;
    }
    return from;
  }

  /**
   * Calls visit(from, to, inside, shift, east, north) for the occupied cells that a box touches, greatest first: cells wholly
   * inside with inside = true; visit returns whether to look at the quarters. Smaller than `least` no cell is.
   *
   * @param {Box} box
   * @param {number} least
   * @param {(from: number, to: number, inside: boolean, shift: number, east: number, north: number) => boolean} visit
   */
  walk(box, least, visit) {
    /**
     * @param {number} from
     * @param {number} to
     * @param {number} shift
     * @param {number} u
     * @param {number} v
     */
    const go = (from, to, shift, u, v) => {
      const side = 2 ** shift;
      if (from === to || u > box[2] || v > box[3] || u + side <= box[0] || v + side <= box[1]) return;
      const inside = u >= box[0] && v >= box[1] && u + side <= box[2] && v + side <= box[3];
      if (!visit(from, to, inside, shift, u, v) || shift <= least) return;
      const half = side / 2, b = this._split(from, to, shift, 2), a = this._split(from, b, shift, 1), c = this._split(b, to, shift, 3);
      go(from, a, shift - 1, u, v);
      go(a, b, shift - 1, u + half, v);
      go(b, c, shift - 1, u, v + half);
      go(c, to, shift - 1, u + half, v + half);
    };
    go(0, this.rows, WORLD, 0, 0);
  }

  /**
   * The runs of rows in a box (and some around it), and how many rows they have.
   *
   * @param {Box} box
   */
  runs(box) {
    if (!this.sorted) return { runs: /** @type {Run[]} */ ([[0, this.rows]]), total: this.rows };
    /** @type {Run[]} */
    const runs = [];
    let total = 0;
    this.walk(box, 0, (from, to, inside) => {
      if (!inside && to - from > STEP) return true;
      const last = runs[runs.length - 1];
      if (last && last[1] === from) last[1] = to; else runs.push([from, to]);
      total += to - from;
      return false;
    });
    return { runs, total };
  }

  /**
   * The occupied cells of a box, each as a run with its count, its kinds, its middle and its corners in degrees.
   *
   * @param {Box} box
   * @param {number} shift
   */
  cells(box, shift) {
    const cells = /** @type {SiteCell[]} */ ([]), { count } = this;
    this.walk(box, shift, (from, to, inside, now, u, v) => {
      if (now > shift) return true;
      const out = new Float64Array(count + 2);
      this.add(from, to, out);
      const tally = out.subarray(0, count), sum = tally.reduce((a, b) => a + b, 0);
      if (sum) {
        const side = 2 ** shift, corners = [(v + SOUTH) / 1e6, (u + WEST) / 1e6, (v + side + SOUTH) / 1e6, (u + side + WEST) / 1e6];
        cells.push({ runs: [[from, to]], count: sum, tally, x: out[count] / sum, y: out[count + 1] / sum, corners });
      }
      return false;
    });
    return cells;
  }

  /**
   * A row of each occupied cell of a box: what is seen of points when those behind others are left out.
   *
   * @param {Box} box
   * @param {number} shift
   */
  dots(box, shift) {
    /** @type {number[]} */
    const rows = [];
    this.walk(box, shift, (from, to, inside, now) => {
      if (now > shift && to - from > 1) return true;
      const row = this.first(from, to);
      if (row >= 0) rows.push(row);
      return false;
    });
    return rows;
  }

  /**
   * The point that more than half of a run's rows share, as one of them; -1 where there is none. Rows of one point stand
   * together, so it is that of the middle one.
   *
   * @param {number} from
   * @param {number} to
   * @param {number} count
   */
  shared(from, to, count) {
    const { lon, lat } = this;
    let middle = (from + to) >> 1;
    if (this.mask) {
      const half = count / 2;
      let low = from, high = to;
      while (low < high) {
        middle = (low + high) >> 1;
        if (this.size(from, middle + 1) < half) low = middle + 1; else high = middle;
      }
      middle = low;
    }
    /** @param {number} row */
    const same = (row) => lon[row] === lon[middle] && lat[row] === lat[middle];
    /**
     * @param {number} near
     * @param {number} far
     * @param {number} way
     */
    const edge = (near, far, way) => { // the last row towards `far` that lies at the same point
      while (near !== far) {
        const row = way > 0 ? (near + far + 1) >> 1 : (near + far) >> 1;
        if (same(row)) near = row; else far = row - way;
      }
      return near;
    };
    const there = this.size(edge(middle, from, -1), edge(middle, to - 1, 1) + 1);
    return there * 2 > count ? middle : -1;
  }

  /**
   * The shift of cells that are about so many pixels wide, `size` pixels being the world.
   *
   * @param {number} pixels
   * @param {number} size
   */
  shift(pixels, size) {
    return Math.max(0, Math.min(WORLD, Math.round(Math.log2((pixels / size) * TURN))));
  }
}
