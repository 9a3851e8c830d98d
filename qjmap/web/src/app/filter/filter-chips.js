/* Chips of what is filtered by, each of which can be removed, and the button that shows everything. */

import { buttonOf, el, elIn, templatePart } from "../base/dom.js";

/** @param {{ language: Language, filter: RowFilter, facets: FacetFilter, textFilter: TextFilter, fieldBeside: (place: Element | null) => HTMLElement }} given */
export function makeFilterChips({ language, filter, facets, textFilter, fieldBeside }) {
  const { t } = language;

  /**
   * @param {string} words
   * @param {() => void} remove
   */
  function chip(words, remove) {
    const node = buttonOf("qj-chip", [elIn("span", {}, words), el("span", { "aria-hidden": "true" }, "×")], () => {
      const place = node.closest("[data-chips]");
      remove();
      // The focus stays among the chips, or goes to the field beside them.
      ((place && place.querySelector("button")) || fieldBeside(place)).focus();
    }, { "aria-label": t("filter.drop", { name: words }) });
    return node;
  }

  /* The values of a facet without one. */
  const without = (/** @type {Facet} */ facet, /** @type {string} */ value) => Array.from(facet.chosen).filter((one) => one !== value);

  return {
    /* All of them; each call makes them anew. */
    chips() {
      const all = facets.chosen().flatMap((facet) => (facet.range ? [chip(facet.range(), () => facets.choose(facet.key, []))]
        : Array.from(facet.chosen, (value) => chip(facets.words(facet, value), () => facets.choose(facet.key, without(facet, value))))));
      if (textFilter.isOn) all.push(chip("“" + textFilter.text.trim() + "”", () => textFilter.set("")));
      return el("div", { class: "qj-chips", role: "group", "aria-label": t("filter.title") }, all);
    },
    /* The button that shows everything again and gives the focus to a field of the template. */
    reset: (/** @type {string} */ field) => buttonOf("qj-more qj-reset", t("filter.reset"), () => {
      filter.clear();
      templatePart(field).focus();
    }),
  };
}
