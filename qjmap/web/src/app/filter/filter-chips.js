/* Chips: a button for each active filter, which removes it, and a button that removes all filters. */

import { buttonOf, el, elIn, templatePart } from "../base/dom.js";

/**
 * Returns the functions that make the chips and the button.
 *
 * @param {{ language: Language, filter: RowFilter, facets: FacetFilter, textFilter: TextFilter, fieldBeside: (place: Element | null) => HTMLElement }} given
 *   `fieldBeside` returns the field that gets the focus when the last chip of a strip is removed
 */
export function makeFilterChips({ language, filter, facets, textFilter, fieldBeside }) {
  const { t } = language;

  /** Makes a chip, which removes its filter when it is clicked. @param {string} words @param {() => void} remove */
  function chip(words, remove) {
    const node = buttonOf("qj-chip", [elIn("span", {}, words), el("span", { "aria-hidden": "true" }, "×")], () => {
      const place = node.closest("[data-chips]");
      remove();
      // The focus moves to another chip, or to the field beside the chips.
      ((place && place.querySelector("button")) || fieldBeside(place)).focus();
    }, { "aria-label": t("filter.drop", { name: words }) });
    return node;
  }

  /* Returns the chosen values of a facet without `value`. */
  const without = (/** @type {Facet} */ facet, /** @type {string} */ value) => Array.from(facet.chosen).filter((one) => one !== value);

  return {
    /* Makes all chips: one for each chosen value (or the range) of a facet, and one for the text. */
    chips() {
      const all = facets.chosen().flatMap((facet) => (facet.range ? [chip(facet.range(), () => facets.choose(facet.key, []))]
        : Array.from(facet.chosen, (value) => chip(facets.words(facet, value), () => facets.choose(facet.key, without(facet, value))))));
      if (textFilter.isOn) all.push(chip("“" + textFilter.text.trim() + "”", () => textFilter.set("")));
      return el("div", { class: "qj-chips", role: "group", "aria-label": t("filter.title") }, all);
    },
    /* Makes the button that removes all filters and then focuses a field of the template. */
    reset: (/** @type {string} */ field) => buttonOf("qj-more qj-reset", t("filter.reset"), () => {
      filter.clear();
      templatePart(field).focus();
    }),
  };
}
