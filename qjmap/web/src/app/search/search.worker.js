/* The worker's side of the index: questions one after the other; a newer one ends an older one of its kind. */

import { SearchIndex } from "./core.js";
import { makePinyin } from "./pinyin.js";

const SLICE = 20; // ms between two looks at what has been asked since
/** @type {any} */
let index = null;
/** @type {Record<string, number>} */
const latest = {}; // kind of question -> number of the newest
const breath = new MessageChannel();
/** @type {any} */
let resume = null;
breath.port1.onmessage = () => resume();
const pause = () => new Promise((done) => { resume = done; breath.port2.postMessage(0); });
let queue = Promise.resolve();

/**
 * @param {Generator<any>} steps
 * @param {any} overtaken
 */
async function run(steps, overtaken) {
  let before = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - before > SLICE) {
      await pause();
      if (overtaken()) return null;
      before = performance.now();
    }
  }
}

/**
 * Buffers that are handed over instead of copied.
 *
 * @param {any} what
 * @param {any} result
 */
function buffersOf(what, result) {
  if (!result) return [];
  if (what === "masks") return Array.from(result.values(), (one) => one.buffer);
  return what === "order" ? [result.rows.buffer] : [];
}

self.onmessage = ({ data }) => {
  const { number, what, values } = data;
  if (what === "start") index = new SearchIndex(makePinyin(values[0]));
  else if (what === "add") index.add(...values);
  else {
    latest[what] = number;
    const overtaken = () => what !== "order" && latest[what] !== number;
    queue = queue.then(async () => {
      const result = overtaken() ? null : await run(index[what](...values), overtaken);
      self.postMessage({ number, result }, { transfer: buffersOf(what, result) });
    });
  }
};
