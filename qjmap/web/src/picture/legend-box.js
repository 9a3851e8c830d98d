/* Lays out the legend of a picture in columns. Texts are wrapped, never cut. */

import { wrapText } from "../app/base/wrap-text.js";
import { typeface } from "../runtime/palette.js";

const COLUMNS = [120, 210]; // px, minimum and maximum width of a column
export const LINE = 19; // px, height of an entry with one line
export const MORE = 13; // px, height of each further line of an entry
export const SYMBOL = [34, 20]; // px, width and height of a symbol
const NARROW = 640; // px: a narrower map has its legend below it

/** @typedef {{ x: number, y: number, title: boolean, entry?: LegendEntry, lines: string[] }} LegendItem A title or an entry of the legend with its wrapped text; x, y in px from the top left corner of the legend. */
/** @typedef {{ title: string[], entries: { entry: LegendEntry, lines: string[] }[] }} MeasuredGroup A group with the lines of its title and entries. */

/**
 * Wraps a text to a width in px, in the font of a context.
 *
 * @param {Ctx} ctx
 * @param {string} text
 * @param {number} width
 */
export const wrapLines = (ctx, text, width) => wrapText(text, width, (part) => ctx.measureText(part).width);

/**
 * Wraps the texts of a legend. Returns the width of its columns in px, and its groups with lines.
 *
 * @param {Ctx} ctx
 * @param {LegendGroup[]} groups
 * @param {number} most maximum width of a column in px
 */
function measureLegend(ctx, groups, most) {
  ctx.font = `11px ${typeface}`;
  const widest = Math.max(0, ...groups.flatMap(({ entries }) => entries.map(({ text }) => ctx.measureText(text).width)));
  const column = Math.min(most, Math.max(COLUMNS[0], Math.ceil(widest) + SYMBOL[0] + 18)), room = column - SYMBOL[0] - 16;
  const measured = groups.map(({ title, entries }) => {
    ctx.font = `600 11px ${typeface}`;
    const titles = wrapLines(ctx, title, column - 10);
    ctx.font = `11px ${typeface}`;
    return { title: titles, entries: entries.map(({ entry, text }) => ({ entry, lines: wrapLines(ctx, text, room) })) };
  });
  return { column, measured };
}

/** Returns the height in px of an entry with these lines. @param {string[]} lines */
const heightOf = (lines) => LINE + (lines.length - 1) * MORE;

/**
 * Distributes the groups over columns no higher than `height`. Returns the placed titles and entries (`out`), and the number of columns.
 *
 * @param {MeasuredGroup[]} groups
 * @param {number} column width in px
 * @param {number} height
 */
function flow(groups, column, height) {
  const out = /** @type {LegendItem[]} */ ([]);
  let at = 0, y = 0;
  for (const { title, entries } of groups) {
    if (y && y + heightOf(title) + (entries.length ? heightOf(entries[0].lines) : 0) > height) { at++; y = 0; }
    out.push({ x: at * column, y, title: true, lines: title });
    y += heightOf(title);
    for (const { entry, lines } of entries) {
      if (y + heightOf(lines) > height) { at++; y = 0; }
      out.push({ x: at * column, y, title: false, entry, lines });
      y += heightOf(lines);
    }
    y += 6;
  }
  return { out, columns: at + 1 };
}

/**
 * Lays out the legend beside the map, or below a narrow map. Returns its size in px, its items (`out`), and whether it is `beside` the map.
 *
 * @param {Ctx} ctx
 * @param {LegendGroup[]} groups
 * @param {number} width width of the map in px
 * @param {number} height height of the map in px
 * @param {number} [most] maximum width of a column in px
 */
export function legendBox(ctx, groups, width, height, most = COLUMNS[1]) {
  const { column, measured } = measureLegend(ctx, groups, most);
  if (width >= NARROW) {
    const { out, columns } = flow(measured, column, height);
    return { out, beside: true, width: columns * column, height };
  }
  const across = Math.max(1, Math.floor(width / column));
  let tall = 4 * LINE, flowed = flow(measured, column, tall);
  while (flowed.columns > across) flowed = flow(measured, column, (tall += LINE));
  return { out: flowed.out, beside: false, width, height: tall + 8 };
}

