/* Tells whether the browser has what a page needs. */

/** Marks the document as able to show the map, which hides the content for other browsers. */
export function markAble() {
  const { classList } = document.documentElement;
  classList.add("qjmap-able");
  if (!("inert" in HTMLElement.prototype)) classList.add("qjmap-hides"); // what lies beneath a view is hidden instead
}
