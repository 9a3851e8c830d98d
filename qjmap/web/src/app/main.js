/* Builds the page around the map: reads the tables, makes the parts of the page, and marks the document when it is ready. */

import { makeArcList } from "./map/arc-list.js";
import { buttonOf, find, nextFrame, templatePart, yieldToBrowser } from "./base/dom.js";
import { arrangeLayout, isPhone } from "./base/page-layout.js";
import { makeExportDialog } from "./export/export-dialog.js";
import { makeFeatureReader } from "./export/feature-reader.js";
import { makeFacetFilter } from "./filter/facet-filter.js";
import { makeRowFilter } from "./filter/row-filter.js";
import { makeFilterPanel } from "./filter/filter-panel.js";
import { makeFormat } from "./base/format.js";
import { makeDraftLayer } from "./import/draft-layer.js";
import { makePositionMover } from "./import/move-position.js";
import { makeImportPanel } from "./import/import-panel.js";
import { makeImportClient } from "./import/import-client.js";
import { makeIndicatorCharts } from "./panel/indicator-charts.js";
import { makeLanguage } from "./base/language.js";
import { makeLegend } from "./map/legend.js";
import { fillSources, showNotes } from "./map/map-notes.js";
import { makeOwnColumns } from "./base/own-columns.js";
import { makeOffScreenPointers } from "./map/off-screen-pointers.js";
import { makeRowsAtPoint } from "./panel/rows-at-point.js";
import { makePanel } from "./panel/panel.js";
import { exposePublicApi } from "./public-api.js";
import { makeRelatedSections } from "./panel/related-sections.js";
import { makeRelationIndex } from "./base/relation-index.js";
import { makeRowFacts } from "./panel/row-facts.js";
import { makeRowSearch } from "./search/row-search.js";
import { makeRowWords } from "./search/row-words.js";
import { makeSearchBox } from "./search/search-box.js";
import { svg } from "./base/svg.js";
import { makeRowSelector, makeHighlight } from "./map/selection.js";
import { makePartnershipTotals } from "./panel/partnership-totals.js";
import { makeStore } from "./base/store.js";
import { makeLayerSwitches } from "./map/layer-switches.js";
import { makeListView } from "./list/list-view.js";
import { makeTheme } from "./map/theme.js";
import { makeOnlineTiles } from "./map/online-tiles.js";
import { makeUrlState } from "./base/url-state.js";
import { holdWithin, makeViewport } from "./base/viewport.js";
import { topCover } from "../runtime/open-views.js";
import { whenArrived } from "../runtime/document-loading.js";
import { frameSchedulerOf } from "../runtime/frame-scheduler.js";

/**
 * Places scale bar and zoom buttons in the page, and binds the texts of map, tools and buttons.
 *
 * @param {{ map: LeafletMap, language: Language, hasDates: boolean, goHome: () => void }} given
 */
function arrangeControls({ map, language, hasDates, goHome }) {
  if (map.attributionControl) map.attributionControl.setPrefix(false);
  const scale = L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
  templatePart("scale").append(scale.getContainer());
  if (!map.zoomControl) map.zoomControl = L.control.zoom().addTo(map);
  const zoom = map.zoomControl.getContainer();
  const home = buttonOf("qj-home", svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: "M2.5 8L8 3l5.5 5M4 7v6h8V7" })), goHome);
  zoom.append(home);
  templatePart("zoom").append(zoom);
  [["zoom.in", ".leaflet-control-zoom-in"], ["zoom.out", ".leaflet-control-zoom-out"], ["zoom.home", ".qj-home"]].forEach(([key, selector]) => {
    const link = find(zoom, selector);
    language.bind(link, key, "title");
    language.bind(link, key, "aria-label");
  });
  const container = map.getContainer();
  container.setAttribute("role", "region");
  language.bind(container, "map.label", "aria-label");
  language.bind(templatePart("skip"), "skip");
  language.bind(templatePart("side"), "layers.title", "aria-label");
  for (const [name, key] of [["layers", "layers.title"], ["list", "list.open"], ["take", "take.title"], ["drop", "drop.title"], ["time", "time.open"]]) {
    const button = templatePart(name + "-button");
    language.bind(find(button, "span"), key);
    language.bind(button, key, "title");
  }
  templatePart("time-button").hidden = !hasDates;
}

/**
 * Controls the first painting. With an overview of a large table of sites the map is painted early, before the tables are read; else all layers
 * are painted together when the page is ready. The promise `painted` resolves after the early painting, or at once if there is none.
 *
 * @param {LeafletMap} map
 * @param {Layer[]} layers
 */
function makeOpening(map, layers) {
  const sites = layers.find((layer) => layer.layerName === "sites");
  const pictures = frameSchedulerOf(map), early = Boolean(sites && sites.overview);
  const painted = early ? nextFrame().then(() => { performance.mark("qjmap-first"); }) : Promise.resolve();
  if (!early) pictures.hold();
  return {
    painted,
    /** Paints what has been requested, and marks the document as ready. */
    async finish() {
      if (early) await nextFrame(); // the frame in which the requested drawing is done
      pictures.release();
      if (!early) performance.mark("qjmap-first");
      document.documentElement.dataset.qjmap = "ready";
      performance.mark("qjmap-ready");
    },
  };
}

/**
 * Makes what the map needs before its first painting: title, controls, layout, viewport, legend, opening view and theme. They are set before
 * the layers have read their data, so that nothing moves later and the layers are drawn only once.
 *
 * @param {LeafletMap} map
 * @param {Layer[]} layers
 * @param {Meta} meta
 * @param {Language} language
 */
function makePlate(map, layers, meta, language) {
  const format = makeFormat(language);
  showNotes({ map, meta, language, format });
  arrangeControls({ map, language, hasDates: Boolean(meta.time && meta.time.dated), goHome: () => { if (meta.view) viewport.show(L.latLngBounds(meta.view), map.getMaxZoom()); } });
  arrangeLayout();
  language.onChange(arrangeLayout);
  window.addEventListener("resize", () => {
    arrangeLayout();
    map.invalidateSize({ animate: false });
  });
  map.invalidateSize({ animate: false });
  const viewport = makeViewport(map);
  const legend = makeLegend({ map, layers, tables: meta.tables, language, format });
  if (meta.view) map.fitBounds(meta.view, { ...viewport.padding(), animate: false });
  return { format, viewport, legend, paper: makeTheme({ map, layers, viewport }) };
}

/**
 * Makes the Escape key close the topmost open part of the page.
 *
 * @param {{ isOpen: () => boolean, close: () => void }[]} parts from top to bottom
 */
function closeByEscape(parts) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const top = parts.find((part) => part.isOpen());
    if (top) top.close();
  });
}

/**
 * Shows the rows that are clicked on the map.
 *
 * @param {{ map: LeafletMap, layers: Layer[], store: Store, go: SelectRow, choose: ChooseRows, boards?: Boards, openImport: () => void }} given
 */
function listenToMap({ map, layers, store, go, choose, boards, openImport }) {
  map.on("qjmap:choose", ({ layer, ids, total, latlng }) => {
    if (!ids || !ids.length) return;
    // Refused rows and corrections are explained in the import panel.
    if (layer === "drafts" && ids.some((/** @type {string} */ id) => store.ref(id) === undefined)) {
      openImport();
      return;
    }
    const clicked = layers.find(({ layerName }) => layerName === layer);
    // Of several places at one point the first is selected: a city comes before its zones.
    if (ids.length === 1 || layer === "places") go(ids[0], { also: ids.slice(1), move: false, part: clicked && clicked.partAt ? clicked.partAt(ids[0], latlng) : "" });
    else if (layer !== "sites" || !boards?.choose(ids, total)) choose(ids, false, total);
  });
}

/**
 * Makes the parts for export and import: { exportDialog, drafts, mover, importPanel }.
 *
 * @param {{ map: LeafletMap, layers: Layer[], meta: Meta, language: Language, format: Format, store: Store, filter: RowFilter, filters: FilterPanel, switches: LayerSwitches, legend: Legend, paper: Theme, viewport: Viewport, timeWords: () => string, indexDrafts: (readings: Readings) => void, hidePanel: () => void }} given
 * @param {MoreParts["picture"]} [pictureOf]
 */
function makeFileParts({ map, layers, meta, language, format, store, filter, filters, switches, legend, paper, viewport, timeWords, indexDrafts, hidePanel }, pictureOf) {
  const features = makeFeatureReader({ map, layers, store, filter, meta });
  const picture = pictureOf?.({ map, layers, meta, language, format, legend, paper, store, timeWords });
  const exportDialog = makeExportDialog({
    map, meta, language, format, store, filter, paper, features, picture, viewport, closeImport: () => importPanel.open(false),
  });
  const drafts = makeDraftLayer({ map, language, store, filter, switches, filters, paper, viewport, indexDrafts });
  const mover = makePositionMover({ map, store, language, drafts, viewport, openImport: () => importPanel.open(true), hidePanel });
  const client = makeImportClient({ store, meta, layers });
  const importPanel = makeImportPanel({ language, meta, store, drafts, client, closeExport: () => exportDialog.open(false) });
  return { exportDialog, drafts, mover, importPanel };
}

/**
 * Makes the figures, if a bundle adds them, and the panel; returns the panel.
 *
 * @param {{ map: LeafletMap, language: Language, format: Format, store: Store, relations: RelationIndex, filter: RowFilter, own: OwnColumns, meta: Meta, rowsAtPoint: RowsAtPoint, actions: (r: Ref) => Child[], rowNote?: (r: Ref) => Child, removeDraft: (key: string) => void, closeList: () => void }} given
 * @param {MoreParts["figures"]} [makeFigures]
 */
function makePanelParts({ map, meta, language, format, store, relations, filter, own, rowsAtPoint, actions, rowNote, removeDraft, closeList }, makeFigures) {
  const facts = makeRowFacts({ meta, language, store, format, own }), totals = makePartnershipTotals({ store, relations, format, language });
  const figures = makeFigures?.({ meta, language, store, relations, format, filter, facts, totals, closeList });
  const indicators = makeIndicatorCharts({ language, store, relations, format, facts });
  const related = makeRelatedSections({ language, store, relations, format, filter, facts, totals, indicators, opener: figures?.opener });
  return makePanel({ map, language, store, filter, facts, rowsAtPoint, related, actions, rowNote, removeDraft });
}

/** Returns a part in the form that `closeByEscape` takes. @param {{ isOpen: boolean, open: (yes: boolean) => void }} part */
const closing = (part) => ({ isOpen: () => part.isOpen, close: () => part.open(false) });

/**
 * @typedef {{ map: LeafletMap, layers: Layer[], meta: Meta, language: Language, format: Format, viewport: Viewport, legend: Legend, paper: Theme }} Plate
 * @typedef {{ store: Store, relations: RelationIndex, filter: RowFilter, address: UrlState }} Data
 * `Plate` is what `makePlate` makes with what it takes; `Data` is made when the tables are read.
 */

/**
 * Makes all parts of the page. Parts that need each other refer to each other in callbacks, which are called only after all are made.
 *
 * @param {Plate} plate
 * @param {Data} data
 * @param {L.TileLayer[][]} tiles
 * @param {MoreParts} more
 */
function makeParts(plate, data, tiles, more) {
  const { map, layers, meta, language, format, viewport, legend, paper } = plate, { store, relations, filter, address } = data;
  const own = makeOwnColumns({ meta, language, store, format, forms: more.forms?.({ language, format }) });
  const go = makeRowSelector({
    store,
    selected(id, { focus, move, lift, part, also }) {
      panel.show(id, focus, part, also);
      highlight.at(id, move, lift);
      address.set("id", id);
      offScreen.place();
    },
  });
  const rowsAtPoint = makeRowsAtPoint({ language, store, relations, home: meta.home });
  const panel = makePanelParts({
    map, meta, language, format, store, relations, filter, own, rowsAtPoint,
    actions: (r) => [files.exportDialog.rowButton(r), files.mover.button(r), more.rowButton?.(r), boards?.opener(store.id(r))],
    rowNote: more.rowNote,
    removeDraft: (key) => files.drafts.drop(files.drafts.of(key)),
    closeList: () => { if (table.isOpen) table.open(false); },
  }, more.figures);
  const facets = makeFacetFilter({ meta, language, store, relations, filter, own });
  legend.countBy(filter, facets);
  const switches = makeLayerSwitches({ map, layers, meta, language, store, format, filter, lift: (refs) => filters.lift(refs) });
  filter.onChange(legend.count); // registered after the listeners of the layers
  switches.onChange(legend.count);
  legend.count();
  const filters = makeFilterPanel({ language, layers, format, filter, facets, address, switches, facetView: more.facetView?.({ language, format }) });
  makeOnlineTiles({ map, meta, language, tiles });
  const highlight = makeHighlight({ map, layers: () => [...layers, files.drafts.layer], store, relations, switches, viewport });
  const words = makeRowWords({ language, store, relations, families: meta.families || {} }), finder = makeSearchBox({ language, store, format, own, words, go, switches });
  const table = makeListView({ language, store, format, own, filter, filters, go });
  const search = makeRowSearch(store, meta.pinyin, own, words);
  const files = makeFileParts({
    map, layers, meta, language, format, store, filter, filters, switches, legend, paper, viewport,
    timeWords: () => templatePart("when").textContent || "", indexDrafts: search.setDrafts, hidePanel: () => panel.hide(),
  }, more.picture);
  const offScreen = makeOffScreenPointers({ map, meta, language, store, format, viewport });
  /** @type {PageFace} */
  const face = { map, layers, meta, language, format, store, filter, facets, own, relations, address, viewport, legend, switches, filters, go, rowsAtPoint, onPanelClose: panel.onClose, drafts: () => files.drafts };
  const boards = more.boards?.(face), added = more.connect?.({ ...face, boards });
  return { go, panel, boards, switches, filters, highlight, finder, table, search, files, offScreen, added };
}

/** @typedef {ReturnType<typeof makeParts>} PageParts */

/**
 * Connects the parts with the map, the link and the keyboard.
 *
 * @param {Plate} plate
 * @param {Data} data
 * @param {PageParts} parts
 */
function connectParts({ map, layers, language, format }, { store, filter, address }, { go, panel, boards, switches, highlight, files, offScreen }) {
  panel.onClose(() => {
    highlight.clear();
    address.set("id", "");
    offScreen.place();
  });
  // A link may have a row and filters: selecting the row of the link removes no filter.
  address.on("id", (id) => { if (!go(id, { lift: false })) panel.hide(); });
  /** @type {ChooseRows} */
  const choose = (ids, focus = false, total = ids.length) => {
    panel.pick(ids, focus, total);
    layers.forEach((layer) => layer.highlight(ids));
    offScreen.place();
  };
  listenToMap({ map, layers, store, go, choose, boards, openImport: () => files.importPanel.open(true) });
  makeArcList({ map, language, store, layers, format, filter, go, choose });
  closeByEscape([
    { isOpen: () => Boolean(topCover()), close: () => topCover().close() }, closing(files.exportDialog), { isOpen: () => files.mover.isOn, close: () => files.mover.end() },
    closing(files.importPanel), { isOpen: () => isPhone() && switches.isOpen, close: () => switches.open(false) },
    { isOpen: () => true, close: () => panel.hide() },
  ]);
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    offScreen.place();
  }).observe(templatePart("stage"));
}

/**
 * Passes the search to the parts that use it, and applies the state that the link has.
 *
 * @param {Plate} plate
 * @param {Data} data
 * @param {PageParts} parts
 */
async function startParts({ map, layers, meta }, { store, filter, address }, { go, boards, filters, finder, table, search, files, offScreen, added }) {
  finder.start(search);
  table.start(search);
  await filters.start(search);
  exposePublicApi({ map, layers, meta, store, filter, go });
  files.drafts.start();
  await added?.start();
  await boards?.start();
  const id = address.get("id");
  if (id && !go(id, { lift: false, move: !address.get("map") })) address.set("id", "");
  offScreen.place();
}

/**
 * Combines the parts that several bundles add to a page; the `connect` and `start` of the result call those of all bundles in turn. If
 * several bundles have any other part, that of the last is used.
 *
 * @param {MoreParts[]} bundles
 * @returns {MoreParts}
 */
function joinParts(bundles) {
  /** Connects all bundles with the page. @param {PageFace} face */
  function connect(face) {
    const started = bundles.map((bundle) => bundle.connect?.(face));
    return { async start() { for (const part of started) await part?.start(); } };
  }
  return { ...Object.assign({}, ...bundles), connect };
}

/**
 * Builds the page around a Leaflet map that is already in the document; resolves when the page is ready; the search index is filled after that.
 *
 * @param {LeafletMap} map
 * @param {Layer[]} layers
 * @param {Element} metaElement script element that holds the page's metadata as JSON
 * @param {string} tables selector of the script elements that hold the tables
 * @param {L.TileLayer[][]} tiles for each online basemap its tile layers, lowest first
 * @param {MoreParts[]} bundles parts that other script bundles add to the page; may be none
 */
export async function openPage(map, layers, metaElement, tables, tiles, ...bundles) {
  /** @type {Meta} */
  const meta = JSON.parse(metaElement.textContent);
  const language = makeLanguage(meta);
  language.apply();
  const opening = makeOpening(map, layers);
  const plate = { map, layers, meta, language, ...makePlate(map, layers, meta, language) }, { format, legend } = plate;
  await opening.painted; // the map is painted before the rest of the data is read
  await whenArrived();

  const store = await makeStore(document.querySelectorAll(tables), language, meta.tables), filter = makeRowFilter(store);
  const data = { store, relations: makeRelationIndex(store, meta.ties), filter, address: makeUrlState() };
  language.onChange((now) => layers.forEach((layer) => layer.setLanguage(now)));
  language.onChange(() => fillSources({ store, language, format }));
  await Promise.all(layers.map((layer) => layer.ready));
  holdWithin(map, meta.extent, meta.tiles.length ? undefined : meta.closest);
  const parts = makeParts(plate, data, tiles, joinParts(bundles));
  connectParts(plate, data, parts);
  // Other bundles have added tools.
  const { room } = document.documentElement.dataset;
  arrangeLayout();
  if (room !== document.documentElement.dataset.room && meta.view) map.fitBounds(meta.view, { ...plate.viewport.padding(), animate: false });
  await startParts(plate, data, parts);
  await opening.finish();

  // The legend's symbols are drawn later, except for printing.
  const rest = () => {
    legend.draw();
    parts.filters.draw();
    fillSources({ store, language, format });
  };
  window.addEventListener("beforeprint", rest);
  await nextFrame();
  await nextFrame(); // the map is on the screen
  rest();
  await yieldToBrowser();
  parts.search.read();
}
