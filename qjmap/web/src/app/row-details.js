/* What a row itself says: its facts, its position in words, its sources. */

import { el, elIn, langOf } from "./dom.js";

const COARSE = 500; // metres: from here on a position is an area, not a point

/**
 * An address of the web, as a link only when it is one.
 *
 * @param {string} url
 */
function web(url) {
  if (!url) return null;
  if (!/^https?:\/\/[^\s]+$/i.test(url)) return el("span", { class: "qj-break" }, url);
  return el("a", { href: url, rel: "noopener noreferrer", target: "_blank", class: "qj-break" }, url);
}

/** @param {any} text */
const own = (text) => (text ? elIn("span", {}, text) : null);

/** @param {{ meta: Meta, language: Language, store: Store, format: Format }} given */
export function makeRowDetails({ meta, language, store, format }) {
  const { t, word } = language;

  /**
   * A link to another row; an id that is no row stays a plain text.
   *
   * @param {string} id
   */
  function link(id) {
    const r = store.ref(id);
    if (r === undefined) return el("span", {}, id);
    const name = store.name(r);
    return elIn("a", { href: "#id=" + encodeURIComponent(id) }, name);
  }

  /** @param {any} nodes */
  const joined = (nodes) => nodes.flatMap((/** @type {any} */ node, /** @type {any} */ index) => (index ? [language.now === "zh" ? "、" : ", ", node] : [node]));
  /** @param {string[]} ids */
  const links = (ids) => (ids.length ? joined(ids.map(link)) : null);

  /** @param {Ref} r */
  function status(r) {
    const value = store.get(r, "status");
    const note = store.get(r, "status_note");
    if (!value && !note) return null;
    return el("p", { class: "qj-status-line" },
      value ? el("span", { class: "qj-status", "data-status": value }, store.status(r)) : null,
      own(language.half(note)));
  }

  /**
   * "位置仅知到区级，约 ±25 km"
   *
   * @param {Ref} r
   */
  function precision(r) {
    const level = store.get(r, "level") || store.get(r, "precision");
    const radius = Number(store.get(r, "radius_m")) || 0;
    if (!level || level === "unresolved" || !store.located(r)) return t("precision.unresolved");
    const words = language.has("precision." + level) ? t("precision." + level) : word("precision", level);
    return radius ? t("precision.radius", { words, radius: format.radius(radius) }) : words;
  }

  /** @param {Ref} r */
  function position(r) {
    const table = store.tableOf(r);
    if (table !== "places" && table !== "sites") return null;
    const parts = [el("span", {}, precision(r))];
    const taken = store.get(r, "position_of");
    if (taken && taken !== store.id(r)) parts.push(el("span", {}, t("position.of"), link(taken)));
    if (store.located(r)) {
      const radius = Number(store.get(r, "radius_m")) || 0;
      const shown = format.position(store.get(r, "lon"), store.get(r, "lat"), radius);
      parts.push(el("span", { class: "qj-numbers" }, radius > COARSE ? t("position.about", { position: shown }) : shown, " WGS 84"));
      const datum = store.get(r, "orig_datum");
      if (datum && datum !== "wgs84") {
        parts.push(el("span", { class: "qj-numbers" }, t("position.typed", {
          position: store.get(r, "orig_lon") + ", " + store.get(r, "orig_lat"), datum: word("datum", datum),
        })));
      }
    }
    const source = store.list(r, "position_source");
    if (source.length) {
      const locator = store.get(r, "position_locator");
      parts.push(el("span", {}, t("position.source"), links(source), locator ? format.aside(locator) : null));
    }
    return parts.map((part) => el("span", { class: "qj-line" }, part));
  }

  /** @param {Ref} r */
  function money(r) {
    const value = store.get(r, "value_cny");
    return format.isNumber(value) ? format.qualified(format.money(value), store.get(r, "value_qualifier")) : "";
  }

  /** @param {Ref} r */
  const amount = (r) => format.quantity(store.get(r, "value"), store.get(r, "unit"), store.get(r, "qualifier"));

  /**
   * Length of a leg: the published one with whose word it is, and the one measured along the drawn line.
   *
   * @param {Ref} r
   */
  function length(r) {
    const km = store.get(r, "published_km");
    const drawn = store.get(r, "length_km");
    const source = store.list(r, "length_source");
    const lines = [];
    if (format.isNumber(km)) lines.push([t("length.published", { km: format.number(km) }), source.length ? [" · ", links(source)] : null]);
    if (format.isNumber(drawn) && Number(drawn) > 0) {
      const grade = store.get(r, "grade");
      lines.push(t(store.tableOf(r) === "corridors" ? "length.sum" : "length.drawn", { km: format.number(Math.round(drawn)) }) + (grade ? format.aside(t("grade." + grade)) : ""));
      const straight = Math.round(store.get(r, "schematic_km"));
      if (straight > 0 && grade !== "schematic") lines.push(t("length.schematic", { km: format.number(straight) }));
    }
    return lines.length ? lines.map((line) => el("span", { class: "qj-line" }, line)) : null;
  }

  /**
   * [[text key, content], ...]: facts of a row in reading order; empty ones are left out by `facts`.
   *
   * @param {Ref} r
   */
  function pairs(r) {
    /** @param {string} column */
    const get = (column) => store.get(r, column);
    /** @param {string} column */
    const list = (column) => links(store.list(r, column));
    switch (store.tableOf(r)) {
      case "places": return [
        ["fact.parent", list("parent")], ["fact.members", list("members")], ["fact.aliases", own(format.list(store.list(r, "aliases")))],
        ["fact.adcode", get("adcode")], ["fact.valid", format.span(get("valid_from"), get("valid_to"))], ["fact.position", position(r)]];
      case "sites": return [
        ["fact.place", list("place")], ["fact.part_of", list("part_of")], ["fact.operator", list("operator")],
        ["fact.address", own(get("address"))], ["fact.aliases", own(format.list(store.list(r, "aliases")))],
        ["fact.time", format.span(get("start"), get("end"))], ["fact.position", position(r)], ["fact.url", web(get("url"))]];
      case "partnerships": return [
        ["fact.time", format.span(get("start"), get("end"))], ["fact.value", money(r) || t("value.none")],
        ["fact.direction", word("direction", get("direction"))], ["fact.part_of", list("part_of")], ["fact.about", list("about")],
        ["fact.aliases", own(format.list(store.list(r, "aliases")))], ["fact.url", web(get("url"))]];
      case "corridors": return [
        ["fact.area", list("area")], ["fact.part_of", list("part_of")], ["fact.time", format.span(get("start"), get("end"))],
        ["fact.mode", format.list(store.list(r, "modes").map((mode) => word("mode", mode)))], ["fact.length", length(r)],
        ["fact.aliases", own(format.list(store.list(r, "aliases")))], ["fact.url", web(get("url"))]];
      case "corridor_legs": return [
        ["fact.corridor", list("corridor")], ["fact.seq", get("seq") === "" ? "" : String(get("seq"))], ["fact.from", list("from")],
        ["fact.to", list("to")], ["fact.via", list("via")], ["fact.mode", word("mode", get("mode"))], ["fact.length", length(r)],
        ["fact.line_source", own(get("line_source"))]];
      case "indicators": return [
        ["fact.subject", list("subject")], ["fact.figure", amount(r)], ["fact.figure_kind", word("indicator_kind", get("kind"))],
        ["fact.period", format.date(get("period"))]];
      case "districts": return [["fact.rows", total(r)]];
      default: return [
        ["fact.publisher", own(get("publisher")) || t("source.unstated")],
        ["fact.published", format.date(get("published")) || t("source.unstated")],
        ["fact.licence", own(language.half(get("licence"))) || t("source.unstated")], ["fact.url", web(get("url"))],
        ["fact.accessed", format.date(get("accessed"))], ["fact.note", own(language.half(get("note")))]];
    }
  }

  /**
   * How many sites a district has; "" for any other row.
   *
   * @param {Ref} r
   */
  const total = (r) => (store.tableOf(r) === "districts" ? format.number(Number(store.get(r, "rows"))) : "");

  /** @param {Ref} r */
  function facts(r) {
    const rows = pairs(r).filter(([, content]) => content && (!Array.isArray(content) || content.length));
    const asOf = store.get(r, "as_of"); // said only where it is not the date of the whole page
    if (asOf && asOf !== meta.as_of) rows.push(["fact.as_of", format.date(asOf)]);
    if (store.get(r, "id")) rows.push(["fact.id", el("code", {}, store.id(r))]);
    return el("dl", { class: "qj-facts" },
      rows.map(([key, content]) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, content))));
  }

  /** @param {Ref} r */
  function description(r) {
    const zh = store.get(r, "description");
    const en = store.get(r, "description_en");
    const text = language.now === "en" ? en || zh : zh || en;
    return text ? elIn("p", { class: "qj-description" }, text) : null;
  }

  /**
   * One source in full: title, publisher, date, licence, where in it, link.
   *
   * @param {string} id
   * @param {any} locator
   */
  function source(id, locator) {
    const r = store.ref(id);
    if (r === undefined) return el("li", {}, id, locator ? format.aside(locator) : null);
    /** @param {string} column */
    const get = (column) => store.get(r, column);
    const rest = [get("publisher") || t("source.no_publisher"), format.date(get("published")) || t("source.no_date"), language.half(get("licence"))];
    return el("li", {}, link(id),
      el("span", { class: "qj-line qj-quiet" }, rest.filter(Boolean).join(" · ")),
      locator ? el("span", { class: "qj-line qj-quiet" }, t("source.locator"), own(language.half(locator))) : null,
      get("url") ? el("span", { class: "qj-line" }, web(get("url"))) : null);
  }

  /** @param {Ref} r */
  function sources(r) {
    if (["sources", "districts"].includes(store.tableOf(r))) return null;
    const ids = store.list(r, "source");
    return el("section", { class: "qj-section" }, el("h3", {}, t("section.sources")),
      ids.length
        ? el("ul", { class: "qj-plain" }, ids.map((id) => source(id, store.get(r, "locator"))))
        : el("p", { class: "qj-nosource" }, t("source.none")));
  }

  /**
   * The source of a line in a list, on one line: its title and the place in it.
   *
   * @param {Ref} r
   */
  function shortSource(r) {
    const ids = store.list(r, "source");
    if (!ids.length) return el("span", { class: "qj-line qj-nosource" }, t("source.none"));
    const locator = store.get(r, "locator");
    return el("span", { class: "qj-line qj-quiet qj-source-line", title: ids.map((id) => store.nameOfId(id)).join("\n") },
      el("span", {}, t("source.short")), el("span", { class: "qj-source-name" }, links(ids)),
      locator ? el("span", { lang: langOf(locator) }, "\u00a0· " + locator) : null);
  }

  return { link, links, joined, status, facts, description, sources, shortSource, total, money, amount, precision };
}
