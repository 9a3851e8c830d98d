/* A window on rows of one height: only those in sight (and a few around) are in the document.
 *
 * Browsers cap the height of an element at some 17 million px, less than a million rows take. Beyond TALLEST the scroll bar
 * stands for the whole list, while scrolling by a little still moves by as much: the two are brought together when it rests.
 */

import { el } from "../dom.js";

const HEIGHT = 40; // px of a row; styles/list.css has the same
const AROUND = 16; // rows kept above and below the window
const TALLEST = 6e6; // px
const REST = 140; // ms without scrolling after which the bar is put where it belongs
const LATE = 60; // ms after which rows whose texts are being unpacked are shown without them

/**
 * line(index, there) makes a row; need(from, to) resolves when the texts of these rows are there, null when they are.
 *
 * @param {any} scroll
 * @param {{ line: any, need: any, width: any }} given
 */
export function makeVirtualRows(scroll, { line, need, width }) {
  /** @type {any} */
  let body = null;
  let total = 0;
  let first = -1;
  let current = 0; // index of the row that Tab reaches
  let place = 0; // px from the top of the whole list to the top of the window
  let before = 0; // scrollTop when `place` was last true
  let resting = 0;
  let turn = 0;

  const height = () => total * HEIGHT;
  const tall = () => Math.min(height(), TALLEST);
  const seen = () => Math.max(HEIGHT, scroll.clientHeight - HEIGHT); // the head stays in view
  const ratio = () => (height() > TALLEST ? (height() - seen()) / (TALLEST - seen()) : 1);

  /** @param {number} px */
  function spacer(px) {
    const cell = el("td", { colspan: width() });
    cell.style.height = Math.max(0, px) + "px";
    return el("tr", { class: "qj-spacer", "aria-hidden": "true" }, cell);
  }

  /**
   * @param {any} top
   * @param {any} end
   * @param {any} there
   * @param {number} [focus] number of the row that gets the focus
   */
  function draw(top, end, there, focus) {
    // A repaint while scrolling must not lose the focused row.
    const inside = body.contains(document.activeElement);
    const rows = [];
    for (let index = top; index < end; index++) rows.push(line(index, there, index === current));
    const above = Math.max(0, scroll.scrollTop - (place - top * HEIGHT));
    body.replaceChildren(spacer(above), ...rows, spacer(tall() - above - rows.length * HEIGHT));
    if (focus === undefined && inside) focus = current;
    if (focus === undefined) return;
    const row = body.querySelector('tr[data-index="' + focus + '"]');
    if (row) row.focus({ preventScroll: true });
  }

  /**
   * @param {number} [focus] number of the row that gets the focus
   * @param {boolean} [always]
   */
  function paint(focus, always) {
    if (!body) return;
    const top = Math.max(0, Math.floor(place / HEIGHT) - AROUND);
    const end = Math.min(total, Math.ceil((place + scroll.clientHeight) / HEIGHT) + AROUND);
    const near = first >= 0 && Math.abs(top - first) < AROUND / 2 && focus === undefined && !always;
    if (near && (top > 0 || first === 0)) return;
    first = top;
    const mine = ++turn;
    const coming = need(top, end);
    if (!coming) return draw(top, end, true, focus);
    let there = false;
    coming.then(() => {
      there = true;
      if (mine === turn) draw(top, end, true, focus);
    });
    setTimeout(() => { if (!there && mine === turn) draw(top, end, false, focus); }, LATE);
  }

  /* The bar where it belongs; what is seen does not move. */
  function settle() {
    if (ratio() === 1) return;
    scroll.scrollTop = place / ratio();
    before = scroll.scrollTop;
    paint(undefined, true);
  }

  function follow() {
    const by = scroll.scrollTop - before;
    before = scroll.scrollTop;
    if (!by) return;
    if (ratio() === 1) place = scroll.scrollTop;
    else {
      place = Math.abs(by) > 3 * seen() ? scroll.scrollTop * ratio() : place + by;
      place = Math.max(0, Math.min(height() - seen(), place));
      clearTimeout(resting);
      resting = setTimeout(settle, REST);
    }
    paint();
  }

  /**
   * @param {number} px
   * @param {number} [focus] number of the row that gets the focus
   */
  function goTo(px, focus) {
    place = Math.max(0, Math.min(Math.max(0, height() - seen()), px));
    scroll.scrollTop = ratio() === 1 ? place : place / ratio();
    before = scroll.scrollTop;
    paint(focus, true);
  }

  /** @param {number} index */
  function moveTo(index) {
    current = Math.max(0, Math.min(total - 1, index));
    const top = current * HEIGHT;
    if (top < place) goTo(top, current);
    else if (top + HEIGHT > place + seen()) goTo(top + HEIGHT - seen(), current);
    else paint(current);
  }

  scroll.addEventListener("scroll", follow, { passive: true });
  window.addEventListener("resize", () => { if (body && body.isConnected) paint(undefined, true); });

  return {
    moveTo,
    /**
     * Another list in a new table body; `keep` stays at the row that is current.
     *
     * @param {HTMLElement} node
     * @param {number} count
     * @param {any} [keep]
     */
    set(node, count, keep) {
      body = node;
      total = count;
      current = keep ? Math.min(current, Math.max(0, count - 1)) : 0;
      first = -1;
      goTo(keep ? place : 0);
    },
    get pageSize() { return Math.max(1, Math.floor(seen() / HEIGHT) - 1); },
  };
}
