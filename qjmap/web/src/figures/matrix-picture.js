/* Draws the matrix of partners as a picture; SVG, PNG and print have the same drawing. */

import { wrapText } from "../app/base/wrap-text.js";
import { fittedText } from "../runtime/label-text.js";
import { palettes, typeface } from "../runtime/palette.js";

const CELL = 34; // px, side of a cell
const HEAD = [250, 230]; // px, maximum width of the names at the left and height of those at the top
const EDGE = 24; // px, margin
const LINE = 18; // px, height of a line of notes
/** Colours of cells with a number: one for each quarter of the range up to the largest number. */
const SHADES = ["#ffffff", "#f7e7da", "#efcdb2", "#e0a77f"];

/**
 * @typedef {{ title: string, rows: { name: string, total: string, cells: (number | null)[] }[], heads: string[], most: number, notes: string[], totalHead: string }} MatrixPicture
 * `cells` are numbers of partnerships, null in the cell of a place with itself; `most` is the largest of them; `heads` are the names of the
 * columns, `totalHead` that of the column of totals.
 */

/**
 * Sets the font of a context, and centres texts vertically.
 *
 * @param {Ctx} ctx
 * @param {number} size px
 * @param {number} [weight]
 */
function setType(ctx, size, weight = 400) {
  ctx.font = `${weight} ${size}px ${typeface}`;
  ctx.textBaseline = "middle";
}

/**
 * Writes the names and totals at the left of the matrix and, turned by 90 degrees, the names at its top.
 *
 * @param {Ctx} ctx
 * @param {MatrixPicture} matrix
 * @param {number} left px of the left edge
 * @param {number} top px of the top edge
 * @param {number[]} head width of the names at the left and height of those at the top, in px
 */
function drawNames(ctx, { rows, heads, totalHead }, left, top, [side, up]) {
  setType(ctx, 13);
  ctx.fillStyle = palettes.light.ink;
  ctx.textAlign = "right";
  rows.forEach(({ name, total }, k) => {
    ctx.fillText(fittedText(ctx, name, side - 8), left + side - 8, top + up + CELL * (k + 0.5));
    ctx.fillText(total, left + side + CELL - 8, top + up + CELL * (k + 0.5));
  });
  ctx.textAlign = "left";
  [totalHead, ...heads].forEach((name, k) => {
    ctx.save();
    ctx.translate(left + side + CELL * (k + 0.5), top + up - 6);
    ctx.rotate(-Math.PI / 2);
    ctx.fillText(fittedText(ctx, name, up - 12), 0, 0);
    ctx.restore();
  });
}

/**
 * Draws the cells with their numbers.
 *
 * @param {Ctx} ctx
 * @param {MatrixPicture} matrix
 * @param {number} left px of the left edge of the first column
 * @param {number} top px of the top edge of the first row
 */
function drawCells(ctx, { rows, most }, left, top) {
  setType(ctx, 13, 600);
  ctx.textAlign = "center";
  ctx.lineWidth = 1;
  rows.forEach(({ cells }, row) => cells.forEach((number, column) => {
    const x = left + CELL * column, y = top + CELL * row;
    ctx.fillStyle = number === null ? "#e6e2d8" : number ? SHADES[Math.ceil((SHADES.length * number) / most) - 1] : "#ffffff";
    ctx.fillRect(x, y, CELL, CELL);
    ctx.strokeStyle = palettes.light.district;
    ctx.strokeRect(x + 0.5, y + 0.5, CELL - 1, CELL - 1);
    ctx.fillStyle = palettes.light.ink;
    if (number) ctx.fillText(String(number), x + CELL / 2, y + CELL / 2);
  }));
  ctx.textAlign = "left";
}

/**
 * Lays out the picture. Returns its `width` and `height` in px, and a function that draws it.
 *
 * @param {Ctx} ruler context for measuring texts
 * @param {MatrixPicture} matrix
 */
export function planMatrix(ruler, matrix) {
  setType(ruler, 13);
  const up = Math.min(HEAD[1], 20 + Math.max(0, ...matrix.heads.map((name) => ruler.measureText(name).width)));
  const side = Math.min(HEAD[0], 14 + Math.max(80, ...matrix.rows.map(({ name }) => ruler.measureText(name).width)));
  const inner = Math.max(520, side + CELL * (matrix.heads.length + 1)), width = inner + 2 * EDGE;
  setType(ruler, 12);
  const notes = matrix.notes.flatMap((text) => wrapText(text, inner, (part) => ruler.measureText(part).width)), top = EDGE + 34, below = top + up + CELL * matrix.rows.length + 16;
  const height = below + notes.length * LINE + EDGE;
  return {
    width, height,
    /** Draws the picture from the origin of a context. @param {Ctx} ctx */
    draw(ctx) {
      ctx.fillStyle = "#ffffff";
      ctx.fillRect(0, 0, width, height);
      setType(ctx, 20, 600);
      ctx.fillStyle = palettes.light.ink;
      ctx.fillText(matrix.title, EDGE, EDGE + 12);
      drawNames(ctx, matrix, EDGE, top, [side, up]);
      drawCells(ctx, matrix, EDGE + side + CELL, top + up);
      setType(ctx, 12);
      ctx.fillStyle = palettes.light.inkSoft;
      notes.forEach((line, k) => ctx.fillText(line, EDGE, below + LINE * (k + 0.5)));
    },
  };
}
