/* Marks in the document what the browser supports; style sheets depend on it. */

/** Adds the class `qjmap-able`, which hides the content for browsers that cannot show the map. */
export function markAble() {
  const { classList } = document.documentElement;
  classList.add("qjmap-able");
  if (!("inert" in HTMLElement.prototype)) classList.add("qjmap-hides"); // without `inert`, what a view covers is hidden instead
}
