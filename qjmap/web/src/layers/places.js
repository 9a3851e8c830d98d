/* Layer of places: a mark that shows how precise the position is, with a name beside it. No mark covers another. */

import { PointLayer } from "../runtime/block-layer.js";
import { pointsOf } from "../runtime/shapes.js";

const POINTED = new Set(["exact", "site", "park"]); // precisions at which the point itself is known; drawn with a large dot
// Order of kinds among places at one point; the first place determines how the mark looks.
const FIRST = ["city", "district", "town", "development-zone", "park", "port", "station", "province", "country", "area"];
/* [rank, zoom]: places up to this rank are shown from this zoom on; those of higher ranks from LAST_ZOOM on. */
const ZOOM_OF_RANK = [[4, 0], [6, 5], [8, 7.75]], LAST_ZOOM = 8.5;
const CIRCLES = 3; // number of selected places up to which their circles of uncertainty are drawn

/**
 * @typedef {{ home?: boolean, zone?: boolean, area?: boolean, level?: string, lifted?: boolean, withdrawn?: boolean }} MarkStyle
 * What a mark shows: `home` for the home of the map, `zone` for a development zone, `area` for a place of the kind "area", `level` for the
 * precision of the position, `lifted` for a place that is selected or under the pointer, `withdrawn` for one that only the old edition has.
 */
/**
 * The mark of the places at one point. `rows` are these places, the most important first (`row`); `joined` are the rows of other marks that
 * had no room beside this one; `rank` is the lowest rank of the rows, on which the zoom depends from which they are shown; `order` is the
 * drawing order, the lowest in front; x, y in layer pixels.
 *
 * @typedef {{ rows: number[], row: number, home: boolean, lifted: boolean, order: number, rank: number, joined: number[], x: number, y: number }} Mark
 */

/**
 * Draws a circle: filled if there is a colour for that, and outlined if `line` is true.
 *
 * @param {Ctx} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {string | null} fill
 * @param {boolean} [line]
 */
function circle(ctx, x, y, r, fill, line = false) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  if (fill) { ctx.fillStyle = fill; ctx.fill(); }
  if (line) ctx.stroke();
}

/**
 * Draws the mark of a place by the precision of its position: a ring with a large dot for exact, site and park, a larger ring with a small dot
 * for city, province and country, a ring alone for town and district. A development zone has a square, an area or a withdrawn place a dashed
 * ring, home a larger mark.
 *
 * @param {Ctx} ctx
 * @param {number} x
 * @param {number} y
 * @param {Palette} c
 * @param {MarkStyle} style
 */
function drawMark(ctx, x, y, c, { home, zone, area, level = "", lifted, withdrawn }) {
  ctx.lineWidth = lifted ? 2 : 1.3;
  ctx.strokeStyle = home ? c.homeLine : c.ink;
  ctx.fillStyle = c.paper;
  ctx.setLineDash([]);
  if (home) {
    circle(ctx, x, y, 7, c.paper, true);
    circle(ctx, x, y, 3.4, c.homeLine);
  } else if (area || withdrawn) {
    ctx.setLineDash([2, 2]);
    ctx.strokeStyle = c.ring;
    circle(ctx, x, y, 4, null, true);
    ctx.setLineDash([]);
  } else if (zone) {
    ctx.beginPath(); ctx.rect(x - 3.4, y - 3.4, 6.8, 6.8); ctx.fill(); ctx.stroke();
  } else {
    const wide = level === "city" || level === "province" || level === "country";
    circle(ctx, x, y, wide ? 4.2 : 3.4, c.paper, true);
    if (POINTED.has(level)) circle(ctx, x, y, 2, c.ink);
    if (wide) circle(ctx, x, y, 1.3, c.ink);
  }
}

/**
 * Returns the zoom from which places of a rank are shown. The rank of a place that is no partner is 4 higher than that of a partner of its
 * kind (`Places._rank` in qjmap/layers/places.py), so that it appears at a larger zoom.
 *
 * @param {number} rank
 */
function zoomOfRank(rank) {
  const step = ZOOM_OF_RANK.find(([most]) => rank <= most);
  return step ? step[1] : LAST_ZOOM;
}

/** The layer of places. */
class Places extends PointLayer {
  /** @type {number[][]} for each point the rows of its places, the most important first */
  spots = [];
  _lifts = 0; // number of times that the selected or hovered places changed
  _marksKey = ""; // identifies the view of `_marksNow`
  /** @type {Mark[]} cached marks of that view */
  _marksNow = [];

  /** Groups the rows by their points. @param {Block} block */
  _read(block) {
    this.at = pointsOf(block);
    /** @type {Map<string, number[]>} */
    const spots = new Map();
    for (let row = 0; row < block.rows; row++) {
      if (!this.at.located[row]) continue;
      const key = `${this.at.x[row]},${this.at.y[row]}`;
      spots.set(key, [...(spots.get(key) || []), row]);
    }
    // Places with a position of their own come first, then those that take the position of another place, as a province does of its capital.
    const kindOrder = (/** @type {number} */ row) => (FIRST.indexOf(block.at("kind", row)) + FIRST.length + 1) % (FIRST.length + 1);
    const isBorrowed = (/** @type {number} */ row) => (block.has("position_of") && block.at("position_of", row) ? 1 : 0);
    const rank = (/** @type {number} */ row) => Number(block.at("rank", row));
    this.spots = Array.from(spots.values());
    for (const rows of this.spots) rows.sort((a, b) => isBorrowed(a) - isBorrowed(b) || kindOrder(a) - kindOrder(b) || rank(a) - rank(b));
  }

  /** Returns whether a place is the home of the map. @param {number} row */
  _isHome(row) { return Number(this.block.at("home", row)) === 1; }

  /**
   * Returns the mark of the places at one point; null if none of them is shown in the view.
   *
   * @param {number[]} spot
   * @param {View} view
   * @returns {Mark | null}
   */
  _mark(spot, view) {
    const x = this.at.x[spot[0]], y = this.at.y[spot[0]];
    if (x < view.west || x > view.east || y < view.north || y > view.south) return null;
    const rows = this._shown ? spot.filter((row) => this.passes(this._id(row))) : spot;
    if (!rows.length) return null;
    const home = rows.some((row) => this._isHome(row)), lifted = rows.some((row) => this.state(this._id(row)) > 0);
    const rank = Math.min(...rows.map((row) => Number(this.block.at("rank", row))));
    if (view.zoom < zoomOfRank(rank) && !lifted) return null;
    return { rows, row: rows[0], home, lifted, order: home ? -2 : lifted ? -1 : rank, rank, joined: [], x: view.px(x), y: view.py(y) };
  }

  /**
   * Returns the marks of a view, the most important first. A mark without room beside a more important one joins it: its places can still be
   * hit and selected there, and get a mark of their own at a larger zoom.
   *
   * @param {View} view
   */
  _marks(view) {
    const key = `${this.viewKey(view)}|${this._lifts}`;
    if (this._marksKey === key) return this._marksNow;
    const marks = this.spots.flatMap((spot) => this._mark(spot, view) || []);
    marks.sort((a, b) => a.order - b.order || a.row - b.row);
    /** @type {Mark[]} */
    const apart = [];
    for (const mark of marks) {
      const host = apart.find((other) => Math.hypot(other.x - mark.x, other.y - mark.y) < (other.home ? 13 : 9));
      if (host) host.joined.push(...mark.rows); else apart.push(mark);
    }
    this._marksKey = key;
    return (this._marksNow = apart);
  }

  /** Draws the selected places over the others. @param {string[] | null} ids null for none */
  highlight(ids) { this._lifts++; return super.highlight(ids); }
  /** Draws the places under the pointer over the others. @param {string[] | null} ids null for none */
  hover(ids) { this._lifts++; return super.hover(ids); }

  /**
   * Draws the marks, the most important last, below them the circles of uncertainty of a few selected places.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const { block, _chosen: chosen } = this, marks = this._marks(view);
    if (chosen && chosen.size <= CIRCLES) {
      for (const { rows } of marks) {
        const row = rows.find((one) => chosen.has(this._id(one)));
        if (row !== undefined) this.ring(ctx, view, row);
      }
    }
    for (const { row, home, lifted, x, y } of marks.slice().reverse()) {
      const kind = block.at("kind", row);
      drawMark(ctx, x, y, view.colours, { home, zone: kind === "development-zone", area: kind === "area", level: block.at("precision", row), lifted, withdrawn: this.withdrawn.has(this._id(row)) });
    }
  }

  /**
   * Returns the ids of the places of the mark at a layer point, those that joined it included.
   *
   * @param {Point} point
   * @param {number} reach in pixels
   */
  hit(point, reach) {
    for (const { rows, joined, home, x, y } of this._marks(this.view())) {
      if (Math.hypot(x - point.x, y - point.y) <= Math.max(reach, home ? 9 : 6)) return [...rows, ...joined].map((row) => this._id(row));
    }
    return [];
  }

  /** Returns a label for each mark of a view. @param {View} view */
  labels(view) { return this._marks(view).map((mark) => this._label(mark, view)); }

  /**
   * Returns the label of a mark. Home, partners and areas have styles of their own.
   *
   * @param {Mark} mark
   * @param {View} view
   * @returns {Label}
   */
  _label({ rows, row, rank, home, lifted, x, y }, view) {
    const c = view.colours, { block } = this;
    const area = block.at("kind", row) === "area";
    const partner = block.has("partner") && rows.some((one) => Number(block.at("partner", one)) === 1);
    const label = {
      text: this._names(rows, view.zoom), x, y, gaps: home ? [12, 20, 34] : [8, 14, 22],
      colour: this.withdrawn.has(this._id(row)) ? c.ring : lifted || home || (partner && !area) ? c.ink : c.inkSoft, priority: home ? -1 : lifted ? 0 : rank,
    };
    const lettering = area ? { spacing: 2, limit: lifted ? undefined : 0.5 } : {};
    if (home) return { ...label, ...lettering, size: 16, weight: 700 };
    if (area) return { ...label, ...lettering, size: 12, weight: 400 };
    return partner ? { ...label, size: 13.5, weight: 600 } : { ...label, size: 12, weight: 400 };
  }

  /**
   * Returns the text of a label: the name of the first place and, from zoom 10 on, the names of up to two others at the same point.
   *
   * @param {number[]} rows rows of the places at one point
   * @param {number} zoom
   */
  _names(rows, zoom) {
    const first = this.nameOf(rows[0]);
    if (rows.length === 1 || zoom < 10) return first;
    const more = rows.slice(1, 3).map((row) => this.nameOf(row));
    return [first, ...more].join(" · ") + (rows.length > 3 ? " …" : "");
  }

  /** Returns the boxes of the marks in a view. @param {View} view */
  obstacles(view) {
    return this._marks(view).map(({ home, x, y }) => { const r = home ? 8 : 6; return [x - r, y - r, x + r, y + r]; });
  }

  visibleIds() {
    if (!this._map || !this.loaded) return [];
    return this._marks(this.view(this.around(0))).flatMap(({ rows, joined }) => [...rows, ...joined].map((row) => this._id(row)));
  }

  legend() {
    /**
     * Makes a legend entry with a mark in a style.
     *
     * @param {string} key
     * @param {MarkStyle} style
     * @returns {LegendEntry}
     */
    const entry = (key, style) => ({ key, kind: "place", draw: (ctx, w, h) => drawMark(ctx, w / 2, h / 2, this.colours(), style) });
    return [entry("home", { home: true }), entry("city", { level: "city" }), entry("district", { level: "district" }), entry("development-zone", { zone: true })];
  }
}

/**
 * Makes the layer of places.
 *
 * @param {DataElement} element
 * @param {LayerOptions} [options]
 */
export const makePlaces = (element, options) => new Places("places", 560, element, options);
