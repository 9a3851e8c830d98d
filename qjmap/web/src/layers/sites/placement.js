/* Decides how a cluster of sites is drawn: as a symbol, as a badge with its number, or as a block beside the point that all of its sites
 * share. */

import { BLOCK_FROM, CAPTION, COLUMN, PAD, RADIUS, STEP } from "./constants.js";
import { labelsOf } from "../../runtime/labels.js";

const NAMES_FROM = 11.5; // zoom from which a block shows the names of its sites
const MOST = 240; // number of sites of a block at most; more are drawn as a badge
const LINE = 19; // px between the names of a block
const GAP = 26; // px between a point and its block
const SIDES = 500; // number of blocks whose offsets are cached at most

/** @type {Record<string, Record<string, string>>} precision -> its words in the caption of a block, by language */
const PRECISION = {
  park: { zh: "仅精确到园区", en: "known only to the park" },
  town: { zh: "仅精确到镇街", en: "known only to the town" },
  district: { zh: "仅精确到区（县）", en: "known only to the district" },
  city: { zh: "仅精确到市（州）", en: "known only to the city" },
  province: { zh: "仅精确到省级", en: "known only to the province" },
  country: { zh: "仅精确到国家", en: "known only to the country" },
};

/**
 * Returns the symbol, badge or block as which a cluster is drawn. A symbol or badge at the point of a place is moved beside the mark of that
 * place.
 *
 * @param {Sites} layer
 * @param {SiteCluster} cluster
 * @param {View} view
 * @returns {SiteGroup}
 */
export function placeGroup(layer, cluster, view) {
  const { heads, runs, count, one, anchor, first, tally, corners } = cluster, px = view.px(cluster.x), py = view.py(cluster.y);
  const isBlock = count > 1 && one && count <= MOST && view.zoom >= BLOCK_FROM;
  /** @type {SiteGroup} */
  const group = {
    heads, runs, count, one, first, tally, corners, kind: count === 1 ? "one" : isBlock ? "block" : "badge",
    px, py, x: px, y: py, r: 0, w: 0, h: 0, lines: 0, stepX: 0, stepY: 0, names: false, caption: "",
  };
  if (isBlock) placeBlock(layer, group, cluster, view);
  else {
    group.r = count === 1 ? RADIUS : 9.5 + Math.min(9, Math.log2(count) * 1.4);
    const onPlace = anchor >= 0 && layer.block.at("position_of", anchor) !== "";
    const away = onPlace ? group.r + (count === 1 ? 6 : 9) : 0;
    group.x += away * 0.72;
    group.y -= away * 0.72;
  }
  return group;
}

/**
 * Moves badges that cover the mark of a place beside it, to a side without another badge. If all sides are taken, the badge stays. The
 * middle of the sites of a town is often near the mark of the town.
 *
 * @param {Sites} layer
 * @param {SiteGroup[]} groups
 * @param {View} view
 */
export function moveBadgesAside(layer, groups, view) {
  const round = groups.filter((group) => group.kind === "badge");
  if (!round.length) return;
  const marks = (layer._beside = layer._beside || labelsOf(layer._map).boxesBeside(layer, view)).filter((box) => box[2] - box[0] <= 40);
  for (const group of round) {
    const mark = marks.find(([west, north, east, south]) => Math.hypot((west + east) / 2 - group.x, (north + south) / 2 - group.y) <= group.r);
    if (!mark) continue;
    const away = (group.r + 9) * 0.72;
    for (const [dx, dy] of [[1, -1], [-1, -1], [1, 1], [-1, 1]]) {
      const x = (mark[0] + mark[2]) / 2 + dx * away, y = (mark[1] + mark[3]) / 2 + dy * away;
      if (round.some((other) => other !== group && Math.hypot(other.x - x, other.y - y) < other.r + group.r + 2)) continue;
      group.x = x;
      group.y = y;
      break;
    }
  }
}

/**
 * Lays out a block, of symbols or at larger zooms of symbols with names, beside its point. Its offset is chosen once for each zoom, so that
 * it does not jump while the map is moved.
 *
 * @param {Sites} layer
 * @param {SiteGroup} group
 * @param {SiteCluster} cluster
 * @param {View} view
 */
function placeBlock(layer, group, cluster, view) {
  const { count } = group, { x: width } = layer._map.getSize(), abreast = Math.max(1, Math.min(3, Math.floor((width - 120) / COLUMN)));
  const names = (view.zoom >= NAMES_FROM && count <= 25 * abreast) || (count <= 4 && view.zoom >= 10.5);
  const square = Math.max(3, Math.min(Math.ceil(Math.sqrt(count * 1.7)), Math.floor((width / 2 - 46) / STEP)));
  const lines = names ? Math.min(count, Math.max(6, Math.ceil(count / abreast))) : Math.ceil(count / square);
  const columns = Math.ceil(count / lines), stepX = names ? COLUMN : STEP, stepY = names ? LINE : STEP;
  const caption = captionOf(layer, group), captionWidth = caption.length * (layer.language === "en" ? 6 : 11.2) + 12;
  Object.assign(group, { names, lines, stepX, stepY, caption, w: Math.max(columns * stepX + 2 * PAD, captionWidth), h: lines * stepY + 2 * PAD + CAPTION });
  const key = `${cluster.x},${cluster.y},${view.zoom},${layer.turn},${count},${layer.language}`;
  let side = layer.sides.get(key);
  if (!side) {
    if (layer.sides.size > SIDES) layer.sides.clear();
    layer.sides.set(key, (side = bestSide(layer, group, view)));
  }
  const [dx, dy] = side;
  group.x = group.px + dx;
  group.y = group.py + dy;
}

/** Returns the area that two boxes share, in square px. @param {Box} a @param {Box} b */
const shared = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

/**
 * Returns the offset [dx, dy] of a block from its point in pixels, to the side on which it covers the fewest lines and symbols and most of it
 * is seen.
 *
 * @param {Sites} layer
 * @param {SiteGroup} group
 * @param {View} view
 */
function bestSide(layer, group, view) {
  const { w, h } = group, labels = labelsOf(layer._map), ways = labels.ways(view);
  const beside = (layer._beside = layer._beside || labels.boxesBeside(layer, view)), { frame, covers } = labels.window();
  const sides = [[GAP, -h / 2], [GAP, -h - GAP / 2], [GAP, GAP / 2], [-GAP - w, -h / 2], [-GAP - w, -h - GAP / 2], [-GAP - w, GAP / 2], [-w / 2, GAP], [-w / 2, -h - GAP]];
  let best = sides[0], least = Infinity;
  sides.forEach(([dx, dy], k) => {
    const box = [group.px + dx, group.py + dy, group.px + dx + w, group.py + dy + h];
    let cost = ways.cost(box) * 4 + k * 0.05;
    for (const other of beside) if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) cost += 0.7;
    const unseen = w * h - shared(box, frame) + covers.reduce((sum, cover) => sum + shared(box, cover), 0);
    cost += 6 * unseen / (w * h);
    if (cost < least) { least = cost; best = [dx, dy]; }
  });
  return best;
}

/**
 * Returns the caption of a block: the number of its sites, and the precision of their position if that is coarse.
 *
 * @param {Sites} layer
 * @param {SiteGroup} group
 */
function captionOf(layer, group) {
  const precision = PRECISION[layer.block.at("level", group.first)], english = layer.language === "en";
  const number = english ? `${group.count} sites` : `${group.count}处`;
  return precision ? `${number} · ${precision[layer.language] || precision.zh}` : number;
}

/**
 * Returns the point [x, y] of the k-th symbol of a block in layer pixels.
 *
 * @param {Sites} layer
 * @param {SiteGroup} group
 * @param {number} k
 */
export function slotOf(layer, group, k) {
  return [group.x + PAD + Math.floor(k / group.lines) * group.stepX + STEP / 2, group.y + PAD + CAPTION + (k % group.lines) * group.stepY + group.stepY / 2];
}
