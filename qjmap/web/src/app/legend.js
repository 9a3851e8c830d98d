/* The legend: the very symbols that the layers draw, with what they mean, and the keys of precision and status. */

import { el, templatePart } from "./dom.js";
import { SvgContext } from "./export/svg-context.js";

const WIDTH = 34;
const HEIGHT = 20;
const ORDER = ["places", "districts", "partnerships", "corridors", "sites", "background"]; // lines need their key more than signs do
/* Layer -> kind of symbol -> the column whose values the symbols stand for. */
/** @type {Record<string, Record<string, string>>} */
const COLUMNS = {
  sites: { category: "category", status: "status" }, partnerships: { arc_family: "kind" }, places: { place: "kind" }, corridors: { mode: "mode" },
};
const GROUPS = ["category", "status", "precision", "partnership_kind", "place_kind", "mode", "direction"];

let drawings = 0;

/**
 * A symbol as a small drawing of its own, sharp on any screen and on paper.
 *
 * @param {any} entry
 */
export function legendSymbol(entry) {
  const draw = () => {
    const ctx = new SvgContext(WIDTH, HEIGHT, `qj-symbol-${++drawings}-`);
    entry.draw(ctx, WIDTH, HEIGHT);
    const drawn = /** @type {any} */ (ctx.element());
    drawn.setAttribute("class", "qj-symbol");
    drawn.setAttribute("aria-hidden", "true");
    drawn.qjDraw = draw;
    return drawn;
  };
  return draw();
}

/* The palette has changed. */
export function redrawLegendSymbols() {
  for (const drawn of /** @type {any} */ (document.querySelectorAll("svg.qj-symbol"))) drawn.replaceWith(drawn.qjDraw());
}

/** @param {{ map: LeafletMap, layers: Layer[], language: Language, format: Format }} given */
export function makeLegend({ map, layers, language, format }) {
  const { t } = language;
  const box = templatePart("legend");
  const button = templatePart("legend-button");
  const body = templatePart("legend-body");
  const sums = new Map(); // "table.column" -> value -> rows shown
  /** @type {any[]} */
  let lines = [];
  /** @type {any[]} */
  let heads = []; // of the groups of layers that can be switched off
  /** @type {any} */
  let counted = null; // { filter, facets }: which rows are shown
  let drawing = false; // whether symbols are drawn: the map is, first

  /**
   * The words for a symbol: a text of its own, else the vocabulary that has its key.
   *
   * @param {any} layer
   * @param {any} entry
   */
  function words(layer, entry) {
    const name = layer.layerName;
    if (entry.alone && entry.alone()) return t("legend." + entry.kind + ".alone");
    const own = ["legend." + name + "." + entry.kind + "." + entry.key, "legend." + name + "." + entry.key,
      "legend." + entry.kind + "." + entry.key, entry.kind + "." + name + "." + entry.key].find(language.has);
    if (own) return t(own);
    const kinds = /** @type {Record<string, string>} */ ({ place: "place_kind", kind: name === "places" ? "place_kind" : "partnership_kind" });
    const first = kinds[entry.kind] || entry.kind;
    const group = [first, ...GROUPS].find((one) => (language.vocab[one] || {})[entry.key]);
    const text = group ? language.word(group, entry.key) : entry.key;
    return entry.planned ? text + format.aside(language.word("status", "planned")) : text;
  }

  /**
   * @param {any} title
   * @param {any} lines
   * @param {string} name
   */
  function group(title, lines, name) {
    return el("section", { class: "qj-legend-group", "data-group": name },
      el("h2", {}, title, el("span", { class: "qj-off", hidden: true }, format.aside(t("legend.off")))), el("ul", {}, lines));
  }

  /**
   * One group for each kind of symbol of each layer, categories apart from statuses: [{kind, title, entries: [{entry, text}]}].
   *
   * @param {any} layer
   */
  function groups(layer) {
    const kinds = new Map();
    for (const entry of layer.legend()) kinds.set(entry.kind, [...(kinds.get(entry.kind) || []), entry]);
    return Array.from(kinds, ([kind, entries], index) => ({
      kind, title: t("legend.title." + (index ? kind : layer.layerName)), entries: entries.map((/** @type {any} */ entry) => ({ entry, text: words(layer, entry) })),
    }));
  }

  /**
   * Rows shown of what a symbol stands for; null where nothing is filtered or the symbol stands for no rows.
   *
   * @param {any} layer
   * @param {any} entry
   */
  function left(layer, entry) {
    const column = (COLUMNS[layer.layerName] || {})[entry.kind];
    if (!counted || !counted.filter.mask(layer.layerName)) return null;
    if (entry.left) return entry.left();
    if (!column) return null;
    const name = layer.layerName + "." + column;
    if (!sums.has(name)) sums.set(name, counted.facets.shown(layer.layerName, column));
    const found = sums.get(name);
    const keys = found ? (entry.keys || [entry.key]).filter((/** @type {any} */ key) => found.has(key)) : [];
    return keys.length ? keys.reduce((/** @type {any} */ sum, /** @type {any} */ key) => sum + found.get(key), 0) : null;
  }

  /**
   * @param {any} layer
   * @param {any} entry
   * @param {any} text
   */
  function line(layer, entry, text) {
    return el("li", {}, drawing ? legendSymbol(entry) : el("span", { class: "qj-symbol" }), el("span", {}, text), el("span", { class: "qj-count", hidden: true }));
  }

  /** @param {any} layer */
  const groupsOf = (layer) => groups(layer).map(({ kind, title, entries }, index) => {
    const node = group(title, entries.map((/** @type {{ entry: any, text: any }} */ { entry, text }) => {
      const one = line(layer, entry, text);
      lines.push({ node: one, layer, entry });
      return one;
    }), kind);
    heads.push({ node, layer, index });
    return node;
  });

  /* While something is filtered, how many of each are left; what is not on the map steps back, and layers that are off say so.
   * Classes of a width are no rows that could be counted: those that do not occur are not shown. */
  function count() {
    sums.clear();
    for (const { node, layer, entry } of lines) {
      const rest = left(layer, entry);
      const label = node.querySelector(".qj-count");
      label.hidden = rest === null || Boolean(entry.left);
      label.textContent = label.hidden ? "" : format.number(rest);
      node.hidden = Boolean(entry.left) && rest === 0;
      node.classList.toggle("qj-away", rest === 0);
      if (entry.alone) node.querySelector(".qj-symbol + span").textContent = words(layer, entry);
    }
    for (const { node, layer, index } of heads) {
      const off = !map.hasLayer(layer);
      node.hidden = off && index > 0;
      node.classList.toggle("qj-layer-off", off);
      node.querySelector(".qj-off").hidden = !off;
    }
  }

  const drawn = () => ORDER.map((name) => layers.find((one) => one.layerName === name)).filter((layer) => layer && layer.legend);

  function fill() {
    lines = [];
    heads = [];
    body.replaceChildren(el("div", { class: "qj-legend-groups" }, drawn().map(groupsOf)),
      el("p", { class: "qj-legend-note" }, t("legend.note")));
    count();
  }

  /**
   * From now on rows are counted by these.
   *
   * @param {Filter} filter
   * @param {Facets} facets
   */
  function countBy(filter, facets) {
    counted = { filter, facets };
    fill();
  }

  /* The symbols, in the room that is kept for them; from now on with their words. */
  function draw() {
    if (drawing) return;
    drawing = true;
    for (const { node, entry } of lines) node.querySelector(".qj-symbol").replaceWith(legendSymbol(entry));
  }

  /** @param {boolean} yes */
  function open(yes) {
    box.dataset.open = yes ? "yes" : "no";
    body.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
  }

  /* The layer switches end where the legend begins. */
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--legend-height", box.getBoundingClientRect().height + "px");
  }).observe(box);
  button.addEventListener("click", () => open(body.hidden));
  language.bind(button.querySelector("span"), "legend.title");
  language.bind(box, "legend.title", "aria-label");
  language.bind(body, "legend.title", "aria-label");
  language.onChange(fill);
  open(window.innerWidth >= 1200 && window.innerHeight >= 640);

  /* The legend of what is on the map, for pictures: the layers that are on, without symbols of which none is left. */
  function shown() {
    sums.clear();
    return drawn().filter((layer) => map.hasLayer(layer)).flatMap((layer) => groups(layer)
      .map((one) => ({ ...one, entries: one.entries.filter((/** @type {{ entry: any }} */ { entry }) => left(layer, entry) !== 0) })).filter((one) => one.entries.length));
  }

  return { countBy, draw, count, shown };
}
