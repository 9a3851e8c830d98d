/* Synchronises the windows that show one map: a change in one of them is made in all. */

/** @typedef {{ kind: "hello" | "here" | "kept", kept?: import("./change-list.js").Kept }} Message "hello" of a new window, "here" in answer to it, "kept" after a change. */

/**
 * Opens the channel; returns `tell`, which sends the list. `met` is called when there is another window, `took` with the list of another window;
 * `kept` returns the own list.
 *
 * @param {string} key key of the map
 * @param {{ met: () => void, took: (kept: import("./change-list.js").Kept) => void, kept: () => import("./change-list.js").Kept }} given
 */
export function syncWindows(key, { met, took, kept }) {
  if (typeof BroadcastChannel === "undefined") return { tell(/** @type {import("./change-list.js").Kept} */ _) {} }; // as in old versions of Safari
  const channel = new BroadcastChannel("qjmap:" + key);
  /** Sends a message to all other windows. @param {Message} message */
  const send = (message) => channel.postMessage(message);
  channel.onmessage = ({ data }) => {
    const { kind, kept: theirs } = /** @type {Message} */ (data);
    if (kind === "hello") send({ kind: "here", kept: kept() });
    if (kind !== "kept") met();
    if (theirs && (kind === "kept" || theirs.steps.length)) took(theirs);
  };
  send({ kind: "hello" });
  return {
    /** Sends the list of changes to the other windows. @param {import("./change-list.js").Kept} now */
    tell(now) { send({ kind: "kept", kept: now }); },
  };
}
