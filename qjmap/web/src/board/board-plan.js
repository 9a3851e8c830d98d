/* Where everything stands on a board: groups in columns, columns on pages. The same plan is drawn on the screen, in files and on paper. */

import { wrapText } from "../app/base/wrap-text.js";

/** @typedef {import("./board-groups.js").BoardGroup} BoardGroup */
/** @typedef {{ r: Ref, lines: string[], notes: string[], noteAt: number, x: number, y: number, w: number, h: number, symbolAt: number, textAt: number }} PlannedEntry `notes`: lines of the note; `noteAt`: px after the last line of the name; 0 where the note has lines of its own. */
/** @typedef {{ title: string[], under: string, head: Ref | null, goesOn: boolean, x: number, y: number, w: number, h: number, top: number, entries: PlannedEntry[] }} PlannedGroup `goesOn`: it begins in another column. */
/** @typedef {{ width: number, height: number, groups: PlannedGroup[] }} BoardPage */
/** @typedef {(text: string, size: number, weight: number) => number} Measure Width of a text in px. */

export const TYPE = 14; // px of a name
export const NOTE = 12; // px of what stands after it
export const LINE = 19; // px of a line
const COLUMN = 244; // px, the least width of a column
const GAP = 14; // px between columns and groups
const PAD = 10; // px inside a group
const INDENT = 16; // px of a part of a part
const SIGN = 22; // px of a symbol
const ROW = 26; // px, the least height of an entry
const SPARE = 1.3; // of the least height, for groups that are not broken

/**
 * The parts of a group in a column of a width, each as high as it is.
 *
 * @param {BoardGroup} group
 * @param {number} width
 * @param {{ measure: Measure, nameOf: (r: Ref) => string, noteOf: (r: Ref) => string }} words
 */
function measured(group, width, { measure, nameOf, noteOf }) {
  const inner = width - 2 * PAD, title = wrapText(group.title, inner - (group.head === null ? 0 : SIGN), (text) => measure(text, TYPE, 600));
  const entries = group.entries.map(({ r, depth }) => {
    const symbolAt = PAD + Math.min(3, depth - 1) * INDENT, textAt = symbolAt + SIGN, room = width - PAD - textAt, note = noteOf(r);
    const lines = wrapText(nameOf(r), room, (text) => measure(text, TYPE, 400)), end = measure(lines[lines.length - 1] || "", TYPE, 400) + 8;
    const noteAt = note && end + measure(note, NOTE, 400) <= room ? end : 0, notes = noteAt ? [note] : wrapText(note, room, (text) => measure(text, NOTE, 400));
    return { r, lines, notes, noteAt, x: 0, y: 0, w: width, h: Math.max(ROW, (lines.length + (noteAt ? 0 : notes.length)) * LINE + 7), symbolAt, textAt };
  });
  return { title, under: group.under, head: group.head, goesOn: false, entries, top: PAD + title.length * LINE + (group.under ? LINE : 0) + 4 };
}

/** @typedef {ReturnType<typeof measured>} MeasuredGroup */

/** @param {MeasuredGroup} group @param {PlannedEntry[]} entries those that stand in it */
const heightOf = (group, entries) => entries.reduce((sum, { h }) => sum + h, group.top + PAD);

/** A group in its next column. @param {MeasuredGroup} group @param {string} again @returns {MeasuredGroup} */
const continued = (group, again) => ({ ...group, goesOn: true, under: [group.under, again].filter(Boolean).join(" · "), top: group.top + (group.under ? 0 : LINE) });

/**
 * Groups flow into columns no higher than `height`. A group that does not fit goes on in the next, under its title; if `whole`, it does
 * so only where no column could hold it.
 *
 * @param {MeasuredGroup[]} groups
 * @param {number} height
 * @param {string} again what a group that goes on says
 * @param {boolean} whole
 * @returns {(MeasuredGroup & { y: number, h: number })[][]} columns
 */
function flow(groups, height, again, whole) {
  const columns = /** @type {(MeasuredGroup & { y: number, h: number })[][]} */ ([[]]);
  let y = 0;
  const next = () => {
    columns.push([]);
    y = 0;
  };
  for (const group of groups) {
    let rest = group.entries;
    do {
      const part = rest === group.entries ? group : continued(group, again), all = heightOf(part, rest);
      if (y && y + (whole && all <= height ? all : heightOf(part, rest.slice(0, 2))) > height) next();
      let h = part.top, taken = 0;
      while (taken < rest.length && (taken < 1 || y + h + rest[taken].h + PAD <= height)) h += rest[taken++].h;
      columns[columns.length - 1].push({ ...part, entries: rest.slice(0, taken), y, h: h + PAD });
      y += h + PAD + GAP;
      rest = rest.slice(taken);
      if (rest.length) next();
    } while (rest.length);
  }
  return columns;
}

/**
 * The least height at which groups need no more than so many columns, up to `most`.
 *
 * @param {MeasuredGroup[]} groups
 * @param {number} columns
 * @param {number} most px
 * @param {string} again
 * @param {boolean} whole
 */
function leastHeight(groups, columns, most, again, whole) {
  const total = groups.reduce((sum, group) => sum + GAP + heightOf(group, group.entries), 0);
  let low = total / columns / 2, high = Math.min(most, total + 1);
  if (flow(groups, high, again, whole).length > columns) return most;
  while (high - low > 4) {
    const middle = (low + high) / 2;
    if (flow(groups, middle, again, whole).length > columns) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * @param {BoardGroup[]} groups
 * @param {number} width px
 * @param {{ measure: Measure, nameOf: (r: Ref) => string, noteOf: (r: Ref) => string, again: string }} words
 * @param {number} [most] px of height of a page
 * @returns {BoardPage[]}
 */
export function planBoard(groups, width, words, most = Infinity) {
  const columns = Math.max(1, Math.min(groups.length * 3, Math.floor((width + GAP) / (COLUMN + GAP)))), wide = (width - (columns - 1) * GAP) / columns;
  const sized = groups.map((group) => measured(group, wide, words)), { again } = words;
  const least = leastHeight(sized, columns, most, again, false), unbroken = leastHeight(sized, columns, most, again, true), whole = unbroken <= least * SPARE;
  const filled = flow(sized, whole ? unbroken : least, again, whole);
  const pages = /** @type {BoardPage[]} */ ([]);
  for (let first = 0; first < filled.length; first += columns) {
    const placed = filled.slice(first, first + columns).flatMap((column, k) => column.map((group) => {
      const x = k * (wide + GAP);
      let y = group.y + group.top;
      const entries = group.entries.map((entry) => {
        const at = { ...entry, x, y };
        y += entry.h;
        return at;
      });
      return { ...group, x, w: wide, entries };
    }));
    pages.push({ width, height: Math.max(0, ...placed.map(({ y, h }) => y + h)), groups: placed });
  }
  return pages;
}
