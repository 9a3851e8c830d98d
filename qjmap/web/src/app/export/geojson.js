/* What is shown, as features: rows that pass the filter, of layers that are on, with their geometry in WGS 84.
 *
 * Columns and values are those of the program's own exports, so that a row says the same in whichever file it is opened.
 * Drafts come after the rows of their table; only where there are some, a last column `draft` says which they are.
 */

import { yieldToBrowser } from "../dom.js";

const LAYERS = ["places", "sites", "partnerships", "corridors"];
const DECIMALS = 1e6;
const SLICE = 24; // ms of reading after which the browser may do something else

/* A pause that is over as soon as nothing waits: those of a timer last 4 ms each where there are many. */
const soon = () => (window.scheduler && scheduler.yield ? scheduler.yield() : yieldToBrowser());

/** @param {number} degrees */
const rounded = (degrees) => Math.round(degrees * DECIMALS) / DECIMALS;

/**
 * A line whose longitudes run past 180 degrees, cut at the antimeridian (RFC 7946, 3.1.9).
 *
 * @param {any} line
 */
function cut(line) {
  /** @param {number} lon */
  const turn = (lon) => Math.floor((lon + 180) / 360);
  const out = [];
  /** @type {any[]} */
  let piece = [];
  line.forEach((/** @type {any} */ point, /** @type {number} */ k) => {
    if (k) {
      const before = line[k - 1], from = turn(before[0]), to = turn(point[0]);
      if (from !== to && point[0] !== before[0]) {
        const edge = Math.max(from, to) * 360 - 180, share = (edge - before[0]) / (point[0] - before[0]);
        const lat = rounded(before[1] + share * (point[1] - before[1]));
        piece.push([to > from ? 180 : -180, lat]);
        out.push(piece);
        piece = [[to > from ? -180 : 180, lat]];
      }
    }
    piece.push([rounded(point[0] - turn(point[0]) * 360), point[1]]);
  });
  out.push(piece);
  return out.filter((one) => one.length > 1);
}

/**
 * A cell as files carry it: lists joined with "|", roles as "id:role", nothing as null.
 *
 * @param {string} column
 * @param {any} value
 */
function carried(column, value) {
  if (Array.isArray(value)) return value.map((one) => (Array.isArray(one) ? one.join(":") : String(one))).join("|") || null;
  if (value === "") return null;
  // Coordinates as typed are numbers where a number says the very same.
  if ((column === "orig_lon" || column === "orig_lat") && typeof value === "string") {
    const number = Number(value), said = String(number);
    return said === value || said + ".0" === value ? number : value;
  }
  return value;
}

/**
 * @param {any} geometry
 * @param {any} bounds
 */
const seenIn = (geometry, bounds) => {
  if (!geometry) return false;
  const { type, coordinates } = geometry;
  if (type === "Point") return bounds.contains([coordinates[1], coordinates[0]]);
  const flat = type === "LineString" ? coordinates : coordinates.flat();
  return bounds.intersects(L.latLngBounds(flat.map((/** @type {any[]} */ [lon, lat]) => [lat, lon])));
};

/**
 * A reader that is asked twice for the same row.
 *
 * @param {any} read
 */
function lately(read) {
  /** @type {any} */
  let last = -1, said = /** @type {any} */ (null);
  return (/** @type {number} */ row) => {
    if (row !== last) [last, said] = [row, read(row)];
    return said;
  };
}

/** @param {{ map: LeafletMap, layers: Layer[], store: Store, filter: Filter, meta: Meta }} given */
export function makeFeatureReader({ map, layers, store, filter, meta }) {
  const shown = () => LAYERS.filter((name) => layers.some((one) => one.layerName === name && map.hasLayer(one)));

  /* Rows of a line layer's block by the id of the row that they draw. */
  const drawn = new Map();
  /**
   * @param {any} layer
   * @param {string} id
   */
  function blockRows(layer, id) {
    if (!drawn.has(layer)) {
      const { block } = layer, of = block.has("corridor") ? "corridor" : "id", rows = new Map();
      for (let row = 0; row < block.rows; row++) {
        const key = block.at(of, row);
        rows.set(key, [...(rows.get(key) || []), row]);
      }
      drawn.set(layer, rows);
    }
    return drawn.get(layer).get(id) || [];
  }

  /**
   * @param {string} table
   * @param {string} id
   */
  function lines(table, id) {
    const legs = table === "corridor_legs", layer = layers.find((one) => one.layerName === (legs ? "corridors" : table));
    if (!layer || !layer.shapes) return [];
    const { shapes } = layer, found = [];
    for (const row of legs ? [layer.legRow.get(id)] : blockRows(layer, id)) {
      for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) {
        const line = [];
        for (let i = shapes.start[part]; i < shapes.start[part + 1]; i++) {
          const { lat, lng } = layer.latLngOf(shapes.x[i], shapes.y[i]);
          line.push([rounded(lng), rounded(lat)]);
        }
        if (line.length > 1) found.push(...cut(line));
      }
    }
    return found;
  }

  /** @param {any} r */
  function geometry(r) {
    const table = store.tableOf(r);
    if (table === "places" || table === "sites") {
      return store.located(r) ? { type: "Point", coordinates: [rounded(Number(store.get(r, "lon"))), rounded(Number(store.get(r, "lat")))] } : null;
    }
    const found = lines(table, store.id(r));
    if (!found.length) return null;
    return found.length === 1 ? { type: "LineString", coordinates: found[0] } : { type: "MultiLineString", coordinates: found };
  }

  /**
   * A column as files carry it, for the rows of a part: { same } where all cells say one thing, { codes, values }, or
   * { read }, which gives the cell of a row; of texts also { texts, from }: one behind the other, from which row on.
   *
   * @param {string} table
   * @param {string} column
   * @param {any} from
   * @param {any} known
   */
  function cells(table, column, from, known) {
    if (column === "draft") return { same: false };
    if (!known.has(column)) {
      const coded = store.codes(table, column);
      known.set(column, coded && { codes: coded.codes, values: coded.values.map((/** @type {any} */ value) => carried(column, value ?? "")) });
    }
    const coded = known.get(column);
    if (coded) return coded.values.length === 1 ? { same: coded.values[0] } : coded;
    const read = store.reader(table, column, from);
    if (!read) return { same: null };
    return { read: (/** @type {number} */ row) => carried(column, read(row)), texts: store.joined(table, column, from), from };
  }

  /**
   * What gives the geometry of the rows of a part.
   *
   * @param {string} table
   * @param {any} from
   */
  function shaper(table, from) {
    if (table !== "places" && table !== "sites") return (/** @type {number} */ row) => geometry(store.refOf(table, row));
    const [lon, lat, located] = ["lon", "lat", "located"].map((name) => store.reader(table, name, from));
    if (!located) return () => null;
    return (/** @type {number} */ row) => (Number(located(row)) === 1 ? { type: "Point", coordinates: [rounded(Number(lon(row))), rounded(Number(lat(row)))] } : null);
  }

  /** @param {string} table */
  const marked = (table) => filter.drafts(table).length > 0;
  /** @param {string} table */
  const columns = (table) => [...meta.columns[table], ...(marked(table) ? ["draft"] : [])];

  /**
   * A draft has an id only if it was given one.
   *
   * @param {any} r
   * @param {string[]} names
   */
  function feature(r, names) {
    return { r, id: store.get(r, "id"), geometry: geometry(r), cells: names.map((name) => (name === "draft" ? !!store.draft(r) : carried(name, store.get(r, name)))) };
  }

  /**
   * Walks the rows of a layer that are shown, a part of the table after the other: `begin(part)` for each part, then
   * `row(feature)` for each row of it, and `beside(feature)` for the drafts, which have their `cells` with them. `bounds`
   * keeps to a part of the world.
   *
   * @param {string} table
   * @param {any} bounds
   * @param {{ begin: (columns: any[]) => void, row: (feature: any) => void, beside: (feature: any) => void }} given
   */
  async function walk(table, bounds, { begin, row: write, beside }) {
    const mask = filter.mask(table), names = columns(table), known = new Map();
    let begun = performance.now();
    for await (const { from, to } of store.parts(table)) {
      const id = lately(store.reader(table, "id", from)), shape = shaper(table, from);
      begin(names.map((name) => name === "id" ? { read: id } : cells(table, name, from, known)));
      for (let row = from; row < to; row++) {
        if (row % 64 === 0 && performance.now() - begun > SLICE) {
          await soon();
          begun = performance.now();
        }
        if (mask && !mask[row]) continue;
        const geometry = shape(row);
        if (!bounds || seenIn(geometry, bounds)) write({ r: store.refOf(table, row), row, id: id(row), geometry });
      }
    }
    for (const r of filter.drafts(table)) {
      const one = feature(r, names);
      if (!bounds || seenIn(one.geometry, bounds)) beside(one);
    }
  }

  /**
   * One row alone, with its cells.
   *
   * @param {any} r
   */
  const one = (r) => feature(r, columns(store.tableOf(r)));

  return { shown, walk, one, columns };
}
