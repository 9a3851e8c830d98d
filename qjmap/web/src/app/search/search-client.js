/* Client of the search index, which runs in a worker, so that a search does not delay typing.
 *
 * `find`, `masks` and `order` return promises. A call of `find` or `masks` that has not finished when a later one of the same kind comes
 * resolves to null.
 */

import { startWorker } from "../../runtime/start-worker.js";
import source from "worker:./search.worker.js";

/**
 * @typedef {{
 *   add: import("./search-index.js").SearchIndex["add"],
 *   find: (query: string, limit: number) => Promise<{ hits: import("./search-index.js").SearchHit[], total: number } | null>,
 *   masks: (query: string) => Promise<Map<string, Uint8Array> | null>,
 *   order: (table: string, columns: string[]) => Promise<RowOrder>,
 *   end: () => void,
 * }} SearchClient
 * The methods of `SearchIndex` as requests to the worker; `end` ends it.
 */

/**
 * Starts a worker with an empty index.
 *
 * @param {Readings} readings pinyin readings of the characters in the texts
 * @returns {SearchClient}
 */
export function startSearch(readings) {
  const { worker, end: endWorker } = startWorker(source);
  /** @type {Map<number, (result: any) => void>} number of a request -> function that resolves its promise */
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
  /** Ends the worker; pending requests resolve to null. */
  function end() {
    endWorker();
    waiting.forEach((resolve) => resolve(null));
    waiting.clear();
  }

  return {
    add: (...values) => worker.postMessage({ what: "add", values }),
    find: ask("find"), masks: ask("masks"), order: ask("order"), end,
  };
}
