/* The page around the map: reads the tables, builds its parts, and says when it is ready. */

import { makeArcs } from "./arcs.js";
import { isPhone, nextFrame, templatePart, yieldToBrowser } from "./dom.js";
import { makeExportDialog } from "./export/dialog.js";
import { makeFeatureReader } from "./export/geojson.js";
import { makePicture } from "./export/picture.js";
import { makeFacets } from "./facets.js";
import { makeFilter } from "./filter.js";
import { makeFilters } from "./filters.js";
import { makeFormat } from "./format.js";
import { makeDraftLayer } from "./import/draft-layer.js";
import { makePositionMover } from "./import/move-position.js";
import { makeImportPanel } from "./import/panel.js";
import { makeImportClient } from "./import/worker-client.js";
import { makeIndicators } from "./indicators.js";
import { makeLanguage } from "./language.js";
import { makeLegend } from "./legend.js";
import { makeMatrix } from "./matrix.js";
import { fillSources, showNotes } from "./notes.js";
import { makeOffScreenMarks } from "./off-screen.js";
import { makePanel } from "./panel.js";
import { exposePublicApi } from "./public-api.js";
import { makeRelatedRows } from "./related-rows.js";
import { makeRelations } from "./relations.js";
import { makeRowDetails } from "./row-details.js";
import { makeSearch } from "./search/search.js";
import { makeSearchBox } from "./search-box.js";
import { makeGo, makeHighlight } from "./selection.js";
import { makeStatistics } from "./statistics.js";
import { makeStore } from "./store.js";
import { makeSwitches } from "./switches.js";
import { makeTable } from "./table.js";
import { makeTheme } from "./theme.js";
import { makeTiles } from "./tiles.js";
import { makeTime } from "./time.js";
import { makeTimeline } from "./timeline.js";
import { makeUrlState } from "./url-state.js";
import { holdWithin, makeViewport } from "./viewport.js";
import { whenArrived } from "../runtime/arrival.js";
import { frameSchedulerOf } from "../runtime/frame-scheduler.js";

/** @param {{ map: LeafletMap, language: Language }} given */
function arrangeControls({ map, language }) {
  if (map.attributionControl) map.attributionControl.setPrefix(false);
  const scale = L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
  templatePart("scale").append(scale.getContainer());
  if (!map.zoomControl) map.zoomControl = L.control.zoom().addTo(map);
  const zoom = map.zoomControl.getContainer();
  templatePart("zoom").append(zoom);
  [["zoom.in", ".leaflet-control-zoom-in"], ["zoom.out", ".leaflet-control-zoom-out"]].forEach(([key, part]) => {
    const link = zoom.querySelector(part);
    language.bind(link, key, "title");
    language.bind(link, key, "aria-label");
  });
  const container = map.getContainer();
  container.setAttribute("role", "region");
  language.bind(container, "map.label", "aria-label");
  language.bind(templatePart("skip"), "skip");
  language.bind(templatePart("side"), "layers.title", "aria-label");
}

/**
 * The first picture: of many sites a few are painted at once; few are painted together with all else, in one go.
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
    /* Everything has been asked for. */
    async finish() {
      if (early) await nextFrame(); // in which all that was asked for is drawn
      pictures.release();
      if (!early) performance.mark("qjmap-first");
      document.documentElement.dataset.qjmap = "ready";
      performance.mark("qjmap-ready");
    },
  };
}

/**
 * Title and foot take their room first: what comes later moves nothing. View and palette are set before the layers have read
 * their data, so that they draw once.
 *
 * @param {LeafletMap} map
 * @param {Layer[]} layers
 * @param {Meta} meta
 * @param {Language} language
 */
function makePlate(map, layers, meta, language) {
  const format = makeFormat(language);
  showNotes({ meta, language, format });
  arrangeControls({ map, language });
  window.addEventListener("resize", () => map.invalidateSize({ animate: false }));
  map.invalidateSize({ animate: false });
  const viewport = makeViewport(map);
  const legend = makeLegend({ map, layers, language, format });
  if (meta.view) map.fitBounds(meta.view, { ...viewport.padding(), animate: false });
  return { format, viewport, legend, paper: makeTheme({ map, layers, viewport }) };
}

/**
 * Closes what lies on top, of parts { isOpen, close } from top to bottom.
 *
 * @param {any} parts
 */
function closeByEscape(parts) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const top = parts.find((/** @type {any} */ part) => part.isOpen());
    if (top) top.close();
  });
}

/**
 * What a click on the map means.
 *
 * @param {{ map: LeafletMap, layers: Layer[], store: Store, go: Go, choose: (ids: string[], focus?: boolean, total?: number) => void, openImport: () => void }} given
 */
function listenToMap({ map, layers, store, go, choose, openImport }) {
  map.on("qjmap:choose", (/** @type {{ layer: any, ids: string[], total: number, latlng: LatLng }} */ { layer, ids, total, latlng }) => {
    if (!ids || !ids.length) return;
    // Refused rows and corrections are explained in the card.
    if (layer === "drafts" && ids.some((id) => store.ref(id) === undefined)) {
      openImport();
      return;
    }
    const met = layers.find((one) => one.layerName === layer);
    if (ids.length === 1) go(ids[0], { move: false, part: met && met.partAt ? met.partAt(ids[0], latlng) : "" });
    else choose(ids, false, total);
  });
}

/**
 * Files, pictures and tables of a reader's own: { exportDialog, drafts, mover, importPanel }.
 *
 * @param {{ map: LeafletMap, layers: Layer[], meta: Meta, language: Language, format: Format, store: Store, filter: Filter, filters: Filters, switches: Switches, legend: Legend, paper: Theme, viewport: Viewport, timeWords: () => string, indexDrafts: (readings: Readings) => void, hidePanel: () => void }} given
 */
function makeFileParts({ map, layers, meta, language, format, store, filter, filters, switches, legend, paper, viewport, timeWords, indexDrafts, hidePanel }) {
  const features = makeFeatureReader({ map, layers, store, filter, meta });
  const picture = makePicture({ map, layers, meta, language, format, legend, store, timeWords });
  const exportDialog = makeExportDialog({
    map, meta, language, format, store, filter, paper, features, picture, viewport, closeImport: () => importPanel.open(false),
  });
  const drafts = makeDraftLayer({ map, language, store, filter, switches, filters, paper, viewport, indexDrafts });
  const mover = makePositionMover({ map, store, language, drafts, viewport, openImport: () => importPanel.open(true), hidePanel });
  const reading = makeImportClient({ store, meta, layers });
  const importPanel = makeImportPanel({ language, meta, drafts, reading, closeExport: () => exportDialog.open(false) });
  return { exportDialog, drafts, mover, importPanel };
}

/**
 * The panel and what stands in it: { panel, matrix }.
 *
 * @param {{ map: LeafletMap, meta: Meta, language: Language, format: Format, store: Store, relations: Relations, filter: Filter, actions: (r: Ref) => any[], removeDraft: (key: string) => void, closeList: () => void }} given
 */
function makePanelParts({ map, meta, language, format, store, relations, filter, actions, removeDraft, closeList }) {
  const details = makeRowDetails({ meta, language, store, format });
  const matrix = makeMatrix({ language, store, relations, format, filter, details, closeList });
  const statistics = makeStatistics({ meta, store, format, language });
  const indicators = makeIndicators({ language, store, relations, format, details });
  const related = makeRelatedRows({ language, store, relations, format, filter, details, statistics, indicators, matrix });
  return { matrix, panel: makePanel({ map, language, store, filter, details, related, actions, removeDraft }) };
}

/** @param {any} part */
const closing = (part) => ({ isOpen: () => part.isOpen, close: () => part.open(false) });

/**
 * Builds the page around a map that stands in its document.
 *
 * @param {LeafletMap} map
 * @param {Layer[]} layers
 * @param {any} metaElement
 * @param {any} tables
 * @param {any} tiles
 */
export async function openPage(map, layers, metaElement, tables, tiles) {
  const meta = JSON.parse(metaElement.textContent);
  const language = makeLanguage(meta);
  language.apply();
  const opening = makeOpening(map, layers);
  const { format, viewport, legend, paper } = makePlate(map, layers, meta, language);
  await opening.painted; // before the rest is read
  await whenArrived();

  const store = await makeStore(document.querySelectorAll(tables), language);
  const relations = makeRelations(store, meta.ties);
  const filter = makeFilter(store);
  language.onChange((/** @type {any} */ now) => layers.forEach((layer) => { if (layer.setLanguage) layer.setLanguage(now); }));
  language.onChange(() => fillSources({ store, language, format }));
  const address = makeUrlState();
  const go = makeGo({
    store,
    /**
     * @param {string} id
     * @param {{ focus: boolean, move: boolean, lift: boolean, part: any }} given
     */
    chosen(id, { focus, move, lift, part }) {
      panel.show(id, focus, part);
      highlight.at(id, move, lift);
      address.set("id", id);
      offScreen.place();
    },
  });
  const { panel, matrix } = makePanelParts({
    map, meta, language, format, store, relations, filter,
    actions: (r) => [files.exportDialog.rowButton(r), files.mover.button(r)],
    removeDraft: (key) => files.drafts.drop(files.drafts.of(key)),
    closeList: () => { if (table.isOpen) table.open(false); },
  });
  await Promise.all(layers.map((layer) => layer.ready));
  holdWithin(map, meta.extent);

  const facets = makeFacets({ meta, language, store, relations, filter });
  legend.countBy(filter, facets);
  const switches = makeSwitches({ map, layers, meta, language, store, format, filter, lift: (/** @type {any} */ refs) => filters.lift(refs) });
  filter.onChange(legend.count); // after the layers have been told
  switches.onChange(legend.count);
  legend.count();
  const filters = makeFilters({ language, layers, store, format, filter, facets, address, switches });
  makeTiles({ map, meta, language, tiles });
  const highlight = makeHighlight({ map, layers: () => [...layers, files.drafts.layer], store, relations, switches, viewport });
  const finder = makeSearchBox({ language, store, format, go, switches });
  const table = makeTable({ language, store, format, filter, filters, go });
  const files = makeFileParts({
    map, layers, meta, language, format, store, filter, filters, switches, legend, paper, viewport,
    timeWords: () => timeline.words(), indexDrafts: (readings) => search.setDrafts(readings), hidePanel: () => panel.hide(),
  });
  const offScreen = makeOffScreenMarks({ map, meta, language, store, format, viewport });

  panel.onClose(() => {
    highlight.clear();
    address.set("id", "");
    offScreen.place();
  });
  // What the address names is shown as it says, filters and all.
  address.on("id", (/** @type {string} */ id) => { if (!go(id, { lift: false })) panel.hide(); });
  const time = makeTime({ meta, store, filter });
  const timeline = makeTimeline({ meta, language, format, filter, address, time });
  /** @param {string[]} ids */
  const choose = (ids, focus = false, total = ids.length) => {
    panel.pick(ids, focus, total);
    layers.forEach((layer) => layer.highlight && layer.highlight(ids));
    offScreen.place();
  };
  listenToMap({ map, layers, store, go, choose, openImport: () => files.importPanel.open(true) });
  makeArcs({ map, language, store, layers, format, filter, go, choose });
  closeByEscape([
    closing(matrix), closing(table), closing(files.exportDialog), { isOpen: () => files.mover.isOn, close: () => files.mover.end() },
    closing(files.importPanel), { isOpen: () => isPhone() && switches.isOpen, close: () => switches.open(false) },
    { isOpen: () => true, close: () => panel.hide() },
  ]);
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    offScreen.place();
  }).observe(templatePart("stage"));

  const search = makeSearch(store, meta.pinyin);
  finder.start(search);
  table.start(search);
  await filters.start(search);
  exposePublicApi({ map, layers, meta, store, go });
  files.drafts.start();
  await timeline.start();
  const asked = address.get("id");
  if (asked && !go(asked, { lift: false })) address.set("id", "");
  offScreen.place();
  await opening.finish();

  // What nobody has missed yet; paper needs it at once.
  const rest = () => {
    legend.draw();
    filters.draw();
    fillSources({ store, language, format });
  };
  window.addEventListener("beforeprint", rest);
  await nextFrame();
  await nextFrame(); // the map is on the screen
  rest();
  await yieldToBrowser();
  search.read();
}
