/* Where the search index runs: in the page while it is small, else in a worker, so that typing never waits for a search.
 *
 * Both answer the same calls with promises. Of searches only the latest counts: one that a newer one has overtaken ends early and
 * answers null.
 */

import { makePinyin } from "./pinyin-matcher.js";
import { SearchIndex } from "./search-index.js";
import { startWorker } from "../../runtime/start-worker.js";
import source from "worker:./search.worker.js";

/**
 * @typedef {{
 *   add: SearchIndex["add"],
 *   find: (query: string, limit: number) => Promise<{ hits: import("./search-index.js").SearchHit[], total: number } | null>,
 *   masks: (query: string) => Promise<Map<string, Uint8Array> | null>,
 *   order: (table: string, columns: string[]) => Promise<RowOrder>,
 * }} HostedIndex
 */

/**
 * An index in a worker.
 *
 * @param {Readings} readings
 * @returns {HostedIndex}
 */
export function indexInWorker(readings) {
  const { worker } = startWorker(source);
  /** @type {Map<number, (result: any) => void>} */
  const waiting = new Map();
  let number = 0;
  worker.onmessage = ({ data }) => {
    const resolve = waiting.get(data.number);
    waiting.delete(data.number);
    if (resolve) resolve(data.result);
  };
  worker.postMessage({ what: "start", values: [readings] });
  const ask = (/** @type {string} */ what) => (/** @type {unknown[]} */ ...values) => new Promise((resolve) => {
    waiting.set(++number, resolve);
    worker.postMessage({ number, what, values });
  });
  return {
    add: (...values) => worker.postMessage({ what: "add", values }),
    find: ask("find"), masks: ask("masks"), order: ask("order"),
  };
}

/**
 * Runs a generator to its end.
 *
 * @template T
 * @param {Generator<void, T>} steps
 */
function finish(steps) {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * An index in the page, made on first use.
 *
 * @param {Readings} readings
 * @returns {HostedIndex}
 */
export function indexInPage(readings) {
  /** @type {SearchIndex | null} */
  let made = null;
  const index = () => (made = made || new SearchIndex(makePinyin(readings)));
  return {
    add: (...values) => index().add(...values),
    find: async (query, limit) => finish(index().find(query, limit)),
    masks: async (query) => finish(index().masks(query)),
    order: async (table, columns) => finish(index().order(table, columns)),
  };
}
