/* What lies together on the screen: sites gathered in the cells of a grid, and cells that stand too close made one.
 *
 * Where few enough rows are in view they are gathered one by one, as linked lists (`head`, `next`) over the cells of a screen
 * grid; where there are more, a group is a run of rows that nobody walks through.
 */

const CELL = 44; // px within which sites are gathered
const NEAR = 36; // px: gatherings closer than this become one
const WIDE = 72; // px of a cell of runs
export const SPREAD = 240; // px around the canvas: what stands there may reach into it
const SINGLY = 24000; // rows in view that are gathered one by one
const FEW = 240; // rows of a run that are looked at one by one
export const BLOCK_FROM = 9.5; // zoom from which sites of one point are set out

export const layout = /** @type {Mixin} */ ({
  /**
   * Groups in a view, with what is drawn of them (shape.js); kept until view, filter or language change. What stands must not
   * change when the margin is added: all of the picture is gathered, whichever part of it is asked for.
   *
   * @param {any} part
   */
  _groups(part) {
    const view = this._bounds && this._bounds.contains(part.bounds) ? this.view(this._bounds) : part;
    if (view.zoom < this.options.from) { this.dots = []; this._groupKey = ""; return []; }
    const key = `${view.zoom}|${view.ox}|${view.oy}|${view.bounds.min}|${view.bounds.max}|${this.turn || 0}|${this.language}`;
    if (this._groupKey === key) return this._groupsNow;
    const box = this.crowd.box(view, SPREAD), { runs, total } = this.crowd.runs(box);
    const many = this.crowd.sorted && total > SINGLY;
    const groups = many ? this._fromRuns(box, view) : this._fromRows(runs, view);
    this.dots = many ? this.crowd.dots(this.crowd.box(view, 0), this.crowd.shift(3, view.size)) : [];
    this._beside = null;
    this._groupsNow = this._merge(groups, view.size).map((/** @type {any} */ group) => this._shape(group, view));
    if (many) this._stepAside(this._groupsNow, view);
    this._groupKey = key;
    return this._groupsNow;
  },

  /**
   * The grid is fixed to the world, so that panning does not gather anew; a margin holds what reaches into the view.
   *
   * @param {any} runs
   * @param {{ zoom: number, size: any, ox: any, oy: any, bounds: Bounds }} given
   */
  _fromRows(runs, { zoom, size, ox, oy, bounds }) {
    const { x, y } = this.at, { next, crowd } = this, cell = zoom >= 15 ? 12 : CELL;
    const i0 = Math.floor((bounds.min.x - SPREAD + ox) / cell), j0 = Math.floor((bounds.min.y - SPREAD + oy) / cell);
    const columns = Math.ceil((bounds.max.x - bounds.min.x + 2 * SPREAD) / cell) + 1, lines = Math.ceil((bounds.max.y - bounds.min.y + 2 * SPREAD) / cell) + 1;
    const head = new Int32Array(columns * lines).fill(-1), count = new Uint32Array(columns * lines);
    for (const [from, to] of runs) {
      for (let row = to - 1; row >= from; row--) {
        if (!crowd.shows(row)) continue;
        const i = Math.floor((x[row] * size) / cell) - i0, j = Math.floor((y[row] * size) / cell) - j0;
        if (i < 0 || j < 0 || i >= columns || j >= lines) continue;
        const at = j * columns + i;
        next[row] = head[at];
        head[at] = row;
        count[at]++;
      }
    }
    const groups = [];
    for (let at = 0; at < head.length; at++) if (head[at] >= 0) groups.push(this._gather(this._list(head[at]), { heads: [head[at]], runs: [], count: count[at] }));
    return groups;
  },

  /**
   * @param {Box} box
   * @param {any} view
   */
  _fromRuns(box, view) {
    const { crowd } = this;
    return crowd.cells(box, crowd.shift(WIDE, view.size)).map((/** @type {any} */ cell) => {
      const [[from, to]] = cell.runs;
      cell.heads = [];
      if (cell.count <= FEW) return this._gather(this._ofRun(from, to), cell);
      const anchor = crowd.shared(from, to, cell.count), first = crowd.first(from, to);
      if (anchor < 0) return { ...cell, first, one: false, anchor };
      return { ...cell, first, one: false, anchor, x: this.at.x[anchor], y: this.at.y[anchor] };
    });
  },

  /** @param {any} head */
  _list(head) {
    const rows = [];
    for (let row = head; row >= 0; row = this.next[row]) rows.push(row);
    return rows;
  },

  /**
   * @param {any} from
   * @param {any} to
   */
  _ofRun(from, to) {
    const rows = [];
    for (let row = from; row < to; row++) if (this.crowd.shows(row)) rows.push(row);
    return rows;
  },

  /**
   * A group stands on the point that most of its rows share (`anchor`, one of them), else in their middle. The point is
   * found by one pass of votes and one of counting.
   *
   * @param {any} rows
   * @param {any} group
   */
  _gather(rows, group) {
    const { x, y } = this.at, count = rows.length;
    let anchor = rows[0], first = rows[0], votes = 0, sumX = 0, sumY = 0;
    for (const row of rows) {
      if (votes === 0) anchor = row;
      votes += x[row] === x[anchor] && y[row] === y[anchor] ? 1 : -1;
      sumX += x[row];
      sumY += y[row];
      if (this._before(row, first)) first = row;
    }
    let there = 0;
    for (const row of rows) if (x[row] === x[anchor] && y[row] === y[anchor]) there++;
    if (there * 2 <= count) return { ...group, first, x: sumX / count, y: sumY / count, one: false, anchor: -1 };
    return { ...group, first, x: x[anchor], y: y[anchor], one: there === count, anchor };
  },

  /**
   * Groups whose middles are closer than a badge is wide become one.
   *
   * @param {any[]} groups
   * @param {any} size
   */
  _merge(groups, size) {
    if (groups.length > 700 || size > 256 * 2 ** 15) return groups;
    const near = NEAR / size, setOut = size >= 256 * 2 ** BLOCK_FROM;
    groups.sort((a, b) => b.count - a.count || (this._before(a.first, b.first) ? -1 : 1));
    /** @type {any[]} */
    const kept = [];
    for (const group of groups) {
      // Two blocks stay two: each is set out beside its own point.
      const host = kept.find((one) => Math.hypot(one.x - group.x, one.y - group.y) < near && !(setOut && one.one && group.one && one.count > 1));
      if (!host) { kept.push(group); continue; }
      host.one = host.one && group.one && host.x === group.x && host.y === group.y;
      if (host.anchor < 0) {
        host.x = (host.x * host.count + group.x * group.count) / (host.count + group.count);
        host.y = (host.y * host.count + group.y * group.count) / (host.count + group.count);
      }
      host.heads.push(...group.heads);
      host.runs.push(...group.runs);
      host.count += group.count;
      if (host.tally) host.tally = host.tally.map((/** @type {any} */ number, /** @type {any} */ kind) => number + group.tally[kind]);
      if (host.corners) host.corners = host.corners.map((/** @type {any} */ edge, /** @type {number} */ k) => (k < 2 ? Math.min : Math.max)(edge, group.corners[k]));
    }
    return kept;
  },

  /**
   * Rows of a group by family, category and row; at most `most` of them, in the order of the table.
   *
   * @param {any} group
   */
  _rowsOf(group, most = Infinity) {
    const rows = [];
    for (const head of group.heads) for (let row = head; row >= 0 && rows.length < most; row = this.next[row]) rows.push(row);
    for (const [from, to] of group.runs) for (let row = from; row < to && rows.length < most; row++) if (this.crowd.shows(row)) rows.push(row);
    return rows.length > 5000 ? rows : rows.sort((a, b) => (this._before(a, b) ? -1 : 1));
  },

  /**
   * How many of each family a group has.
   *
   * @param {any} group
   */
  _tally(group) {
    if (group.tally) return group.tally;
    const tally = (group.tally = new Uint32Array(this.families.length));
    for (const head of group.heads) for (let row = head; row >= 0; row = this.next[row]) tally[this.crowd.kinds[row]]++;
    return tally;
  },

  /**
   * @param {any} a
   * @param {any} b
   */
  _before(a, b) { return (this.rank[this.codes[a]] - this.rank[this.codes[b]] || a - b) < 0; },

  /**
   * Whether one of the rows is in a group; `rows` are few.
   *
   * @param {any} group
   * @param {any} rows
   */
  _holds(group, rows) {
    for (const row of rows) if (group.runs.some((/** @type {any[]} */ [from, to]) => row >= from && row < to)) return true;
    if (group.heads.length && rows.size) for (const head of group.heads) for (let row = head; row >= 0; row = this.next[row]) if (rows.has(row)) return true;
    return false;
  },
});
