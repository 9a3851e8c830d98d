/* Draws sites: dots if there are very many, symbols, badges and blocks. */

import { countFamilies, groupsIn, holdsAny, rowsOf } from "./clustering.js";
import { COLUMN, PAD, RADIUS, SPREAD, STEP } from "./constants.js";
import { slotOf } from "./placement.js";
import { fittedText } from "../../runtime/label-text.js";
import { typeface } from "../../runtime/palette.js";
import { traceRoundedBox } from "../../runtime/shapes.js";
import { drawSymbol } from "../../runtime/site-symbols.js";

const DOT = 2.4; // px, side of a dot

/**
 * Returns the colour of a symbol.
 *
 * @param {SiteSymbol} symbol
 * @param {boolean} dark whether it is for the dark map
 */
const colourOf = (symbol, dark) => (dark ? symbol.color_dark : symbol.color);

/**
 * Draws the sites of a view, or the overview until the sites are loaded.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 */
export function drawSites(layer, ctx, view) {
  if (!layer.loaded) { if (!(view.zoom < layer.options.from)) drawOverview(layer, ctx, view); return; }
  const { min, max } = view.bounds;
  /** Returns whether a group may reach into the view. @param {SiteGroup} group */
  const near = ({ x, y }) => x > min.x - SPREAD && x < max.x + SPREAD && y > min.y - SPREAD && y < max.y + SPREAD;
  const lifts = /** @type {LiftedRow[]} */ ([]), groups = groupsIn(layer, view).filter(near), dark = layer.theme === "dark";
  if (layer.dots.length) drawDots(layer, ctx, view, layer.dots, layer.at, layer.index.kinds, layer.familyColours.map((symbol) => colourOf(symbol, dark)));
  for (const group of groups) if (group.kind === "block") drawBlock(layer, ctx, view, group, lifts);
  for (const group of groups) {
    if (group.kind === "badge") drawBadge(layer, ctx, view, group);
    if (group.kind === "one") { drawLeader(layer, ctx, view, group); drawSite(layer, ctx, view, group.first, group.x, group.y, lifts); }
  }
  for (const [row, x, y] of lifts) drawRowSymbol(layer, ctx, view, row, x, y, RADIUS + 2.4);
}

/**
 * Draws sites as dots. On the screen they are written into the pixels of one picture, which is faster than to draw tens of thousands of
 * squares one by one.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number[]} rows
 * @param {{ x: ArrayLike<number>, y: ArrayLike<number> }} given world coordinates of all rows
 * @param {Numbers} kinds for each row the index of its colour
 * @param {string[]} colours
 */
function drawDots(layer, ctx, view, rows, { x, y }, kinds, colours) {
  ctx.globalAlpha = layer._hovered || layer._chosen ? 0.3 : 0.75;
  if (ctx.canvas === layer._container) putDotPixels(layer, ctx, view, rows, { x, y }, kinds, colours);
  else {
    colours.forEach((colour, kind) => {
      ctx.fillStyle = colour;
      for (const row of rows) if (kinds[row] === kind) ctx.fillRect(view.px(x[row]) - DOT / 2, view.py(y[row]) - DOT / 2, DOT, DOT);
    });
  }
  ctx.globalAlpha = 1;
}

/**
 * Draws dots by writing pixels; parameters as for `drawDots`.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number[]} rows
 * @param {{ x: ArrayLike<number>, y: ArrayLike<number> }} given
 * @param {Numbers} kinds
 * @param {string[]} colours
 */
function putDotPixels(layer, ctx, view, rows, { x, y }, kinds, colours) {
  const ratio = layer._ratio, { min } = view.bounds, side = Math.max(1, Math.round(DOT * ratio));
  const { x: width, y: height } = view.bounds.getSize().multiplyBy(ratio).round();
  if (!layer._points || layer._points.width !== width || layer._points.height !== height) layer._points = new ImageData(width, height);
  const points = new Uint32Array(layer._points.data.buffer), alpha = Math.round(255 * ctx.globalAlpha);
  points.fill(0);
  // Each colour #rrggbb as the four bytes of a pixel (red, green, blue, opacity) in a little-endian integer.
  const words = Uint32Array.from(colours, (colour) => {
    const value = parseInt(colour.slice(1), 16);
    return ((alpha << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
  });
  for (const row of rows) {
    const left = Math.round((view.px(x[row]) - min.x) * ratio - side / 2), top = Math.round((view.py(y[row]) - min.y) * ratio - side / 2);
    if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
    const word = words[kinds[row]];
    for (let line = top; line < top + side; line++) for (let i = line * width + left, end = i + side; i < end; i++) points[i] = word;
  }
  const from = min.subtract(layer._bounds.min).multiplyBy(ratio).round(); // offset of the view in a canvas with a margin
  ctx.putImageData(layer._points, from.x, from.y);
}

/**
 * Draws the overview: a few thousand sites that are spread like all sites.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 */
function drawOverview(layer, ctx, view) {
  if (!layer.overview) return;
  const { x, y, kinds, symbols, rows } = layer.overview, dark = layer.theme === "dark";
  drawDots(layer, ctx, view, rows, { x, y }, kinds, symbols.map((symbol) => colourOf(symbol, dark)));
}

/**
 * Draws a thin line from the point of a group to its symbol or badge, if the symbol or badge is drawn beside the point.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {SiteGroup} group
 */
function drawLeader(layer, ctx, view, group) {
  if (group.x === group.px && group.y === group.py) return;
  ctx.beginPath();
  ctx.moveTo(group.px, group.py);
  ctx.lineTo(group.x, group.y);
  ctx.strokeStyle = view.colours.ring;
  ctx.lineWidth = 0.9;
  ctx.setLineDash([]);
  ctx.stroke();
}

/**
 * Draws the symbol of a row.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number} row
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function drawRowSymbol(layer, ctx, view, row, x, y, radius) {
  drawSymbol(ctx, layer.bySymbol[layer.codes[row]], layer._statusOf(row), x, y, radius, view.colours, layer.theme === "dark");
}

/**
 * Draws a site. Of a lifted one only the circle of uncertainty is drawn; the site is added to `lifts`, since it is drawn over all others.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number} row
 * @param {number} x
 * @param {number} y
 * @param {LiftedRow[]} lifts
 */
function drawSite(layer, ctx, view, row, x, y, lifts) {
  const state = layer._stateOf(row);
  if (state > 0) { layer.ring(ctx, view, row); lifts.push([row, x, y]); return; }
  ctx.globalAlpha = state < 0 ? 0.4 : 1;
  drawRowSymbol(layer, ctx, view, row, x, y, RADIUS);
  ctx.globalAlpha = 1;
}

/**
 * Draws a block: a frame with its caption and sites, and a line from it to its point.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {SiteGroup} group
 * @param {LiftedRow[]} lifts list to which lifted sites are added
 */
function drawBlock(layer, ctx, view, group, lifts) {
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
  traceRoundedBox(ctx, x, y, w, h, 4);
  ctx.fillStyle = c.blockFill;
  ctx.fill();
  ctx.lineWidth = 0.8;
  ctx.stroke();
  ctx.font = `400 11px ${typeface}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = c.inkSoft;
  ctx.fillText(group.caption, x + PAD, y + PAD + 5);
  rowsOf(layer, group).forEach((row, k) => {
    const [sx, sy] = slotOf(layer, group, k);
    drawSite(layer, ctx, view, row, sx, sy, lifts);
    if (group.names) drawName(layer, ctx, view, row, sx + 12, sy);
  });
}

/**
 * Writes the name of a site in a block, shortened to the width of its column.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {number} row
 * @param {number} x
 * @param {number} y
 */
function drawName(layer, ctx, view, row, x, y) {
  const state = layer._stateOf(row);
  ctx.font = `${state > 0 ? 600 : 400} 12px ${typeface}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = state < 0 ? view.colours.inkFaint : view.colours.ink;
  ctx.fillText(fittedText(ctx, layer.nameOf(row), COLUMN - STEP - 12), x, y + 0.5);
}

/**
 * Returns a number short enough for a badge: from 10 000 on 12万 and 1.2万, in English 120k and 12k; smaller numbers in full.
 *
 * @param {Sites} layer
 * @param {number} count
 */
function shortCount(layer, count) {
  if (count < 10000) return String(count);
  const [unit, sign] = layer.language === "en" ? [1000, "k"] : [10000, "万"], number = count / unit;
  return `${number < 10 ? Math.round(number * 10) / 10 : Math.round(number)}${sign}`;
}

/**
 * Draws the badge of a cluster: the number of its sites, and a ring with the shares of their families.
 *
 * @param {Sites} layer
 * @param {Ctx} ctx
 * @param {View} view
 * @param {SiteGroup} group
 */
function drawBadge(layer, ctx, view, group) {
  const { count, x, y, r } = group, c = view.colours, dark = layer.theme === "dark";
  const tally = countFamilies(layer, group), { hovered, chosen } = layer._lifted();
  const lifted = holdsAny(layer, group, hovered) || holdsAny(layer, group, chosen);
  const quiet = (layer._hovered || layer._chosen) && !lifted;
  drawLeader(layer, ctx, view, group);
  ctx.setLineDash([]);
  ctx.beginPath(); ctx.arc(x, y, r + 4, 0, 7); ctx.fillStyle = c.halo; ctx.fill();
  ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = c.badge; ctx.fill();
  ctx.globalAlpha = quiet ? 0.35 : 1;
  let angle = -Math.PI / 2;
  ctx.lineWidth = lifted ? 5 : 3.2;
  ctx.lineCap = "butt";
  tally.forEach((number, family) => {
    if (!number) return;
    const end = angle + (number / count) * 2 * Math.PI, symbol = layer.familyColours[family];
    // Gaps separate the families. A slice narrower than its gaps would turn into a whole ring.
    const notch = number === count ? 0 : Math.min(0.04, (end - angle) / 4);
    ctx.beginPath(); ctx.arc(x, y, r + 1, angle + notch, end - notch);
    ctx.strokeStyle = colourOf(symbol, dark);
    ctx.stroke();
    angle = end;
  });
  ctx.globalAlpha = quiet ? 0.5 : 1;
  ctx.fillStyle = c.ink;
  ctx.font = `600 ${count > 999 ? 10 : 12}px ${typeface}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(shortCount(layer, count), x, y + 0.5);
  ctx.textAlign = "left";
  ctx.globalAlpha = 1;
}
