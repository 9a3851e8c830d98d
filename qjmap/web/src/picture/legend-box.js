/* The legend of a picture in columns as wide as its texts: nothing of them is cut. */

import { wrapText } from "../app/base/wrap-text.js";
import { typeface } from "../runtime/palette.js";

const COLUMNS = [120, 210]; // px, the least and the greatest width of a column
export const LINE = 19; // px of a line
export const MORE = 13; // px, a further line of one entry
export const SYMBOL = [34, 20];
const NARROW = 640; // px: a narrower map has its legend beneath it

/** @typedef {{ x: number, y: number, title: boolean, entry?: LegendEntry, lines: string[] }} LegendItem A title or an entry of the legend. */
/** @typedef {{ title: string[], entries: { entry: LegendEntry, lines: string[] }[] }} MeasuredGroup */

/** Lines of a text in the type of a context. @param {Ctx} ctx @param {string} text @param {number} width */
export const wrapLines = (ctx, text, width) => wrapText(text, width, (part) => ctx.measureText(part).width);

/**
 * Texts of the legend in the lines of a column, and how wide that is.
 *
 * @param {Ctx} ctx
 * @param {LegendGroup[]} groups
 * @param {number} most px
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

/** @param {string[]} lines */
const heightOf = (lines) => LINE + (lines.length - 1) * MORE;

/**
 * Groups of the legend in columns no higher than `height`, and how many columns.
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
 * The legend beside the map, on a narrow one beneath it.
 *
 * @param {Ctx} ctx
 * @param {LegendGroup[]} groups
 * @param {number} width
 * @param {number} height
 * @param {number} [most] px of a column
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

