/* The part of Leaflet 1.9 (from the package XStatic-Leaflet) that the scripts use; L is its global. */

declare namespace L {
  type PointLike = Point | number[];
  type LatLngLike = LatLng | number[];
  type LatLngBoundsLike = LatLngBounds | number[][];
  type Handler = (event: any) => void;

  class Point {
    constructor(x: number, y: number);
    x: number;
    y: number;
    add(other: PointLike): Point;
    subtract(other: PointLike): Point;
    multiplyBy(factor: number): Point;
    divideBy(divisor: number): Point;
    scaleBy(scale: Point): Point;
    round(): Point;
    equals(other: PointLike): boolean;
  }

  /** A rectangle in pixels. */
  class Bounds {
    constructor(a: PointLike, b: PointLike);
    min: Point;
    max: Point;
    getSize(): Point;
    contains(other: Bounds | PointLike): boolean;
  }

  /** A position in degrees. */
  class LatLng {
    lat: number;
    lng: number;
    equals(other: LatLngLike): boolean;
    toBounds(metres: number): LatLngBounds;
  }

  class LatLngBounds {
    extend(other: LatLngLike | LatLngBounds): LatLngBounds;
    isValid(): boolean;
    getSouthWest(): LatLng;
    getNorthEast(): LatLng;
    contains(other: LatLngLike | LatLngBounds): boolean;
    intersects(other: LatLngBounds): boolean;
  }

  interface ViewOptions {
    animate?: boolean;
    duration?: number;
    maxZoom?: number;
    paddingTopLeft?: number[];
    paddingBottomRight?: number[];
  }

  class Evented {
    on(types: string, handler: Handler): this;
    once(types: string, handler: Handler): this;
    off(types: string, handler: Handler): this;
    fire(type: string, data?: object): this;
    listens(type: string): boolean;
  }

  class Map extends Evented {
    options: { zoomSnap: number, maxBoundsViscosity?: number };
    attributionControl?: { setPrefix(prefix: string | false): void };
    zoomControl?: Control;
    dragging?: { moving(): boolean };
    addLayer(layer: Layer): this;
    removeLayer(layer: Layer): this;
    hasLayer(layer: Layer): boolean;
    createPane(name: string): HTMLElement;
    getPane(name: string): HTMLElement | undefined;
    getContainer(): HTMLElement;
    getSize(): Point;
    getPixelOrigin(): Point;
    getCenter(): LatLng;
    getZoom(): number;
    getMinZoom(): number;
    getMaxZoom(): number;
    getBoundsZoom(bounds: LatLngBoundsLike, inside?: boolean): number;
    setMinZoom(zoom: number): this;
    setMaxZoom(zoom: number): this;
    setMaxBounds(bounds: LatLngBoundsLike): this;
    setView(center: LatLngLike, zoom: number, options?: ViewOptions): this;
    fitBounds(bounds: LatLngBoundsLike, options?: ViewOptions): this;
    panBy(offset: PointLike, options?: ViewOptions): this;
    invalidateSize(options: { animate?: boolean, pan?: boolean }): this;
    project(latlng: LatLngLike, zoom: number): Point;
    unproject(point: PointLike, zoom: number): LatLng;
    distance(a: LatLngLike, b: LatLngLike): number;
    containerPointToLayerPoint(point: PointLike): Point;
    containerPointToLatLng(point: PointLike): LatLng;
    layerPointToContainerPoint(point: PointLike): Point;
    latLngToContainerPoint(latlng: LatLngLike): Point;
    _animatingZoom?: boolean;
    _panAnim?: { _inProgress?: boolean };
  }

  class Layer extends Evented {
    options: Record<string, any>;
    addTo(map: Map): this;
    /** Null while the layer is on no map. */
    _map: Map;
  }

  class Renderer extends Layer {
    constructor(options?: object);
    onAdd(map: Map): void;
    onRemove(map: Map): void;
    getEvents(): Record<string, Handler>;
    _bounds: Bounds;
    /** Null while the layer is on no map. */
    _container: HTMLCanvasElement;
    _center: LatLng;
    _zoom: number;
    _update(): void;
    _updateTransform(center: LatLng, zoom: number): void;
  }

  class TileLayer extends Layer {
    getTileSize(): Point;
    _tileZoom: number;
    _level: { origin: Point };
    _tiles: Record<string, { el: HTMLElement }>;
    _tileCoordsToKey(coords: TileCoords): string;
    _pxBoundsToTileRange(bounds: Bounds): Bounds;
    _getTilePos(coords: TileCoords): Point;
    _addTile(coords: TileCoords, container: HTMLElement): void;
  }
  type TileCoords = Point & { z: number };

  class Popup extends Layer {
    setLatLng(latlng: LatLngLike): this;
    setContent(content: HTMLElement): this;
    openOn(map: Map): this;
  }

  class LayerGroup extends Layer {
    addLayer(layer: Layer): this;
    clearLayers(): this;
    addTo(map: Map): this;
  }
  class CircleMarker extends Layer {
    bindTooltip(content: HTMLElement, options: object): this;
  }

  class Control {
    addTo(map: Map): this;
    getContainer(): HTMLElement;
  }

  namespace control {
    function scale(options: object): Control;
    function zoom(): Control;
  }
  namespace DomUtil {
    function setPosition(element: HTMLElement, point: Point): void;
  }
  function layerGroup(): LayerGroup;
  function circleMarker(latlng: LatLngLike, options: object): CircleMarker;
  function point(x: number, y: number): Point;
  function bounds(a: PointLike, b: PointLike): Bounds;
  function latLng(lat: number, lng: number): LatLng;
  function latLngBounds(corners: LatLngLike[]): LatLngBounds;
  function latLngBounds(southWest: LatLngLike, northEast: LatLngLike): LatLngBounds;
  function popup(options: object): Popup;
  function setOptions(object: Layer, options: object): object;
}
