/* Sites on the canvas: dots of a crowd, symbols, badges and blocks. */

import { SPREAD } from "./layout.js";
import { COLUMN, PAD, RADIUS, STEP } from "./shape.js";
import { fittedText } from "../../runtime/labels.js";
import { typeface } from "../../runtime/palette.js";
import { drawSymbol } from "../../runtime/symbols.js";

const DOT = 2.4; // px

export const paint = /** @type {Mixin} */ ({
  /**
   * @param {any} ctx
   * @param {any} view
   */
  draw(ctx, view) {
    if (!this.loaded) { if (!(view.zoom < this.options.from)) this._drawOverview(ctx, view); return; }
    const { min, max } = view.bounds;
    /** @param {{ x: any, y: any }} given */
    const near = ({ x, y }) => x > min.x - SPREAD && x < max.x + SPREAD && y > min.y - SPREAD && y < max.y + SPREAD;
    const lifts = /** @type {any[]} */ ([]), groups = this._groups(view).filter(near), dark = this.theme === "dark";
    if (this.dots.length) this._drawDots(ctx, view, this.dots, this.at, this.crowd.kinds, this.familyColours.map((/** @type {any} */ one) => (dark ? one.color_dark : one.color)));
    for (const group of groups) if (group.kind === "block") this._drawBlock(ctx, view, group, lifts);
    for (const group of groups) {
      if (group.kind === "badge") this._drawBadge(ctx, view, group);
      if (group.kind === "one") { this._leader(ctx, view, group); this._drawOne(ctx, view, group.first, group.x, group.y, lifts); }
    }
    for (const [row, x, y] of lifts) this._symbol(ctx, view, row, x, y, RADIUS + 2.4);
  },

  /**
   * Sites as dots, before all else. On the screen they are set as points of a picture: a canvas takes tens of thousands of
   * small squares one by one, and a picture at once.
   *
   * @param {any} ctx
   * @param {any} view
   * @param {any} rows
   * @param {{ x: any, y: any }} given
   * @param {any} kinds
   * @param {string[]} colours
   */
  _drawDots(ctx, view, rows, { x, y }, kinds, colours) {
    ctx.globalAlpha = this._hovered || this._chosen ? 0.3 : 0.75;
    if (ctx.canvas === this._container) this._setDots(ctx, view, rows, { x, y }, kinds, colours);
    else {
      colours.forEach((colour, kind) => {
        ctx.fillStyle = colour;
        for (const row of rows) if (kinds[row] === kind) ctx.fillRect(view.px(x[row]) - DOT / 2, view.py(y[row]) - DOT / 2, DOT, DOT);
      });
    }
    ctx.globalAlpha = 1;
  },

  /**
   * @param {any} ctx
   * @param {any} view
   * @param {any} rows
   * @param {{ x: any, y: any }} given
   * @param {any} kinds
   * @param {string[]} colours
   */
  _setDots(ctx, view, rows, { x, y }, kinds, colours) {
    const ratio = this._ratio, { min } = view.bounds, side = Math.max(1, Math.round(DOT * ratio));
    const { x: width, y: height } = view.bounds.getSize().multiplyBy(ratio).round();
    if (!this._points || this._points.width !== width || this._points.height !== height) this._points = new ImageData(width, height);
    const points = new Uint32Array(this._points.data.buffer), alpha = Math.round(255 * ctx.globalAlpha);
    points.fill(0);
    // #rrggbb as a little-endian word of red, green, blue, opacity
    const words = Uint32Array.from(colours, (colour) => {
      const value = parseInt(colour.slice(1), 16);
      return ((alpha << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
    });
    for (const row of rows) {
      const left = Math.round((view.px(x[row]) - min.x) * ratio - side / 2), top = Math.round((view.py(y[row]) - min.y) * ratio - side / 2);
      if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
      const word = words[kinds[row]];
      for (let line = top; line < top + side; line++) for (let at = line * width + left, end = at + side; at < end; at++) points[at] = word;
    }
    const from = min.subtract(this._bounds.min).multiplyBy(ratio).round(); // of a canvas that holds a margin around the view
    ctx.putImageData(this._points, from.x, from.y);
  },

  /**
   * What came before the rows themselves: a few thousand real sites that show where all of them lie.
   *
   * @param {any} ctx
   * @param {any} view
   */
  _drawOverview(ctx, view) {
    if (!this.overview) return;
    const { x, y, kinds, symbols, rows } = this.overview, dark = this.theme === "dark";
    this._drawDots(ctx, view, rows, { x, y }, kinds, symbols.map((/** @type {any} */ one) => (dark ? one.color_dark : one.color)));
  },

  /**
   * A thin line from the point to what is drawn beside it.
   *
   * @param {any} ctx
   * @param {any} view
   * @param {any} group
   */
  _leader(ctx, view, group) {
    if (group.x === group.px && group.y === group.py) return;
    ctx.beginPath();
    ctx.moveTo(group.px, group.py);
    ctx.lineTo(group.x, group.y);
    ctx.strokeStyle = view.colours.ring;
    ctx.lineWidth = 0.9;
    ctx.setLineDash([]);
    ctx.stroke();
  },

  /**
   * @param {any} ctx
   * @param {any} view
   * @param {number} row
   * @param {any} x
   * @param {any} y
   * @param {number} radius
   */
  _symbol(ctx, view, row, x, y, radius) {
    drawSymbol(ctx, this.bySymbol[this.codes[row]], this.block.at("status", row), x, y, radius, view.colours, this.theme === "dark");
  },

  /**
   * @param {any} ctx
   * @param {any} view
   * @param {number} row
   * @param {any} x
   * @param {any} y
   * @param {any} lifts
   */
  _drawOne(ctx, view, row, x, y, lifts) {
    const state = this._stateOf(row);
    if (state > 0) { this.ring(ctx, view, row); lifts.push([row, x, y]); return; }
    ctx.globalAlpha = state < 0 ? 0.4 : 1;
    this._symbol(ctx, view, row, x, y, RADIUS);
    ctx.globalAlpha = 1;
  },

  /**
   * @param {any} ctx
   * @param {any} view
   * @param {any} group
   * @param {any} lifts
   */
  _drawBlock(ctx, view, group, lifts) {
    const c = view.colours, { x, y, w, h } = group;
    const nearX = Math.max(x, Math.min(x + w, group.px)), nearY = Math.max(y, Math.min(y + h, group.py));
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(group.px, group.py);
    ctx.lineTo(nearX, nearY);
    ctx.strokeStyle = c.ring;
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.beginPath();
    ctx.roundRect(x, y, w, h, 4);
    ctx.fillStyle = c.blockFill;
    ctx.fill();
    ctx.lineWidth = 0.8;
    ctx.stroke();
    ctx.font = `400 11px ${typeface}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillStyle = c.inkSoft;
    ctx.fillText(group.caption, x + PAD, y + PAD + 5);
    this._rowsOf(group).forEach((/** @type {number} */ row, /** @type {number} */ k) => {
      const [sx, sy] = this._slot(group, k);
      this._drawOne(ctx, view, row, sx, sy, lifts);
      if (group.names) this._drawName(ctx, view, row, sx + 12, sy);
    });
  },

  /**
   * @param {any} ctx
   * @param {any} view
   * @param {number} row
   * @param {any} x
   * @param {any} y
   */
  _drawName(ctx, view, row, x, y) {
    const state = this._stateOf(row);
    ctx.font = `${state > 0 ? 600 : 400} 12px ${typeface}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillStyle = state < 0 ? view.colours.inkFaint : view.colours.ink;
    ctx.fillText(fittedText(ctx, this.nameOf(row), COLUMN - STEP - 12), x, y + 0.5);
  },

  /**
   * A number that fits a badge: 12万, 1.2万; 120k, 12k.
   *
   * @param {number} count
   */
  _short(count) {
    if (count < 10000) return String(count);
    const [unit, sign] = this.language === "en" ? [1000, "k"] : [10000, "万"], number = count / unit;
    return `${number < 10 ? Math.round(number * 10) / 10 : Math.round(number)}${sign}`;
  },

  /**
   * A gathering: how many, and in a ring of which families.
   *
   * @param {any} ctx
   * @param {any} view
   * @param {any} group
   */
  _drawBadge(ctx, view, group) {
    const { count, x, y, r } = group, c = view.colours, dark = this.theme === "dark";
    const tally = this._tally(group), { hovered, chosen } = this._lifted();
    const best = this._holds(group, hovered) || this._holds(group, chosen) ? 1 : -1;
    const quiet = (this._hovered || this._chosen) && best < 0;
    this._leader(ctx, view, group);
    ctx.setLineDash([]);
    ctx.beginPath(); ctx.arc(x, y, r + 4, 0, 7); ctx.fillStyle = c.halo; ctx.fill();
    ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = c.badge; ctx.fill();
    ctx.globalAlpha = quiet ? 0.35 : 1;
    let angle = -Math.PI / 2;
    ctx.lineWidth = best > 0 ? 5 : 3.2;
    ctx.lineCap = "butt";
    tally.forEach((/** @type {any} */ number, /** @type {any} */ family) => {
      if (!number) return;
      const end = angle + (number / count) * 2 * Math.PI, symbol = this.familyColours[family];
      // Notches part the families; a slice narrower than its notches would turn into a whole ring.
      const notch = number === count ? 0 : Math.min(0.04, (end - angle) / 4);
      ctx.beginPath(); ctx.arc(x, y, r + 1, angle + notch, end - notch);
      ctx.strokeStyle = dark ? symbol.color_dark : symbol.color;
      ctx.stroke();
      angle = end;
    });
    ctx.globalAlpha = quiet ? 0.5 : 1;
    ctx.fillStyle = c.ink;
    ctx.font = `600 ${count > 999 ? 10 : 12}px ${typeface}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(this._short(count), x, y + 0.5);
    ctx.textAlign = "left";
    ctx.globalAlpha = 1;
  },
});
