/* Correcting a position by hand: the map's middle is the new place, so that mouse, finger and arrow keys all move it alike. */

import { el, isPhone, templatePart } from "../dom.js";

/** @type {Record<string, number[]>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {{ map: LeafletMap, store: Store, language: Language, drafts: DraftLayer, viewport: Viewport, openImport: () => void, hidePanel: () => void }} given */
export function makePositionMover({ map, store, language, drafts, viewport, openImport, hidePanel }) {
  const { t } = language;
  const bar = templatePart("correct");
  const where = el("span", { class: "qj-numbers" });
  /** @type {any} */
  let r = null;
  /** @type {any} */
  let before = null;
  // A running change of zoom cannot be stopped and would end where it set out for.
  let zooming = false;
  map.on("zoomanim", () => { zooming = true; });
  map.on("zoomend", () => { zooming = false; });
  /** @param {any} act */
  const whenStill = (act) => (zooming ? map.once("zoomend", act) : act());

  const middle = () => {
    const { lng, lat } = map.containerPointToLatLng(target());
    return [Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];
  };
  /* The middle of what nothing covers. */
  function target() {
    const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = viewport.padding(), { x, y } = map.getSize();
    return L.point((left + x - right) / 2, (top + y - bottom) / 2);
  }

  function tell() {
    if (r === null) return;
    const { x, y } = target();
    const cross = templatePart("crosshair");
    cross.style.left = x + "px";
    cross.style.top = y + "px";
    where.textContent = middle().map((degrees) => degrees.toFixed(5)).join(", ");
  }

  function end() {
    if (r === null) return;
    r = null;
    bar.hidden = templatePart("crosshair").hidden = true;
    map.off("move zoom resize", tell);
    if (before && before.isConnected) before.focus();
  }

  function save() {
    const [lon, lat] = middle(), name = store.name(r);
    if (store.draft(r)) drafts.place(drafts.of(store.id(r)), [lon, lat]);
    else drafts.move({
      kind: "move", table: store.tableOf(r), state: "moved", name, point: [lon, lat],
      from: store.located(r) ? [Number(store.get(r, "lon")), Number(store.get(r, "lat"))] : null,
      record: { id: store.id(r), name: String(store.get(r, "name")), lon: String(lon), lat: String(lat), datum: "wgs84", precision: "site" },
    });
    templatePart("said").textContent = t("correct.kept", { name });
    end();
    openImport();
  }

  function aim() {
    const offset = map.getSize().divideBy(2).subtract(target());
    const zoom = Math.max(map.getZoom(), 12), centre = map.project([Number(store.get(r, "lat")), Number(store.get(r, "lon"))], zoom).add(offset);
    map.setView(map.unproject(centre, zoom), zoom, { animate: false });
  }

  /**
   * Begins: the row's place comes under the cross.
   *
   * @param {any} row
   */
  function begin(row) {
    r = row;
    before = document.activeElement;
    const done = el("button", { type: "button", class: "qj-action" }, t("correct.save"));
    const cancel = el("button", { type: "button", class: "qj-action" }, t("correct.cancel"));
    done.addEventListener("click", save);
    cancel.addEventListener("click", end);
    bar.replaceChildren(el("p", {}, el("strong", {}, t("correct.title", { name: store.name(r) })), " ", t("correct.how")), where, el("div", { class: "qj-actions" }, done, cancel));
    bar.hidden = templatePart("crosshair").hidden = false;
    if (store.located(r)) whenStill(aim);
    map.on("move zoom resize", tell);
    tell();
    done.focus();
  }

  bar.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.key === "Escape") { event.stopPropagation(); end(); return; }
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    whenStill(() => map.panBy(step.map((one) => one * (event.shiftKey ? 60 : 8)), { animate: false }));
  });
  language.onChange(end);

  /**
   * The button in a row's panel; null for what has no position of its own.
   *
   * @param {any} row
   */
  function button(row) {
    if (!["sites", "places"].includes(store.tableOf(row))) return null;
    const node = el("button", { type: "button", class: "qj-action" }, t("correct.begin"));
    node.addEventListener("click", () => {
      // A sheet over the map would be in the way.
      if (isPhone()) hidePanel();
      begin(row);
    });
    return node;
  }

  return { button, end, get isOn() { return r !== null; } };
}
