/* The search index in a worker: queries one after the other; a newer one ends an older one of its kind. */

import { SearchIndex } from "./search-index.js";
import { makePinyin } from "./pinyin-matcher.js";

const SLICE = 20; // ms between two looks at what has been asked since
/** @type {SearchIndex} */
let index;
/** @type {Record<string, number>} */
const latest = {}; // kind of query -> number of the newest
const channel = new MessageChannel();
let resume = () => {};
channel.port1.onmessage = () => resume();
/** Lets newer messages in. */
const pause = () => new Promise((resolve) => { resume = () => resolve(undefined); channel.port2.postMessage(0); });
let queue = Promise.resolve();

/**
 * @param {Generator<void>} steps
 * @param {() => boolean} isOvertaken
 */
async function run(steps, isOvertaken) {
  let before = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - before > SLICE) {
      await pause();
      if (isOvertaken()) return null;
      before = performance.now();
    }
  }
}

/**
 * Buffers that are handed over instead of copied.
 *
 * @param {string} what
 * @param {any} result
 */
function buffersOf(what, result) {
  if (!result) return [];
  if (what === "masks") return Array.from(result.values(), (mask) => mask.buffer);
  return what === "order" ? [result.rows.buffer] : [];
}

self.onmessage = ({ data }) => {
  const { number, what, values } = data;
  if (what === "start") index = new SearchIndex(makePinyin(values[0]));
  else if (what === "add") index.add.apply(index, values);
  else {
    latest[what] = number;
    const isOvertaken = () => what !== "order" && latest[what] !== number;
    queue = queue.then(async () => {
      const result = isOvertaken() ? null : await run(/** @type {any} */ (index)[what](...values), isOvertaken);
      self.postMessage({ number, result }, { transfer: buffersOf(what, result) });
    });
  }
};
