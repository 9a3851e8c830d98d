/* Reads the geometry of rows as GeoJSON (RFC 7946) for exported files, with the precision that the page has. */

import { HOLE, LINE, POINT, SHELL } from "./part-kinds.js";

/**
 * Returns a function that reads the geometry of a row in WGS 84; null for a row without one. Different kinds of geometry in one row become a
 * GeometryCollection.
 *
 * @param {Block} block longitudes `x` and latitudes `y` of all vertices and, if there are any, heights `z` in cm
 * @param {Shapes} shapes
 * @param {Uint8Array} kinds kind of each part
 * @returns {(row: number) => Geometry | null}
 */
export function makeGeometry(block, { first, start }, kinds) {
  const lon = block.raw("x"), lat = block.raw("y"), unit = block.scale("x"), high = block.has("z") ? block.raw("z") : null;
  /** Rounds degrees to seven decimals. @param {number} number */
  const rounded = (number) => Math.round(number * 1e7) / 1e7;
  /** Returns a vertex: longitude from -180 to 180, latitude, and height in metres if the block has heights. @param {number} i @returns {Position} */
  function position(i) {
    let x = lon[i] * unit;
    if (x > 180) x -= 360; else if (x < -180) x += 360;
    const place = [rounded(x), rounded(lat[i] * unit)];
    return high ? [...place, high[i] / 100] : place;
  }
  /** Returns the vertices of a part. @param {number} part @returns {Position[]} */
  const line = (part) => Array.from({ length: start[part + 1] - start[part] }, (_, k) => position(start[part] + k));
  /** Returns the vertices of a ring, closed: the block stores the first vertex only once. @param {number} part */
  const ring = (part) => { const open = line(part); return [...open, open[0]]; };

  return (row) => {
    const points = /** @type {Position[]} */ ([]), lines = /** @type {Position[][]} */ ([]), areas = /** @type {Position[][][]} */ ([]);
    for (let part = first[row]; part < first[row + 1]; part++) {
      if (kinds[part] === POINT) points.push(position(start[part]));
      else if (kinds[part] === LINE) lines.push(line(part));
      else if (kinds[part] === SHELL) areas.push([ring(part)]);
      else if (kinds[part] === HOLE) areas[areas.length - 1].push(ring(part));
    }
    /** Returns the parts of one kind as a single or multiple geometry; [] if there are none. @param {string} type @param {Geometry["coordinates"]} several @returns {Geometry[]} */
    const one = (type, several) => (several.length ? [several.length === 1 ? { type, coordinates: several[0] } : { type: "Multi" + type, coordinates: several }] : []);
    const geometries = [...one("Point", points), ...one("LineString", lines), ...one("Polygon", areas)];
    if (geometries.length < 2) return geometries[0] || null;
    return /** @type {Geometry} */ ({ type: "GeometryCollection", geometries });
  };
}
