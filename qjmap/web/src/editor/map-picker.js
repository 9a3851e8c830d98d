/* Lets the reader pick a position on the map: by a click on it, or by a button for the middle of the map. */

import { buttonOf, el, templatePart } from "../app/base/dom.js";

/**
 * Returns a function that lets the reader pick one position and passes it on.
 *
 * @param {LeafletMap} map
 * @param {Language} language
 * @param {HTMLElement} view element that is hidden meanwhile
 */
export function makeMapPicker(map, language, view) {
  const { t } = language;
  /** Starts picking. @param {(point: Position | null) => void} done called with a position (WGS 84), or null if the reader has cancelled */
  return (done) => {
    /** Ends picking. @param {L.LatLng | null} place */
    const end = (place) => {
      map.off("click", clicked);
      document.removeEventListener("keydown", escape, true);
      bar.remove();
      view.hidden = false;
      done(place ? [place.lng, place.lat].map((degrees) => Math.round(degrees * 1e6) / 1e6) : null);
    };
    const clicked = (/** @type {{ latlng: L.LatLng }} */ { latlng }) => end(latlng);
    /** Cancels on Escape. @param {KeyboardEvent} event */
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      end(null);
    };
    const middle = buttonOf("qj-action", t("editor.pick_middle"), () => end(map.getCenter()));
    const bar = el("div", { id: "qj-editor-pick", class: "qj-card", role: "group" }, el("p", {}, t("editor.pick_how")), el("div", { class: "qj-actions" }, middle, buttonOf("qj-action", t("editor.cancel"), () => end(null))));
    view.hidden = true;
    templatePart("stage").append(bar);
    document.addEventListener("keydown", escape, true);
    map.on("click", clicked);
    middle.focus();
  };
}
