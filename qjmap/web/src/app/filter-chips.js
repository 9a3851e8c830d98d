/* What is filtered by, as chips to be taken away one by one, and the way back to everything. */

import { el, elIn, templatePart } from "./dom.js";

/** @param {{ language: Language, filter: Filter, facets: Facets, textFilter: TextFilter, fieldBeside: (place: Element | null) => HTMLElement }} given */
export function makeFilterChips({ language, filter, facets, textFilter, fieldBeside }) {
  const { t } = language;

  /**
   * @param {string} words
   * @param {() => void} away
   */
  function chip(words, away) {
    const node = el("button", { type: "button", class: "qj-chip", "aria-label": t("filter.drop", { name: words }) },
      elIn("span", {}, words), el("span", { "aria-hidden": "true" }, "×"));
    node.addEventListener("click", () => {
      const place = node.closest("[data-chips]");
      away();
      // The focus stays among the chips, or goes to the field beside them.
      ((place && place.querySelector("button")) || fieldBeside(place)).focus();
    });
    return node;
  }

  /* The values of a facet without one. */
  const without = (/** @type {Facet} */ facet, /** @type {string} */ value) => Array.from(facet.chosen).filter((one) => one !== value);

  return {
    /* All of them; each call makes them anew. */
    chips() {
      const all = facets.chosen().flatMap((/** @type {Facet} */ facet) => Array.from(facet.chosen, (value) =>
        chip(facets.words(facet, value), () => facets.choose(facet.key, without(facet, value)))));
      if (textFilter.isOn) all.push(chip("“" + textFilter.text.trim() + "”", () => textFilter.set("")));
      return el("div", { class: "qj-chips", role: "group", "aria-label": t("filter.title") }, all);
    },
    /* The button that shows everything again and gives the focus to a field of the template. */
    reset(/** @type {string} */ field) {
      const node = el("button", { type: "button", class: "qj-more qj-reset" }, t("filter.reset"));
      node.addEventListener("click", () => {
        filter.clear();
        templatePart(field).focus();
      });
      return node;
    },
  };
}
