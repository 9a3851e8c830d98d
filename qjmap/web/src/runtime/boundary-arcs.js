/* Joins arcs into lines and rings. An arc is the piece of boundary that two neighbouring areas share, as in TopoJSON. */

/**
 * Joins arcs end to end and returns the lines and rings as shapes, each of them a row with one part.
 *
 * @param {Shapes} shapes the arcs, each of them a part
 * @param {number[]} signed `number` of an arc in the direction of its vertices, `~number` of an arc against that direction
 * @returns {Shapes}
 */
export function joinArcs({ x, y, start }, signed) {
  /** @type {Map<string, number[]>} key of a vertex -> signed arcs that begin there */
  const after = new Map(), ends = new Set();
  /** Returns a key that is equal for vertices at the same position. @param {number} vertex */
  const key = (vertex) => `${x[vertex]},${y[vertex]}`;
  /** Returns the key of the last vertex of a signed arc, or of the first one. @param {number} arc @param {boolean} last */
  const end = (arc, last) => key(arc >= 0 === last ? start[Math.max(arc, ~arc) + 1] - 1 : start[Math.max(arc, ~arc)]);
  for (const arc of signed) {
    const from = end(arc, false), others = after.get(from);
    if (others) others.push(arc); else after.set(from, [arc]);
    ends.add(end(arc, true));
  }
  const outX = /** @type {number[]} */ ([]), outY = /** @type {number[]} */ ([]), starts = /** @type {number[]} */ ([]), boxes = /** @type {number[]} */ ([]);
  const keys = Array.from(after.keys());
  for (const head of [...keys.filter((from) => !ends.has(from)), ...keys]) { // lines that are not closed begin where no arc ends
    for (let arc = nextArc(head); arc !== undefined; arc = nextArc(head)) {
      let west = 2, north = 2, east = -1, south = -1;
      starts.push(outX.length);
      while (arc !== undefined) {
        const first = start[Math.max(arc, ~arc)], last = start[Math.max(arc, ~arc) + 1] - 1, step = arc >= 0 ? 1 : -1;
        for (let vertex = arc >= 0 ? first : last, k = last - first; k >= 0; vertex += step, k--) {
          const vx = x[vertex], vy = y[vertex];
          outX.push(vx); outY.push(vy);
          west = Math.min(west, vx); east = Math.max(east, vx); north = Math.min(north, vy); south = Math.max(south, vy);
        }
        arc = nextArc(end(arc, true));
      }
      boxes.push(west, north, east, south);
    }
  }
  /** Removes an arc that begins at a vertex, given by its key, and returns it; undefined if none is left. @param {string} from */
  function nextArc(from) { const arcs = after.get(from); return arcs && arcs.shift(); }
  const count = starts.length, parts = Uint32Array.from({ length: count + 1 }, (_, part) => part);
  return { x: Float64Array.from(outX), y: Float64Array.from(outY), start: Uint32Array.from([...starts, outX.length]), row: parts, box: Float64Array.from(boxes), first: parts, count };
}

/** The arcs of a page, and the administrative units that they bound. A unit consists of cells; an arc has one cell on each side. */
export class Arcs {
  /**
   * @param {Shapes} shapes the arcs, each of them a part
   * @param {Block} block for each arc the numbers of the cells on its `left` and `right`, -1 outside of China
   * @param {Block} units `count`, the number of cells of each unit, and `cells`, the cells of all units one after the other
   */
  constructor(shapes, block, units) {
    this.shapes = shapes;
    this.left = block.raw("left");
    this.right = block.raw("right");
    this.units = units;
  }

  /**
   * Returns the boundary of the area that consists of the cells for which `inside` returns true, as rings.
   *
   * @param {(cell: number) => boolean} inside is called with -1 too
   */
  rings(inside) {
    const signed = [];
    for (let arc = 0; arc < this.left.length; arc++) {
      const isLeft = inside(this.left[arc]);
      if (isLeft !== inside(this.right[arc])) signed.push(isLeft ? arc : ~arc);
    }
    return joinArcs(this.shapes, signed);
  }

  /** Calls `visit` with the number of each unit and the numbers of its cells. @param {(unit: number, cells: Set<number>) => void} visit */
  eachUnit(visit) {
    const counts = this.units.raw("count"), cells = this.units.raw("cells");
    for (let unit = 0, first = 0; unit < this.units.rows; first += counts[unit++]) visit(unit, new Set(cells.subarray(first, first + counts[unit])));
  }
}
