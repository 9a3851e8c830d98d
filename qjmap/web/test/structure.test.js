/* How the modules hang together: downwards, and never in a circle. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { importsOf, sources } from "../build.mjs";

/* Folder -> folders that it may import from besides itself; every folder of src/ stands here. */
const MAY = {
  runtime: [],
  layers: ["runtime"],
  "layers/sites": ["runtime"],
  "layers/partnerships": ["runtime"],
  import: ["runtime"],
  app: ["runtime", "app/list", "app/search", "app/import", "app/export"],
  "app/list": ["app"],
  "app/search": ["app", "runtime"],
  "app/import": ["app", "app/export", "runtime"],
  "app/export": ["app", "runtime"],
};
MAY.layers.push("layers/sites", "layers/partnerships");

const imports = await importsOf();
const edges = Object.entries(imports);
const folderOf = (path) => path.split("/").slice(1, -1).join("/");

test("no module imports itself by way of others", () => {
  const state = new Map(), graph = new Map(edges);
  const circles = [];
  function visit(path, way) {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") { circles.push([...way.slice(way.indexOf(path)), path].join(" > ")); return; }
    state.set(path, "open");
    for (const next of graph.get(path)) visit(next, [...way, path]);
    state.set(path, "done");
  }
  for (const [path] of edges) visit(path, []);
  assert.deepEqual(circles, []);
});

test("folders import from those beneath them only", () => {
  const wrong = [];
  for (const [path, targets] of edges) {
    const from = folderOf(path);
    if (!from) continue; // the bundles' own first modules
    assert.ok(from in MAY, `${from} is not listed`);
    for (const target of targets) {
      const to = folderOf(target);
      if (to !== from && !MAY[from].includes(to)) wrong.push(`${path} > ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("every module is part of a bundle", () => {
  assert.deepEqual(sources().filter((path) => !(path in imports)), []);
});

test("what a module exports is used by another one or tested", () => {
  const tests = readdirSync("test", { recursive: true }).map((path) => `test/${path}`).filter((path) => path.endsWith(".js"));
  const texts = new Map([...sources(), ...tests].map((path) => [path, readFileSync(path, "utf8")]));
  const inPython = readdirSync("../../tests", { recursive: true }).map((path) => `../../tests/${path}`).filter((path) => path.endsWith(".py"))
    .map((path) => readFileSync(path, "utf8")).join("\n"); // tests that hold the page's reader to the program's call it E
  const unused = [];
  for (const path of sources()) {
    for (const [, name] of texts.get(path).matchAll(/^export (?:async )?(?:function\*?|class|const|let) (\w+)/gm)) {
      const named = new RegExp(`(?:import|export) \\{[^}]*\\b${name}\\b[^}]*\\}`);
      if (!Array.from(texts).some(([other, text]) => other !== path && named.test(text)) && !inPython.includes(`E.${name}(`)) unused.push(`${path} ${name}`);
    }
  }
  assert.deepEqual(unused, []);
});

test("the map's bundle has all that the page's bundle takes from beneath the app", () => {
  const given = new Set(Array.from(readFileSync("src/map.js", "utf8").matchAll(/^export \{([^}]*)\}/gm), ([, names]) => names.split(",")).flat().map((name) => name.trim()));
  const missing = [];
  for (const path of sources().filter((one) => one.startsWith("src/app/"))) {
    for (const [, names] of readFileSync(path, "utf8").matchAll(/^import \{([^}]*)\} from "[./]*\/(?:runtime|layers)\//gm)) {
      missing.push(...names.split(",").map((name) => name.trim()).filter((name) => name && !given.has(name)));
    }
  }
  assert.deepEqual(missing, []);
});
