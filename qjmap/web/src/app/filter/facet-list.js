/* The list of facets. Each can be unfolded to checkboxes of its values, with the numbers of rows. */

import { buttonOf, el, elIn, find, listen } from "../base/dom.js";
import { legendSymbol } from "../map/legend.js";

const MANY = 24; // maximum number of values that a facet lists without a button for more
const FEW = 12; // number of values that a facet with more than `MANY` lists at first
const MOST = 300; // maximum number of checkboxes; the reader finds other values by searching the list
const NARROWED = 30; // minimum number of values for a list to have a search field
const WITH_SYMBOLS = ["category", "kind", "mode"];

/**
 * @typedef {{ language: Language, layers: Layer[], format: Format, facets: FacetFilter, marks: TextFilter["marks"], changed: () => void, facetView?: MakeFacetView }} Parts
 * `changed` is called after other checkboxes are listed; `facetView` makes a view that replaces the checkboxes of a facet, or null.
 */

/**
 * Returns the symbol of a value on the map; null if it has none.
 *
 * @param {Layer[]} layers
 * @param {Facet} facet
 * @param {string} value
 */
function symbolOf(layers, facet, value) {
  const layer = layers.find(({ layerName }) => layerName === Object.keys(facet.columns)[0]);
  if (!layer || !layer.legend || !WITH_SYMBOLS.includes(facet.key)) return null;
  const entry = layer.legend().find(({ key, keys = [] }) => key === value || keys.includes(value));
  return entry ? legendSymbol(entry) : null;
}

/**
 * Makes the checkbox of a value.
 *
 * @param {Parts} parts
 * @param {Facet} facet
 * @param {string} value
 */
function valueBox({ layers, facets }, facet, value) {
  const box = el("input", { type: "checkbox", "data-facet": facet.key, "data-value": value });
  box.checked = facet.chosen.has(value);
  listen(box, "change", () => {
    const chosen = new Set(facet.chosen);
    if (box.checked) chosen.add(value);
    else chosen.delete(value);
    facets.choose(facet.key, chosen);
  });
  return el("li", {}, el("label", { class: "qj-switch" }, box, symbolOf(layers, facet, value),
    elIn("span", { class: "qj-switch-name" }, facets.words(facet, value)), el("span", { class: "qj-count" })));
}

/** @typedef {{ listsAll: boolean, narrowedBy: string }} ListState Whether all values are listed, and the text in the list's search field. */

/**
 * Makes the list of a facet's values: the first few, all of them, or those that contain the text in the search field.
 *
 * @param {Parts} parts
 * @param {Facet} facet
 * @param {ListState} state
 */
function makeValueList(parts, facet, state) {
  const { language: { t }, format, facets, marks, changed } = parts;
  const list = el("ul", { class: "qj-plain", "aria-label": facets.label(facet) });

  /** Returns the values to list: with a text in the search field those that match it; else the first few or all, and the chosen ones. */
  function values() {
    const holds = (/** @type {string} */ value) => marks(facets.words(facet, value), state.narrowedBy).some(([, hit]) => hit);
    if (state.narrowedBy) return facet.values.filter(holds).slice(0, MOST);
    const most = state.listsAll ? MOST : facet.values.length > MANY ? FEW : MANY;
    return facet.values.filter((value, number) => number < most || facet.chosen.has(value));
  }

  const fill = () => list.replaceChildren(...values().map((value) => valueBox(parts, facet, value)));

  /** Makes the button that lists all values; null if they are listed already. @param {() => void} draw draws the facet again */
  function moreButton(draw) {
    if (facet.values.length <= MANY || state.listsAll) return null;
    return buttonOf("qj-more", t("list.all", { total: format.number(facet.values.length) }), () => {
      state.listsAll = true;
      draw();
      changed();
      /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("input[type=checkbox]"))[FEW].focus();
    });
  }

  /** Makes the search field of the list; null if the list is short or does not show all values. */
  function narrowField() {
    if (!state.listsAll || facet.values.length <= NARROWED) return null;
    const node = el("input", { type: "search", class: "qj-field", "aria-label": t("facet.narrow"), placeholder: t("facet.narrow") });
    node.value = state.narrowedBy;
    listen(node, "input", () => {
      state.narrowedBy = node.value.trim();
      fill();
      changed();
    });
    return node;
  }

  return {
    /** Makes the nodes of the unfolded facet. @param {() => void} draw draws them again @returns {HTMLElement[]} */
    nodes(draw) {
      fill();
      const note = facet.key === "partner" ? el("p", { class: "qj-note" }, t("facet.partner.note")) : null;
      return [note, narrowField(), list, moreButton(draw)].flatMap((node) => node || []);
    },
  };
}

/** Makes the list; it is empty until `draw` is called. @param {Parts} parts */
export function makeFacetList(parts) {
  const { format, facets, changed } = parts;
  const list = el("div", { id: "qj-facets" });
  /** @type {Set<string>} keys of the facets that are unfolded */
  const unfolded = new Set();
  /** @type {Map<string, ListState>} */
  const states = new Map();
  let isDrawn = false;

  /** Makes the section of a facet, which unfolds into its values. @param {Facet} facet */
  function section(facet) {
    const { key } = facet, id = "qj-facet-" + key.replace(/\s/g, "_"), body = el("div", { id, class: "qj-facet-body" });
    const state = states.get(key) || { listsAll: false, narrowedBy: "" }, values = (parts.facetView && parts.facetView(facet, facets)) || makeValueList(parts, facet, state);
    states.set(key, state);
    const button = buttonOf("qj-facet-head", [el("span", { class: "qj-switch-name" }, facets.label(facet)), el("span", { class: "qj-badge" })], () => {
      if (!unfolded.delete(key)) unfolded.add(key);
      draw();
      changed();
    }, { "aria-expanded": "false", "aria-controls": id });
    function draw() {
      const isOpen = unfolded.has(key);
      button.setAttribute("aria-expanded", String(isOpen));
      body.hidden = !isOpen;
      body.replaceChildren(...(isOpen ? values.nodes(draw) : []));
    }
    draw();
    return el("section", { class: "qj-facet", "data-facet": key }, button, body);
  }

  /** Updates the checkboxes and numbers of a facet. @param {Facet} facet @param {Element} node */
  function countFacet(facet, node) {
    const badge = find(node, ".qj-badge");
    badge.hidden = !facet.chosen.size;
    badge.textContent = facet.chosen.size ? format.number(facet.chosen.size) : "";
    if (!unfolded.has(facet.key)) return;
    const counts = facets.counts(facet);
    node.dispatchEvent(new CustomEvent("qjmap:counts", { detail: counts }));
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (node.querySelectorAll("input[type=checkbox]"))) {
      const value = box.dataset.value || "", count = counts.get(value) || 0, label = /** @type {HTMLElement} */ (box.closest("label"));
      box.checked = facet.chosen.has(value);
      find(label, ".qj-count").textContent = format.number(count);
      label.classList.toggle("qj-away", !count);
    }
  }

  const fill = () => list.replaceChildren(...facets.all.filter((facet) => !facet.hidden).map(section));

  return {
    node: list,
    /** Draws the facets, all folded; further calls do nothing. Called after the map is drawn, or when the reader opens the card. */
    draw() {
      if (isDrawn) return;
      isDrawn = true;
      fill();
    },
    /** Draws the facets again after a change of the language. */
    refill() { if (isDrawn) fill(); },
    /** Updates checkboxes and numbers in place, so that the focus is kept. */
    count() {
      for (const facet of facets.all) {
        const node = list.querySelector(`[data-facet="${CSS.escape(facet.key)}"].qj-facet`);
        if (node) countFacet(facet, node);
      }
    },
  };
}
