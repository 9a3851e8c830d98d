/* Places far outside the opening view: an arrow at the frame's edge, with name and distance; there and back. */

import { el, templatePart } from "./dom.js";

const EDGE = 14; // px between the frame and a pointer
const GAP = 8; // px between a pointer and whatever stands in its way

/**
 * @param {any} a
 * @param {any} b
 */
const overlaps = (a, b) =>
  a.left < b.right + GAP && a.right + GAP > b.left && a.top < b.bottom + GAP && a.bottom + GAP > b.top;

/**
 * Slides a box along its edge out of everything that stands in its way; null when there is no room.
 *
 * @param {any} box
 * @param {string} along
 * @param {any[]} obstacles
 * @param {any} limit
 */
function free(box, along, obstacles, limit) {
  for (const sign of [1, -1]) {
    const now = { ...box };
    /** @param {any} by */
    const shift = (by) => {
      if (along === "x") { now.left += by; now.right += by; } else { now.top += by; now.bottom += by; }
    };
    for (let turn = 0; turn < 24; turn++) {
      const hit = obstacles.find((one) => overlaps(now, one));
      if (!hit) {
        if (now.left >= limit.left && now.right <= limit.right && now.top >= limit.top && now.bottom <= limit.bottom) return now;
        break;
      }
      if (along === "x") shift(sign > 0 ? hit.right + GAP - now.left : hit.left - GAP - now.right);
      else shift(sign > 0 ? hit.bottom + GAP - now.top : hit.top - GAP - now.bottom);
    }
  }
  return null;
}

/** @param {{ map: LeafletMap, meta: Meta, language: Language, store: Store, format: Format, viewport: Viewport }} given */
export function makeOffScreenMarks({ map, meta, language, store, format, viewport }) {
  const { t } = language;
  const holder = templatePart("far");
  const back = templatePart("back");
  const stage = map.getContainer();
  /** @type {any} */
  let from = null; // the view to go back to
  /** @type {any} */
  let known = null; // what `measure` found
  let following = 0;

  const pointers = (meta.far || []).map((/** @type {any} */ place) => {
    const arrow = el("span", { class: "qj-far-arrow", "aria-hidden": "true" });
    const text = el("span", {});
    const button = el("button", { type: "button", class: "qj-far" }, arrow, text);
    button.addEventListener("click", () => visit(place));
    holder.append(button);
    return { place, arrow, text, button };
  });

  function label() {
    for (const { place, text } of pointers) {
      text.textContent = t("far.to", { name: store.nameOfId(place.id), km: format.number(Math.round(place.km)) });
    }
  }

  /** @param {any} place */
  function visit(place) {
    if (!from) from = { center: map.getCenter(), zoom: map.getZoom() };
    viewport.fly([place.lat, place.lon], Math.max(map.getMinZoom(), 6));
    back.hidden = false;
    back.focus({ preventScroll: true });
  }

  back.addEventListener("click", () => {
    if (from) viewport.fly(from.center, from.zoom);
    from = null;
    back.hidden = true;
    map.getContainer().focus({ preventScroll: true });
  });

  /* What the pointers must keep clear of, in the frame of the map, and how wide they are. While the map moves none of this
   * changes, and asking the browser for it would make it lay out the page in every frame. */
  function measure() {
    const frame = stage.getBoundingClientRect();
    const chrome = viewport.chrome().map((node) => {
      const box = node.getBoundingClientRect();
      return { left: box.left - frame.left, top: box.top - frame.top, right: box.right - frame.left, bottom: box.bottom - frame.top };
    });
    for (const { button } of pointers) button.hidden = false;
    const sizes = pointers.map((/** @type {{ button: any }} */ { button }) => { const { width, height } = button.getBoundingClientRect(); return { width, height }; });
    known = { frame: { width: frame.width, height: frame.height }, chrome, sizes };
  }

  function arrange() {
    const { frame, chrome, sizes } = known, obstacles = chrome.slice();
    const limit = { left: EDGE, top: EDGE, right: frame.width - EDGE, bottom: frame.height - EDGE };
    const middle = { x: frame.width / 2, y: frame.height / 2 };
    pointers.forEach((/** @type {{ place: any, arrow: any, button: any }} */ { place, arrow, button }, /** @type {any} */ at) => {
      const point = map.latLngToContainerPoint([place.lat, place.lon]);
      const inside = point.x > 0 && point.y > 0 && point.x < frame.width && point.y < frame.height;
      button.hidden = inside;
      if (inside) return;
      const { width, height } = sizes[at];
      const dx = point.x - middle.x;
      const dy = point.y - middle.y;
      const roomX = (middle.x - EDGE - width / 2) / Math.abs(dx || 1e-9);
      const roomY = (middle.y - EDGE - height / 2) / Math.abs(dy || 1e-9);
      const share = Math.min(roomX, roomY);
      const x = middle.x + dx * share;
      const y = middle.y + dy * share;
      const wanted = { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
      const along = roomX < roomY ? "y" : "x";
      const box = free(wanted, along, obstacles, limit) || free(wanted, along === "x" ? "y" : "x", obstacles, limit);
      button.hidden = !box;
      if (!box) return;
      button.style.transform = `translate(${Math.round(box.left)}px, ${Math.round(box.top)}px)`;
      arrow.style.transform = "rotate(" + Math.round((Math.atan2(dy, dx) * 180) / Math.PI) + "deg)";
      obstacles.push(box);
    });
  }

  function place() {
    if (!pointers.length) return;
    measure();
    arrange();
  }

  /* Once a frame, however often the map says that it moves. */
  function follow() {
    if (following || !pointers.length) return;
    following = requestAnimationFrame(() => {
      following = 0;
      if (known) arrange(); else place();
    });
  }

  language.bind(back, "far.back");
  language.onChange(() => { label(); place(); });
  map.on("move", follow);
  map.on("moveend resize", place);
  label();

  return { place };
}
