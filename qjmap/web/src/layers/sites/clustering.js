/* Clusters sites: the rows in a cell of a grid are a cluster, and clusters that are too close to each other are merged.
 *
 * If few rows are in view, they are put into cells one by one, as linked lists (`head`, `next`). If there are many, a cluster is a run of
 * rows in Morton order, which is counted without a loop over its rows.
 */

import { BLOCK_FROM, SPREAD } from "./constants.js";
import { moveBadgesAside, placeGroup } from "./placement.js";

const CELL = 44; // px, side of a cell of the grid
const CLOSE_CELL = 12, CLOSE = 15; // px, side of a cell at large zooms, and the zoom from which it is used
const NEAR = 36; // px: clusters whose middles are closer than this are merged
const WIDE = 72; // px, approximate side of a cell of the spatial index, if clusters are runs of rows
const SINGLY = 24000; // number of rows in view up to which they are put into cells one by one
const FEW = 240; // number of rows of a run up to which a loop over them is affordable
const DOT = 3; // px, approximate side of a cell of the spatial index that is drawn as one dot
const MERGED = 700; // number of clusters up to which close ones are merged
const SORTED = 5000; // number of rows of a group up to which they are sorted

/**
 * Returns the groups of a view as they are drawn. They are cached until view, filter or language change. The whole picture with its margin
 * is always clustered, so that the groups do not change when the margin is drawn.
 *
 * @param {Sites} layer
 * @param {View} part
 * @returns {SiteGroup[]}
 */
export function groupsIn(layer, part) {
  const view = layer._bounds && layer._bounds.contains(part.bounds) ? layer.view(layer._bounds) : part;
  if (view.zoom < (layer.options.from || 0)) { layer.dots = []; layer._groupKey = ""; return []; }
  const key = `${layer.viewKey(view)}|${layer.language}`;
  if (layer._groupKey === key) return layer._groupsNow;
  const box = layer.index.box(view, SPREAD), { runs, total } = layer.index.runs(box);
  const many = layer.index.sorted && total > SINGLY;
  const clusters = many ? clusterRuns(layer, box, view) : clusterRows(layer, runs, view);
  layer.dots = many ? layer.index.dots(layer.index.box(view, 0), layer.index.shift(DOT, view.size)) : [];
  layer._beside = null;
  layer._groupsNow = mergeNear(layer, clusters, view.size).map((cluster) => placeGroup(layer, cluster, view));
  if (many) moveBadgesAside(layer, layer._groupsNow, view);
  layer._groupKey = key;
  return layer._groupsNow;
}

/**
 * Returns a cluster for each cell of a grid that has rows which pass the filter. The grid is fixed to the world, so that panning does not
 * change the clusters, and extends by SPREAD beyond the view.
 *
 * @param {Sites} layer
 * @param {Run[]} runs
 * @param {View} view
 */
function clusterRows(layer, runs, { zoom, size, ox, oy, bounds }) {
  const { x, y } = layer.at, { next, index } = layer, cell = zoom >= CLOSE ? CLOSE_CELL : CELL;
  const i0 = Math.floor((bounds.min.x - SPREAD + ox) / cell), j0 = Math.floor((bounds.min.y - SPREAD + oy) / cell);
  const columns = Math.ceil((bounds.max.x - bounds.min.x + 2 * SPREAD) / cell) + 1, lines = Math.ceil((bounds.max.y - bounds.min.y + 2 * SPREAD) / cell) + 1;
  const head = new Int32Array(columns * lines).fill(-1), count = new Uint32Array(columns * lines);
  for (const [from, to] of runs) {
    for (let row = to - 1; row >= from; row--) {
      if (!index.shows(row)) continue;
      const i = Math.floor((x[row] * size) / cell) - i0, j = Math.floor((y[row] * size) / cell) - j0;
      if (i < 0 || j < 0 || i >= columns || j >= lines) continue;
      const number = j * columns + i;
      next[row] = head[number];
      head[number] = row;
      count[number]++;
    }
  }
  const clusters = [];
  for (let number = 0; number < head.length; number++) {
    if (head[number] >= 0) clusters.push(makeCluster(layer, rowsOfList(layer, head[number]), { heads: [head[number]], runs: [], count: count[number] }));
  }
  return clusters;
}

/**
 * Returns a cluster for each cell of the spatial index, about WIDE px wide, that has rows which pass the filter.
 *
 * @param {Sites} layer
 * @param {Box} box as `PointIndex.box` returns it
 * @param {View} view
 * @returns {SiteCluster[]}
 */
function clusterRuns(layer, box, view) {
  const { index } = layer;
  return index.cells(box, index.shift(WIDE, view.size)).map((cell) => {
    const [[from, to]] = cell.runs;
    const cluster = { ...cell, heads: [] };
    if (cell.count <= FEW) return makeCluster(layer, rowsOfRun(layer, from, to), cluster);
    const anchor = index.shared(from, to, cell.count), first = index.first(from, to);
    if (anchor < 0) return { ...cluster, first, one: false, anchor };
    return { ...cluster, first, one: false, anchor, x: layer.at.x[anchor], y: layer.at.y[anchor] };
  });
}

/**
 * Returns the rows of a linked list.
 *
 * @param {Sites} layer
 * @param {number} head its first row
 */
function rowsOfList(layer, head) {
  const rows = [];
  for (let row = head; row >= 0; row = layer.next[row]) rows.push(row);
  return rows;
}

/**
 * Returns the rows from `from` up to, but without, `to` that pass the filter.
 *
 * @param {Sites} layer
 * @param {number} from
 * @param {number} to
 */
function rowsOfRun(layer, from, to) {
  const rows = [];
  for (let row = from; row < to; row++) if (layer.index.shows(row)) rows.push(row);
  return rows;
}

/**
 * Returns a cluster of rows. It lies at the point that more than half of its rows share (`anchor` is one of them), else in their middle. The
 * shared point is found by the majority vote of Boyer and Moore.
 *
 * @param {Sites} layer
 * @param {number[]} rows
 * @param {{ heads: number[], runs: Run[], count: number, tally?: Numbers, corners?: Box }} group
 * @returns {SiteCluster}
 */
function makeCluster(layer, rows, group) {
  const { x, y } = layer.at, count = rows.length;
  let anchor = rows[0], first = rows[0], votes = 0, sumX = 0, sumY = 0;
  for (const row of rows) {
    if (votes === 0) anchor = row;
    votes += x[row] === x[anchor] && y[row] === y[anchor] ? 1 : -1;
    sumX += x[row];
    sumY += y[row];
    if (isBefore(layer, row, first)) first = row;
  }
  let shared = 0;
  for (const row of rows) if (x[row] === x[anchor] && y[row] === y[anchor]) shared++;
  if (shared * 2 <= count) return { ...group, first, x: sumX / count, y: sumY / count, one: false, anchor: -1 };
  return { ...group, first, x: x[anchor], y: y[anchor], one: shared === count, anchor };
}

/**
 * Merges clusters whose middles are closer than NEAR, and returns the merged clusters. Nothing is merged beyond zoom 15, nor if there are more
 * than MERGED clusters.
 *
 * @param {Sites} layer
 * @param {SiteCluster[]} clusters
 * @param {number} size pixels of the world
 */
function mergeNear(layer, clusters, size) {
  if (clusters.length > MERGED || size > 256 * 2 ** 15) return clusters;
  const near = NEAR / size, asBlocks = size >= 256 * 2 ** BLOCK_FROM;
  clusters.sort((a, b) => b.count - a.count || (isBefore(layer, a.first, b.first) ? -1 : 1));
  /** @type {SiteCluster[]} */
  const merged = [];
  for (const cluster of clusters) {
    // A cluster that is drawn as a block is merged with no other cluster whose sites share a point: each block belongs to its own point.
    const host = merged.find((other) => Math.hypot(other.x - cluster.x, other.y - cluster.y) < near && !(asBlocks && other.one && cluster.one && other.count > 1));
    if (!host) merged.push(cluster);
    else mergeInto(host, cluster);
  }
  return merged;
}

/**
 * Merges a cluster into another one, which is changed.
 *
 * @param {SiteCluster} host
 * @param {SiteCluster} cluster
 */
function mergeInto(host, cluster) {
  host.one = host.one && cluster.one && host.x === cluster.x && host.y === cluster.y;
  if (host.anchor < 0) {
    host.x = (host.x * host.count + cluster.x * cluster.count) / (host.count + cluster.count);
    host.y = (host.y * host.count + cluster.y * cluster.count) / (host.count + cluster.count);
  }
  host.heads.push(...cluster.heads);
  host.runs.push(...cluster.runs);
  host.count += cluster.count;
  const { tally, corners } = cluster; // both clusters have them, or neither
  if (host.tally && tally) host.tally = host.tally.map((number, kind) => number + tally[kind]);
  if (host.corners && corners) host.corners = host.corners.map((edge, k) => (k < 2 ? Math.min : Math.max)(edge, corners[k]));
}

/**
 * Returns the rows of a group, sorted by family, category and row unless they are very many.
 *
 * @param {Sites} layer
 * @param {SiteGroup} group
 * @param {number} [most] number of rows that are returned at most
 */
export function rowsOf(layer, group, most = Infinity) {
  const rows = [];
  for (const head of group.heads) for (let row = head; row >= 0 && rows.length < most; row = layer.next[row]) rows.push(row);
  for (const [from, to] of group.runs) for (let row = from; row < to && rows.length < most; row++) if (layer.index.shows(row)) rows.push(row);
  return rows.length > SORTED ? rows : rows.sort((a, b) => (isBefore(layer, a, b) ? -1 : 1));
}

/**
 * Returns the number of sites of each family in a group; it is computed once.
 *
 * @param {Sites} layer
 * @param {SiteGroup} group
 */
export function countFamilies(layer, group) {
  if (group.tally) return group.tally;
  const tally = (group.tally = new Uint32Array(layer.families.length));
  for (const head of group.heads) for (let row = head; row >= 0; row = layer.next[row]) tally[layer.index.kinds[row]]++;
  return tally;
}

/**
 * Returns whether row a comes before row b when rows are sorted by family, category and row.
 *
 * @param {Sites} layer
 * @param {number} a
 * @param {number} b
 */
function isBefore(layer, a, b) { return (layer.rank[layer.codes[a]] - layer.rank[layer.codes[b]] || a - b) < 0; }

/**
 * Returns whether a group has any of some rows.
 *
 * @param {Sites} layer
 * @param {SiteGroup} group
 * @param {Set<number>} rows a few rows
 */
export function holdsAny(layer, group, rows) {
  for (const row of rows) if (group.runs.some(([from, to]) => row >= from && row < to)) return true;
  if (group.heads.length && rows.size) for (const head of group.heads) for (let row = head; row >= 0; row = layer.next[row]) if (rows.has(row)) return true;
  return false;
}
