/* Types that many modules share. */

/* ---------------------------------------------------------------- the map and its layers */

type LeafletMap = L.Map;
declare namespace L {
  interface Map {
    /** Returns the boxes (west, north, east, south) of the parts of the page that lie over the map, in px from the map's corner. */
    qjmapCovers?(): Box[];
    /** Whether the map has the size of a sheet of paper or a slide at present. */
    qjmapOnSheet?: boolean;
    _qjmapFrames?: import("./runtime/frame-scheduler.js").FrameScheduler;
    _qjmapLabels?: import("./runtime/labels.js").Labels;
    _qjmapPointer?: { add(layer: Layer): void, remove(layer: Layer): void };
  }
}
type Point = { x: number, y: number };
/** A position in degrees. */
type LatLng = L.LatLng;
/** Longitude and latitude in degrees. */
type Position = number[];
/** A bounding box: west, north, east, south in world coordinates; west, south, east, north in degrees. */
type Box = number[];
/** Purpose -> CSS colour (runtime/palette.js). */
type Palette = Record<string, string>;
type Ctx = CanvasRenderingContext2D;
/** Adds a line to the path of a context; returns the offset of its dashes in px, if it has one. */
type Trace = (ctx: Ctx) => number | void;
/** Takes note of a line between two layer points, which labels should not cover. */
type MarkLine = (ax: number, ay: number, bx: number, by: number) => void;

/**
 * Parameters of drawing: layer pixel = world coordinate * `size` - (`ox`, `oy`); `west` to `south` are the bounds of the part to draw in world
 * coordinates, `bounds` the same in layer pixels; `px` and `py` convert world coordinates to layer pixels.
 */
type View = {
  zoom: number, size: number, ox: number, oy: number, bounds: L.Bounds, colours: Palette,
  west: number, east: number, north: number, south: number, px: (x: number) => number, py: (y: number) => number,
};

/** Rows of a layer that pass the filter: a mask of one byte per row, and a test by id. */
type ShownRows = { mask: Uint8Array, has: (id: string) => boolean };
/** Ids of the rows under the pointer; of a cluster too large to list the first ids, the total number and the bounds. */
type Hit = string[] | { ids: string[], total: number, bounds: L.LatLngBounds };
/** Partnerships that share an arc, for the list of those in view; `joined` is the direction: 0 none, 1 forward, 2 mutual. */
type ListedArc = { ids: string[], parties: string[], joined: number };

/**
 * A label that a layer asks for; those with the lowest `priority` are placed first, and the others are drawn if there is room. The position is in
 * layer pixels, sizes are in px. `gaps` are distances from the point at which the label may stand; `spots` are other candidate positions, [x, y,
 * angle in radians]; `centred` labels stand on the point. A label with a `limit` is drawn only where its cost (labels.js) is lower.
 */
type Label = {
  text: string, x: number, y: number, size: number, colour: string, priority: number, weight?: number, italic?: boolean,
  spacing?: number, halo?: string | false, alpha?: number, limit?: number, centred?: boolean, gaps?: number[], spots?: number[][],
};

/**
 * An entry of the legend: `kind` is the kind of symbol, `key` the value that it stands for, `keys` all values with this symbol, `draw` draws it.
 */
type LegendEntry = {
  key: string, kind: string, draw: (ctx: Ctx, width: number, height: number) => void, keys?: string[], planned?: boolean,
  /** Of a width class of arcs: returns the number of its lines that pass the filter. */
  left?: () => number,
  /** Text of an entry whose key is in no vocabulary, "" for rows without a value; action of a click. */
  text?: string, choose?: () => void,
};

/** Family, shape and colours of a category of sites; `outline` is a polygon in units of the radius, without one the shape is a circle. */
type SiteSymbol = { outline?: number[][] | null, family: string, shape: string, color: string, color_dark: string };

/** Options of a layer, as its Python class in qjmap/layers/ writes them. */
type LayerOptions = {
  level?: number, language?: string, blocks?: Record<string, string>, until?: number, from?: number, symbols?: Record<string, SiteSymbol>,
  classes?: number[], listed?: string[], withdrawn?: string[], pane?: string,
  likes?: Record<string, Record<string, string>>, table?: string, drawing?: Drawing,
};
type Layer = import("./runtime/canvas-layer.js").CanvasLayer;
/** A layer of lines or areas; `legRow` maps the id of a leg to its row in `block`. */
type LineLayer = Layer & { block: Block, shapes: Pick<Shapes, "x" | "y" | "first" | "start" | "count">, legRow?: Map<string, number> };
/** The background layer: features of the project's own geometry, and the arcs of the package's boundaries (null without them). */
type Ground = LineLayer & { arcs: import("./runtime/boundary-arcs.js").Arcs | null };

/** Rows [from, to) of a table. */
type Run = [number, number];
/**
 * Sites that are drawn together; their rows are in linked lists (that begin at `heads`) and in `runs`. `anchor` is a row at the point that more
 * than half of them share (-1 if there is none), `one` whether all share it; `first` is the row that sorts first by family and category; x, y
 * are in world coordinates; `tally` is the number of sites of each family; `corners` are south, west, north, east in degrees.
 */
type SiteCluster = {
  heads: number[], runs: Run[], count: number, first: number, one: boolean, anchor: number, x: number, y: number, tally?: Numbers, corners?: Box,
};
/**
 * The drawing of a cluster at the point (px, py): one symbol, a badge with the count, or a block of symbols beside the point. (x, y) is its
 * middle, `r` its radius, `w` and `h` its size; all in layer pixels.
 */
type SiteGroup = {
  heads: number[], runs: Run[], count: number, first: number, one: boolean, tally?: Numbers, corners?: Box, kind: "one" | "badge" | "block",
  px: number, py: number, x: number, y: number, r: number, w: number, h: number, lines: number, stepX: number, stepY: number, names: boolean,
  caption: string,
};
/** A row that is drawn on top of the others, and its position in layer pixels. */
type LiftedRow = [row: number, x: number, y: number];
type Sites = import("./layers/sites.js").Sites;

/**
 * One of the parallel lines of an arc: partnerships of one family of kinds (agreements, joint projects) and one tense (existing or planned);
 * `step` is the width class.
 */
type Strand = { family: string, tense: string, step: number, width: number };
/** A strand with its rows; `weight` is the sum of their steps. */
type RowStrand = Strand & { rows: number[], weight: number };
/**
 * Partnerships that are drawn as one arc between two points, or as one star of lines around a junction. `spots` and `knot` (the junction, -1
 * for an arc) are indexes of points; `arrow` is 0 for none, 1 for forward, 2 for mutual; `side` is the side to which the arc bends, `inner` are
 * the arcs nearer to the straight line on that side; `shown` are the rows that pass the filter, `strands` the lines made of them.
 */
type Bundle = {
  spots: number[], knot: number, arrow: number, rows: number[], pair: string, side: number, inner: Bundle[], shown: number[], strands: RowStrand[],
};
/** Points of partnerships in degrees. */
type ArcPoints = { lon: Numbers, lat: Numbers };
/** The drawn line of a strand: vertices and bounding box in world coordinates. */
type ArcLine = { bundle: Bundle, strand: RowStrand, x: Float64Array, y: Float64Array, box: Box };
/** A symbol on an arc: arrowhead, two arrowheads, junction, or end in an area; `size` in pixels. */
type ArcMark = { bundle: Bundle, kind: "head" | "both" | "knot" | "area", x: number, y: number, angle: number, size: number, strand: Strand };
/** A point and a direction on the canvas. */
type Pose = { x: number, y: number, angle: number };
/** The lines and symbols of partnerships at a zoom; `folded` are arcs that are too short to draw. */
type ArcScene = { lines: ArcLine[], marks: ArcMark[], folded: Bundle[] };
/** Partnerships without a line that share a point, which is in world coordinates; they are drawn as a badge. */
type BadgeSpot = { wx: number, wy: number, rows: number[] };
type ArcLayer = import("./layers/partnerships.js").Partnerships;

/* ---------------------------------------------------------------- columns */

/** A script element that contains a block, or a promise of it while the document is still loading. */
type DataElement = Element | Promise<Element | null> | null;
type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
/** Header of a column of a block: offset and number of its bytes, and how they are encoded. */
type BlockColumn<V = any> = {
  name: string, codec: string, at: number, bytes: number, n: number, delta: boolean, width: number, values: V[],
  scale: number, per?: number, where?: string,
};
/** Header of a block; `chunk` (rows of a chunk) and `texts` only in that of a chunked table. */
type BlockHeader = { rows: number, columns: BlockColumn[], chunk?: number, texts?: ChunkColumn[], land?: boolean };
/**
 * Header of a column of a chunked table. Numbers are in units of 10**-digits; with `of` they are differences from that column; with `text` they
 * stand for typed texts with `fixed` decimals (0: as short as possible). `last` and `part` are the chunk that was read last, and its contents.
 */
type ChunkColumn = {
  name: string, number: number, codec: string, text?: boolean, digits: number, fixed?: number, of?: string, last?: number, part?: ChunkPart,
};
/** An unpacked column of one chunk: joined texts, or numbers; both empty if all cells are; `size` in bytes. */
type ChunkPart = JoinedTexts & { numbers?: Int32Array, size: number };
/** Texts joined into one, the index at which each begins, and the index after the last. */
type JoinedTexts = { text: string, starts: Uint32Array };
/** Decodes a base64 text and resolves to its decompressed bytes. */
type Inflate = (text: string) => Promise<Uint8Array<ArrayBuffer>>;
type Block = import("./runtime/column-block.js").Block;
/** World coordinates of points; NaN where `located` is 0. */
type Points = ReturnType<typeof import("./runtime/shapes.js").pointsOf>;
/** Lines or rings in world coordinates, see `shapesOf`. */
type Shapes = ReturnType<typeof import("./runtime/shapes.js").shapesOf>;

/* ---------------------------------------------------------------- the page */

/** Child of an element: a text or number, a node, or a list of these; null, undefined, false and "" are left out. */
type Child = Node | string | number | boolean | null | undefined | Child[];
/** Attributes of an element, see `el`. */
type Props = Record<string, string | number | boolean | null | undefined>;

/** Reference to a row or draft of any table: numbers of table and row in one number (app/base/store.js). */
type Ref = number;
/** A text in both languages: "zh" and "en" -> text; one may be missing. */
type Bilingual = Record<string, string>;
/** Value -> its labels and synonyms; `like`, of a value that a project adds: the built-in value whose symbol it has. */
type Vocabulary = Record<string, { zh: string, en: string, like?: string, synonyms?: string[] }>;
/** Relations between partners, as in `relations_metadata` of qjmap/model/relations.py; ids are indices into `ids`, rows of own partnerships come first. */
type Ties = { ids: string[], links: [id: number, own: number, rows: number[]][], pairs: TiedPair[], joint: string[] };
/** Two partners; their shared partnerships; distance in km, 1 if it is approximate, km along corridors and the rows of the legs; an unknown distance is 0. */
type TiedPair = [one: number, other: number, own: number, rows: number[], km: number, about: number, corridorKm: number, legs: number[]];
/** Metadata of a page: everything besides its tables. */
type Meta = {
  id?: string, version?: string, title?: Bilingual, language?: string, texts?: Record<string, Bilingual>,
  vocab?: Record<string, Vocabulary>, attribution: Bilingual[], as_of?: string, review_number?: string, home: string,
  region?: Box, extent?: Box, ground?: boolean, view?: number[][], closest?: number, story?: StoryMeta, changes?: ChangesMeta, columns: Record<string, string[]>, pinyin: Readings, families?: Record<string, string[]>, ties?: Ties,
  time?: TimeRange, start?: { layers?: string[], filter?: Record<string, string[]> },
  tables: TableView[], filters?: FacetShape[], list?: boolean, heads?: Record<string, Record<string, string>>, labels?: Record<string, [label: string, vocabulary: string]>, own?: Record<string, OwnColumn[]>, facets?: Record<string, OwnColumn[]>, far?: FarPlace[], tiles: { name: string, attribution: string, foreign: boolean }[],
};
/** Number of dated rows, first and last year of the time bar, its unit ("year", "quarter"), and table -> columns of dates (qjmap/page/metadata.py). */
type TimeRange = { dated: number, first: number, last: number, unit?: string, columns?: Record<string, string[]> };
/** Numbers and chapters of the opening card (qjmap/page/story.py); bounds are [[south, west], [north, east]]. */
type StoryMeta = { numbers: Record<string, number>, chapters: Chapter[] };
/** What changed since an earlier edition (qjmap/diff/render.py). */
type ChangesMeta = {
  title: Bilingual, lines: Bilingual[], rows: ({ id: string, kind: string } & Bilingual)[],
  /**
   * Only on a page of two editions (qjmap/pipeline/both_editions.py): name of the old one; id -> language -> name, label, old and new cell of
   * each changed column; id -> old position.
   */
  old?: string, cells?: Record<string, Record<string, string[][]>>, from?: Record<string, Position>,
};
/** A chapter of the opening card: its texts, and the bounds, layers and filters that it shows. */
type Chapter = { id: string, title: Bilingual, lines: Bilingual[], bounds: number[][], layers: string[], filter: Record<string, string[]> };
/** A column that the schema does not define; `filter` is the coded column by which its rows are filtered. */
type OwnColumn = {
  name: string, kind: string, label?: Bilingual, unit: string, filter?: string, order?: string[],
  /**
   * Whether it is filtered by ranges (`bins`), searched even in large tables, has the names of rows (`title`), is left out of the panel (`quiet`)
   * or of the list of facets (`hidden`).
   */
  bins?: boolean, searched?: boolean, title?: boolean, quiet?: boolean, hidden?: boolean,
};
/**
 * Description of a table for the page (qjmap/page/table_views.py): whether it has a layer with a switch, and whether sources and ids of its
 * rows are shown; the columns of names in Chinese and English, or the references to the two rows whose names make the name; column and
 * vocabulary of the kind of a row, and of each kind of symbol; the columns of the list.
 */
type TableView = {
  name: string, layer: boolean, sources: boolean, id: boolean, names?: [zh: string, en: string], ends?: string[], kind?: [column: string, vocabulary: string],
  symbols?: Record<string, [column: string, vocabulary: string]>, list?: ListedColumn[],
};
/** A column of the list view: the form of its cells, and whether it is coded; `sorted` and the others are as in `ListColumn`. */
type ListedColumn = { name: string, form: string, vocab?: string, coded?: boolean, wide?: boolean, from?: number, sorted?: string[] | null };
/**
 * A facet over tables: for each table the column by which it filters. For a table whose column is in another table's rows, `through` has that
 * table and the column that refers to it.
 */
type FacetShape = {
  key: string, vocab: string | null, columns: Record<string, string>, through?: Record<string, [table: string, reference: string]>, hidden?: boolean, own?: OwnColumn,
};
/** Format of a kind of column: `text` writes a cell, `words` a value of its facet, `list` returns how the list shows and sorts it. */
type ColumnForm = {
  text: (value: unknown) => string, words: (value: string) => string, list: (column: OwnColumn, read: (r: Ref) => unknown) => Partial<ListColumn>,
};
/** Kind of column -> its format. */
type ColumnForms = Record<string, ColumnForm>;
/** Makes a view that replaces the checkboxes of a facet; null for checkboxes. `draw` draws it again. */
type MakeFacetView = (facet: Facet, facets: FacetFilter) => { nodes: (draw: () => void) => HTMLElement[] } | null;
/** Parts that another bundle adds to a page: functions that openPage (app/main.js) calls to make them. */
type MoreParts = {
  forms?: (parts: { language: Language, format: Format }) => ColumnForms,
  facetView?: (parts: { language: Language, format: Format }) => MakeFacetView,
  connect?: (parts: PageFace) => StartedPart | void,
  figures?: (parts: FigureParts) => { opener: (id: string) => Child },
  rowButton?: (r: Ref) => Child,
  rowNote?: (r: Ref) => Child,
  boards?: (parts: PageFace) => Boards,
  picture?: (parts: PictureParts) => Picture,
};
type FigureParts = {
  meta: Meta, language: Language, store: Store, relations: RelationIndex, format: Format, filter: RowFilter, facts: RowFacts, totals: PartnershipTotals, closeList: () => void,
};
type PictureParts = { map: LeafletMap, layers: Layer[], meta: Meta, language: Language, format: Format, legend: Legend, paper: Theme, store: Store, timeWords: () => string };
/** Boards of the places where many sites share a coarse point (board/board.js). */
type Boards = {
  /** Returns the number of sites on the board of a place; 0 if it has no board. */
  count: (id: string) => number,
  show: (id: string) => void,
  /** Shows the board on which nearly all of the sites lie, many at once; returns false if there is none. */
  choose: (ids: string[], total: number) => boolean,
  opener: (id: string) => Child,
  start: () => Promise<void>,
};
/** A part that another bundle has added; `start` shows what the link asks of it, and the page is ready when that is done. */
type StartedPart = { start: () => Promise<void> };
/** The parts of a page that other bundles may use. */
type PageFace = {
  map: LeafletMap, layers: Layer[], meta: Meta, language: Language, format: Format, store: Store, filter: RowFilter, facets: FacetFilter, own: OwnColumns,
  relations: RelationIndex, address: UrlState, viewport: Viewport, legend: Legend, switches: LayerSwitches, filters: FilterPanel, go: SelectRow, rowsAtPoint: RowsAtPoint, onPanelClose: (listener: () => void) => void,
  drafts: () => DraftLayer, boards?: Boards,
};
/** A style with Leaflet's names of keys. */
type StyleKeys = {
  color?: string, weight?: number, opacity?: number, stroke?: boolean, fill?: boolean, fillColor?: string, fillOpacity?: number,
};
/** A style resolved for drawing: `dot` is the colour of shapes of about a pixel, `rim` that of the outline of points. */
type FeatureStyle = {
  fills: boolean, fill: string, fillOpacity: number, dot: string, strokes: boolean, stroke: string, weight: number, opacity: number, line: string,
  lineWeight: number, rim: string,
};
/** How a layer of features is drawn (qjmap/frames/explore_frames.py): `styles` by code override `style`; `popup` is null for all columns. */
type Drawing = {
  styles: StyleKeys[], style: StyleKeys, highlight: StyleKeys | null, radius: number, metres: boolean, title: string, shape: "point" | "line" | "area", named: boolean,
  legend: { text: string, colour: string, values: string[] }[], choosable: boolean, tooltip: string[], aliases: string[], labels: boolean,
  popup: string[] | null,
};
/** A layer that has the geometry of its rows. */
type FeatureLayer = Layer & { geometryOf: (row: number) => Geometry | null };
/** A place far outside the opening view: position in degrees, distance from home in km. */
type FarPlace = { id: string, lat: number, lon: number, km: number };
/**
 * Pinyin readings: syllable -> characters of which it is the first (`first`) or a further reading (`also`); `names`: names that are read
 * otherwise -> their syllables.
 */
type Readings = { first?: Record<string, string>, also?: Record<string, string>, names?: Record<string, string> };
/** A draft as a row of its table: its key, and column -> value. */
type DraftRow = { id: string, values: Record<string, string | number> };

type Store = Awaited<ReturnType<typeof import("./app/base/store.js").makeStore>>;
type Language = ReturnType<typeof import("./app/base/language.js").makeLanguage>;
type Format = ReturnType<typeof import("./app/base/format.js").makeFormat>;
type RelationIndex = ReturnType<typeof import("./app/base/relation-index.js").makeRelationIndex>;
type UrlState = ReturnType<typeof import("./app/base/url-state.js").makeUrlState>;
type Viewport = ReturnType<typeof import("./app/base/viewport.js").makeViewport>;
type RowFilter = ReturnType<typeof import("./app/filter/row-filter.js").makeRowFilter>;
type FilterPanel = ReturnType<typeof import("./app/filter/filter-panel.js").makeFilterPanel>;
type TextFilter = ReturnType<typeof import("./app/filter/text-filter.js").makeTextFilter>;
type FacetFilter = ReturnType<typeof import("./app/filter/facet-filter.js").makeFacetFilter>;
type TimeFilter = ReturnType<typeof import("./time/time-filter.js").makeTimeFilter>;
type LayerSwitches = ReturnType<typeof import("./app/map/layer-switches.js").makeLayerSwitches>;
type SelectRow = ReturnType<typeof import("./app/map/selection.js").makeRowSelector>;
type Theme = ReturnType<typeof import("./app/map/theme.js").makeTheme>;
type Legend = ReturnType<typeof import("./app/map/legend.js").makeLegend>;
type OwnColumns = import("./app/base/own-columns.js").OwnColumns;
type RowsAtPoint = ReturnType<typeof import("./app/panel/rows-at-point.js").makeRowsAtPoint>;
type RowFacts = ReturnType<typeof import("./app/panel/row-facts.js").makeRowFacts>;
type PartnershipTotals = ReturnType<typeof import("./app/panel/partnership-totals.js").makePartnershipTotals>;
type IndicatorCharts = ReturnType<typeof import("./app/panel/indicator-charts.js").makeIndicatorCharts>;
type RowSearch = ReturnType<typeof import("./app/search/row-search.js").makeRowSearch>;
type DraftLayer = ReturnType<typeof import("./app/import/draft-layer.js").makeDraftLayer>;
type ImportClient = ReturnType<typeof import("./app/import/import-client.js").makeImportClient>;
type FeatureReader = ReturnType<typeof import("./app/export/feature-reader.js").makeFeatureReader>;
type Picture = ReturnType<typeof import("./picture/picture.js").makePicture>;

/** Lists the rows with these ids in the panel, which gets the focus with `focus`; `total` is their number if there are more than these. */
type ChooseRows = (ids: string[], focus?: boolean, total?: number) => void;

/** A dimension of the row filter: a mask of one byte per row of a table (null: all pass), and a test of a draft; `follows` if it depends on the other dimensions. */
type Dimension = { mask: (table: string) => Uint8Array | null, row: (r: Ref) => boolean, clear: () => void, follows?: boolean };
/** A filter by the values of one column per table; `chosen` values pass, all if there are none. */
type Facet = {
  key: string, vocab: string | null, columns: Record<string, string>, readonly values: string[], chosen: Set<string>, hidden: boolean,
  own?: OwnColumn,
  /** Returns the chosen values as one text, if they are a range. */
  range?: () => string,
};

/** A group of the legend: entries of one kind of symbol with their texts. */
type LegendGroup = { kind: string, title: string, entries: { entry: LegendEntry, text: string }[] };

/** A geometry as in GeoJSON. */
type Geometry = { type: string, coordinates: any[], geometries?: Geometry[] };
/** A row for an exported file, without its cells: these are read by columns. */
type Feature = { r: Ref, row: number, id: string, geometry: Geometry | null };
/** A row or draft for an exported file, with its cells. */
type DraftFeature = { r: Ref, id: string, geometry: Geometry | null, cells: Cell[] };
/** A cell for an exported file; null if it is empty. */
type Cell = string | number | boolean | null;
/**
 * A column of a part of a table for exported files: one value for all rows (`same`), codes with values, or a function that reads a row; of a
 * text column also all texts, joined, and the first row of the part (`from`).
 */
type FeatureColumn = {
  same?: Cell, codes?: Numbers, values?: Cell[], read?: (row: number) => any, texts?: JoinedTexts, from?: number,
};

/** A column of the list view (app/list/columns.js). */
type ListColumn = {
  key: string, title?: () => string, text: (r: Ref) => string, coded?: string, sorted?: string[] | null, value?: (r: Ref) => number, needs?: string[],
  wide?: boolean, number?: boolean, from?: number,
};
/** Row numbers of a table in an order; those from index `filled` on have no value. */
type RowOrder = { rows: Uint32Array, filled: number };

/**
 * A row that a reader has added (`kind` "row", `state` "added" or "refused"), or a correction of a position ("move", "moved"). `record` has the
 * cells as typed, `batch` names the file; positions are longitude and latitude in WGS 84, `from` is the old one; `radius` is in metres.
 */
type Draft = {
  kind: string, key: string, batch?: string, table: string, state: string, record: Record<string, string>, point: Position | null,
  from?: Position | null, radius?: number | null, name: string,
};
/**
 * A file or a pasted text that a reader wants to add. `others` is the number of files that were dropped with it, `batch` the name of its drafts,
 * `choice` the chosen columns (see `FileJob`), `sheet` the worksheet.
 */
type Dropped = { name: string, file?: File, text?: string, bytes?: Uint8Array, others?: number, batch?: string, choice?: string[], sheet?: string };
/** Result of the import worker: rows, faults, and the cells as typed with their row numbers; `kind` is set if the file is no table that it reads. */
type ImportResult = {
  kind?: string, failed?: boolean, rows?: ImportRow[], faults: ToldFault[], notes: Note[], header: string[], cells: string[][], numbers: number[],
  encoding?: string,
};

/* ---------------------------------------------------------------- the import worker */

/** A column of a table of the program. `headers` are its listed synonyms, `refers` the tables to whose rows it refers. */
type Column = { name: string, type: string, vocab: string, required: boolean, headers: string[], refers: string[] };
/** A family of headers: endings that mean a column ("" for no column); if `after` is given, one of its words stands right before the ending. */
type HeaderFamily = { column: string, tails: string[], after?: string[], tables?: string[], weak?: boolean };
/** Words and patterns of headers (assets/grammar/headers.json). */
type HeaderGrammar = {
  shared: Record<string, string[]>, tables: Record<string, Record<string, string[]>>, pairs: string[], weak: string[],
  otherwise: { headers: Record<string, string>, columns: Record<string, string> }, families: HeaderFamily[], party_parts: string[][],
  areas: Record<string, string[]>, area_heads: string[], area_tails: string[], degree_parts: string[][], running_numbers: string[],
  datum_words: Record<string, string[]>, units: string[], brackets: [string, string], datum_names: Record<string, string[]>,
  datum_prefixes: string[], datum_suffix: string, our_labels: { least: number, share: number },
};
/** Words and patterns of rows that are not data (assets/grammar/non_data_rows.json); patterns are regular expressions. */
type RowGrammar = {
  mark_headers: string[], examples: string[], totals: string[], total_endings: string[], notes: string[], signers: string[], openings: string[], counters: string[], units: string[], unit_words: string[],
  marked: string, numbered: string, numbered_notes: string, sentence: string, count: string, share: string, degrees: string, column_number: string, bracketed_unit: string,
  stems: string, sections: Record<string, string>, counter_styles: Record<string, string>,
};
/** The files of qjmap/assets/grammar, by their names without `.json`. */
type Grammar = {
  non_data_rows: RowGrammar, empty: { words: string[], marks: string, texts: string[] }, headers: HeaderGrammar, datums: Record<"before" | "after" | "between" | "letters", string>,
  category_trees: { paths: Record<string, Record<string, string[]>>, roots: string[], tags: Record<string, string[]>, only_with_key: string[] },
  number_formats: { built_in: Record<string, string>, yuan: string[], foreign_signs: string, unit_signs: string, tokens: string[], patterns: Record<string, string> },
  sheets: { tables: Record<string, string[]>, weak: Record<string, string[]>, explanations: string[] },
  numbers: {
    multiples: Record<string, number>, unit_beginnings: string[], money_multiples: string[], leading: [string, string][], trailing: [string, string][],
    currency_signs: string[], yuan: string[], foreign_currencies: string[], foreign_in_headers: string[], equal_units: string[][], patterns: Record<string, string>,
  },
  dates: { digits: Record<string, string>, tens: Record<string, string>, months: string[], serial_days: [number, number], patterns: Record<string, string> },
  angles: {
    marks: Record<string, string>, hemispheres: Record<string, ["lon" | "lat", 1 | -1]>, labels: Record<string, "lon" | "lat">, pair_separators: string[], brackets: string, points: string[],
    patterns: Record<string, string>,
  },
  personal_columns: { within: string[], words: string[], not_at_end: string[], patterns: Record<string, string> },
  references: { not_looked_up: string[], kept: string[], several: string[], separators: string[], most_parts: number, governments: string[] },
};
/** A table of the program; `words` are its names in messages. */
type Table = { name: string, words: { zh: string, en: string }, columns: Column[] };

/** What a header means, and how sure that is: CANONICAL, LISTED, FAMILY or WEAK (see headers.js). */
type Match = { column: string | null, datum: string | null, unit: string, rank: number };
type Sample = import("./import-worker/column-samples.js").Sample;
/**
 * The claim of a header that its column is one of the table's. `share` is the share of the first cells that fit, null for an empty column;
 * `level` is 3 if nearly all fit, 2 if most do, 1 if some do, 0 if none does, 0.5 for an empty column; `known` is the share of cells that
 * are words of the column's vocabulary; `holds` says whether the cells confirm the header.
 */
type Claim = { index: number, match: Match, column: string, share: number | null, level: number, known: number, holds: boolean };
/**
 * Which columns of a file are which columns of the table: see `Choice` in qjmap/tables/choose_columns.py. `computed` are columns that the
 * program wrote and computes anew, `omitted` those that the user leaves out.
 */
type Choice = {
  columns: Map<number, string>, matches: Map<number, Match>, degrees: Record<string, number[]>, parties: number[], dropped: Set<number>, nameWhy: string,
  beside: Map<number, number>, unfit: Map<number, [string, string]>, twice: [number, number][], shapes: number[], isProposed: boolean,
  computed: Set<number>, omitted: Set<number>,
};

/** What is wrong with a cell, a row or a file. `row` is null for a fault of the whole file, `letter` that of the column in a spreadsheet. */
type Fault = {
  file: string, row: number | null, column: string | null, value?: string | null, code: string, params?: Record<string, any>,
  severity?: string, letter?: string,
};
/** A fault with its message and cure in both languages; `rows` of one that tells of several, `choices` the ids that an ambiguous name may mean. */
type ToldFault = Fault & { told: Record<string, { message: string, cure: string }>, rows?: number[], choices?: string[] };
/** What the user should know about how a file was read: key of a text, and the parameters that fill it. */
type Note = { key: string, params: Record<string, any> };

/** A file as a header and rows of texts, before any cell is given a meaning; `numbers` are the row numbers in the file. */
type Grid = { header: string[], rows: string[][], numbers: number[], faults: Fault[], notes: Note[], headerRow?: number, encoding?: string, delimiter?: string };
/** A file as text; `close` is another encoding that is nearly as likely, `isHead` says that the text is only the beginning of the file. */
type Decoded = { text: string, encoding: string, broken?: boolean, unclear?: boolean, close?: string, isHead?: boolean };

/** The cells of a file as typed, by canonical column (`columns`) or own header (`unknown`); `typed` is canonical column -> header as typed. */
type Frame = {
  table: Table, file: string, rows: number[], header: string[], cells: string[][], faults: Fault[], notes: Note[], encoding?: string, datum: string,
  columns: Record<string, string[]>, unknown: Record<string, string[]>, heldBack?: string[],
  typed: Record<string, string>, letters: Record<string, string>, units: Record<string, string>,
};

/** A frame with the values of its cells by column. */
type Parsed = { frame: Frame, values: Values, faults: Fault[] };
/** Values of cells by column: texts, numbers, lists or roles, by the type of the column. */
type Values = Record<string, any[]>;
/** The cells of a row by column, as its table holds them; empty cells are left out. */
type RowRecord = Record<string, string>;
/** A row of a table with its file and row number; `isNew` if it comes from the dropped file. */
type TableRow = { record: RowRecord, file: string, row: number | string, isNew?: boolean };
/** A row of a dropped file: added, already there or refused. */
type ImportRow = { row: number, record: RowRecord, state: string, point?: Position | null, radius?: number | null };
/** A row of the map: id, names and aliases; `at` is its position if its datum is known. */
type Entry = { table: string, id: string, names: string[], at?: Position | null, adcode?: string, parent?: string };
/** Boundary of an administrative unit: rings of lon, lat, lon, lat ... in WGS 84. */
type Unit = { adcode: string, name: string, rings: Float64Array[] };
/**
 * A file for the worker. `choice` is what the user has chosen: for each column of the file its column of the table, "" for an own column,
 * "-" for one that is left out, "+" for one that the worker decides; empty or missing if the worker decides about all.
 */
type FileJob = {
  name: string, bytes?: Uint8Array, text?: string, table: string, isHead?: boolean, choice?: string[], sheet?: string,
  workbook?: import("./import-worker/workbook.js").Workbook | { kind: string },
};
/** A file to read; `there` are the rows of the map's table, `entries` all rows of the map, `shown` its own columns. */
type ImportJob = FileJob & { kind?: undefined, datum?: string, shown?: string[], region?: Box, entries: Entry[], outlines: Unit[], there: TableRow[] };
/** A change of a row: the cells that change, as they were (`old`) and as they will be (`new`). */
type RowChange = { op: "add" | "change" | "delete", table: string, id: string, old?: RowRecord, new?: RowRecord };
/** All changes of one row, joined: with `removed` the table's row is taken away, with `added` a row is added; `numbers` of the changes in their list. */
type NetChange = { table: string, id: string, added: boolean, removed: boolean, old: RowRecord, new: RowRecord, numbers: number[] };
/** A table's file, empty for a new one, and the changes of its rows. */
type PatchJob = { kind: "patch", name: string, bytes: Uint8Array, table: string, changes: NetChange[], entries: Entry[] };
/** A text that may hold longitude and latitude. */
type PairJob = { kind: "pair", text: string };
/** A file to preview; `isTableOpen` says that the table is to be chosen by the columns. */
type PreviewJob = FileJob & { kind: "preview", isTableOpen: boolean };
/**
 * What a column of a file is taken for; null for an own column, or one that is left out. `why` is the reason for a column of the table:
 * chosen, header, family (the ending of the header), both (header and contents), contents; or the reason for none: computed, omitted,
 * composed (it is part of a column made of several), running (running numbers), beside (the column `of` has the same meaning), unfit (the
 * contents do not confirm the header); "" for neither.
 */
type Proposal = { column: string | null, why: string, of?: string };
/** The first rows of a file, what its columns are taken for, and the columns of the table; for a workbook also the sheets that may hold data, and the one shown. */
type Preview = {
  kind?: undefined, table: string, header: string[], rows: string[][], proposal: Proposal[], notes: Note[], isDoubtful: boolean,
  columns: { name: string, label: string, required: boolean }[], sheets: string[], sheet: string,
};
/** Tables, vocabularies, texts and grammar of the program, as the page carries them (made by qjmap/page/import_worker.py). */
type ProgramData = {
  tables: Record<string, Table>, faults: Record<string, import("./import-worker/fault-texts.js").Words>, sheet_notes: Record<string, import("./import-worker/fault-texts.js").Words>, simpler: [string, string],
  vocab: Record<string, Record<string, { zh: string, en: string, synonyms: string[] }>>, pair_headers: string[],
  project_words: Record<string, Record<string, string[]>>, open: Record<string, string>, word_columns: Record<string, string>, fault_column: string, grammar: Grammar,
  derived: Record<string, string[]>, companions: Record<string, string[]>, original: Record<string, string>, located: Record<string, string>, asked: Record<string, string>, encodings: Record<string, string>,
  years: [number, number], radius_m: Record<string, number>, units: number[], provinces: Record<string, string>, areas: string[],
  looks: {
    chinese: string, japanese: string, korean: string, headers: string[], letters: Record<string, Record<string, number>>,
    wide: Record<string, string[]>, alphabets: Record<string, { upper: string[], languages: string[] }>,
  },
};
