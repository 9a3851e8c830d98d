/* The bundle of every map with layers of ours: the layers, and what the page's bundle takes from beneath them.
 *
 * The script that makes the map calls `layers`, `elementOf`, `markAble`, `markArrived` and `shiftTiles`; the bundle stands in the global
 * QJMap, as Leaflet does in L.
 */

export { layers } from "./layers/index.js";
export { elementOf, markArrived, whenArrived } from "./runtime/arrival.js";
export { markAble } from "./runtime/browser-support.js";
export { CanvasLayer } from "./runtime/canvas.js";
export { fromWgs84, toWgs84 } from "./runtime/datum.js";
export { maybeFormula, neutralised } from "./runtime/formulas.js";
export { frameSchedulerOf } from "./runtime/frame-scheduler.js";
export { shiftTiles } from "./runtime/gcj02-tiles.js";
export { inflate } from "./runtime/inflate.js";
export { fittedText, labelsOf } from "./runtime/labels.js";
export { MapLayer } from "./runtime/map-layer.js";
export { palettes, typeface } from "./runtime/palette.js";
export { worldX, worldY } from "./runtime/shapes.js";
export { startWorker } from "./runtime/start-worker.js";
export { unpack } from "./runtime/unpack.js";
