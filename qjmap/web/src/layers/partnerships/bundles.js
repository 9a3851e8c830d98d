/* Partnerships gathered into what is one thing on the map.
 *
 * Rows of one pair of spots and one direction are one arc; rows of one set of three and more spots one star about a
 * junction. Within a thing its rows are strands, one for each family of kinds and each tense: a strand is one line, and its
 * width says the sum of the values stated in it or, where none is, that none is known.
 */

import { widthOf } from "./strokes.js";

/** Kinds that are drawn alike: words on paper, things that are built, bodies that meet, policy, trade. */
export const FAMILIES = {
  accord: ["agreement", "planned-link"],
  project: ["joint-project", "joint-park", "development", "enclave"],
  union: ["platform", "alliance", "membership"],
  policy: ["programme", "initiative", "plan"],
  supply: ["supply"],
};
const FAMILY = new Map(Object.entries(FAMILIES).flatMap(([family, kinds]) => kinds.map((kind) => [kind, family])));
const INTENDED = new Set(["planned", "proposed"]);

/** Records of unknown value from which a strand is a step wider. */
const COUNTS = [2, 4, 8];

/** @param {any} kind */
export const familyOf = (kind) => FAMILY.get(kind) || "accord";
/**
 * in force, intended or ended.
 *
 * @param {any} kind
 * @param {any} status
 */
export const tenseOf = (kind, status) =>
  status === "ended" ? "ended" : INTENDED.has(status) || (kind === "planned-link" && !status) ? "intended" : "firm";

/**
 * @param {any} bounds
 * @param {any} value
 */
const stepIn = (bounds, value) => 1 + bounds.filter((/** @type {any} */ bound) => value >= bound).length;

/**
 * Things of all rows of a block, in the order of their first rows: { spots, knot, arrow, rows, side, slot }.
 *
 * @param {Block} block
 */
export function bundleRows(block) {
  const counts = block.raw("spots"), spot = block.raw("spot"), knots = block.raw("knot"), arrows = block.raw("arrow");
  const found = new Map(), pairs = new Map();
  for (let row = 0, at = 0; row < block.rows; at += counts[row], row++) {
    if (counts[row] < 2) continue;
    const spots = Array.from(spot.subarray(at, at + counts[row])), arrow = arrows[row];
    const sorted = spots.slice().sort((a, b) => a - b);
    const key = `${arrow}|${arrow === 1 ? spots[0] : ""}|${sorted}`;
    if (!found.has(key)) found.set(key, { spots, knot: knots[row], arrow, rows: [], side: 1, slot: 0, pair: String(sorted) });
    found.get(key).rows.push(row);
  }
  const things = Array.from(found.values());
  // Arcs bend to the left of their direction, so opposite ones lie apart; those without one take the emptier side.
  for (const thing of things.slice().sort((a, b) => Number(b.arrow === 1) - Number(a.arrow === 1))) {
    if (thing.knot >= 0) continue;
    const [from, to] = thing.spots;
    if (!pairs.has(thing.pair)) pairs.set(thing.pair, [[], []]);
    const sides = pairs.get(thing.pair), own = from < to ? 0 : 1;
    const taken = thing.arrow === 1 || sides[own].length <= sides[1 - own].length ? own : 1 - own;
    thing.side = taken === own ? 1 : -1;
    thing.inner = sides[taken].slice();
    sides[taken].push(thing);
  }
  return things;
}

/**
 * Strands of a thing's rows that pass, heaviest in the middle of the ribbon.
 *
 * @param {Block} block
 * @param {any} rows
 * @param {any} classes
 */
export function strandsOf(block, rows, classes) {
  const kinds = block.raw("kind"), kindOf = block.values("kind"), statuses = block.raw("status"), statusOf = block.values("status");
  const values = block.raw("value"), groups = new Map();
  for (const row of rows) {
    const kind = kindOf[kinds[row]], family = familyOf(kind), tense = tenseOf(kind, statusOf[statuses[row]]);
    const key = `${family}|${tense}`;
    if (!groups.has(key)) groups.set(key, { family, tense, rows: [], value: null });
    const strand = groups.get(key);
    strand.rows.push(row);
    if (values[row] !== null) strand.value = (strand.value || 0) + values[row];
  }
  const strands = Array.from(groups.values());
  for (const strand of strands) {
    strand.known = strand.value !== null;
    strand.step = strand.known ? stepIn(classes, strand.value) : stepIn(COUNTS, strand.rows.length);
    strand.width = widthOf(strand);
  }
  strands.sort((a, b) => b.width - a.width);
  /** @type {any[]} */
  const middle = [];
  strands.forEach((strand, k) => (k % 2 ? middle.push(strand) : middle.unshift(strand)));
  return middle;
}
