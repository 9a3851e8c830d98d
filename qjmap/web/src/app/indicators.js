/* Figures that a source states of a row: what was reached apart from what is aimed at. Where several have one unit, a small
 * bar beside each shows them against each other; where one is stated for several periods, a line shows its course. The
 * numbers stay text; the drawings say nothing that the text does not.
 */

import { span } from "./dates.js";
import { el, pushTo } from "./dom.js";

const KINDS = ["actual", "capacity", "target", "forecast", ""];
const WIDTH = 100; // units of the drawings; the style sheet gives them their size
const HEIGHT = 28;

/**
 * @param {string} tag
 * @param {any} attributes
 * @param {...any} children
 */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

export const crossIcon = () => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: "M4 4l8 8M12 4l-8 8" }));

/**
 * @param {Ref[]} refs
 * @param {any} keyOf
 */
function grouped(refs, keyOf) {
  const groups = new Map();
  for (const r of refs) pushTo(groups, keyOf(r), r);
  return groups;
}

/** @param {{ language: Language, store: Store, relations: Relations, format: Format, details: RowDetails }} given */
export function makeIndicators({ language, store, relations, format, details }) {
  const { t, word } = language;
  /** @param {Ref} r */
  const numeric = (r) => format.isNumber(store.get(r, "value"));
  /** @param {Ref} r */
  const value = (r) => Number(store.get(r, "value"));

  /**
   * A bar as long as the value is of the largest with its unit.
   *
   * @param {Ref} r
   * @param {any} largest
   */
  function bar(r, largest) {
    const share = Math.max(1, (WIDTH * Math.abs(value(r))) / largest);
    return svg("svg", { class: "qj-bar", viewBox: `0 0 ${WIDTH} 6`, preserveAspectRatio: "none", "aria-hidden": "true", "data-kind": store.get(r, "kind") },
      svg("rect", { class: "qj-bar-ground", width: WIDTH, height: 6 }), svg("rect", { class: "qj-bar-value", width: share.toFixed(2), height: 6 }));
  }

  /**
   * The course of one figure over its periods.
   *
   * @param {Ref[]} refs
   */
  function course(refs) {
    const known = refs.map((r) => ({ r, days: /** @type {number[]} */ (span(store.get(r, "period"))) })).filter(({ r, days }) => days && numeric(r))
      .sort((a, b) => a.days[0] - b.days[0]);
    if (new Set(known.map(({ days }) => days[0])).size < 3) return null;
    const at = known.map(({ days }) => (days[0] + days[1]) / 2);
    const most = Math.max(0, ...known.map((/** @type {{ r: Ref }} */ { r }) => value(r)));
    const least = Math.min(0, ...known.map((/** @type {{ r: Ref }} */ { r }) => value(r)));
    const points = known.map((/** @type {{ r: Ref }} */ { r }, index) => [
      3 + ((WIDTH - 6) * (at[index] - at[0])) / (at[at.length - 1] - at[0]),
      HEIGHT - 3 - ((HEIGHT - 6) * (value(r) - least)) / (most - least || 1),
    ].map((number) => number.toFixed(2)));
    return svg("svg", { class: "qj-course", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
      svg("polyline", { points: points.map((point) => point.join(",")).join(" ") }),
      ...points.map((/** @type {any[]} */ [cx, cy]) => svg("circle", { cx, cy, r: 1.6 })));
  }

  /**
   * @param {Ref} r
   * @param {any} largest
   */
  function line(r, largest) {
    return el("li", { class: "qj-figure" }, details.link(store.id(r)),
      el("span", { class: "qj-value" }, details.amount(r)),
      largest && numeric(r) ? bar(r, largest) : null,
      store.get(r, "period") ? el("span", { class: "qj-line qj-quiet qj-numbers" }, format.date(store.get(r, "period"))) : null,
      details.shortSource(r));
  }

  /* The section of a row's figures, null without any; `list` lays out lines of any number. */
  return function (/** @type {Ref} */ r, /** @type {any} */ section, /** @type {any} */ list) {
    const refs = relations.of("indicators", "subject", store.id(r));
    if (!refs.length) return null;
    const largest = new Map(); // unit -> the largest value, where several figures have it
    for (const [unit, ones] of grouped(refs.filter(numeric), (/** @type {any} */ one) => store.get(one, "unit"))) {
      if (ones.length > 1) largest.set(unit, Math.max(...ones.map((/** @type {any} */ one) => Math.abs(value(one)))));
    }
    const kinds = grouped(refs, (/** @type {any} */ one) => (KINDS.includes(store.get(one, "kind")) ? store.get(one, "kind") : ""));
    return section("section.figures", KINDS.filter((kind) => kinds.has(kind)).map((kind) => [
      el("h4", { class: "qj-figure-kind", "data-kind": kind }, word("indicator_kind", kind) || t("figure.other")),
      Array.from(grouped(kinds.get(kind), (/** @type {any} */ one) => store.get(one, "name") + "\u0000" + store.get(one, "unit")).values(), course),
      list(kinds.get(kind), (/** @type {any} */ one) => line(one, largest.get(store.get(one, "unit")))),
    ]));
  };
}
