/* Builds the bundles that the program puts into its pages.
 *
 *   node build.mjs               writes dist/
 *   node build.mjs --out FOLDER  writes elsewhere, to compare
 *   node build.mjs --watch       writes dist/ with source maps inside whenever a script changes; `make web` undoes that
 *   node build.mjs --modules A.js B.js   prints a script that puts what modules of src/ export into the global `modules`
 *
 * Workers (*.worker.js) are bundled first and stand in the bundle that starts them as text. The page's bundle takes
 * what lies in src/runtime/ and src/layers/ from the map's bundle (the global QJMap), which stands before it in every page.
 */

import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const SRC = join(HERE, "src");

/** Chromium 88 and Firefox 91 are the oldest browsers that a page is made for. */
const COMMON = {
  bundle: true, minify: true, charset: "utf8", legalComments: "none", target: ["chrome88", "firefox91"], format: "iife", absWorkingDir: HERE, logLevel: "warning",
};

/** The bundle of a worker's script, and the modules in it. */
export async function workerBundle(path) {
  const { outputFiles, metafile } = await esbuild.build({ ...COMMON, entryPoints: [path], write: false, metafile: true });
  return { text: outputFiles[0].text.trim(), inputs: Object.keys(metafile.inputs) };
}

/** Makes an import of `worker:./name.worker.js` the text of that script's bundle. */
const workers = {
  name: "workers",
  setup(build) {
    build.onResolve({ filter: /^worker:/ }, ({ path, resolveDir }) => ({ path: resolve(resolveDir, path.slice("worker:".length)), namespace: "worker" }));
    build.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const { text, inputs } = await workerBundle(path);
      return { contents: text, loader: "text", watchFiles: inputs.map((input) => resolve(HERE, input)) };
    });
  },
};

/** Takes modules beneath the app from the map's bundle. */
const fromMapBundle = {
  name: "from-map-bundle",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const folder = relative(SRC, resolve(resolveDir, path)).split(/[\\/]/)[0];
      return folder === "runtime" || folder === "layers" ? { path: "map", namespace: "map-bundle" } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: "map-bundle" }, () => ({ contents: "module.exports = QJMap;", loader: "js" }));
  },
};

/** Name of a bundle -> how it is made. */
export const BUNDLES = {
  map: { entryPoints: ["src/map.js"], globalName: "QJMap", plugins: [workers] },
  page: { entryPoints: ["src/page.js"], globalName: "QJMap.page", plugins: [workers, fromMapBundle] },
  atlas: { entryPoints: ["src/atlas.js"], globalName: "QJMap.atlas", plugins: [workers, fromMapBundle] },
  frame: { entryPoints: ["src/frame.js"], globalName: "QJMap.frame", plugins: [workers, fromMapBundle] },
  figures: { entryPoints: ["src/figures.js"], globalName: "QJMap.figures", plugins: [workers, fromMapBundle] },
  board: { entryPoints: ["src/board.js"], globalName: "QJMap.board", plugins: [workers, fromMapBundle] },
  picture: { entryPoints: ["src/picture.js"], globalName: "QJMap.picture", plugins: [workers, fromMapBundle] },
  editor: { entryPoints: ["src/editor.js"], globalName: "QJMap.editor", plugins: [workers, fromMapBundle] },
  editions: { entryPoints: ["src/editions.js"], globalName: "QJMap.editions", plugins: [workers, fromMapBundle] },
  serve: { entryPoints: ["src/serve.js"] },
  "import-worker": { entryPoints: ["src/import-worker/main.js"] },
};

/** Options of esbuild for a bundle that is written to a folder. */
export function optionsOf(name, folder, more = {}) {
  return { ...COMMON, ...BUNDLES[name], outfile: join(folder, `${name}.js`), ...more };
}

/** Every script of src/, as esbuild names it. */
export function sources() {
  return readdirSync(SRC, { recursive: true }).map((path) => `src/${String(path).replaceAll("\\", "/")}`).filter((path) => path.endsWith(".js")).sort();
}

/** Module -> what it imports, of all bundles and their workers. */
export async function importsOf() {
  const inputs = {};
  const entryPoints = sources().filter((path) => path.endsWith(".worker.js")).concat(Object.values(BUNDLES).flatMap((bundle) => bundle.entryPoints));
  for (const entryPoint of entryPoints) {
    const { metafile } = await esbuild.build({ ...COMMON, entryPoints: [entryPoint], plugins: [workers], write: false, metafile: true });
    Object.assign(inputs, metafile.inputs);
  }
  return Object.fromEntries(Object.entries(inputs).filter(([path]) => path.startsWith("src/"))
    .map(([path, { imports }]) => [path, imports.map((target) => target.path).filter((target) => target.startsWith("src/"))]));
}

async function printModules(paths) {
  const contents = paths.map((path) => `export * from "./${path}";`).join("\n");
  const stdin = { contents, resolveDir: SRC };
  const { outputFiles } = await esbuild.build({ ...COMMON, stdin, globalName: "modules", plugins: [workers], write: false });
  process.stdout.write(outputFiles[0].text);
}

async function main(args) {
  if (args[0] === "--modules") {
    await printModules(args.slice(1));
    return;
  }
  const folder = args.includes("--out") ? resolve(args[args.indexOf("--out") + 1]) : join(HERE, "dist");
  const watch = args.includes("--watch");
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(BUNDLES)) {
    if (!watch) {
      await esbuild.build(optionsOf(name, folder));
      continue;
    }
    const announce = { name: "announce", setup: (build) => { build.onEnd(() => console.log(`${name}.js built; run \`qjmap build\` and reload the page`)); } };
    const options = optionsOf(name, folder, { sourcemap: "inline", minify: false });
    await (await esbuild.context({ ...options, plugins: [...(options.plugins || []), announce] })).watch();
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
