/* Datums of Chinese coordinates: WGS 84 from and to GCJ-02 and BD-09, in degrees. The twin of qjmap/datum.py, which names the
 * sources of the constants. */
"use strict";

window.QJMap = window.QJMap || {};

(function (QJMap) {
  const AXIS = 6378245.0; // m, Krasovsky's ellipsoid of 1940
  const ECCENTRICITY2 = 0.00669342162296594323;
  const TURN = (Math.PI * 3000) / 180;
  const SHIFT_LON = 0.0065, SHIFT_LAT = 0.006;
  const ENOUGH = 1e-9; // degrees, 0.1 mm
  const ROUNDS = 20;
  const RADIANS = Math.PI / 180;

  /* Where GCJ-02 applies: the usual rectangle less Singapore, Borneo and the Indochinese peninsula. */
  const bent = (lon, lat) => lon >= 72.004 && lon <= 137.8347 && lat >= 3.4 && lat <= 55.8271 && !(lat < 18 && lon < 108);

  function gcj02Everywhere([lon, lat]) {
    const x = lon - 105, y = lat - 35;
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

  function bd09Everywhere([lon, lat]) {
    const length = Math.hypot(lon, lat) + 0.00002 * Math.sin(lat * TURN);
    const angle = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * TURN);
    return [length * Math.cos(angle) + SHIFT_LON, length * Math.sin(angle) + SHIFT_LAT];
  }

  const where = (everywhere) => (point) => (bent(point[0], point[1]) ? everywhere(point) : point);
  const gcj02 = where(gcj02Everywhere);
  const bd09 = where(bd09Everywhere);

  /* The position that `forward` takes to the point; the point itself where the bend does not apply to it. */
  const undo = (forward) => function (point) {
    let [x, y] = point;
    for (let round = 0; round < ROUNDS; round++) {
      const [aheadX, aheadY] = forward([x, y]);
      const offX = aheadX - point[0], offY = aheadY - point[1];
      x -= offX;
      y -= offY;
      if (Math.max(Math.abs(offX), Math.abs(offY)) < 50 * ENOUGH) break;
    }
    return bent(x, y) ? [x, y] : point;
  };
  const undoGcj02 = undo(gcj02Everywhere), undoBd09 = undo(bd09Everywhere);

  const same = (point) => point;
  const INVERSE = { "": same, wgs84: same, cgcs2000: same, gcj02: undoGcj02, bd09: (point) => undoGcj02(undoBd09(point)) };
  const FORWARD = { "": same, wgs84: same, cgcs2000: same, gcj02, bd09: (point) => bd09(gcj02(point)) };

  QJMap.datum = {
    /** [lon, lat] in a datum ("wgs84", "cgcs2000", "gcj02", "bd09") as [lon, lat] in WGS 84. */
    toWgs84: (point, datum) => INVERSE[datum](point),
    /** [lon, lat] in WGS 84 as [lon, lat] in a datum. */
    fromWgs84: (point, datum) => FORWARD[datum](point),
    names: ["wgs84", "cgcs2000", "gcj02", "bd09"],
  };
})(window.QJMap);
