/* How partnerships are drawn, on the map and in the legend: the line says the family, its dashes the tense, its width and
 * colour the value. Everything is told apart without colour. */

import { typeface } from "../../runtime/palette.js";

const KNOWN = [1.9, 3, 4.4, 6]; // px, by class of value
const UNKNOWN = [1.2, 1.7, 2.2, 2.7]; // px, by number of records
const TAU = 2 * Math.PI;

/** @param {Strand} strand */
export const widthOf = ({ known, step }) => (known ? KNOWN : UNKNOWN)[step - 1];
/**
 * Room that a strand takes in a ribbon.
 *
 * @param {Strand} strand
 */
export const breadthOf = (strand) => strand.width + (strand.family === "union" ? 2.6 : strand.family === "project" && strand.width < 2.6 ? 2 : 0.6);
/** @param {number} width */
export const headSize = (width) => 8 + width * 1.7;
/** @param {number} width */
export const bothSize = (width) => 6.2 + width * 0.95;
/** @param {Strand} strand */
export const lookKey = ({ family, tense, known, step }) => `${family}|${tense}|${known ? "v" : "n"}${step}`;

/**
 * Colour of a strand; `lift` for one that a reader points at.
 *
 * @param {Strand} strand
 * @param {Palette} c
 * @param {boolean} [lift]
 */
export const arcColour = ({ known, tense }, c, lift) => (lift ? c.warmLift : tense === "ended" ? c.warmLight : known ? c.warm : c.warmPlain);

/**
 * Strokes a path. `trace` adds it to the context's path, once for every stroke, and may give the offset of its dashes.
 * bare: without the pale case that sets a line off from what it crosses.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {any} trace
 * @param {Strand} strand
 * @param {Palette} c
 */
export function strokeArc(ctx, trace, strand, c, { lift = false, bare = false } = {}) {
  const { family, tense } = strand, intended = tense === "intended";
  const width = strand.width + (lift ? 1 : 0), colour = arcColour(strand, c, lift);
  /**
   * @param {any} style
   * @param {any} of
   * @param {number[]} dash
   */
  const line = (style, of, dash, cap = /** @type {CanvasLineCap} */ ("butt")) => {
    ctx.beginPath();
    ctx.lineDashOffset = trace(ctx) || 0;
    ctx.strokeStyle = style;
    ctx.lineWidth = of;
    ctx.lineCap = cap;
    ctx.setLineDash(dash);
    ctx.stroke();
  };
  const dash = intended ? [4 + width * 1.6, 3 + width * 0.8] : [];
  ctx.lineJoin = "round";
  if (!bare) line(c.warmCase, width + (family === "union" ? 4.6 : 2.4), []);
  if (family === "union") {
    line(colour, width * 1.25 + 2.2, dash);
    line(c.paper, Math.max(1.4, width * 0.55), []);
  } else if (family === "policy") {
    line(colour, width + 0.9, [0, (width + 0.9) * (intended ? 3.4 : 1.9)], "round");
  } else if (family === "supply") {
    line(colour, width, intended ? [6, 4, 1.6, 4, 1.6, 4] : [11, 3, 2, 3]);
  } else {
    line(colour, width, dash);
    // Beads: dark on a thin line, pale within a broad one.
    const beads = [0, 19 + width * 2];
    const thin = strand.width < 2.6;
    if (family === "project") line(thin ? colour : c.paper, thin ? width + 3.2 : width * 0.62, beads, "round");
  }
  if (tense === "ended") line(colour, width + 5, [1.2, 13]); // struck through
  ctx.setLineDash([]);
  ctx.lineDashOffset = 0;
  ctx.lineCap = "butt";
}

/**
 * An arrowhead whose tip is at (x, y).
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ x: any, y: any, angle: number }} given
 * @param {number} size
 * @param {string} colour
 * @param {string} paper
 */
export function drawHead(ctx, { x, y, angle }, size, colour, paper) {
  /**
   * @param {any} along
   * @param {any} beside
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
 * Two small heads back to back: it goes both ways. Away from the crowded ends.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ x: any, y: any, angle: number }} given
 * @param {number} size
 * @param {string} colour
 * @param {string} paper
 */
export function drawBothHeads(ctx, { x, y, angle }, size, colour, paper) {
  for (const turn of [0, Math.PI]) {
    const ahead = angle + turn, tip = size * 1.25;
    const put = { x: x + tip * Math.cos(ahead), y: y + tip * Math.sin(ahead), angle: ahead };
    drawHead(ctx, put, size, colour, paper);
  }
}

/**
 * The junction of three and more: a lozenge, as no place has it.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ x: any, y: any }} given
 * @param {number} size
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
 * A thin tie to a site on the ground.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {any} by
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
 * What has no line, because all its parties are at one place or its arc is too short to see: a shield with two rings.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {any} x
 * @param {any} y
 * @param {number} count
 * @param {boolean} lift
 * @param {Palette} c
 */
export function drawBadge(ctx, x, y, count, lift, c) {
  const text = count > 1 ? String(count) : "", width = 20 + (text ? 5 + text.length * 6.5 : 0), height = 15;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - height / 2, width, height, 7.5);
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
