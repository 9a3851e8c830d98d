/* Sites: gathered where there is no room, set out in a block beside the point that several share; none hides another.
 *
 * Rows live in typed arrays, a hundred and a million alike; objects are made for what is drawn, not for sites. How rows are
 * gathered stands in sites/layout.js, how a group looks in sites/shape.js and sites/paint.js.
 */

import { Crowd } from "./sites/cluster.js";
import { layout } from "./sites/layout.js";
import { paint } from "./sites/paint.js";
import { CAPTION, PAD, shape } from "./sites/shape.js";
import { fromBase64 } from "../runtime/inflate.js";
import { MapLayer } from "../runtime/map-layer.js";
import { pointsOf, worldX, worldY } from "../runtime/shapes.js";
import { drawSymbol } from "../runtime/symbols.js";
import { unpack } from "../runtime/unpack.js";

const NAMED = 400; // sites of a gathering that are listed one by one; into a greater one the map goes closer
const CHUNKS = 24; // chunks of names unpacked for one view
const NAMES = ["name", "name_en"];
const OTHER = { family: "other", shape: "circle", color: "#4D5357", color_dark: "#B5B9BC" };

const Sites = MapLayer.extend({
  layerName: "sites",
  options: { level: 540 },
  ...layout,
  ...shape,
  ...paint,

  /**
   * @param {HTMLElement} element
   * @param {any} [options]
   */
  initialize(element, options) {
    MapLayer.prototype.initialize.call(this, options);
    this.symbols = options.symbols || {};
    this.dots = [];
    const overview = options.blocks && options.blocks.overview && document.getElementById(options.blocks.overview);
    if (overview) this._readOverview(JSON.parse(overview.textContent));
    this.ready = this._load(element);
  },

  /** @param {any} name */
  _symbolOf(name) { return this.symbols[name] || this.symbols.other || OTHER; },

  /** @param {{ count: number, values: any, bytes: string }} given */
  _readOverview({ count, values, bytes }) {
    const data = fromBase64(bytes).buffer, x = new Float64Array(count), y = new Float64Array(count);
    const lon = new Int32Array(data, 0, count), lat = new Int32Array(data, 4 * count, count);
    for (let k = 0; k < count; k++) {
      x[k] = worldX(lon[k] / 1e6);
      y[k] = worldY(lat[k] / 1e6);
    }
    this.overview = { x, y, kinds: new Uint16Array(data, 8 * count, count), rows: Array.from(x.keys()), symbols: values.map((/** @type {any} */ name) => this._symbolOf(name)) };
  },

  /** @param {HTMLElement} element */
  async _load(element) {
    const block = await unpack(element);
    this.at = pointsOf(block);
    this.block = block;
    this.codes = block.raw("category");
    this.bySymbol = block.values("category").map((/** @type {any} */ name) => this._symbolOf(name));
    this.families = Array.from(new Set(this.bySymbol.map((/** @type {any} */ symbol) => symbol.family)));
    const familyOf = Uint8Array.from(this.bySymbol, (symbol) => this.families.indexOf(symbol.family));
    this.familyColours = this.families.map((/** @type {any} */ family) => this.bySymbol.find((/** @type {any} */ symbol) => symbol.family === family));
    // Categories by family: rows of a group are listed in this order.
    this.rank = new Uint16Array(this.bySymbol.length);
    Array.from(this.rank.keys()).sort((a, b) => familyOf[a] - familyOf[b] || a - b).forEach((code, k) => { this.rank[code] = k; });
    this.crowd = new Crowd(block, this.at, Uint8Array.from(this.codes, (code) => familyOf[code]), this.families.length);
    this.next = new Int32Array(block.rows);
    this.sides = new Map();
    this.overview = null;
    this.loaded = true;
  },

  /** @param {any} shown */
  setFilter(shown) {
    const mask = shown ? shown.mask : null;
    if (this.crowd && this.crowd.mask !== mask) this.crowd.setMask(mask);
    return MapLayer.prototype.setFilter.call(this, shown);
  },

  /** @param {string} id */
  title(id) { return this.nameOf(this.block.row(id)); },
  /** @param {number} row */
  _id(row) { return this.block.at("id", row); },

  /**
   * Resolves when the names of ids can be read; null when they can.
   *
   * @param {string[]} ids
   */
  named(ids) {
    const rows = ids.map((id) => this.block.row(id)).filter((/** @type {number} */ row) => row !== undefined);
    return this.block.load(rows, NAMES);
  },

  /**
   * The name of a row, "" while it has not been unpacked: `_askFor` draws again when it has.
   *
   * @param {number} row
   */
  nameOf(row) {
    return this.block.loaded(row, NAMES) ? MapLayer.prototype.nameOf.call(this, row) : "";
  },

  /** @param {any} rows */
  _askFor(rows) {
    const missing = rows.filter((/** @type {number} */ row) => !this.block.loaded(row, NAMES));
    if (!missing.length || new Set(missing.map((/** @type {number} */ row) => Math.floor(row / this.block.chunk))).size > CHUNKS) return;
    const coming = this.block.load(missing, NAMES);
    if (coming) coming.then(() => this.redraw());
  },

  /* Rows that are hovered and chosen; looked up once for every change. */
  _lifted() {
    if (this._liftedOf !== this._hovered || this._liftedBy !== this._chosen) {
      /** @param {string[]} ids */
      const rows = (ids) => new Set(Array.from(ids || [], (id) => this.block.row(id)).filter((row) => row !== undefined));
      this._liftedRows = { hovered: rows(this._hovered), chosen: rows(this._chosen) };
      this._liftedOf = this._hovered;
      this._liftedBy = this._chosen;
    }
    return this._liftedRows;
  },

  /**
   * As `state` of the id, for a row.
   *
   * @param {number} row
   */
  _stateOf(row) {
    const lifting = this._hovered || this._chosen;
    if (!lifting || !lifting.size) return 0;
    const { hovered, chosen } = this._lifted();
    return hovered.has(row) || chosen.has(row) ? 1 : -1;
  },

  /**
   * @param {any} point
   * @param {number} reach
   */
  hit(point, reach) {
    const groups = this._groups(this.view());
    for (const group of groups) {
      if (group.kind === "block") continue;
      if (Math.hypot(group.x - point.x, group.y - point.y) <= Math.max(group.r + 3, reach)) return this._found(group);
    }
    for (const group of groups) {
      if (group.kind !== "block") continue;
      const { x, y, w, h } = group;
      if (point.x < x || point.x > x + w || point.y < y || point.y > y + h) continue;
      const column = Math.floor((point.x - x - PAD) / group.stepX), line = Math.floor((point.y - y - PAD - CAPTION) / group.stepY), k = column * group.lines + line;
      const rows = this._rowsOf(group);
      // On the caption, all of them; the rest of the block belongs to its sites, so that nothing beneath is hit.
      if (line < 0) return rows.map((/** @type {number} */ row) => this._id(row));
      return column >= 0 && line < group.lines && k < rows.length ? [this._id(rows[k])] : [];
    }
    return [];
  },

  /**
   * The ids of a group; of a great one only the first, with how many there are and where they lie.
   *
   * @param {any} group
   */
  _found(group) {
    const ids = this._rowsOf(group, NAMED).map((/** @type {number} */ row) => this._id(row));
    return group.count > NAMED ? { ids, total: group.count, bounds: this._boundsOf(group) } : ids;
  },

  /** @param {any} group */
  _boundsOf(group) {
    const { x, y } = this.at, bounds = L.latLngBounds([]);
    if (group.corners) {
      const [south, west, north, east] = group.corners;
      const row = group.first, same = group.runs.every((/** @type {any[]} */ [from, to]) => [from, to - 1].every((one) => x[one] === x[row] && y[one] === y[row]));
      return same ? bounds.extend(this.latLngOf(x[row], y[row])) : L.latLngBounds([south, west], [north, east]);
    }
    let west = 2, east = -1, north = 2, south = -1;
    for (const row of this._rowsOf(group)) {
      west = Math.min(west, x[row]); east = Math.max(east, x[row]);
      north = Math.min(north, y[row]); south = Math.max(south, y[row]);
    }
    return L.latLngBounds(this.latLngOf(west, south), this.latLngOf(east, north));
  },

  /** @param {any} view */
  labels(view) {
    const out = /** @type {any[]} */ ([]), wanted = [];
    if (!this.loaded || (view.zoom < 8 && !this._chosen && !this._hovered)) return out;
    for (const group of this._groups(view)) {
      if (group.names) wanted.push(...this._rowsOf(group));
      const shown = group.kind === "one" ? [[group.first, group.x, group.y]] : [];
      if (group.kind === "block" && !group.names && (this._hovered || this._chosen)) {
        this._rowsOf(group).forEach((/** @type {number} */ row, /** @type {number} */ k) => { if (this._stateOf(row) > 0) shown.push([row, ...this._slot(group, k)]); });
      }
      for (const [row, x, y] of shown.length > 40 ? [] : shown) {
        const lifted = this._stateOf(row) > 0;
        if (view.zoom < 8 && !lifted) continue;
        wanted.push(row);
        const text = this.nameOf(row);
        if (text) out.push({
          text, x, y, gaps: [11], size: 12, weight: lifted ? 600 : 400, priority: lifted ? 0.5 : 20,
          colour: lifted ? view.colours.ink : view.colours.inkSoft,
          // A name of one in a block stands beside the block or, lifted, over it.
          ...(group.kind === "block" ? { spots: this._nameSpots(group, x, y, row) } : {}),
        });
      }
    }
    this._askFor(wanted);
    return out;
  },

  /**
   * @param {any} group
   * @param {any} x
   * @param {any} y
   * @param {number} row
   */
  _nameSpots(group, x, y, row) {
    const half = this.nameOf(row).length * (this.language === "en" ? 3.2 : 6.2) + 4;
    return [[x, group.y + group.h + 10, 0], [x, group.y - 10, 0], [group.x + group.w + half, y, 0], [group.x - half, y, 0]];
  },

  /** @param {any} view */
  gather(view) { if (this.loaded) this._groups(view); },

  /** @param {any} view */
  obstacles(view) {
    return !this.loaded ? [] : this._groups(view).map((/** @type {any} */ group) => (group.kind === "block"
      ? [group.x - 2, group.y - 2, group.x + group.w + 2, group.y + group.h + 2]
      : [group.x - group.r - 4, group.y - group.r - 4, group.x + group.r + 4, group.y + group.r + 4]));
  },

  visibleIds() {
    if (!this._map || !this.loaded) return [];
    const view = this.view(this.around(0)), inside = (/** @type {any} */ group) => view.bounds.contains([group.px, group.py]);
    return this._groups(view).filter(inside).flatMap((/** @type {any} */ group) => this._rowsOf(group).map((/** @type {number} */ row) => this._id(row)));
  },

  /** @param {string} id */
  boundsOf(id) {
    const row = this.loaded ? this.block.row(id) : undefined;
    if (row === undefined || !this.at.located[row]) return null;
    const point = this.latLngOf(this.at.x[row], this.at.y[row]);
    return L.latLngBounds(point, point);
  },

  /**
   * The values of a coded column that some row has.
   *
   * @param {any} name
   */
  _used(name) {
    const codes = this.block.raw(name), values = this.block.values(name), seen = new Uint8Array(values.length);
    for (let row = 0; row < codes.length; row++) seen[codes[row]] = 1;
    return new Set(values.filter((/** @type {any} */ _, /** @type {any} */ code) => seen[code]));
  },

  legend() {
    if (!this.loaded) return [];
    const used = this._used("category"), statuses = this._used("status");
    /**
     * @param {any} key
     * @param {string} kind
     * @param {any} of
     * @param {string} status
     */
    const symbol = (key, kind, of, status) => ({
      key, kind, draw: (/** @type {any} */ ctx, /** @type {number} */ w, /** @type {number} */ h) => drawSymbol(ctx, of, status, w / 2, h / 2, 5.5, this.colours(), this.theme === "dark"),
    });
    return Object.keys(this.symbols).filter((name) => used.has(name)).map((name) => symbol(name, "category", this.symbols[name], "operating")).concat(
      ["operating", "under-construction", "signed", "planned", "proposed", "ended"].filter((status) => statuses.has(status)).map((status) => symbol(status, "status", OTHER, status)));
  },
});

/**
 * @param {HTMLElement} element
 * @param {any} [options]
 */
export const makeSites = (element, options) => new Sites(element, options);
