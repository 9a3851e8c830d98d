/* Layer of sites. Sites without room for symbols are clustered; several sites at one point are laid out in a block beside it. No site covers
 * another.
 *
 * Rows are kept in typed arrays, whether there are a hundred or a million. Objects are made only for groups that are drawn.
 */

import { groupsIn, rowsOf } from "./sites/clustering.js";
import { CAPTION, PAD } from "./sites/constants.js";
import { drawSites } from "./sites/drawing.js";
import { slotOf } from "./sites/placement.js";
import { PointIndex } from "./sites/point-index.js";
import { PointLayer } from "../runtime/block-layer.js";
import { fromBase64 } from "../runtime/inflate.js";
import { pointsOf, worldX, worldY } from "../runtime/shapes.js";
import { drawSymbol } from "../runtime/site-symbols.js";

const LISTED = 400; // maximum number of sites that `hit` lists for a cluster; a click on a larger cluster zooms in
const CHUNKS = 24; // maximum number of chunks that are unpacked for the names in a view
const NAMED = 8; // zoom from which the names of single sites are drawn
const LABELS = 40; // number of lifted sites of a block above which none of them gets a label
const NAMES = ["name", "name_en"];
const STATUSES = ["operating", "under-construction", "signed", "planned", "proposed", "ended", "other"];
const OTHER = { family: "other", shape: "circle", color: "#4D5357", color_dark: "#B5B9BC" };

/** The layer of sites. */
export class Sites extends PointLayer {
  /** @type {Record<string, SiteSymbol>} category -> symbol */
  symbols = {};
  /** @type {{ x: Float64Array, y: Float64Array, kinds: Uint16Array, rows: number[], symbols: SiteSymbol[] } | null} sample of the sites, drawn until all are loaded; null afterwards */
  overview = null;
  /** @type {number[]} rows drawn as dots in the view of `_groupKey` */
  dots = [];
  /** @type {Numbers} code of the category of each row */
  codes = new Uint8Array(0);
  /** @type {SiteSymbol[]} symbol of each code */
  bySymbol = [];
  /** @type {string[]} families of the categories that occur */
  families = [];
  /** @type {SiteSymbol[]} the first symbol of each family */
  familyColours = [];
  rank = new Uint16Array(0); // rank of each code when codes are sorted by family; the rows of a group are listed in this order
  /** @type {PointIndex} */
  index = /** @type {never} */ (undefined); // until it is loaded
  next = new Int32Array(0); // for each row the next row in the linked list of its cell, -1 at the end
  /** @type {Map<string, number[]>} key of a block -> its offset from its point in pixels */
  sides = new Map();
  _groupKey = ""; // identifies the view of `_groupsNow`
  /** @type {SiteGroup[]} cached groups of that view */
  _groupsNow = [];
  /** @type {Box[] | null} boxes of other layers in the view of `_groupKey` */
  _beside = null;
  /** @type {ImageData | null} pixels of the dots */
  _points = null;
  /** @type {{ of: unknown, by: unknown, hovered: Set<number>, chosen: Set<number> }} hovered and selected rows, and the sets of ids (`of`, `by`) for which they were looked up */
  _lifts = { of: null, by: null, hovered: new Set(), chosen: new Set() };

  /**
   * Starts to load the sites; reads the overview, if there is one, at once. Parameters as for `BlockLayer`.
   *
   * @param {string} name
   * @param {number} level
   * @param {DataElement} element
   * @param {LayerOptions} options
   */
  constructor(name, level, element, options) {
    super(name, level, element, options);
    this.symbols = options.symbols || {};
    const overview = options.blocks && options.blocks.overview && document.getElementById(options.blocks.overview);
    if (overview) this._readOverview(JSON.parse(overview.textContent));
  }

  /**
   * Returns the built-in status whose style a row has: its own status, the one that a project's status is like, or "withdrawn".
   *
   * @param {number} row
   * @returns {string}
   */
  _statusOf(row) { if (this.withdrawn.has(this._id(row))) return "withdrawn"; const status = this.block.at("status", row), { likes } = this.options; return likes && likes.status ? likes.status[status] || status : status; }

  /** Returns the symbol of a category. @param {string} category */
  symbolOf(category) { return this.symbols[category] || this.symbols.other || OTHER; }

  /** Reads the overview (qjmap/payload/overview_points.py). @param {{ count: number, values: string[], bytes: string }} packed */
  _readOverview({ count, values, bytes }) {
    const data = fromBase64(bytes).buffer, x = new Float64Array(count), y = new Float64Array(count);
    const lon = new Int32Array(data, 0, count), lat = new Int32Array(data, 4 * count, count);
    for (let k = 0; k < count; k++) {
      x[k] = worldX(lon[k] / 1e6);
      y[k] = worldY(lat[k] / 1e6);
    }
    this.overview = { x, y, kinds: new Uint16Array(data, 8 * count, count), rows: Array.from(x.keys()), symbols: values.map((category) => this.symbolOf(category)) };
  }

  /** Reads points and categories, and makes the spatial index. @param {Block} block */
  _read(block) {
    this.at = pointsOf(block);
    this.codes = block.raw("category");
    const categories = /** @type {string[]} */ (block.values("category"));
    this.bySymbol = categories.map((category) => this.symbolOf(category));
    this.families = Array.from(new Set(this.bySymbol.map((symbol) => symbol.family)));
    const familyOf = Uint8Array.from(this.bySymbol, (symbol) => this.families.indexOf(symbol.family));
    this.familyColours = this.families.map((_, family) => this.bySymbol[familyOf.indexOf(family)]);
    this.rank = new Uint16Array(this.bySymbol.length);
    Array.from(this.rank.keys()).sort((a, b) => familyOf[a] - familyOf[b] || a - b).forEach((code, k) => { this.rank[code] = k; });
    this.index = new PointIndex(block, this.at, Uint8Array.from(this.codes, (code) => familyOf[code]), this.families.length);
    this.next = new Int32Array(block.rows);
    this.overview = null;
  }

  /** Sets the filter, also that of the spatial index. @param {ShownRows | null} shown null if all rows pass */
  setFilter(shown) {
    const mask = shown ? shown.mask : null;
    if (this.index && this.index.mask !== mask) this.index.setMask(mask);
    return super.setFilter(shown);
  }

  /**
   * Returns a promise that resolves when the names of sites can be read; null if they can be read already.
   *
   * @param {string[]} ids
   */
  named(ids) {
    const rows = ids.flatMap((id) => this.block.row(id) ?? []);
    return this.block.load(rows, NAMES);
  }

  /**
   * Returns the name of a row; "" until it is unpacked, upon which `_loadNames` redraws.
   *
   * @param {number} row
   */
  nameOf(row) {
    return this.block.loaded(row, NAMES) ? super.nameOf(row) : "";
  }

  /**
   * Unpacks the names of rows, unless they are in too many chunks, and then redraws.
   *
   * @param {number[]} rows
   */
  _loadNames(rows) {
    const missing = rows.filter((row) => !this.block.loaded(row, NAMES)), { chunk } = this.block.header;
    if (!missing.length || (chunk && new Set(missing.map((row) => Math.floor(row / chunk))).size > CHUNKS)) return;
    const loading = this.block.load(missing, NAMES);
    if (loading) loading.then(() => this.redraw());
  }

  /** Returns the hovered and the selected rows. They are looked up again only after a change. */
  _lifted() {
    if (this._lifts.of !== this._hovered || this._lifts.by !== this._chosen) {
      /** Returns the rows of ids; unknown ids are left out. @param {Set<string> | null} ids */
      const rows = (ids) => new Set(Array.from(ids || []).flatMap((id) => this.block.row(id) ?? []));
      this._lifts = { of: this._hovered, by: this._chosen, hovered: rows(this._hovered), chosen: rows(this._chosen) };
    }
    return this._lifts;
  }

  /**
   * Returns how a row is drawn, as `state` does for an id.
   *
   * @param {number} row
   */
  _stateOf(row) {
    const lifting = this._hovered || this._chosen;
    if (!lifting || !lifting.size) return 0;
    const { hovered, chosen } = this._lifted();
    return hovered.has(row) || chosen.has(row) ? 1 : -1;
  }

  /**
   * Returns the ids of the sites of the symbol, badge or block at a layer point; of a large badge as `_hitOf` does.
   *
   * @param {Point} point
   * @param {number} reach
   */
  hit(point, reach) {
    const groups = groupsIn(this, this.view());
    const round = groups.find((group) => group.kind !== "block" && Math.hypot(group.x - point.x, group.y - point.y) <= Math.max(group.r + 3, reach));
    if (round) return this._hitOf(round);
    const block = groups.find(({ kind, x, y, w, h }) => kind === "block" && point.x >= x && point.x <= x + w && point.y >= y && point.y <= y + h);
    return block ? this._hitInBlock(block, point) : [];
  }

  /**
   * Returns the ids of the sites at a point inside of a block: all sites on its caption, else the one at the point.
   *
   * @param {SiteGroup} group
   * @param {Point} point
   */
  _hitInBlock(group, point) {
    const column = Math.floor((point.x - group.x - PAD) / group.stepX), line = Math.floor((point.y - group.y - PAD - CAPTION) / group.stepY);
    const rows = rowsOf(this, group), k = column * group.lines + line;
    if (line < 0) return rows.map((row) => this._id(row));
    return column >= 0 && line < group.lines && k < rows.length ? [this._id(rows[k])] : [];
  }

  /**
   * Returns the ids of a group; of a large one only the first ones, with the total number and the bounds of all.
   *
   * @param {SiteGroup} group
   */
  _hitOf(group) {
    const ids = rowsOf(this, group, LISTED).map((row) => this._id(row));
    return group.count > LISTED ? { ids, total: group.count, bounds: this._boundsOf(group) } : ids;
  }

  /**
   * Returns the bounds of the sites of a group; for a group made of cells of the index, the bounds of these cells instead, unless all of
   * its sites share one point.
   *
   * @param {SiteGroup} group
   */
  _boundsOf(group) {
    const { x, y } = this.at, bounds = L.latLngBounds([]);
    if (group.corners) {
      const [south, west, north, east] = group.corners;
      const { first: row } = group, same = group.runs.every(([from, to]) => [from, to - 1].every((end) => x[end] === x[row] && y[end] === y[row]));
      return same ? bounds.extend(this.latLngOf(x[row], y[row])) : L.latLngBounds([south, west], [north, east]);
    }
    let west = 2, east = -1, north = 2, south = -1;
    for (const row of rowsOf(this, group)) {
      west = Math.min(west, x[row]); east = Math.max(east, x[row]);
      north = Math.min(north, y[row]); south = Math.max(south, y[row]);
    }
    return L.latLngBounds(this.latLngOf(west, south), this.latLngOf(east, north));
  }

  /** Returns the labels of single sites, from zoom NAMED on, and of hovered and selected ones; loads names that are missing. @param {View} view */
  labels(view) {
    const labels = /** @type {Label[]} */ ([]), rows = /** @type {number[]} */ ([]);
    if (!this.loaded || (view.zoom < NAMED && !this._chosen && !this._hovered)) return labels;
    for (const group of groupsIn(this, view)) {
      if (group.names) rows.push(...rowsOf(this, group));
      for (const [row, x, y] of this._namedRows(group)) {
        const lifted = this._stateOf(row) > 0;
        if (view.zoom < NAMED && !lifted) continue;
        rows.push(row);
        const text = this.nameOf(row);
        if (text) labels.push({
          text, x, y, gaps: [11], size: 12, weight: lifted ? 600 : 400, priority: lifted ? 0.5 : 20,
          colour: lifted ? view.colours.ink : view.colours.inkSoft,
          // The name of a site in a block is drawn below, above or beside the block.
          ...(group.kind === "block" ? { spots: this._nameSpots(group, x, y, row) } : {}),
        });
      }
    }
    this._loadNames(rows);
    return labels;
  }

  /**
   * Returns the rows of a group that get a label, with their points: a single site, or the hovered and selected sites of a block that shows
   * no names.
   *
   * @param {SiteGroup} group
   * @returns {LiftedRow[]}
   */
  _namedRows(group) {
    if (group.kind === "one") return [[group.first, group.x, group.y]];
    if (group.kind !== "block" || group.names || !(this._hovered || this._chosen)) return [];
    const lifted = rowsOf(this, group).flatMap((row, k) => (this._stateOf(row) > 0 ? [/** @type {LiftedRow} */ ([row, ...slotOf(this, group, k)])] : []));
    return lifted.length > LABELS ? [] : lifted;
  }

  /**
   * Returns the candidate positions of the label of a site in a block, as [x, y, angle].
   *
   * @param {SiteGroup} group
   * @param {number} x
   * @param {number} y
   * @param {number} row
   */
  _nameSpots(group, x, y, row) {
    const half = this.nameOf(row).length * (this.language === "en" ? 3.2 : 6.2) + 4;
    return [[x, group.y + group.h + 10, 0], [x, group.y - 10, 0], [group.x + group.w + half, y, 0], [group.x - half, y, 0]];
  }

  /**
   * Returns the groups of a view as they are drawn.
   *
   * @param {View} view
   */
  groups(view) { return groupsIn(this, view); }

  /**
   * Draws the sites of a view.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) { drawSites(this, ctx, view); }

  /** Computes, and caches, the groups of a view. @param {View} view */
  gather(view) { if (this.loaded) groupsIn(this, view); }

  /** Returns the boxes of the groups in a view. @param {View} view */
  obstacles(view) {
    return !this.loaded ? [] : groupsIn(this, view).map((group) => (group.kind === "block"
      ? [group.x - 2, group.y - 2, group.x + group.w + 2, group.y + group.h + 2]
      : [group.x - group.r - 4, group.y - group.r - 4, group.x + group.r + 4, group.y + group.r + 4]));
  }

  /** Returns the ids of the sites that the map shows now. */
  visibleIds() {
    if (!this._map || !this.loaded) return [];
    const view = this.view(this.around(0)), inside = (/** @type {SiteGroup} */ group) => view.bounds.contains([group.px, group.py]);
    return groupsIn(this, view).filter(inside).flatMap((group) => rowsOf(this, group).map((row) => this._id(row)));
  }

  /**
   * Returns the set of the values of a coded column that occur in any row.
   *
   * @param {string} name
   */
  _used(name) {
    const codes = this.block.raw(name), values = /** @type {string[]} */ (this.block.values(name)), seen = new Uint8Array(values.length);
    for (let row = 0; row < codes.length; row++) seen[codes[row]] = 1;
    return new Set(values.filter((_, code) => seen[code]));
  }

  legend() {
    if (!this.loaded) return [];
    const used = this._used("category"), statuses = this._used("status"), likes = (this.options.likes || {}).status || {};
    /**
     * Makes a legend entry with a symbol.
     *
     * @param {string} key
     * @param {string} kind
     * @param {SiteSymbol} symbol
     * @param {string} status
     * @returns {LegendEntry}
     */
    const entry = (key, kind, symbol, status) => ({
      key, kind, draw: (ctx, w, h) => drawSymbol(ctx, symbol, status, w / 2, h / 2, 5.5, this.colours(), this.theme === "dark"),
    });
    return [
      ...Object.keys(this.symbols).filter((name) => used.has(name)).map((name) => entry(name, "category", this.symbols[name], "operating")),
      ...[...STATUSES, ...Object.keys(likes)].filter((status) => statuses.has(status)).map((status) => entry(status, "status", OTHER, likes[status] || status)),
    ];
  }
}

/**
 * Makes the layer of sites.
 *
 * @param {DataElement} element
 * @param {LayerOptions} options
 */
export const makeSites = (element, options) => new Sites("sites", 540, element, options);
