/* Worker with the search index: runs one query after the other. A new `find` or `masks` ends an older one of the same kind. */

import { SearchIndex } from "./search-index.js";
import { makePinyin } from "./pinyin-matcher.js";

const SLICE = 20; // ms after which a query lets the worker receive newer messages
/** @type {SearchIndex} */
let index;
/** @type {Record<string, number>} */
const latest = {}; // kind of query -> number of its latest query
const channel = new MessageChannel();
let resume = () => {};
channel.port1.onmessage = () => resume();
/** Resolves when the worker has had time to receive newer messages. */
const pause = () => new Promise((resolve) => { resume = () => resolve(undefined); channel.port2.postMessage(0); });
let queue = Promise.resolve();

/**
 * Runs a query to its end, with pauses; resolves to its result, or to null if a newer query has overtaken it.
 *
 * @param {Generator<void>} steps the query
 * @param {() => boolean} isOvertaken returns whether there is a newer query of the same kind
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
 * Returns the buffers of a result that are transferred instead of copied.
 *
 * @param {string} what kind of the query
 * @param {any} result null for none
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
    }).catch((error) => { // the queries after it are answered; the error is reported as an error of the worker
      self.postMessage({ number, result: null });
      setTimeout(() => { throw error; });
    });
  }
};
