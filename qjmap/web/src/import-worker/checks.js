/* Runs the checks of a table whose references are resolved; the twin of qjmap/validation/checks.py. */

import { datumSuspects, outsideAreas } from "./containment.js";
import { faultOf } from "./arrange-columns.js";
import { plausibility } from "./parse-table.js";
import { plain } from "./references.js";
import { fold } from "./normalize-text.js";

/**
 * Returns a fault for each cycle in the graph of `part_of` or `parent`, at the first row of the cycle; by depth-first search.
 *
 * @param {Parsed} parsed
 * @param {string} column "part_of" or "parent"
 * @param {string[]} ownIds id of each row
 * @param {(index: number) => boolean} isCandidate whether the row with an index may enter the table
 * @returns {Fault[]}
 */
function cycles({ frame, values }, column, ownIds, isCandidate) {
  /** @type {Map<string, { index: number, ups: string[] }>} */
  const nodes = new Map();
  (values[column] || []).forEach((value, index) => {
    const id = ownIds[index], ups = [value].flat().filter((/** @type {string} */ item) => item && item !== id);
    if (value.length && isCandidate(index)) nodes.set(id, { index, ups });
  });
  const faults = /** @type {Fault[]} */ ([]), done = new Set(), rowOf = (/** @type {string} */ id) => nodes.get(id)?.index ?? Infinity;
  for (const start of nodes.keys()) {
    const path = /** @type {string[]} */ ([]), stack = [[start].values()];
    while (stack.length) {
      const { value: id, done: isEnd } = stack[stack.length - 1].next(), node = isEnd ? undefined : nodes.get(id);
      if (isEnd) {
        stack.pop();
        if (path.length) done.add(path.pop());
      } else if (path.includes(id)) {
        const ring = path.slice(path.indexOf(id)), first = ring.reduce((best, item) => (rowOf(item) < rowOf(best) ? item : best));
        const turned = [...ring.slice(ring.indexOf(first)), ...ring.slice(0, ring.indexOf(first)), first];
        faults.push(faultOf(frame, frame.rows[rowOf(first)], column, null, "part-cycle", { chain: turned.map(plain).join(" → ") }));
      } else if (node && !done.has(id)) {
        path.push(id);
        stack.push(node.ups.values());
      }
    }
  }
  return faults;
}

/**
 * Returns a fault for each leg of a corridor that ends where it begins.
 *
 * @param {Parsed} parsed
 * @param {(index: number) => boolean} isCandidate whether the row with an index may enter the table
 * @returns {Fault[]}
 */
function sameEndLegs({ frame, values }, isCandidate) {
  if (frame.table.name !== "corridor_legs") return [];
  const rows = Array.from(frame.rows.keys()).filter((index) => isCandidate(index) && values.to[index] && values.from[index] === values.to[index]);
  return rows.map((index) => faultOf(frame, frame.rows[index], "to", values.to[index], "leg-same-ends"));
}

/**
 * Returns a warning for each name that several added rows have; none for indicators, whose names repeat.
 *
 * @param {Parsed} parsed
 * @param {(index: number) => boolean} isAdded whether the row with an index is added
 * @returns {Fault[]}
 */
function sameNames({ frame, values }, isAdded) {
  if (!values.name || frame.table.name === "indicators") return [];
  /** @type {Map<string, number[]>} */
  const indexes = new Map();
  values.name.forEach((name, index) => {
    const key = isAdded(index) ? fold(name) : "";
    if (key) indexes.set(key, [...(indexes.get(key) || []), index]);
  });
  const shared = Array.from(indexes.values()).filter(({ length }) => length > 1);
  return shared.map((same) => faultOf(frame, null, "name", null, "name-twice", { name: values.name[same[0]], rows: same.map((index) => frame.rows[index]) }, "warning"));
}

/**
 * Returns the faults that keep rows out. Only rows for which `isCandidate` holds, which may enter the table, are checked.
 *
 * @param {Parsed} parsed
 * @param {string[]} ownIds id of each row
 * @param {(index: number) => boolean} isCandidate
 * @returns {Fault[]}
 */
export const checkCandidates = (parsed, ownIds, isCandidate) => [
  ...cycles(parsed, "part_of", ownIds, isCandidate), ...cycles(parsed, "parent", ownIds, isCandidate), ...sameEndLegs(parsed, isCandidate),
];

/**
 * Returns the warnings for the rows that are added.
 *
 * @param {Parsed} parsed
 * @param {(index: number) => boolean} isAdded whether the row with an index is added
 * @param {ImportJob} job
 * @returns {Fault[]}
 */
export const checkAdded = (parsed, isAdded, job) => [
  ...sameNames(parsed, isAdded), ...datumSuspects(parsed, isAdded, job.entries), ...plausibility(parsed, isAdded, job.region),
  ...outsideAreas(parsed, isAdded, job.entries, job.outlines),
];
