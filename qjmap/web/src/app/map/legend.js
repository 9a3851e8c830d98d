/* The legend: the symbols that the layers draw, and their meaning. */

import { SvgContext } from "../../runtime/svg-context.js";
import { buttonOf, el, find, keepHeight, listen, templatePart } from "../base/dom.js";
import { followWindowSize } from "../base/page-layout.js";

const WIDTH = 34; // px, size of a symbol
const HEIGHT = 20;
const ORDER = ["places", "districts", "partnerships", "corridors", "sites", "background"]; // order of the layers in the legend: lines before symbols, because their meaning is less obvious
/** Vocabularies in which the label of a symbol is looked up, in this order. */
const GROUPS = ["category", "status", "precision", "partnership_kind", "place_kind", "mode", "direction"];

/** @typedef {Layer & { legend: () => LegendEntry[] }} LegendLayer A layer with entries in the legend. */
/** @typedef {{ choose: () => void, isOn: () => boolean }} LegendChoice What a click on a line does: `choose` shows only the rows with its symbol, or ends that filter; `isOn` returns whether it is on. */
/** @typedef {{ node: HTMLElement, layer: LegendLayer, entry: LegendEntry, choice: LegendChoice | null }} Line A line of the legend; `choice` is null if it has no button. */
/** @typedef {{ node: HTMLElement, layer: LegendLayer, index: number }} Head The section of a group of lines, and its index in the layer. */
/** @typedef {Record<string, [column: string, vocabulary: string]>} Symbols Kind of symbol -> column and vocabulary (`TableView.symbols`). */
/** @typedef {SVGElement & { qjDraw: () => SVGElement }} Symbol The element of a symbol; `qjDraw` draws the symbol again, into a new element. */

let drawings = 0; // number of symbols drawn so far, for unique ids

/**
 * Draws a symbol as a small SVG element, which is sharp on any screen and on paper.
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

/** Draws all symbols in the document again, in the present palette. */
export function redrawLegendSymbols() {
  for (const symbol of /** @type {NodeListOf<Symbol>} */ (document.querySelectorAll("svg.qj-symbol"))) symbol.replaceWith(symbol.qjDraw());
}

/**
 * Returns the text of a symbol: that of its entry, else a text of the page, else the label in the first vocabulary that has its key, else the
 * key.
 *
 * @param {Language} language
 * @param {Format} format
 * @param {string} name name of the layer
 * @param {LegendEntry} entry
 * @param {Symbols} symbols kinds of symbols of the layer
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
 * Makes the functions that count rows by symbol: `of` counts, and `clear` discards the counts after a change of the filter.
 *
 * @param {RowFilter} filter
 * @param {FacetFilter} facets
 * @param {Language} language
 * @param {(layer: string) => Symbols} symbolsOf returns the kinds of symbols of a layer
 */
function makeRowCounts(filter, facets, language, symbolsOf) {
  /** @type {Map<string, Map<string, number> | null>} "table.column" -> value -> rows */
  const cache = new Map();
  return {
    clear: () => cache.clear(),
    /**
     * Returns the number of rows with a symbol that pass the filter; for a width class of arcs the number of lines. null if the layer is not
     * filtered, or if the symbol does not stand for values of a column that is counted.
     *
     * @param {string} layer
     * @param {LegendEntry} entry
     */
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
 * Returns the groups of a layer, one for each kind of symbol; the first has the title of the layer.
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
 * Makes the box of the legend, which opens and closes; returns the element for its contents.
 *
 * @param {Language} language
 */
function makeLegendBox(language) {
  const box = templatePart("legend"), button = templatePart("legend-button"), body = templatePart("legend-body");

  /** Opens or closes the box. @param {boolean} yes */
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
 * Makes a line of the legend.
 *
 * @param {LegendEntry} entry
 * @param {string} text
 * @param {boolean} drawn whether to draw the symbol now; else an empty element keeps its place
 * @param {() => void} [choose] makes the text a button, and is called by it
 */
const lineOf = (entry, text, drawn, choose = entry.choose) => el("li", {}, drawn ? legendSymbol(entry) : el("span", { class: "qj-symbol" }),
  choose ? buttonOf("qj-key", text, choose, { "data-class": entry.key }) : el("span", {}, text), el("span", { class: "qj-count", hidden: true }));

/** Of layers that are off marks the first group, and hides the others. @param {Head[]} heads @param {LeafletMap} map */
function markOff(heads, map) {
  for (const { node, layer, index } of heads) {
    const off = !map.hasLayer(layer);
    node.hidden = off && index > 0;
    node.classList.toggle("qj-layer-off", off);
    find(node, ".qj-off").hidden = !off;
  }
}

/** Returns a function that returns the kinds of symbols of a layer, {} without any. @param {TableView[]} tables @returns {(layer: string) => Symbols} */
const makeSymbolsOf = (tables) => (layer) => tables.find(({ name }) => name === layer)?.symbols || {};

/** Makes the legend; it is empty until `countBy` is called. @param {{ map: LeafletMap, layers: Layer[], tables: TableView[], language: Language, format: Format }} parts */
export function makeLegend({ map, layers, tables, language, format }) {
  const { t } = language, body = makeLegendBox(language), symbolsOf = makeSymbolsOf(tables);
  let lines = /** @type {Line[]} */ ([]), heads = /** @type {Head[]} */ ([]), counts = /** @type {ReturnType<typeof makeRowCounts> | null} */ (null); // set when the filter is made
  let choiceOf = /** @type {(layer: string, entry: LegendEntry) => LegendChoice | null} */ (() => null);
  let drawn = false; // whether symbols are drawn yet: they are drawn after the map
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
   * While a layer is filtered, shows how many rows with each symbol pass. Lines whose symbol no row has are paler; a width class of arcs that no
   * line has is hidden. Groups whose layer is off are marked.
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
    /** Sets the filter by which rows are counted, and fills the legend. @param {RowFilter} filter @param {FacetFilter} facets */
    countBy(filter, facets) {
      counts = makeRowCounts(filter, facets, language, symbolsOf);
      fill();
    },
    /** Makes buttons of the lines for which `of` returns a choice. @param {(layer: string, entry: LegendEntry) => LegendChoice | null} of */
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
    /** Returns the legend for pictures: the groups of the layers that are on, without symbols of which no row passes the filter. */
    shown() {
      if (counts) counts.clear();
      return listed().filter((layer) => map.hasLayer(layer)).flatMap((layer) => groups(layer)
        .map((group) => ({ ...group, entries: group.entries.filter(({ entry }) => !counts || counts.of(layer.layerName, entry) !== 0) }))
        .filter(({ entries }) => entries.length));
    },
  };
}
