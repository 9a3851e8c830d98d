/* Pointers to places far outside the view: an arrow at the map's edge with name and distance. A click shows the place, and a button leads back. */

import { el, listen, templatePart } from "../base/dom.js";

const EDGE = 14; // px between the edge of the map and a pointer
const GAP = 8; // px kept free between a pointer and other elements
const TRIES = 24; // maximum number of steps by which a pointer is moved in one direction to avoid other elements
const ZOOM = 6; // zoom at which a far place is shown

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Rect A box, in px from the top left corner of the map. */
/** @typedef {{ width: number, height: number }} Size In px. */
/** @typedef {{ place: FarPlace, arrow: HTMLElement, text: HTMLElement, button: HTMLElement }} Pointer A button with an arrow and a text. */

/** Returns whether two boxes overlap or are closer than GAP. @param {Rect} a @param {Rect} b */
const overlaps = (a, b) =>
  a.left < b.right + GAP && a.right + GAP > b.left && a.top < b.bottom + GAP && a.bottom + GAP > b.top;

/**
 * Moves a box along an axis, in either direction, until it is clear of all obstacles, and returns it; null if there is no room.
 *
 * @param {Rect} box
 * @param {"x" | "y"} along the axis
 * @param {Rect[]} obstacles
 * @param {Rect} limit box that it must not leave
 */
function moveOff(box, along, obstacles, limit) {
  for (const sign of [1, -1]) {
    const moved = { ...box };
    for (let turn = 0; turn < TRIES; turn++) {
      const hit = obstacles.find((obstacle) => overlaps(moved, obstacle));
      if (!hit) {
        if (moved.left >= limit.left && moved.right <= limit.right && moved.top >= limit.top && moved.bottom <= limit.bottom) return moved;
        break;
      }
      const [start, end] = along === "x" ? /** @type {const} */ (["left", "right"]) : /** @type {const} */ (["top", "bottom"]);
      const by = sign > 0 ? hit[end] + GAP - moved[start] : hit[start] - GAP - moved[end];
      moved[start] += by;
      moved[end] += by;
    }
  }
  return null;
}

/**
 * Returns the box of a pointer at the edge of the map, in the direction of its place; null if there is no room.
 *
 * @param {number} dx px from the middle of the map to the place, to the right
 * @param {number} dy px from the middle of the map to the place, down
 * @param {Size} frame size of the map
 * @param {Size} size size of the pointer
 * @param {Rect[]} obstacles boxes to keep clear of
 */
export function placePointer(dx, dy, frame, { width, height }, obstacles) {
  const limit = { left: EDGE, top: EDGE, right: frame.width - EDGE, bottom: frame.height - EDGE };
  const middle = { x: frame.width / 2, y: frame.height / 2 };
  const roomX = (middle.x - EDGE - width / 2) / Math.abs(dx || 1e-9);
  const roomY = (middle.y - EDGE - height / 2) / Math.abs(dy || 1e-9);
  const share = Math.min(roomX, roomY), x = middle.x + dx * share, y = middle.y + dy * share;
  const box = { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
  const [first, second] = roomX < roomY ? /** @type {const} */ (["y", "x"]) : /** @type {const} */ (["x", "y"]);
  return moveOff(box, first, obstacles, limit) || moveOff(box, second, obstacles, limit);
}

/**
 * Returns a function that moves the map to a far place, and shows the button that leads back to the view before the first of these moves.
 *
 * @param {LeafletMap} map
 * @param {Viewport} viewport
 */
function makeVisit(map, viewport) {
  const back = templatePart("back");
  /** @type {{ center: L.LatLng, zoom: number } | null} the view to return to */
  let before = null;
  listen(back, "click", () => {
    if (before) viewport.fly(before.center, before.zoom);
    before = null;
    back.hidden = true;
    map.getContainer().focus({ preventScroll: true });
  });
  /** Moves the map to a place. @param {FarPlace} place */
  return ({ lat, lon }) => {
    if (!before) before = { center: map.getCenter(), zoom: map.getZoom() };
    viewport.fly([lat, lon], Math.max(map.getMinZoom(), ZOOM));
    back.hidden = false;
    back.focus({ preventScroll: true });
  };
}

/**
 * Makes the pointer to a place.
 *
 * @param {FarPlace} place
 * @param {(place: FarPlace) => void} visit called when it is clicked
 * @returns {Pointer}
 */
function makePointer(place, visit) {
  const arrow = el("span", { class: "qj-far-arrow", "aria-hidden": "true" }), text = el("span", {});
  const button = el("button", { type: "button", class: "qj-far" }, arrow, text);
  listen(button, "click", () => visit(place));
  return { place, arrow, text, button };
}

/**
 * Makes the pointers of a map, and places them when it moves. The returned `place` places them anew.
 *
 * @param {{ map: LeafletMap, meta: Meta, language: Language, store: Store, format: Format, viewport: Viewport }} parts
 */
export function makeOffScreenPointers({ map, meta, language, store, format, viewport }) {
  const stage = map.getContainer(), visit = makeVisit(map, viewport);
  const pointers = (meta.far || []).map((place) => makePointer(place, visit));
  templatePart("far").append(...pointers.map(({ button }) => button));
  /** @type {{ frame: Size, chrome: Rect[], sizes: Size[] } | null} size of the map, elements that cover it, and sizes of the pointers */
  let measures = null;
  let frameRequest = 0;

  function label() {
    for (const { place, text } of pointers) {
      text.textContent = language.t("far.to", { name: store.nameOfId(place.id), km: format.number(Math.round(place.km)) });
    }
  }

  /**
   * Measures the map, the elements that cover it, and the pointers. None of this changes while the map moves, and measuring then would make the
   * browser lay out the page in every frame.
   */
  function measure() {
    const frame = stage.getBoundingClientRect();
    const chrome = viewport.covers().map(([left, top, right, bottom]) => ({ left, top, right, bottom }));
    for (const { button } of pointers) button.hidden = false;
    const sizes = pointers.map(({ button }) => { const { width, height } = button.getBoundingClientRect(); return { width, height }; });
    return (measures = { frame: { width: frame.width, height: frame.height }, chrome, sizes });
  }

  /** Places all pointers by the last measures; hides those whose place is in view, or for which there is no room. */
  function arrange() {
    const { frame, chrome, sizes } = measures || measure(), obstacles = chrome.slice();
    pointers.forEach(({ place, arrow, button }, k) => {
      const { x, y } = map.latLngToContainerPoint([place.lat, place.lon]), dx = x - frame.width / 2, dy = y - frame.height / 2;
      const inside = x > 0 && y > 0 && x < frame.width && y < frame.height;
      const box = inside ? null : placePointer(dx, dy, frame, sizes[k], obstacles);
      button.hidden = !box;
      if (!box) return;
      button.style.transform = `translate(${Math.round(box.left)}px, ${Math.round(box.top)}px)`;
      arrow.style.transform = "rotate(" + Math.round((Math.atan2(dy, dx) * 180) / Math.PI) + "deg)";
      obstacles.push(box);
    });
  }

  /** Measures and places all pointers. */
  function place() {
    if (!pointers.length) return;
    measure();
    arrange();
  }

  /** Places all pointers, at most once per frame even if the map fires several move events. */
  function follow() {
    if (frameRequest || !pointers.length) return;
    frameRequest = requestAnimationFrame(() => {
      frameRequest = 0;
      arrange();
    });
  }

  language.bind(templatePart("back"), "far.back");
  language.onChange(() => { label(); place(); });
  map.on("move", follow);
  map.on("moveend resize", place);
  label();

  return { place };
}
