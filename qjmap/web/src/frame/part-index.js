/* Spatial index of the parts of shapes: a grid of cells over their bounding boxes. */

const PER_CELL = 6; // approximate number of parts per cell
const MOST = 512; // maximum number of cells per side
const SPREAD = 64; // maximum number of cells in which a part is entered; a larger part is in the list `large`, which every query compares

/** Grid index of parts: for each cell the parts whose bounding boxes touch it. */
export class PartIndex {
  /** @param {Float64Array} box west, north, east, south of each part in world coordinates @param {number} count */
  constructor(box, count) {
    this.box = box;
    this.count = count;
    this.stamp = new Uint32Array(count);
    this.all = new Uint32Array(count);
    for (let part = 0; part < count; part++) this.all[part] = part;
    this.turn = 0;
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (let k = 0; k < 4 * count; k += 4) {
      west = Math.min(west, box[k]); north = Math.min(north, box[k + 1]);
      east = Math.max(east, box[k + 2]); south = Math.max(south, box[k + 3]);
    }
    this.west = west; this.north = north; this.east = east; this.south = south;
    this.side = Math.max(1, Math.min(MOST, Math.ceil(Math.sqrt(count / PER_CELL))));
    this.dx = (east - west) / this.side || 1;
    this.dy = (south - north) / this.side || 1;
    const counts = new Uint32Array(this.side * this.side + 1);
    /** @type {number[]} */
    this.large = [];
    this._each((part, cell) => { counts[cell + 1]++; });
    for (let cell = 0; cell < this.side * this.side; cell++) counts[cell + 1] += counts[cell];
    this.starts = counts;
    this.parts = new Uint32Array(counts[this.side * this.side]);
    const next = counts.slice();
    this.large = [];
    this._each((part, cell) => { this.parts[next[cell]++] = part; });
  }

  /** Returns the column of cells that contains x; the first or last one for x outside. @param {number} x */
  _column(x) { return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.west) / this.dx))); }
  /** Returns the line of cells that contains y; the first or last one for y outside. @param {number} y */
  _line(y) { return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.north) / this.dy))); }

  /** Calls `visit` with each part and each cell that its box touches; parts that touch too many cells go to `large` instead. @param {(part: number, cell: number) => void} visit */
  _each(visit) {
    const { box, side } = this;
    for (let part = 0; part < this.count; part++) {
      const k = 4 * part;
      const left = this._column(box[k]), right = this._column(box[k + 2]), top = this._line(box[k + 1]), bottom = this._line(box[k + 3]);
      if ((right - left + 1) * (bottom - top + 1) > SPREAD) { this.large.push(part); continue; }
      for (let line = top; line <= bottom; line++) for (let column = left; column <= right; column++) visit(part, line * side + column);
    }
  }

  /**
   * Returns the parts whose boxes touch a box in world coordinates, in ascending order. The array must not be changed.
   *
   * @param {number} west
   * @param {number} north
   * @param {number} east
   * @param {number} south
   * @returns {Uint32Array}
   */
  within(west, north, east, south) {
    if (!this.count || west > this.east || east < this.west || north > this.south || south < this.north) return new Uint32Array(0);
    if (west <= this.west && east >= this.east && north <= this.north && south >= this.south) return this.all;
    const { box, stamp } = this, mine = ++this.turn, found = /** @type {number[]} */ ([]);
    /** Adds a part to the result if its box touches the given one and it was not compared yet. @param {number} part */
    const take = (part) => {
      if (stamp[part] === mine) return;
      stamp[part] = mine;
      const k = 4 * part;
      if (box[k] <= east && box[k + 2] >= west && box[k + 1] <= south && box[k + 3] >= north) found.push(part);
    };
    const left = this._column(west), right = this._column(east), top = this._line(north), bottom = this._line(south);
    for (let line = top; line <= bottom; line++) {
      const from = this.starts[line * this.side + left], to = this.starts[line * this.side + right + 1];
      for (let k = from; k < to; k++) take(this.parts[k]);
    }
    this.large.forEach(take);
    return Uint32Array.from(found).sort();
  }
}
