/* GeoJSON, CSV and KML of features, written part by part so that a million rows never stand in memory as one text. */
"use strict";

(function (page) {
  const NOT_CSV_AS_IT_IS = /[",\r\n]/;
  // eslint-disable-next-line no-control-regex
  const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
  const LINE_ENDS = /[\u0085\u2028\u2029]/g;

  /* Writes what is shown of a layer. A form says what stands before and after all rows, between two, and at the two ends of
   * a row; how a cell of column `k` is written; and of texts what stands around them, where they are `plain`: written as they
   * are. What a column says again and again is made into bytes once and copied. */
  async function written(features, table, bounds, form) {
    const out = page.makeBytes(), width = features.columns(table).length;
    const coded = Array.from({ length: width }, () => []); // bytes by code: codes mean the same in all parts
    const rooms = []; // by column, for the bytes of a part's texts
    let steps = [], first = true;

    function texts({ texts: given, from }, k) {
      if (!form.plain(given)) return null;
      const { bytes, starts } = page.encodedAll(given, rooms[k]), [before, after] = form.around(k).map(page.encoded), empty = page.encoded(form.cell(null, k));
      rooms[k] = bytes;
      return (row) => {
        const begin = starts[row - from], end = starts[row - from + 1];
        if (begin === end) return out.bytes(empty);
        out.bytes(before);
        out.bytes(bytes, begin, end);
        return out.bytes(after);
      };
    }

    /* What writes a column of a part. */
    function step(cells, k) {
      const { codes, values, read } = cells;
      if (codes) return (row) => out.bytes((coded[k][codes[row]] ??= page.encoded(form.cell(values[codes[row]], k))));
      return (cells.texts && texts(cells, k)) || ((row) => out.text(form.cell(read(row), k)));
    }

    /* What writes the columns of a part; those that say the same in every row are one piece. */
    function begin(columns) {
      steps = [];
      let fixed = "";
      const settle = () => {
        const piece = page.encoded(fixed);
        if (fixed) steps.push(() => out.bytes(piece));
        fixed = "";
      };
      columns.forEach((cells, k) => {
        if (cells.same !== undefined) {
          fixed += form.cell(cells.same, k);
          return;
        }
        settle();
        steps.push(step(cells, k));
      });
      settle();
    }

    function around(feature, between) {
      if (!first) out.text(form.gap);
      first = false;
      form.start(feature, out);
      between(feature);
      out.text(form.end(feature));
    }
    const cellsOf = ({ row }) => { for (let k = 0; k < steps.length; k++) steps[k](row); };
    const given = ({ cells }) => cells.forEach((cell, k) => out.text(form.cell(cell, k)));

    out.text(form.head);
    await features.walk(table, bounds, { begin, row: (feature) => around(feature, cellsOf), beside: (feature) => around(feature, given) });
    out.text((first ? "" : form.last) + form.tail);
    return out.blob(form.type);
  }

  /* JSON in which nothing reads as the end of a line: one feature stays one line in every tool. */
  const oneLine = (text) => text.replace(LINE_ENDS, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
  // eslint-disable-next-line no-control-regex
  const NOT_JSON_AS_IT_IS = /["\\\u0000-\u001f\u0085\u2028\u2029\ud800-\udfff]/;
  const json = (value) => (typeof value === "number" ? String(value)
    : typeof value === "string" && !NOT_JSON_AS_IT_IS.test(value) ? `"${value}"` : oneLine(JSON.stringify(value)));
  const [FEATURE, POINT, PROPERTIES] = ['{"type":"Feature",', '"geometry":{"type":"Point","coordinates":[', ',"properties":{'].map(page.encoded);

  function geojson(features, table, bounds, meta) {
    const names = features.columns(table).map((name, k) => `${k ? "," : ""}${json(name)}:`);
    return written(features, table, bounds, {
      type: "application/geo+json",
      head: `{"type":"FeatureCollection","name":${json(table)},"as_of":${json(meta.as_of || null)},` +
        `"attribution":${json(meta.attribution.map((one) => one.zh || one.en))},"features":[\n`,
      gap: ",\n", last: "\n", tail: "]}\n",
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

  /* Whether no text of a part has such a sign, nor begins with one that makes it a formula. */
  function plainCsv({ text, starts }) {
    if (NOT_CSV_AS_IT_IS.test(text)) return false;
    for (let row = 0; row + 1 < starts.length; row++) {
      if (starts[row] < starts[row + 1] && QJMap.maybeFormula(text[starts[row]])) return false;
    }
    return true;
  }

  const quoted = (text) => (NOT_CSV_AS_IT_IS.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
  const csvCell = (cell) => (cell === null ? "" : quoted(typeof cell === "string" ? QJMap.neutralised(cell) : String(cell)));

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

  function csv(features, table, bounds) {
    return written(features, table, bounds, {
      type: "text/csv;charset=utf-8",
      head: "\ufeff" + csvLine([...features.columns(table), ...placeNames(table)]),
      gap: "", last: "", tail: "",
      start() {},
      cell: (value) => csvCell(value) + ",",
      around: () => ["", ","],
      plain: plainCsv,
      end: ({ geometry }) => csvLine(placeCells(table, geometry)),
    });
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

  function kml(features, table, bounds, meta, { store, title }) {
    const names = features.columns(table).map(xml);
    return written(features, table, bounds, {
      type: "application/vnd.google-earth.kml+xml",
      head: '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>' +
        `<name>${xml(title)}</name><description>${xml([meta.as_of, ...meta.attribution.map((one) => one.zh || one.en)].filter(Boolean).join("; "))}</description>\n`,
      gap: "", last: "", tail: "</Document></kml>\n",
      start({ r, id }, out) {
        const said = store.get(r, "description");
        // An id of KML is an XML name; ours may begin with a digit.
        out.text(`<Placemark${id ? ` id="qj-${xml(id)}"` : ""}><name>${xml(store.name(r))}</name>${said ? `<description>${xml(said)}</description>` : ""}<ExtendedData>`);
      },
      cell: (value, k) => (value === null ? "" : `<Data name="${names[k]}"><value>${xml(value)}</value></Data>`),
      around: (k) => [`<Data name="${names[k]}"><value>`, "</value></Data>"],
      plain: ({ text }) => xml(text) === text,
      end: ({ geometry }) => `</ExtendedData>${kmlGeometry(geometry)}</Placemark>\n`,
    });
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
