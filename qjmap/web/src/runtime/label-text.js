/* Writes the texts of labels: fonts, halos, text along lines, and texts shortened to a width. */

import { typeface } from "./palette.js";

const STEEP = 0.9; // radians: Chinese along a steeper line is written from top to bottom
const HAN = /^[\u3400-\u9fff·—、（）]+$/;
const FITTED = 4000; // maximum number of shortened texts that are cached

/** @typedef {{ x: number, y: number, angle: number }} Pose Centre of a label in layer pixels, and its angle in radians. */

/** Returns the font of a label in the form of `CanvasRenderingContext2D.font`. @param {Label} label */
export const fontOf = (label) => `${label.italic ? "italic " : ""}${label.weight || 400} ${label.size}px ${typeface}`;

/**
 * Sets the space between letters, if the browser supports that.
 *
 * @param {Ctx} ctx
 * @param {number} px
 */
export function setSpacing(ctx, px) {
  if ("letterSpacing" in ctx) ctx.letterSpacing = `${px}px`;
}

/**
 * Sets the font and the space between letters of a label.
 *
 * @param {Ctx} ctx
 * @param {Label} label
 */
export function setFont(ctx, label) {
  ctx.font = fontOf(label);
  setSpacing(ctx, label.spacing || 0);
}

/**
 * Writes a label with its halo; Chinese on a steep line from top to bottom.
 *
 * @param {Ctx} ctx
 * @param {Label} label
 * @param {Pose} pose where it is written
 * @param {number} width width of the text in pixels
 * @param {Palette} colours colours of the theme
 */
export function writeLabel(ctx, label, { x, y, angle }, width, colours) {
  ctx.save();
  setFont(ctx, label);
  ctx.globalAlpha = label.alpha || 1;
  ctx.translate(x, y);
  if (Math.abs(angle) > STEEP && HAN.test(label.text)) { writeDown(ctx, label, angle, width, colours); ctx.restore(); return; }
  if (angle) ctx.rotate(angle);
  // The spacing after the last letter is invisible; half of it is added on the left, so that the visible text is centred.
  const left = -width / 2 + (label.spacing || 0) / 2;
  if (label.halo !== false) {
    ctx.strokeStyle = label.halo || colours.halo;
    ctx.lineWidth = 3.4;
    ctx.strokeText(label.text, left, 0);
  }
  ctx.fillStyle = label.colour;
  ctx.fillText(label.text, left, 0);
  ctx.restore();
}

/**
 * Writes Chinese along a steep line, from top to bottom and with upright characters.
 *
 * @param {Ctx} ctx
 * @param {Label} label
 * @param {number} angle angle of the line in radians
 * @param {number} width width of the text in pixels
 * @param {Palette} colours
 */
function writeDown(ctx, label, angle, width, colours) {
  const characters = Array.from(label.text), step = width / characters.length, turn = angle > 0 ? angle : angle + Math.PI;
  setSpacing(ctx, 0);
  ctx.textAlign = "center";
  ctx.strokeStyle = label.halo || colours.halo;
  ctx.fillStyle = label.colour;
  ctx.lineWidth = 3.4;
  for (const paint of /** @type {const} */ (["strokeText", "fillText"])) {
    characters.forEach((character, k) => {
      const along = -width / 2 + step * (k + 0.5);
      ctx.save();
      ctx.translate(along * Math.cos(turn), along * Math.sin(turn));
      ctx.rotate(turn - Math.PI / 2);
      ctx[paint](character, 0, 0);
      ctx.restore();
    });
  }
  ctx.textAlign = "left";
}

/** @type {Map<string, string>} font, width and text, joined -> shortened text */
const fitted = new Map();
/**
 * Shortens a text to a width (pixels) in the font of the context: "…" follows what is left, at least one character. Results are cached.
 *
 * @param {Ctx} ctx
 * @param {string} text
 * @param {number} width
 */
export function fittedText(ctx, text, width) {
  const key = `${ctx.font}|${width}|${text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  if (fitted.size > FITTED) fitted.clear();
  const characters = Array.from(text);
  let short = text;
  while (characters.length > 1 && ctx.measureText(short).width > width) {
    characters.pop();
    short = characters.join("") + "…";
  }
  fitted.set(key, short);
  return short;
}
