/* Each bundle in dist/ loads by itself and has what others call. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

import { sources, workerBundle } from "../build.mjs";
import "./support/page.js";

const text = (name) => readFileSync(new URL(`../dist/${name}.js`, import.meta.url), "utf8");

/* A page's global object. */
function makePage() {
  const { document, L } = globalThis;
  const page = vm.createContext({ document, L, Blob, URL, TextDecoder, TextEncoder, performance, setTimeout, clearTimeout, console, location: { hash: "" } });
  page.window = page.self = page;
  return page;
}

test("the map's bundle has every layer and what makes a map", () => {
  const page = makePage();
  vm.runInContext(text("map"), page);
  const { QJMap } = page;
  assert.deepEqual(Object.keys(QJMap.layers).sort(), ["background", "corridors", "districts", "partnerships", "places", "sites"]);
  for (const name of ["elementOf", "markArrived", "shiftTiles", "loadBlock"]) assert.equal(typeof QJMap[name], "function", name);
  assert.equal(page.QJMap.page, undefined);
});

test("the page's bundle stands on the map's", () => {
  const page = makePage();
  vm.runInContext(text("map"), page);
  vm.runInContext(text("page"), page);
  assert.deepEqual(Object.keys(page.QJMap.page).sort(), ["openPage", "pageWithDrafts", "rememberMarkup"]);
});

test("the bundle of frames adds its layer to those of the map", () => {
  const page = makePage();
  for (const name of ["map", "frame", "page"]) vm.runInContext(text(name), page);
  assert.deepEqual(Object.keys(page.QJMap.frame).sort(), ["connect", "facetView", "forms"]);
  assert.equal(typeof page.QJMap.layers.features, "function");
});

test("the bundle of figures stands on the map's", () => {
  const page = makePage();
  for (const name of ["map", "page", "figures"]) vm.runInContext(text(name), page);
  assert.deepEqual(Object.keys(page.QJMap.figures), ["figures"]);
});

test("the bundles of boards and pictures stand on the map's", () => {
  const page = makePage();
  for (const name of ["map", "page", "board", "picture"]) vm.runInContext(text(name), page);
  assert.deepEqual(Object.keys(page.QJMap.board), ["boards"]);
  assert.deepEqual(Object.keys(page.QJMap.picture), ["picture"]);
});

test("the editor's bundle stands on the map's", () => {
  const page = makePage();
  for (const name of ["map", "page", "editor"]) vm.runInContext(text(name), page);
  assert.deepEqual(Object.keys(page.QJMap.editor).sort(), ["applied", "changes", "connect", "rowButton"]);
});

test("the import worker waits for its rules and its files", () => {
  const worker = vm.createContext({ TextDecoder });
  worker.self = worker;
  vm.runInContext(text("import-worker"), worker);
  assert.equal(typeof worker.onmessage, "function");
});

/* A channel that keeps nothing awake. */
class Channel {
  constructor() {
    this.port1 = {};
    this.port2 = {};
  }
}

for (const path of sources().filter((one) => one.endsWith(".worker.js"))) {
  test(`${path} loads where there is nothing but a worker`, async () => {
    const worker = vm.createContext({ MessageChannel: Channel, TextDecoder, performance });
    worker.self = worker;
    vm.runInContext((await workerBundle(path)).text, worker);
    assert.equal(typeof worker.onmessage, "function");
  });
}

test("a page stays small", () => {
  const sizes = ["map", "page"].map((name) => Buffer.byteLength(text(name)));
  assert.ok(sizes[0] + sizes[1] <= 250_000, `${sizes} bytes`);
});
