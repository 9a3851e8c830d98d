/* Starts a worker from the text of its script, since a page in a single file has no other file to start one from. */

/** Starts a worker; returns it and a function that ends it. @param {string} source text of its script */
export function startWorker(source) {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address);
  return {
    worker,
    /** Ends the worker. */
    end() {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
