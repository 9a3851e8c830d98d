/* Background layer: land and water, boundaries, rivers, railways and names, in quiet colours. */

import { Arcs, joinArcs } from "../runtime/boundary-arcs.js";
import { BlockLayer } from "../runtime/block-layer.js";
import { inView, pointsOf, shapesOf, traceLine } from "../runtime/shapes.js";
import { loadBlock } from "../runtime/load-block.js";

/* Offsets (in font sizes) of the positions of a province's name from its point, so that it can avoid lines that run over the province. */
const BESIDE = [[0, 0], [-3, 0], [3, 0], [0, -2.5], [0, 2.5], [-3, -2.5], [3, 2.5], [3, -2.5], [-3, 2.5], [-5.5, 0], [5.5, 0]];

/** @type {Record<number, number>} rank of a river -> zoom from which it is drawn */
const RIVER_FROM = { 1: 3, 2: 6, 3: 7.5 };
/** @type {Record<number, number>} rank of a river -> width in px */
const RIVER_WIDTH = { 1: 1.7, 2: 1.15, 3: 0.8 };

/** @typedef {{ shapes: Shapes, part: number, rank: number }} Piece A line or ring: one part of `shapes`; `rank` is that of a river. */

/** The layer of the background. */
class Background extends BlockLayer {
  /** @type {Map<string, Piece[]>} class -> its lines and rings */
  byClass = new Map();
  /** @type {Shapes} shapes of the project's own features */
  shapes = /** @type {never} */ (undefined); // until it is loaded
  /** @type {Arcs | null} boundaries that neighbouring units share; null if the page has none */
  arcs = null;
  /** @type {Block | null} names of provinces, seas, rivers and other features */
  names = null;
  /** @type {Points} points of the names */
  namePoints = /** @type {never} */ (undefined);

  /** Reads the project's own features and, from blocks of their own, land, arcs, units, water and names. @param {Block} block */
  async _read(block) {
    const ids = this.options.blocks || {};
    /** Loads the block that the options give this name; null if there is none. @param {string} name */
    const other = (name) => { const element = ids[name] && document.getElementById(ids[name]); return element ? loadBlock(element) : null; };
    const [land, arcs, units, water, names] = await Promise.all(["land", "arcs", "units", "water", "names"].map(other));
    this.shapes = this._take(block);
    if (land) this._take(land);
    if (water) this._take(water);
    if (arcs && units) this._readArcs(arcs, units);
    if (!names) return;
    this.names = names;
    this.namePoints = pointsOf(names);
  }

  isEmpty() { return !this.byClass.size; }

  /**
   * Adds the parts of a block of features to `byClass`; returns their shapes.
   *
   * @param {Block} block
   */
  _take(block) {
    const shapes = shapesOf(block);
    for (let part = 0; part < shapes.count; part++) {
      const row = shapes.row[part];
      this._keep(block.at("class", row), shapes, part, Number(block.at("rank", row)) || 2);
    }
    return shapes;
  }

  /**
   * Adds a part to a class in `byClass`.
   *
   * @param {string} key
   * @param {Shapes} shapes
   * @param {number} part
   * @param {number} [rank]
   */
  _keep(key, shapes, part, rank = 0) {
    const pieces = this.byClass.get(key), piece = { shapes, part, rank };
    if (pieces) pieces.push(piece); else this.byClass.set(key, [piece]);
  }

  /**
   * Reads the arcs. Boundaries are kept arc by arc, except that arcs of provinces are joined, since their dashes must continue from arc to
   * arc. Areas are kept as the rings around their cells.
   *
   * @param {Block} block
   * @param {Block} units
   */
  _readArcs(block, units) {
    const shapes = shapesOf(block), arcs = (this.arcs = new Arcs(shapes, block, units)), provinces = [];
    /** Adds all parts of shapes to a class in `byClass`. @param {string} key @param {Shapes} joined */
    const keepAll = (key, joined) => { for (let part = 0; part < joined.count; part++) this._keep(key, joined, part); };
    for (let arc = 0; arc < block.rows; arc++) {
      const key = block.at("class", arc);
      if (key === "province") provinces.push(arc);
      else if (key) this._keep(key, shapes, arc);
    }
    keepAll("province", joinArcs(shapes, provinces));
    if (block.header.land) keepAll("land", arcs.rings((cell) => cell >= 0));
    arcs.eachUnit((unit, cells) => {
      const key = units.at("class", unit);
      if (key) keepAll(key, arcs.rings((cell) => cells.has(cell)));
    });
  }

  /**
   * Returns the lines and rings of a class that a view shows.
   *
   * @param {string} key
   * @param {View} view
   */
  _parts(key, view) { return (this.byClass.get(key) || []).filter(({ shapes, part }) => inView(shapes, part, view)); }

  /**
   * Starts a new path of lines or rings.
   *
   * @param {Ctx} ctx
   * @param {Piece[]} pieces
   * @param {View} view
   * @param {boolean} closed whether they are rings; arcs are always lines
   */
  _path(ctx, pieces, view, closed) {
    const arcs = this.arcs && this.arcs.shapes; // a class such as "district" may have both arcs and rings
    ctx.beginPath();
    for (const { shapes, part } of pieces) traceLine(ctx, shapes, part, view, 0.7, closed && shapes !== arcs);
  }

  /**
   * Draws the classes one over the other, from the sea to the home district and approximate areas.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const c = view.colours, b = view.bounds;
    // If there is no land at all, the whole map is drawn as land, not as sea.
    ctx.fillStyle = this.byClass.has("land") || this.byClass.has("abroad") ? c.sea : c.land;
    ctx.fillRect(b.min.x, b.min.y, b.max.x - b.min.x, b.max.y - b.min.y);
    ctx.lineJoin = "bevel"; // joins of thin lines are invisible, and round ones take twice the time
    ctx.lineCap = "butt";
    this._fill(ctx, view, "abroad", c.land);
    this._line(ctx, view, "abroad", c.coast, 0.8, [], true);
    this._fill(ctx, view, "land", c.land); // covers the coast of land abroad that reaches under the land of China
    this._line(ctx, view, "coast", c.coast, 0.8, []);
    for (const key of ["partner", "home"]) this._fill(ctx, view, key, c[key]);
    this._fill(ctx, view, "lake", c.lake);
    if (view.zoom >= 5) this._line(ctx, view, "rail", c.city, view.zoom < 8 ? 0.7 : 1.1, []);
    if (view.zoom >= 5.5) {
      for (const key of ["city", "district", "partner"]) {
        const fine = key === "district" && view.zoom < 7.5;
        this._line(ctx, view, key, c.district, fine ? 0.35 : 0.8, [], true);
      }
    }
    this._rivers(ctx, view);
    this._line(ctx, view, "province", c.province, view.zoom < 5 ? 0.7 : 1.1, view.zoom < 5 ? [] : [7, 2.5, 1.5, 2.5]);
    const wide = view.zoom < 5 ? 1.2 : 1.7;
    this._line(ctx, view, "national", c.national, wide, []);
    this._line(ctx, view, "dash", c.national, wide + 0.3, []);
    this._line(ctx, view, "undefined", c.national, wide, [5, 4]);
    for (const key of ["region-sea", "province-sea"]) this._line(ctx, view, key, c.province, 0.7, [4, 3]);
    this._home(ctx, view);
    this._areas(ctx, view);
  }

  /**
   * Fills the areas of a class.
   *
   * @param {Ctx} ctx
   * @param {View} view
   * @param {string} key
   * @param {string} colour
   */
  _fill(ctx, view, key, colour) {
    const parts = this._parts(key, view);
    ctx.fillStyle = colour;
    for (let first = 0, k = 1; k <= parts.length; k++) {
      if (k < parts.length && parts[k].shapes === parts[first].shapes) continue;
      this._path(ctx, parts.slice(first, k), view, true); // each unit by itself: where two overlap, "evenodd" would leave a hole
      ctx.fill("evenodd");
      first = k;
    }
  }

  /**
   * Strokes the lines of a class.
   *
   * @param {Ctx} ctx
   * @param {View} view
   * @param {string} key
   * @param {string} colour
   * @param {number} width
   * @param {number[]} dash
   * @param {boolean} [closed] whether they are rings
   */
  _line(ctx, view, key, colour, width, dash, closed = false) {
    const parts = this._parts(key, view);
    if (!parts.length) return;
    this._path(ctx, parts, view, closed);
    ctx.setLineDash(dash);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** Draws the rivers, those of rank 1 (the largest) over the others. @param {Ctx} ctx @param {View} view */
  _rivers(ctx, view) {
    for (const rank of [3, 2, 1]) {
      if (view.zoom < RIVER_FROM[rank]) continue;
      const parts = this._parts("river", view).filter((piece) => piece.rank === rank);
      if (!parts.length) continue;
      this._path(ctx, parts, view, false);
      ctx.strokeStyle = view.colours.river;
      ctx.lineWidth = RIVER_WIDTH[rank] * (view.zoom > 8 ? 1.5 : view.zoom < 5 ? 0.6 : 1);
      ctx.stroke();
    }
  }

  /**
   * Draws the outline of the home district with a halo.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  _home(ctx, view) {
    const parts = this._parts("home", view);
    if (!parts.length) return;
    this._path(ctx, parts, view, true);
    ctx.lineJoin = "round";
    ctx.strokeStyle = view.colours.homeHalo;
    for (const width of view.zoom < 6 ? [4] : [11, 6]) { ctx.lineWidth = width; ctx.stroke(); }
    ctx.strokeStyle = view.colours.homeLine;
    ctx.lineWidth = 1.2;
    ctx.stroke();
  }

  /** Draws approximate areas dashed and hatched, so that their edges are not taken for boundaries. @param {Ctx} ctx @param {View} view */
  _areas(ctx, view) {
    if (view.zoom < 6.5) return;
    for (const piece of this._parts("area", view)) {
      ctx.save();
      this._path(ctx, [piece], view, true);
      ctx.clip();
      const [west, north, east, south] = piece.shapes.box.subarray(piece.part * 4, piece.part * 4 + 4);
      const x0 = view.px(west), y0 = view.py(north), x1 = view.px(east), y1 = view.py(south);
      ctx.beginPath();
      for (let d = x0 - (y1 - y0); d < x1; d += 7) { ctx.moveTo(d, y1); ctx.lineTo(d + (y1 - y0), y0); }
      ctx.strokeStyle = view.colours.areaHatch;
      ctx.lineWidth = 0.8;
      ctx.stroke();
      ctx.restore();
    }
    this._line(ctx, view, "area", view.colours.area, 1, [4, 3], true);
  }

  /**
   * Returns class -> style of its names, and the zooms (`from`, `to`) between which they are drawn. The names of large areas have no halo,
   * since lines may run over them.
   *
   * @param {View} view
   * @returns {Record<string, Pick<Label, "size" | "colour" | "priority" | "italic" | "halo"> & { spacing: number, from: number, to: number }>}
   */
  _lettering({ zoom, colours: c }) {
    return {
      country: { size: 13, spacing: 5, colour: c.countryName, from: 3, to: 7, priority: 40 },
      province: { size: zoom < 6 ? 12 : 16, spacing: zoom < 6 ? 4 : 12, colour: c.provinceName, from: 4.6, to: 8.6, priority: 50 },
      sea: { size: 13, italic: true, spacing: 5, colour: c.seaName, from: 3, to: 8, priority: 45 },
      islands: { size: 11, spacing: 1, colour: c.seaName, from: 4.2, to: 9, priority: 46 },
      river: { size: 11.5, italic: true, spacing: 3, colour: c.riverName, from: 7.2, to: 13, priority: 60, halo: c.land },
      town: { size: 10.5, spacing: 0, colour: c.provinceName, from: 9.6, to: 15, priority: 64, halo: c.land },
      area: { size: 11.5, spacing: 1, colour: c.area, from: 9, to: 14, priority: 44 },
    };
  }

  /**
   * Returns the labels of the names whose style is drawn at the zoom of a view.
   *
   * @param {View} view
   * @returns {Label[]}
   */
  labels(view) {
    const { names } = this, labels = /** @type {Label[]} */ ([]);
    if (!names) return labels;
    const styles = this._lettering(view), english = this.language === "en";
    for (let row = 0; row < names.rows; row++) {
      const style = styles[names.at("class", row)] || styles.area;
      const rank = Number(names.at("rank", row)) || 1;
      if (view.zoom < style.from + (rank - 1) * 0.7 || view.zoom > style.to || !this.namePoints.located[row]) continue;
      const text = names.at(english ? "name_en" : "name", row) || names.at("name", row);
      const x = view.px(this.namePoints.x[row]), y = view.py(this.namePoints.y[row]);
      labels.push({
        halo: false, limit: 0.8, ...style, text, centred: true, x, y,
        spots: style === styles.province ? BESIDE.map(([dx, dy]) => [x + dx * style.size, y + dy * style.size]) : undefined,
        size: english ? style.size - 1.5 : style.size, spacing: english ? style.spacing / 3 : style.spacing,
        priority: style.priority + rank / 10, alpha: 0.95,
      });
    }
    return labels;
  }

  legend() {
    /**
     * Returns a function that draws the sample of a line.
     *
     * @param {string} colour
     * @param {number} width
     * @param {number[]} [dash]
     * @returns {LegendEntry["draw"]}
     */
    const line = (colour, width, dash) => (ctx, w, h) => {
      ctx.strokeStyle = this.colours()[colour];
      ctx.lineWidth = width;
      ctx.setLineDash(dash || []);
      ctx.beginPath(); ctx.moveTo(2, h / 2); ctx.lineTo(w - 2, h / 2); ctx.stroke();
      ctx.setLineDash([]);
    };
    /**
     * Returns a function that draws the sample of an area.
     *
     * @param {string} fill
     * @param {string} stroke
     * @param {number[]} [dash]
     * @returns {LegendEntry["draw"]}
     */
    const box = (fill, stroke, dash) => (ctx, w, h) => {
      ctx.fillStyle = this.colours()[fill];
      ctx.strokeStyle = this.colours()[stroke];
      ctx.setLineDash(dash || []);
      ctx.fillRect(4, 3, w - 8, h - 6); ctx.strokeRect(4, 3, w - 8, h - 6);
      ctx.setLineDash([]);
    };
    /** @type {Record<string, LegendEntry["draw"]>} */
    const samples = {
      home: box("home", "homeLine"), partner: box("partner", "district"), area: box("areaHatch", "area", [4, 3]),
      province: line("province", 1.1, [7, 2.5, 1.5, 2.5]), river: line("river", 1.6), rail: line("city", 1.1),
    };
    return Object.keys(samples).filter((key) => this.byClass.has(key)).map((key) => ({ key, kind: "background", draw: samples[key] }));
  }
}

/**
 * Makes the background layer.
 *
 * @param {DataElement} element
 * @param {LayerOptions} [options]
 */
export const makeBackground = (element, options) => new Background("background", 210, element, options);
