/* The facets as a list: each unfolds into boxes of its values with live counts. */

import { el, elIn } from "./dom.js";
import { legendSymbol } from "./legend.js";

const MANY = 24; // values of a facet up to which all are shown
const FEW = 12; // values shown of one that has more
const MOST = 300; // boxes in the document; beyond these a reader narrows the list
const NARROWED = 30; // values from which a list has a field to narrow it by
const WITH_SYMBOLS = ["category", "kind", "mode"];

/** @param {{ language: Language, layers: Layer[], format: Format, facets: Facets, marks: TextFilter["marks"], changed: () => void }} given */
export function makeFacetList({ language, layers, format, facets, marks, changed }) {
  const { t } = language;
  const list = el("div", { id: "qj-facets" });
  const unfolded = new Set();
  const whole = new Set(); // facets of which all values are shown
  const narrowed = new Map(); // facet -> what its list is narrowed by
  let drawn = false; // whether the list is there

  /**
   * @param {Facet} facet
   * @param {string} value
   */
  function symbolOf(facet, value) {
    const layer = layers.find((one) => one.layerName === Object.keys(facet.columns)[0]);
    if (!layer || !layer.legend || !WITH_SYMBOLS.includes(facet.key)) return null;
    const entry = layer.legend().find((one) => one.key === value || (one.keys || []).includes(value));
    return entry ? legendSymbol(entry) : null;
  }

  /**
   * @param {Facet} facet
   * @param {string} value
   */
  function option(facet, value) {
    const box = el("input", { type: "checkbox", "data-facet": facet.key, "data-value": value });
    box.checked = facet.chosen.has(value);
    box.addEventListener("change", () => {
      const next = new Set(facet.chosen);
      if (box.checked) next.add(value);
      else next.delete(value);
      facets.choose(facet.key, next);
    });
    return el("li", {}, el("label", { class: "qj-switch" }, box, symbolOf(facet, value),
      elIn("span", { class: "qj-switch-name" }, facets.words(facet, value)), el("span", { class: "qj-count" })));
  }

  /**
   * The values to list: those chosen always, else the first few, or those that hold what the list is narrowed by.
   *
   * @param {Facet} facet
   */
  function valuesOf(facet) {
    const wanted = narrowed.get(facet.key) || "";
    const holds = (/** @type {string} */ value) => marks(facets.words(facet, value), wanted).some((/** @type {any[]} */ [, hit]) => hit);
    if (wanted) return facet.values.filter(holds).slice(0, MOST);
    const most = whole.has(facet.key) ? MOST : facet.values.length > MANY ? FEW : MANY;
    return facet.values.filter((value, number) => number < most || facet.chosen.has(value));
  }

  const fill = (/** @type {Facet} */ facet, /** @type {HTMLElement} */ node) => node.replaceChildren(...valuesOf(facet).map((value) => option(facet, value)));

  /**
   * The button that shows all values of a facet; null where they are shown.
   *
   * @param {Facet} facet
   * @param {() => void} show
   */
  function moreButton(facet, show) {
    if (facet.values.length <= MANY || whole.has(facet.key)) return null;
    const node = el("button", { type: "button", class: "qj-more" }, t("list.all", { total: format.number(facet.values.length) }));
    node.addEventListener("click", () => {
      whole.add(facet.key);
      show();
    });
    return node;
  }

  /**
   * The field by which the values of a facet are narrowed; null where they are few.
   *
   * @param {Facet} facet
   * @param {HTMLElement} values
   */
  function narrowField(facet, values) {
    if (!whole.has(facet.key) || facet.values.length <= NARROWED) return null;
    const node = el("input", { type: "search", class: "qj-field", "aria-label": t("facet.narrow"), placeholder: t("facet.narrow") });
    node.value = narrowed.get(facet.key) || "";
    node.addEventListener("input", () => {
      narrowed.set(facet.key, node.value.trim());
      fill(facet, values);
      changed();
    });
    return node;
  }

  /** @param {Facet} facet */
  function fold(facet) {
    const id = "qj-facet-" + facet.key;
    const button = el("button", { type: "button", class: "qj-facet-head", "aria-expanded": "false", "aria-controls": id },
      el("span", { class: "qj-switch-name" }, t("facet." + facet.key)), el("span", { class: "qj-badge" }));
    const part = el("div", { id, class: "qj-facet-body" });
    const values = el("ul", { class: "qj-plain", "aria-label": t("facet." + facet.key) });
    const draw = () => {
      const yes = unfolded.has(facet.key);
      button.setAttribute("aria-expanded", String(yes));
      part.hidden = !yes;
      if (!yes) {
        part.replaceChildren();
        return;
      }
      fill(facet, values);
      const more = moreButton(facet, () => {
        draw();
        changed();
        /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("input[type=checkbox]"))[FEW].focus();
      });
      const note = facet.key === "partner" ? el("p", { class: "qj-note" }, t("facet.partner.note")) : null;
      part.replaceChildren(...[note, narrowField(facet, values), values, more].filter((node) => node !== null));
    };
    button.addEventListener("click", () => {
      if (!unfolded.delete(facet.key)) unfolded.add(facet.key);
      draw();
      changed();
    });
    draw();
    return el("section", { class: "qj-facet", "data-facet": facet.key }, button, part);
  }

  /**
   * Boxes and numbers of a facet as the filter is.
   *
   * @param {Facet} facet
   * @param {Element} section
   */
  function countFacet(facet, section) {
    const badge = /** @type {HTMLElement} */ (section.querySelector(".qj-badge"));
    badge.hidden = !facet.chosen.size;
    badge.textContent = facet.chosen.size ? format.number(facet.chosen.size) : "";
    if (!unfolded.has(facet.key)) return;
    const sums = facets.counts(facet);
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (section.querySelectorAll("input[type=checkbox]"))) {
      const value = box.dataset.value || "", left = sums.get(value) || 0;
      box.checked = facet.chosen.has(value);
      const label = /** @type {any} */ (box.closest("label"));
      label.querySelector(".qj-count").textContent = format.number(left);
      label.classList.toggle("qj-away", !left);
    }
  }

  const fillList = () => list.replaceChildren(...facets.all.filter((facet) => !facet.hidden).map(fold));

  return {
    node: list,
    /* The facets, closed: made once the map is on the screen, or when they are opened before. */
    draw() {
      if (drawn) return;
      drawn = true;
      fillList();
    },
    /* The language is another one. */
    refill() { if (drawn) fillList(); },
    /* Nothing is made anew, so the focus stays. */
    count() {
      for (const facet of facets.all) {
        const section = list.querySelector(`[data-facet="${facet.key}"].qj-facet`);
        if (section) countFacet(facet, section);
      }
    },
  };
}
