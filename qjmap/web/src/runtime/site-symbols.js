/* Draws the symbols of sites on the map and in the legend: shape and colour show the category, the fill shows the status. */

/** @typedef {(ctx: Ctx, x: number, y: number, r: number) => void} Path Adds a shape of radius r about (x, y) to the path. */

/**
 * Returns the function that traces the outline of a symbol: the polygon of its `outline` (in units of the radius), else a circle.
 *
 * @param {SiteSymbol} symbol
 * @returns {Path}
 */
const outlineOf = ({ shape, outline }) => (ctx, x, y, r) => {
  if (outline) {
    outline.forEach(([dx, dy], k) => (k ? ctx.lineTo(x + dx * r, y + dy * r) : ctx.moveTo(x + dx * r, y + dy * r)));
    ctx.closePath();
  } else ctx.arc(x, y, String(shape).startsWith("circle-small") ? r * 0.72 : r, 0, 2 * Math.PI);
};

/** @type {Record<string, Path>} name -> mark inside an outline, as in "square+dot", which distinguishes categories with the same outline. */
const MARKS = {
  dot: (ctx, x, y, r) => ctx.arc(x, y, r * 0.36, 0, 2 * Math.PI),
  bar: (ctx, x, y, r) => ctx.rect(x - r * 0.62, y - r * 0.17, r * 1.24, r * 0.34),
  bars: (ctx, x, y, r) => { ctx.rect(x - r * 0.55, y - r * 0.5, r * 1.1, r * 0.3); ctx.rect(x - r * 0.55, y + r * 0.2, r * 1.1, r * 0.3); },
};

/**
 * Draws a symbol. By status it is filled (operating, or ""), half filled (under-construction), outlined (signed), dashed (planned), dotted
 * (proposed), crossed out (ended), pale (other), or grey and dashed (withdrawn).
 *
 * @param {Ctx} ctx
 * @param {SiteSymbol} symbol
 * @param {string} status built-in status, "withdrawn", or "" for none
 * @param {number} x
 * @param {number} y
 * @param {number} r radius in pixels
 * @param {Palette} colours
 * @param {boolean} dark whether the dark theme is shown
 */
export function drawSymbol(ctx, symbol, status, x, y, r, colours, dark) {
  const shape = outlineOf(symbol), mark = MARKS[String(symbol.shape).split("+")[1]], withdrawn = status === "withdrawn", colour = withdrawn ? colours.ring : dark ? symbol.color_dark : symbol.color;
  const filled = status === "operating" || !status, half = status === "under-construction";
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.beginPath();
  shape(ctx, x, y, r);
  ctx.strokeStyle = colours.paper;
  ctx.lineWidth = 3;
  ctx.stroke();
  ctx.fillStyle = filled ? colour : colours.paper;
  ctx.fill();
  if (status === "other") {
    ctx.globalAlpha *= 0.4;
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.globalAlpha /= 0.4;
  }
  if (half) {
    ctx.save();
    ctx.clip();
    ctx.fillStyle = colour;
    ctx.fillRect(x - 2 * r, y, 4 * r, 2 * r);
    ctx.restore();
    ctx.beginPath();
    shape(ctx, x, y, r);
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  if (status === "planned" || withdrawn) ctx.setLineDash([3, 1.6]);
  if (status === "proposed") ctx.setLineDash([1.2, 2]);
  ctx.stroke();
  ctx.setLineDash([]);
  if (mark) drawInner(ctx, mark, x, y, r, filled ? colours.paper : colour, half ? colours.paper : null);
  if (status !== "ended") return;
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r);
  ctx.stroke();
}

/**
 * Draws the mark inside a symbol.
 *
 * @param {Ctx} ctx
 * @param {Path} mark
 * @param {number} x
 * @param {number} y
 * @param {number} r radius of the symbol in pixels
 * @param {string} fill colour of the mark
 * @param {string | null} line colour of the mark's outline; null for none
 */
function drawInner(ctx, mark, x, y, r, fill, line) {
  ctx.beginPath();
  mark(ctx, x, y, r);
  if (line) { ctx.strokeStyle = line; ctx.stroke(); }
  ctx.fillStyle = fill;
  ctx.fill();
}
