/* Reads angles and pairs of angles in any notation that people use; the twin of qjmap/tables/angles.py. */

import { prepared } from "./program-data.js";
import { holdsOddNumeral, plainDigits, singleSpaced, strip, trimmed } from "./normalize-text.js";

const NUMBER = "\\d+(?:[.,]\\d+)?";
const words = prepared(({ angles }) => {
  const hemisphere = Object.keys(angles.hemispheres).join("|");
  return {
    ...angles,
    signs: new Map(Object.entries(angles.marks).flatMap(([mark, signs]) => Array.from(signs, (sign) => [sign, mark]))),
    label: new RegExp(`^(?:${angles.labels.join("|")})\\s*[:=]?\\s*`),
    angle: new RegExp(`^\\s*(${hemisphere})?\\s*:?\\s*([-+])?\\s*(${NUMBER})\\s*(?:(?:°|:|\\s|\\bDEG\\b)\\s*(?:(${NUMBER})\\s*` +
      `(?:(?:′|:|\\s|\\bMIN\\b)\\s*(?:(${NUMBER})\\s*(?:″|′′|\\bSEC\\b)?)?)?)?)?\\s*(${hemisphere})?\\s*$`),
    inPair: new RegExp(angles.patterns.hemisphere, "gi"), point: new RegExp(angles.patterns.point, "i"),
  };
});
/** Replaces each variant of the signs ° ′ ″ by the usual one. @param {string} text */
const marked = (text) => { const { signs } = words(); return Array.from(text, (sign) => signs.get(sign) || sign).join(""); };

/**
 * Reads an angle in any usual notation, in decimal degrees, and its axis if a hemisphere was written; null for any other text.
 *
 * @param {string} text
 * @returns {Angle | null}
 */
export function readAngle(text) {
  if (holdsOddNumeral(marked(text))) return null;
  let plain = singleSpaced(marked(plainDigits(marked(text))).toUpperCase().replaceAll("′′", "″"));
  plain = plain.replace(words().label, "");
  const match = words().angle.exec(plain);
  if (!match) return null;
  const [, before, sign, ...parts] = match, after = parts.pop();
  const [degrees, minutes, seconds] = parts;
  if (minutes && /[.,]/.test(degrees)) return null; // 29.5 30: two numbers, not an angle
  if (seconds && minutes && /[.,]/.test(minutes)) return null;
  const [d, m, s] = parts.map((part) => (part ? Number(part.replaceAll(",", ".")) : 0));
  if (m >= 60 || s >= 60 || (before && after)) return null;
  const [axis, sense] = words().hemispheres[before || after || ""] || /** @type {const} */ ([null, 1]);
  return { degrees: (sign === "-" ? -sense : sense) * (d + m / 60 + s / 3600), axis };
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

/**
 * Reads [longitude, latitude] in degrees from one cell; null if it holds no pair of angles.
 *
 * @param {string} text
 * @param {string | null} order "lonlat" or "latlon", as the header says; null if it says nothing
 */
export function readPair(text, order) {
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
