/* Client of the worker that decompresses the texts of a large table, so that the page can use one chunk while the next is decompressed. */

import source from "worker:./inflate.worker.js";
import { startWorker } from "./start-worker.js";

/** Starts the worker. Returns `inflate`, whose promise is rejected if the data are invalid, and `end`. */
export function makeInflateWorker() {
  const { worker, end } = startWorker(source);
  /** @type {Map<number, { resolve: (bytes: Uint8Array<ArrayBuffer>) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let number = 0, ending = false;

  function endWhenIdle() {
    if (ending && !waiting.size) end();
  }

  worker.onmessage = ({ data }) => {
    const call = waiting.get(data.number);
    waiting.delete(data.number);
    if (call) { if (data.bytes) call.resolve(data.bytes); else call.reject(new Error(data.failed)); }
    endWhenIdle();
  };

  return {
    /** Has the worker decompress a text; rejects with its error if that fails. @type {Inflate} */
    inflate: (text) => new Promise((resolve, reject) => {
      waiting.set(++number, { resolve, reject });
      worker.postMessage({ number, text });
    }),
    /** Ends the worker as soon as it has answered all calls. */
    end() { ending = true; endWhenIdle(); },
  };
}
