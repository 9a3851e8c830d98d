/* Types that many modules share. */

/** A map of Leaflet. */
type LeafletMap = any;
type Point = { x: number, y: number };
/** A rectangle of Leaflet in pixels. */
type Bounds = { min: Point, max: Point, [more: string]: any };
/** Degrees. */
type LatLng = { lat: number, lng: number };
/** Longitude and latitude in degrees. */
type Position = number[];
/** West, north, east, south. */
type Box = number[];
/** Colours by what they are for. */
type Palette = Record<string, string>;

/** What a draw needs: layer pixel = world * size - origin, and the part of the world that the canvas holds. */
type View = {
  zoom: number, size: number, ox: number, oy: number, bounds: Bounds, colours: Palette,
  west: number, east: number, north: number, south: number, px: (x: number) => number, py: (y: number) => number,
};

type Block = import("./runtime/block.js").Block;
type Shapes = ReturnType<typeof import("./runtime/shapes.js").shapesOf>;

/** A layer of ours on the map. */
type Layer = { layerName: string, legend?: () => any[], [more: string]: any };

/** A row of any table: table and row in one number. */
type Ref = number;
/** What the program says of a page besides its tables. */
type Meta = Record<string, any>;
/** How characters are read: syllable -> characters. */
type Readings = { first?: Record<string, string>, also?: Record<string, string>, names?: Record<string, string> };

type Store = Awaited<ReturnType<typeof import("./app/store.js").makeStore>>;
type Language = ReturnType<typeof import("./app/language.js").makeLanguage>;
type Format = ReturnType<typeof import("./app/format.js").makeFormat>;
type Filter = ReturnType<typeof import("./app/filter.js").makeFilter>;
type Filters = ReturnType<typeof import("./app/filters.js").makeFilters>;
type TextFilter = ReturnType<typeof import("./app/text-filter.js").makeTextFilter>;
type Facets = ReturnType<typeof import("./app/facets.js").makeFacets>;
type Relations = ReturnType<typeof import("./app/relations.js").makeRelations>;
type Switches = ReturnType<typeof import("./app/switches.js").makeSwitches>;
type Go = ReturnType<typeof import("./app/selection.js").makeGo>;
type Viewport = ReturnType<typeof import("./app/viewport.js").makeViewport>;
type RowDetails = ReturnType<typeof import("./app/row-details.js").makeRowDetails>;
type Statistics = ReturnType<typeof import("./app/statistics.js").makeStatistics>;
type Theme = ReturnType<typeof import("./app/theme.js").makeTheme>;
type Legend = ReturnType<typeof import("./app/legend.js").makeLegend>;
type Matrix = ReturnType<typeof import("./app/matrix.js").makeMatrix>;
type DraftLayer = ReturnType<typeof import("./app/import/draft-layer.js").makeDraftLayer>;
type FeatureReader = ReturnType<typeof import("./app/export/geojson.js").makeFeatureReader>;
type Picture = ReturnType<typeof import("./app/export/picture.js").makePicture>;
type UrlState = ReturnType<typeof import("./app/url-state.js").makeUrlState>;
type Time = ReturnType<typeof import("./app/time.js").makeTime>;

/** A column and a table that the reader of dropped files knows. */
type Column = { name: string, type: string, vocab: string, required: boolean, headers: string[], refers: string[] };
type Table = { name: string, columns: Column[] };

/** What is wrong with a cell, a row or a file; `row` null where it is the file, `letter` the column's in a spreadsheet. */
type Fault = {
  file: string, row: number | null, column: string | null, value?: string | null, code: string, params?: Record<string, any>,
  severity?: string, letter?: string,
};

/** Rows as they stand in a file, with the number that each has there. */
type Grid = { header: string[], rows: string[][], numbers: number[], faults: Fault[], notes: any[], headerRow?: number, encoding?: string };

/** A grid under the canonical columns of its table: texts by column; `typed` are the headers as they are written. */
type Frame = {
  table: Table, file: string, rows: number[], header: string[], cells: string[][], faults: Fault[], notes: any[], encoding?: string, datum: string,
  columns: Record<string, string[]>, unknown: Record<string, string[]>,
  typed: Record<string, string>, letters: Record<string, string>, units: Record<string, string>,
};

/** A frame with the values of its cells by column. */
type Parsed = { frame: Frame, values: Record<string, any[]>, faults: Fault[] };

/** A line of an arc, and what is one thing on the map. */
type Strand = Record<string, any>;
type Thing = Record<string, any>;

/** Methods that a layer of Leaflet's takes in: `this` is the layer. */
type Mixin = Record<string, any> & ThisType<any>;

/** One way of filtering rows by the values of a column. */
type Facet = { key: string, columns: Record<string, string>, values: string[], chosen: Set<string>, hidden?: boolean, [more: string]: any };

/** A row that a reader has added, or a correction of one. */
type Draft = { kind: string, table: string, key: string, record: Record<string, string>, point: number[] | null, [more: string]: any };
