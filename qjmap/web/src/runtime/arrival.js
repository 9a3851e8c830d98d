/* In an offline page the blocks of tables stand behind the scripts, and texts of large tables behind all else. */
/** @type {any[]} */
const waiting = [];
/** @type {(nothing?: undefined) => void} */
let here;
/** @type {(nothing?: undefined) => void} */
let read;
const there = new Promise((done) => { here = done; }), parsed = new Promise((done) => { read = done; });

/** Called by a script in the document: all but the texts of large tables stands before it. */
export function markArrived() {
  for (const [id, call] of waiting.splice(0)) call(document.getElementById(id));
  here();
}
const end = () => { markArrived(); read(); };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", end);
else end();

/** Resolves when all elements but the texts of large tables are there. */
export const whenArrived = () => there;
/** Resolves when the whole document has been read. */
export const whenParsed = () => parsed;

/**
 * The element of an id: at once if it stands before the running script, else a promise of it.
 *
 * @param {string} id
 */
export function elementOf(id) {
  const found = document.getElementById(id);
  return found || document.readyState !== "loading" ? found : new Promise((done) => waiting.push([id, done]));
}
