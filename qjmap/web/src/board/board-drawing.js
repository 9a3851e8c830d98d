/* Draws a board that board-plan.js has laid out, and the sheet for files: title, board, key (legend) and notes. */

import { LINE, NOTE, TYPE } from "./board-plan.js";
import { wrapText } from "../app/base/wrap-text.js";
import { typeface } from "../runtime/palette.js";
import { traceRoundedBox } from "../runtime/shapes.js";

const KEY = [132, 24]; // px, width and height of an entry of the key
const EDGE = 24; // px, margin of a sheet

/** @typedef {import("./board-plan.js").BoardPage} BoardPage */
/** @typedef {import("./board-plan.js").PlannedGroup} PlannedGroup */
/** @typedef {{ colours: Palette, symbol: (ctx: Ctx, r: Ref, x: number, y: number, radius: number) => void }} Pen Colours, and a function that draws the symbol of a site. */
/** @typedef {{ entry: LegendEntry, text: string }[]} BoardKey Legend entries with their texts. */

/**
 * Sets the font of a context, and aligns text left and vertically centred.
 *
 * @param {Ctx} ctx
 * @param {number} size font size in px
 * @param {number} [weight]
 */
function setType(ctx, size, weight = 400) {
  ctx.font = `${weight} ${size}px ${typeface}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
}

/**
 * Draws the frame, title and entries of a group.
 *
 * @param {Ctx} ctx
 * @param {PlannedGroup} group
 * @param {Pen} pen
 */
function drawGroup(ctx, { title, under, head, x, y, w, h, entries }, { colours, symbol }) {
  ctx.setLineDash([]);
  ctx.beginPath();
  traceRoundedBox(ctx, x + 0.5, y + 0.5, w - 1, h - 1, 5);
  ctx.fillStyle = colours.blockFill;
  ctx.fill();
  ctx.strokeStyle = colours.inkFaint;
  ctx.lineWidth = 1;
  ctx.stroke();
  const left = x + 10 + (head === null ? 0 : 22);
  if (head !== null) symbol(ctx, head, x + 18, y + 10 + LINE / 2, 6.5);
  setType(ctx, TYPE, 600);
  ctx.fillStyle = colours.ink;
  title.forEach((line, k) => ctx.fillText(line, left, y + 10 + LINE * (k + 0.5)));
  setType(ctx, NOTE);
  ctx.fillStyle = colours.inkSoft;
  if (under) ctx.fillText(under, left, y + 10 + LINE * (title.length + 0.5));
  for (const entry of entries) {
    const top = entry.y + 3;
    symbol(ctx, entry.r, entry.x + entry.symbolAt + 8, top + LINE / 2, 5.5);
    setType(ctx, TYPE);
    ctx.fillStyle = colours.ink;
    entry.lines.forEach((line, k) => ctx.fillText(line, entry.x + entry.textAt, top + LINE * (k + 0.5)));
    setType(ctx, NOTE);
    ctx.fillStyle = colours.inkSoft;
    const last = entry.lines.length - (entry.noteAt ? 1 : 0);
    entry.notes.forEach((note, k) => ctx.fillText(note, entry.x + entry.textAt + entry.noteAt, top + LINE * (last + k + 0.5)));
  }
}

/**
 * Draws a page of a board; its top left corner is the origin of the context.
 *
 * @param {Ctx} ctx
 * @param {BoardPage} page
 * @param {Pen} pen
 */
export function drawBoard(ctx, page, pen) {
  for (const group of page.groups) drawGroup(ctx, group, pen);
}

/** Returns the number of rows that the key takes up in a width. @param {BoardKey} key @param {number} width */
const keyRows = (key, width) => Math.ceil(key.length / Math.max(1, Math.floor(width / KEY[0])));

/**
 * Draws the key, which explains the symbols, row by row with its top left corner at (x, y).
 *
 * @param {Ctx} ctx
 * @param {BoardKey} key
 * @param {number} width px
 * @param {number} x
 * @param {number} y
 * @param {Palette} colours
 */
function drawKey(ctx, key, width, x, y, colours) {
  const across = Math.max(1, Math.floor(width / KEY[0]));
  key.forEach(({ entry, text }, k) => {
    const left = x + (k % across) * KEY[0], top = y + Math.floor(k / across) * KEY[1];
    ctx.save();
    ctx.translate(left - 8, top);
    entry.draw(ctx, 34, KEY[1]);
    ctx.restore();
    setType(ctx, NOTE);
    ctx.fillStyle = colours.ink;
    ctx.fillText(text, left + 22, top + KEY[1] / 2);
  });
}

/**
 * Lays out a sheet with title, note, board, key and further notes. Returns its size in pixels and a function that draws it.
 *
 * @param {Ctx} ruler context for measuring texts
 * @param {BoardPage} page
 * @param {{ title: string, note: string, key: BoardKey, notes: string[] }} words
 */
export function planSheet(ruler, page, { title, note, key, notes }) {
  const { width, height } = page;
  /**
   * Wraps a text to the width of the board; returns its lines.
   *
   * @param {string} text
   * @param {number} size font size in px
   * @param {number} weight
   */
  const wrapped = (text, size, weight = 400) => {
    setType(ruler, size, weight);
    return wrapText(text, width, (part) => ruler.measureText(part).width);
  };
  const titles = wrapped(title, 20, 600), intro = wrapped(note, NOTE), foot = notes.flatMap((line) => wrapped(line, NOTE));
  const top = EDGE + titles.length * 28 + intro.length * 18 + 10, below = top + height + 14, under = below + keyRows(key, width) * KEY[1] + 10;
  return {
    width: width + 2 * EDGE, height: under + foot.length * 18 + EDGE,
    /** Draws the sheet from the origin of the context. @param {Ctx} ctx @param {Pen} pen */
    draw(ctx, pen) {
      const { colours } = pen;
      ctx.fillStyle = colours.paper;
      ctx.fillRect(0, 0, width + 2 * EDGE, under + foot.length * 18 + EDGE);
      /**
       * Writes lines `step` pixels apart, from y downwards.
       *
       * @param {string[]} lines
       * @param {number} y
       * @param {number} step
       * @param {string} colour
       */
      const write = (lines, y, step, colour) => {
        ctx.fillStyle = colour;
        lines.forEach((line, k) => ctx.fillText(line, EDGE, y + step * (k + 0.5)));
      };
      setType(ctx, 20, 600);
      write(titles, EDGE, 28, colours.ink);
      setType(ctx, NOTE);
      write(intro, EDGE + titles.length * 28, 18, colours.inkSoft);
      ctx.save();
      ctx.translate(EDGE, top);
      drawBoard(ctx, page, pen);
      ctx.restore();
      drawKey(ctx, key, width, EDGE, below, colours);
      setType(ctx, NOTE);
      write(foot, under, 18, colours.inkSoft);
    },
  };
}
