/* The layer of marks on a page of two editions. Each changed row has a mark: a symbol and the word for its change. Marks that would cover one
 * another are joined to one, with the number of rows for each change.
 */

import { arcSpots, legSpots, makeChangedRows, pointSpots } from "./changed-positions.js";
import { CHANGES, colourOf, drawChange, drawFrame } from "./change-symbols.js";
import { measuringContext } from "../app/base/wrap-text.js";
import { LabelledLayer } from "../runtime/labelled-layer.js";
import { typeface } from "../runtime/palette.js";
import { worldX, worldY } from "../runtime/shapes.js";

const LEVEL = 600; // z-index of the layer: above all layers of tables
const OFFSET = [9, -12]; // px of a mark's left edge and middle from its point
const HEIGHT = 17; // px, height of a mark
const ICON = 12, GAP = 4, EDGE = 5; // px: width of a symbol, space between the parts of a mark, inner margin

/** @typedef {import("./changed-positions.js").Spot} Spot */
/**
 * A mark: the rows that share it, change -> number of these rows, what is drawn for each change, and its box in layer pixels.
 *
 * @typedef {{ ids: string[], counts: Map<string, number>, parts: [change: string, text: string, width: number][], box: Box }} Mark
 */

/** Returns whether two boxes overlap. @param {Box} a @param {Box} b */
const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** The layer of marks. */
export class ChangeMarks extends LabelledLayer {
  loaded = true;
  _marksKey = ""; // identifies the view of `_marksNow`
  /** @type {Mark[]} */
  _marksNow = [];
  ruler = measuringContext();

  /** `face` is the page whose rows are marked. @param {PageFace} face */
  constructor(face) {
    super("changes", LEVEL, { language: face.language.now });
    this.face = face;
    this.changed = makeChangedRows(face.store);
  }

  /** Draws again after the filter or the layers have changed. */
  again() {
    this.turn++;
    return this.redraw();
  }

  /** Returns the layer with a name, if it is on the map; else undefined. @param {string} name */
  _layer(name) { return this.face.layers.find((layer) => layer.layerName === name && this.face.map.hasLayer(layer)); }

  /** Returns the changed rows in a view, of those layers that are on the map. @param {View} view @returns {Spot[]} */
  _spots(view) {
    const { store, filter } = this.face, arcs = this._layer("partnerships"), legs = this._layer("corridors");
    return [
      ...["places", "sites"].flatMap((table) => (this._layer(table) ? pointSpots(store, filter, this.changed, table) : [])),
      ...(arcs ? arcSpots(store, this.changed, /** @type {ArcLayer} */ (arcs), view) : []),
      ...(legs ? legSpots(store, filter, this.changed, /** @type {LineLayer} */ (legs)) : []),
    ].filter(({ x, y }) => x > view.west && x < view.east && y > view.north && y < view.south);
  }

  /**
   * Returns the mark of rows.
   *
   * @param {number} x its left edge in layer pixels
   * @param {number} y its middle in layer pixels
   * @param {string[]} ids ids of the rows; a single row has the word for its change, several have numbers
   * @param {Map<string, number>} counts change -> number of rows
   * @returns {Mark}
   */
  _markAt(x, y, ids, counts) {
    const { word } = this.face.language, alone = ids.length === 1;
    this.ruler.font = `600 11px ${typeface}`;
    const parts = CHANGES.filter((change) => counts.has(change)).map((change) => {
      const text = alone ? word("edition_change", change) : String(counts.get(change));
      return /** @type {[string, string, number]} */ ([change, text, ICON + this.ruler.measureText(text).width + GAP]);
    });
    const width = 2 * EDGE + parts.reduce((sum, [,, own]) => sum + own, 0) - GAP + 2;
    return { ids, counts, parts, box: [x, y - HEIGHT / 2, x + width, y + HEIGHT / 2] };
  }

  /** Returns the marks of a view, those that would cover one another joined; cached for the view. @param {View} view */
  marks(view) {
    const key = `${this.viewKey(view)}|${this.language}`;
    if (key === this._marksKey) return this._marksNow;
    /** @type {Mark[]} */
    let marks = [];
    for (const { id, changes, x, y } of this._spots(view)) {
      let mark = this._markAt(view.px(x) + OFFSET[0], view.py(y) + OFFSET[1], [id], new Map(changes.map((change) => [change, 1])));
      for (let other = marks.find(({ box }) => overlap(box, mark.box)); other; other = marks.find(({ box }) => overlap(box, mark.box))) {
        const host = other, counts = new Map(host.counts);
        for (const [change, count] of mark.counts) counts.set(change, (counts.get(change) || 0) + count);
        marks = marks.filter((one) => one !== host);
        mark = this._markAt(host.box[0], (host.box[1] + host.box[3]) / 2, [...host.ids, ...mark.ids], counts);
      }
      marks.push(mark);
    }
    this._marksKey = key;
    return (this._marksNow = marks);
  }

  /**
   * Draws the lines of moved rows, then the marks.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    this._drawMoves(ctx, view);
    for (const { ids, parts, box } of this.marks(view)) {
      const lifted = ids.some((id) => this.state(id) > 0), [first] = parts[0];
      drawFrame(ctx, box, lifted ? view.colours.ink : colourOf(first, this.theme), view.colours.paper, parts.length === 1 && first === "withdrawn");
      ctx.font = `600 11px ${typeface}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      let x = box[0] + EDGE + 4;
      const y = (box[1] + box[3]) / 2;
      for (const [change, text, width] of parts) {
        drawChange(ctx, change, x, y, colourOf(change, this.theme));
        ctx.fillStyle = view.colours.ink;
        ctx.fillText(text, x + ICON - 4, y + 0.5);
        x += width;
      }
    }
  }

  /**
   * Draws a dashed ring at the old position of each moved row, and a dashed line from there to its present position, if it has one.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  _drawMoves(ctx, view) {
    const { store, filter, meta } = this.face;
    ctx.strokeStyle = colourOf("moved", this.theme);
    ctx.lineWidth = 1.4;
    for (const [id, [lon, lat]] of Object.entries(meta.changes?.from || {})) {
      const r = store.ref(id);
      if (r === undefined || !this._layer(store.tableOf(r)) || !filter.passes(r)) continue;
      const ax = view.px(worldX(lon)), ay = view.py(worldY(lat));
      ctx.setLineDash([4, 3]);
      ctx.beginPath();
      ctx.arc(ax, ay, 4, 0, 7);
      if (store.located(r)) {
        ctx.moveTo(ax, ay);
        ctx.lineTo(view.px(worldX(Number(store.get(r, "lon")))), view.py(worldY(Number(store.get(r, "lat")))));
      }
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  /** Returns the ids of the rows of the mark at a layer point. @param {Point} point */
  hit({ x, y }) {
    const mark = this.marks(this.view()).find(({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]);
    return mark ? mark.ids : [];
  }

  /** Returns the boxes of the marks in a view. @param {View} view */
  obstacles(view) { return this.marks(view).map(({ box }) => box); }

  labels() { return []; }

  legend() {
    const { store } = this.face, used = new Set(store.tables.flatMap((table) => Array.from(this.changed(table).values()).flat()));
    return CHANGES.filter((change) => used.has(change)).map((change) => ({
      key: change, kind: "edition_change",
      draw: (/** @type {Ctx} */ ctx, /** @type {number} */ w, /** @type {number} */ h) => {
        drawFrame(ctx, [w / 2 - 9, h / 2 - 8, w / 2 + 9, h / 2 + 8], colourOf(change, this.theme), this.colours().paper, change === "withdrawn");
        drawChange(ctx, change, w / 2, h / 2, colourOf(change, this.theme));
      },
    }));
  }
}
