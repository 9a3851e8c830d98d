/* Writes features as GeoJSON, CSV and KML, part by part, so that a million rows are never in memory as one text. */

import { el } from "../base/dom.js";
import { escapeXml } from "../../runtime/escape-xml.js";
import { encodeAll, encodeText, makeByteWriter } from "./byte-writer.js";
import { mayBeFormula, guardFormula } from "../../runtime/formula-guard.js";

const NOT_CSV_AS_IT_IS = /[",\r\n]/;
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** @typedef {ReturnType<typeof makeByteWriter>} ByteWriter */
/** @typedef {Pick<Meta, "as_of" | "attribution">} Origin Date and attribution that a file states. */
/** @typedef {L.LatLngBounds | null} Bounds Bounds that the rows of a file must touch; null for all rows. */
/**
 * A file format: media type (`type`); text before and after all rows (`head`, `tail`), between two rows (`gap`), after the last (`last`), at
 * the start and end of a row (`start`, `end`); the text of a cell of column k (`cell`); whether joined texts of column k can be written
 * without escapes (`plain`), and the text before and after each of them (`around`).
 *
 * @typedef {{
 *   type: string, head: string, gap: string, last: string, tail: string,
 *   start: (feature: Pick<Feature, "r" | "id" | "geometry">, out: ByteWriter) => void, end: (feature: Pick<Feature, "geometry">) => string,
 *   cell: (value: Cell, k: number) => string, around: (k: number) => string[], plain: (texts: JoinedTexts, k: number) => boolean,
 * }} Form
 */

/**
 * Writes the rows of a table that pass the filter; resolves to the file. Repeated values of a column are encoded once and copied.
 *
 * @param {FeatureReader} features
 * @param {string} table
 * @param {Bounds} bounds
 * @param {Form} form
 */
async function writeFile(features, table, bounds, form) {
  const out = makeByteWriter(), width = features.columns(table).length;
  /** @type {Uint8Array<ArrayBuffer>[][]} */
  const coded = Array.from({ length: width }, () => []); // bytes by code, for each column; codes are the same in all parts
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const rooms = []; // for each column a reusable array for the bytes of a part's texts
  let steps = /** @type {((row: number) => void)[]} */ ([]), first = true;

  /**
   * Returns a function that writes the text of a row; null if the texts cannot be written without escapes.
   *
   * @param {JoinedTexts} given the texts of the column in a part
   * @param {number} from first row of the part
   * @param {number} k number of the column
   */
  function textWriter(given, from, k) {
    if (!form.plain(given, k)) return null;
    const { bytes, starts } = encodeAll(given, rooms[k]), [before, after] = form.around(k).map(encodeText), empty = encodeText(form.cell(null, k));
    rooms[k] = bytes;
    return (/** @type {number} */ row) => {
      const begin = starts[row - from], end = starts[row - from + 1];
      if (begin === end) return out.bytes(empty);
      out.bytes(before);
      out.bytes(bytes, begin, end);
      return out.bytes(after);
    };
  }

  /**
   * Returns a function that writes the cell of a row.
   *
   * @param {FeatureColumn} cells the column in a part
   * @param {number} k number of the column
   * @returns {(row: number) => void}
   */
  function columnWriter({ codes, values = [], read = () => null, texts, from = 0 }, k) {
    if (codes) return (row) => out.bytes((coded[k][codes[row]] ??= encodeText(form.cell(values[codes[row]], k))));
    return (texts && textWriter(texts, from, k)) || ((row) => out.text(form.cell(read(row), k)));
  }

  /**
   * Makes the functions that write the rows of a part; adjacent columns with the same value in every row are written as one.
   *
   * @param {FeatureColumn[]} columns
   */
  function begin(columns) {
    steps = [];
    let fixed = "";
    const settle = () => {
      const piece = encodeText(fixed);
      if (fixed) steps.push(() => out.bytes(piece));
      fixed = "";
    };
    columns.forEach((cells, k) => {
      if (cells.same !== undefined) {
        fixed += form.cell(cells.same, k);
        return;
      }
      settle();
      steps.push(columnWriter(cells, k));
    });
    settle();
  }

  /**
   * Writes a row: its start, what `between` writes, and its end.
   *
   * @template {Pick<Feature, "r" | "id" | "geometry">} F
   * @param {F} feature
   * @param {(feature: F) => void} between
   */
  function around(feature, between) {
    if (!first) out.text(form.gap);
    first = false;
    form.start(feature, out);
    between(feature);
    out.text(form.end(feature));
  }
  /** Writes the cells of a row of the present part. @param {{ row: number }} given */
  const cellsOf = ({ row }) => { for (let k = 0; k < steps.length; k++) steps[k](row); };
  /** Writes the cells of a draft. @param {{ cells: Cell[] }} draft */
  const given = ({ cells }) => cells.forEach((cell, k) => out.text(form.cell(cell, k)));

  out.text(form.head);
  await features.walk(table, bounds, { begin, row: (feature) => around(feature, cellsOf), beside: (feature) => around(feature, given) });
  out.text((first ? "" : form.last) + form.tail);
  return out.blob(form.type);
}

/**
 * Escapes characters in JSON that some tools take for line ends, so that each feature is one line.
 *
 * @param {string} text
 */
const oneLine = (text) => text.replace(LINE_ENDS, (/** @type {string} */ sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
const NOT_JSON_AS_IT_IS = /["\\\u0000-\u001f\u0085\u2028\u2029\ud800-\udfff]/;
/** Returns a value as JSON. @param {unknown} value */
const json = (value) => (typeof value === "number" ? String(value)
  : typeof value === "string" && !NOT_JSON_AS_IT_IS.test(value) ? `"${value}"` : oneLine(JSON.stringify(value)));
const [FEATURE, POINT, PROPERTIES] = ['{"type":"Feature",', '"geometry":{"type":"Point","coordinates":[', ',"properties":{'].map(encodeText);

/**
 * Writes a table as GeoJSON, one feature a line.
 *
 * @param {FeatureReader} features
 * @param {string} table
 * @param {Bounds} bounds
 * @param {Origin} meta
 */
function geojson(features, table, bounds, meta) {
  const names = features.heads(table).map((name, k) => `${k ? "," : ""}${json(name)}:`);
  return writeFile(features, table, bounds, {
    type: "application/geo+json",
    head: `{"type":"FeatureCollection","name":${json(table)},"as_of":${json(meta.as_of || null)},` +
      `"attribution":${json(meta.attribution.map((one) => one.zh || one.en))},"features":[\n`,
    gap: ",\n", last: "\n", tail: "]}\n",
    /**
     * Writes a feature up to its properties.
     *
     * @param {Pick<Feature, "id" | "geometry">} feature
     * @param {ByteWriter} out
     */
    start({ id, geometry }, out) {
      out.bytes(FEATURE);
      if (id) out.text(`"id":${json(id)},`);
      if (geometry && geometry.type === "Point") {
        out.bytes(POINT);
        out.text(geometry.coordinates + "]}");
      } else out.text(`"geometry":${JSON.stringify(geometry)}`);
      out.bytes(PROPERTIES);
    },
    cell: (value, k) => names[k] + json(value),
    around: (k) => [names[k] + '"', '"'],
    plain: ({ text }) => !NOT_JSON_AS_IT_IS.test(text),
    end: () => "}}",
  });
}

/**
 * Returns whether no text of a part has a character that CSV must quote, and none begins with one that may make it a formula.
 *
 * @param {JoinedTexts} texts
 */
function plainCsv({ text, starts }) {
  if (NOT_CSV_AS_IT_IS.test(text)) return false;
  for (let row = 0; row + 1 < starts.length; row++) {
    if (starts[row] < starts[row + 1] && mayBeFormula(text[starts[row]])) return false;
  }
  return true;
}

/** Returns a text in quotation marks if CSV needs them. @param {string} text */
const quoted = (text) => (NOT_CSV_AS_IT_IS.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
/** Returns a cell as CSV: "" for null, a text that a spreadsheet might run guarded as a text. @param {Cell} cell */
const csvCell = (cell) => (cell === null ? "" : quoted(typeof cell === "string" ? guardFormula(cell) : String(cell)));

/** Returns nested coordinates of GeoJSON in the form of WKT. @param {unknown} nested @returns {string} */
const wktOf = (nested) => (!Array.isArray(nested) ? String(nested) : Array.isArray(nested[0]) ? `(${nested.map(wktOf).join(", ")})` : nested.join(" "));
/** Returns a geometry as WKT; null without one. @param {Geometry | null} geometry @returns {string | null} */
const wkt = (geometry) => geometry && geometry.type.toUpperCase() + " " +
  (geometry.geometries ? `(${geometry.geometries.map(wkt).join(", ")})` : wktOf(geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates));

/**
 * Returns whether the rows of a table are points.
 *
 * @param {string} table
 */
const isPoint = (table) => table === "places" || table === "sites";
/**
 * Returns the names of the columns of the geometry: `lon` and `lat` (WGS 84 degrees) for points, `wkt` for other tables.
 *
 * @param {string} table
 */
const placeNames = (table) => (isPoint(table) ? ["lon", "lat"] : ["wkt"]);
/**
 * Returns the cells of the columns of `placeNames`; null for a missing geometry.
 *
 * @param {string} table
 * @param {Geometry | null} geometry
 */
const placeCells = (table, geometry) => (isPoint(table) ? (geometry ? geometry.coordinates : [null, null]) : [wkt(geometry)]);
/** Returns cells as a line of a CSV file. @param {Cell[]} cells */
export const csvLine = (cells) => cells.map(csvCell).join(",") + "\r\n";

/**
 * Returns the functions that write headers, cells and positions for a spreadsheet. A Chinese page whose metadata have labels writes Chinese labels
 * instead of column names, values and ids, and no WKT; other pages write what the tables have.
 *
 * @param {FeatureReader} features
 * @param {string} table
 * @param {Pick<Meta, "labels">} meta
 * @param {{ store: Store, language: Language }} parts
 */
export function sheetWords(features, table, meta, { store, language }) {
  const { labels: all } = meta, isOffice = language.now === "zh" && Boolean(all), names = features.heads(table);
  const labels = features.columns(table).map((name) => (isOffice && all ? all[table + "." + name] || all[name] : undefined) || ["", ""]);
  /** Returns the label of a value, or the name of the row with an id, in column k. @param {string} word @param {number} k */
  const say = (word, k) => (labels[k][1] === "id" ? store.nameOfId(word) : language.vocab[labels[k][1]]?.[word]?.zh || word);
  return {
    heads: [...names.map((name, k) => labels[k][0] || name), ...(!isOffice ? placeNames(table) : isPoint(table) ? [language.t("column.lon"), language.t("column.lat")] : [])],
    /** Returns a cell of column k in the words of the file. @param {Cell} value @param {number} k @returns {Cell} */
    cell: (value, k) => (typeof value === "string" && labels[k][1] ? value.split("|").map((word) => say(word, k)).join("|") : value),
    /** Returns the cells of a geometry. @param {Geometry | null} geometry */
    place: (geometry) => (isOffice && !isPoint(table) ? [] : placeCells(table, geometry)),
    /** Returns whether the texts of column k are written as the table has them. @param {number} k */
    isPlain: (k) => !labels[k][1],
  };
}

/**
 * Writes a table as CSV in UTF-8 with a byte-order mark.
 *
 * @param {FeatureReader} features
 * @param {string} table
 * @param {Bounds} bounds
 * @param {Origin & Pick<Meta, "labels">} meta
 * @param {{ store: Store, language: Language }} parts
 */
function csv(features, table, bounds, meta, parts) {
  const words = sheetWords(features, table, meta, parts), before = (/** @type {number} */ k) => (k ? "," : "");
  return writeFile(features, table, bounds, {
    type: "text/csv;charset=utf-8",
    head: "\ufeff" + csvLine(words.heads),
    gap: "", last: "", tail: "",
    start() {},
    cell: (value, k) => before(k) + csvCell(words.cell(value, k)),
    around: (k) => [before(k), ""],
    plain: (texts, k) => words.isPlain(k) && plainCsv(texts),
    end: ({ geometry }) => words.place(geometry).map((cell) => "," + csvCell(cell)).join("") + "\r\n",
  });
}

/** Returns positions as text of a KML element `coordinates`. @param {Position[]} line */
const kmlPoints = (line) => line.map((point) => point.join(",")).join(" ");
/** Returns a geometry as KML; "" for null. @param {Geometry | null} geometry @returns {string} */
function kmlGeometry(geometry) {
  if (!geometry) return "";
  const { type, coordinates, geometries } = geometry;
  if (type === "Point") return `<Point><coordinates>${coordinates.join(",")}</coordinates></Point>`;
  if (type === "LineString") return `<LineString><tessellate>1</tessellate><coordinates>${kmlPoints(coordinates)}</coordinates></LineString>`;
  if (type === "Polygon") {
    return `<Polygon><tessellate>1</tessellate>${coordinates.map((ring, k) => {
      const side = k ? "inner" : "outer";
      return `<${side}BoundaryIs><LinearRing><coordinates>${kmlPoints(ring)}</coordinates></LinearRing></${side}BoundaryIs>`;
    }).join("")}</Polygon>`;
  }
  const members = geometries || coordinates.map((one) => ({ type: type.slice(5), coordinates: one }));
  return `<MultiGeometry>${members.map(kmlGeometry).join("")}</MultiGeometry>`;
}


/**
 * Writes a table as KML.
 *
 * @param {FeatureReader} features
 * @param {string} table
 * @param {Bounds} bounds
 * @param {Origin} meta
 * @param {{ store: Store, title: string }} names
 */
function kml(features, table, bounds, meta, { store, title }) {
  const names = features.heads(table).map(escapeXml);
  return writeFile(features, table, bounds, {
    type: "application/vnd.google-earth.kml+xml",
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>' +
      `<name>${escapeXml(title)}</name><description>${escapeXml([meta.as_of, ...meta.attribution.map((one) => one.zh || one.en)].filter(Boolean).join("; "))}</description>\n`,
    gap: "", last: "", tail: "</Document></kml>\n",
    /**
     * Writes a placemark up to its data.
     *
     * @param {Pick<Feature, "r" | "id">} feature
     * @param {ByteWriter} out
     */
    start({ r, id }, out) {
      const description = store.get(r, "description");
      // Ids in KML are XML names, which must not begin with a digit, as ids of rows may.
      out.text(`<Placemark${id ? ` id="qj-${escapeXml(id)}"` : ""}><name>${escapeXml(store.name(r))}</name>${description ? `<description>${escapeXml(description)}</description>` : ""}<ExtendedData>`);
    },
    cell: (value, k) => (value === null ? "" : `<Data name="${names[k]}"><value>${escapeXml(value)}</value></Data>`),
    around: (k) => [`<Data name="${names[k]}"><value>`, "</value></Data>"],
    plain: ({ text }) => escapeXml(text) === text,
    end: ({ geometry }) => `</ExtendedData>${kmlGeometry(geometry)}</Placemark>\n`,
  });
}

/** @typedef {(features: FeatureReader, table: string, bounds: Bounds, meta: Origin & Pick<Meta, "labels">, names: { store: Store, language: Language, title: string }) => Promise<Blob>} Writer Writes the rows of a table that pass the filter and touch the bounds; resolves to the file. */
/** @type {Record<string, Writer>} format -> its writer, which resolves to the file */
export const writers = { geojson, csv, kml };

/**
 * Copies a text to the clipboard; resolves to whether the browser has allowed it.
 *
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (_) {
    // Some browsers have no clipboard API for local files, but still support the older execCommand.
    const area = el("textarea", { "aria-hidden": "true", class: "qj-copied" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/**
 * Offers a file to the reader as a download.
 *
 * @param {Blob} blob
 * @param {string} name name of the file
 */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The URL is released later, because the browser reads the file asynchronously.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
