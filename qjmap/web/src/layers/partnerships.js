/* Layer of partnerships: bowed arcs in warm colours between two points, and stars between three or more points.
 *
 * Hovered and selected partnerships are drawn on a canvas of their own above the others, which fade as a whole. Hovering therefore takes
 * the same time however many partnerships there are.
 */

import { greatCircles, layOut, rowShapes } from "./partnerships/arc-geometry.js";
import { BARE, drawArcs, drawMark, drawTies, linesIn, marksIn, traceArc } from "./partnerships/drawing.js";
import { bundleRows, strandsOf } from "./partnerships/arc-bundles.js";
import { legendOf } from "./partnerships/legend-entries.js";
import { SlicedLayer } from "./partnerships/sliced-painting.js";
import { drawBadge, strokeArc } from "./partnerships/strokes.js";
import { paintCanvas } from "../runtime/canvas-layer.js";
import { LabelledLayer } from "../runtime/labelled-layer.js";
import { distanceToSegment, pointsOf, worldX, worldY } from "../runtime/shapes.js";

const BIG = 400; // number of lines above which they are painted in slices (sliced-painting.js)
const QUIET = 0.2; // opacity of the canvas while some partnerships are lifted (selected or hovered)
const BADGE = [-21, 17]; // px, offset of a badge from its point
const BADGES_FROM = 5; // zoom from which badges are drawn

/** The hovered and selected partnerships, on a canvas of their own. */
class LiftedArcs extends LabelledLayer {
  loaded = true;

  /** `owner` is the layer whose partnerships are lifted. @param {Partnerships} owner */
  constructor(owner) {
    super("partnerships-lift", 465);
    this.owner = owner;
  }

  /**
   * Draws the hovered and selected partnerships, except in print, where their owner draws them on its own canvas.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) { if (this.owner.theme !== "print") this.owner.drawLifted(ctx, { ...view, colours: this.owner.colours() }); }
}

/** The layer of partnerships. Ids are those of rows; rows that are drawn as one arc or star are a bundle. */
export class Partnerships extends SlicedLayer {
  lift = new LiftedArcs(this);
  /** @type {Points} points of the rows that have a badge instead of a line */
  badges = /** @type {never} */ (undefined); // until it is loaded
  /** @type {ArcPoints} positions (WGS 84 degrees) at which arcs and stars begin, end or join; bundles refer to them by index */
  points = { lon: new Float64Array(0), lat: new Float64Array(0) };
  /** @type {Set<number>} indices of the points that stand for areas */
  areas = new Set();
  /** @type {Bundle[]} */
  bundles = [];
  /** @type {Map<number, Bundle>} row -> its bundle */
  bundleOf = new Map();
  /** @type {ReturnType<typeof greatCircles>} great circles of all legs */
  circles = /** @type {never} */ (undefined);
  _sceneSize = 0; // size of the world for which `_sceneNow` was computed, 0 for none
  /** @type {ArcScene & { badges: BadgeSpot[] }} lines, marks and badges at that size */
  _sceneNow = { lines: [], marks: [], folded: [], badges: [] };
  /** @type {ReturnType<typeof rowShapes> | null} cache of `shapes` */
  _shapes = null;

  /** Reads points and bundles, and computes their great circles. @param {Block} block */
  _read(block) {
    const scale = block.scale("point_lon");
    this.badges = pointsOf(block);
    this.points = { lon: Float64Array.from(block.raw("point_lon"), (lon) => lon * scale), lat: Float64Array.from(block.raw("point_lat"), (lat) => lat * scale) };
    this.areas = new Set(block.raw("areas"));
    this.bundles = bundleRows(block);
    this.bundleOf = new Map(this.bundles.flatMap((bundle) => bundle.rows.map((row) => [row, bundle])));
    this.circles = greatCircles(this.bundles, this.points);
    this._gather();
  }

  /** Computes the strands of all bundles from the rows that pass the filter. */
  _gather() {
    for (const bundle of this.bundles) {
      const rows = this._shown ? bundle.rows.filter((row) => this.passes(this._id(row))) : bundle.rows;
      bundle.strands = strandsOf(this.block, rows, this.options.classes, this.withdrawn);
      bundle.shown = rows;
    }
    this._sceneSize = 0;
  }

  /** Sets the filter, and computes the strands of the rows that pass. @param {ShownRows | null} shown null if all pass */
  setFilter(shown) {
    this._shown = shown;
    if (this.loaded) this._gather();
    return super.setFilter(shown);
  }

  /** Called by Leaflet: adds the layer and, if needed, the canvas of the lifted partnerships. @param {LeafletMap} map */
  onAdd(map) {
    super.onAdd(map);
    this._lifts();
  }

  /** Called by Leaflet: removes the layer and the canvas of the lifted partnerships. @param {LeafletMap} map */
  onRemove(map) {
    this._job = null;
    map.removeLayer(this.lift);
    super.onRemove(map);
  }

  /** Returns the name of a partnership. @param {string} id */
  title(id) { return this.nameOf(/** @type {number} */ (this.block.row(id))); }
  /** Returns the ids of the rows of a bundle that pass the filter. @param {Bundle} bundle */
  idsOf(bundle) { return bundle.shown.map((row) => this._id(row)); }

  /**
   * Returns the lines, marks and badges at a zoom. They are cached until zoom or filter change.
   *
   * @param {number} size pixels of the world at the zoom
   */
  scene(size) {
    if (this._sceneSize === size) return this._sceneNow;
    this._sceneSize = size;
    const scene = layOut(this.bundles, this.circles, size, this.areas);
    return (this._sceneNow = { ...scene, badges: this._badgeSpots(scene.folded) });
  }

  /**
   * Returns the badges: the rows that have no line at a zoom, grouped by their points.
   *
   * @param {Bundle[]} folded bundles whose lines are too short at this zoom
   */
  _badgeSpots(folded) {
    const { x, y, located } = this.badges;
    /** @type {Map<string, BadgeSpot>} */
    const spots = new Map();
    /**
     * Adds a row to the badge at a point in world coordinates.
     *
     * @param {number} wx
     * @param {number} wy
     * @param {number} row
     */
    const add = (wx, wy, row) => {
      const key = `${wx.toFixed(8)},${wy.toFixed(8)}`, spot = spots.get(key);
      if (spot) spot.rows.push(row); else spots.set(key, { wx, wy, rows: [row] });
    };
    for (let row = 0; row < this.block.rows; row++) if (located[row] && !this.bundleOf.has(row)) add(x[row], y[row], row);
    for (const { spots: [first], shown } of folded) {
      for (const row of shown) add(worldX(this.points.lon[first]), worldY(this.points.lat[first]), row);
    }
    return Array.from(spots.values());
  }

  /**
   * Returns the badges of a view, with their rows that pass the filter; x, y of their middles in layer pixels. None below zoom BADGES_FROM.
   *
   * @param {View} view
   */
  badgesIn(view) {
    if (view.zoom < BADGES_FROM) return [];
    return this.scene(view.size).badges.flatMap(({ wx, wy, rows }) => {
      if (wx < view.west || wx > view.east || wy < view.north || wy > view.south) return [];
      const shown = this._shown ? rows.filter((row) => this.passes(this._id(row))) : rows;
      return shown.length ? [{ rows: shown, x: view.px(wx) + BADGE[0], y: view.py(wy) + BADGE[1] }] : [];
    });
  }

  /** Returns the bundles that have a selected or hovered row. */
  _liftedBundles() {
    /** @type {Set<Bundle>} */
    const bundles = new Set();
    for (const id of [...(this._chosen || []), ...(this._hovered || [])]) {
      const row = this.block.row(id), bundle = row === undefined ? undefined : this.bundleOf.get(row);
      if (bundle && bundle.strands.length && this.passes(id)) bundles.add(bundle);
    }
    return bundles;
  }

  /**
   * Draws the selected and hovered partnerships.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  drawLifted(ctx, view) {
    if (!this.loaded) return;
    const lifted = this._liftedBundles(), c = view.colours;
    if (lifted.size) {
      const scene = this.scene(view.size);
      for (const bundle of lifted) drawTies(this, ctx, bundle, view, true);
      for (const line of scene.lines) if (lifted.has(line.bundle)) strokeArc(ctx, (path) => traceArc(path, line, view), line.strand, c, { lift: true });
      for (const mark of scene.marks) if (lifted.has(mark.bundle)) drawMark(ctx, mark, view, true);
    }
    if (!this._anyLifted()) return;
    for (const { rows, x, y } of this.badgesIn(view)) {
      if (rows.some((row) => this.state(this._id(row)) > 0)) drawBadge(ctx, x, y, rows.length, true, c);
    }
  }

  /**
   * Returns a generator that draws all partnerships of a view piece by piece.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  _drawing(ctx, view) { return drawArcs(this, ctx, view); }

  /** Returns whether any partnership is selected or hovered. */
  _anyLifted() { return Boolean((this._hovered || this._chosen || { size: 0 }).size); }

  /**
   * Draws all partnerships on one canvas, for an exported picture and for print.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const quiet = this._anyLifted();
    ctx.globalAlpha = quiet ? QUIET : 1;
    for (const piece of this._drawing(ctx, view)) void piece;
    ctx.globalAlpha = 1;
    if (quiet) this.drawLifted(ctx, view);
  }

  /**
   * Draws the partnerships on the screen. The canvas fades as a whole while some are lifted (`_fade`).
   *
   * @param {View} view
   */
  _paint(view) {
    if (this.theme === "print") { super._paint(view); return; }
    const { min } = this._bounds;
    paintCanvas(this._container, this.theme, (ctx) => {
      ctx.setTransform(this._ratio, 0, 0, this._ratio, -min.x * this._ratio, -min.y * this._ratio);
      for (const piece of this._drawing(ctx, view)) void piece;
    });
  }

  big() { return this.scene(this.view().size).lines.length > BIG; }

  /** Sets the opacity of the canvas: it fades while some partnerships are lifted. */
  _fade() {
    if (this._container) this._container.style.opacity = this._anyLifted() && this.theme !== "print" ? String(QUIET) : "";
  }

  /** Shows or hides the canvas of the lifted partnerships and redraws it. */
  _lifts() {
    this._fade();
    if (!this._map) return;
    if (this.theme === "print") this.redraw();
    else if (this._anyLifted()) this._map.addLayer(this.lift);
    else this._map.removeLayer(this.lift);
    this.lift.redraw();
  }

  /** Lifts the selected partnerships over the others, which fade. @param {string[] | null} ids null for none */
  highlight(ids) {
    this._chosen = ids && new Set(ids);
    this._lifts();
    return this;
  }

  /** Lifts the partnerships under the pointer over the others, which fade. @param {string[] | null} ids null for none */
  hover(ids) {
    const next = ids && ids.length ? new Set(ids) : null;
    const { _hovered: hovered } = this;
    if (!next && !hovered) return;
    if (next && hovered && next.size === hovered.size && Array.from(next).every((id) => hovered.has(id))) return;
    this._hovered = next;
    this._lifts();
  }

  /** Sets the theme, and redraws both canvases. @param {string} theme "light", "dark" or "print" */
  setTheme(theme) {
    super.setTheme(theme);
    this._lifts();
    return this;
  }

  /**
   * Returns the ids of the partnerships of the badge at a layer point, or else of the junctions and nearest lines within `reach` pixels of it.
   *
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    const view = this.view(), { x, y } = point, { size, ox, oy } = view;
    const badge = this.badgesIn(view).find((one) => Math.abs(one.x - x) < 18 && Math.abs(one.y - y) < 6 + reach / 2);
    if (badge) return badge.rows.map((row) => this._id(row));
    const wx = (x + ox) / size, wy = (y + oy) / size, slack = (reach + 4) / size, hits = /** @type {[number, Bundle][]} */ ([]);
    for (const { bundle, strand, x: xs, y: ys, box } of this.scene(size).lines) {
      if (wx < box[0] - slack || wx > box[2] + slack || wy < box[1] - slack || wy > box[3] + slack) continue;
      let least = Infinity;
      for (let k = 1; k < xs.length; k++) least = Math.min(least, distanceToSegment(wx, wy, xs[k - 1], ys[k - 1], xs[k], ys[k]));
      const distance = Math.max(0, least * size - strand.width / 2);
      if (distance <= reach) hits.push([distance, bundle]);
    }
    for (const { bundle, kind, x: mx, y: my } of this.scene(size).marks) {
      if (kind === "knot" && Math.hypot(mx - wx, my - wy) * size < 9) hits.push([-1, bundle]);
    }
    // Only bundles about as near as the nearest one count, since the bundles of a pair run side by side.
    const nearest = Math.min(...hits.map(([distance]) => distance));
    hits.sort((a, b) => a[0] - b[0]);
    return Array.from(new Set(hits.filter(([distance]) => distance <= nearest + 1).map(([, bundle]) => bundle))).flatMap((bundle) => this.idsOf(bundle));
  }

  /**
   * Calls `mark` for the lines and symbols in a view, which labels should not cover; if there are very many, only for the widest.
   *
   * @param {View} view
   * @param {MarkLine} mark
   */
  ways(view, mark) {
    const { size, ox, oy } = view;
    for (const { x, y, strand } of linesIn(this, view).slice(-BARE)) {
      // A wide line counts as several thin ones.
      for (let times = Math.ceil(strand.width / 2); times > 0; times--) {
        for (let k = 1; k < x.length; k++) mark(x[k - 1] * size - ox, y[k - 1] * size - oy, x[k] * size - ox, y[k] * size - oy);
      }
    }
    for (const { x, y, size: of } of marksIn(this, view).slice(0, BARE)) {
      const px = view.px(x), py = view.py(y);
      for (let dy = -of / 2; dy <= of / 2; dy += 4) for (let times = 3; times > 0; times--) mark(px - of / 2, py + dy, px + of / 2, py + dy);
    }
  }

  /** Returns the boxes of the badges in a view. @param {View} view */
  obstacles(view) { return this.badgesIn(view).map(({ x, y }) => [x - 17, y - 9, x + 17, y + 9]); }

  /**
   * Returns a label in the middle of each line with a stated amount of money, if there are very many lines only of the widest: the amount of
   * its first such row, and "+n" for the n other rows with an amount.
   *
   * @param {View} view
   * @returns {Label[]}
   */
  labels(view) {
    const money = /** @type {([string, string] | null)[]} */ (this.block.raw("money")), c = view.colours;
    return linesIn(this, view).slice(-BARE).flatMap(({ x, y, strand }) => {
      const stated = strand.rows.filter((row) => money[row]);
      if (!stated.length) return [];
      const words = /** @type {string[]} */ (money[stated[0]])[this.language === "en" ? 1 : 0], half = x.length >> 1;
      return [{
        text: stated.length > 1 ? `${words} +${stated.length - 1}` : words, x: view.px(x[half]), y: view.py(y[half]), gaps: [6, 12], size: 11.5, colour: c.warm, priority: 10,
      }];
    });
  }

  /**
   * Returns the arcs and badges in a part of the map, the widest arcs first and badges last.
   *
   * @param {Box} box west, north, east, south in layer pixels
   * @returns {ListedArc[]}
   */
  listIn([west, north, east, south]) {
    const view = this.view(), { size, ox, oy } = view, [w, n, e, s] = [(west + ox) / size, (north + oy) / size, (east + ox) / size, (south + oy) / size];
    const lines = this.scene(size).lines.filter(({ box }) => box[0] <= e && box[2] >= w && box[1] <= s && box[3] >= n).reverse();
    /** Makes the entry of an arc or badge; `joined` is the direction of an arc. @param {number[]} rows @param {number} joined */
    const item = (rows, joined) => ({ ids: rows.map((row) => this._id(row)), parties: /** @type {string[]} */ (this.block.at("parties", rows[0])), joined });
    const badges = this.badgesIn(view).filter(({ x, y }) => x >= west && x <= east && y >= north && y <= south);
    return [
      ...Array.from(new Set(lines.map(({ bundle }) => bundle)), (bundle) => item(bundle.shown, bundle.knot < 0 ? bundle.arrow : 0)),
      ...badges.map(({ rows }) => item(rows, 0)),
    ];
  }

  /** Returns the ids of the partnerships that the map shows now. */
  visibleIds() {
    if (!this._map || !this.loaded) return [];
    const view = this.view(this.around(0)), ids = /** @type {Set<string>} */ (new Set());
    for (const { bundle } of linesIn(this, view)) for (const id of this.idsOf(bundle)) ids.add(id);
    for (const { rows } of this.badgesIn(view)) rows.forEach((row) => ids.add(this._id(row)));
    return Array.from(ids);
  }

  /** Returns the bounds of the points of a partnership; null if it has none. @param {string} id */
  boundsOf(id) {
    const row = this.loaded ? this.block.row(id) : undefined;
    if (row === undefined) return null;
    const bounds = L.latLngBounds([]), bundle = this.bundleOf.get(row), { lon, lat } = this.points;
    if (bundle) bundle.spots.forEach((spot) => bounds.extend([lat[spot], lon[spot]]));
    else if (this.badges.located[row]) bounds.extend(this.latLngOf(this.badges.x[row], this.badges.y[row]));
    return bounds.isValid() ? bounds : null;
  }

  legend() {
    if (!this.loaded) return [];
    const badges = Array.from(this.badges.located).some((located, row) => located && !this.bundleOf.has(row));
    /** Returns the number of strands in a class of width that the filter leaves. @param {string} step */
    const lines = (step) => this.bundles.reduce((sum, { strands }) => sum + strands.filter(({ step: own }) => String(own) === step).length, 0);
    return legendOf(this.block, this.bundles, Boolean(badges), this.options.classes, () => this.colours(), lines);
  }

  /** Lines of each row as exports have them, in world coordinates: great circles that are not bowed; made on first use. */
  get shapes() { return (this._shapes = this._shapes || rowShapes(this.block, this.points)); }
}

/**
 * Makes the layer of partnerships.
 *
 * @param {DataElement} element
 * @param {LayerOptions} [options]
 */
export const makePartnerships = (element, options) => new Partnerships("partnerships", 460, element, options);
