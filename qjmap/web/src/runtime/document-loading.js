/* Waits for elements of a page that the browser is still reading. In an offline page the blocks of tables follow the scripts, and the
 * texts of large tables follow everything else. */

/** @type {(() => void)[]} */
const waiting = []; // functions that resolve the promises of `elementOf`
let arrived = () => {}, parsed = () => {};
const arrival = new Promise((resolve) => { arrived = () => resolve(undefined); });
const parsing = new Promise((resolve) => { parsed = () => resolve(undefined); });

/** Resolves `whenArrived` and all promises of `elementOf`. A script after all elements but the texts of large tables calls it. */
export function markArrived() {
  for (const call of waiting.splice(0)) call();
  arrived();
}
const markParsed = () => { markArrived(); parsed(); };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", markParsed);
else markParsed();

/** Returns a promise that resolves when all elements but the texts of large tables are in the document. */
export const whenArrived = () => arrival;
/** Returns a promise that resolves when the browser has read the whole document. */
export const whenParsed = () => parsing;

/**
 * Returns the element with an id if the browser has read it already, else a promise of the element (of null if there is none).
 *
 * @param {string} id
 * @returns {DataElement}
 */
export function elementOf(id) {
  const element = document.getElementById(id);
  if (element || document.readyState !== "loading") return element;
  return new Promise((resolve) => waiting.push(() => resolve(document.getElementById(id))));
}
