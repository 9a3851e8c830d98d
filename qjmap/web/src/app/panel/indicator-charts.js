/* The section with the indicators of a row, in groups of actual values, targets, forecasts and others. If several have the same unit, a small
 * bar beside each compares them; if one is stated for three or more periods, a line chart shows its development. The charts show only what
 * the text states too.
 */

import { span } from "../base/date-spans.js";
import { el, pushTo } from "../base/dom.js";
import { svg } from "../base/svg.js";

/** Kinds of indicators in display order; "" stands for none and for all others. */
const KINDS = ["actual", "capacity", "target", "forecast", "other", ""];
const WIDTH = 100; // width of the charts in SVG units; the style sheet sets their size
const HEIGHT = 28; // height of the line charts in SVG units

/** Groups rows by a key: key -> rows. @param {Ref[]} refs @param {(r: Ref) => string} keyOf */
function groupBy(refs, keyOf) {
  /** @type {Map<string, Ref[]>} */
  const groups = new Map();
  for (const r of refs) pushTo(groups, keyOf(r), r);
  return groups;
}

/**
 * Makes the line chart of an indicator over its periods; null if fewer than three begin on different days.
 *
 * @param {{ days: number[], value: number }[]} points values with the first and last day of their periods, in ascending order
 */
function courseChart(points) {
  if (new Set(points.map(({ days }) => days[0])).size < 3) return null;
  const middles = points.map(({ days }) => (days[0] + days[1]) / 2), values = points.map(({ value }) => value);
  const most = Math.max(0, ...values), least = Math.min(0, ...values), [first] = middles, last = middles[middles.length - 1];
  const vertices = values.map((value, k) => [
    3 + ((WIDTH - 6) * (middles[k] - first)) / (last - first),
    HEIGHT - 3 - ((HEIGHT - 6) * (value - least)) / (most - least || 1),
  ].map((coordinate) => coordinate.toFixed(2)));
  return svg("svg", { class: "qj-course", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    svg("polyline", { points: vertices.map((vertex) => vertex.join(",")).join(" ") }),
    ...vertices.map(([cx, cy]) => svg("circle", { cx, cy, r: 1.6 })));
}

/** Returns the function that makes the section. @param {{ language: Language, store: Store, relations: RelationIndex, format: Format, facts: RowFacts }} parts */
export function makeIndicatorCharts({ language, store, relations, format, facts }) {
  const isNumeric = (/** @type {Ref} */ r) => format.isNumber(store.get(r, "value"));
  const value = (/** @type {Ref} */ r) => Number(store.get(r, "value"));
  const unitOf = (/** @type {Ref} */ r) => store.get(r, "unit");
  const kindOf = (/** @type {Ref} */ r) => { const kind = language.like("indicator_kind", store.get(r, "kind")); return KINDS.includes(kind) ? kind : ""; };

  /** Makes a bar for a value, as a share of the largest value with the same unit. @param {Ref} r @param {number} largest */
  function bar(r, largest) {
    const share = Math.max(1, (WIDTH * Math.abs(value(r))) / largest);
    return svg("svg", { class: "qj-bar", viewBox: `0 0 ${WIDTH} 6`, preserveAspectRatio: "none", "aria-hidden": "true", "data-kind": store.get(r, "kind") },
      svg("rect", { class: "qj-bar-ground", width: WIDTH, height: 6 }), svg("rect", { class: "qj-bar-value", width: share.toFixed(2), height: 6 }));
  }

  /** Makes the line chart of the rows of one indicator; null if it has too few periods. @param {Ref[]} refs */
  function course(refs) {
    const points = refs.flatMap((r) => { const days = span(store.get(r, "period")); return days && isNumeric(r) ? [{ days, value: value(r) }] : []; });
    return courseChart(points.sort((a, b) => a.days[0] - b.days[0]));
  }

  /**
   * Makes the list item of an indicator; its subject is named if it is not the row of the panel.
   *
   * @param {Ref} r
   * @param {number | undefined} largest largest value with the same unit; undefined for no bar
   * @param {string} subject id of the panel's row
   */
  function line(r, largest, subject) {
    const period = store.get(r, "period");
    return el("li", { class: "qj-figure" }, facts.link(store.id(r)), subject && store.get(r, "subject") !== subject ? el("span", { class: "qj-line qj-quiet" }, facts.link(store.get(r, "subject"))) : null,
      el("span", { class: "qj-value" }, facts.amount(r)),
      largest && isNumeric(r) ? bar(r, largest) : null,
      store.get(r, "kind_word") ? el("span", { class: "qj-line qj-quiet" }, store.valueWords(r, "kind", "indicator_kind")) : null,
      period ? el("span", { class: "qj-line qj-quiet qj-numbers" }, format.date(period)) : null,
      facts.shortSource(r));
  }

  /**
   * Makes the section of the indicators of a row and of the sites that are part of it; null if there are none.
   *
   * @param {Ref} r
   * @param {(key: string, ...content: Child[]) => HTMLElement} section makes a section
   * @param {(refs: Ref[], line: (r: Ref) => HTMLElement) => HTMLElement} list makes a list of any length
   */
  return (r, section, list) => {
    const id = store.id(r), wholes = new Set([id]);
    for (const whole of wholes) for (const part of relations.of("sites", "part_of", whole)) wholes.add(store.id(part)); // adds to the set that the loop iterates over
    const refs = Array.from(wholes).flatMap((whole) => relations.of("indicators", "subject", whole));
    if (!refs.length) return null;
    /** @type {Map<string, number>} unit that several indicators have -> the largest of their values */
    const largest = new Map();
    for (const [unit, group] of groupBy(refs.filter(isNumeric), unitOf)) {
      if (group.length > 1) largest.set(unit, Math.max(...group.map((one) => Math.abs(value(one)))));
    }
    const kinds = groupBy(refs, kindOf);
    return section("section.figures", KINDS.flatMap((kind) => {
      const group = kinds.get(kind);
      return group ? [[
        el("h4", { class: "qj-figure-kind", "data-kind": kind }, language.word("indicator_kind", kind) || language.t("figure.other")),
        Array.from(groupBy(group, (one) => store.get(one, "name") + "\u0000" + unitOf(one)).values(), course),
        list(group, (one) => line(one, largest.get(unitOf(one)), id)),
      ]] : [];
    }));
  };
}
