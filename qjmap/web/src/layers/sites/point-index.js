/* Spatial index of up to a million points: finds the rows in a part of the world, and how many rows of each kind there are.
 *
 * The rows of a large table are in Morton order (qjmap/payload/morton_order.py). A cell of 2^shift by 2^shift micro-degrees is therefore one
 * run of rows [from, to), which bisection finds. The number of rows of each kind in a run is the difference of two prefix sums, which are
 * kept for every STEP-th row and computed again with every filter. Counts are thus true for the filtered rows, and take the same time for
 * ten rows and for a million.
 */

const STEP = 64; // number of rows between two prefix sums
const WORLD = 29; // shift of the cell that contains the whole world
const WEST = -180e6, SOUTH = -90e6, TURN = 360e6; // micro-degrees: origin of the cells, and the whole circle

/** @typedef {{ runs: [Run], count: number, tally: Float64Array, x: number, y: number, corners: Box }} SiteCell A cell: its run of rows, the number of rows and of each kind, their middle in world coordinates, its corners (south, west, north, east) in degrees. */

/** The points of a block. Unless it is a chunked table, its rows are not in Morton order: all of them are one run, and `cells`, `dots` and
 * `shared` must not be called. */
export class PointIndex {
  /**
   * @param {Block} block
   * @param {Points} at world coordinates of the rows
   * @param {Uint8Array} kinds kind of each row, a number below `count`
   * @param {number} count number of kinds
   */
  constructor(block, at, kinds, count) {
    this.x = at.x;
    this.y = at.y;
    this.kinds = kinds;
    this.count = count;
    this.sorted = Boolean(block.header.chunk); // whether the rows are in Morton order
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
   * Sets the filter and computes the prefix sums.
   *
   * @param {Uint8Array | null} mask 1 for each row that passes, else 0; null if all rows pass
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
   * Adds the rows of a run that pass the filter to `out`: the number of rows of each kind, then the sums of their x and y.
   *
   * @param {number} from
   * @param {number} to
   * @param {Float64Array} out
   */
  add(from, to, out) {
    const { kinds, count, mask, x, y, _tally: tally, _sums: sums } = this;
    const first = Math.ceil(from / STEP), last = Math.floor(to / STEP);
    /** Adds the rows [row, end) that pass the filter one by one. @param {number} row @param {number} end */
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
   * Returns the number of rows of a run that pass the filter.
   *
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
   * Returns the first row of a run that passes the filter; -1 if none does.
   *
   * @param {number} from
   * @param {number} to
   */
  first(from, to) {
    if (!this.mask) return from < to ? from : -1;
    for (let row = from; row < to; row++) if (this.mask[row]) return row;
    return -1;
  }

  /** Returns whether a row passes the filter and has a position. @param {number} row */
  shows(row) { return (!this.mask || this.mask[row] === 1) && (!this.located || this.located[row] === 1); }

  /**
   * Returns the box of a view as [west, south, east, north] in micro-degrees from the origin of the cells.
   *
   * @param {View} view
   * @param {number} spread pixels by which it is extended on each side
   */
  box(view, spread) {
    const edge = spread / view.size, degrees = (/** @type {number} */ y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180e6) / Math.PI - SOUTH;
    return [(view.west - edge) * TURN, degrees(view.south + edge), (view.east + edge) * TURN, degrees(view.north - edge)];
  }

  /**
   * Returns the first row of a cell, whose rows are [from, to), that lies in the quarter `digit` or a later one; `to` if there is none.
   *
   * @param {number} from
   * @param {number} to
   * @param {number} shift shift of the cell
   * @param {number} digit 0 south-west, 1 south-east, 2 north-west, 3 north-east
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
   * Visits the cells that have rows and intersect a box, each before its quarters.
   *
   * @param {Box} box as `box` returns it
   * @param {number} least shift of the smallest cells
   * @param {(from: number, to: number, inside: boolean, shift: number, east: number, north: number) => boolean} visit function that takes the
   *   run of a cell, whether it lies wholly inside of the box, its shift and its south-western corner, and returns whether to visit its quarters
   */
  walk(box, least, visit) {
    /**
     * Visits the cell with the run [from, to) and the south-western corner (u, v), then its quarters.
     *
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
   * Returns the runs that contain all rows in a box, and the number of rows in these runs, whatever the filter. A run may include some rows
   * outside of the box.
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
   * Returns the cells of a size that intersect a box and have rows that pass the filter.
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
   * Returns a row of each cell of a size that intersects a box and has rows that pass the filter. In small cells the other rows would be
   * covered by this one.
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
   * Returns a row at the point that more than half of the rows of a run share; -1 if there is no such point. Rows at one point are
   * consecutive, so that the middle row must be one of them.
   *
   * @param {number} from
   * @param {number} to
   * @param {number} count number of rows of the run that pass the filter
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
    /** Returns whether a row lies at the point of the middle row. @param {number} row */
    const same = (row) => lon[row] === lon[middle] && lat[row] === lat[middle];
    /**
     * Returns the last row from `near` towards `far` that lies at the point of the middle row, by bisection; `way` is 1 or -1.
     *
     * @param {number} near
     * @param {number} far
     * @param {number} way
     */
    const edge = (near, far, way) => {
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
   * Returns the shift of the cells that are about `pixels` wide.
   *
   * @param {number} pixels
   * @param {number} size pixels of the world
   */
  shift(pixels, size) {
    return Math.max(0, Math.min(WORLD, Math.round(Math.log2((pixels / size) * TURN))));
  }
}
