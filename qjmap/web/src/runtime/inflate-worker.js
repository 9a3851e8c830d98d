/* Inflates texts of a large table in a worker, while the page is busy with those before. */

import source from "worker:./inflate.worker.js";
import { startWorker } from "./start-worker.js";

/** A worker that takes base64(deflate(bytes)) and gives the bytes. */
export function makeInflateWorker() {
  const { worker, end } = startWorker(source), waiting = new Map();
  let number = 0, ending = false;

  function endWhenDone() {
    if (ending && !waiting.size) end();
  }

  worker.onmessage = ({ data }) => {
    const { done, fail } = waiting.get(data.number);
    waiting.delete(data.number);
    if (data.bytes) done(data.bytes); else fail(new Error(data.failed));
    endWhenDone();
  };

  return {
    /** @param {string} text */
    inflated: (text) => new Promise((done, fail) => {
      waiting.set(++number, { done, fail });
      worker.postMessage({ number, text });
    }),
    /** The worker ends when it has given all that it was asked for: others may wait for it. */
    end() { ending = true; endWhenDone(); },
  };
}
