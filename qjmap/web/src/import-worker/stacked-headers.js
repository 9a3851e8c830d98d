/* A header over two or three rows, merged or not -> one text per column: 坐标 above 经度 and 纬度 -> 坐标 经度, 坐标 纬度; the twin of
 * qjmap/tables/readers/stacked_headers.py.
 */

import { shapeOf } from "./cell-shapes.js";
import { compact, isUnit } from "./row-words.js";
import { strip } from "./normalize-text.js";

const MAX_CHILD = 24; // maximum length of a cell below the top row, in characters

/** Whether a row may be a lower row of a header: it holds short words only. @param {string[]} row */
const mayBeChild = (row) => row.some(Boolean) && row.every((cell) => ["", "text"].includes(shapeOf(cell)) && Array.from(cell).length <= MAX_CHILD);

/**
 * Returns the column after the last one that a parent spans. A parent spans several columns only if the cells below are all filled and not
 * all the same; else it spans one.
 *
 * @param {string[]} parents cells of the upper row
 * @param {string[]} children cells of the row below
 * @param {number} start index of the parent
 */
function endOfSpan(parents, children, start) {
  const parent = compact(parents[start]);
  let end = start + 1;
  if (!parent || !children[start] || compact(children[start]) === parent) return end;
  while (end < parents.length && children[end] && (!parents[end] || compact(parents[end]) === parent)) end++;
  return new Set(children.slice(start, end).map(compact)).size > 1 ? end : start + 1;
}

/**
 * Joins a row of a header with the row below it; null if they do not form one header.
 *
 * @param {string[]} parents cells of the upper row
 * @param {string[]} children cells of the lower row, or of several lower rows already joined
 * @param {boolean} needsLeaf whether some cell of the upper row must have no cell below it; if all have one, the upper row is a title
 */
function combine(parents, children, needsLeaf) {
  if (new Set(parents.filter(Boolean).map(compact)).size < 2) return null;
  const joined = /** @type {string[]} */ ([]);
  let isStacked = false, hasLeaf = false;
  for (let index = 0; index < parents.length;) {
    const end = endOfSpan(parents, children, index), parent = parents[index], child = children[index];
    if (end - index > 1) {
      joined.push(...children.slice(index, end).map((text) => `${parent} ${text}`));
      isStacked = true;
      index = end;
      continue;
    }
    if (!parent) { joined.push(child); isStacked ||= child !== ""; }
    else if (!child || compact(child) === compact(parent)) { joined.push(parent); hasLeaf = true; }
    else if (isUnit(compact(child))) joined.push(`${parent}（${child.replace(/^[()（）]+|[()（）]+$/g, "")}）`);
    else return null;
    index++;
  }
  return isStacked && (hasLeaf || !needsLeaf) ? joined : null;
}

/** Joins the rows of a header, from the lowest upwards; null if they do not form one header. @param {string[][]} rows */
function join(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  const texts = rows.map((row) => [...row.map((cell) => strip(cell.replace(/^\ufeff+|\ufeff+$/g, ""))), ...Array(width - row.length).fill("")]);
  if (!texts.slice(1).every(mayBeChild)) return null;
  let joined = /** @type {string[] | null} */ (texts[texts.length - 1]);
  for (let level = texts.length - 2; level >= 0 && joined; level--) joined = combine(texts[level], joined, level === 0);
  return joined;
}

/**
 * Returns first row, last row and texts of a header of several rows that includes row `index`; null if the header is one row.
 *
 * @param {string[][]} rows all rows of the file
 * @param {number} index
 */
export function stackedHeader(rows, index) {
  for (const [first, last] of [[-2, 0], [-1, 1], [0, 2], [-1, 0], [0, 1]]) {
    if (index + first < 0 || index + last >= rows.length) continue;
    const texts = join(rows.slice(index + first, index + last + 1));
    if (texts) return { first: index + first, last: index + last, texts };
  }
  return null;
}
