/* The filters as a reader has them: a text and facets with live counts in the card of the layers, and beneath the title
 * what is filtered by, how much is left, and the way back to everything. Kept in the address as f and q.
 */

import { el, templatePart } from "./dom.js";
import { makeFacetList } from "./facet-list.js";
import { makeFilterChips } from "./filter-chips.js";
import { makeTextFilter } from "./text-filter.js";

/**
 * Drops the filters that hide all of what a reader goes to.
 *
 * @param {{ refs: Ref[], filter: Filter, facets: Facets, textFilter: TextFilter }} given
 */
function liftFilters({ refs, filter, facets, textFilter }) {
  if (!refs.length || refs.some(filter.passes)) return;
  let touched = "";
  const hides = (/** @type {string} */ name) => refs.every((r) => filter.hides(name, r));
  for (const facet of facets.chosen()) {
    if (!hides(facet.key)) continue;
    facet.chosen.clear();
    filter.stale((touched = facet.key));
  }
  if (textFilter.isOn && hides("text")) {
    textFilter.drop();
    filter.stale((touched = "text"));
  }
  if (touched) filter.changed(touched);
}

/**
 * The card of text and facets: { open, draw, fill, count }.
 *
 * @param {{ language: Language, layers: Layer[], format: Format, facets: Facets, textFilter: TextFilter }} given
 */
function makeFilterCard({ language, layers, format, facets, textFilter }) {
  const { t } = language;
  const card = templatePart("filters");
  const field = el("input", { type: "search", id: "qj-filter-text", class: "qj-field", autocomplete: "off" });
  field.addEventListener("input", () => textFilter.set(field.value));
  const list = makeFacetList({ language, layers, format, facets, marks: textFilter.marks, changed: count });
  const body = el("div", { id: "qj-filters-body", hidden: true }, field, list.node);
  const button = el("button", { type: "button", id: "qj-filters-button", class: "qj-facet-head", "aria-expanded": "false", "aria-controls": body.id });
  const total = el("span", { class: "qj-badge", hidden: true });
  button.addEventListener("click", () => open(Boolean(body.hidden)));

  /**
   * The legend leaves room for what is unfolded.
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

  /* Boxes and numbers as the filter is. */
  function count() {
    const chosen = facets.chosen().reduce((/** @type {number} */ sum, /** @type {Facet} */ facet) => sum + facet.chosen.size, textFilter.isOn ? 1 : 0);
    total.hidden = !chosen;
    total.textContent = String(chosen);
    if (card.parentElement.hidden || body.hidden) return;
    list.count();
    if (document.activeElement !== field) field.value = textFilter.text;
  }

  language.bind(card, "filter.title", "aria-label");
  return { open, fill, count, draw: list.draw };
}

/** @param {{ language: Language, layers: Layer[], store: Store, format: Format, filter: Filter, facets: Facets, address: UrlState, switches: Switches }} given */
export function makeFilters({ language, layers, store, format, filter, facets, address, switches }) {
  const strip = templatePart("shown");
  const listed = templatePart("list-shown");
  const said = templatePart("said");
  const textFilter = makeTextFilter({ filter });
  const card = makeFilterCard({ language, layers, format, facets, textFilter });
  const { chips, reset } = makeFilterChips({
    language, filter, facets, textFilter, fieldBeside: (place) => templatePart(place === strip ? "search" : "list-filter"),
  });
  let started = false;
  let wasFiltered = false;
  const filtered = () => facets.chosen().length > 0 || textFilter.isOn;

  function sums() {
    const on = switches.on();
    const sum = (/** @type {(table: string) => number} */ of) => on.reduce((total, table) => total + of(table), 0);
    const text = language.t("filter.shown", { shown: format.number(sum((table) => filter.count(table))), total: format.number(sum(store.rows)) });
    return format.beside(text, sum((table) => filter.drafts(table).length));
  }

  function tell() {
    const others = filter.active().filter((name) => name !== "text" && !facets.of(name));
    strip.hidden = !filtered();
    listed.hidden = !filtered();
    strip.replaceChildren(...(filtered() ? [el("p", { id: "qj-shown-count" }, sums()), reset("search"), chips()] : []));
    listed.replaceChildren(...(filtered() ? [chips(), reset("list-filter")] : []));
    card.count();
    if (started && (filtered() || others.length || wasFiltered)) said.textContent = sums();
    wasFiltered = filtered();
  }

  function remember() {
    if (!started) return;
    address.set("f", facets.write());
    address.set("q", textFilter.isOn ? textFilter.text.trim() : "", { replace: true });
  }

  filter.onChange(() => {
    tell();
    remember();
  });
  switches.onChange(tell);
  switches.onOpen(card.count);
  language.onChange(() => { card.fill(); tell(); });
  address.on("f", (/** @type {string} */ value) => facets.read(value));
  address.on("q", (/** @type {string} */ value) => textFilter.set(value));
  card.fill();

  return {
    open: card.open, draw: card.draw, setText: textFilter.set,
    /* What a reader goes to is shown. */
    lift: (/** @type {Ref[]} */ refs) => liftFilters({ refs, filter, facets, textFilter }),
    /* There are other drafts. */
    again: () => (textFilter.isOn ? textFilter.set(textFilter.text) : filter.tell()),
    get text() { return textFilter.text; },
    /**
     * Search answers: what the address or the view asks for is shown from now on.
     *
     * @param {any} index
     */
    async start(index) {
      textFilter.start(index);
      if (address.get("f")) facets.read(address.get("f"));
      else if (facets.chosen().length) filter.changed(facets.chosen()[0].key);
      if (address.get("q")) {
        const asked = textFilter.set(address.get("q"));
        if (index.complete) await asked;
      }
      started = true;
      tell();
    },
  };
}
