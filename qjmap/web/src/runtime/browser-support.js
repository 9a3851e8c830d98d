/* Marks in the document what the browser supports; style sheets depend on it. */

/** Adds the class `qjmap-able`, by which style sheets hide what only browsers that cannot show the map should show; and `qjmap-hides` without `inert`. */
export function markAble() {
  const { classList } = document.documentElement;
  classList.add("qjmap-able");
  if (!("inert" in HTMLElement.prototype)) classList.add("qjmap-hides"); // without `inert`, what a view covers is hidden instead
}
