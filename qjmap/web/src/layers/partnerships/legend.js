/* What the legend says of partnerships: the very strokes of the map. */

import { FAMILIES, familyOf, strandsOf, tenseOf } from "./bundles.js";
import { arcColour, bothSize, drawBadge, drawBothHeads, drawHead, drawJunction, headSize, strokeArc, widthOf } from "./strokes.js";

/** @param {any} [more] */
const strandOf = (more) => {
  const strand = { family: "accord", tense: "firm", known: false, step: 1, ...more };
  return { ...strand, width: widthOf(strand) };
};

/**
 * Entries for what a block holds; `badges`: whether anything is drawn as a badge; `colours` gives the palette; `lines` how many
 * lines of a width class ("1" to "4", "0" for no stated value) are left by the filter.
 *
 * @param {Block} block
 * @param {any[]} things
 * @param {any} badges
 * @param {any} classes
 * @param {() => Palette} colours
 * @param {any} lines
 */
export function legendOf(block, things, badges, classes, colours, lines) {
  const families = new Set(), tenses = new Set(), steps = new Set(), senses = new Set();
  let unknown = false;
  for (let row = 0; row < block.rows; row++) {
    families.add(familyOf(block.at("kind", row)));
    tenses.add(tenseOf(block.at("kind", row), block.at("status", row)));
  }
  for (const thing of things) {
    senses.add(thing.knot >= 0 ? "knot" : thing.arrow);
    for (const strand of strandsOf(block, thing.rows, classes)) {
      if (strand.known) steps.add(strand.step); else unknown = true;
    }
  }

  /**
   * @param {string} key
   * @param {any} kind
   * @param {Strand} strand
   */
  function entry(key, kind, strand, /** @type {{ keys?: string[], mark?: string }} */ { keys, mark } = {}) {
    return {
      key, kind, keys,
      /**
       * @param {CanvasRenderingContext2D} ctx
       * @param {number} w
       * @param {number} h
       */
      draw(ctx, w, h) {
        const c = colours(), end = mark === "head" ? w - 8 : w - 2, steps = 16;
        /** @param {number} k */
        const at = (k) => [2 + (k / steps) * (end - 2), h / 2 + 2.5 - Math.sin((k / steps) * Math.PI) * 4.5];
        strokeArc(ctx, (/** @type {any} */ to) => {
          to.moveTo(...at(0));
          for (let k = 1; k <= steps; k++) to.lineTo(...at(k));
        }, strand, c, { bare: true });
        const colour = arcColour(strand, c);
        if (mark === "head") drawHead(ctx, { x: w - 1, y: h / 2 + 4, angle: 0.38 }, headSize(strand.width), colour, c.paper);
        if (mark === "both") drawBothHeads(ctx, { x: w / 2, y: h / 2 - 2, angle: 0 }, bothSize(strand.width), colour, c.paper);
      },
    };
  }

  function star() {
    const strand = strandOf({});
    return {
      key: "knot", kind: "arc_sense",
      /**
       * @param {CanvasRenderingContext2D} ctx
       * @param {number} w
       * @param {number} h
       */
      draw(ctx, w, h) {
        const c = colours(), x = w / 2, y = h / 2 + 1;
        for (const [ex, ey] of [[2, y + 4], [w - 2, y + 5], [x + 3, 1]]) {
          strokeArc(ctx, (/** @type {any} */ to) => { to.moveTo(ex, ey); to.lineTo(x, y); }, strand, c, { bare: true });
        }
        drawJunction(ctx, { x, y }, 5, arcColour(strand, c), c.paper);
      },
    };
  }

  /** @type {any[]} */
  const found = Object.entries(FAMILIES).filter(([family]) => families.has(family))
    .map(([family, keys]) => entry(family, "arc_family", strandOf({ family }), { keys }));
  if (badges) found.push({ key: "badge", kind: "arc_family", draw: (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {number} */ w, /** @type {number} */ h) => drawBadge(ctx, w / 2, h / 2, 2, false, colours()) });
  if (senses.has(1)) found.push(entry("forward", "arc_sense", strandOf({ step: 2 }), { mark: "head" }));
  if (senses.has(2)) found.push(entry("mutual", "arc_sense", strandOf({ step: 2 }), { mark: "both" }));
  if (senses.has("knot")) found.push(star());
  if (tenses.has("intended")) found.push(entry("intended", "arc_sense", strandOf({ step: 2, tense: "intended" })));
  if (tenses.has("ended")) found.push(entry("ended", "arc_sense", strandOf({ step: 2, tense: "ended" })));
  /**
   * @param {string} key
   * @param {Strand} strand
   */
  const weight = (key, strand) => ({ ...entry(key, "weight", strand), left: () => lines(key) });
  for (const step of [1, 2, 3, 4]) if (steps.has(step)) found.push(weight(String(step), strandOf({ known: true, step })));
  // Where no value is stated at all, the width tells nothing, and the legend says that.
  const alone = () => lines("0") > 0 && !["1", "2", "3", "4"].some(lines);
  if (unknown) found.push({ ...weight("0", strandOf({ step: 1 })), alone });
  return found;
}
