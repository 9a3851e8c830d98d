/* GeoJSON, CSV and KML of features, written part by part so that a million rows never stand in memory as one text. */
"use strict";

(function (page) {
  const PART = 1 << 20; // characters in one part of a file
  const FORMULA = /^'*[=+\-@\t\r]/;
  const PLAIN_NUMBER = /^[-+]?\d+(?:\.\d+)?$/;
  // eslint-disable-next-line no-control-regex
  const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
  const LINE_ENDS = /[\u0085\u2028\u2029]/g;

  /* Gathers texts into the parts of a Blob; `last` is what is done to each part as a whole. */
  function makeParts(last = (text) => text) {
    const parts = [], utf8 = new TextEncoder();
    let waiting = "";
    return {
      add(text) {
        waiting += text;
        if (waiting.length > PART) {
          parts.push(new Blob([utf8.encode(last(waiting))]));
          waiting = "";
        }
      },
      blob(type) { return new Blob([...parts, last(waiting)], { type }); },
    };
  }

  /* JSON in which nothing reads as the end of a line: one feature stays one line in every tool. */
  const oneLine = (text) => text.replace(LINE_ENDS, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
  const json = (value) => JSON.stringify(value);

  async function geojson(features, table, bounds, meta) {
    const out = makeParts(oneLine), names = features.columns(table).map(json);
    out.add(`{"type":"FeatureCollection","name":${json(table)},"as_of":${json(meta.as_of || null)},` +
      `"attribution":${json(meta.attribution.map((one) => one.zh || one.en))},"features":[\n`);
    // Neighbours on the ground often say the same: what a column said last is at hand.
    const said = names.map(() => null), written = names.map((name) => `${name}:null`);
    const line = ({ id, geometry, cells }) => {
      for (let k = 0; k < cells.length; k++) if (cells[k] !== said[k]) written[k] = `${names[k]}:${json((said[k] = cells[k]))}`;
      return `{"type":"Feature",${id ? `"id":${json(id)},` : ""}"geometry":${json(geometry)},"properties":{${written.join(",")}}}`;
    };
    let first = true;
    for await (const several of features.of(table, bounds)) {
      if (!several.length) continue;
      out.add((first ? "" : ",\n") + several.map(line).join(",\n"));
      first = false;
    }
    out.add((first ? "" : "\n") + "]}\n");
    return out.blob("application/geo+json");
  }

  /* A cell that a spreadsheet will not run: `=1+1` gets an apostrophe before it. */
  const calm = (text) => (FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? "'" + text : text);
  const quoted = (text) => (/[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
  const csvCell = (cell) => (cell === null ? "" : quoted(typeof cell === "string" ? calm(cell) : String(cell)));

  const wktLine = (line) => "(" + line.map(([lon, lat]) => lon + " " + lat).join(", ") + ")";
  function wkt(geometry) {
    if (!geometry) return null;
    if (geometry.type === "LineString") return "LINESTRING " + wktLine(geometry.coordinates);
    return "MULTILINESTRING (" + geometry.coordinates.map(wktLine).join(", ") + ")";
  }

  /* The columns that say where a row is: WGS 84 degrees for points, WKT for lines. */
  const isPoint = (table) => table === "places" || table === "sites";
  const placeNames = (table) => (isPoint(table) ? ["lon", "lat"] : ["wkt"]);
  const placeCells = (table, geometry) => (isPoint(table) ? (geometry ? geometry.coordinates : [null, null]) : [wkt(geometry)]);
  const csvLine = (cells) => cells.map(csvCell).join(",") + "\r\n";

  async function csv(features, table, bounds) {
    const out = makeParts();
    out.add("\ufeff" + csvLine([...features.columns(table), ...placeNames(table)]));
    for await (const several of features.of(table, bounds)) {
      out.add(several.map(({ geometry, cells }) => csvLine([...cells, ...placeCells(table, geometry)])).join(""));
    }
    return out.blob("text/csv;charset=utf-8");
  }

  const xml = (text) => String(text).replace(NOT_XML, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const kmlPoints = (line) => line.map((point) => point.join(",")).join(" ");
  function kmlGeometry(geometry) {
    if (!geometry) return "";
    const { type, coordinates } = geometry;
    if (type === "Point") return `<Point><coordinates>${coordinates.join(",")}</coordinates></Point>`;
    const one = (line) => `<LineString><tessellate>1</tessellate><coordinates>${kmlPoints(line)}</coordinates></LineString>`;
    return type === "LineString" ? one(coordinates) : `<MultiGeometry>${coordinates.map(one).join("")}</MultiGeometry>`;
  }

  async function kml(features, table, bounds, meta, { store, title }) {
    const out = makeParts(), names = features.columns(table);
    out.add('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>' +
      `<name>${xml(title)}</name><description>${xml([meta.as_of, ...meta.attribution.map((one) => one.zh || one.en)].filter(Boolean).join("; "))}</description>\n`);
    const placemark = ({ r, id, geometry, cells }) => {
      const data = cells.map((cell, k) => (cell === null ? "" : `<Data name="${xml(names[k])}"><value>${xml(cell)}</value></Data>`)).join("");
      const said = store.get(r, "description");
      // An id of KML is an XML name; ours may begin with a digit.
      return `<Placemark${id ? ` id="qj-${xml(id)}"` : ""}><name>${xml(store.name(r))}</name>${said ? `<description>${xml(said)}</description>` : ""}` +
        `<ExtendedData>${data}</ExtendedData>${kmlGeometry(geometry)}</Placemark>\n`;
    };
    for await (const several of features.of(table, bounds)) out.add(several.map(placemark).join(""));
    out.add("</Document></kml>\n");
    return out.blob("application/vnd.google-earth.kml+xml");
  }

  page.files = { geojson, csv, kml, csvLine, placeNames, placeCells };

  /* Copies a text; false where the browser forbids it. */
  page.copy = async function (text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (_) {
      // Some browsers give a local file no clipboard but still know the old way.
      const area = page.el("textarea", { "aria-hidden": "true", class: "qj-copied" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  /* Hands a file to the reader. */
  page.hand = function (blob, name) {
    const address = URL.createObjectURL(blob);
    const link = page.el("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    // The browser reads the file after this turn.
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };
})(window.QJMap.page);
