/* The facets as a list: each unfolds into boxes of its values with live counts. */

import { buttonOf, el, elIn, find, listen } from "../base/dom.js";
import { legendSymbol } from "../map/legend.js";

const MANY = 24; // values of a facet up to which all are listed
const FEW = 12; // values listed at first of one that has more
const MOST = 300; // boxes in the document; beyond these a reader narrows the list
const NARROWED = 30; // values from which a list has a field to narrow it by
const WITH_SYMBOLS = ["category", "kind", "mode"];

/**
 * @typedef {{ language: Language, layers: Layer[], format: Format, facets: FacetFilter, marks: TextFilter["marks"], changed: () => void, facetView?: MakeFacetView }} Parts
 * `changed` is called when other boxes are listed; `facetView` makes what takes the place of the boxes of a facet, null for boxes.
 */

/**
 * The symbol of a value on the map; null where it has none.
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
 * A box of a value.
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

/** @typedef {{ listsAll: boolean, narrowedBy: string }} ListState Whether all values are listed, and what the list is narrowed by. */

/**
 * The list of a facet's values: the first few, then all, narrowed by what is typed.
 *
 * @param {Parts} parts
 * @param {Facet} facet
 * @param {ListState} state
 */
function makeValueList(parts, facet, state) {
  const { language: { t }, format, facets, marks, changed } = parts;
  const list = el("ul", { class: "qj-plain", "aria-label": facets.label(facet) });

  /** The values to list: those chosen always, else the first few, or those that hold what the list is narrowed by. */
  function values() {
    const holds = (/** @type {string} */ value) => marks(facets.words(facet, value), state.narrowedBy).some(([, hit]) => hit);
    if (state.narrowedBy) return facet.values.filter(holds).slice(0, MOST);
    const most = state.listsAll ? MOST : facet.values.length > MANY ? FEW : MANY;
    return facet.values.filter((value, number) => number < most || facet.chosen.has(value));
  }

  const fill = () => list.replaceChildren(...values().map((value) => valueBox(parts, facet, value)));

  /** The button that lists all values; null where they are listed. @param {() => void} draw */
  function moreButton(draw) {
    if (facet.values.length <= MANY || state.listsAll) return null;
    return buttonOf("qj-more", t("list.all", { total: format.number(facet.values.length) }), () => {
      state.listsAll = true;
      draw();
      changed();
      /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("input[type=checkbox]"))[FEW].focus();
    });
  }

  /** The field that narrows the list; null where it is short. */
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
    /** Nodes of the unfolded facet. @param {() => void} draw draws them again @returns {HTMLElement[]} */
    nodes(draw) {
      fill();
      const note = facet.key === "partner" ? el("p", { class: "qj-note" }, t("facet.partner.note")) : null;
      return [note, narrowField(), list, moreButton(draw)].flatMap((node) => node || []);
    },
  };
}

/** @param {Parts} parts */
export function makeFacetList(parts) {
  const { format, facets, changed } = parts;
  const list = el("div", { id: "qj-facets" });
  /** @type {Set<string>} keys of the facets that are unfolded */
  const unfolded = new Set();
  /** @type {Map<string, ListState>} */
  const states = new Map();
  let isDrawn = false;

  /** A facet that unfolds into its values. @param {Facet} facet */
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

  /** Boxes and numbers of a facet as the filter is. @param {Facet} facet @param {Element} node */
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
    /** Draws the facets, folded, once the map is on the screen or when they are opened before. */
    draw() {
      if (isDrawn) return;
      isDrawn = true;
      fill();
    },
    /** Draws the facets again, in another language. */
    refill() { if (isDrawn) fill(); },
    /** Updates boxes and numbers; nothing is made anew, so the focus stays. */
    count() {
      for (const facet of facets.all) {
        const node = list.querySelector(`[data-facet="${CSS.escape(facet.key)}"].qj-facet`);
        if (node) countFacet(facet, node);
      }
    },
  };
}
