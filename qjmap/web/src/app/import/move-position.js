/* Corrects a position by hand: the reader moves the map by mouse, touch or keys until a crosshair in its middle is at the new position. */

import { buttonOf, el, listen, templatePart } from "../base/dom.js";
import { CLOSEST } from "../base/viewport.js";
import { isPhone } from "../base/page-layout.js";

/** @type {Record<string, number[]>} key -> direction in which it moves the map: x to the east, y to the south */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 8, LONG_STEP = 60; // px by which a key moves the map, without and with Shift
const CLOSE = 12; // minimum zoom when the correction begins

/** @typedef {{ map: LeafletMap, store: Store, language: Language, drafts: DraftLayer, viewport: Viewport, openImport: () => void, hidePanel: () => void }} Parts `openImport` opens the import panel, `hidePanel` hides the panel with the row. */

/**
 * Makes the crosshair in the middle of the visible part of the map.
 *
 * @param {LeafletMap} map
 * @param {Viewport} viewport
 */
function makeCross(map, viewport) {
  const cross = templatePart("crosshair");
  /** Returns the point of the crosshair in px from the top left corner of the map. @type {() => L.Point} */
  const target = () => {
    const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = viewport.padding(), { x, y } = map.getSize();
    return L.point((left + x - right) / 2, (top + y - bottom) / 2);
  };
  return {
    cross,
    /** Returns longitude and latitude at the crosshair in degrees, rounded to six decimals. */
    position() {
      const { lng, lat } = map.containerPointToLatLng(target());
      return [Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];
    },
    /** Moves the element of the crosshair to the middle of the visible part. */
    place() {
      const { x, y } = target();
      cross.style.left = x + "px";
      cross.style.top = y + "px";
    },
    /** Sets the view of the map so that the crosshair points at a position (degrees). @param {number} lat @param {number} lon */
    aim(lat, lon) {
      map.setMaxZoom(CLOSEST); // the maximum zoom of the page may be smaller, by the precision of its positions
      const offset = map.getSize().divideBy(2).subtract(target()), zoom = Math.max(map.getZoom(), CLOSE);
      map.setView(map.unproject(map.project([lat, lon], zoom).add(offset), zoom), zoom, { animate: false });
    },
  };
}

/**
 * Returns a function that calls `act` at once or, during a zoom animation, after it: an animation cannot be stopped, and sets the view at its end.
 *
 * @param {LeafletMap} map
 */
function makeWhenStill(map) {
  let zooming = false;
  map.on("zoomanim", () => { zooming = true; });
  map.on("zoomend", () => { zooming = false; });
  return (/** @type {() => void} */ act) => { if (zooming) map.once("zoomend", act); else act(); };
}

/** Makes the tool that corrects positions. @param {Parts} parts */
export function makePositionMover({ map, store, language, drafts, viewport, openImport, hidePanel }) {
  const { t } = language, bar = templatePart("correct"), where = el("span", { class: "qj-numbers" });
  const { cross, position, place, aim } = makeCross(map, viewport), whenStill = makeWhenStill(map);
  /** @type {Ref | null} the row whose position is corrected */
  let row = null;
  /** @type {HTMLElement | null} element that had the focus before */
  let before = null;

  /** Shows the position at the crosshair after the map has moved. */
  function follow() {
    if (row === null) return;
    place();
    where.textContent = position().map((degrees) => degrees.toFixed(5)).join(", ");
  }

  /** Ends the correction without saving. */
  function end() {
    if (row === null) return;
    row = null;
    bar.hidden = cross.hidden = true;
    map.off("move zoom resize", follow);
    if (before && before.isConnected) before.focus();
  }

  /** Stores the position at the crosshair: as the new position of a draft, or as the correction of a row. @param {Ref} r */
  function save(r) {
    const [lon, lat] = position(), name = store.name(r), id = store.id(r), draft = store.draft(r) ? drafts.of(id) : undefined;
    if (draft) drafts.place(draft, [lon, lat]);
    else drafts.move({
      key: "", kind: "move", table: store.tableOf(r), state: "moved", name, point: [lon, lat],
      from: store.located(r) ? [Number(store.get(r, "lon")), Number(store.get(r, "lat"))] : null,
      record: { id, name: String(store.get(r, "name")), lon: String(lon), lat: String(lat), datum: "wgs84", precision: "site" },
    });
    templatePart("said").textContent = t("correct.kept", { name });
    end();
    openImport();
  }

  /** Begins a correction, with the row's present position at the crosshair. @param {Ref} r */
  function begin(r) {
    row = r;
    before = /** @type {HTMLElement | null} */ (document.activeElement);
    const done = buttonOf("qj-action", t("correct.save"), () => save(r)), cancel = buttonOf("qj-action", t("correct.cancel"), end);
    bar.replaceChildren(el("p", {}, el("strong", {}, t("correct.title", { name: store.name(r) })), " ", t("correct.how")), where, el("div", { class: "qj-actions" }, done, cancel));
    bar.hidden = cross.hidden = false;
    if (store.located(r)) whenStill(() => aim(Number(store.get(r, "lat")), Number(store.get(r, "lon"))));
    map.on("move zoom resize", follow);
    follow();
    done.focus();
  }

  listen(bar, "keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); end(); return; }
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    whenStill(() => map.panBy(step.map((px) => px * (event.shiftKey ? LONG_STEP : STEP)), { animate: false }));
  });
  language.onChange(end);

  return {
    end,
    get isOn() { return row !== null; },
    /** Makes the button in a row's panel; null for rows other than sites and places. @param {Ref} r */
    button: (r) => (["sites", "places"].includes(store.tableOf(r)) ? buttonOf("qj-action", t("correct.begin"), () => {
      if (isPhone()) hidePanel(); // on a phone the panel would cover the map
      begin(r);
    }) : null),
  };
}
