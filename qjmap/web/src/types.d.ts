/* Types that many modules share. */

/* ---------------------------------------------------------------- the map and its layers */

type LeafletMap = L.Map;
declare namespace L {
  interface Map {
    /** Returns the boxes (west, north, east, south) of the parts of the page that lie over the map, in px from the map's corner. */
    qjmapCovers?(): Box[];
    /** Whether the map has the size of a sheet of paper or a slide at present. */
    qjmapOnSheet?: boolean;
    /** Frame scheduler, labels and pointer events of the map; each is made on first use. */
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
/** A bounding box: west, north, east, south in world coordinates (shapes.js) or pixels; west, south, east, north in degrees. */
type Box = number[];
/** Purpose -> CSS colour (runtime/palette.js). */
type Palette = Record<string, string>;
type Ctx = CanvasRenderingContext2D;
/** Adds a line to the path of a context; returns the offset of its dashes in px, if it has one. */
type Trace = (ctx: Ctx) => number | void;
/** Registers a line between two layer points (ax, ay) and (bx, by), which labels should not cover. */
type MarkLine = (ax: number, ay: number, bx: number, by: number) => void;

/**
 * Parameters of drawing: layer pixel = world coordinate * `size` - (`ox`, `oy`), where `size` is the width of the world in px; `west` to
 * `south` are the bounds of the part to draw in world coordinates, `bounds` the same in layer pixels; `px` and `py` convert world coordinates
 * to layer pixels.
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
 * A label that a layer wants drawn; those with the lowest `priority` are placed first, and the others are drawn if there is room. The
 * position is in layer pixels, sizes are in px. `gaps` are distances from the point at which the label may be placed; `spots` are other
 * candidate positions, [x, y, angle in radians]; `centred` labels are placed on the point. A label with a `limit` is drawn only where its
 * cost (labels.js) is lower. `size` and `weight` are those of the font, `spacing` is the space between letters; `halo` is the colour of the
 * halo (by default that of the theme, false for none), `alpha` the opacity.
 */
type Label = {
  text: string, x: number, y: number, size: number, colour: string, priority: number, weight?: number, italic?: boolean,
  spacing?: number, halo?: string | false, alpha?: number, limit?: number, centred?: boolean, gaps?: number[], spots?: number[][],
};

/**
 * An entry of the legend: `kind` is the kind of symbol, `key` the value that it stands for, `keys` all values with this symbol; `draw` draws
 * it into a box of a size in px; `planned` marks the symbol of a mode's planned legs.
 */
type LegendEntry = {
  key: string, kind: string, draw: (ctx: Ctx, width: number, height: number) => void, keys?: string[], planned?: boolean,
  /** Of a width class of arcs: returns the number of its lines that pass the filter. */
  left?: () => number,
  /** Text of an entry whose key is in no vocabulary, "" for rows without a value; action of a click. */
  text?: string, choose?: () => void,
};

/**
 * Family, shape and colours (on light and dark maps) of a category of sites. `outline` is a polygon, [x, y] in units of the radius; without
 * one the shape is a circle. A word after "+" in `shape` names the mark inside it (site-symbols.js).
 */
type SiteSymbol = { outline?: number[][] | null, family: string, shape: string, color: string, color_dark: string };

/**
 * Options of a layer, as its Python class in qjmap/layers/ writes them. `level`: z-index of its pane; `language`: "zh" or "en"; `blocks`:
 * name of a further block -> id of its element; `until`: zoom from which districts are not drawn; `from`: zoom from which sites are drawn;
 * `symbols`: category -> symbol; `classes`: lower bounds of the width classes of arcs; `listed`: ids of corridors without a line;
 * `withdrawn`: ids of rows that only the old edition has; `pane`: name of the pane; `likes`: column -> value that the project adds ->
 * built-in value whose style it has; `table`, `drawing`: name and style of a layer of frames.
 */
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
 * Sites that are drawn together; their rows are in linked lists (that begin at `heads`) and in `runs`; `count` is their number. `anchor` is a
 * row at the point that more than half of them share (-1 if there is none), `one` whether all share it; `first` is the row that sorts first
 * by family and category; x, y are in world coordinates; `tally` is the number of sites of each family; `corners` are south, west, north,
 * east in degrees.
 */
type SiteCluster = {
  heads: number[], runs: Run[], count: number, first: number, one: boolean, anchor: number, x: number, y: number, tally?: Numbers, corners?: Box,
};
/**
 * The drawing of a cluster at the point (px, py): one symbol, a badge with the count, or a block of symbols beside the point. (x, y) is the
 * middle of a symbol or badge, the top left corner of a block; `r` is its radius, `w` and `h` its size; all in layer pixels. A block has
 * `lines` symbols in each column, `stepX` and `stepY` px apart, the `names` of its sites or not, and a `caption`. The other fields are as in
 * `SiteCluster`.
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
 * One of the parallel lines of an arc: partnerships of one `family` of kinds (`FAMILIES` in arc-bundles.js) and one `tense`, "firm",
 * "intended", "ended" or "withdrawn" (only in the old edition); `step` is the width class from 1 to 4, `width` the width of the line in px.
 */
type Strand = { family: string, tense: string, step: number, width: number };
/** A strand with its rows; `weight` is the sum of the steps of these rows (planned or other 1, signed 2, under construction 3, operating 4). */
type RowStrand = Strand & { rows: number[], weight: number };
/**
 * Partnerships that are drawn as one arc between two points, or as one star of lines around a junction. `spots` and `knot` (the junction, -1
 * for an arc) are indexes of points; `pair` is the sorted spots as a text, equal for arcs between the same points; `arrow` is 0 for none, 1
 * for forward, 2 for mutual; `side` is the side to which an arc bends, 1 for the left of its direction, -1 for the right; `inner` are the
 * arcs nearer to the straight line on that side; `rows` are all its rows, `shown` those that pass the filter, `strands` the lines made of
 * them.
 */
type Bundle = {
  spots: number[], knot: number, arrow: number, rows: number[], pair: string, side: number, inner: Bundle[], shown: number[], strands: RowStrand[],
};
/** Points of partnerships in degrees. */
type ArcPoints = { lon: Numbers, lat: Numbers };
/** The drawn line of a strand: vertices and bounding box in world coordinates. */
type ArcLine = { bundle: Bundle, strand: RowStrand, x: Float64Array, y: Float64Array, box: Box };
/**
 * A symbol on an arc: arrowhead, two arrowheads, junction, or end in an area. x and y are in world coordinates, `angle` in radians, `size` in
 * px; `strand` is the one whose colour it has.
 */
type ArcMark = { bundle: Bundle, kind: "head" | "both" | "knot" | "area", x: number, y: number, angle: number, size: number, strand: Strand };
/** A point and a direction (in radians) on the canvas. */
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
/**
 * Header of a column of a block (qjmap/payload/column_block.py describes the codecs). `at`, `bytes`: offset and number of its bytes; `n`:
 * number of stored numbers or texts; `delta`: whether these are differences from the number before; `width`: bytes of a code; `values`: the
 * values that codes index; `scale`: factor of the numbers; `per`: divisor of the numbers, which is exact where `scale` rounds; `where`:
 * column that is 0 in rows without a cell.
 */
type BlockColumn<V = any> = {
  name: string, codec: string, at: number, bytes: number, n: number, delta: boolean, width: number, values: V[],
  scale: number, per?: number, where?: string,
};
/**
 * Header of a block; `chunk` (rows of a chunk) and `texts` (columns in chunks) only in that of a chunked table; `land` only in that of
 * boundary arcs: whether the land is filled from these, because the project has no land of its own.
 */
type BlockHeader = { rows: number, columns: BlockColumn[], chunk?: number, texts?: ChunkColumn[], land?: boolean };
/**
 * Header of a column of a chunked table. `number` is its index among the columns in chunks. Numbers are in units of 10**-digits; with `of`
 * they are differences from that column; with `text` they encode typed texts with `fixed` decimals (0: as short as possible). `last` and
 * `part` are the chunk that was read last, and its contents.
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
/**
 * Relations between partners, as `relations_metadata` of qjmap/model/relations.py writes them; ids are indices into `ids`. `links`: for each
 * id the rows of the partnerships in which it takes part, of which the first `own` name it as a party themselves; `pairs`: the pairs of
 * partners; `joint`: the kinds of partnerships that are joint projects.
 */
type Ties = { ids: string[], links: [id: number, own: number, rows: number[]][], pairs: TiedPair[], joint: string[] };
/**
 * Two partners, and the rows of their shared partnerships, of which the first `own` have both as parties themselves; their distance in km, 1
 * if that is approximate (else 0), the km along corridors, and the rows of the legs of that way. An unknown distance is 0.
 */
type TiedPair = [one: number, other: number, own: number, rows: number[], km: number, about: number, corridorKm: number, legs: number[]];
/**
 * Metadata of a page: everything besides its tables (qjmap/page/metadata.py, qjmap/frames/page.py). `id`: id of the view, "map" on a page of
 * frames; `version`: of the program; `attribution`: texts of the attributions; `story`: opening card; `changes`: since an earlier edition;
 * `time`: time bar; `tables`: in their order; `pinyin`: readings of the characters in the tables; `texts`: key -> text of the page; `vocab`:
 * name -> vocabulary; `as_of`: date for which the facts hold; `review_number`: map review number (审图号), "" for none; `home`: id of the home
 * place, "" for none; `region`: box outside of which added sites get a warning; `extent`: box of the background, to which panning is limited;
 * `ground`: whether the background has the package's boundaries; `view`: opening view, [[south, west], [north, east]]; `closest`: maximum
 * zoom, by the precision of the positions; `columns`: table with a layer -> its exported columns; `heads`: table -> column -> header in
 * exported files, if that is not its name; `labels`: column, or "table.column" -> Chinese label and vocabulary of its values ("id" for ids of
 * rows, "" for none); `families`: family -> categories of sites; `ties`: relations between partners; `start`: layers that are on and filter,
 * column -> values, at first; `filters`: facets; `list`: whether there is a list of rows; `own`: table -> own columns; `facets`: table ->
 * further columns with facets, on a page of frames; `far`: places outside of the opening view; `tiles`: basemaps of online tiles, `foreign`
 * for one that is served from outside of China.
 */
type Meta = {
  id?: string, version?: string, title?: Bilingual, language?: string, texts?: Record<string, Bilingual>,
  vocab?: Record<string, Vocabulary>, attribution: Bilingual[], as_of?: string, review_number?: string, home: string,
  region?: Box, extent?: Box, ground?: boolean, view?: number[][], closest?: number, story?: StoryMeta, changes?: ChangesMeta, columns: Record<string, string[]>, pinyin: Readings, families?: Record<string, string[]>, ties?: Ties,
  time?: TimeRange, start?: { layers?: string[], filter?: Record<string, string[]>, at?: [lat: number, lon: number, zoom: number] },
  tables: TableView[], filters?: FacetShape[], list?: boolean, heads?: Record<string, Record<string, string>>, labels?: Record<string, [label: string, vocabulary: string]>, own?: Record<string, OwnColumn[]>, facets?: Record<string, OwnColumn[]>, far?: FarPlace[], tiles: { name: string, attribution: string, foreign: boolean }[],
};
/** Number of dated rows, first and last year of the time bar, its unit ("year", "quarter"), and table -> columns of dates (qjmap/page/metadata.py). */
type TimeRange = { dated: number, first: number, last: number, unit?: string, columns?: Record<string, string[]> };
/** The opening card (qjmap/page/story.py): the numbers of partnerships, partners, joint projects and sites, by these keys ("joint"), and the chapters; bounds are [[south, west], [north, east]]. */
type StoryMeta = { numbers: Record<string, number>, chapters: Chapter[] };
/** What changed since an earlier edition (qjmap/diff/render.py): a title, lines of summary, and for each change the id of its row, its kind, and a sentence by language. */
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
/**
 * A column that the schema does not define. `kind` is the kind of its cells: text, number, date or link, or one of those of frames
 * (frame/column-formats.js); `unit` is "" for none; `filter` is the coded column by which its rows are filtered, `order` the display order of
 * the values of its facet.
 */
type OwnColumn = {
  name: string, kind: string, label?: Bilingual, unit: string, filter?: string, order?: string[],
  /**
   * Whether it is filtered by ranges (`bins`), searched even in large tables, has the names of rows (`title`), is left out of the panel (`quiet`)
   * or of the list of facets (`hidden`).
   */
  bins?: boolean, searched?: boolean, title?: boolean, quiet?: boolean, hidden?: boolean,
};
/**
 * Description of a table for the page (qjmap/page/table_views.py). `layer`: whether it has a layer with a switch; `sources`, `id`: whether
 * sources and ids of its rows are shown; `names`: the columns of names in Chinese and English; `ends`: instead of these, the columns that
 * refer to the two rows whose names make the name; `kind`: column and vocabulary of the kind of a row; `symbols`: kind of symbol -> column
 * whose values it shows, and their vocabulary; `list`: the columns of the list.
 */
type TableView = {
  name: string, layer: boolean, sources: boolean, id: boolean, names?: [zh: string, en: string], ends?: string[], kind?: [column: string, vocabulary: string],
  symbols?: Record<string, [column: string, vocabulary: string]>, list?: ListedColumn[],
};
/**
 * A column of the list view as the metadata describe it: the `form` of its cells (`makeForms` in app/list/columns.js), the vocabulary of
 * their words, and whether it is sorted by its codes (`coded`); the others are as in `ListColumn`.
 */
type ListedColumn = { name: string, form: string, vocab?: string, coded?: boolean, wide?: boolean, from?: number, sorted?: string[] | null };
/**
 * A facet over tables. `vocab`: vocabulary of its values, null for ids; `columns`: table -> the column by which it filters; `through`: for a
 * table whose rows take the values from rows of another table that refer to them, that table and its referring column; `hidden`: whether it
 * is left out of the list of facets; `own`: the own column that it filters by.
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
/**
 * Parts that another bundle adds to a page: functions that openPage (app/main.js) calls to make them. `forms`: formats of further kinds of
 * columns; `facetView`: the views that replace checkboxes of facets; `connect`: connects the bundle to the finished page; `figures`: `opener`
 * makes the buttons that the panel of a row shows; `rowButton`: buttons of a row in the panel; `rowNote`: a section of a row in the panel;
 * `boards`, `picture`: make the boards, and the pictures of the map.
 */
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
/** What the figures of a page use; `closeList` closes the list of rows. */
type FigureParts = {
  meta: Meta, language: Language, store: Store, relations: RelationIndex, format: Format, filter: RowFilter, facts: RowFacts, totals: PartnershipTotals, closeList: () => void,
};
/** What pictures of the map are made from; `timeWords` returns the text about the period that is shown, "" for none. */
type PictureParts = { map: LeafletMap, layers: Layer[], meta: Meta, language: Language, format: Format, legend: Legend, paper: Theme, store: Store, timeWords: () => string };
/**
 * Boards of the places where many sites share a coarse point (board/board.js). `show` opens the board of a place, `opener` makes a button for
 * that (null if the place has no board); `start` opens the board that the link names.
 */
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
/**
 * A style resolved for drawing; colours are CSS colours, widths in px. Areas have `fill`, `stroke` and `weight`, lines `line` and
 * `lineWeight`; `fills` and `strokes` say whether shapes are filled and outlined; `dot` is the colour of shapes of about a pixel, `rim` that
 * of the outline of points.
 */
type FeatureStyle = {
  fills: boolean, fill: string, fillOpacity: number, dot: string, strokes: boolean, stroke: string, weight: number, opacity: number, line: string,
  lineWeight: number, rim: string, rimWeight: number | undefined,
};
/**
 * How a layer of features is drawn (qjmap/frames/explore_frames.py). `styles`: style of each code, which overrides `style`; `highlight`:
 * style of the row under the pointer, null for none; `radius`: of points, in px or with `metres` in metres; `title`: of the layer; `shape`:
 * the commonest kind of shape; `named`: whether rows have names to be written; `legend`: the classes, with the values of their facet;
 * `choosable`: whether a class can be chosen in the legend; `tooltip`: columns of the tooltip, `aliases` their labels in it, `labels` whether
 * labels are shown; `popup`: columns of the panel, null for all, [] if a click opens nothing.
 */
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

/**
 * A dimension of the row filter. `mask` returns one byte per row of a table, 1 if it passes (null: all pass); `row` tests a draft; `clear`
 * removes the filter; `follows` is true if the masks depend on the other dimensions.
 */
type Dimension = { mask: (table: string) => Uint8Array | null, row: (r: Ref) => boolean, clear: () => void, follows?: boolean };
/** A filter by the values of one column per table; rows with a `chosen` value pass, all rows if none is chosen. The other fields are as in `FacetShape`. */
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
/** A row for an exported file, without its cells: these are read by columns (`FeatureColumn`). `row` is its row number in the table, from 0. */
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

/**
 * A column of the list view (app/list/columns.js): `title` returns its header (by default the text "column.<key>"), `text` a cell. It is
 * sorted by the codes of the column `coded`, by a number (`value`, -Infinity for none), by the first filled of the search index's text
 * columns `sorted`, or else by `text`. `needs`: columns of the table that are read to sort it; `wide`: it takes more room; `number`: it holds
 * numbers; `from`: width of the window in px from which it is shown, always without it.
 */
type ListColumn = {
  key: string, title?: () => string, text: (r: Ref) => string, coded?: string, sorted?: string[] | null, value?: (r: Ref) => number, needs?: string[],
  wide?: boolean, number?: boolean, from?: number,
};
/** Row numbers of a table in an order; those from index `filled` on have no value. */
type RowOrder = { rows: Uint32Array, filled: number };

/**
 * A row that a reader has added (`kind` "row", `state` "added" or "refused"), or a correction of a position (`kind` "move", `state` "moved";
 * "added" for one that the editor makes). `key` is its id among rows and drafts; `record` has the cells as typed, `batch` names the file,
 * `name` is shown; positions are longitude and latitude in WGS 84, `from` is the old one; `radius` is the uncertainty in metres.
 */
type Draft = {
  kind: string, key: string, batch?: string, table: string, state: string, record: Record<string, string>, point: Position | null,
  from?: Position | null, radius?: number | null, name: string,
};
/**
 * A file or a pasted text that a reader wants to add. `name` is that of the file, "" for a text; `bytes` are the contents of the file once
 * they are read; `others` is the number of files that were dropped with it, `batch` the name of its drafts, `choice` the chosen columns (see
 * `FileJob`), `sheet` the worksheet.
 */
type Dropped = { name: string, file?: File, text?: string, bytes?: Uint8Array, others?: number, batch?: string, choice?: string[], sheet?: string };
/**
 * Result of the import worker: the rows with their states, faults, notes, and the header and cells as typed, with the row numbers of the
 * cells in the file (`numbers`); `encoding` names the encoding or worksheet; `kind` is set if the file is no table that it reads, `failed`
 * after an unexpected error; `rows` is missing then.
 */
type ImportResult = {
  kind?: string, failed?: boolean, rows?: ImportRow[], faults: ToldFault[], notes: Note[], header: string[], cells: string[][], numbers: number[],
  encoding?: string,
};

/* ---------------------------------------------------------------- the import worker */

/**
 * A column of a table of the program. `type` is text, id, texts, ids, roles, date, url, number, integer, vocab, lon or lat; `vocab` the name
 * of its vocabulary, "" for none; `headers` are its listed synonyms, the Chinese label first; `refers` the tables to whose rows it refers, []
 * for all.
 */
type Column = { name: string, type: string, vocab: string, required: boolean, headers: string[], refers: string[] };
/**
 * A family of headers: endings (`tails`) that mean a column ("" for no column); if `after` is given, one of its words is directly before the
 * ending; `tables` are the tables for which it counts, by default all; `weak` is true if the headers may mean something else.
 */
type HeaderFamily = { column: string, tails: string[], after?: string[], tables?: string[], weak?: boolean };
/** Words and patterns of headers (assets/grammar/headers.json; qjmap/assets/grammar/README.md describes the keys). */
type HeaderGrammar = {
  shared: Record<string, string[]>, tables: Record<string, Record<string, string[]>>, pairs: string[], weak: string[],
  otherwise: { headers: Record<string, string>, columns: Record<string, string> }, families: HeaderFamily[], party_parts: string[][],
  areas: Record<string, string[]>, area_heads: string[], area_tails: string[], degree_parts: string[][], running_numbers: string[],
  datum_words: Record<string, string[]>, units: string[], brackets: [string, string], datum_names: Record<string, string[]>,
  datum_prefixes: string[], datum_suffix: string, our_labels: { least: number, share: number },
};
/** Words and patterns of rows that are not data (assets/grammar/non_data_rows.json, see the README there); patterns are regular expressions. */
type RowGrammar = {
  mark_headers: string[], examples: string[], totals: string[], total_endings: string[], notes: string[], signers: string[], openings: string[], counters: string[], units: string[], unit_words: string[],
  marked: string, numbered: string, numbered_notes: string, sentence: string, count: string, share: string, degrees: string, column_number: string, bracketed_unit: string,
  stems: string, sections: Record<string, string>, counter_styles: Record<string, string>,
};
/** The files of qjmap/assets/grammar, by their names without `.json`; the README there describes their keys. */
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

/**
 * What a header means: `column` of the table, null for none; `datum` that it names, null for none; `unit` in its brackets or at its end, ""
 * for none; and how sure that is (`rank`): CANONICAL, LISTED, FAMILY or WEAK (see headers.js).
 */
type Match = { column: string | null, datum: string | null, unit: string, rank: number };
type Sample = import("./import-worker/column-samples.js").Sample;
/**
 * The claim of a header that its column (at `index` in the file) is the `column` of the table. `share` is the share of the first cells that
 * fit, null for an empty column; `level` is 3 if nearly all fit, 2 if most do, 1 if some do, 0 if none does, 0.5 for an empty column; `known`
 * is the share of cells that are words of the column's vocabulary; `holds` is true if the cells confirm the header.
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

/**
 * What is wrong with a cell, a row or a file. `row` is the row number in the file, null for a fault of the whole file; `column` the header as
 * typed; `value` the cell as typed; `code` names the text, which `params` fill; `severity` is "fault" (also if it is missing) or "warning";
 * `letter` is that of the column in a spreadsheet.
 */
type Fault = {
  file: string, row: number | null, column: string | null, value?: string | null, code: string, params?: Record<string, any>,
  severity?: string, letter?: string,
};
/** A fault with its message and cure in both languages; `told`: language -> these texts; `rows`: row numbers of a fault of several rows; `choices`: the ids that an ambiguous name may mean. */
type ToldFault = Fault & { told: Record<string, { message: string, cure: string }>, rows?: number[], choices?: string[] };
/** What the user should know about how a file was read: key of a text, and the parameters that fill it. */
type Note = { key: string, params: Record<string, any> };

/**
 * A file as a header and rows of texts, before any cell is given a meaning; `numbers` are the row numbers in the file, `headerRow` is that of
 * the (lowest) header, 0 for a file without one; `delimiter` is that of a text.
 */
type Grid = { header: string[], rows: string[][], numbers: number[], faults: Fault[], notes: Note[], headerRow?: number, encoding?: string, delimiter?: string };
/**
 * A file as text. `broken`: some bytes are invalid in the encoding; `unclear`: no encoding gives a readable text, and `text` is ""; `close`:
 * another encoding that is nearly as likely, "" for none; `isHead`: the text is only the beginning of the file.
 */
type Decoded = { text: string, encoding: string, broken?: boolean, unclear?: boolean, close?: string, isHead?: boolean };

/**
 * The cells of a file as typed, by canonical column (`columns`) or own header (`unknown`). `rows`: row numbers in the file; `header`,
 * `cells`: header and rows of the file; `datum`: that of rows that name none, "" for none; `heldBack`: own columns that look personal;
 * `typed`: canonical column -> header as typed; `letters`: column -> its letters in a spreadsheet; `units`: canonical column -> unit in its
 * header.
 */
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
/** A row of a table with its file, and its row number there ("?" for a row of the map); `isNew` if it comes from the dropped file. */
type TableRow = { record: RowRecord, file: string, row: number | string, isNew?: boolean };
/** A row of a dropped file: its row number, its cells, its state ("added", "already" there or "refused"), its position in WGS 84, and its uncertainty in metres. */
type ImportRow = { row: number, record: RowRecord, state: string, point?: Position | null, radius?: number | null };
/**
 * A row of the map. `names`: its name or title, then its aliases; `at`: its position in WGS 84 if coordinates were typed, else null;
 * `adcode`, `parent`: these cells of a place, "" for none.
 */
type Entry = { table: string, id: string, names: string[], at?: Position | null, adcode?: string, parent?: string };
/** Boundary of an administrative unit: rings of lon, lat, lon, lat ... in WGS 84. */
type Unit = { adcode: string, name: string, rings: Float64Array[] };
/**
 * A file for the worker. `choice` is what the user has chosen: for each column of the file its column of the table, "" for an own column,
 * "-" for one that is left out, "+" for one that the worker decides; empty or missing if the worker decides about all. `table` is the table
 * to which its rows belong, `isHead` is true if `bytes` or `text` are only the beginning of the file, `sheet` is the chosen worksheet, and
 * `workbook` the workbook that was read, or the kind of one that cannot be read.
 */
type FileJob = {
  name: string, bytes?: Uint8Array, text?: string, table: string, isHead?: boolean, choice?: string[], sheet?: string,
  workbook?: import("./import-worker/workbook.js").Workbook | { kind: string },
};
/**
 * A file to read. `datum`: datum of rows that name none, "" for none; `shown`: own columns that the page shows already; `region`: box outside
 * of which sites get a warning; `entries`: all rows of the map; `outlines`: the administrative units whose boundaries the page has; `there`:
 * the rows of the map's table.
 */
type ImportJob = FileJob & { kind?: undefined, datum?: string, shown?: string[], region?: Box, entries: Entry[], outlines: Unit[], there: TableRow[] };
/** A change of a row: the cells that change, as they were (`old`) and as they will be (`new`). */
type RowChange = { op: "add" | "change" | "delete", table: string, id: string, old?: RowRecord, new?: RowRecord };
/** All changes of one row, joined: with `removed` the table's row is deleted, with `added` a row is added (with both it is replaced); `numbers` of the changes in their list. */
type NetChange = { table: string, id: string, added: boolean, removed: boolean, old: RowRecord, new: RowRecord, numbers: number[] };
/** A table's file, empty for a new one, and the changes of its rows. */
type PatchJob = { kind: "patch", name: string, bytes: Uint8Array, table: string, changes: NetChange[], entries: Entry[] };
/** A text that may hold longitude and latitude. */
type PairJob = { kind: "pair", text: string };
/** A file to preview; `isTableOpen` is true if the worker may choose another table by the columns. */
type PreviewJob = FileJob & { kind: "preview", isTableOpen: boolean };
/**
 * What a column of a file is taken for; null for an own column, or one that is left out. `why` is the reason for a column of the table:
 * chosen, header, family (the ending of the header), both (header and contents), contents; or the reason for none: computed, omitted,
 * composed (it is part of a column made of several), running (running numbers), beside (the column `of` has the same meaning), unfit (the
 * contents do not confirm the header); "" for neither.
 */
type Proposal = { column: string | null, why: string, of?: string };
/**
 * The first rows of a file, and for each of its columns what it is taken for (`proposal`). `isDoubtful`: whether the user should look at the
 * columns; `columns`: those of the table, to choose from, with their Chinese labels; `sheets`: the worksheets of a workbook that may hold
 * data; `sheet`: the one shown, "" for other files.
 */
type Preview = {
  kind?: undefined, table: string, header: string[], rows: string[][], proposal: Proposal[], notes: Note[], isDoubtful: boolean,
  columns: { name: string, label: string, required: boolean }[], sheets: string[], sheet: string,
};
/**
 * Tables, vocabularies, texts and grammar of the program, as the page contains them (made by qjmap/page/import_worker.py). `faults`: code
 * -> message and cure; `sheet_notes`: the same for notes on worksheets; `simpler`: traditional characters, and the simplified ones in the
 * same order; `vocab`: name -> value -> labels and synonyms; `pair_headers`: headers of coordinate pairs; `project_words`: vocabulary ->
 * value -> words that the project adds; `open`: open vocabulary -> its key in the settings; `word_columns`: column of words as typed ->
 * its column; `fault_column`: header of the faults in a file of refused rows; `derived`, `companions`: table -> columns that exports add;
 * `original`: column of the typed position -> column of the table; `located`, `asked`: columns that `qjmap locate` adds -> column of the
 * table, "" for none; `encodings`: name of an encoding -> name for readers; `years`: the first and last plausible year; `radius_m`:
 * precision -> radius in metres, null for "unresolved"; `units`: codes of the present administrative units, each as the
 * difference from the one before; `provinces`: code -> name; `areas`: folded headers of administrative areas; `looks`: what encoding.js
 * compares a text with.
 */
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
