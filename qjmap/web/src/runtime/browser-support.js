/* Whether the browser has what a page needs. */

/** Hides what stands in the page for browsers that cannot show the map. */
export function markAble() {
  const { classList } = document.documentElement;
  classList.add("qjmap-able");
  if (!("inert" in HTMLElement.prototype)) classList.add("qjmap-hides"); // what lies beneath a view is hidden instead
}
