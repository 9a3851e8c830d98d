/* Layer switches: each layer on or off, with how many of its rows pass the filters. */

import { el, templatePart } from "./dom.js";

const LAYERS = ["places", "sites", "partnerships", "corridors"];
/** @type {Record<string, string[]>} */
const WITH = { sites: ["districts"] }; // layers that say the same in another way, and have no switch of their own

/** @param {{ map: LeafletMap, layers: Layer[], meta: Meta, language: Language, store: Store, format: Format, filter: Filter, lift: any }} given */
export function makeSwitches({ map, layers, meta, language, store, format, filter, lift: liftFilters }) {
  const { t } = language;
  const card = templatePart("layers");
  const body = templatePart("layers-body");
  const button = templatePart("layers-button");
  const close = templatePart("layers-close"); // on a phone, where the card is a sheet
  /** @type {any[]} */
  const changed = [];
  /** @type {any[]} */
  const opening = [];

  /** @param {string} name */
  const called = (name) => /** @type {Layer} */ (layers.find((one) => one.layerName === name));
  const groups = LAYERS.map((name) => ({ name, layer: called(name), more: (WITH[name] || []).map(called).filter(Boolean) }))
    .filter((group) => group.layer);
  /** @param {string} table */
  const groupOf = (table) => groups.find((one) => one.name === table || one.more.some((layer) => layer.layerName === table));

  filter.onChange(() => groups.forEach((group) => group.layer.setFilter(filter.shownOf(group.name))));
  filter.onChange(count);

  /** @param {any} group */
  const isOn = (group) => map.hasLayer(group.layer);

  /**
   * @param {any} group
   * @param {any} on
   */
  function turn(group, on) {
    if (on === isOn(group)) return;
    for (const layer of [group.layer, ...group.more]) {
      if (on) map.addLayer(layer);
      else map.removeLayer(layer);
    }
  }

  // A view may begin with some of the layers only.
  const begins = (meta.start || {}).layers || [];
  if (begins.length) groups.forEach((group) => turn(group, begins.includes(group.name)));

  function tell() {
    state();
    changed.forEach((listener) => listener());
  }

  /** @param {any} group */
  function block(group) {
    const box = el("input", { type: "checkbox", "data-group": group.name });
    box.addEventListener("change", () => {
      turn(group, box.checked);
      tell();
    });
    return el("label", { class: "qj-switch qj-switch-layer", "data-group": group.name }, box,
      el("span", { class: "qj-switch-name" }, t("table." + group.name)), el("span", { class: "qj-count" }));
  }

  /* Boxes as the map is. */
  function state() {
    for (const box of body.querySelectorAll("input")) box.checked = isOn(groups.find((one) => one.name === box.dataset.group));
  }

  function count() {
    for (const group of groups) {
      const node = body.querySelector(`[data-group=${group.name}] .qj-count`);
      const total = store.rows(group.name);
      const shown = filter.count(group.name);
      const text = shown === total ? format.number(total) : t("list.count", { shown: format.number(shown), total: format.number(total) });
      if (node) node.textContent = format.beside(text, filter.drafts(group.name).length);
    }
  }

  function fill() {
    body.replaceChildren(...groups.map(block));
    state();
    count();
  }

  /** @param {boolean} yes */
  function open(yes) {
    card.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
    if (yes) opening.forEach((listener) => listener());
  }

  /**
   * Makes sure that what a reader asked for is not switched off.
   *
   * @param {string[]} ids
   */
  function ensure(ids, lift = true) {
    const refs = ids.map(store.ref).filter((r) => r !== undefined);
    const off = refs.map((r) => groupOf(store.tableOf(r))).filter((group) => group && !isOn(group));
    off.forEach((group) => turn(group, true));
    if (lift) liftFilters(refs);
    if (off.length) tell();
  }

  language.bind(button.querySelector("span"), "layers.title");
  language.bind(card, "layers.title", "aria-label");
  language.onChange(fill);
  button.addEventListener("click", () => open(card.hidden));
  language.bind(close, "layers.close", "aria-label");
  close.addEventListener("click", () => {
    open(false);
    button.focus();
  });
  fill();
  open(window.innerWidth >= 1100 && window.innerHeight >= 600);

  return {
    open, ensure, fill,
    onChange: (/** @type {any} */ listener) => changed.push(listener),
    onOpen: (/** @type {any} */ listener) => opening.push(listener),
    /* Layers that are on, by name. */
    on: () => groups.filter(isOn).map((group) => group.name),
    get isOpen() { return !card.hidden; },
  };
}
