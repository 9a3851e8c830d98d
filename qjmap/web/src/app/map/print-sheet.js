/* The size of the map on paper: for printing the map takes the size of the sheet, and afterwards that of the screen again. */

/**
 * @type {Record<string, { width: number, height: number }>} paper -> size of the map on it in px, without margins, title, legend and notes; as in
 *   styles/print.css, and wide enough to fill its frame
 */
export const PAPERS = {
  "a4-landscape": { width: 706, height: 464 },
  "a4-portrait": { width: 720, height: 480 },
  "a3-landscape": { width: 1172, height: 850 },
  "a3-portrait": { width: 1050, height: 1040 },
};

/**
 * Makes the functions that give the map the size of a sheet and zoom it to an extent (`lay`), and restore size and view (`lift`).
 * The size is set by script because the browser lays out the printed page only after the canvases have been drawn.
 *
 * @param {LeafletMap} map
 */
export function makePrintSheet(map) {
  const container = map.getContainer();
  /** @type {{ center: L.LatLng, zoom: number, snap: number } | null} */
  let screen = null; // the view to restore; null while the map has its size on the screen
  return {
    /**
     * Gives the map the size of a sheet and zooms it to an extent; the view of the screen is stored for `lift`.
     *
     * @param {{ width: number, height: number }} size size of the map on paper in px, as in `PAPERS`
     * @param {L.LatLngBounds} seen extent to show
     */
    lay({ width, height }, seen) {
      map.qjmapOnSheet = true;
      screen = { center: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap };
      container.style.width = width + "px";
      container.style.height = height + "px";
      map.options.zoomSnap = 0;
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(seen, { animate: false });
    },
    /** Restores the size and view that the map had before `lay`. */
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
