/* Where the index lives: in the page while it is small, else in a worker, so that typing never waits for a search.
 *
 * Both answer the same calls with promises: add, find, masks, order. Of searches only the latest counts: one that a newer
 * one has overtaken ends early and answers null.
 */
"use strict";

(function (page) {
  /* The worker's side; made into a script from its own text. */
  page.serveCore = function (makeCore, makePinyin, fold) {
    const SLICE = 20; // ms between two looks at what has been asked since
    let core = null;
    const latest = {}; // kind of question -> number of the newest
    const breath = new MessageChannel();
    let resume = null;
    breath.port1.onmessage = () => resume();
    const pause = () => new Promise((done) => { resume = done; breath.port2.postMessage(0); });
    let queue = Promise.resolve();

    async function run(steps, overtaken) {
      let before = performance.now();
      for (;;) {
        const { done, value } = steps.next();
        if (done) return value;
        if (performance.now() - before > SLICE) {
          await pause();
          if (overtaken()) return null;
          before = performance.now();
        }
      }
    }

    self.onmessage = ({ data }) => {
      const { number, what, values } = data;
      if (what === "start") core = makeCore(makePinyin(values[0]), fold);
      else if (what === "add") core.add(...values);
      else {
        latest[what] = number;
        const overtaken = () => what !== "order" && latest[what] !== number;
        queue = queue.then(async () => {
          const result = overtaken() ? null : await run(core[what](...values), overtaken);
          const buffers = what === "masks" && result ? Array.from(result.values(), (one) => one.buffer) : what === "order" && result ? [result.rows.buffer] : [];
          self.postMessage({ number, result }, buffers);
        });
      }
    };
  };

  page.inWorker = function (readings) {
    const source = `(${page.serveCore})(${page.makeCore}, ${page.makePinyin}, ${page.fold});`;
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(url);
    const waiting = new Map();
    let number = 0;
    worker.onmessage = ({ data }) => {
      const done = waiting.get(data.number);
      waiting.delete(data.number);
      done(data.result);
    };
    worker.postMessage({ what: "start", values: [readings] });
    const ask = (what) => (...values) => new Promise((done) => {
      waiting.set(++number, done);
      worker.postMessage({ number, what, values });
    });
    return {
      add: (...values) => worker.postMessage({ what: "add", values }),
      find: ask("find"), masks: ask("masks"), order: ask("order"),
    };
  };

  page.inPage = function (readings) {
    let made = null;
    const core = () => (made = made || page.makeCore(page.makePinyin(readings), page.fold));
    const run = (what) => async (...values) => {
      const steps = core()[what](...values);
      for (;;) {
        const { done, value } = steps.next();
        if (done) return value;
      }
    };
    return {
      add: (...values) => core().add(...values),
      find: run("find"), masks: run("masks"), order: run("order"),
    };
  };
})(window.QJMap.page);
