/* Datums of Chinese coordinates: WGS 84 from and to GCJ-02 and BD-09, in degrees. The twin of qjmap/datum.py, which names the
 * sources of the constants. */

const AXIS = 6378245.0; // m, Krasovsky's ellipsoid of 1940
const ECCENTRICITY2 = 0.006693421622965943;
const TURN = (Math.PI * 3000) / 180;
const SHIFT_LON = 0.0065, SHIFT_LAT = 0.006;
const TOLERANCE = 5e-8; // degrees, 5 mm
const ROUNDS = 20;
const RADIANS = Math.PI / 180;

/**
 * Whether GCJ-02 applies: in the usual rectangle less Singapore, Borneo and the Indochinese peninsula.
 *
 * @param {number} lon
 * @param {number} lat
 */
const isShifted = (lon, lat) => lon >= 72.004 && lon <= 137.8347 && lat >= 3.4 && lat <= 55.8271 && !(lat < 18 && lon < 108);

/** @param {Position} point */
function gcj02Everywhere([lon, lat]) {
  const x = lon - 105, y = lat - 35;
  /**
   * @param {number} v
   * @param {number} a
   * @param {number} b
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

/** @param {Position} point */
function bd09Everywhere([lon, lat]) {
  const length = Math.hypot(lon, lat) + 0.00002 * Math.sin(lat * TURN);
  const angle = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * TURN);
  return [length * Math.cos(angle) + SHIFT_LON, length * Math.sin(angle) + SHIFT_LAT];
}

/** @typedef {(point: Position) => Position} Transform */

/**
 * A transform that applies in China only.
 *
 * @param {Transform} everywhere
 * @returns {Transform}
 */
const inChina = (everywhere) => (point) => (isShifted(point[0], point[1]) ? everywhere(point) : point);
const gcj02 = inChina(gcj02Everywhere);
const bd09 = inChina(bd09Everywhere);

/**
 * The inverse of a transform, by fixed-point iteration; the point itself where the transform does not apply to it.
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

/** @param {Position} point */
const same = (point) => point;
/** @type {Record<string, Transform>} */
const INVERSE = { "": same, wgs84: same, cgcs2000: same, gcj02: undoGcj02, bd09: (point) => undoGcj02(undoBd09(point)) };
/** @type {Record<string, Transform>} */
const FORWARD = { "": same, wgs84: same, cgcs2000: same, gcj02, bd09: (point) => bd09(gcj02(point)) };

/**
 * [lon, lat] in a datum ("wgs84", "cgcs2000", "gcj02", "bd09") as [lon, lat] in WGS 84.
 *
 * @param {Position} point
 * @param {string} datum
 */
export const toWgs84 = (point, datum) => INVERSE[datum](point);

/**
 * [lon, lat] in WGS 84 as [lon, lat] in a datum.
 *
 * @param {Position} point
 * @param {string} datum
 */
export const fromWgs84 = (point, datum) => FORWARD[datum](point);
