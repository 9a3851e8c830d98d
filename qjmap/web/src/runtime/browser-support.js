/* Tells whether the browser has what a page needs. */

/** Whether the browser can decompress. All data are compressed, so that nothing can be drawn without it. */
export const isSupported = typeof DecompressionStream === "function";

/** Hides the sentence that the page needs another browser, if the browser is supported. */
export function markAble() {
  if (isSupported) document.documentElement.classList.add("qjmap-able");
}
