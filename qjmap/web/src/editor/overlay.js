/* Added and moved rows on the map, until a program takes them into the tables. */

import { toWgs84 } from "../runtime/datum.js";
import { el, langOf } from "../app/base/dom.js";

/**
 * Position of a record in WGS 84; null for none that the page can read without its grammar.
 *
 * @param {RowRecord} record
 * @returns {Position | null}
 */
export function positionOf({ lon, lat, datum }) {
  const point = [Number(lon), Number(lat)];
  return lon && lat && point.every(Number.isFinite) ? toWgs84(point, datum || "wgs84") : null;
}

/** @param {LeafletMap} map */
export function makeOverlay(map) {
  const group = L.layerGroup().addTo(map);
  return {
    /** @param {{ name: string, point: Position }[]} rows */
    show(rows) {
      group.clearLayers();
      for (const { name, point: [lon, lat] } of rows) {
        const mark = L.circleMarker([lat, lon], { radius: 8, weight: 3, dashArray: "4 3", color: "#b3430f", fillColor: "#ffffff", fillOpacity: 0.8, interactive: false });
        mark.bindTooltip(el("span", { lang: langOf(name) }, name), { permanent: true, direction: "right", offset: [8, 0] });
        group.addLayer(mark);
      }
    },
  };
}
