/* Unpacks texts of a large table in a worker, while the page is busy with those before. */
"use strict";

window.QJMap = window.QJMap || {};

(function (QJMap) {
  /* Runs in the worker. */
  function serve(inflated) {
    self.onmessage = async ({ data: { number, text } }) => {
      try {
        const bytes = await inflated(text);
        self.postMessage({ number, bytes }, [bytes.buffer]);
      } catch (error) {
        self.postMessage({ number, failed: String(error) });
      }
    };
  }

  /** A worker that takes base64(deflate(bytes)) and gives the bytes. */
  QJMap.makeUnpacker = function () {
    const source = `"use strict"; const QJMap = { bytes: ${QJMap.bytes}, inflated: ${QJMap.inflated} }; (${serve})(QJMap.inflated);`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address), waiting = new Map();
    let number = 0, ending = false;

    function rest() {
      if (!ending || waiting.size) return;
      worker.terminate();
      URL.revokeObjectURL(address);
    }

    worker.onmessage = ({ data }) => {
      const { done, fail } = waiting.get(data.number);
      waiting.delete(data.number);
      if (data.bytes) done(data.bytes); else fail(new Error(data.failed));
      rest();
    };

    return {
      inflated: (text) => new Promise((done, fail) => {
        waiting.set(++number, { done, fail });
        worker.postMessage({ number, text });
      }),
      /** The worker ends when it has given all that it was asked for: others may wait for it. */
      end() { ending = true; rest(); },
    };
  };
})(window.QJMap);
