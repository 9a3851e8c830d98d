/* Members that a canvas layer may have besides those of its base class. Only `draw` is required. */

export {};

declare module "./canvas-layer.js" {
  interface CanvasLayer {
    /** Draws the rows of a view that pass the filter. */
    draw(ctx: Ctx, view: View): void;
    /** Promise that resolves when the data of the layer are loaded. */
    ready?: Promise<unknown>;
    /** The rows that the layer draws. */
    block?: Block;
    /** Computes, and caches, what `draw` will draw in a view. */
    gather?(view: View): void;
    /** Returns the ids of what lies within `reach` pixels of a layer point. */
    hit?(point: Point, reach: number): Hit;
    /** Returns the labels of a view. */
    labels?(view: View): Label[];
    /** Returns the boxes of the symbols in a view, which the labels of all layers avoid. */
    obstacles?(view: View): Box[];
    /** Calls `mark` for the lines in a view, which labels should not cover. */
    ways?(view: View, mark: MarkLine): void;
    /** Returns the legend entries for what occurs in the rows. */
    legend?(): LegendEntry[];
    /** Returns the name of a row. */
    title?(id: string): string;
    /** Returns a promise that resolves when the names of rows can be read; null if they can be read already. */
    named?(ids: string[]): Promise<unknown> | null;
    /** Returns the bounds of a row; null if it has no geometry. */
    boundsOf?(id: string): L.LatLngBounds | null;
    /** Returns the ids of the rows that the map shows now. */
    visibleIds?(): string[];
    /** Returns the geometry of a row in WGS 84; null if it has none. */
    geometryOf?(row: number): Geometry | null;
    /** Returns the id of the part of a row that lies nearest to a position. */
    partAt?(id: string, latlng: LatLng): string;
    /** Returns what is drawn in a part of the map, given as west, north, east, south in layer pixels. */
    listIn?(box: Box): ListedArc[];
  }
}
