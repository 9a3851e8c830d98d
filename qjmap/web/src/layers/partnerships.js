/* Partnerships: warm, bowed arcs between two spots and stars between more.
 *
 * Rows are gathered in partnerships/bundles.js, bent in scene.js, drawn in paint.js and strokes.js, in slices by slices.js.
 * Pointing at one draws that one alone, on a canvas above, and lets the others fade; so however many there are, it costs no more.
 */

import { bundleRows, strandsOf } from "./partnerships/bundles.js";
import { legendOf } from "./partnerships/legend.js";
import { CROWD, paint } from "./partnerships/paint.js";
import { greatCircles, layOut, rowShapes } from "./partnerships/scene.js";
import { sliced } from "./partnerships/slices.js";
import { drawBadge, strokeArc } from "./partnerships/strokes.js";
import { paintCanvas } from "../runtime/canvas.js";
import { MapLayer } from "../runtime/map-layer.js";
import { distanceToSegment, pointsOf, worldX, worldY } from "../runtime/shapes.js";
import { unpack } from "../runtime/unpack.js";

const BIG = 400; // lines in all from which they are painted in slices, between which the browser moves the map
const QUIET = 0.2;
const BADGE = [-21, 17]; // px from the place

/* The chosen and pointed-at ones, on a canvas of their own. */
const Lift = MapLayer.extend({
  layerName: "partnerships-lift",
  options: { level: 465 },
  /** @param {any} owner */
  initialize(owner) {
    MapLayer.prototype.initialize.call(this, {});
    this.owner = owner;
    this.loaded = true;
  },
  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} view
   */
  draw(ctx, view) { if (this.owner.theme !== "print") this.owner.drawLifted(ctx, { ...view, colours: this.owner.colours() }); },
});

const Partnerships = MapLayer.extend({
  ...sliced,
  ...paint,
  layerName: "partnerships",
  options: { level: 460 },

  /**
   * @param {HTMLElement} element
   * @param {any} [options]
   */
  initialize(element, options) {
    MapLayer.prototype.initialize.call(this, options);
    this.lift = new Lift(this);
    this.ready = this._load(element);
  },

  /** @param {HTMLElement} element */
  async _load(element) {
    const block = (this.block = await unpack(element)), scale = block.scale("point_lon");
    this.badges = pointsOf(block);
    this.rowOf = new Map(block.raw("id").map((/** @type {string} */ id, /** @type {number} */ row) => [id, row]));
    this.points = { lon: block.raw("point_lon").map((/** @type {any} */ one) => one * scale), lat: block.raw("point_lat").map((/** @type {any} */ one) => one * scale) };
    this.things = bundleRows(block);
    this.thingOf = new Map(this.things.flatMap((/** @type {any} */ thing) => thing.rows.map((/** @type {number} */ row) => [row, thing])));
    this.courses = greatCircles(this.things, this.points);
    this._gather();
    this.loaded = true;
  },

  /* Strands of the rows that pass. */
  _gather() {
    for (const thing of this.things) {
      const rows = this._shown ? thing.rows.filter((/** @type {number} */ row) => this.passes(this._id(row))) : thing.rows;
      thing.strands = strandsOf(this.block, rows, this.options.classes);
      thing.shown = rows;
    }
    this._sceneSize = null;
  },

  /** @param {any} shown */
  setFilter(shown) {
    this._shown = shown;
    if (this.loaded) this._gather();
    return MapLayer.prototype.setFilter.call(this, shown);
  },

  /** @param {LeafletMap} map */
  onAdd(map) {
    MapLayer.prototype.onAdd.call(this, map);
    this._lifts();
  },

  /** @param {LeafletMap} map */
  onRemove(map) {
    this._job = null;
    map.removeLayer(this.lift);
    MapLayer.prototype.onRemove.call(this, map);
  },

  /** @param {string} id */
  title(id) { return this.nameOf(this.rowOf.get(id)); },
  /** @param {number} row */
  _id(row) { return this.block.at("id", row); },
  /** @param {Thing} thing */
  idsOf(thing) { return thing.shown.map((/** @type {number} */ row) => this._id(row)); },

  /**
   * Lines and marks at a zoom; kept while it stays.
   *
   * @param {number} size
   */
  _scene(size) {
    if (this._sceneSize === size) return this._sceneNow;
    this._sceneSize = size;
    const scene = (this._sceneNow = /** @type {any} */ (layOut(this.things, this.courses, size)));
    scene.spots = this._spots(scene.folded);
    return scene;
  },

  /**
   * What is a badge at a zoom, by the point it is at.
   *
   * @param {any} folded
   */
  _spots(folded) {
    const spots = new Map(), { x, y, located } = this.badges;
    /**
     * @param {number} px
     * @param {number} py
     * @param {number} row
     */
    const put = (px, py, row) => {
      const key = `${px.toFixed(8)},${py.toFixed(8)}`;
      if (!spots.has(key)) spots.set(key, { wx: px, wy: py, rows: [] });
      spots.get(key).rows.push(row);
    };
    for (let row = 0; row < this.block.rows; row++) if (located[row] && !this.thingOf.has(row)) put(x[row], y[row], row);
    for (const { spots: [first], shown } of folded) {
      for (const row of shown) put(worldX(this.points.lon[first]), worldY(this.points.lat[first]), row);
    }
    return Array.from(spots.values());
  },

  /** @param {any} view */
  _shownSpots(view) {
    if (view.zoom < 5) return [];
    const out = [];
    for (const { wx, wy, rows } of this._scene(view.size).spots) {
      if (wx < view.west || wx > view.east || wy < view.north || wy > view.south) continue;
      const shown = this._shown ? rows.filter((/** @type {number} */ row) => this.passes(this._id(row))) : rows;
      if (shown.length) out.push({ rows: shown, x: view.px(wx) + BADGE[0], y: view.py(wy) + BADGE[1] });
    }
    return out;
  },

  /* The things of rows that are lifted now. */
  _liftedThings() {
    const out = new Set();
    for (const ids of [this._chosen, this._hovered]) {
      for (const id of ids || []) {
        const row = this.rowOf.get(id), thing = row === undefined ? null : this.thingOf.get(row);
        if (thing && thing.strands.length && this.passes(id)) out.add(thing);
      }
    }
    return out;
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} view
   */
  drawLifted(ctx, view) {
    const lifted = this._liftedThings(), c = view.colours;
    if (lifted.size) {
      const scene = this._scene(view.size);
      for (const thing of lifted) this._ties(ctx, thing, view, true);
      for (const line of scene.lines) if (lifted.has(line.thing)) strokeArc(ctx, (/** @type {any} */ to) => this._trace(to, line, view), line.strand, c, { lift: true });
      for (const mark of scene.marks) if (lifted.has(mark.thing)) this._mark(ctx, mark, view, true);
    }
    if (!this._anyLifted()) return;
    for (const { rows, x, y } of this._shownSpots(view)) {
      if (rows.some((/** @type {number} */ row) => this.state(this._id(row)) > 0)) drawBadge(ctx, x, y, rows.length, true, c);
    }
  },

  _anyLifted() { return Boolean((this._hovered || this._chosen || { size: 0 }).size); },

  /**
   * For a picture or for paper: all on one canvas.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {any} view
   */
  draw(ctx, view) {
    const quiet = this._anyLifted();
    ctx.globalAlpha = quiet ? QUIET : 1;
    for (const piece of this._drawing(ctx, view)) void piece;
    ctx.globalAlpha = 1;
    if (quiet) this.drawLifted(ctx, view);
  },

  /**
   * On the screen those that are quiet fade as a whole.
   *
   * @param {any} view
   */
  _paint(view) {
    if (this.theme === "print") { MapLayer.prototype._paint.call(this, view); return; }
    const { min } = this._bounds;
    paintCanvas(this._container, this.theme, (/** @type {CanvasRenderingContext2D} */ ctx) => {
      ctx.setTransform(this._ratio, 0, 0, this._ratio, -min.x * this._ratio, -min.y * this._ratio);
      for (const piece of this._drawing(ctx, view)) void piece;
    });
  },

  big() { return this._scene(this.view().size).lines.length > BIG; },

  _fade() {
    if (this._container) this._container.style.opacity = this._anyLifted() && this.theme !== "print" ? String(QUIET) : "";
  },

  _lifts() {
    this._fade();
    if (!this._map) return;
    if (this.theme === "print") this.redraw();
    else if (this._anyLifted()) this._map.addLayer(this.lift);
    else this._map.removeLayer(this.lift);
    this.lift.redraw();
  },

  /** @param {string[]} ids */
  highlight(ids) {
    this._chosen = ids && new Set(ids);
    this._lifts();
    return this;
  },

  /** @param {string[]} ids */
  hover(ids) {
    const next = ids && ids.length ? new Set(ids) : null;
    if (!next && !this._hovered) return;
    if (next && this._hovered && next.size === this._hovered.size && ids.every((id) => this._hovered.has(id))) return;
    this._hovered = next;
    this._lifts();
  },

  /** @param {string} theme */
  setTheme(theme) {
    MapLayer.prototype.setTheme.call(this, theme);
    this._lifts();
    return this;
  },

  /**
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    const view = this.view(), { x, y } = point, found = /** @type {any[]} */ ([]), { size, ox, oy } = view;
    for (const spot of this._shownSpots(view)) {
      if (Math.abs(spot.x - x) < 18 && Math.abs(spot.y - y) < 6 + reach / 2) return spot.rows.map((/** @type {number} */ row) => this._id(row));
    }
    const wx = (x + ox) / size, wy = (y + oy) / size, slack = (reach + 4) / size;
    for (const { thing, strand, x: xs, y: ys, box } of this._scene(size).lines) {
      if (wx < box[0] - slack || wx > box[2] + slack || wy < box[1] - slack || wy > box[3] + slack) continue;
      let best = Infinity;
      for (let k = 1; k < xs.length; k++) best = Math.min(best, distanceToSegment(wx, wy, xs[k - 1], ys[k - 1], xs[k], ys[k]));
      const away = Math.max(0, best * size - strand.width / 2);
      if (away <= reach) found.push([away, thing]);
    }
    for (const { thing, kind, x: mx, y: my } of this._scene(size).marks) {
      if (kind === "knot" && Math.hypot(mx - wx, my - wy) * size < 9) found.push([-1, thing]);
    }
    if (!found.length) return [];
    found.sort((a, b) => a[0] - b[0]);
    // Only what is as near as the nearest: ribbons of one pair run side by side.
    const near = new Set(found.filter(([away]) => away <= found[0][0] + 1).map(([, thing]) => thing));
    return Array.from(near).flatMap((thing) => this.idsOf(thing));
  },

  /**
   * Names had better not cover a line; where there are very many, the strongest decide.
   *
   * @param {any} view
   * @param {any} mark
   */
  ways(view, mark) {
    const { size, ox, oy } = view;
    for (const { x, y, strand } of this._linesIn(view).slice(-CROWD)) {
      // The strongest hold a name off as firmly as several thin ones.
      for (let times = Math.ceil(strand.width / 2); times > 0; times--) {
        for (let k = 1; k < x.length; k++) mark(x[k - 1] * size - ox, y[k - 1] * size - oy, x[k] * size - ox, y[k] * size - oy);
      }
    }
    for (const { x, y, size: of } of this._marksIn(view).slice(0, CROWD)) {
      const px = view.px(x), py = view.py(y);
      for (let dy = -of / 2; dy <= of / 2; dy += 4) for (let times = 3; times > 0; times--) mark(px - of / 2, py + dy, px + of / 2, py + dy);
    }
  },

  /** @param {any} view */
  obstacles(view) { return this._shownSpots(view).map((/** @type {{ x: any, y: any }} */ { x, y }) => [x - 17, y - 9, x + 17, y + 9]); },
  labels() { return []; },

  /**
   * What is drawn in a part of the map ([west, north, east, south] in layer pixels), heaviest first, badges last:
   * { ids, parties, joined } with the parties of the first row and the sense of the direction (0 none, 1 forward, 2 mutual).
   *
   * @param {any[]} given
   */
  listIn([west, north, east, south]) {
    const view = this.view(), { size, ox, oy } = view, { lines } = this._scene(size), found = new Set();
    const [w, n, e, s] = [(west + ox) / size, (north + oy) / size, (east + ox) / size, (south + oy) / size];
    for (let k = lines.length - 1; k >= 0; k--) {
      const { box, thing } = lines[k];
      if (box[0] <= e && box[2] >= w && box[1] <= s && box[3] >= n) found.add(thing);
    }
    /**
     * @param {any} rows
     * @param {any} [joined]
     */
    const item = (rows, joined) => ({ ids: rows.map((/** @type {number} */ row) => this._id(row)), parties: this.block.at("parties", rows[0]), joined });
    const spots = this._shownSpots(view).filter((/** @type {{ x: any, y: any }} */ { x, y }) => x >= west && x <= east && y >= north && y <= south);
    return [...Array.from(found, (thing) => item(thing.shown, thing.knot < 0 ? thing.arrow : 0)), ...spots.map((/** @type {{ rows: any }} */ { rows }) => item(rows, 0))];
  },

  visibleIds() {
    if (!this._map || !this.loaded) return [];
    const view = this.view(this.around(0)), ids = new Set();
    for (const { thing } of this._linesIn(view)) for (const id of this.idsOf(thing)) ids.add(id);
    for (const { rows } of this._shownSpots(view)) rows.forEach((/** @type {number} */ row) => ids.add(this._id(row)));
    return Array.from(ids);
  },

  /** @param {string} id */
  boundsOf(id) {
    const row = this.loaded ? this.rowOf.get(id) : undefined;
    if (row === undefined) return null;
    const bounds = L.latLngBounds([]), thing = this.thingOf.get(row), { lon, lat } = this.points;
    if (thing) thing.spots.forEach((/** @type {any} */ spot) => bounds.extend([lat[spot], lon[spot]]));
    else if (this.badges.located[row]) bounds.extend(this.latLngOf(this.badges.x[row], this.badges.y[row]));
    return bounds.isValid() ? bounds : null;
  },

  legend() {
    if (!this.loaded) return [];
    const badges = this.badges.located.some((/** @type {any} */ one, /** @type {number} */ row) => one && !this.thingOf.has(row));
    /** @param {string} step */
    const lines = (step) => this.things.reduce((/** @type {any} */ sum, /** @type {{ strands: any[] }} */ { strands }) => sum + strands.filter((one) => (one.known ? String(one.step) : "0") === step).length, 0);
    return legendOf(this.block, this.things, badges, this.options.classes, () => this.colours(), lines);
  },
});

/** Geometry of each row as the program's own exports have it: shortest ways without a bow. */
Object.defineProperty(Partnerships.prototype, "shapes", {
  get() {
    if (!this._shapes) this._shapes = rowShapes(this.block, this.points);
    return this._shapes;
  },
});

/**
 * @param {HTMLElement} element
 * @param {any} [options]
 */
export const makePartnerships = (element, options) => new Partnerships(element, options);
