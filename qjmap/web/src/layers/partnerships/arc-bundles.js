/* Groups partnerships into bundles. A bundle is drawn as one arc or one star.
 *
 * Rows that join the same two points in the same direction are an arc. Rows that join the same three or more points are a star around a
 * junction; those with a direction from their first point are a star of their own. The rows of a bundle are divided into strands by the
 * family of their kind (`FAMILIES`) and by their tense, which is a group of statuses: "intended", "firm" or "ended". A strand is drawn as one
 * line, whose width shows the sum of the progress of its rows (1 planned, proposed or any other status, 2 signed, 3 under construction,
 * 4 operating).
 */

import { widthOf } from "./strokes.js";

/** Family -> kinds of partnerships that are drawn alike: agreements, projects that are built, bodies, policies, supply. */
export const FAMILIES = {
  accord: ["agreement", "planned-link", "other"],
  project: ["joint-project", "joint-park", "development", "enclave"],
  union: ["platform", "alliance", "membership"],
  policy: ["programme", "initiative", "plan", "assistance"],
  supply: ["supply"],
};
const FAMILY = new Map(Object.entries(FAMILIES).flatMap(([family, kinds]) => kinds.map((kind) => [kind, family])));
const INTENDED = new Set(["planned", "proposed"]); // statuses whose tense is "intended"

/** Returns the family of a kind; "accord" for an unknown kind. @param {string} kind */
export const familyOf = (kind) => FAMILY.get(kind) || "accord";
/**
 * Returns the tense of a partnership: "firm", "intended" or "ended".
 *
 * @param {string} kind
 * @param {string} status
 */
export const tenseOf = (kind, status) =>
  status === "ended" ? "ended" : INTENDED.has(status) || (kind === "planned-link" && (!status || status === "other")) ? "intended" : "firm";

/**
 * Returns the number of the step that a sum of steps falls into: 1 below all bounds, and one more for each bound that it reaches.
 *
 * @param {number[]} bounds
 * @param {number} value
 */
const stepIn = (bounds, value) => 1 + bounds.filter((bound) => value >= bound).length;

/**
 * Returns the bundles of the rows that have a line, in the order of their first rows. They have no strands yet.
 *
 * @param {Block} block
 */
export function bundleRows(block) {
  const counts = block.raw("spots"), spot = block.raw("spot"), knots = block.raw("knot"), arrows = block.raw("arrow");
  /** @type {Map<string, Bundle>} */
  const bundles = new Map();
  for (let row = 0, first = 0; row < block.rows; first += counts[row], row++) {
    if (counts[row] < 2) continue;
    const spots = Array.from(spot.subarray(first, first + counts[row])), pair = String(spots.slice().sort((a, b) => a - b));
    const arrow = spots.length > 2 && arrows[row] === 2 ? 0 : arrows[row]; // stars have no mark of a mutual direction
    const key = `${arrow}|${arrow === 1 ? spots[0] : ""}|${pair}`;
    const bundle = bundles.get(key);
    if (bundle) bundle.rows.push(row);
    else bundles.set(key, { spots, knot: knots[row], arrow, rows: [row], pair, side: 1, inner: [], shown: [], strands: [] });
  }
  return chooseSides(Array.from(bundles.values()));
}

/**
 * Chooses the side to which each arc bends, and returns the bundles. A directed arc bends to the left of its direction, so that opposite
 * arcs lie apart. An arc without a direction takes the side with fewer arcs.
 *
 * @param {Bundle[]} bundles
 */
function chooseSides(bundles) {
  /** @type {Map<string, [Bundle[], Bundle[]]>} */
  const pairs = new Map();
  for (const bundle of bundles.slice().sort((a, b) => Number(b.arrow === 1) - Number(a.arrow === 1))) {
    if (bundle.knot >= 0) continue;
    const [from, to] = bundle.spots, sides = pairs.get(bundle.pair) || [[], []], own = from < to ? 0 : 1;
    pairs.set(bundle.pair, sides);
    const side = bundle.arrow === 1 || sides[own].length <= sides[1 - own].length ? own : 1 - own;
    bundle.side = side === own ? 1 : -1;
    bundle.inner = sides[side].slice();
    sides[side].push(bundle);
  }
  return bundles;
}

/**
 * Groups the rows of one bundle into strands, one for each family and tense. Returns the strands in the order in which they are drawn side by
 * side, the widest in the middle.
 *
 * @param {Block} block
 * @param {number[]} rows indices of rows of one bundle
 * @param {number[]} classes lower bounds of the width classes 2, 3 ..., as sums of the steps of rows
 * @param {Set<string>} withdrawn ids of the rows that get the tense "withdrawn" instead of that of their status
 */
export function strandsOf(block, rows, classes, withdrawn) {
  const steps = block.raw("step");
  /** @type {Map<string, RowStrand>} */
  const strands = new Map();
  for (const row of rows) {
    const kind = block.at("kind", row), family = familyOf(kind), tense = withdrawn.has(block.at("id", row)) ? "withdrawn" : tenseOf(kind, block.at("status", row));
    const key = `${family}|${tense}`, strand = strands.get(key) || { family, tense, rows: [], weight: 0, step: 1, width: 0 };
    strands.set(key, strand);
    strand.rows.push(row);
    strand.weight += steps[row];
  }
  for (const strand of strands.values()) {
    strand.step = stepIn(classes, strand.weight);
    strand.width = widthOf(strand);
  }
  /** @type {RowStrand[]} */
  const ribbon = [];
  Array.from(strands.values()).sort((a, b) => b.width - a.width)
    .forEach((strand, k) => (k % 2 ? ribbon.push(strand) : ribbon.unshift(strand)));
  return ribbon;
}
