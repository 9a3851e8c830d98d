/* Writes the facts of a row for the panel: its columns, its position as text, its sources. */

import { el, elIn, langOf, outwardLink } from "../base/dom.js";
import { UNSTATED_DATUM } from "../base/store.js";

const GAZETTEER_SOURCE = "gazetteer"; // as in qjmap/schema.py
const COARSE = 500; // uncertainty in metres above which coordinates are called approximate

/**
 * Makes the link to a web address; its plain text if it does not begin with http:// or https:// or has blanks; null for "".
 *
 * @param {string} url
 */
function webLink(url) {
  if (!url) return null;
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return el("span", { class: "qj-break" }, url);
  return outwardLink(url, url);
}

/** Makes an element with a text and the text's language; null for "". @param {string} text */
const ownText = (text) => (text ? elIn("span", {}, text) : null);

/** @typedef {ReturnType<typeof makeLinks>} Links */

/**
 * Returns the functions that make links to rows.
 *
 * @param {Language} language
 * @param {Store} store
 */
function makeLinks(language, store) {
  /** Makes a link to a row with its name; the id as plain text if there is no such row. @param {string} id */
  function link(id) {
    const r = store.ref(id);
    return r === undefined ? el("span", {}, id) : elIn("a", { href: "#id=" + encodeURIComponent(id) }, store.name(r));
  }
  return {
    link,
    /** Makes links to rows, separated by commas; null if there are no ids. @param {string[]} ids @returns {Child} */
    links: (ids) => (ids.length ? ids.map(link).flatMap((node, index) => (index ? [language.now === "zh" ? "、" : ", ", node] : [node])) : null),
  };
}

/**
 * Returns the function that describes the position of a row.
 *
 * @param {Language} language
 * @param {Store} store
 * @param {Format} format
 * @param {Links} links
 */
function makePosition({ t, has, word }, store, format, { link, links }) {
  /** Returns how precise the position of a row is: "仅精确到区（县），约 ±25 km"; or that it has none of its own. @param {Ref} r */
  function precision(r) {
    const level = store.get(r, "level") || store.get(r, "precision"), radius = Number(store.get(r, "radius_m")) || 0;
    if (!level || level === "unresolved" || !store.located(r)) return t(store.get(r, "part_of").length ? "precision.belongs" : "precision.unresolved");
    const words = has("precision." + level) ? t("precision." + level) : word("precision", level);
    return radius ? t("precision.radius", { words, radius: format.radius(radius) }) : words;
  }

  /** Makes the elements with the coordinates in WGS 84, and the typed ones if they are in another datum. @param {Ref} r */
  function coordinates(r) {
    const radius = Number(store.get(r, "radius_m")) || 0, datum = store.get(r, "orig_datum");
    const shown = format.position(Number(store.get(r, "lon")), Number(store.get(r, "lat")), radius);
    const nodes = [el("span", { class: "qj-numbers" }, radius > COARSE ? t("position.about", { position: shown }) : shown, datum === UNSTATED_DATUM ? "" : " WGS 84")];
    if (datum === UNSTATED_DATUM) nodes.push(el("span", {}, t("position.unstated")));
    else if (datum && datum !== "wgs84") {
      nodes.push(el("span", { class: "qj-numbers" }, t("position.typed", {
        position: store.get(r, "orig_lon") + ", " + store.get(r, "orig_lat"), datum: word("datum", datum),
      })));
    }
    return nodes;
  }

  /** Makes the lines on precision, coordinates and source of the position of a place or site; null for other rows. @param {Ref} r */
  return (r) => {
    const table = store.tableOf(r);
    if (table !== "places" && table !== "sites") return null;
    const nodes = [el("span", {}, precision(r))], place = store.get(r, "position_of");
    if (place && place !== store.id(r)) nodes.push(el("span", {}, t("position.of"), link(place)));
    if (store.located(r)) nodes.push(...coordinates(r));
    const source = store.list(r, "position_source"), locator = store.get(r, "position_locator");
    if (source.length) nodes.push(el("span", {}, t("position.source"), source.includes(GAZETTEER_SOURCE) ? t("position.gazetteer") : links(source), locator ? format.aside(locator) : null));
    return nodes.map((node) => el("span", { class: "qj-line" }, node));
  };
}

/** @typedef {ReturnType<typeof makeAmounts>} Amounts */

/**
 * Returns the functions that write money, lengths and other amounts of a row as text.
 *
 * @param {Language} language
 * @param {Store} store
 * @param {Format} format
 * @param {Links} links
 */
function makeAmounts(language, store, format, { links }) {
  const { t } = language, now = () => language.now;
  return {
    /** Returns the amount of money of a row with its qualifier and kind in words; "" without one. @param {Ref} r */
    money(r) {
      const value = store.get(r, "value_cny"), kind = store.get(r, "value_kind");
      if (!format.isNumber(value)) return "";
      const words = format.qualified(format.money(value), store.get(r, "value_qualifier"));
      return kind && kind !== "actual" ? store.valueWords(r, "value_kind", "indicator_kind") + (now() === "zh" ? "" : " ") + words : words;
    },
    /** Returns the value of an indicator with unit and qualifier. @param {Ref} r */
    amount: (r) => format.quantity(store.get(r, "value"), store.get(r, "unit"), store.get(r, "qualifier")),
    /** Makes the lines on the length of a leg or corridor: published with its source, measured along the line, schematic part; null without any. @param {Ref} r */
    length(r) {
      const km = store.get(r, "published_km"), drawn = store.get(r, "length_km"), source = store.list(r, "length_source"), grade = store.get(r, "grade");
      const lines = /** @type {Child[]} */ ([]);
      if (format.isNumber(km)) lines.push([t("length.published", { km: format.number(km) }), source.length ? [" · ", links(source)] : null]);
      if (format.isNumber(drawn) && Number(drawn) > 0) {
        lines.push(t(store.tableOf(r) === "corridors" ? "length.sum" : "length.drawn", { km: format.number(Math.round(Number(drawn))) }) + (grade ? format.aside(t("grade." + grade)) : ""));
        const straight = Math.round(Number(store.get(r, "schematic_km")));
        if (straight > 0 && grade !== "schematic") lines.push(t("length.schematic", { km: format.number(straight) }));
      }
      if (!lines.length && store.list(r, "legs").length > 1) lines.push(t("length.branched"));
      return lines.length ? lines.map((line) => el("span", { class: "qj-line" }, line)) : null;
    },
    /** Returns the number of sites of a district as text; "" for a row of another table. @param {Ref} r */
    total: (r) => (store.tableOf(r) === "districts" ? format.number(Number(store.get(r, "rows"))) : ""),
  };
}

/** @typedef {[key: string, content: Child][]} Facts Keys of labels, and contents, in display order; facts without contents are not shown. */

/**
 * Returns the function that returns the facts of a row, which depend on its table; [] for a table without any.
 *
 * @param {Language} language
 * @param {Store} store
 * @param {Format} format
 * @param {Links} links
 * @param {Amounts} amounts
 * @returns {(r: Ref) => Facts}
 */
function makeFactList(language, store, format, { links }, amounts) {
  const { t, word, half } = language, position = makePosition(language, store, format, makeLinks(language, store));
  return (r) => {
    const get = (/** @type {string} */ column) => store.get(r, column);
    const linked = (/** @type {string} */ column) => links(store.list(r, column));
    const aliases = () => ownText(format.list(store.list(r, "aliases"))), time = () => format.span(get("start"), get("end"));
    /** @type {Record<string, () => Facts>} */
    const byTable = {
      places: () => [
        ["fact.parent", linked("parent")], ["fact.members", linked("members")], ["fact.aliases", aliases()], ["fact.adcode", get("adcode")],
        ["fact.valid", format.span(get("valid_from"), get("valid_to"))], ["fact.position", position(r)]],
      sites: () => [
        ["fact.place", linked("place")], ["fact.part_of", linked("part_of")], ["fact.operator", linked("operator")], ["fact.address", ownText(get("address"))],
        ["fact.aliases", aliases()], ["fact.time", time()], ["fact.position", position(r)], ["fact.url", webLink(get("url"))]],
      partnerships: () => [
        ["fact.time", time()], ["fact.value", amounts.money(r) || t("value.none")], ["fact.direction", word("direction", get("direction"))],
        ["fact.part_of", linked("part_of")], ["fact.about", linked("about")], ["fact.aliases", aliases()], ["fact.url", webLink(get("url"))]],
      corridors: () => [
        ["fact.area", linked("area")], ["fact.part_of", linked("part_of")], ["fact.time", time()],
        ["fact.mode", format.list(store.list(r, "modes").map((mode) => word("mode", mode)))], ["fact.length", amounts.length(r)],
        ["fact.aliases", aliases()], ["fact.url", webLink(get("url"))]],
      corridor_legs: () => [
        ["fact.corridor", linked("corridor")], ["fact.seq", get("seq") === "" ? "" : String(get("seq"))], ["fact.from", linked("from")], ["fact.to", linked("to")],
        ["fact.via", linked("via")], ["fact.mode", store.valueWords(r, "mode", "mode")], ["fact.length", amounts.length(r)], ["fact.line_source", ownText(get("line_source"))]],
      indicators: () => [
        ["fact.subject", linked("subject")], ["fact.figure", amounts.amount(r)], ["fact.figure_kind", store.valueWords(r, "kind", "indicator_kind")],
        ["fact.period", format.date(get("period"))]],
      districts: () => [["fact.rows", amounts.total(r)]],
      sources: () => [
        ["fact.publisher", ownText(get("publisher")) || t("source.unstated")], ["fact.published", format.date(get("published")) || t("source.unstated")],
        ["fact.licence", ownText(half(get("licence"))) || t("source.unstated")], ["fact.url", webLink(get("url"))],
        ["fact.accessed", format.date(get("accessed"))], ["fact.note", ownText(half(get("note")))]],
    };
    return byTable[store.tableOf(r)]?.() || [];
  };
}

/**
 * Returns the functions that make the sources of a row, in full and on one line.
 *
 * @param {Language} language
 * @param {Store} store
 * @param {Format} format
 * @param {Links} links
 */
function makeSources({ t, half }, store, format, { link, links }) {
  /** Makes the list item of one source in full: title, publisher, date, licence, locator, link. @param {string} id @param {string} locator */
  function source(id, locator) {
    const r = store.ref(id);
    if (r === undefined) return el("li", {}, id, locator ? format.aside(locator) : null);
    const get = (/** @type {string} */ column) => store.get(r, column);
    const rest = [get("publisher") ? store.cited(r)[1] : t("source.no_publisher"), format.date(get("published")) || t("source.no_date"), half(get("licence"))];
    return el("li", {}, link(id),
      el("span", { class: "qj-line qj-quiet" }, rest.filter(Boolean).join(" · ")),
      locator ? el("span", { class: "qj-line qj-quiet" }, t("source.locator"), ownText(format.locator(half(locator)))) : null,
      get("url") ? el("span", { class: "qj-line" }, webLink(get("url"))) : null);
  }

  return {
    /** Makes the section with the sources of a row; null for a table without sources. @param {Ref} r */
    sources(r) {
      if (!store.views.get(store.tableOf(r))?.sources) return null;
      const ids = store.list(r, "source"), locator = String(store.get(r, "locator")), places = ids.length > 1 ? locator.split("|") : [locator];
      return el("section", { class: "qj-section" }, el("h3", {}, t("section.sources")),
        ids.length
          ? el("ul", { class: "qj-plain" }, ids.map((id, at) => source(id, places[at] || "")))
          : el("p", { class: "qj-nosource" }, t("source.none")));
    },
    /** Makes the line with the sources of a row in a list: titles and locators. @param {Ref} r */
    shortSource(r) {
      const ids = store.list(r, "source"), locator = store.get(r, "locator");
      if (!ids.length) return el("span", { class: "qj-line qj-nosource" }, t("source.none"));
      return el("span", { class: "qj-line qj-quiet qj-source-line", title: ids.map((id) => store.nameOfId(id)).join("\n") },
        el("span", {}, t("source.short")), el("span", { class: "qj-source-name" }, links(ids)),
        locator ? el("span", { lang: langOf(format.locator(locator)) }, "\u00a0· " + format.locator(String(locator).replace(/\|/g, " · "))) : null);
    },
  };
}

/** Returns the functions that write the facts of rows. @param {{ meta: Meta, language: Language, store: Store, format: Format, own: OwnColumns }} parts */
export function makeRowFacts({ meta, language, store, format, own }) {
  const links = makeLinks(language, store), amounts = makeAmounts(language, store, format, links);
  const factsOf = makeFactList(language, store, format, links, amounts);

  return {
    ...links, ...amounts, ...makeSources(language, store, format, links),
    /** Makes the line with the status of a row and the note on it; null without both. @param {Ref} r */
    status(r) {
      const value = store.get(r, "status"), note = store.get(r, "status_note");
      if (!value && !note) return null;
      return el("p", { class: "qj-status-line" },
        value ? el("span", { class: "qj-status", "data-status": store.statusLike(r) }, store.status(r)) : null,
        ownText(language.half(note)));
    },
    /** Makes the list of the facts of a row. @param {Ref} r */
    facts(r) {
      const all = factsOf(r).map(([key, content]) => /** @type {Facts[0]} */ ([language.t(key), content]));
      for (const column of own.of(store.tableOf(r))) if (!column.quiet) all.push([own.label(column), own.node(r, column)]);
      const rows = all.filter(([, content]) => content && (!Array.isArray(content) || content.length));
      const asOf = store.get(r, "as_of"); // shown only if it differs from the date of the whole page
      if (asOf && asOf !== meta.as_of) rows.push([language.t("fact.as_of"), format.date(asOf)]);
      if (store.get(r, "id") && store.views.get(store.tableOf(r))?.id) rows.push([language.t("fact.id"), el("code", {}, store.id(r))]);
      return el("dl", { class: "qj-facts" },
        rows.map(([label, content]) => el("div", {}, el("dt", {}, label), el("dd", {}, content))));
    },
    /** Makes the paragraph with the description of a row, in the page's language if it has one; null without a description. @param {Ref} r */
    description(r) {
      const zh = store.get(r, "description"), en = store.get(r, "description_en");
      const text = language.now === "en" ? en || zh : zh || en;
      return text ? elIn("p", { class: "qj-description" }, text) : null;
    },
  };
}
