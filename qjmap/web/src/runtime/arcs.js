/* Arcs that neighbouring areas share, joined to lines and rings. */

/**
 * Shapes of one part for each line or ring that arcs make end to end.
 *
 * @param {Shapes} shapes the arcs, a part each
 * @param {number[]} signed numbers of arcs; ~number of one that is followed against its vertices
 * @returns {Shapes}
 */
export function joinArcs({ x, y, start }, signed) {
  /** @type {Map<string, number[]>} arcs by their first vertex */
  const after = new Map(), ends = new Set();
  /** @param {number} vertex */
  const key = (vertex) => `${x[vertex]},${y[vertex]}`;
  /** @param {number} arc @param {boolean} last */
  const end = (arc, last) => key(arc >= 0 === last ? start[Math.max(arc, ~arc) + 1] - 1 : start[Math.max(arc, ~arc)]);
  for (const arc of signed) {
    const from = end(arc, false), others = after.get(from);
    if (others) others.push(arc); else after.set(from, [arc]);
    ends.add(end(arc, true));
  }
  const outX = /** @type {number[]} */ ([]), outY = /** @type {number[]} */ ([]), starts = /** @type {number[]} */ ([]), boxes = /** @type {number[]} */ ([]);
  const keys = Array.from(after.keys());
  for (const head of [...keys.filter((from) => !ends.has(from)), ...keys]) { // open lines begin where none ends
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
  /** @param {string} from */
  function nextArc(from) { const arcs = after.get(from); return arcs && arcs.shift(); }
  const count = starts.length, parts = Uint32Array.from({ length: count + 1 }, (_, part) => part);
  return { x: Float64Array.from(outX), y: Float64Array.from(outY), start: Uint32Array.from([...starts, outX.length]), row: parts, box: Float64Array.from(boxes), first: parts, count };
}

/** The arcs of a page and the units that they bound. */
export class Arcs {
  /**
   * @param {Shapes} shapes the arcs, a part each
   * @param {Block} block of the arcs: cells on their left and right, -1 for none
   * @param {Block} units adcode, name, class and cells of each unit
   */
  constructor(shapes, block, units) {
    this.shapes = shapes;
    this.left = block.raw("left");
    this.right = block.raw("right");
    this.units = units;
  }

  /**
   * The rings around the cells that `inside` names.
   *
   * @param {(cell: number) => boolean} inside
   */
  rings(inside) {
    const signed = [];
    for (let arc = 0; arc < this.left.length; arc++) {
      const isLeft = inside(this.left[arc]);
      if (isLeft !== inside(this.right[arc])) signed.push(isLeft ? arc : ~arc);
    }
    return joinArcs(this.shapes, signed);
  }

  /** Calls `visit` with the number of each unit and its cells. @param {(unit: number, cells: Set<number>) => void} visit */
  eachUnit(visit) {
    const counts = this.units.raw("count"), cells = this.units.raw("cells");
    for (let unit = 0, first = 0; unit < this.units.rows; first += counts[unit++]) visit(unit, new Set(cells.subarray(first, first + counts[unit])));
  }
}
