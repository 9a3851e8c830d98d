/* The size of the map on paper: for printing the map takes the size of the sheet, and afterwards that of the screen again. */

/* Size of the map on paper in px, without margins, title, legend and notes; as in styles/print.css, and wide enough to fill its frame. */
/** @type {Record<string, { width: number, height: number }>} */
export const PAPERS = {
  "a4-landscape": { width: 706, height: 464 },
  "a4-portrait": { width: 720, height: 480 },
  "a3-landscape": { width: 1172, height: 850 },
  "a3-portrait": { width: 1050, height: 1040 },
};

/**
 * A sheet on which the map is laid: it takes the sheet's size, and the part of the world that was on the screen is fitted into it; `lift`
 * restores the view. The size is set here because the browser lays out the printed page only after the canvases have to be drawn.
 *
 * @param {LeafletMap} map
 */
export function makePrintSheet(map) {
  const container = map.getContainer();
  /** @type {{ center: L.LatLng, zoom: number, snap: number } | null} */
  let screen = null; // the view to restore; null while no sheet lies there
  return {
    /** @param {{ width: number, height: number }} size in px @param {L.LatLngBounds} seen */
    lay({ width, height }, seen) {
      map.qjmapOnSheet = true;
      screen = { center: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap };
      container.style.width = width + "px";
      container.style.height = height + "px";
      map.options.zoomSnap = 0;
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(seen, { animate: false });
    },
    lift() {
      if (!screen) return;
      container.style.removeProperty("width");
      container.style.removeProperty("height");
      map.options.zoomSnap = screen.snap;
      map.invalidateSize({ animate: false, pan: false });
      map.setView(screen.center, screen.zoom, { animate: false });
      screen = null;
      map.qjmapOnSheet = false;
    },
  };
}
