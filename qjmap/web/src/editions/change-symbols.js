/* Symbols of what became of a row: a plus, a cross, an arrow, a triangle. They differ in shape, and are drawn beside a word for the change. */

import { traceRoundedBox } from "../runtime/shapes.js";

/** What may have become of a row, in the order of legend and marks; rows that stayed the same have no mark. */
export const CHANGES = ["added", "withdrawn", "moved", "changed"];

/* Bluish green, grey, blue and vermilion of Okabe and Ito, darkened or lightened until they stand out from the paper. */
/** @type {Record<string, Record<string, string>>} */
const COLOURS = {
  light: { added: "#00694f", withdrawn: "#5f5a50", moved: "#0a5c96", changed: "#8f3d00" },
  dark: { added: "#53c9a8", withdrawn: "#b5b1a8", moved: "#74b9ea", changed: "#f0a060" },
};

/**
 * Returns the colour of a change in a theme; print has the light one.
 *
 * @param {string} change one of `CHANGES`
 * @param {string} theme "light", "dark" or "print"
 */
export const colourOf = (change, theme) => COLOURS[theme === "dark" ? "dark" : "light"][change];

/** @type {Record<string, number[][]>} lines of each symbol, as x, y, x, y ... from -1 to 1 */
const LINES = {
  added: [[-1, 0, 1, 0], [0, -1, 0, 1]],
  withdrawn: [[-0.8, -0.8, 0.8, 0.8], [-0.8, 0.8, 0.8, -0.8]],
  moved: [[-1, 0, 1, 0], [0.2, -0.75, 1, 0, 0.2, 0.75]],
  changed: [[0, -0.9, 0.95, 0.75, -0.95, 0.75, 0, -0.9]],
};

/**
 * Draws the symbol of a change, 8 px wide, with its middle at (x, y).
 *
 * @param {Ctx} ctx
 * @param {string} change one of `CHANGES`
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
export function drawChange(ctx, change, x, y, colour) {
  ctx.beginPath();
  for (const line of LINES[change]) {
    for (let k = 0; k < line.length; k += 2) {
      const to = /** @type {[number, number]} */ ([x + line[k] * 4, y + line[k + 1] * 4]);
      if (k) ctx.lineTo(...to); else ctx.moveTo(...to);
    }
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 1.8;
  ctx.strokeStyle = colour;
  ctx.stroke();
}

/**
 * Draws and fills the rounded frame of a mark; the line is dashed for a withdrawn row.
 *
 * @param {Ctx} ctx
 * @param {Box} box
 * @param {string} colour
 * @param {string} paper colour that fills the frame
 * @param {boolean} dashed
 */
export function drawFrame(ctx, [west, north, east, south], colour, paper, dashed) {
  ctx.beginPath();
  traceRoundedBox(ctx, west, north, east - west, south - north, 4);
  ctx.setLineDash(dashed ? [3, 2] : []);
  ctx.fillStyle = paper;
  ctx.fill();
  ctx.lineWidth = 1.3;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.setLineDash([]);
}
