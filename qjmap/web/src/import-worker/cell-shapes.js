/* Shapes of cells (number, date, web address, text ...), and whether a row looks like the rows of data below it. */

import { strip } from "./normalize-text.js";

/** @type {[string, RegExp][]} */
const SHAPES = [
  ["integer", /^[-+]?(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)$/],
  ["decimal", /^(?:[-+]?[0-9]*\.[0-9]+(?:e[-+]?[0-9]+)?°?[nsew]?|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[-+]?[0-9]+(?:\.[0-9]+)?[°度].*|[nsew东西南北][0-9].*)$/],
  ["date", /^[0-9]{4}([-/.年])[0-9]{1,2}[-/.月][0-9]{1,2}日?(?: [0-9:]+)?$/],
  ["url", /^(?:https?:\/\/|www\.)\S+$/],
  ["pair", /^[-+]?[0-9]{1,3}\.[0-9]+[,; |]+[-+]?[0-9]{1,3}\.[0-9]+$/],
  ["phone", /^\+?[0-9][0-9 -]{6,18}$/],
];
const NUMBERS = ["integer", "decimal"];
const ALIKE = 0.6; // share of the cells in a column that must have the shape of the cell above them, for that cell to look like data

/**
 * Returns what the text of a cell looks like: "integer" (up to nine digits, or with thousands separators), "decimal" (a decimal number, or an
 * angle such as 106°39′), "date", "url", "pair" (two decimal numbers: longitude and latitude in one cell), "phone" (more digits than an
 * integer has, or digits with spaces or hyphens), or "text" for anything else; "" for a cell without a letter or digit.
 *
 * @param {string} cell
 */
export function shapeOf(cell) {
  const text = strip(cell.normalize("NFKC")).toLowerCase();
  if (!/[\p{L}\p{N}]/u.test(text)) return "";
  const found = SHAPES.find(([, pattern]) => pattern.test(text));
  return found ? found[0] : "text";
}

/**
 * Whether the filled cells of a row, at least two, are 0, 1, 2 ... or 1, 2, 3 ... in order.
 *
 * @param {string[]} row
 * @param {string[]} shapes what `shapeOf` returns for its cells
 */
function countsColumns(row, shapes) {
  const filled = shapes.flatMap((shape, index) => (shape ? [index] : []));
  if (filled.length < 2 || filled.some((index) => shapes[index] !== "integer")) return false;
  const numbers = filled.map((index) => Number(row[index].normalize("NFKC").replace(/[^0-9-]/g, "")));
  return [0, 1].some((first) => numbers.every((number, index) => number === first + index));
}

/** Whether a cell is a year from 1900 to 2100. @param {string} cell */
function isYear(cell) {
  const text = strip(cell.normalize("NFKC"));
  return /^[0-9]{4}$/.test(text) && Number(text) >= 1900 && Number(text) <= 2100;
}

/**
 * Whether a row looks like data: it has numbers, dates, web addresses or the like in a column in which most cells below have the same shape,
 * and no word in a column of such cells. Years above other numbers (2019, 2020) and a row that counts the columns (1, 2, 3) are a header.
 *
 * @param {string[]} row
 * @param {string[][]} below the rows below it
 */
export function isData(row, below) {
  const shapes = row.map(shapeOf);
  if (shapes.every((shape) => shape === "" || shape === "text") || countsColumns(row, shapes)) return false;
  let evidence = false;
  for (const [index, own] of shapes.entries()) {
    const others = below.filter((other) => index < other.length && strip(other[index])).map((other) => other[index]);
    const kinds = others.map(shapeOf).filter(Boolean), typed = kinds.filter((kind) => kind !== "text").length;
    if (own === "text" && typed > 1 && typed >= 0.8 * kinds.length) return false;
    if (own === "" || own === "text") continue;
    if (own === "integer" && (!kinds.length || (isYear(row[index]) && !others.every(isYear)))) continue;
    const alike = kinds.filter((kind) => kind === own || (NUMBERS.includes(kind) && NUMBERS.includes(own))).length;
    evidence ||= alike >= ALIKE * kinds.length;
  }
  return evidence;
}
