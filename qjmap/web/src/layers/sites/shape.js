/* How a group of sites is drawn: one symbol, a badge with its number, or a block set out beside the point that all share. */

import { BLOCK_FROM } from "./layout.js";
import { labelsOf } from "../../runtime/labels.js";

const NAMES_FROM = 11.5; // zoom from which they are set out with their names
const MOST = 240; // sites set out at one point; more stay a gathering
export const STEP = 20; // px between symbols of a block
const LINE = 19; // px between names of a block
export const COLUMN = 172; // px, a column of names
export const PAD = 8;
export const CAPTION = 17;
export const RADIUS = 6.2;

/** @type {Record<string, Record<string, string>>} */
const KNOWN_TO = {
  park: { zh: "位置仅知到园区", en: "known only to the park" },
  town: { zh: "位置仅知到镇街", en: "known only to the town" },
  district: { zh: "位置仅知到区级", en: "known only to the district" },
  city: { zh: "位置仅知到市级", en: "known only to the city" },
  province: { zh: "位置仅知到省级", en: "known only to the province" },
  country: { zh: "位置仅知到国家", en: "known only to the country" },
};

export const shape = /** @type {Mixin} */ ({
  /**
   * How a group is drawn: one symbol, a badge or a block; where a place's own mark stands, beside it.
   *
   * @param {any} cells
   * @param {any} view
   */
  _shape(cells, view) {
    const { heads, runs, count, one, anchor, first, tally, corners } = cells;
    /** @type {any} */
    const group = { heads, runs, count, one, first, tally, corners, px: view.px(cells.x), py: view.py(cells.y), kind: "badge" };
    const onPlace = anchor >= 0 && this.block.at("position_of", anchor) !== "";
    if (count === 1) group.kind = "one";
    else if (one && count <= MOST && view.zoom >= BLOCK_FROM) group.kind = "block";
    if (group.kind === "block") this._layBlock(group, cells, view);
    else {
      group.r = count === 1 ? RADIUS : 9.5 + Math.min(9, Math.log2(count) * 1.4);
      const away = onPlace ? group.r + (count === 1 ? 6 : 9) : 0;
      group.x = group.px + away * 0.72;
      group.y = group.py - away * 0.72;
    }
    return group;
  },

  /**
   * A badge of a crowd stands on the middle of its sites, where a town's own mark is likely to stand: then beside that, on a
   * side where no other badge is; where there is none it stays.
   *
   * @param {any[]} groups
   * @param {any} view
   */
  _stepAside(groups, view) {
    const round = groups.filter((group) => group.kind === "badge");
    if (!round.length) return;
    const marks = (this._beside = this._beside || labelsOf(this._map).boxesBeside(this, view)).filter((/** @type {any} */ box) => box[2] - box[0] <= 40);
    for (const group of round) {
      const mark = marks.find((/** @type {any[]} */ [west, north, east, south]) => Math.hypot((west + east) / 2 - group.x, (north + south) / 2 - group.y) <= group.r);
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
  },

  /**
   * A block of symbols, later of names, beside the point: on the side where it covers least. The side is kept for a zoom.
   *
   * @param {any} group
   * @param {any} cells
   * @param {any} view
   */
  _layBlock(group, cells, view) {
    const count = group.count, width = this._map.getSize().x, abreast = Math.max(1, Math.min(3, Math.floor((width - 120) / COLUMN)));
    const names = (view.zoom >= NAMES_FROM && count <= 25 * abreast) || (count <= 4 && view.zoom >= 10.5);
    const lines = names ? Math.min(count, Math.max(6, Math.ceil(count / abreast))) : Math.ceil(count / Math.max(3, Math.min(Math.ceil(Math.sqrt(count * 1.7)), Math.floor((width / 2 - 46) / STEP))));
    const columns = Math.ceil(count / lines), stepX = names ? COLUMN : STEP, stepY = names ? LINE : STEP;
    const caption = this._caption(group), captionWidth = caption.length * (this.language === "en" ? 6 : 11.2) + 12;
    group.names = names;
    group.lines = lines;
    group.stepX = stepX;
    group.stepY = stepY;
    group.caption = caption;
    group.w = Math.max(columns * stepX + 2 * PAD, captionWidth);
    group.h = lines * stepY + 2 * PAD + CAPTION;
    const key = `${cells.x},${cells.y},${view.zoom},${this.turn || 0},${count},${this.language}`;
    if (!this.sides.has(key)) {
      if (this.sides.size > 500) this.sides.clear();
      this.sides.set(key, this._bestSide(group, view));
    }
    const [dx, dy] = this.sides.get(key);
    group.x = group.px + dx;
    group.y = group.py + dy;
  },

  /**
   * @param {any} group
   * @param {any} view
   */
  _bestSide(group, view) {
    const { w, h } = group, gap = 26, labels = labelsOf(this._map), ways = labels.ways(view);
    const beside = (this._beside = this._beside || labels.boxesBeside(this, view)), frame = labels.frame();
    const sides = [[gap, -h / 2], [gap, -h - gap / 2], [gap, gap / 2], [-gap - w, -h / 2], [-gap - w, -h - gap / 2], [-gap - w, gap / 2], [-w / 2, gap], [-w / 2, -h - gap]];
    let best = sides[0], least = Infinity;
    sides.forEach(([dx, dy], k) => {
      const box = [group.px + dx, group.py + dy, group.px + dx + w, group.py + dy + h];
      let cost = ways.cost(box) * 4 + k * 0.05;
      for (const other of beside) if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) cost += 0.7;
      const inside = Math.max(0, Math.min(box[2], frame[2]) - Math.max(box[0], frame[0])) * Math.max(0, Math.min(box[3], frame[3]) - Math.max(box[1], frame[1]));
      cost += 6 * (1 - inside / (w * h)); // what the frame would cut off
      if (cost < least) { least = cost; best = [dx, dy]; }
    });
    return best;
  },

  /** @param {any} group */
  _caption(group) {
    const known = KNOWN_TO[this.block.at("level", group.first)], english = this.language === "en";
    const number = english ? `${group.count} sites` : `${group.count}处`;
    return known ? `${number} · ${known[this.language] || known.zh}` : number;
  },

  /**
   * Where the k-th of a block stands.
   *
   * @param {any} group
   * @param {number} k
   */
  _slot(group, k) {
    return [group.x + PAD + Math.floor(k / group.lines) * group.stepX + STEP / 2, group.y + PAD + CAPTION + (k % group.lines) * group.stepY + group.stepY / 2];
  },
});
