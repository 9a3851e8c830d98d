/* Angles and pairs of angles as people write them. */

import { holdsOddNumeral, plainDigits, singleSpaced, strip, trimmed } from "./text.js";

const MARKS = new Map();
/**
 * @param {any} signs
 * @param {any} mark
 */
const put = (signs, mark) => Array.from(signs).forEach((sign) => MARKS.set(sign, mark));
put("度º˚゜○", "°");
put("分'’‘′´`＇", "′");
put('秒"”“″〃＂', "″");
put("−–—‐‑‒﹣－", "-");
put("：", ":");
put("，", ",");
/** @param {string} text */
const marked = (text) => Array.from(text, (sign) => MARKS.get(sign) || sign).join("");
/** @type {Record<string, any[]>} */
const HEMISPHERES = {
  "北纬": ["lat", 1], "南纬": ["lat", -1], "东经": ["lon", 1], "西经": ["lon", -1], N: ["lat", 1], S: ["lat", -1], E: ["lon", 1], W: ["lon", -1],
  NORTH: ["lat", 1], SOUTH: ["lat", -1], EAST: ["lon", 1], WEST: ["lon", -1],
};
const HEMISPHERE = "北纬|南纬|东经|西经|NORTH|SOUTH|EAST|WEST|N|S|E|W";
const LABEL = /^(?:经度|纬度|LONGITUDE|LATITUDE|LNG|LON|LAT)\s*[:=]?\s*/;
const NUMBER = "\\d+(?:[.,]\\d+)?";
const ANGLE = new RegExp(`^\\s*(${HEMISPHERE})?\\s*:?\\s*([-+])?\\s*(${NUMBER})\\s*(?:(?:°|:|\\s|\\bDEG\\b)\\s*(?:(${NUMBER})\\s*` +
  `(?:(?:′|:|\\s|\\bMIN\\b)\\s*(?:(${NUMBER})\\s*(?:″|′′|\\bSEC\\b)?)?)?)?)?\\s*(${HEMISPHERE})?\\s*$`);

/**
 * An angle in any usual writing: {degrees, axis}, or null.
 *
 * @param {string} text
 */
export function readAngle(text) {
  if (holdsOddNumeral(marked(text))) return null;
  let plain = singleSpaced(marked(plainDigits(marked(text))).toUpperCase().replaceAll("′′", "″"));
  plain = plain.replace(LABEL, "");
  const match = ANGLE.exec(plain);
  if (!match) return null;
  const [, before, sign, ...parts] = match, after = parts.pop();
  const [degrees, minutes, seconds] = parts;
  if (minutes && /[.,]/.test(degrees)) return null; // 29.5 30: two numbers, not an angle
  if (seconds && minutes && /[.,]/.test(minutes)) return null;
  const [d, m, s] = parts.map((part) => (part ? Number(part.replaceAll(",", ".")) : 0));
  if (m >= 60 || s >= 60 || (before && after)) return null;
  const [axis, sense] = HEMISPHERES[before || after || ""] || [null, 1];
  return { degrees: (sign === "-" ? -sense : sense) * (d + m / 60 + s / 3600), axis };
}

/** @param {string} sign */
const isGap = (sign) => sign === " " || sign === ",";

/**
 * Ways to cut a cell in two.
 *
 * @param {string} text
 */
function halves(text) {
  const ways = [];
  for (const separator of [";", "；", "|", "、", "/", ", ", ","]) {
    const parts = text.split(separator).filter((/** @type {any} */ part) => strip(part));
    if (parts.length === 2) ways.push(parts);
  }
  const marks = Array.from(text.matchAll(/北纬|南纬|东经|西经|[NSEW]/gi), (match) => match.index);
  if (marks.length === 2) {
    ways.push([trimmed(text.slice(0, marks[1]), isGap), text.slice(marks[1])]);
    ways.push([text.slice(0, marks[0] + 1), trimmed(text.slice(marks[0] + 1), isGap)]);
  }
  const words = text.split(" ").filter(Boolean);
  if (words.length && words.length % 2 === 0) ways.push([words.slice(0, words.length / 2).join(" "), words.slice(words.length / 2).join(" ")]);
  return ways;
}

/**
 * Longitude and latitude from one cell, or null.
 *
 * @param {string} text
 * @param {any} given
 */
export function readPair(text, given) {
  let plain = singleSpaced(marked(text)), order = given;
  const point = /^(?:SRID=\d+;)?POINT ?Z? ?\((.*)\)$/i.exec(plain);
  if (point) { plain = point[1]; order = "lonlat"; }
  plain = trimmed(plain, (/** @type {string} */ sign) => "()[]（）【】 ".includes(sign));
  for (const [one, other] of halves(plain)) {
    const first = readAngle(one), second = readAngle(other);
    if (!first || !second) continue;
    if (first.axis && first.axis === second.axis) return null;
    const asIs = [first.degrees, second.degrees], turned = [second.degrees, first.degrees];
    if (first.axis === "lat" || second.axis === "lon") return turned;
    if (first.axis === "lon" || second.axis === "lat") return asIs;
    if (Math.abs(first.degrees) > 90 && Math.abs(second.degrees) <= 90) return asIs;
    if ((Math.abs(second.degrees) > 90 && Math.abs(first.degrees) <= 90) || order === "latlon") return turned;
    return asIs;
  }
  return null;
}
