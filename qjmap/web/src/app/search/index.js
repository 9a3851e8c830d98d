/* Where the index lives: in the page while it is small, else in a worker, so that typing never waits for a search.
 *
 * Both answer the same calls with promises: add, find, masks, order. Of searches only the latest counts: one that a newer
 * one has overtaken ends early and answers null.
 */

import { startWorker } from "../../runtime/start-worker.js";
import { SearchIndex } from "./core.js";
import { makePinyin } from "./pinyin.js";
import source from "worker:./search.worker.js";

/**
 * An index in a worker.
 *
 * @param {Readings} readings
 */
export function indexInWorker(readings) {
  const { worker } = startWorker(source);
  const waiting = new Map();
  let number = 0;
  worker.onmessage = ({ data }) => {
    const done = waiting.get(data.number);
    waiting.delete(data.number);
    done(data.result);
  };
  worker.postMessage({ what: "start", values: [readings] });
  /** @param {any} what */
  const ask = (what) => (/** @type {any[]} */ ...values) => new Promise((done) => {
    waiting.set(++number, done);
    worker.postMessage({ number, what, values });
  });
  return {
    add: (/** @type {any[]} */ ...values) => worker.postMessage({ what: "add", values }),
    find: ask("find"), masks: ask("masks"), order: ask("order"),
  };
}

/**
 * An index in the page.
 *
 * @param {Readings} readings
 */
export function indexInPage(readings) {
  /** @type {any} */
  let made = null;
  const index = () => (made = made || new SearchIndex(makePinyin(readings)));
  /** @param {any} what */
  const run = (what) => async (/** @type {any[]} */ ...values) => {
    const steps = index()[what](...values);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  };
  return {
    add: (/** @type {any[]} */ ...values) => index().add(...values),
    find: run("find"), masks: run("masks"), order: run("order"),
  };
}
