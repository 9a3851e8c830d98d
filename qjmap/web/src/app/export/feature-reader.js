/* Reads rows that pass the filter as features for export, with their geometry in WGS 84.
 *
 * Columns and values are those of the files that `qjmap export` writes. Drafts come after the rows of their table; if there are any, a last
 * column `draft` marks them.
 */

import { yieldToBrowser } from "../base/dom.js";

const DECIMALS = 1e6; // steps in a degree to which positions are rounded
const SLICE = 24; // ms of reading after which the browser may handle events

/** Lets the browser handle events: with scheduler.yield if it has that, else with a timer, which takes at least 4 ms. */
const pause = () => (window.scheduler && window.scheduler.yield ? window.scheduler.yield() : yieldToBrowser());

/** Rounds degrees to the decimals of exports. @param {number} degrees */
const rounded = (degrees) => Math.round(degrees * DECIMALS) / DECIMALS;

/**
 * Cuts a line at the antimeridian (RFC 7946, 3.1.9), and returns its pieces, with longitudes from -180 to 180.
 *
 * @param {Position[]} line may go beyond 180 degrees: 190 is -170
 */
function cutLine(line) {
  /** Returns the number of turns around the world that a longitude lies east of the range from -180 to 180. @param {number} lon */
  const turn = (lon) => Math.floor((lon + 180) / 360);
  const pieces = /** @type {Position[][]} */ ([]);
  let piece = /** @type {Position[]} */ ([]);
  line.forEach((point, k) => {
    const before = line[k - 1], from = k ? turn(before[0]) : 0, to = turn(point[0]);
    if (k && from !== to && point[0] !== before[0]) {
      const edge = Math.max(from, to) * 360 - 180, share = (edge - before[0]) / (point[0] - before[0]);
      const lat = rounded(before[1] + share * (point[1] - before[1]));
      piece.push([to > from ? 180 : -180, lat]);
      pieces.push(piece);
      piece = [[to > from ? -180 : 180, lat]];
    }
    piece.push([rounded(point[0] - to * 360), point[1]]);
  });
  pieces.push(piece);
  return pieces.filter((one) => one.length > 1);
}

/**
 * Returns a cell as exported files have it: the items of a list joined with "|", an id with a role as "id:role", an empty cell as null.
 *
 * @param {string} column
 * @param {any} value
 * @returns {Cell}
 */
function cellOf(column, value) {
  if (Array.isArray(value)) return value.map((item) => (Array.isArray(item) ? item.join(":") : String(item))).join("|") || null;
  if (value === "") return null;
  // A coordinate as typed becomes a number if the number is written with the same text.
  if ((column === "orig_lon" || column === "orig_lat") && typeof value === "string") {
    const number = Number(value), text = String(number);
    return text === value || text + ".0" === value ? number : value;
  }
  return value;
}

/** Returns the positions in nested coordinates of GeoJSON, as one list. @param {unknown} nested @returns {Position[]} */
const positionsOf = (nested) => (Array.isArray(nested) && Array.isArray(nested[0]) ? nested.flatMap(positionsOf) : [/** @type {Position} */ (nested)]);

/**
 * Returns whether the bounding box of a geometry touches bounds in degrees; false for null.
 *
 * @param {Geometry | null} geometry
 * @param {L.LatLngBounds} bounds
 * @returns {boolean}
 */
function touches(geometry, bounds) {
  if (!geometry) return false;
  if (geometry.geometries) return geometry.geometries.some((part) => touches(part, bounds));
  return bounds.intersects(L.latLngBounds(positionsOf(geometry.coordinates).map(([lon, lat]) => [lat, lon])));
}

/**
 * Returns a function that calls `read` and keeps its last result, since it is called twice for each row.
 *
 * @template T
 * @param {(row: number) => T} read
 */
function remembered(read) {
  let last = -1;
  /** @type {T} */
  let answer;
  return (/** @type {number} */ row) => {
    if (row !== last) [last, answer] = [row, read(row)];
    return answer;
  };
}

/**
 * Makes the functions that read the geometries of rows: points from the tables, lines from the layers; on a page of frames
 * all geometries from the layers.
 *
 * @param {Layer[]} layers
 * @param {Store} store
 */
function makeGeometries(layers, store) {
  /** @type {Map<Layer, Map<string, number[]>>} line layer -> id of a table's row -> rows of the layer's block that draw it */
  const blockRows = new Map();

  /** Returns the layer that has the geometry of a table on a page of frames; undefined elsewhere. @param {string} table */
  const ofFeatures = (table) => /** @type {FeatureLayer | undefined} */ (layers.find((layer) => layer.layerName === table && layer.geometryOf));

  /** Returns the rows of a line layer's block that draw the row with an id. @param {LineLayer} layer @param {string} id */
  function rowsOf(layer, id) {
    const { block } = layer, rows = blockRows.get(layer) || new Map();
    if (!blockRows.has(layer)) {
      const column = block.has("corridor") ? "corridor" : "id";
      for (let row = 0; row < block.rows; row++) {
        const key = block.at(column, row);
        rows.set(key, [...(rows.get(key) || []), row]);
      }
      blockRows.set(layer, rows);
    }
    return rows.get(id) || [];
  }

  /** Returns the lines of a row in degrees; [] if it has none. @param {string} table @param {string} id */
  function lines(table, id) {
    const isLeg = table === "corridor_legs", name = isLeg ? "corridors" : table;
    const layer = /** @type {LineLayer | undefined} */ (layers.find(({ layerName }) => layerName === name));
    if (!layer || !layer.shapes) return [];
    const { first, start, x, y } = layer.shapes, found = /** @type {Position[][]} */ ([]), leg = layer.legRow && layer.legRow.get(id);
    for (const row of isLeg ? (leg === undefined ? [] : [leg]) : rowsOf(layer, id)) {
      for (let part = first[row]; part < first[row + 1]; part++) {
        const line = [];
        for (let i = start[part]; i < start[part + 1]; i++) {
          const { lat, lng } = layer.latLngOf(x[i], y[i]);
          line.push([rounded(lng), rounded(lat)]);
        }
        if (line.length > 1) found.push(...cutLine(line));
      }
    }
    return found;
  }

  /** Returns the geometry of a row in WGS 84; null if it has none. @param {Ref} r @returns {Geometry | null} */
  function geometry(r) {
    const table = store.tableOf(r), layer = ofFeatures(table);
    if (layer) return layer.geometryOf(store.rowOf(r));
    if (store.has(table, "lon")) {
      return store.located(r) ? { type: "Point", coordinates: [rounded(Number(store.get(r, "lon"))), rounded(Number(store.get(r, "lat")))] } : null;
    }
    const found = lines(table, store.id(r));
    if (!found.length) return null;
    return found.length === 1 ? { type: "LineString", coordinates: found[0] } : { type: "MultiLineString", coordinates: found };
  }

  return {
    geometry,
    /**
     * Returns a function that returns the geometry of a row in the part that begins at row `from`, or null for a row without one.
     *
     * @param {string} table
     * @param {number} from
     * @returns {(row: number) => Geometry | null}
     */
    reader(table, from) {
      if (!store.has(table, "lon")) return (row) => geometry(store.refOf(table, row));
      const [lon, lat, located] = ["lon", "lat", "located"].map((name) => store.reader(table, name, from));
      if (!located || !lon || !lat) return () => null;
      return (row) => (Number(located(row)) === 1 ? { type: "Point", coordinates: [rounded(Number(lon(row))), rounded(Number(lat(row)))] } : null);
    },
  };
}

/**
 * Returns a column as exported files have it, for the rows of the part that begins at `from`.
 *
 * @param {Store} store
 * @param {string} table
 * @param {string} column
 * @param {number} from first row of the part
 * @param {Map<string, { codes: Numbers, values: Cell[] } | null>} known cache for all parts: column -> its codes and values, null if not coded
 * @returns {FeatureColumn}
 */
function columnOf(store, table, column, from, known) {
  if (column === "draft") return { same: false };
  if (!known.has(column)) {
    const coded = store.codes(table, column);
    known.set(column, coded && { codes: coded.codes, values: coded.values.map((value) => cellOf(column, value ?? "")) });
  }
  const coded = known.get(column);
  if (coded) return coded.values.length === 1 ? { same: coded.values[0] } : coded;
  const read = store.reader(table, column, from);
  if (!read) return { same: null };
  return { read: (row) => cellOf(column, read(row)), texts: store.joined(table, column, from), from };
}

/** Makes the reader. @param {{ map: LeafletMap, layers: Layer[], store: Store, filter: RowFilter, meta: Pick<Meta, "columns" | "heads"> }} parts */
export function makeFeatureReader({ map, layers, store, filter, meta }) {
  const geometries = makeGeometries(layers, store);
  /** Returns the exported columns of a table; the last is "draft" if the table shows drafts. @param {string} table */
  const columns = (table) => [...meta.columns[table], ...(filter.drafts(table).length ? ["draft"] : [])];

  /** Returns a row or draft as a feature with its cells; the id of a draft is "" unless the reader has typed one. @param {Ref} r @param {string[]} names @returns {DraftFeature} */
  const featureOf = (r, names) => ({
    r, id: store.get(r, "id"), geometry: geometries.geometry(r), cells: names.map((name) => (name === "draft" ? !!store.draft(r) : cellOf(name, store.get(r, name)))),
  });

  return {
    columns,
    /** Returns the headers of a table's columns in exported files. @param {string} table */
    heads: (table) => columns(table).map((name) => meta.heads?.[table][name] || name),
    /** Returns the tables whose layer is on. */
    shown: () => store.layered.filter((name) => layers.some((layer) => layer.layerName === name && map.hasLayer(layer))),
    /** Returns a single row or draft as a feature with its cells. @param {Ref} r */
    one: (r) => featureOf(r, columns(store.tableOf(r))),
    /**
     * Visits the rows of a table that pass the filter, part by part: calls `begin` with the columns of each part, `row` with each of its rows, and
     * in the end `beside` with each draft and its cells.
     *
     * @param {string} table
     * @param {L.LatLngBounds | null} bounds bounds that the rows must touch; null for all rows
     * @param {{ begin: (columns: FeatureColumn[]) => void, row: (feature: Feature) => void, beside: (feature: DraftFeature) => void }} visitor
     */
    async walk(table, bounds, { begin, row: visit, beside }) {
      const mask = filter.mask(table), names = columns(table), known = new Map();
      let begun = performance.now();
      for await (const { from, to } of store.parts(table)) {
        const id = remembered(store.reader(table, "id", from) || (() => "")), geometryOf = geometries.reader(table, from);
        begin(names.map((name) => (name === "id" ? { read: id } : columnOf(store, table, name, from, known))));
        for (let row = from; row < to; row++) {
          if (row % 64 === 0 && performance.now() - begun > SLICE) {
            await pause();
            begun = performance.now();
          }
          if (mask && !mask[row]) continue;
          const geometry = geometryOf(row);
          if (!bounds || touches(geometry, bounds)) visit({ r: store.refOf(table, row), row, id: id(row), geometry });
        }
      }
      for (const r of filter.drafts(table)) {
        const feature = featureOf(r, names);
        if (!bounds || touches(feature.geometry, bounds)) beside(feature);
      }
    },
  };
}
