/* Columns that their contents alone tell: the one that names the rows, and those of a file without a header; the twin of
 * qjmap/tables/name_column.py and propose_columns.py.
 */

import { degreesOf, isAddress, isCode, isName, isNumber, isPair, isText, MOST, NEARLY_ALL } from "./column-contents.js";
import { findVocab } from "./vocabulary-words.js";

const SHORT = 40; // characters of a name on average, at most
const LONG = 160; // of texts that stand in for names
/* Ranges of longitude and latitude that tell the axes apart, in degrees. */
const CHINA = [[73, 136], [3, 54]];

/**
 * @param {Sample} sample
 * @param {number} distinct share of the cells that must differ
 */
function isOfNames(sample, distinct) {
  const { texts, rows } = sample, total = texts.reduce((sum, text) => sum + Array.from(text).length, 0);
  return texts.length > 0 && texts.length >= NEARLY_ALL * Math.min(rows, 200) && sample.distinct.size >= distinct * texts.length &&
    total <= SHORT * texts.length && sample.share(isName) >= NEARLY_ALL && sample.share(isCode) <= 0.5 && sample.share(isAddress) <= 0.5;
}

/**
 * The first column that can name the rows: short texts that differ, no numbers, codes or addresses; -1 for none.
 *
 * @param {Sample[]} samples
 * @param {number[][]} groups of columns, the likelier ones first
 */
export function findName(samples, groups) {
  for (const distinct of [NEARLY_ALL, MOST]) {
    for (const group of groups) {
      const at = group.find((index) => isOfNames(samples[index], distinct));
      if (at !== undefined) return at;
    }
  }
  return -1;
}

/** @param {string} text */
const isPlainText = (text) => isText(text) && !isCode(text) && !text.includes("@") && !text.includes("://");

/**
 * The first of some columns whose texts can stand in for names: they may be long, and addresses, but most of them differ; -1 for none.
 *
 * @param {Sample[]} samples
 * @param {number[]} columns
 */
export function findStandIn(samples, columns) {
  const found = columns.find((at) => {
    const { texts, rows, distinct } = samples[at], total = texts.reduce((sum, text) => sum + Array.from(text).length, 0);
    return texts.length > 0 && texts.length >= NEARLY_ALL * Math.min(rows, 200) && distinct.size >= MOST * texts.length && total <= LONG * texts.length &&
      samples[at].share(isPlainText) >= NEARLY_ALL;
  });
  return found ?? -1;
}

/**
 * The values of a column of decimal degrees; none of any other column.
 *
 * @param {Sample} sample
 */
function degreesIn({ texts }) {
  const values = texts.map(degreesOf), degrees = values.flatMap((value) => (value !== null && Math.abs(value) <= 180 ? [value] : []));
  const fractions = degrees.filter((value) => !Number.isInteger(value)).length;
  return degrees.length === values.length && fractions > values.length / 2 ? degrees : [];
}

/**
 * Whether two columns can be longitude and latitude, and by their ranges: beyond 90 degrees, or in China.
 *
 * @param {number[]} lon
 * @param {number[]} lat
 */
function areAxes(lon, lat) {
  const [[west, east], [south, north]] = CHINA;
  if (lon.every((value) => value >= west && value <= east) && lat.every((value) => value >= south && value <= north)) return true;
  return lon.some((value) => Math.abs(value) > 90) && lat.every((value) => Math.abs(value) <= 90);
}

/**
 * The first two columns of decimal degrees whose ranges tell which is which, the nearest ones first; else a column of pairs.
 *
 * @param {Sample[]} samples
 * @param {number[]} open
 * @returns {[number, string][]}
 */
function proposeCoordinates(samples, open) {
  const values = samples.map(degreesIn), degrees = open.filter((at) => values[at].length);
  const pairs = degrees.flatMap((first, k) => degrees.slice(k + 1).map((second) => [first, second])).sort((a, b) => a[1] - a[0] - (b[1] - b[0]) || a[0] - b[0]);
  for (const [first, second] of pairs) {
    for (const [lon, lat] of [[first, second], [second, first]]) {
      if (areAxes(values[lon], values[lat]) && !areAxes(values[lat], values[lon])) return [[lon, "lon"], [lat, "lat"]];
    }
  }
  const joined = open.find((at) => samples[at].share(isPair) >= NEARLY_ALL && !samples[at].share(isNumber));
  return joined === undefined ? [] : [[joined, "lonlat"]];
}

/** @type {[string, (sample: Sample) => boolean][]} Column -> whether a sample holds it. */
const TESTS = [
  ["url", (sample) => sample.share((text) => text.includes(".") && !isNumber(text) && text.includes("/")) >= NEARLY_ALL],
  ["address", (sample) => sample.share(isAddress) >= NEARLY_ALL && !sample.share(isNumber)],
  ["category", (sample) => sample.share((text) => findVocab(text, "category") !== null) >= NEARLY_ALL],
];

/**
 * The columns of a file without a header whose contents leave no doubt; the name is found elsewhere.
 *
 * @param {Sample[]} samples
 * @param {number[]} open
 * @param {Table} table
 * @param {Set<string>} taken columns of the table that are not wanted
 */
export function proposeByContents(samples, open, table, taken) {
  const has = (/** @type {string} */ name) => table.columns.some((column) => column.name === name);
  const isOpen = has("lon") && !["lon", "lat", "lonlat"].some((name) => taken.has(name));
  const found = new Map(isOpen ? proposeCoordinates(samples, open) : []);
  for (const [name, test] of TESTS) {
    if (!has(name) || taken.has(name)) continue;
    const at = open.find((index) => !found.has(index) && test(samples[index]));
    if (at !== undefined) found.set(at, name);
  }
  return found;
}
