/* Lays out a board: groups in columns, columns on pages. The screen, files and paper use the same layout. */

import { wrapText } from "../app/base/wrap-text.js";

/** @typedef {import("./board-groups.js").BoardGroup} BoardGroup */
/**
 * @typedef {{ r: Ref, lines: string[], notes: string[], noteAt: number, x: number, y: number, w: number, h: number, symbolAt: number, textAt: number }} PlannedEntry
 * A site of a group, in px from the top left corner of the page (x, y, w, h). `r`: the site; `lines`: lines of its name; `notes`: lines of
 * its note; `noteAt`: px from `textAt` to a note that stands on the last line of the name, 0 for a note on lines of its own; `symbolAt`,
 * `textAt`: px from the left edge of the group to symbol and text.
 */
/**
 * @typedef {{ title: string[], under: string, head: Ref | null, goesOn: boolean, x: number, y: number, w: number, h: number, top: number, entries: PlannedEntry[] }} PlannedGroup
 * A group in a column, in px from the top left corner of the page (x, y, w, h). `title`: lines of its title; `under`: as in `BoardGroup`,
 * with the note of a continued group appended; `head`: as in `BoardGroup`; `top`: height of title and `under`, above the first entry;
 * `goesOn`: it continues a group from the previous column.
 */
/** @typedef {{ width: number, height: number, groups: PlannedGroup[] }} BoardPage A page with its size in px. */
/** @typedef {(text: string, size: number, weight: number) => number} Measure Returns the width of a text in px, for a font size in px and a font weight. */

export const TYPE = 14; // px, font size of a name
export const NOTE = 12; // px, font size of a note
export const LINE = 19; // px, height of a line
const COLUMN = 244; // px, minimum width of a column
const GAP = 14; // px between columns and groups
const PAD = 10; // px, inner margin of a group
const INDENT = 16; // px for each level of parts below the first
const SIGN = 22; // px, width of a symbol
const ROW = 26; // px, minimum height of an entry
const SPARE = 1.3; // groups are kept whole if that makes the board at most this many times as high

/**
 * Wraps the texts of a group for a column of a width, and computes the height of each entry; positions are still 0. `top` is the height of the
 * title in px, with `under`.
 *
 * @param {BoardGroup} group
 * @param {number} width px
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

/** Returns the height of a group with some of its entries. @param {MeasuredGroup} group @param {PlannedEntry[]} entries */
const heightOf = (group, entries) => entries.reduce((sum, { h }) => sum + h, group.top + PAD);

/**
 * Returns a group as it is continued in the next column.
 *
 * @param {MeasuredGroup} group
 * @param {string} again note under the title of a continued group
 * @returns {MeasuredGroup}
 */
const continued = (group, again) => ({ ...group, goesOn: true, under: [group.under, again].filter(Boolean).join(" · "), top: group.top + (group.under ? 0 : LINE) });

/**
 * Distributes groups over columns no higher than `height`. A group that does not fit is continued in the next column, under its title.
 *
 * @param {MeasuredGroup[]} groups
 * @param {number} height
 * @param {string} again note under the title of a continued group
 * @param {boolean} whole whether to break only groups that fit into no column
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
 * Returns, by bisection, the least height in px at which groups fit into a number of columns; `most` if they do not fit at any height up to that.
 *
 * @param {MeasuredGroup[]} groups
 * @param {number} columns
 * @param {number} most maximum height in px
 * @param {string} again as for `flow`
 * @param {boolean} whole as for `flow`
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
 * Lays out groups on pages of a width. The columns of a page are as even as possible.
 *
 * @param {BoardGroup[]} groups
 * @param {number} width px
 * @param {{ measure: Measure, nameOf: (r: Ref) => string, noteOf: (r: Ref) => string, again: string }} words
 * @param {number} [most] maximum height of a page in px; one page by default
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
