/* How the modules hang together: downwards, and never in a circle. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { importsOf, sources } from "../build.mjs";

/* Folder -> folders that it may import from besides itself: only such as stand above it here; every folder of src/ is listed. */
const ALLOWED_IMPORTS = {
  runtime: [],
  "layers/sites": ["runtime"],
  "layers/partnerships": ["runtime"],
  layers: ["layers/sites", "layers/partnerships", "runtime"],
  "import-worker": ["runtime"],
  "app/base": ["runtime"],
  "app/map": ["app/base", "runtime"],
  "app/filter": ["app/base", "app/map"],
  "app/search": ["app/base", "runtime"],
  "app/list": ["app/base", "runtime"],
  "app/panel": ["app/base"],
  "app/export": ["app/base", "app/map", "runtime"],
  "app/import": ["app/base", "app/export", "runtime"],
  app: ["app/base", "app/map", "app/filter", "app/search", "app/list", "app/panel", "app/export", "app/import", "runtime"],
  time: ["app/base", "runtime"],
  frame: ["app/base", "time", "runtime"],
  figures: ["app/base", "app/export", "runtime"],
  picture: ["app/base", "app/map", "runtime"],
  board: ["app/base", "app/export", "runtime"],
  atlas: ["app/base", "time", "runtime"],
  editor: ["app/base", "app/export", "app/import", "app/list", "runtime"],
  editions: ["app/base", "runtime"],
  serve: [],
  "": ["runtime", "layers", "app", "app/import", "frame", "figures", "picture", "board", "atlas", "editor", "editions", "serve"], // the bundles' entry points
};

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

test("every folder is listed, above those that import from it", () => {
  const listed = Object.keys(ALLOWED_IMPORTS);
  assert.deepEqual(listed.filter((folder) => !sources().some((path) => folderOf(path) === folder)), []);
  listed.forEach((folder, number) => assert.deepEqual(ALLOWED_IMPORTS[folder].filter((other) => !listed.slice(0, number).includes(other)), [], folder));
});

test("folders import from those beneath them only", () => {
  const wrong = [];
  for (const [path, targets] of edges) {
    const from = folderOf(path);
    assert.ok(from in ALLOWED_IMPORTS, `${from} is not listed`);
    for (const target of targets) {
      const to = folderOf(target);
      if (to !== from && !ALLOWED_IMPORTS[from].includes(to)) wrong.push(`${path} > ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("every module is part of a bundle", () => {
  assert.deepEqual(sources().filter((path) => !(path in imports)), []);
});

test("what a module exports is used by another one or tested", () => {
  const tests = readdirSync("test", { recursive: true }).map((path) => `test/${path}`).filter((path) => path.endsWith(".js"));
  const types = readdirSync("src", { recursive: true }).map((path) => `src/${path}`).filter((path) => path.endsWith(".d.ts"));
  const texts = new Map([...sources(), ...tests, ...types].map((path) => [path, readFileSync(path, "utf8")]));
  const inPython = readdirSync("../../tests", { recursive: true }).map((path) => `../../tests/${path}`).filter((path) => path.endsWith(".py"))
    .map((path) => readFileSync(path, "utf8")).join("\n"); // tests that hold the page's reader to the program's call it E
  const unused = [];
  for (const path of sources()) {
    for (const [, name] of texts.get(path).matchAll(/^export (?:async )?(?:function\*?|class|const|let) (\w+)/gm)) {
      const named = new RegExp(`(?:import|export) \\{[^}]*\\b${name}\\b[^}]*\\}|\\bimport\\("[^"]*"\\)\\.${name}\\b`);
      if (!Array.from(texts).some(([other, text]) => other !== path && named.test(text)) && !inPython.includes(`E.${name}(`)) unused.push(`${path} ${name}`);
    }
  }
  assert.deepEqual(unused, []);
});

/* Uses of `any`: for JSON, messages between threads and cells whose type depends on their column. */
const MOST_ANY = 22;

test("values have types", () => {
  const files = readdirSync("src", { recursive: true }).map((path) => `src/${path}`).filter((path) => /\.(js|d\.ts)$/.test(path));
  const uses = files.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    const types = path.endsWith(".ts") ? [text.replace(/\/\*[^]*?\*\//g, "")]
      : Array.from(text.matchAll(/@(?:type|param|returns|typedef|template)\b[^\n]*\{.*\}/g), ([type]) => type);
    return types.flatMap((type) => type.match(/(?<![\w.])any(?![\w ])|(?<![\w.])any(?= [|=>])/g) || []).map(() => path);
  });
  assert.ok(uses.length <= MOST_ANY, `${uses.length}: ${uses.join(", ")}`);
});

test("the map's bundle has all that the page's bundle takes from beneath the app", () => {
  const given = new Set(Array.from(readFileSync("src/map.js", "utf8").matchAll(/^export \{([^}]*)\}/gm), ([, names]) => names.split(",")).flat().map((name) => name.trim()));
  const missing = [];
  for (const path of sources().filter((one) => /^src\/(app|frame|time|figures|atlas|editor|editions)\//.test(one))) {
    for (const [, names] of readFileSync(path, "utf8").matchAll(/^import \{([^}]*)\} from "[./]*\/(?:runtime|layers)\//gm)) {
      missing.push(...names.split(",").map((name) => name.trim()).filter((name) => name && !given.has(name)));
    }
  }
  assert.deepEqual(missing, []);
});
