/* GeoJSON, CSV and KML of features, written part by part so that a million rows never stand in memory as one text. */

import { el } from "../dom.js";
import { encodeAll, encodeText, makeByteWriter } from "./byte-writer.js";
import { maybeFormula, neutralised } from "../../runtime/formulas.js";

const NOT_CSV_AS_IT_IS = /[",\r\n]/;
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/**
 * Writes what is shown of a layer. A form says what stands before and after all rows, between two, and at the two ends of
 * a row; how a cell of column `k` is written; and of texts what stands around them, where they are `plain`: written as they
 * are. What a column says again and again is made into bytes once and copied.
 *
 * @param {FeatureReader} features
 * @param {string} table
 * @param {any} bounds
 * @param {any} form
 */
async function written(features, table, bounds, form) {
  const out = makeByteWriter(), width = features.columns(table).length;
  /** @type {Uint8Array[][]} */
  const coded = Array.from({ length: width }, () => []); // bytes by code: codes mean the same in all parts
  /** @type {any[]} */
  const rooms = []; // by column, for the bytes of a part's texts
  let steps = /** @type {any[]} */ ([]), first = true;

  /**
   * @param {{ texts: any, from: any }} given
   * @param {number} k
   */
  function texts({ texts: given, from }, k) {
    if (!form.plain(given)) return null;
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
   * What writes a column of a part.
   *
   * @param {any} cells
   * @param {number} k
   */
  function step(cells, k) {
    const { codes, values, read } = cells;
    if (codes) return (/** @type {number} */ row) => out.bytes((coded[k][codes[row]] ??= encodeText(form.cell(values[codes[row]], k))));
    return (cells.texts && texts(cells, k)) || ((/** @type {number} */ row) => out.text(form.cell(read(row), k)));
  }

  /**
   * What writes the columns of a part; those that say the same in every row are one piece.
   *
   * @param {any} columns
   */
  function begin(columns) {
    steps = [];
    let fixed = "";
    const settle = () => {
      const piece = encodeText(fixed);
      if (fixed) steps.push(() => out.bytes(piece));
      fixed = "";
    };
    columns.forEach((/** @type {any} */ cells, /** @type {number} */ k) => {
      if (cells.same !== undefined) {
        fixed += form.cell(cells.same, k);
        return;
      }
      settle();
      steps.push(step(cells, k));
    });
    settle();
  }

  /**
   * @param {any} feature
   * @param {any} between
   */
  function around(feature, between) {
    if (!first) out.text(form.gap);
    first = false;
    form.start(feature, out);
    between(feature);
    out.text(form.end(feature));
  }
  /** @param {{ row: number }} given */
  const cellsOf = ({ row }) => { for (let k = 0; k < steps.length; k++) steps[k](row); };
  /** @param {{ cells: any }} given */
  const given = ({ cells }) => cells.forEach((/** @type {any} */ cell, /** @type {number} */ k) => out.text(form.cell(cell, k)));

  out.text(form.head);
  await features.walk(table, bounds, { begin, row: (feature) => around(feature, cellsOf), beside: (feature) => around(feature, given) });
  out.text((first ? "" : form.last) + form.tail);
  return out.blob(form.type);
}

/**
 * JSON in which nothing reads as the end of a line: one feature stays one line in every tool.
 *
 * @param {any} text
 */
const oneLine = (text) => text.replace(LINE_ENDS, (/** @type {string} */ sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
const NOT_JSON_AS_IT_IS = /["\\\u0000-\u001f\u0085\u2028\u2029\ud800-\udfff]/;
/** @param {any} value */
const json = (value) => (typeof value === "number" ? String(value)
  : typeof value === "string" && !NOT_JSON_AS_IT_IS.test(value) ? `"${value}"` : oneLine(JSON.stringify(value)));
const [FEATURE, POINT, PROPERTIES] = ['{"type":"Feature",', '"geometry":{"type":"Point","coordinates":[', ',"properties":{'].map(encodeText);

/**
 * @param {FeatureReader} features
 * @param {string} table
 * @param {any} bounds
 * @param {Meta} meta
 */
function geojson(features, table, bounds, meta) {
  const names = features.columns(table).map((name, /** @type {number} */ k) => `${k ? "," : ""}${json(name)}:`);
  return written(features, table, bounds, {
    type: "application/geo+json",
    head: `{"type":"FeatureCollection","name":${json(table)},"as_of":${json(meta.as_of || null)},` +
      `"attribution":${json(meta.attribution.map((/** @type {any} */ one) => one.zh || one.en))},"features":[\n`,
    gap: ",\n", last: "\n", tail: "]}\n",
    /**
     * @param {{ id: string, geometry: any }} given
     * @param {any} out
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
    cell: (/** @type {any} */ value, /** @type {number} */ k) => names[k] + json(value),
    around: (/** @type {number} */ k) => [names[k] + '"', '"'],
    plain: (/** @type {{ text: any }} */ { text }) => !NOT_JSON_AS_IT_IS.test(text),
    end: () => "}}",
  });
}

/**
 * Whether no text of a part has such a sign, nor begins with one that makes it a formula.
 *
 * @param {{ text: any, starts: any }} given
 */
function plainCsv({ text, starts }) {
  if (NOT_CSV_AS_IT_IS.test(text)) return false;
  for (let row = 0; row + 1 < starts.length; row++) {
    if (starts[row] < starts[row + 1] && maybeFormula(text[starts[row]])) return false;
  }
  return true;
}

/** @param {any} text */
const quoted = (text) => (NOT_CSV_AS_IT_IS.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
/** @param {any} cell */
const csvCell = (cell) => (cell === null ? "" : quoted(typeof cell === "string" ? neutralised(cell) : String(cell)));

/** @param {any} line */
const wktLine = (line) => "(" + line.map((/** @type {any[]} */ [lon, lat]) => lon + " " + lat).join(", ") + ")";
/** @param {any} geometry */
function wkt(geometry) {
  if (!geometry) return null;
  if (geometry.type === "LineString") return "LINESTRING " + wktLine(geometry.coordinates);
  return "MULTILINESTRING (" + geometry.coordinates.map(wktLine).join(", ") + ")";
}

/**
 * The columns that say where a row is: WGS 84 degrees for points, WKT for lines.
 *
 * @param {string} table
 */
const isPoint = (table) => table === "places" || table === "sites";
/** @param {string} table */
export const placeNames = (table) => (isPoint(table) ? ["lon", "lat"] : ["wkt"]);
/**
 * @param {string} table
 * @param {any} geometry
 */
export const placeCells = (table, geometry) => (isPoint(table) ? (geometry ? geometry.coordinates : [null, null]) : [wkt(geometry)]);
/** @param {any} cells */
export const csvLine = (cells) => cells.map(csvCell).join(",") + "\r\n";

/**
 * @param {FeatureReader} features
 * @param {string} table
 * @param {any} bounds
 */
function csv(features, table, bounds) {
  return written(features, table, bounds, {
    type: "text/csv;charset=utf-8",
    head: "\ufeff" + csvLine([...features.columns(table), ...placeNames(table)]),
    gap: "", last: "", tail: "",
    start() {},
    cell: (/** @type {any} */ value) => csvCell(value) + ",",
    around: () => ["", ","],
    plain: plainCsv,
    end: (/** @type {{ geometry: any }} */ { geometry }) => csvLine(placeCells(table, geometry)),
  });
}

/** @param {any} text */
const xml = (text) => String(text).replace(NOT_XML, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
/** @param {any} line */
const kmlPoints = (line) => line.map((/** @type {any} */ point) => point.join(",")).join(" ");
/** @param {any} geometry */
function kmlGeometry(geometry) {
  if (!geometry) return "";
  const { type, coordinates } = geometry;
  if (type === "Point") return `<Point><coordinates>${coordinates.join(",")}</coordinates></Point>`;
  /** @param {any} line */
  const one = (line) => `<LineString><tessellate>1</tessellate><coordinates>${kmlPoints(line)}</coordinates></LineString>`;
  return type === "LineString" ? one(coordinates) : `<MultiGeometry>${coordinates.map(one).join("")}</MultiGeometry>`;
}

/**
 * @param {FeatureReader} features
 * @param {string} table
 * @param {any} bounds
 * @param {Meta} meta
 * @param {{ store: Store, title: any }} given
 */
function kml(features, table, bounds, meta, { store, title }) {
  const names = features.columns(table).map(xml);
  return written(features, table, bounds, {
    type: "application/vnd.google-earth.kml+xml",
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>' +
      `<name>${xml(title)}</name><description>${xml([meta.as_of, ...meta.attribution.map((/** @type {any} */ one) => one.zh || one.en)].filter(Boolean).join("; "))}</description>\n`,
    gap: "", last: "", tail: "</Document></kml>\n",
    /**
     * @param {{ r: any, id: string }} given
     * @param {any} out
     */
    start({ r, id }, out) {
      const said = store.get(r, "description");
      // An id of KML is an XML name; ours may begin with a digit.
      out.text(`<Placemark${id ? ` id="qj-${xml(id)}"` : ""}><name>${xml(store.name(r))}</name>${said ? `<description>${xml(said)}</description>` : ""}<ExtendedData>`);
    },
    cell: (/** @type {any} */ value, /** @type {number} */ k) => (value === null ? "" : `<Data name="${names[k]}"><value>${xml(value)}</value></Data>`),
    around: (/** @type {number} */ k) => [`<Data name="${names[k]}"><value>`, "</value></Data>"],
    plain: (/** @type {{ text: any }} */ { text }) => xml(text) === text,
    end: (/** @type {{ geometry: any }} */ { geometry }) => `</ExtendedData>${kmlGeometry(geometry)}</Placemark>\n`,
  });
}

/** Format -> what writes a file of it. */
/** @type {Record<string, (features: FeatureReader, ...given: any[]) => Promise<Blob>>} */
export const writers = { geojson, csv, kml };

/**
 * Copies a text; false where the browser forbids it.
 *
 * @param {any} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (_) {
    // Some browsers give a local file no clipboard but still know the old way.
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
 * Hands a file to the reader.
 *
 * @param {any} blob
 * @param {string} name
 */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the file after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
