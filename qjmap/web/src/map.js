/* Bundle of every map with layers of qjmap: the layers, and the modules of runtime/ that the bundle `page` uses.
 *
 * The bundle is the global QJMap. The page's own scripts, which Python writes, use `layers`, `elementOf`, `markAble`, `markArrived` and
 * `shiftTiles`; the other bundles use the rest.
 */

export { layers } from "./layers/registry.js";
export { elementOf, markArrived, whenArrived } from "./runtime/document-loading.js";
export { markAble } from "./runtime/browser-support.js";
export { BlockLayer } from "./runtime/block-layer.js";
export { CanvasLayer } from "./runtime/canvas-layer.js";
export { closeCovers, makeCover, topCover } from "./runtime/open-views.js";
export { fromWgs84, toWgs84 } from "./runtime/datum.js";
export { mayBeFormula, guardFormula } from "./runtime/formula-guard.js";
export { frameSchedulerOf } from "./runtime/frame-scheduler.js";
export { shiftTiles } from "./runtime/gcj02-tiles.js";
export { inflate } from "./runtime/inflate.js";
export { escapeXml } from "./runtime/escape-xml.js";
export { fittedText } from "./runtime/label-text.js";
export { labelsOf } from "./runtime/labels.js";
export { LabelledLayer } from "./runtime/labelled-layer.js";
export { palettes, typeface } from "./runtime/palette.js";
export { distanceToSegment, metresToPixels, shapesOf, traceLine, traceRoundedBox, worldX, worldY } from "./runtime/shapes.js";
export { drawSymbol } from "./runtime/site-symbols.js";
export { SvgContext } from "./runtime/svg-context.js";
export { startWorker } from "./runtime/start-worker.js";
export { loadBlock } from "./runtime/load-block.js";
