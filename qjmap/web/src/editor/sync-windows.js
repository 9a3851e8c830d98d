/* Synchronises the windows of one map: a change in one is taken over by the others. */

/** @typedef {{ kind: "hello" | "here" | "kept", kept?: import("./change-list.js").Kept }} Message */

/**
 * @param {string} key of the map
 * @param {{ met: () => void, took: (kept: import("./change-list.js").Kept) => void, kept: () => import("./change-list.js").Kept }} given
 */
export function syncWindows(key, { met, took, kept }) {
  if (typeof BroadcastChannel === "undefined") return { tell(/** @type {import("./change-list.js").Kept} */ _) {} }; // no browser that is supported lacks it but old Safari
  const channel = new BroadcastChannel("qjmap:" + key);
  /** @param {Message} message */
  const send = (message) => channel.postMessage(message);
  channel.onmessage = ({ data }) => {
    const { kind, kept: theirs } = /** @type {Message} */ (data);
    if (kind === "hello") send({ kind: "here", kept: kept() });
    if (kind !== "kept") met();
    if (theirs && (kind === "kept" || theirs.steps.length)) took(theirs);
  };
  send({ kind: "hello" });
  return {
    /** @param {import("./change-list.js").Kept} now */
    tell(now) { send({ kind: "kept", kept: now }); },
  };
}
