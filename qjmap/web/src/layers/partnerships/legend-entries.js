/* Makes the legend entries of partnerships. Their samples are drawn by the same functions as the map. */

import { FAMILIES, familyOf, strandsOf, tenseOf } from "./arc-bundles.js";
import { arcColour, bothSize, drawArea, drawBadge, drawBothHeads, drawHead, drawJunction, headSize, strokeArc, widthOf } from "./strokes.js";

const STEPS = 16; // number of segments of a sample arc

/** Returns a strand for a sample. @param {Partial<Strand>} [more] properties that differ from those of a plain agreement */
const sampleStrand = (more) => {
  const strand = { family: "accord", tense: "firm", step: 1, width: 0, ...more };
  return { ...strand, width: widthOf(strand) };
};

/**
 * Returns a legend entry whose sample is a small arc.
 *
 * @param {() => Palette} colours
 * @param {string} key value that the entry explains
 * @param {string} kind kind of the entry: arc_family, arc_sense or weight
 * @param {Strand} strand the line that is drawn
 * @param {{ keys?: string[], mark?: "head" | "both" }} options `keys`: all kinds of partnership that the entry stands for; `mark`: an arrowhead
 *   at the end of the arc, or two arrowheads in its middle
 * @returns {LegendEntry}
 */
function arcEntry(colours, key, kind, strand, { keys, mark } = {}) {
  return {
    key, kind, keys,
    draw(ctx, w, h) {
      const c = colours(), end = mark === "head" ? w - 8 : w - 2;
      /** Returns the k-th vertex of the sample arc. @param {number} k @returns {[number, number]} */
      const point = (k) => [2 + (k / STEPS) * (end - 2), h / 2 + 2.5 - Math.sin((k / STEPS) * Math.PI) * 4.5];
      strokeArc(ctx, (path) => {
        path.moveTo(...point(0));
        for (let k = 1; k <= STEPS; k++) path.lineTo(...point(k));
      }, strand, c, { bare: true });
      const colour = arcColour(strand, c);
      if (mark === "head") drawHead(ctx, { x: w - 1, y: h / 2 + 4, angle: 0.38 }, headSize(strand.width), colour, c.paper);
      if (mark === "both") drawBothHeads(ctx, { x: w / 2, y: h / 2 - 2, angle: 0 }, bothSize(strand.width), colour, c.paper);
    },
  };
}

/**
 * Returns the legend entry of stars: partnerships of several places, drawn as lines from a junction.
 *
 * @param {() => Palette} colours
 * @returns {LegendEntry}
 */
function starEntry(colours) {
  const strand = sampleStrand();
  return {
    key: "knot", kind: "arc_sense",
    draw(ctx, w, h) {
      const c = colours(), x = w / 2, y = h / 2 + 1;
      for (const [ex, ey] of [[2, y + 4], [w - 2, y + 5], [x + 3, 1]]) {
        strokeArc(ctx, (path) => { path.moveTo(ex, ey); path.lineTo(x, y); }, strand, c, { bare: true });
      }
      drawJunction(ctx, { x, y }, 5, arcColour(strand, c), c.paper);
    },
  };
}

/**
 * Returns which families, tenses, directions (`senses`: 0, 1, 2 as `arrow` of a bundle, "knot" for stars) and width classes (`steps`) occur.
 *
 * @param {Block} block
 * @param {Bundle[]} bundles
 * @param {number[]} classes as for `strandsOf`
 */
function occurring(block, bundles, classes) {
  const families = new Set(), tenses = new Set(), steps = new Set(), senses = new Set();
  for (let row = 0; row < block.rows; row++) {
    families.add(familyOf(block.at("kind", row)));
    tenses.add(tenseOf(block.at("kind", row), block.at("status", row)));
  }
  for (const bundle of bundles) {
    senses.add(bundle.knot >= 0 ? "knot" : bundle.arrow);
    for (const { step } of strandsOf(block, bundle.rows, classes, new Set())) steps.add(step);
  }
  return { families, tenses, steps, senses };
}

/**
 * Returns the legend entries for what occurs in a block.
 *
 * @param {Block} block
 * @param {Bundle[]} bundles
 * @param {boolean} badges whether any row is drawn as a badge
 * @param {number[]} classes as for `strandsOf`
 * @param {() => Palette} colours
 * @param {(key: string) => number} lines function that takes a class of width ("1" to "4") and returns how many of its lines pass the filter
 */
export function legendOf(block, bundles, badges, classes, colours, lines) {
  const { families, tenses, steps, senses } = occurring(block, bundles, classes);
  const sense = (/** @type {string} */ key, /** @type {Partial<Strand>} */ more, /** @type {"head" | "both" | undefined} */ mark) =>
    arcEntry(colours, key, "arc_sense", sampleStrand({ step: 2, ...more }), { mark });
  const weight = (/** @type {string} */ key, /** @type {Strand} */ strand) => ({ ...arcEntry(colours, key, "weight", strand), left: () => lines(key) });
  const entries = Object.entries(FAMILIES).filter(([family]) => families.has(family))
    .map(([family, keys]) => arcEntry(colours, family, "arc_family", sampleStrand({ family }), { keys }));
  if (badges) entries.push({ key: "badge", kind: "arc_family", draw: (ctx, w, h) => drawBadge(ctx, w / 2, h / 2, 2, false, colours()) });
  if (senses.has(1)) entries.push(sense("forward", {}, "head"));
  if (senses.has(2)) entries.push(sense("mutual", {}, "both"));
  if (senses.has("knot")) entries.push(starEntry(colours));
  for (const tense of ["intended", "ended"]) if (tenses.has(tense)) entries.push(sense(tense, { tense }, undefined));
  if (block.raw("areas").length) {
    entries.push({ key: "area", kind: "arc_sense", draw: (ctx, w, h) => drawArea(ctx, { x: w / 2, y: h / 2 }, 6.5, colours().warm) });
  }
  for (const step of [1, 2, 3, 4]) if (steps.has(step)) entries.push(weight(String(step), sampleStrand({ step })));
  return entries;
}
