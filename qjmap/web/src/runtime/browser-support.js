/* Whether the browser has what a page needs. */

/** Data travel compressed: without this nothing is drawn, and the page says what it needs. */
export const able = typeof DecompressionStream === "function";

/** Takes back the sentence that this page needs another browser. */
export function markAble() {
  if (able) document.documentElement.classList.add("qjmap-able");
}
