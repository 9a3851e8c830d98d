/* A worker from the text of its bundle: a page without a network has no other file to start one from. */

/** @param {string} source */
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
