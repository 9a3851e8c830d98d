/* Elements of a page that is still being read: in an offline page the blocks of tables stand behind the scripts, and texts of
 * large tables behind all else. */

/** @type {(() => void)[]} */
const waiting = []; // calls for elements behind the running script
let arrived = () => {}, parsed = () => {};
const arrival = new Promise((resolve) => { arrived = () => resolve(undefined); });
const parsing = new Promise((resolve) => { parsed = () => resolve(undefined); });

/** Called by a script in the document that follows all elements but the texts of large tables. */
export function markArrived() {
  for (const call of waiting.splice(0)) call();
  arrived();
}
const markParsed = () => { markArrived(); parsed(); };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", markParsed);
else markParsed();

/** Resolves when all elements but the texts of large tables are in the document. */
export const whenArrived = () => arrival;
/** Resolves when the whole document has been read. */
export const whenParsed = () => parsing;

/**
 * The element of an id if it precedes the running script, else a promise of it.
 *
 * @param {string} id
 * @returns {DataElement}
 */
export function elementOf(id) {
  const element = document.getElementById(id);
  if (element || document.readyState !== "loading") return element;
  return new Promise((resolve) => waiting.push(() => resolve(document.getElementById(id))));
}
