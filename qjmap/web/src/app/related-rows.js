/* What other rows say of a row: who works with it, what it holds, which figures and agreements concern it. */

import { el } from "./dom.js";

const FIRST = 30; // lines of a list before "show all"
const PARTNERS = 10; // the same for the ranking, which only sums up what follows it
const STATUS = ["operating", "under-construction", "signed", "planned", "proposed", "ended", ""];

/**
 * @param {any[]} refs
 * @param {any} statusOf
 */
const byStatus = (refs, statusOf) =>
  STATUS.map((status) => [status, refs.filter((one) => {
    const value = statusOf(one);
    return value === status || (status === "" && !STATUS.includes(value));
  })]).filter(([, group]) => group.length);

/** @param {any} nodes */
const dotted = (nodes) => nodes.flatMap((/** @type {any} */ node, /** @type {any} */ index) => (index ? [" · ", node] : [node]));

/** @param {{ language: Language, store: Store, relations: Relations, format: Format, filter: Filter, details: RowDetails, statistics: Statistics, indicators: any, matrix: Matrix }} given */
export function makeRelatedRows({ language, store, relations, format, filter, details, statistics, indicators, matrix }) {
  const { t, word } = language;

  /**
   * @param {string} key
   * @param {...any} content
   */
  function section(key, ...content) {
    return el("section", { class: "qj-section" }, el("h3", {}, t(key)), ...content);
  }

  /**
   * A list of any length: the first lines at once, the others on request.
   *
   * @param {any} items
   * @param {any} line
   */
  function list(items, line, first = FIRST) {
    const node = el("ul", { class: "qj-plain" });
    items.slice(0, first).forEach((/** @type {any} */ item) => node.append(line(item)));
    if (items.length > first) {
      const more = el("button", { type: "button", class: "qj-more" }, t("list.all", { total: items.length }));
      const last = el("li", {}, more);
      more.addEventListener("click", () => {
        const rest = items.slice(first).map(line);
        last.remove();
        node.append(...rest);
        const next = rest[0].querySelector("a");
        if (next) next.focus();
      });
      node.append(last);
    }
    return node;
  }

  /**
   * A row as a line: its name, and beneath it what it is.
   *
   * @param {Ref} r
   */
  function line(r) {
    return el("li", {}, details.link(store.id(r)),
      el("span", { class: "qj-line qj-quiet" }, [store.kind(r), store.status(r)].filter(Boolean).join(" · ")));
  }

  /**
   * One partnership as a partner reads it: what, with whom, when, for how much, on whose word.
   *
   * @param {{ ref: any, via: any }} given
   * @param {any} own
   */
  function deal({ ref, via }, own) {
    const others = store.list(ref, "parties").filter((party) => !relations.belongs(party, own));
    const when = format.span(store.get(ref, "start"), store.get(ref, "end"));
    return el("li", { class: "qj-deal" }, details.link(store.id(ref)),
      others.length ? el("span", { class: "qj-line" }, t("deal.with"), details.links(others)) : null,
      via ? el("span", { class: "qj-line qj-quiet" }, t("deal.via"), details.link(via)) : null,
      el("span", { class: "qj-line qj-quiet qj-numbers" },
        [store.kind(ref), when || t("date.none"), details.money(ref) || t("deal.no_value")].join(" · ")),
      details.shortSource(ref));
  }

  /**
   * A partner as a line: how many links, what they come to, how far it is.
   *
   * @param {string} id
   * @param {any} one
   */
  function partner(id, one) {
    const total = one.refs.length;
    const said = [...statistics.said(statistics.sums(one.refs)), ...statistics.saidApart(statistics.apart(id, one.id))];
    return el("li", { class: "qj-partner", "data-id": one.id }, details.link(one.id),
      el("span", { class: "qj-count", title: t("count.links", { total }) }, format.number(total)),
      el("span", { class: "qj-line qj-quiet qj-numbers" }, dotted(said)));
  }

  /** @param {Ref} r */
  function partners(r) {
    const id = store.id(r);
    const all = relations.links(id);
    if (!all.length) return [];
    const links = all.filter((/** @type {{ ref: any }} */ { ref }) => filter.passes(ref));
    const own = relations.within(id);
    const ranked = relations.partners(id, links);
    const held = links.length < all.length ? el("p", { class: "qj-held" }, t("links.held", { shown: links.length, total: all.length })) : null;
    const sums = statistics.sums(links.map((/** @type {{ ref: any }} */ { ref }) => ref));
    const deals = byStatus(links, (/** @type {any} */ one) => store.get(one.ref, "status")).map(([status, group]) => [
      el("h4", { class: "qj-status", "data-status": status }, (store.status(group[0].ref) || t("status.none")) + " " + group.length),
      list(group, (/** @type {any} */ one) => deal(one, own)),
    ]);
    return [
      section("section.partners",
        el("p", { class: "qj-sums qj-numbers" }, dotted([t("count.links", { total: links.length }), t("count.partners", { total: ranked.length }), ...statistics.said(sums)])),
        held,
        ranked.length ? list(ranked, (/** @type {any} */ one) => partner(id, one), PARTNERS) : null,
        matrix.opener(id)),
      deals.length ? section("section.links", deals) : null,
    ];
  }

  /**
   * Parties with what each does.
   *
   * @param {Ref} r
   */
  function parties(r) {
    const ids = store.list(r, "parties");
    if (!ids.length) return null;
    const roles = new Map();
    for (const [id, role] of store.roles(r)) roles.set(id, [...(roles.get(id) || []), role]);
    return section("section.parties", list(ids, (/** @type {string} */ id) => el("li", {}, details.link(id),
      roles.has(id) ? el("span", { class: "qj-role" }, format.list(roles.get(id).map((/** @type {any} */ role) => word("role", role)))) : null,
      store.ref(id) === undefined ? null : el("span", { class: "qj-line qj-quiet" }, store.kind(store.ref(id))))));
  }

  /**
   * The legs of a corridor; `part` is the one that was met on the map.
   *
   * @param {Ref} r
   * @param {string} part
   */
  function legs(r, part) {
    const refs = relations.of("corridor_legs", "corridor", store.id(r)).slice()
      .sort((a, b) => Number(store.get(a, "seq")) - Number(store.get(b, "seq")));
    if (!refs.length) return section("section.legs", el("p", { class: "qj-quiet" }, t("legs.none")));
    const first = refs.findIndex((one) => store.id(one) === part) < FIRST ? FIRST : refs.length;
    return section("section.legs", list(refs, (/** @type {any} */ one) => {
      const km = store.get(one, "published_km"), drawn = store.get(one, "length_km");
      return el("li", store.id(one) === part ? { class: "qj-here", "aria-current": "true" } : {}, details.link(store.id(one)), el("span", { class: "qj-line qj-quiet qj-numbers" },
        [word("mode", store.get(one, "mode")), store.status(one),
          format.isNumber(km) ? format.number(km) + " km" : drawn ? t("length.about", { km: format.number(Math.round(drawn)) }) : "",
          store.get(one, "grade") === "schematic" ? t("grade.schematic") : ""].filter(Boolean).join(" · ")));
    }, first));
  }

  /**
   * Sections of the remaining references to the row: [text key, refs].
   *
   * @param {Ref} r
   */
  function references(r) {
    const id = store.id(r);
    /**
     * @param {string} table
     * @param {string} column
     */
    const of = (table, column) => relations.of(table, column, id);
    /** @param {...any[]} groups */
    const unique = (...groups) => Array.from(new Set(groups.flat()));
    const inside = of("sites", "place");
    return [
      ["section.places", unique(of("places", "parent"))],
      ["section.sites", unique(inside, of("sites", "position_of"))],
      ["section.parts", unique(of("sites", "part_of"), of("partnerships", "part_of"), of("corridors", "part_of"))],
      ["section.operates", of("sites", "operator")],
      ["section.concerns", of("partnerships", "about")],
      ["section.corridors", unique(of("corridors", "area"),
        unique(of("corridor_legs", "from"), of("corridor_legs", "to"))
          .map((leg) => store.ref(store.get(leg, "corridor"))).filter((one) => one !== undefined))],
      ["section.member_of", of("places", "members")],
    ].filter(([, refs]) => refs.length);
  }

  /**
   * Rows that rest on a source.
   *
   * @param {Ref} r
   */
  function cited(r) {
    const groups = store.tables.filter((table) => table !== "sources")
      .map((table) => [table, Array.from(new Set([
        ...relations.of(table, "source", store.id(r)), ...relations.of(table, "position_source", store.id(r))]))])
      .filter((/** @type {any[]} */ [, refs]) => refs.length);
    return groups.length ? section("section.cited", groups.map((/** @type {any[]} */ [table, refs]) => [
      el("h4", {}, t("table." + table) + " " + format.number(refs.length)), list(refs, line)])) : null;
  }

  /* All sections of a row, in reading order. */
  return function linked(/** @type {Ref} */ r, /** @type {any} */ part) {
    const table = store.tableOf(r);
    if (table === "sources") return [cited(r)];
    return [
      table === "partnerships" ? parties(r) : partners(r),
      indicators(r, section, list),
      table === "corridors" ? legs(r, part) : null,
      references(r).map((/** @type {any[]} */ [key, refs]) => section(key, list(refs, line))),
    ];
  };
}
