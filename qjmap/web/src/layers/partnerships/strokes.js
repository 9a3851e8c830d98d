/* Strokes of partnerships, on the map and in the legend. The style of a line shows the family of the kind; its dashes and colour show the
 * tense (firm, intended, ended); its width shows how many partnerships there are and how far they have got. No distinction is made by colour alone. */

import { typeface } from "../../runtime/palette.js";
import { traceRoundedBox } from "../../runtime/shapes.js";

const WIDTHS = [1.3, 2.2, 3.4, 5]; // px, width of a strand by its class of width (`step`, 1 to 4)
const TAU = 2 * Math.PI;

/** Returns the width of the line of a strand in pixels. @param {{ step: number }} strand */
export const widthOf = ({ step }) => WIDTHS[step - 1];
/**
 * Returns the width in pixels that a strand takes up in its bundle, with the decoration of its family.
 *
 * @param {Strand} strand
 */
export const breadthOf = (strand) => strand.width + (strand.family === "union" ? 2.6 : strand.family === "project" && strand.width < 2.6 ? 2 : 0.6);
/** Returns the length in pixels of an arrowhead on a line of a width. @param {number} width */
export const headSize = (width) => 8 + width * 1.7;
/** Returns the length in pixels of each of a pair of arrowheads on a line of a width. @param {number} width */
export const bothSize = (width) => 6.2 + width * 0.95;
/** Returns a text that is equal for strands that look alike. @param {Strand} strand */
export const lookKey = ({ family, tense, step }) => `${family}|${tense}|${step}`;

/**
 * Returns the colour of a strand.
 *
 * @param {Strand} strand
 * @param {Palette} c
 * @param {boolean} [lift] whether its bundle is selected or hovered
 */
export const arcColour = ({ tense }, c, lift) => (tense === "withdrawn" ? (lift ? c.ink : c.ring) : lift ? c.warmLift : tense === "ended" ? c.warmLight : tense === "firm" ? c.warm : c.warmPlain);

/** @typedef {[colour: string, width: number, dash: number[], cap?: CanvasLineCap]} Stroke Width and dashes are in px; the cap is "butt" by default. */

/**
 * Returns the strokes that draw a strand, the lowest first.
 *
 * @param {Strand} strand
 * @param {Palette} c
 * @param {boolean} lift whether its bundle is selected or hovered
 * @param {boolean} bare whether to omit the pale casing that sets it off from lines beneath
 */
function strokesOf(strand, c, lift, bare) {
  const { family, tense } = strand, intended = tense === "intended" || tense === "withdrawn";
  const width = strand.width + (lift ? 1 : 0), colour = arcColour(strand, c, lift);
  const dash = intended ? [4 + width * 1.6, 3 + width * 0.8] : [];
  const strokes = /** @type {Stroke[]} */ ([]);
  if (!bare) strokes.push([c.warmCase, width + (family === "union" ? 4.6 : 2.4), []]);
  if (family === "union") strokes.push([colour, width * 1.25 + 2.2, dash], [c.paper, Math.max(1.4, width * 0.55), []]);
  else if (family === "policy") strokes.push([colour, width + 0.9, [0, (width + 0.9) * (intended ? 3.4 : 1.9)], "round"]);
  else if (family === "supply") strokes.push([colour, width, intended ? [6, 4, 1.6, 4, 1.6, 4] : [11, 3, 2, 3]]);
  else strokes.push([colour, width, dash]);
  if (family === "project") {
    // Beads: dark ones on a thin line, pale ones inside a wide line.
    const thin = strand.width < 2.6;
    strokes.push([thin ? colour : c.paper, thin ? width + 3.2 : width * 0.62, [0, 19 + width * 2], "round"]);
  }
  if (tense === "ended") strokes.push([colour, width + 5, [1.2, 13]]); // struck through
  return strokes;
}

/**
 * Draws a path in the style of a strand.
 *
 * @param {Ctx} ctx
 * @param {Trace} trace function that adds the path to the context; it is called for each stroke
 * @param {Strand} strand
 * @param {Palette} c
 * @param {{ lift?: boolean, bare?: boolean }} style
 */
export function strokeArc(ctx, trace, strand, c, { lift = false, bare = false } = {}) {
  ctx.lineJoin = "round";
  for (const [colour, width, dash, cap = "butt"] of strokesOf(strand, c, lift, bare)) {
    ctx.beginPath();
    ctx.lineDashOffset = trace(ctx) || 0;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.lineCap = cap;
    ctx.setLineDash(dash);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.lineDashOffset = 0;
  ctx.lineCap = "butt";
}

/**
 * Draws an arrowhead.
 *
 * @param {Ctx} ctx
 * @param {Pose} pose its tip and direction
 * @param {number} size its length in pixels
 * @param {string} colour
 * @param {string} paper colour of its outline
 */
export function drawHead(ctx, { x, y, angle }, size, colour, paper) {
  /**
   * Returns the point at a distance along and a distance beside the axis of the arrowhead, from its tip.
   *
   * @param {number} along
   * @param {number} beside
   */
  const at = (along, beside) => /** @type {[number, number]} */ ([x + along * Math.cos(angle) - beside * Math.sin(angle), y + along * Math.sin(angle) + beside * Math.cos(angle)]);
  ctx.beginPath();
  ctx.moveTo(...at(0, 0));
  ctx.lineTo(...at(-size, size * 0.44));
  ctx.lineTo(...at(-size * 0.72, 0));
  ctx.lineTo(...at(-size, -size * 0.44));
  ctx.closePath();
  ctx.lineWidth = 1.6;
  ctx.lineJoin = "round";
  ctx.strokeStyle = paper;
  ctx.stroke();
  ctx.fillStyle = colour;
  ctx.fill();
}

/**
 * Draws two small arrowheads back to back, the sign of a mutual partnership.
 *
 * @param {Ctx} ctx
 * @param {Pose} pose the point between them and the direction of the line
 * @param {number} size length of each in pixels
 * @param {string} colour
 * @param {string} paper colour of the outline
 */
export function drawBothHeads(ctx, { x, y, angle }, size, colour, paper) {
  for (const turn of [0, Math.PI]) {
    const ahead = angle + turn, tip = size * 1.25;
    const put = { x: x + tip * Math.cos(ahead), y: y + tip * Math.sin(ahead), angle: ahead };
    drawHead(ctx, put, size, colour, paper);
  }
}

/**
 * Draws the junction of a star as a diamond.
 *
 * @param {Ctx} ctx
 * @param {Point} point
 * @param {number} size distance of its corners from the point in pixels
 * @param {string} colour
 * @param {string} paper
 */
export function drawJunction(ctx, { x, y }, size, colour, paper) {
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
  ctx.fillStyle = paper;
  ctx.fill();
  ctx.lineWidth = 1.6;
  ctx.lineJoin = "miter";
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y, 1.4, 0, TAU);
  ctx.fillStyle = colour;
  ctx.fill();
}

/**
 * Draws a dashed ring: the end of an arc that leads somewhere in an area.
 *
 * @param {Ctx} ctx
 * @param {Point} point
 * @param {number} size
 * @param {string} colour
 */
export function drawArea(ctx, { x, y }, size, colour) {
  ctx.beginPath();
  ctx.arc(x, y, size, 0, TAU);
  ctx.setLineDash([2.5, 2.5]);
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * Draws a tie, a thin dashed line from a partnership to one of its sites.
 *
 * @param {Ctx} ctx
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {string} colour
 * @param {boolean} lift
 */
export function drawTie(ctx, ax, ay, bx, by, colour, lift) {
  ctx.beginPath();
  ctx.moveTo(ax, ay);
  ctx.lineTo(bx, by);
  ctx.setLineDash([2, 3]);
  ctx.lineWidth = lift ? 1.6 : 1;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * Draws a badge, a shield with two rings. It stands for partnerships without a line: their parties are at one point, or their arc is too
 * short to be seen.
 *
 * @param {Ctx} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} count number of partnerships
 * @param {boolean} lift whether one of them is selected or hovered
 * @param {Palette} c
 */
export function drawBadge(ctx, x, y, count, lift, c) {
  const text = count > 1 ? String(count) : "", width = 20 + (text ? 5 + text.length * 6.5 : 0), height = 15;
  ctx.setLineDash([]);
  ctx.beginPath();
  traceRoundedBox(ctx, x - width / 2, y - height / 2, width, height, 7.5);
  ctx.fillStyle = c.badge;
  ctx.fill();
  ctx.strokeStyle = lift ? c.warmLift : c.warmPlain;
  ctx.lineWidth = lift ? 2 : 1.2;
  ctx.stroke();
  const left = x - width / 2 + 7.4;
  ctx.lineWidth = 1.3;
  for (const dx of [0, 4.6]) { ctx.beginPath(); ctx.arc(left + dx, y, 3.1, 0, TAU); ctx.stroke(); }
  if (!text) return;
  ctx.fillStyle = c.warm;
  ctx.font = `600 11px ${typeface}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(text, left + 10.5, y + 0.5);
}
