/* Chooses the columns of coordinates of a file: a pair of longitude and latitude, a column of pairs, or degrees in three columns; the
 * twin of qjmap/tables/coordinate_columns.py.
 */

import { degreesOf, isPosition, MOST } from "./column-samples.js";
import { areLetters, headerWords, LISTED, matchHeader } from "./headers.js";
import { program } from "./program-data.js";
import { clean } from "./normalize-text.js";

/* Datums in the order in which they are preferred if a file has coordinates in several; null: the header names none. */
const DATUMS = ["wgs84", "cgcs2000", null, "gcj02", "bd09"], MARKS = "°′″";

/**
 * @typedef {{ columns: Map<number, string>, degrees: Record<string, number[]>, clash: [number, number][] }} Coordinates
 * Columns of a file by index: `columns`, index -> "lon", "lat" or "lonlat"; `degrees`, axis -> its columns of degrees, minutes and seconds;
 * `clash`, [chosen column, column of another pair that is as good].
 */

/**
 * Compares two sort keys of equal length; negative if the first comes first.
 *
 * @param {number[]} one
 * @param {number[]} other
 */
export function compareKeys(one, other) {
  const place = one.findIndex((value, k) => value !== other[k]);
  return place < 0 ? 0 : one[place] - other[place];
}

/**
 * Returns the item with the least key, the first of equals; undefined for an empty list.
 *
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number[]} keyOf
 * @returns {T | undefined}
 */
export const least = (items, keyOf) => items.reduce((/** @type {T | undefined} */ best, item) =>
  (best === undefined || compareKeys(keyOf(item), keyOf(best)) < 0 ? item : best), undefined);

/** Sort key of a claim of an axis or of pairs. @param {Claim} claim */
const orderOf = ({ level, match, index }) => [-level, DATUMS.indexOf(match.datum), match.rank, index];
/** Sort key of a pair of claims. @param {[Claim, Claim]} pair */
const pairOrder = ([lon, lat]) => [-Math.min(lon.level, lat.level), DATUMS.indexOf(lon.match.datum), lon.match.rank + lat.match.rank];

/** Whether two samples hold different texts. @param {Sample} one @param {Sample} other */
const differ = (one, other) => one.texts.join("\n") !== other.texts.join("\n");

/**
 * Returns the possible pairs of longitude and latitude: those of one datum; if there are none, those of which one names no datum; else all.
 *
 * @param {Claim[]} holding those of the claims that the cells confirm
 * @returns {[Claim, Claim][]}
 */
function pairsOf(holding) {
  const lats = holding.filter(({ column }) => column === "lat");
  const every = holding.filter(({ column }) => column === "lon").flatMap((lon) => lats.map((lat) => /** @type {[Claim, Claim]} */ ([lon, lat])));
  const alike = every.filter(([lon, lat]) => lon.match.datum === lat.match.datum);
  const open = every.filter(([lon, lat]) => lon.match.datum === null || lat.match.datum === null);
  return [alike, open].find(({ length }) => length) || every;
}

/**
 * Chooses the best pair: by fit of the cells, preference of the datum, rank of the headers, distance between the columns, and order.
 *
 * @param {Claim[]} claims all claims
 * @param {Claim[]} holding those of the claims that the cells confirm
 * @param {Sample[]} samples first filled cells of each column
 * @param {Coordinates} found gets the choice
 */
function choosePair(claims, holding, samples, found) {
  const pairs = pairsOf(holding), best = least(pairs, (pair) => [...pairOrder(pair), Math.abs(pair[0].index - pair[1].index), pair[0].index]);
  if (!best) { chooseHalf(claims, holding, found); return; }
  const [lon, lat] = best, taken = [lon.index, lat.index];
  found.columns.set(lon.index, "lon").set(lat.index, "lat");
  const other = pairs.find((pair) => !pair.some(({ index }) => taken.includes(index)) && !compareKeys(pairOrder(pair), pairOrder(best)) &&
    pair.some(({ index }, k) => differ(samples[index], samples[taken[k]])));
  if (other) found.clash = [[lon.index, other[0].index], [lat.index, other[1].index]];
}

/**
 * Chooses a column with a listed header of longitude or latitude if the file has only that axis; every row then has the fault that the other
 * one is missing.
 *
 * @param {Claim[]} claims all claims
 * @param {Claim[]} holding those of the claims that the cells confirm
 * @param {Coordinates} found gets the choice
 */
function chooseHalf(claims, holding, found) {
  const axes = new Set(claims.filter(({ column }) => column === "lon" || column === "lat").map(({ column }) => column));
  const alone = least(holding.filter(({ column, match }) => axes.has(column) && match.rank === LISTED), orderOf);
  if (alone && axes.size === 1) found.columns.set(alone.index, alone.column);
}

/**
 * Chooses the best column of pairs. Beside a longitude and latitude, whose gaps it fills, it must be in the same datum.
 *
 * @param {Claim[]} holding claims that the cells confirm
 * @param {Map<string, number>} known as in `chooseCoordinates`
 * @param {Coordinates} found gets the choice
 */
function chooseJoined(holding, known, found) {
  const best = least(holding.filter(({ column, index }) => column === "lonlat" && !found.columns.has(index)), orderOf);
  if (known.has("lonlat") || !best) return;
  const datums = holding.filter(({ index }) => found.columns.has(index)).map(({ match }) => match.datum);
  if (datums.every((datum) => datum === best.match.datum)) found.columns.set(best.index, "lonlat");
}

/**
 * Chooses the columns of coordinates.
 *
 * @param {string[]} header
 * @param {Sample[]} samples first filled cells of each column
 * @param {Claim[]} claims of the columns that have no meaning yet, also of other columns than coordinates
 * @param {Map<string, number>} known "lon", "lat", "lonlat" -> index, for columns of coordinates that are chosen already
 * @param {number[]} open all columns that have no meaning yet; texts that can be nothing but positions are coordinates under any header
 * @returns {Coordinates}
 */
export function chooseCoordinates(header, samples, claims, known, open) {
  const found = /** @type {Coordinates} */ ({ columns: new Map(), degrees: {}, clash: [] }), knownAt = Array.from(known.values());
  const holding = claims.filter(({ holds, index }) => holds && !knownAt.includes(index));
  if (!known.has("lon") && !known.has("lat")) {
    const lon = degreeColumns(header, samples, "lon"), lat = degreeColumns(header, samples, "lat");
    if (lon.length && lat.length) return { ...found, degrees: { lon, lat } };
    choosePair(claims, holding, samples, found);
  } else if (!known.has("lon") || !known.has("lat")) {
    const missing = known.has("lon") ? "lat" : "lon", half = least(holding.filter(({ column }) => column === missing), orderOf);
    if (half) found.columns.set(half.index, missing);
  }
  chooseJoined(holding, known, found);
  const position = open.find((at) => samples[at].share(isPosition) > MOST);
  if (position !== undefined && !known.size && !found.columns.size) found.columns.set(position, "lonlat");
  return found;
}

/**
 * Returns the axis that a header names, and its unit: 0 degrees, 1 minutes, 2 seconds; null if it names no part of an angle.
 *
 * @param {string} typed the header as typed
 * @returns {[string, number] | null}
 */
function partOf(typed) {
  const text = headerWords(typed);
  for (const [unit, words] of program.grammar.headers.degree_parts.entries()) {
    for (const word of words) {
      const head = text.slice(0, -word.length), stem = text.endsWith(word) ? head.trim() : text;
      if (["", text, "经", "纬"].includes(stem) || areLetters(Array.from(head).pop() || "", Array.from(word)[0])) continue;
      const { column } = matchHeader(stem, program.tables.sites);
      if (column === "lon" || column === "lat") return [column, unit];
    }
  }
  return null;
}

/**
 * Returns the columns of degrees, minutes and perhaps seconds of an axis (经度 度, 经度 分, 经度 秒; lon_d, lon_m, lon_s); empty without
 * at least degrees and minutes.
 *
 * @param {string[]} header
 * @param {Sample[]} samples first filled cells of each column
 * @param {string} axis "lon" or "lat"
 */
function degreeColumns(header, samples, axis) {
  const parts = /** @type {number[]} */ ([]), named = header.map(partOf);
  for (let unit = 0; unit < 3; unit++) {
    let at = named.findIndex((part) => part && part[0] === axis && part[1] === unit);
    if (at < 0 && !unit) at = header.findIndex((head) => matchHeader(head, program.tables.sites).column === axis);
    if (at < 0 || !areParts(samples[at], unit)) break;
    parts.push(at);
  }
  return parts.length > 1 ? parts : [];
}

/**
 * Whether all cells are numbers, for minutes and seconds (`unit` 1 and 2) from 0 to below 60.
 *
 * @param {Sample} sample
 * @param {number} unit 0 degrees, 1 minutes, 2 seconds
 */
const areParts = ({ texts }, unit) => texts.every((text) => {
  const value = degreesOf(text);
  return value !== null && (unit === 0 || (value >= 0 && value < 60));
});

/**
 * Composes degrees, minutes and seconds into one text such as 29°1′40″; "" without degrees.
 *
 * @param {string[]} parts texts of degrees, minutes and perhaps seconds
 */
export function composeAngle(parts) {
  const filled = parts.map(clean);
  return filled[0] ? filled.map((part, unit) => part && part + MARKS[unit]).join("") : "";
}
