/* Stack of the open views that cover the map (list, board, figures, column dialog). All bundles of a page share this module, and so one stack. */

/** @typedef {{ view: HTMLElement, close: () => void, beside: HTMLElement | null }} Cover An open view, and a part that stays usable beside it. */

/** @type {Cover[]} from bottom to top */
const covers = [];

/**
 * Registers a view, and returns the function that the view calls when it opens (true) and closes (false). Everything on the stage except the
 * topmost open view and its `beside` is inert, so that neither keyboard nor screen reader reaches it. Views may be closed in any order.
 *
 * @param {HTMLElement} view a child of the stage
 * @param {() => void} close closes the view (`closeCovers` calls it)
 * @param {HTMLElement | null} [beside] a part that stays in use beside the view
 * @returns {(isOpen: boolean) => void}
 */
export function makeCover(view, close, beside = null) {
  const stage = /** @type {HTMLElement} */ (view.parentElement), own = { view, close, beside };
  return (isOpen) => {
    const at = covers.indexOf(own);
    if (at >= 0) covers.splice(at, 1);
    if (isOpen) covers.push(own);
    const top = topCover();
    for (const part of Array.from(stage.children)) part.toggleAttribute("inert", Boolean(top) && part !== top.view && part !== top.beside);
  };
}

/** Returns the topmost open view; undefined if none is open. @returns {Cover} */
export const topCover = () => covers[covers.length - 1];

/** Closes every view that covers the map. */
export function closeCovers() {
  for (const cover of covers.slice().reverse()) cover.close();
}
