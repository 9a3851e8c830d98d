/* Reads angles and pairs of angles in any notation that people use; the twin of qjmap/tables/angles.py. */

import { prepared } from "./program-data.js";
import { holdsOddNumeral, plainDigits, singleSpaced, strip, trimmed } from "./normalize-text.js";

const NUMBER = "\\d+(?:[.,]\\d+)?";
const words = prepared(({ angles }) => {
  const hemisphere = Object.keys(angles.hemispheres).join("|"), signs = new Map(Object.entries(angles.marks).flatMap(([mark, signs]) => Array.from(signs, (sign) => [sign, mark])));
  const labels = Object.entries(angles.labels).map(([label, axis]) => /** @type {[string, "lon" | "lat"]} */ ([Array.from(label, (sign) => signs.get(sign) || sign).join(""), axis]));
  return {
    ...angles,
    signs,
    axisOfLabel: new Map(labels), label: new RegExp(`^(${labels.map(([label]) => label).join("|")})\\s*[:=]?\\s*`),
    angle: new RegExp(`^\\s*(${hemisphere})?\\s*:?\\s*([-+])?\\s*(${NUMBER})\\s*(?:(?:°|:|\\s|\\bDEG\\b)\\s*(?:(${NUMBER})\\s*` +
      `(?:(?:′|:|\\s|\\bMIN\\b)\\s*(?:(${NUMBER})\\s*(?:″|′′|\\bSEC\\b)?)?)?)?)?\\s*(${hemisphere})?\\s*$`),
    inPair: new RegExp(angles.patterns.hemisphere, "gi"), point: new RegExp(angles.patterns.point, "i"),
    axes: new RegExp([...Object.keys(angles.labels), ...Object.keys(angles.hemispheres)].join("|"), "g"),
    points: angles.points.map((pattern) => new RegExp(pattern, "i")), wkb: new RegExp(angles.patterns.wkb, "i"),
  };
});
/** Replaces each variant of the signs ° ′ ″ - : , by the usual one. @param {string} text */
const marked = (text) => { const { signs } = words(); return Array.from(text, (sign) => signs.get(sign) || sign).join(""); };

/** Cuts off a label (经度, lat:) and returns the rest and its axis, null without a label. @param {string} text @returns {[string, "lon" | "lat" | null]} */
function withoutLabel(text) {
  const [written, label = ""] = words().label.exec(text) || [""];
  return [text.slice(written.length), words().axisOfLabel.get(label) || null];
}

/**
 * Returns 1 or -1, the factor of an angle with a minus sign or a hemisphere; null if one contradicts the other (-33.9°N; -33.9°S is south too).
 *
 * @param {string} sign
 * @param {boolean} hasHemisphere
 * @param {number} sense 1 north, east or without a hemisphere, -1 south or west
 */
const signed = (sign, hasHemisphere, sense) => (sign !== "-" ? sense : hasHemisphere && sense > 0 ? null : -1);

/**
 * Returns the angle that a text states in any usual notation: its value in decimal degrees (positive north and east), whose range is not
 * checked, and the axis that a hemisphere or label names, null if there is neither.
 * Returns null for any other text, for minutes or seconds of 60 or more, for hemispheres on both sides, and if hemisphere, label and sign
 * contradict one another.
 *
 * @param {string} text
 * @returns {Angle | null}
 */
export function readAngle(text) {
  if (holdsOddNumeral(marked(text))) return null;
  const plain = singleSpaced(marked(plainDigits(marked(text))).toUpperCase().replaceAll("′′", "″"));
  const [rest, labelled] = withoutLabel(plain), match = words().angle.exec(rest);
  if (!match) return null;
  const [, before, sign, ...parts] = match, after = parts.pop();
  const [degrees, minutes, seconds] = parts;
  if (minutes && /[.,]/.test(degrees)) return null; // 29.5 30: two numbers, not an angle
  if (seconds && minutes && /[.,]/.test(minutes)) return null;
  const [d, m, s] = parts.map((part) => (part ? Number(part.replaceAll(",", ".")) : 0));
  const [axis, sense] = words().hemispheres[before || after || ""] || /** @type {const} */ ([labelled, 1]);
  if (m >= 60 || s >= 60 || (before && after) || (labelled && labelled !== axis)) return null;
  const factor = signed(sign, Boolean(before || after), sense);
  return factor === null ? null : { degrees: factor * (d + m / 60 + s / 3600), axis };
}

/** Whether a character may stand between two angles. @param {string} sign */
const isGap = (sign) => sign === " " || sign === ",";

/**
 * Returns the candidate ways to split a cell into the texts of two angles: at a separator that occurs once, before the second hemisphere,
 * after the first hemisphere, and at the middle one of its spaces. The first way that gives two angles is taken.
 *
 * @param {string} text
 */
function halves(text) {
  const ways = [];
  for (const separator of words().pair_separators) {
    const parts = text.split(separator).filter((part) => strip(part));
    if (parts.length === 2) ways.push(parts);
  }
  const marks = Array.from(text.matchAll(words().inPair), (match) => match.index);
  if (marks.length === 2) {
    ways.push([trimmed(text.slice(0, marks[1]), isGap), text.slice(marks[1])]);
    ways.push([text.slice(0, marks[0] + 1), trimmed(text.slice(marks[0] + 1), isGap)]);
  }
  const parts = text.split(" ").filter(Boolean);
  if (parts.length && parts.length % 2 === 0) ways.push([parts.slice(0, parts.length / 2).join(" "), parts.slice(parts.length / 2).join(" ")]);
  return ways;
}

/** @typedef {{ degrees: number, axis: "lon" | "lat" | null }} Angle Decimal degrees, and the axis that a hemisphere names. */

/**
 * Whether the latitude comes first: by the hemispheres, else by which angle is beyond 90 degrees, else by `order`.
 *
 * @param {Angle} first
 * @param {Angle} second
 * @param {string | null} order "lonlat", "latlon" or null
 */
function isLatitudeFirst(first, second, order) {
  if (first.axis === "lat" || second.axis === "lon") return true;
  if (first.axis === "lon" || second.axis === "lat") return false;
  const firstFits = Math.abs(first.degrees) <= 90, secondFits = Math.abs(second.degrees) <= 90;
  return firstFits === secondFits ? order === "latlon" : firstFits;
}

const WKB_POINT = 1, WKB_SRID = 0x20000000; // type of a point; flag of EWKB that an SRID of four bytes follows the type

/** Returns x and y of a point in hexadecimal WKB or EWKB; null for another geometry, an empty point and truncated bytes. @param {string} hex */
function readWkb(hex) {
  const data = new DataView(Uint8Array.from(hex.match(/../g) || [], (byte) => parseInt(byte, 16)).buffer), isLittle = data.getUint8(0) === 1;
  const kind = data.getUint32(1, isLittle), start = kind & WKB_SRID ? 9 : 5;
  if ((kind & 0xffff) % 1000 !== WKB_POINT || data.byteLength < start + 16) return null;
  const pair = [data.getFloat64(start, isLittle), data.getFloat64(start + 8, isLittle)];
  return pair.every(Number.isFinite) ? pair : null;
}

/** Whether a text holds at least two signs of an axis: hemispheres (29°N 106°E) or labels (lat:29, lng:106). @param {string} text */
export const namesAxes = (text) => (text.toUpperCase().match(words().axes) || []).length > 1;

/**
 * Returns x and y of a point in a format of geometry: WKT, EWKT, hexadecimal WKB or EWKB, GeoJSON; null for any other text.
 *
 * @param {string} text
 */
export function readPoint(text) {
  const plain = singleSpaced(text);
  if (words().wkb.test(plain)) return readWkb(plain);
  for (const pattern of words().points) {
    const match = pattern.exec(plain);
    if (match) return [Number(match[1]), Number(match[2])];
  }
  return null;
}

/**
 * Reads [longitude, latitude] in degrees from one cell: a point in a format of geometry, whose x and y are swapped if only then y is a
 * latitude, or two angles. Returns null for any other text, and for two angles of one axis.
 *
 * @param {string} text
 * @param {string | null} order "lonlat" or "latlon", the order that the header states; null if it states none
 */
export function readPair(text, order) {
  const pair = readPoint(text);
  if (pair) return Math.abs(pair[1]) > 90 && Math.abs(pair[0]) <= 90 ? pair.reverse() : pair;
  const plain = singleSpaced(marked(text)), point = words().point.exec(plain);
  const inner = trimmed(point ? point[1] : plain, (sign) => words().brackets.includes(sign));
  for (const [left, right] of halves(inner)) {
    const first = readAngle(left), second = readAngle(right);
    if (!first || !second) continue;
    if (first.axis && first.axis === second.axis) return null;
    const latitudeFirst = isLatitudeFirst(first, second, point ? "lonlat" : order);
    return latitudeFirst ? [second.degrees, first.degrees] : [first.degrees, second.degrees];
  }
  return null;
}
