/* Detects the kind of a file that is no text table, by its contents and then by its name. The page reads workbooks (.xlsx, .ods), and
 * shows for other kinds how such files can be read.
 */

import { clean } from "./normalize-text.js";
import { membersOf } from "./zip.js";

const SAMPLE = 8192; // number of characters of a text by which its kind is detected

/** Returns the codes of the characters of a word. @param {string} word */
const ascii = (word) => Array.from(word, (sign) => sign.charCodeAt(0));
/** @type {[number[], string][]} */
const MAGIC = [
  [ascii("SQLite format 3\0"), "geopackage"], [[0, 0, 0x27, 0x0a], "shapefile"], [ascii("fgb"), "vector"], [ascii("PAR1"), "parquet"],
  [ascii("%PDF"), "document"], [ascii("{\\rtf"), "document"], [[0x89, 0x50, 0x4e, 0x47], "picture"], [[0xff, 0xd8, 0xff], "picture"],
  [ascii("GIF8"), "picture"], [ascii("Rar!"), "archive"], [[0x37, 0x7a, 0xbc, 0xaf], "archive"], [[0x1f, 0x8b], "archive"],
];
const SUFFIX = new Map(Object.entries({
  kml: "kml", kmz: "kmz", gpx: "gpx", gpkg: "geopackage", geojson: "geojson", json: "json", fgb: "vector", parquet: "parquet", geoparquet: "parquet",
  shp: "shapefile", shx: "shapefile", dbf: "shapefile", prj: "shapefile", cpg: "shapefile", zip: "zip", rar: "archive", "7z": "archive", gz: "archive",
  pdf: "document", doc: "document", docx: "document", wps: "document", ppt: "document", pptx: "document", odt: "document", html: "webpage", htm: "webpage",
  mht: "webpage", xml: "xml", png: "picture", jpg: "picture", jpeg: "picture", webp: "picture",
}));
/* A text in a file with one of these suffixes is read as a text table: many systems export such files as "Excel". */
const WORKBOOKS = new Set(["xls", "xlsx", "xlsm", "xlsb", "ods", "ots", "et", "ett", "xlt", "xltx", "xltm"]);
const ROOTS = new Map(Object.entries({
  kml: "kml", gpx: "gpx", html: "webpage", head: "webpage", body: "webpage", meta: "webpage", style: "webpage", table: "webpage", div: "webpage",
  center: "webpage", font: "webpage", workbook: "spreadsheet", svg: "picture",
}));

/**
 * Whether a file signature is found at an index of bytes.
 *
 * @param {Uint8Array} bytes
 * @param {number[]} mark the bytes of the signature
 * @param {number} [at] index, by default 0
 */
const begins = (bytes, mark, at = 0) => mark.every((byte, k) => bytes[at + k] === byte);
/**
 * Decodes a range of bytes.
 *
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to index after the last byte
 */
const text = (bytes, from, to, name = "latin1") => new TextDecoder(name).decode(bytes.subarray(from, to));
/** Returns the suffix of a file's name in lower case, without its dot; "" for none. @param {string} name */
const suffixOf = (name) => (name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "");

/**
 * Returns the kind of a zip archive by its members; "xlsx" or "ods" for a workbook that the page reads.
 *
 * @param {Uint8Array} bytes
 * @param {string} suffix suffix of the file's name
 */
function zipped(bytes, suffix) {
  const names = Array.from(membersOf(bytes).keys()), any = (/** @type {RegExp} */ test) => names.some((name) => test.test(name));
  if (any(/^(?:word|ppt)\//)) return "document";
  if (any(/^xl\/workbook\.bin$/)) return "workbook";
  if (any(/^xl\/|(?:^|\/)workbook\.xml$/)) return "xlsx";
  if (names.includes("mimetype")) return any(/^(?:content\.xml|encrypted-package)$/) ? "ods" : "document"; // which one is known once it is unpacked
  if (any(/\.kml$/)) return "kmz";
  if (any(/\.shp$/)) return "vector";
  if (names.length) return "zip";
  if (/^(?:xl[st][xm]|o[dt]s)$/.test(suffix)) return "damaged";
  if (WORKBOOKS.has(suffix)) return "workbook";
  return SUFFIX.get(suffix) || "zip";
}

/**
 * Returns the kind of a compound file: Office before 2007, or any Office file with a password.
 *
 * @param {Uint8Array} bytes
 * @param {string} suffix suffix of the file's name
 */
function compound(bytes, suffix) {
  const wide = (/** @type {string} */ word) => Array.from(word).join("\0"), whole = text(bytes, 0, Math.min(bytes.length, 1 << 22));
  if (whole.includes(wide("EncryptedPackage"))) return "locked";
  if (whole.includes(wide("Workbook")) || whole.includes(wide("Book")) || WORKBOOKS.has(suffix)) return "workbook";
  return "document";
}

/**
 * Returns the local name of the root element of XML or HTML, after declarations and comments; "" for none.
 *
 * @param {string} head beginning of the text
 */
function root(head) {
  let at = 0;
  for (;;) {
    while (at < head.length && /\s/.test(head[at])) at++;
    const mark = [["<?", "?>"], ["<!--", "-->"], ["<!", ">"]].find(([start]) => head.startsWith(start, at));
    if (!mark) break;
    if (/^<!doctype html/i.test(head.slice(at, at + 20))) return "html";
    const end = head.indexOf(mark[1], at);
    if (end < 0) return "";
    at = end + mark[1].length;
  }
  const match = /^<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})[\s/>]/.exec(head.slice(at, at + 200));
  return match ? match[1].toLowerCase() : "";
}

/** Returns the kind of a text by its beginning; "" for a table. @param {string} head */
function kindOfHead(head) {
  if (head[0] === "<") return ROOTS.get(root(head)) || (head.startsWith("<?xml") ? "xml" : "");
  if (/^(?:\{\s*["}]|\[\s*[\]{["\d-])/.test(head.slice(0, 200))) {
    return /"(?:FeatureCollection|Feature|GeometryCollection|(?:Multi)?(?:Point|LineString|Polygon))"/.test(head) ? "geojson" : "json";
  }
  return /^MIME-Version:/i.test(head) ? "webpage" : "";
}

/**
 * Returns the kind of bytes that are no text, by the first of them; "" if they may be a text.
 *
 * @param {Uint8Array} bytes
 * @param {string} name name of the file
 */
export function kindOfBytes(bytes, name) {
  const suffix = suffixOf(name);
  if (begins(bytes, [0x50, 0x4b, 3, 4]) || begins(bytes, [0x50, 0x4b, 5, 6])) return zipped(bytes, suffix);
  if (begins(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return compound(bytes, suffix);
  const match = MAGIC.find(([mark]) => begins(bytes, mark));
  return match ? match[1] : "";
}

/**
 * Returns the kind of a text that is no table: by its beginning, else by the name of its file; "" for a table.
 *
 * @param {string} whole the text
 * @param {string} name name of the file
 */
export function kindOfText(whole, name) {
  const suffix = suffixOf(name), kind = kindOfHead(clean(whole.slice(0, SAMPLE)));
  return kind === "json" && suffix === "geojson" ? "geojson" : kind || SUFFIX.get(suffix) || "";
}
