/* A virtual list of rows of equal height: only the visible rows (and a few above and below) are in the document.
 *
 * Browsers limit the height of an element to about 17 million px, less than a million rows need. In a list taller than TALLEST px, the scroll
 * bar represents the whole list proportionally, while scrolling by a small distance still moves the rows by that distance; when scrolling
 * stops, the scroll bar is set to the position that corresponds to the rows.
 */

import { el } from "../base/dom.js";

const HEIGHT = 40; // height of a row in px, as in styles/list.css
const AROUND = 16; // number of rows kept above and below the window
const TALLEST = 6e6; // maximum height of the scrolled element in px
const REST = 140; // ms without scrolling after which the scroll bar is set
const LATE = 60; // ms of unpacking after which rows are drawn without the texts that are not unpacked yet

/**
 * @typedef {{ line: (index: number, isLoaded: boolean, isCurrent: boolean) => HTMLElement, need: (from: number, to: number) => Promise<unknown> | null, width: () => number }} Source
 * `line` makes a row; `need` unpacks the texts of the rows [from, to) and returns a promise, null if they can be read already; `width` returns the
 * number of columns.
 */

/**
 * Makes the position of the window in the list, and keeps the scroll bar in line with it.
 *
 * @param {HTMLElement} scroll the element that scrolls
 */
function makePosition(scroll) {
  let total = 0; // number of rows
  let place = 0; // px from the top of the whole list to the top of the window
  let before = 0; // scrollTop when `place` was last computed
  const height = () => total * HEIGHT;
  /** Returns the height of the window in px. */
  const seen = () => Math.max(HEIGHT, scroll.clientHeight - HEIGHT); // the header is always visible
  /** Returns px of the list per px of the scroll bar: 1 unless the list is taller than TALLEST. */
  const ratio = () => (height() > TALLEST ? (height() - seen()) / (TALLEST - seen()) : 1);

  return {
    seen, ratio,
    get total() { return total; },
    set total(count) { total = count; },
    get place() { return place; },
    /** Height in px of the contents of the element that scrolls. */
    get tall() { return Math.min(height(), TALLEST); },
    /** Sets the scroll bar to the position of the window; the visible rows do not move. */
    align() {
      scroll.scrollTop = place / ratio();
      before = scroll.scrollTop;
    },
    /** Scrolls to a position in the list. @param {number} px from the top of the list */
    goTo(px) {
      place = Math.max(0, Math.min(Math.max(0, height() - seen()), px));
      scroll.scrollTop = ratio() === 1 ? place : place / ratio();
      before = scroll.scrollTop;
    },
    /** Updates the position after scrolling; returns whether it has changed. */
    follow() {
      const by = scroll.scrollTop - before, scale = ratio();
      before = scroll.scrollTop;
      if (!by) return false;
      if (scale === 1) place = scroll.scrollTop;
      else {
        place = Math.abs(by) > 3 * seen() ? scroll.scrollTop * scale : place + by;
        place = Math.max(0, Math.min(height() - seen(), place));
      }
      return true;
    },
  };
}

/**
 * Makes nodes the children of an element; those that are its children already are not moved, which would cost their layout and the focus.
 *
 * @param {HTMLElement} node
 * @param {HTMLElement[]} children
 */
function setChildren(node, children) {
  const kept = new Set(children);
  for (const child of Array.from(node.children)) if (!kept.has(/** @type {HTMLElement} */ (child))) child.remove();
  let next = node.firstElementChild;
  for (const child of children) if (child === next) next = next.nextElementSibling; else node.insertBefore(child, next);
}

/**
 * Makes the object that draws rows into a table body.
 *
 * @param {HTMLElement} scroll the element that scrolls
 * @param {ReturnType<typeof makePosition>} position
 * @param {Source} source
 */
function makePainter(scroll, position, { line, need, width }) {
  /** @type {HTMLElement | null} */
  let body = null;
  let first = -1; // index of the first row that is drawn, -1 for none
  let current = 0; // index of the row that Tab reaches
  let turn = 0; // number of the latest call that draws
  let isStale = false; // whether no row may be kept, since more than the position of the window has changed
  /** @type {number | undefined} */
  let wanted; // index of the row that gets the focus once it is drawn

  /** Makes an empty row that takes the place of rows which are not in the document. @param {number} px its height */
  function spacer(px) {
    const cell = el("td", { colspan: width() });
    cell.style.height = Math.max(0, px) + "px";
    return el("tr", { class: "qj-spacer", "aria-hidden": "true" }, cell);
  }

  /**
   * Draws the rows [top, end).
   *
   * @param {HTMLElement} node the table body
   * @param {number} top
   * @param {number} end
   * @param {boolean} isLoaded whether their texts can be read
   */
  function draw(node, top, end, isLoaded) {
    const inside = node.contains(document.activeElement); // a repaint while scrolling must not lose the focused row
    const there = new Map(isStale ? [] : Array.from(/** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll("tr[data-index]:not([aria-busy])")), (row) => [Number(row.dataset.index), row]));
    const rows = [];
    for (let index = top; index < end; index++) rows.push(there.get(index) || line(index, isLoaded, index === current));
    const above = Math.max(0, scroll.scrollTop - (position.place - top * HEIGHT));
    setChildren(node, [spacer(above), ...rows, spacer(position.tall - above - rows.length * HEIGHT)]);
    const focused = wanted ?? (inside ? current : undefined);
    isStale = false;
    wanted = undefined;
    if (focused === undefined) return;
    const row = /** @type {HTMLElement | null} */ (node.querySelector('tr[data-index="' + focused + '"]'));
    if (row && row.hasAttribute("tabindex")) row.focus({ preventScroll: true }); // rows of the grid take no focus; to try would cost a layout
  }

  return {
    get body() { return body; },
    get current() { return current; },
    set current(index) { current = index; },
    /** Starts again with another table body. @param {HTMLElement} node */
    reset(node) {
      body = node;
      first = -1;
      wanted = undefined;
    },
    /** Draws the rows around the window; with `always` even if they are drawn. @param {number} [focus] row that gets the focus @param {boolean} [always] */
    paint(focus, always) {
      if (!body) return;
      const isFull = always || focus !== undefined;
      if (isFull) isStale = true;
      wanted = focus ?? wanted;
      const node = body, top = Math.max(0, Math.floor(position.place / HEIGHT) - AROUND);
      const end = Math.min(position.total, Math.ceil((position.place + scroll.clientHeight) / HEIGHT) + AROUND);
      const near = first >= 0 && Math.abs(top - first) < AROUND / 2 && !isFull;
      if (near && (top > 0 || first === 0)) return;
      const mine = ++turn, loading = need(top, end);
      first = top;
      if (!loading) { draw(node, top, end, true); return; }
      let isLoaded = false;
      loading.then(() => {
        isLoaded = true;
        if (mine === turn) draw(node, top, end, true);
      });
      setTimeout(() => { if (!isLoaded && mine === turn) draw(node, top, end, false); }, LATE);
    },
  };
}

/**
 * Makes the virtual list; it is empty until `set` is called.
 *
 * @param {HTMLElement} scroll the element that scrolls
 * @param {Source} source makes the rows
 */
export function makeVirtualRows(scroll, source) {
  const position = makePosition(scroll), painter = makePainter(scroll, position, source), { seen, ratio } = position;
  let resting = 0; // number of the timer that runs while the list scrolls

  /** Sets the scroll bar after scrolling has stopped. */
  function align() {
    if (ratio() === 1) return;
    position.align();
    painter.paint(undefined, true);
  }

  /** Scrolls to a position in the list and draws it. @param {number} px @param {number} [focus] row that gets the focus */
  function goTo(px, focus) {
    position.goTo(px);
    painter.paint(focus, true);
  }

  scroll.addEventListener("scroll", () => {
    if (!position.follow()) return;
    if (ratio() !== 1) {
      clearTimeout(resting);
      resting = window.setTimeout(align, REST);
    }
    painter.paint();
  }, { passive: true });
  window.addEventListener("resize", () => { if (painter.body && painter.body.isConnected) painter.paint(undefined, true); });

  return {
    /** Moves the focus to a row, and scrolls to it if it is out of sight. @param {number} index the nearest row if there is none */
    moveTo(index) {
      const current = (painter.current = Math.max(0, Math.min(position.total - 1, index))), top = current * HEIGHT;
      if (top < position.place) goTo(top, current);
      else if (top + HEIGHT > position.place + seen()) goTo(top + HEIGHT - seen(), current);
      else painter.paint(current);
    },
    /** Shows another list in a new table body; with `keep` at the same position and current row. @param {HTMLElement} node @param {number} count @param {boolean} [keep] */
    set(node, count, keep) {
      painter.reset(node);
      position.total = count;
      painter.current = keep ? Math.min(painter.current, Math.max(0, count - 1)) : 0;
      goTo(keep ? position.place : 0);
    },
    /** Number of rows by which the keys Page Up and Page Down move. */
    get pageSize() { return Math.max(1, Math.floor(seen() / HEIGHT) - 1); },
  };
}
