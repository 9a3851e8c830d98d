/* Whether the browser has what a page needs. */

/** Whether the browser can inflate: the data are compressed, and without it nothing is drawn. */
export const isSupported = typeof DecompressionStream === "function";

/** Hides the sentence that this page needs another browser. */
export function markAble() {
  if (isSupported) document.documentElement.classList.add("qjmap-able");
}
