/* Finds columns by their contents alone: the one that names the rows, and the columns of a file without a header; the twin of
 * qjmap/tables/name_column.py and propose_columns.py.
 */

import { degreesOf, isAddress, isCode, isName, isNumber, isPair, isText, MOST, NEARLY_ALL } from "./column-samples.js";
import { findVocab } from "./vocabulary-words.js";

const SHORT = 40; // upper limit of the mean length of names, in characters
const LONG = 160; // upper limit of the mean length of texts that stand in for names
/* Ranges of longitude and latitude of China in degrees, by which the axes are told apart. */
const CHINA = [[73, 136], [3, 54]];

/**
 * Whether a column may hold names: nearly all rows are filled, with short texts that differ and may name something; at most half are codes,
 * at most half addresses.
 *
 * @param {Sample} sample
 * @param {number} distinct share of the cells that must differ
 */
function isOfNames(sample, distinct) {
  const { texts, rows } = sample, total = texts.reduce((sum, text) => sum + Array.from(text).length, 0);
  return texts.length > 0 && texts.length >= NEARLY_ALL * Math.min(rows, 200) && sample.distinct.size >= distinct * texts.length &&
    total <= SHORT * texts.length && sample.share(isName) >= NEARLY_ALL && sample.share(isCode) <= 0.5 && sample.share(isAddress) <= 0.5;
}

/**
 * Returns the index of the first column that can name the rows; -1 if none can.
 *
 * @param {Sample[]} samples first filled cells of each column
 * @param {number[][]} groups of column indices, the likelier groups first
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

/** Whether a text is neither a number or code nor an e-mail or web address. @param {string} text */
const isPlainText = (text) => isText(text) && !isCode(text) && !text.includes("@") && !text.includes("://");

/**
 * Returns the first of some columns whose texts can serve as names: they may be long or addresses, but at least half differ; -1 for
 * none.
 *
 * @param {Sample[]} samples first filled cells of each column
 * @param {number[]} columns indices of the columns to choose from
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
 * Returns the values of a column of decimal degrees: all within ±180, most of them with a fraction. Returns an empty list for any other column.
 *
 * @param {Sample} sample
 */
function degreesIn({ texts }) {
  const values = texts.map(degreesOf), degrees = values.flatMap((value) => (value !== null && Math.abs(value) <= 180 ? [value] : []));
  const fractions = degrees.filter((value) => !Number.isInteger(value)).length;
  return degrees.length === values.length && fractions > values.length / 2 ? degrees : [];
}

/**
 * Whether two columns are in the ranges of longitude and latitude: in China, or with a longitude beyond 90 degrees.
 *
 * @param {number[]} lon values of one column
 * @param {number[]} lat values of the other column
 */
function areAxes(lon, lat) {
  const [[west, east], [south, north]] = CHINA;
  if (lon.every((value) => value >= west && value <= east) && lat.every((value) => value >= south && value <= north)) return true;
  return lon.some((value) => Math.abs(value) > 90) && lat.every((value) => Math.abs(value) <= 90);
}

/**
 * Returns [index, axis] for the two columns of decimal degrees nearest each other whose ranges show which is which; else the first column
 * of pairs as "lonlat"; else nothing.
 *
 * @param {Sample[]} samples first filled cells of each column
 * @param {number[]} open indices of the columns that have no meaning yet
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

/** Column of the table, and whether a sample is of that column. @type {[string, (sample: Sample) => boolean][]} */
const TESTS = [
  ["url", (sample) => sample.share((text) => text.includes(".") && !isNumber(text) && text.includes("/")) >= NEARLY_ALL],
  ["address", (sample) => sample.share(isAddress) >= NEARLY_ALL && !sample.share(isNumber)],
  ["category", (sample) => sample.share((text) => findVocab(text, "category") !== null) >= NEARLY_ALL],
];

/**
 * Returns index -> column of the table for the columns of a file without a header whose contents leave no doubt. The name is found
 * elsewhere.
 *
 * @param {Sample[]} samples first filled cells of each column
 * @param {number[]} open indices of the columns that have no meaning yet
 * @param {Table} table
 * @param {Set<string>} taken columns of the table that are chosen already or that the file does not have
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
