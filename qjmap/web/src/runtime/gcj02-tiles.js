/* Places tiles that are in GCJ-02 on a map in WGS 84.
 *
 * A provider whose map is in GCJ-02 cuts it into the usual tiles, whose contents are therefore some hundred metres off. Each tile is
 * placed by its own corners, converted to WGS 84. Neighbours share corners, so that no gap opens between them, and within a tile the
 * offset is constant to a fraction of a pixel.
 */

import { fromWgs84, toWgs84 } from "./datum.js";

/**
 * Makes a tile layer place its tiles by their corners in WGS 84, and returns the layer.
 *
 * @param {L.TileLayer} layer
 * @param {string} datum datum of the tiles
 */
export function shiftTiles(layer, datum) {
  /**
   * Converts a point between WGS 84 and the datum of the tiles.
   *
   * @param {L.Point} point pixel of the world at the zoom
   * @param {number} zoom
   * @param {(point: Position, datum: string) => Position} convert `toWgs84` or `fromWgs84`
   */
  function converted(point, zoom, convert) {
    const map = layer._map, { lng, lat } = map.unproject(point, zoom), [lon, latitude] = convert([lng, lat], datum);
    return map.project(L.latLng(latitude, lon), zoom);
  }

  const { prototype } = L.TileLayer;

  layer._pxBoundsToTileRange = function ({ min, max }) {
    const zoom = this._tileZoom;
    return prototype._pxBoundsToTileRange.call(this, L.bounds(converted(min, zoom, fromWgs84), converted(max, zoom, fromWgs84)));
  };

  layer._getTilePos = function (coords) {
    return converted(coords.scaleBy(this.getTileSize()), coords.z, toWgs84).subtract(this._level.origin);
  };

  layer._addTile = function (coords, container) {
    prototype._addTile.call(this, coords, container);
    const { el } = this._tiles[this._tileCoordsToKey(coords)], size = this.getTileSize();
    const from = converted(coords.scaleBy(size), coords.z, toWgs84), to = converted(coords.add([1, 1]).scaleBy(size), coords.z, toWgs84);
    el.style.width = `${to.x - from.x}px`;
    el.style.height = `${to.y - from.y}px`;
  };
  return layer;
}
