/* What a canvas layer may have besides the members of its base class. */

export {};

declare module "./canvas-layer.js" {
  interface CanvasLayer {
    draw(ctx: Ctx, view: View): void;
    /** Resolves when the layer's data are there. */
    ready?: Promise<unknown>;
    /** The rows that the layer draws. */
    block?: Block;
    /** Computes, and keeps, what `draw` will draw in a view. */
    gather?(view: View): void;
    /** What lies within `reach` pixels of a layer point. */
    hit?(point: Point, reach: number): Hit;
    labels?(view: View): Label[];
    /** Boxes that labels of all layers keep clear of. */
    obstacles?(view: View): Box[];
    /** Marks the lines that labels had better not cover. */
    ways?(view: View, mark: MarkLine): void;
    legend?(): LegendEntry[];
    title?(id: string): string;
    /** Resolves when the names of ids can be read; null when they can. */
    named?(ids: string[]): Promise<unknown> | null;
    boundsOf?(id: string): L.LatLngBounds | null;
    visibleIds?(): string[];
    /** The geometry of a row, in WGS 84. */
    geometryOf?(row: number): Geometry | null;
    /** Id of the part of a row that lies nearest to a point of the map. */
    partAt?(id: string, latlng: LatLng): string;
    /** What is drawn in a part of the map: west, north, east, south in layer pixels. */
    listIn?(box: Box): ListedArc[];
  }
}
