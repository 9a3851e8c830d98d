/* Layer switches: turn each layer on or off, and show how many of its rows pass the filters. */

import { el, listen, templatePart } from "../base/dom.js";
import { followWindowSize } from "../base/page-layout.js";

/** @type {Record<string, string[]>} table -> further layers that the switch of its layer turns on and off */
const WITH = { sites: ["districts"] };

/** @typedef {{ name: string, layer: Layer, more: Layer[] }} Group The layers of one switch: that of a table (`name`), and further ones. */

/**
 * Returns the groups of layers that are turned on and off together.
 *
 * @param {Layer[]} layers
 * @param {string[]} tables tables whose layers have a switch
 * @returns {Group[]}
 */
function groupsOf(layers, tables) {
  const named = (/** @type {string} */ name) => layers.filter(({ layerName }) => layerName === name);
  return tables.flatMap((name) => named(name).map((layer) => ({ name, layer, more: (WITH[name] || []).flatMap(named) })));
}

/**
 * Turns the layers of a group on or off.
 *
 * @param {LeafletMap} map
 * @param {Group} group
 * @param {boolean} on
 */
function turnGroup(map, group, on) {
  if (on === map.hasLayer(group.layer)) return;
  for (const layer of [group.layer, ...group.more]) {
    if (on) map.addLayer(layer);
    else map.removeLayer(layer);
  }
}

/**
 * Makes the card of the switches; on a phone it is a sheet.
 *
 * @param {Language} language
 */
function makeCard(language) {
  const card = templatePart("layers"), button = templatePart("layers-button"), close = templatePart("layers-close");
  const listeners = /** @type {(() => void)[]} */ ([]); // called when the card opens

  /** Opens or closes the card. @param {boolean} yes */
  function open(yes) {
    card.hidden = !yes;
    document.documentElement.dataset.layers = yes ? "open" : "closed";
    button.setAttribute("aria-expanded", String(yes));
    if (yes) listeners.forEach((listener) => listener());
  }

  language.bind(card, "layers.title", "aria-label");
  listen(button, "click", () => open(Boolean(card.hidden)));
  language.bind(close, "layers.close", "aria-label");
  listen(close, "click", () => {
    open(false);
    button.focus();
  });
  return { open, listeners, get isOpen() { return !card.hidden; } };
}

/**
 * Makes the switches, and filters the layers when the row filter changes.
 *
 * @param {{ map: LeafletMap, layers: Layer[], meta: Meta, language: Language, store: Store, format: Format, filter: RowFilter, lift: (refs: Ref[]) => void }} parts
 */
export function makeLayerSwitches({ map, layers, meta, language, store, format, filter, lift: liftFilters }) {
  const { t } = language, body = templatePart("layers-body"), groups = groupsOf(layers, store.layered), card = makeCard(language);
  const listeners = /** @type {(() => void)[]} */ ([]);

  filter.onChange(() => groups.forEach(({ name, layer }) => layer.setFilter(filter.shownOf(name))));
  filter.onChange(count);

  const isOn = (/** @type {Group} */ group) => map.hasLayer(group.layer);
  const turn = (/** @type {Group} */ group, /** @type {boolean} */ on) => turnGroup(map, group, on);

  // The settings of a view may state which layers are on at first.
  const begins = (meta.start && meta.start.layers) || [];
  if (begins.length) groups.forEach((group) => turn(group, begins.includes(group.name)));

  /** Makes the switch of a group. @param {Group} group */
  function switchOf(group) {
    const box = el("input", { type: "checkbox", "data-group": group.name });
    listen(box, "change", () => {
      turn(group, box.checked);
      notify();
    });
    return el("label", { class: "qj-switch qj-switch-layer", "data-group": group.name }, box,
      el("span", { class: "qj-switch-name" }, t("table." + group.name)), el("span", { class: "qj-count" }));
  }

  /** Checks the boxes of the layers that are on. */
  function check() {
    for (const group of groups) for (const box of body.querySelectorAll("input")) if (box.dataset.group === group.name) box.checked = isOn(group);
  }

  /** Writes the numbers of rows that pass the filters. */
  function count() {
    for (const { name } of groups) {
      const node = body.querySelector(`[data-group=${name}] .qj-count`);
      if (node) node.textContent = format.beside(format.rows(filter.numbers(name)), filter.drafts(name).length);
    }
  }

  const notify = () => { check(); listeners.forEach((listener) => listener()); };

  function fill() {
    body.replaceChildren(...groups.map(switchOf));
    check();
    count();
  }

  language.onChange(fill);
  fill();
  followWindowSize(card.open);

  return {
    open: card.open,
    /** Turns on the layers of the given rows and, unless `lift` is false, removes the filters that hide them. @param {string[]} ids */
    ensure(ids, lift = true) {
      const refs = ids.flatMap((id) => store.ref(id) ?? []), tables = refs.map(store.tableOf);
      const off = groups.filter((group) => !isOn(group) && tables.some((table) => table === group.name || group.more.some(({ layerName }) => layerName === table)));
      off.forEach((group) => turn(group, true));
      if (lift) liftFilters(refs);
      if (off.length) notify();
    },
    /** Turns on the layers of these tables, and all others off; without names all on. @param {string[]} names */
    set(names) {
      groups.forEach((group) => turn(group, !names.length || names.includes(group.name)));
      notify();
    },
    /** Calls a listener after layers were turned on or off. @param {() => void} listener */
    onChange: (listener) => { listeners.push(listener); },
    /** Calls a listener when the card opens. @param {() => void} listener */
    onOpen: (listener) => { card.listeners.push(listener); },
    /** Returns the tables whose layers are on. */
    on: () => groups.filter(isOn).map((group) => group.name),
    get isOpen() { return card.isOpen; },
  };
}
