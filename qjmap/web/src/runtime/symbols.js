/* The symbols of sites: a shape and a colour for the category, a fill for the status, the same on map and legend. */

/**
 * @param {any} sides
 * @param {number} turn
 */
const polygon = (sides, turn, scale = 1) => (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {any} */ x, /** @type {any} */ y, /** @type {number} */ r) => {
  for (let k = 0; k < sides; k++) {
    const angle = turn + (k * 2 * Math.PI) / sides;
    const px = x + r * scale * Math.cos(angle), py = y + r * scale * Math.sin(angle);
    if (k) ctx.lineTo(px, py); else ctx.moveTo(px, py);
  }
  ctx.closePath();
};
/** @param {any} points */
const outline = (points) => (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {any} */ x, /** @type {any} */ y, /** @type {number} */ r) => {
  points.forEach((/** @type {any[]} */ [dx, dy], /** @type {number} */ k) => (k ? ctx.lineTo(x + dx * r, y + dy * r) : ctx.moveTo(x + dx * r, y + dy * r)));
  ctx.closePath();
};
const UP = -Math.PI / 2;
/** @type {Record<string, (ctx: CanvasRenderingContext2D, x: number, y: number, r: number) => void>} */
const SHAPES = {
  circle: (/** @type {CanvasRenderingContext2D} */ ctx, x, y, /** @type {number} */ r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  "circle-small": (/** @type {CanvasRenderingContext2D} */ ctx, x, y, /** @type {number} */ r) => ctx.arc(x, y, r * 0.72, 0, 2 * Math.PI),
  square: polygon(4, Math.PI / 4, 1.22),
  diamond: polygon(4, UP, 1.25),
  triangle: polygon(3, UP, 1.28),
  "triangle-down": polygon(3, -UP, 1.28),
  pentagon: polygon(5, UP, 1.15),
  hexagon: polygon(6, 0, 1.12),
  house: outline([[0, -1.15], [1, -0.2], [1, 0.95], [-1, 0.95], [-1, -0.2]]),
  cross: outline([[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1],
    [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]]),
  bolt: outline([[0.2, -1.2], [-0.8, 0.2], [-0.1, 0.2], [-0.3, 1.2], [0.8, -0.25], [0.1, -0.25]]),
  flag: outline([[-0.8, -1.1], [1, -0.5], [-0.45, 0.15], [-0.45, 1.1], [-0.8, 1.1]]),
  chevron: outline([[-1, -0.9], [0.1, -0.9], [1.1, 0], [0.1, 0.9], [-1, 0.9], [-0.1, 0]]),
};

/* A mark inside a shape ("square+dot") tells categories of one outline apart without their colours. */
/** @type {Record<string, (ctx: CanvasRenderingContext2D, x: number, y: number, r: number) => void>} */
const MARKS = {
  dot: (/** @type {CanvasRenderingContext2D} */ ctx, x, y, /** @type {number} */ r) => ctx.arc(x, y, r * 0.36, 0, 2 * Math.PI),
  bar: (/** @type {CanvasRenderingContext2D} */ ctx, x, y, /** @type {number} */ r) => ctx.rect(x - r * 0.62, y - r * 0.17, r * 1.24, r * 0.34),
  bars: (/** @type {CanvasRenderingContext2D} */ ctx, x, y, /** @type {number} */ r) => { ctx.rect(x - r * 0.55, y - r * 0.5, r * 1.1, r * 0.3); ctx.rect(x - r * 0.55, y + r * 0.2, r * 1.1, r * 0.3); },
};

/**
 * operating: filled; under construction: half; signed or planned: outline; proposed: dotted; ended: crossed out.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {any} symbol
 * @param {string} status
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {Palette} colours
 * @param {boolean} dark
 */
export function drawSymbol(ctx, symbol, status, x, y, r, colours, dark) {
  const [outer, inner] = String(symbol.shape).split("+");
  const shape = SHAPES[outer] || SHAPES.circle, mark = MARKS[inner], colour = dark ? symbol.color_dark : symbol.color;
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.beginPath();
  shape(ctx, x, y, r);
  ctx.strokeStyle = colours.paper;
  ctx.lineWidth = 3;
  ctx.stroke();
  const full = status === "operating" || !status;
  ctx.fillStyle = full ? colour : colours.paper;
  ctx.fill();
  if (status === "under-construction") {
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
  if (status === "planned") ctx.setLineDash([3, 1.6]);
  if (status === "proposed") ctx.setLineDash([1.2, 2]);
  ctx.stroke();
  ctx.setLineDash([]);
  if (mark) {
    ctx.beginPath();
    mark(ctx, x, y, r);
    ctx.fillStyle = full ? colours.paper : colour;
    if (status === "under-construction") { ctx.strokeStyle = colours.paper; ctx.stroke(); }
    ctx.fill();
    ctx.strokeStyle = colour;
  }
  if (status === "ended") {
    ctx.beginPath();
    ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r);
    ctx.stroke();
  }
}
