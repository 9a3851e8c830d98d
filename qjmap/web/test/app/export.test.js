import assert from "node:assert/strict";
import { test } from "node:test";

import { writers } from "../../src/app/export/file-formats.js";
import { makeFeatureReader } from "../../src/app/export/feature-reader.js";
import { makeStore } from "../support/store.js";

const NAMES = ["甲", 'a, "b"', "=1+1", "line\u2028end <&>"];
const store = makeStore({
  sites: NAMES.map((name, k) => ({ id: `s${k}`, name, lon: k ? 100 + k : "", lat: k ? 20.1234567 : "", located: k ? 1 : 0, floors: k })),
});
const meta = { columns: { sites: ["id", "name", "floors"] }, as_of: "2021-04", attribution: [{ zh: "来源" }] };
const layer = { layerName: "sites" };
const features = makeFeatureReader({
  map: { hasLayer: () => true }, layers: [layer], store, filter: { mask: () => null, drafts: () => [] }, meta,
});
const text = async (blob) => (await blob).text();

test("GeoJSON holds every row, one a line, those without a position with a null geometry", async () => {
  const written = await text(writers.geojson(features, "sites", null, meta));
  const collection = JSON.parse(written);
  assert.equal(written.split("\n").length, NAMES.length + 3);
  assert.deepEqual(collection.features.map((one) => one.properties.name), NAMES);
  assert.equal(collection.features[0].geometry, null);
  assert.deepEqual(collection.features[1].geometry, { type: "Point", coordinates: [101, 20.123457] });
  assert.deepEqual(collection.features.map((one) => one.properties.floors), [0, 1, 2, 3]);
  assert.deepEqual(collection.attribution, ["来源"]);
  assert.ok(!written.includes("\u2028"));
});

test("CSV quotes what needs it and keeps a spreadsheet from running a cell", async () => {
  const bytes = await (await writers.csv(features, "sites", null, meta, { store, language: { now: "zh" } })).arrayBuffer();
  const written = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const lines = written.split("\r\n");
  assert.equal(lines[0], "\ufeffid,name,floors,lon,lat");
  assert.equal(lines[1], "s0,甲,0,,");
  assert.equal(lines[2], 's1,"a, ""b""",1,101,20.123457');
  assert.equal(lines[3], "s2,'=1+1,2,102,20.123457");
});

test("KML is well-formed where a text has signs of markup", async () => {
  const written = await text(writers.kml(features, "sites", null, meta, { store, title: "图 <1>" }));
  assert.ok(written.startsWith('<?xml version="1.0" encoding="UTF-8"?>'));
  assert.ok(written.includes("<name>图 &lt;1&gt;</name>"));
  assert.ok(written.includes("<name>line\u2028end &lt;&amp;&gt;</name>"));
  assert.equal(written.match(/<Placemark /g).length, NAMES.length);
  assert.equal(written.match(/<Point>/g).length, NAMES.length - 1);
});

test("a line that passes the antimeridian is cut there", async () => {
  const lines = makeStore({ corridors: [{ id: "c", name: "线" }] });
  const shapes = { first: [0, 1], start: [0, 2], x: [170, 190], y: [0, 0], count: 1 };
  const drawn = {
    layerName: "corridors", shapes, latLngOf: (lng, lat) => ({ lng, lat }),
    block: { rows: 1, has: (name) => name === "corridor", at: () => "c" },
  };
  const reader = makeFeatureReader({
    map: { hasLayer: () => true }, layers: [drawn], store: lines, filter: { mask: () => null, drafts: () => [] }, meta: { columns: { corridors: ["id"] } },
  });
  const { geometry } = reader.one(lines.ref("c"));
  assert.deepEqual(geometry, { type: "MultiLineString", coordinates: [[[170, 0], [180, 0]], [[-180, 0], [-170, 0]]] });
});
