/* The filters of the page: a text field and facets in the card of layers; below the title, chips of the active filters, the number of rows
 * that pass, and a button that removes all filters. The link has the facets as f and the text as q.
 */

import { el, listen, templatePart } from "../base/dom.js";
import { makeFacetList } from "./facet-list.js";
import { makeFilterChips } from "./filter-chips.js";
import { makeTextFilter } from "./text-filter.js";

/**
 * Removes filters if none of the given rows is shown: each facet that hides all of these rows (every facet, if the filter that follows
 * relations, "tied", hides them all), and the text if it hides them all. The filter by time stays.
 *
 * @param {{ refs: Ref[], filter: RowFilter, facets: FacetFilter, textFilter: TextFilter }} given
 */
function liftFilters({ refs, filter, facets, textFilter }) {
  if (!refs.length || refs.some(filter.passes)) return;
  let touched = "";
  const hides = (/** @type {string} */ name) => refs.every((r) => filter.hides(name, r));
  const isTied = filter.active().includes("tied") && hides("tied");
  for (const facet of facets.chosen()) {
    if (!isTied && !hides(facet.key)) continue;
    facet.chosen.clear();
    filter.invalidate((touched = facet.key));
  }
  if (textFilter.isOn && hides("text")) {
    textFilter.drop();
    filter.invalidate((touched = "text"));
  }
  if (touched) filter.changed(touched);
}

/**
 * Makes the card with the text field and the facets. `draw` draws the facets, `fill` writes the texts again, `count` updates the numbers.
 *
 * @param {{ language: Language, layers: Layer[], format: Format, facets: FacetFilter, textFilter: TextFilter, facetView?: MakeFacetView }} given
 */
function makeFilterCard({ language, layers, format, facets, textFilter, facetView }) {
  const { t } = language;
  const card = templatePart("filters");
  const field = el("input", { type: "search", id: "qj-filter-text", class: "qj-field", autocomplete: "off" });
  listen(field, "input", () => textFilter.set(field.value));
  const list = makeFacetList({ language, layers, format, facets, marks: textFilter.marks, changed: count, facetView });
  const body = el("div", { id: "qj-filters-body", hidden: true }, field, list.node);
  const button = el("button", { type: "button", id: "qj-filters-button", class: "qj-facet-head", "aria-expanded": "false", "aria-controls": body.id });
  const total = el("span", { class: "qj-badge", hidden: true });
  listen(button, "click", () => open(Boolean(body.hidden)));

  /**
   * Opens (true) or closes the facets; the style sheet then leaves them room beside the legend.
   *
   * @param {boolean} yes
   */
  function open(yes) {
    body.hidden = !yes;
    if (yes) list.draw();
    button.setAttribute("aria-expanded", String(yes));
    document.documentElement.dataset.unfolded = yes ? "yes" : "no";
    count();
  }

  function fill() {
    const holds = field === document.activeElement;
    field.placeholder = t("filter.text");
    field.setAttribute("aria-label", t("filter.text"));
    list.refill();
    button.replaceChildren(el("span", { class: "qj-switch-name" }, t("filter.title")), total);
    if (!card.firstChild) card.append(button, body);
    count();
    if (holds) field.focus();
  }

  /* Updates checkboxes and numbers. */
  function count() {
    const chosen = facets.chosen().reduce((sum, facet) => sum + facet.chosen.size, textFilter.isOn ? 1 : 0);
    total.hidden = !chosen;
    total.textContent = String(chosen);
    if (/** @type {HTMLElement} */ (card.parentElement).hidden || body.hidden) return;
    list.count();
    if (document.activeElement !== field) field.value = textFilter.text;
  }

  language.bind(card, "filter.title", "aria-label");
  return { open, fill, count, draw: list.draw };
}

/**
 * Makes the strips with the active filters: below the title, with the number of rows that pass, and above the list.
 *
 * @param {{ language: Language, format: Format, filter: RowFilter, facets: FacetFilter, textFilter: TextFilter, switches: LayerSwitches }} parts
 */
function makeFilterStrip({ language, format, filter, facets, textFilter, switches }) {
  const strip = templatePart("shown"), listStrip = templatePart("list-shown"), status = templatePart("said");
  const { chips, reset } = makeFilterChips({
    language, filter, facets, textFilter, fieldBeside: (place) => templatePart(place === strip ? "search" : "list-filter"),
  });
  const isFiltered = () => facets.chosen().length > 0 || textFilter.isOn;
  let wasFiltered = false;

  /** Returns the numbers of shown rows of the layers that are on, as text. */
  function counts() {
    const on = switches.on();
    const texts = on.map((table) => language.t("table." + table) + " " + format.rows(filter.numbers(table), true));
    return format.beside(texts.join(" · "), on.reduce((total, table) => total + filter.drafts(table).length, 0));
  }

  return {
    /** Updates the strips; with `announce` screen readers are told the numbers. @param {boolean} announce */
    write(announce) {
      const filtered = isFiltered(), others = filter.active().filter((name) => name !== "text" && !facets.of(name));
      strip.hidden = listStrip.hidden = !filtered;
      strip.replaceChildren(...(filtered ? [el("p", { id: "qj-shown-count" }, counts()), reset("search"), chips()] : []));
      listStrip.replaceChildren(...(filtered ? [chips(), reset("list-filter")] : []));
      if (announce && (filtered || others.length || wasFiltered)) status.textContent = counts();
      wasFiltered = filtered;
    },
  };
}

/**
 * Makes the filters of the page.
 *
 * @param {{ language: Language, layers: Layer[], format: Format, filter: RowFilter, facets: FacetFilter, address: UrlState, switches: LayerSwitches, facetView?: MakeFacetView }} parts
 */
export function makeFilterPanel({ language, layers, format, filter, facets, address, switches, facetView }) {
  const textFilter = makeTextFilter({ filter });
  const card = makeFilterCard({ language, layers, format, facets, textFilter, facetView });
  const strip = makeFilterStrip({ language, format, filter, facets, textFilter, switches });
  let started = false;

  function update() {
    strip.write(started);
    card.count();
  }

  filter.onChange(() => {
    update();
    if (!started) return;
    address.set("f", facets.write());
    address.set("q", textFilter.isOn ? textFilter.text.trim() : "", { replace: true });
  });
  switches.onChange(update);
  switches.onOpen(card.count);
  language.onChange(() => { card.fill(); update(); });
  address.on("f", facets.read);
  address.on("q", textFilter.set);
  card.fill();

  return {
    open: card.open, draw: card.draw, setText: textFilter.set,
    /** Removes the filters that hide the given rows, if none of them is shown. @param {Ref[]} refs */
    lift: (refs) => liftFilters({ refs, filter, facets, textFilter }),
    /** Filters again after drafts have changed. */
    again: () => (textFilter.isOn ? textFilter.set(textFilter.text) : filter.notify()),
    get text() { return textFilter.text; },
    /** Applies the filters of the link, else those of the view; waits for the result of a text only if the search has all rows. @param {RowSearch} search */
    async start(search) {
      textFilter.start(search);
      if (address.get("f")) facets.read(address.get("f"));
      else if (facets.chosen().length) filter.changed(facets.chosen()[0].key);
      if (address.get("q")) {
        const filtering = textFilter.set(address.get("q"));
        if (search.complete) await filtering;
      }
      started = true;
      update();
    },
  };
}
