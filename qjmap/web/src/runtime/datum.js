/* Converts positions (degrees) between WGS 84 and the Chinese datums GCJ-02 and BD-09. qjmap/datum.py does the same and names the
 * sources of the constants. */

const AXIS = 6378245.0; // m, semi-major axis of the Krasovsky ellipsoid of 1940
const ECCENTRICITY2 = 0.006693421622965943; // square of its first eccentricity
const TURN = (Math.PI * 3000) / 180; // frequency of the waves of BD-09, in radians per degree
const SHIFT_LON = 0.0065, SHIFT_LAT = 0.006; // degrees, constant part of the offset of BD-09
const TOLERANCE = 5e-8; // degrees, 5 mm
const ROUNDS = 20; // iterations of an inverse at most
const RADIANS = Math.PI / 180;

/**
 * Returns whether GCJ-02 is offset from WGS 84 at a position (degrees): in the usual rectangle, 72.004 to 137.8347 E and up to 55.8271 N, but
 * neither south of 3.4 N (Singapore, Borneo) nor south of 18 N and west of 108 E (most of the Indochinese peninsula, southern India, Sri
 * Lanka), where the Chinese map services use WGS 84.
 *
 * @param {number} lon
 * @param {number} lat
 */
const isShifted = (lon, lat) => lon >= 72.004 && lon <= 137.8347 && lat >= 3.4 && lat <= 55.8271 && !(lat < 18 && lon < 108);

/** Converts WGS 84 to GCJ-02 by the formula, wherever the position lies. @param {Position} point */
function gcj02Everywhere([lon, lat]) {
  const x = lon - 105, y = lat - 35;
  /**
   * Returns the sum of two sine terms of the formula, with periods of 2 and of 6 degrees.
   *
   * @param {number} v degrees from the origin of the formula
   * @param {number} a amplitude of the shorter wave
   * @param {number} b amplitude of the longer wave
   */
  const sines = (v, a, b) => ((a * Math.sin(v * Math.PI) + b * Math.sin((v * Math.PI) / 3)) * 2) / 3;
  const wave = ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
  const root = Math.sqrt(Math.abs(x));
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave + sines(y, 20, 40)
    + ((160 * Math.sin((y * Math.PI) / 12) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave + sines(x, 20, 40)
    + ((150 * Math.sin((x * Math.PI) / 12) + 300 * Math.sin((x * Math.PI) / 30)) * 2) / 3;
  const sine = Math.sin(lat * RADIANS), w2 = 1 - ECCENTRICITY2 * sine * sine, w = Math.sqrt(w2);
  const meridian = (AXIS * (1 - ECCENTRICITY2)) / (w2 * w), normal = AXIS / w;
  return [lon + east / (normal * Math.cos(lat * RADIANS)) / RADIANS, lat + north / meridian / RADIANS];
}

/** Converts GCJ-02 to BD-09 by the formula, wherever the position lies. @param {Position} point */
function bd09Everywhere([lon, lat]) {
  const length = Math.hypot(lon, lat) + 0.00002 * Math.sin(lat * TURN);
  const angle = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * TURN);
  return [length * Math.cos(angle) + SHIFT_LON, length * Math.sin(angle) + SHIFT_LAT];
}

/** @typedef {(point: Position) => Position} Transform A conversion between two datums, in degrees. */

/**
 * Limits a transform to positions at which GCJ-02 is offset; the returned transform leaves all others unchanged.
 *
 * @param {Transform} everywhere
 * @returns {Transform}
 */
const inChina = (everywhere) => (point) => (isShifted(point[0], point[1]) ? everywhere(point) : point);
const gcj02 = inChina(gcj02Everywhere);
const bd09 = inChina(bd09Everywhere);

/**
 * Returns the inverse of a transform, computed by fixed-point iteration to `TOLERANCE`. The inverse leaves positions unchanged where GCJ-02 is
 * not offset.
 *
 * @param {Transform} forward
 * @returns {Transform}
 */
const inverse = (forward) => (point) => {
  let [x, y] = point;
  for (let round = 0; round < ROUNDS; round++) {
    const [forwardX, forwardY] = forward([x, y]), offX = forwardX - point[0], offY = forwardY - point[1];
    x -= offX;
    y -= offY;
    if (Math.max(Math.abs(offX), Math.abs(offY)) < TOLERANCE) break;
  }
  return isShifted(x, y) ? [x, y] : point;
};
const undoGcj02 = inverse(gcj02Everywhere), undoBd09 = inverse(bd09Everywhere);

/** Returns a position unchanged. @param {Position} point */
const same = (point) => point;
/** @type {Record<string, Transform>} datum -> transform to WGS 84 */
const INVERSE = { "": same, wgs84: same, cgcs2000: same, gcj02: undoGcj02, bd09: (point) => undoGcj02(undoBd09(point)) };
/** @type {Record<string, Transform>} datum -> transform from WGS 84 */
const FORWARD = { "": same, wgs84: same, cgcs2000: same, gcj02, bd09: (point) => bd09(gcj02(point)) };

/**
 * Converts a position from a datum to WGS 84.
 *
 * @param {Position} point
 * @param {string} datum "wgs84", "cgcs2000", "gcj02" or "bd09"; "" means WGS 84
 */
export const toWgs84 = (point, datum) => INVERSE[datum](point);

/**
 * Converts a position from WGS 84 to a datum.
 *
 * @param {Position} point
 * @param {string} datum as for `toWgs84`
 */
export const fromWgs84 = (point, datum) => FORWARD[datum](point);
