/* Sections of the panel with related rows: partners, partnerships, rows that lie within the row or are part of it, indicators, legs. */

import { buttonOf, el } from "../base/dom.js";

const FIRST = 30; // number of lines of a list that are shown before "show all"
const GROUPED = 12; // minimum number of sites that are listed in groups
const PARTNERS = 10; // number of lines of the list of partners before "show all"; the list of partnerships follows it

/**
 * @typedef {{ language: Language, store: Store, relations: RelationIndex, format: Format, filter: RowFilter, facts: RowFacts, totals: PartnershipTotals, indicators: IndicatorCharts, opener?: (id: string) => Child }} Parts
 * What the sections use; `opener` makes the buttons that open the figures of a row, undefined on a page without figures.
 */
/** @typedef {{ ref: Ref, via: string }} Link A partnership, and the party through which the row takes part; "" if the row is a party itself. */
/** @typedef {import("../base/relation-index.js").Partner} Partner */
/** @typedef {ReturnType<typeof makeLists>} Lists */

/**
 * Groups partnerships by status; those without a status, or with one that is not listed, come last with the status "".
 *
 * @param {Link[]} links
 * @param {string[]} statuses in display order
 * @param {(link: Link) => string} statusOf
 */
const byStatus = (links, statuses, statusOf) => [...statuses, ""].flatMap((status) => {
  const group = links.filter((link) => {
    const value = statusOf(link);
    return value === status || (status === "" && !statuses.includes(value));
  });
  return group.length ? [{ status, group }] : [];
});

/** Returns nodes with dots between them. @param {Child[]} nodes @returns {Child[]} */
const dotted = (nodes) => nodes.flatMap((node, index) => (index ? [" · ", node] : [node]));

/**
 * Returns the functions that make sections, and lists of any length.
 *
 * @param {Parts} parts
 */
function makeLists({ language: { t }, store, facts }) {
  /**
   * Makes a list of the first items, with a button that adds all others.
   *
   * @template T
   * @param {T[]} items
   * @param {(item: T) => HTMLElement} line makes the element of an item
   */
  function list(items, line, first = FIRST) {
    const node = el("ul", { class: "qj-plain" });
    node.append(...items.slice(0, first).map(line));
    if (items.length <= first) return node;
    const last = el("li", {}, buttonOf("qj-more", t("list.all", { total: items.length }), () => {
      const rest = items.slice(first).map(line);
      last.remove();
      node.append(...rest);
      const next = rest[0].querySelector("a");
      if (next) next.focus();
    }));
    node.append(last);
    return node;
  }

  return {
    list,
    /** Makes a section with a heading. @param {string} key key of the heading @param {...Child} content */
    section: (key, ...content) => el("section", { class: "qj-section" }, el("h3", {}, t(key)), ...content),
    /** Makes the list item of a row: its name, and below it its kind and status. @param {Ref} r */
    line: (r) => el("li", {}, facts.link(store.id(r)),
      el("span", { class: "qj-line qj-quiet" }, Array.from(new Set([store.kind(r), store.status(r)])).filter(Boolean).join(" · "))),
  };
}

/**
 * Returns the function that makes the sections of the partners of a row and of its partnerships.
 *
 * @param {Parts} parts
 * @param {Lists} lists
 */
function makePartnerSections({ language, language: { t }, store, relations, format, filter, facts, totals, opener }, { section, list }) {
  /** Makes the list item of a partnership: name, partners, kind, dates, amount and source. @param {Link} link @param {string} id id of the panel's row */
  function deal({ ref, via }, id) {
    const others = relations.others(id, ref), when = format.span(store.get(ref, "start"), store.get(ref, "end"));
    return el("li", { class: "qj-deal" }, facts.link(store.id(ref)),
      others.length ? el("span", { class: "qj-line" }, t("deal.with"), facts.links(others)) : null,
      via ? el("span", { class: "qj-line qj-quiet" }, t("deal.via"), facts.link(via)) : null,
      el("span", { class: "qj-line qj-quiet qj-numbers" },
        [store.kind(ref), when || t("date.none"), facts.money(ref) || t("deal.no_value")].join(" · ")),
      facts.shortSource(ref));
  }

  /**
   * Makes the element with the number of partnerships in which not the row itself takes part, but a row within it; null if there are none.
   *
   * @param {Ref[]} refs
   * @param {Set<Ref>} own partnerships in which the row itself takes part
   */
  function withinNode(refs, own) {
    const total = refs.filter((ref) => !own.has(ref)).length;
    return total ? el("data", { class: "qj-datum", "data-name": "within", value: total }, t("count.within", { total })) : null;
  }

  /** Makes the list item of a partner: number of partnerships, their totals, the distances. @param {Partner} partner */
  function partnerLine(partner) {
    const { id, refs, own } = partner, words = [withinNode(refs, own), ...totals.totalWords(totals.totals(refs), true), ...totals.apartWords(partner)];
    return el("li", { class: "qj-partner", "data-id": id }, facts.link(id),
      el("span", { class: "qj-count", title: t("count.links", { total: refs.length }) }, format.number(refs.length)),
      el("span", { class: "qj-line qj-quiet qj-numbers" }, dotted(words.filter(Boolean))));
  }

  /** Makes the two sections of a row; [] if it takes part in no partnership. @param {Ref} r */
  return (r) => {
    const id = store.id(r), all = relations.links(id);
    if (!all.length) return [];
    const links = all.filter(({ ref }) => filter.passes(ref)), refs = links.map(({ ref }) => ref), ranked = relations.partners(id, filter.passes);
    const own = new Set(links.filter(({ via }) => !via).map(({ ref }) => ref)), within = withinNode(refs, own);
    const held = links.length < all.length ? el("p", { class: "qj-held" }, t("links.held", { shown: links.length, total: all.length })) : null;
    const sums = totals.totals(refs), named = ranked.filter(relations.isNamed).length;
    const deals = byStatus(links, Object.keys(language.vocab.status || {}), ({ ref }) => store.get(ref, "status")).map(({ status, group }) => [
      el("h4", { class: "qj-status", "data-status": language.like("status", status) }, (store.statusWords("partnerships", status) || t("status.none")) + " " + group.length),
      list(group, (link) => deal(link, id)),
    ]);
    return [
      section("section.partners",
        el("p", { class: "qj-sums qj-numbers" }, dotted([t("count.links", { total: links.length }), ...(within ? [within] : []), t("count.partners", { total: named }), ...totals.totalWords(sums)])),
        held,
        ranked.length ? list(ranked, partnerLine, PARTNERS) : null,
        opener?.(id)),
      deals.length ? section("section.links", deals) : null,
    ];
  };
}

/**
 * Makes the section of the parties of a partnership with their roles; null if it has none.
 *
 * @param {Parts} parts
 * @param {Lists} lists
 * @param {Ref} r
 */
function partiesSection({ language: { word }, store, format, facts }, { section, list }, r) {
  const ids = store.list(r, "parties");
  if (!ids.length) return null;
  /** @type {Map<string, string[]>} */
  const roles = new Map();
  for (const [id, role] of store.roles(r)) roles.set(id, [...(roles.get(id) || []), role]);
  return section("section.parties", list(ids, (id) => {
    const party = store.ref(id), own = roles.get(id);
    return el("li", {}, facts.link(id),
      own ? el("span", { class: "qj-role" }, format.list(own.map((role) => word("role", role)))) : null,
      party === undefined ? null : el("span", { class: "qj-line qj-quiet" }, store.kind(party)));
  }));
}

/**
 * Splits the legs of a corridor into its routes: a leg that does not begin where the one before it ends begins a new route.
 *
 * @param {Store} store
 * @param {Ref[]} legs in the order of `seq`
 * @returns {Ref[][]}
 */
function routesOf(store, legs) {
  const routes = /** @type {Ref[][]} */ ([]);
  legs.forEach((leg, index) => {
    if (index && store.get(legs[index - 1], "to") === store.get(leg, "from")) routes[routes.length - 1].push(leg);
    else routes.push([leg]);
  });
  return routes;
}

/**
 * Makes the section of the legs of a corridor in their order, route by route.
 *
 * @param {Parts} parts
 * @param {Lists} lists
 * @param {Ref} r
 * @param {string} part id of the leg that was clicked on the map, which is marked; "" for none
 */
function legsSection({ language: { t }, store, relations, format, facts }, { section, list }, r, part) {
  const refs = relations.of("corridor_legs", "corridor", store.id(r)).slice()
    .sort((a, b) => Number(store.get(a, "seq")) - Number(store.get(b, "seq")));
  if (!refs.length) return section("section.legs", el("p", { class: "qj-quiet" }, t("legs.none")));
  /** Makes the list item of a leg: its name, mode, status and length. @param {Ref} leg */
  const line = (leg) => {
    const id = store.id(leg), km = store.get(leg, "published_km"), drawn = store.get(leg, "length_km");
    return el("li", id === part ? { class: "qj-here", "aria-current": "true" } : {}, facts.link(id), el("span", { class: "qj-line qj-quiet qj-numbers" },
      [store.valueWords(leg, "mode", "mode"), store.status(leg),
        format.isNumber(km) ? format.number(km) + " km" : drawn ? t("length.about", { km: format.number(Math.round(Number(drawn))) }) : "",
        store.get(leg, "grade") === "schematic" ? t("grade.schematic") : ""].filter(Boolean).join(" · ")));
  };
  /** Makes the list of the legs of a route; all are shown at once if the clicked leg is not among the first. @param {Ref[]} legs */
  const lines = (legs) => list(legs, line, legs.findIndex((leg) => store.id(leg) === part) < FIRST ? FIRST : legs.length);
  const routes = routesOf(store, refs), end = (/** @type {Ref} */ leg, /** @type {string} */ column) => store.nameOfId(store.get(leg, column));
  if (routes.length === 1 || routes.length === refs.length) return section("section.legs", lines(refs));
  return section("section.legs", routes.map((legs) => [
    el("h4", {}, t("legs.route", { from: end(legs[0], "from"), to: end(legs[legs.length - 1], "to") }) + " " + format.number(legs.length)), lines(legs)]));
}

/**
 * Makes the lists of sites, grouped by the topmost site of which they are part, the largest group first. Sites alone in their group come last, in
 * one list. Each list is sorted by kind.
 *
 * @param {Parts} parts
 * @param {Lists} lists
 * @param {Ref[]} refs
 */
function grouped({ language: { t }, store, format }, { list, line }, refs) {
  /** Returns the topmost site of which a site is part; the site itself if it is part of none. @param {Ref} r @param {Set<Ref>} seen sites visited so far @returns {Ref} */
  function topOf(r, seen = new Set([r])) {
    const whole = store.list(r, "part_of").map((id) => store.ref(id) ?? NaN).find((one) => store.tableOf(one) === "sites" && !seen.has(one));
    return whole === undefined ? r : topOf(whole, seen.add(whole));
  }
  /** @type {Map<Ref, Ref[]>} */
  const groups = new Map();
  for (const r of refs) { const top = topOf(r); groups.set(top, [...(groups.get(top) || []), r]); }
  const several = Array.from(groups).filter(([, group]) => group.length > 1).sort(([, a], [, b]) => b.length - a.length);
  const alone = Array.from(groups.values()).filter((group) => group.length === 1).flat();
  const byKind = (/** @type {Ref[]} */ group) => group.slice().sort((a, b) => (store.kind(a) < store.kind(b) ? -1 : store.kind(a) > store.kind(b) ? 1 : 0));
  return [...several.map(([top, group]) => /** @type {[string, Ref[]]} */ ([store.name(top), group])), ...(alone.length ? [/** @type {[string, Ref[]]} */ ([t("sites.alone"), alone])] : [])]
    .map(([name, group]) => [el("h4", {}, name + " " + format.number(group.length)), list(byKind(group), line)]);
}

/**
 * Returns the rows that refer to a row in columns other than the parties of partnerships (corridors also by their legs), as [key of the
 * heading, rows]; without empty groups.
 *
 * @param {Parts} parts
 * @param {Ref} r
 * @returns {[string, Ref[]][]}
 */
function references({ store, relations }, r) {
  const id = store.id(r);
  /** Returns the rows that refer to the row in any of the columns, given as "table.column". @param {...string} columns */
  const of = (...columns) => Array.from(new Set(columns.flatMap((name) => { const [table, column] = name.split("."); return relations.of(table, column, id); })));
  const throughLegs = of("corridor_legs.from", "corridor_legs.to").flatMap((leg) => store.ref(store.get(leg, "corridor")) ?? []);
  /** @type {[string, Ref[]][]} */
  const groups = [
    ["section.places", of("places.parent")],
    ["section.sites", of("sites.place", "sites.position_of")],
    ["section.parts", of("sites.part_of", "partnerships.part_of", "corridors.part_of")],
    ["section.operates", of("sites.operator")],
    ["section.concerns", of("partnerships.about")],
    ["section.corridors", Array.from(new Set([...of("corridors.area"), ...throughLegs]))],
    ["section.member_of", of("places.members")],
  ];
  return groups.filter(([, refs]) => refs.length);
}

/**
 * Makes the section of the rows that cite a source, by table; null if there are none.
 *
 * @param {Parts} parts
 * @param {Lists} lists
 * @param {Ref} r
 */
function citedSection({ language: { t }, store, relations, format }, { section, list, line }, r) {
  const groups = store.tables.filter((table) => table !== "sources").map((table) => ({ table, refs: Array.from(new Set(
    ["source", "position_source"].flatMap((column) => relations.of(table, column, store.id(r))))) })).filter(({ refs }) => refs.length);
  return groups.length ? section("section.cited", groups.map(({ table, refs }) => [
    el("h4", {}, t("table." + table) + " " + format.number(refs.length)), list(refs, line)])) : null;
}

/** Returns the function that makes the sections. @param {Parts} parts */
export function makeRelatedSections(parts) {
  const { store, indicators } = parts, lists = makeLists(parts), partners = makePartnerSections(parts, lists), { section, list, line } = lists;
  /**
   * Makes all sections of a row, in reading order.
   *
   * @param {Ref} r
   * @param {string} part id of the leg of a corridor that was clicked on the map, "" for none
   * @returns {Child[]}
   */
  return (r, part) => {
    const table = store.tableOf(r);
    if (table === "sources") return [citedSection(parts, lists, r)];
    return [
      table === "partnerships" ? partiesSection(parts, lists, r) : partners(r),
      indicators(r, section, list),
      table === "corridors" ? legsSection(parts, lists, r, part) : null,
      references(parts, r).map(([key, refs]) => section(key, key === "section.sites" && refs.length > GROUPED ? grouped(parts, lists, refs) : list(refs, line))),
    ];
  };
}
