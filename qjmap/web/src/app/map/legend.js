/* The legend: the symbols that the layers draw, with their meaning, and those of precision and status. */

import { SvgContext } from "../../runtime/svg-context.js";
import { buttonOf, el, find, keepHeight, listen, templatePart } from "../base/dom.js";
import { followWindowSize } from "../base/page-layout.js";

const WIDTH = 34;
const HEIGHT = 20;
const ORDER = ["places", "districts", "partnerships", "corridors", "sites", "background"]; // order of the layers in the legend: lines before symbols, because their meaning is less obvious
const GROUPS = ["category", "status", "precision", "partnership_kind", "place_kind", "mode", "direction"];

/** @typedef {Layer & { legend: () => LegendEntry[] }} LegendLayer */
/** @typedef {{ choose: () => void, isOn: () => boolean }} LegendChoice Shows only the rows with a symbol, or all rows again. */
/** @typedef {{ node: HTMLElement, layer: LegendLayer, entry: LegendEntry, choice: LegendChoice | null }} Line A line of the legend. */
/** @typedef {{ node: HTMLElement, layer: LegendLayer, index: number }} Head The heading of a group of lines of a layer. */
/** @typedef {Record<string, [column: string, vocabulary: string]>} Symbols Kind of symbol -> column and vocabulary (`TableView.symbols`). */
/** @typedef {SVGElement & { qjDraw: () => SVGElement }} Symbol */

let drawings = 0;

/**
 * A symbol as a small SVG drawing, which is sharp on any screen and on paper.
 *
 * @param {LegendEntry} entry
 */
export function legendSymbol(entry) {
  const draw = () => {
    const ctx = new SvgContext(WIDTH, HEIGHT, `qj-symbol-${++drawings}-`);
    entry.draw(ctx.asCanvas(), WIDTH, HEIGHT);
    const symbol = /** @type {Symbol} */ (ctx.element());
    symbol.setAttribute("class", "qj-symbol");
    symbol.setAttribute("aria-hidden", "true");
    symbol.qjDraw = draw;
    return symbol;
  };
  return draw();
}

/** Draws all symbols again, in another palette. */
export function redrawLegendSymbols() {
  for (const symbol of /** @type {NodeListOf<Symbol>} */ (document.querySelectorAll("svg.qj-symbol"))) symbol.replaceWith(symbol.qjDraw());
}

/**
 * The text of a symbol: its own, else the label in the vocabulary that has its key.
 *
 * @param {Language} language
 * @param {Format} format
 * @param {string} name name of the layer
 * @param {LegendEntry} entry
 * @param {Symbols} symbols of the layer
 */
function wordsOf(language, format, name, { key, kind, planned, text: given }, symbols) {
  if (given !== undefined) return given || language.t("facet.unstated");
  const own = ["legend." + name + "." + kind + "." + key, "legend." + name + "." + key, "legend." + kind + "." + key, kind + "." + name + "." + key].find(language.has);
  if (own) return language.t(own);
  const group = [symbols[kind]?.[1] || kind, ...GROUPS].find((vocabulary) => (language.vocab[vocabulary] || {})[key]);
  const text = group ? language.word(group, key) : key;
  return planned ? text + format.aside(language.word("status", "planned")) : text;
}

/**
 * Returns a function that counts the rows with a symbol that pass the filter (for a width class of arcs, the lines). It returns null if the
 * layer is not filtered, or if the symbol does not represent a value of a facet's column.
 *
 * @param {RowFilter} filter
 * @param {FacetFilter} facets
 * @param {Language} language
 * @param {(layer: string) => Symbols} symbolsOf
 */
function makeRowCounts(filter, facets, language, symbolsOf) {
  /** @type {Map<string, Map<string, number> | null>} "table.column" -> value -> rows */
  const cache = new Map();
  return {
    clear: () => cache.clear(),
    /** @param {string} layer @param {LegendEntry} entry */
    of(layer, { key, kind, keys = [key], left }) {
      const [column, vocabulary] = symbolsOf(layer)[kind] || [];
      if (!filter.mask(layer)) return null;
      if (left) return left();
      if (!column) return null;
      const name = layer + "." + column, counts = cache.get(name) || facets.shown(layer, column);
      cache.set(name, counts);
      // A kind or mode that the project defines has the symbol of a built-in one; without a vocabulary each value has its own symbol.
      const known = Array.from(counts || []).flatMap(([value, count]) => (keys.includes(language.like(vocabulary || "", value)) ? [count] : []));
      return known.length ? known.reduce((sum, count) => sum + count, 0) : null;
    },
  };
}

/**
 * The groups of a layer, one for each kind of symbol.
 *
 * @param {LegendLayer} layer
 * @param {Language} language
 * @param {Format} format
 * @param {Symbols} symbols
 * @returns {LegendGroup[]}
 */
function groupsOf(layer, language, format, symbols) {
  /** @type {Map<string, LegendEntry[]>} */
  const kinds = new Map();
  for (const entry of layer.legend()) kinds.set(entry.kind, [...(kinds.get(entry.kind) || []), entry]);
  return Array.from(kinds, ([kind, entries], index) => ({
    kind, title: language.t("legend.title." + (index ? kind : layer.layerName)),
    entries: entries.map((entry) => ({ entry, text: wordsOf(language, format, layer.layerName, entry, symbols) })),
  }));
}

/**
 * Opens and closes the legend.
 *
 * @param {Language} language
 */
function makeLegendBox(language) {
  const box = templatePart("legend"), button = templatePart("legend-button"), body = templatePart("legend-body");

  /** @param {boolean} yes */
  function open(yes) {
    box.dataset.open = yes ? "yes" : "no";
    document.documentElement.dataset.legend = yes ? "open" : "closed";
    body.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
  }

  // The layer switches end where the legend begins.
  keepHeight(box, "--legend-height");
  listen(button, "click", () => open(Boolean(body.hidden)));
  language.bind(find(button, "span"), "legend.title");
  language.bind(box, "legend.title", "aria-label");
  language.bind(body, "legend.title", "aria-label");
  followWindowSize(open);
  return body;
}

/**
 * A line of the legend; its symbol is drawn later while `drawn` is false.
 *
 * @param {LegendEntry} entry
 * @param {string} text
 * @param {boolean} drawn
 * @param {() => void} [choose]
 */
const lineOf = (entry, text, drawn, choose = entry.choose) => el("li", {}, drawn ? legendSymbol(entry) : el("span", { class: "qj-symbol" }),
  choose ? buttonOf("qj-key", text, choose, { "data-class": entry.key }) : el("span", {}, text), el("span", { class: "qj-count", hidden: true }));

/** Marks the headings of groups whose layer is off. @param {Head[]} heads @param {LeafletMap} map */
function markOff(heads, map) {
  for (const { node, layer, index } of heads) {
    const off = !map.hasLayer(layer);
    node.hidden = off && index > 0;
    node.classList.toggle("qj-layer-off", off);
    find(node, ".qj-off").hidden = !off;
  }
}

/** @param {TableView[]} tables @returns {(layer: string) => Symbols} */
const makeSymbolsOf = (tables) => (layer) => tables.find(({ name }) => name === layer)?.symbols || {};

/** @param {{ map: LeafletMap, layers: Layer[], tables: TableView[], language: Language, format: Format }} parts */
export function makeLegend({ map, layers, tables, language, format }) {
  const { t } = language, body = makeLegendBox(language), symbolsOf = makeSymbolsOf(tables);
  let lines = /** @type {Line[]} */ ([]), heads = /** @type {Head[]} */ ([]), counts = /** @type {ReturnType<typeof makeRowCounts> | null} */ (null); // set when the filter is made
  let choiceOf = /** @type {(layer: string, entry: LegendEntry) => LegendChoice | null} */ (() => null);
  let drawn = false; // whether symbols have been drawn: they are drawn after the map
  // Layers that are not in ORDER (those of frames) come first.
  const listed = () => /** @type {LegendLayer[]} */ (layers.filter((layer) => layer.legend).sort((a, b) => ORDER.indexOf(a.layerName) - ORDER.indexOf(b.layerName)));

  /** Returns the groups of the legend of a layer. @param {LegendLayer} layer */
  const groups = (layer) => groupsOf(layer, language, format, symbolsOf(layer.layerName));

  /** Makes the sections of the legend of a layer. @param {LegendLayer} layer */
  const sectionsOf = (layer) => groups(layer).map(({ kind, title, entries }, index) => {
    const items = entries.map(({ entry, text }) => {
      const choice = choiceOf(layer.layerName, entry);
      return { node: lineOf(entry, text, drawn, choice ? choice.choose : entry.choose), layer, entry, choice };
    });
    const node = el("section", { class: "qj-legend-group", "data-group": kind },
      el("h2", {}, title, el("span", { class: "qj-off", hidden: true }, format.aside(t("legend.off")))), el("ul", {}, items.map((item) => item.node)));
    lines.push(...items);
    heads.push({ node, layer, index });
    return node;
  });

  /**
   * While filters are active, shows how many rows with each symbol pass. Symbols that are not on the map are drawn paler, and groups whose
   * layer is off are marked. For width classes of arcs, which are not rows, those that do not occur are hidden.
   */
  function count() {
    if (counts) counts.clear();
    for (const { node, layer, entry, choice } of lines) {
      if (choice) find(node, "button").setAttribute("aria-pressed", String(choice.isOn()));
      const rest = counts && counts.of(layer.layerName, entry), label = find(node, ".qj-count"), isWidth = Boolean(entry.left);
      label.hidden = rest === null || isWidth;
      label.textContent = rest === null || isWidth ? "" : format.number(rest);
      node.hidden = isWidth && rest === 0;
      node.classList.toggle("qj-away", rest === 0);
    }
    markOff(heads, map);
  }

  function fill() {
    lines = [];
    heads = [];
    body.replaceChildren(el("div", { class: "qj-legend-groups" }, listed().map(sectionsOf)), el("p", { class: "qj-legend-note" }, t("legend.note")));
    count();
  }

  language.onChange(fill);

  return {
    count,
    /** Sets the filter, after which rows are counted. @param {RowFilter} filter @param {FacetFilter} facets */
    countBy(filter, facets) {
      counts = makeRowCounts(filter, facets, language, symbolsOf);
      fill();
    },
    /** Makes lines buttons. @param {(layer: string, entry: LegendEntry) => LegendChoice | null} of */
    chooseBy(of) {
      choiceOf = of;
      fill();
    },
    /** Draws the symbols, for which space is already reserved. */
    draw() {
      if (drawn) return;
      drawn = true;
      for (const { node, entry } of lines) find(node, ".qj-symbol").replaceWith(legendSymbol(entry));
    },
    /** The legend for pictures: of the layers that are on, without symbols of which no row passes the filter. */
    shown() {
      if (counts) counts.clear();
      return listed().filter((layer) => map.hasLayer(layer)).flatMap((layer) => groups(layer)
        .map((group) => ({ ...group, entries: group.entries.filter(({ entry }) => !counts || counts.of(layer.layerName, entry) !== 0) }))
        .filter(({ entries }) => entries.length));
    },
  };
}
