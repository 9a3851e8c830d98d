/* Tiles of a bent datum, laid where they belong.
 *
 * A provider whose map is in GCJ-02 cuts it into tiles as everyone does; only what a tile shows lies some hundred metres
 * beside. So each tile is laid by its own corners, turned into WGS 84: neighbours share them, so no gap opens, and within a
 * tile the bend is even to a fraction of a pixel. */

import { fromWgs84, toWgs84 } from "./datum.js";

/**
 * @param {any} layer
 * @param {string} datum
 */
export function shiftTiles(layer, datum) {
  /**
   * @param {LatLng} latlng
   * @param {any} by
   */
  const turn = (latlng, by) => {
    const [lng, lat] = by([latlng.lng, latlng.lat], datum);
    return L.latLng(lat, lng);
  };

  /**
   * A pixel of the provider's world at a zoom, as a pixel of ours.
   *
   * @param {Point} point
   * @param {number} zoom
   */
  function placed(point, zoom) {
    const map = layer._map;
    return map.project(turn(map.unproject(point, zoom), toWgs84), zoom);
  }

  layer._pxBoundsToTileRange = function (/** @type {any} */ bounds) {
    const map = this._map, zoom = this._tileZoom;
    /** @param {Point} point */
    const theirs = (point) => map.project(turn(map.unproject(point, zoom), fromWgs84), zoom);
    return L.TileLayer.prototype._pxBoundsToTileRange.call(this, L.bounds(theirs(bounds.min), theirs(bounds.max)));
  };

  layer._getTilePos = function (/** @type {any} */ coords) {
    return placed(coords.scaleBy(this.getTileSize()), coords.z).subtract(this._level.origin);
  };

  layer._addTile = function (/** @type {any} */ coords, /** @type {any} */ container) {
    L.TileLayer.prototype._addTile.call(this, coords, container);
    const { el } = this._tiles[this._tileCoordsToKey(coords)], size = this.getTileSize();
    const from = placed(coords.scaleBy(size), coords.z), to = placed(coords.add([1, 1]).scaleBy(size), coords.z);
    el.style.width = `${to.x - from.x}px`;
    el.style.height = `${to.y - from.y}px`;
  };
  return layer;
}
