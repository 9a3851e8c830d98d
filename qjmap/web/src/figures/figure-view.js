/* The view of the figures: a bar chart and a sortable table for each of partners, years and kinds, which can be saved (CSV, SVG) and printed. */

import { barChart, chartFile } from "./bar-chart.js";
import { figureGroups } from "./figure-rows.js";
import { buttonOf, el, listen, templatePart } from "../app/base/dom.js";
import { crossIcon } from "../app/base/svg.js";
import { csvLine, download } from "../app/export/file-formats.js";
import { makeCover } from "../runtime/open-views.js";

const CHARTED = 12; // maximum number of bars in a chart
const WIDEST = 680; // maximum width of a chart in px

/** @typedef {import("./figure-rows.js").FigureRow} FigureRow */
/** @typedef {import("./figure-rows.js").FigureGroup} FigureGroup */
/**
 * @typedef {{ key: string, number: boolean, value: (row: FigureRow) => number | string, text: (row: FigureRow) => string }} FigureColumn
 * A column: `value` returns the sort key of a row, `text` its cell; `number`: it holds numbers.
 */

/** Returns rows of cells as a CSV file for Excel (UTF-8 with a byte-order mark). @param {string[][]} rows */
const csvFile = (rows) => new Blob(["\ufeff", ...rows.map(csvLine)], { type: "text/csv" });

/**
 * Returns the columns of the table of a group.
 *
 * @param {FigureParts} parts
 * @param {FigureGroup} group
 * @returns {FigureColumn[]}
 */
function columnsOf({ format }, { key }) {
  /**
   * Makes a column of numbers.
   *
   * @param {string} name
   * @param {(row: FigureRow) => number} value
   * @returns {FigureColumn}
   */
  const count = (name, value) => ({ key: name, number: true, value, text: (row) => format.number(value(row)) });
  /** Makes a column of amounts of money; a missing one has the sort key -1. @param {"committed" | "intended"} name @returns {FigureColumn} */
  const money = (name) => ({
    key: name, number: true, value: ({ totals }) => totals[name]?.cny ?? -1,
    text: ({ totals }) => { const sum = totals[name]; return sum ? format.qualified(format.money(sum.cny), sum.qualifier) : ""; },
  });
  return [
    { key, number: false, value: ({ label, id }) => (key === "years" ? id || "9999" : label), text: ({ label }) => label },
    count("links", ({ refs }) => refs.length),
    ...(key === "partners" ? [count("within", ({ within }) => within || 0)] : []),
    count("joint", ({ totals }) => totals.joint), money("committed"), money("intended"), count("no_value", ({ totals }) => totals.noValue),
  ];
}

/**
 * Returns the function that compares two rows by a column, for sorting.
 *
 * @param {FigureColumn} column
 * @param {boolean} falling whether the largest values come first
 * @returns {(a: FigureRow, b: FigureRow) => number}
 */
const comparing = ({ value }, falling) => (a, b) => {
  const one = value(a), other = value(b), order = typeof one === "number" ? one - Number(other) : one.localeCompare(String(other));
  return falling ? -order : order;
};

/** Makes a table that is sorted by the column whose header is clicked. @param {FigureParts} parts @param {FigureGroup} group */
function sortableTable({ language: { t }, facts }, { key, rows }, columns = /** @type {FigureColumn[]} */ ([])) {
  const body = el("tbody", {}), head = el("tr", {});
  let sorted = -1, falling = false;
  function fill() {
    const shown = sorted < 0 ? rows : rows.slice().sort(comparing(columns[sorted], falling));
    body.replaceChildren(...shown.map((row) => el("tr", {}, columns.map((column, k) => (k
      ? el("td", { class: "qj-number" }, column.text(row))
      : el("th", { scope: "row" }, key === "partners" ? facts.link(row.id) : column.text(row)))))));
    head.replaceChildren(...columns.map((column, k) => el("th", { scope: "col", class: column.number ? "qj-number" : null, "aria-sort": k !== sorted ? "none" : falling ? "descending" : "ascending" },
      buttonOf("", t("figures." + column.key) + (k !== sorted ? "" : falling ? " ▼" : " ▲"), () => {
        falling = k === sorted ? !falling : column.number;
        sorted = k;
        fill();
        /** @type {HTMLElement} */ (head.children[k].firstChild).focus();
      }))));
  }
  fill();
  return el("div", { class: "qj-figures-scroll", tabindex: "0", role: "group", "aria-label": t("figures.by." + key) },
    el("table", { class: "qj-figures-table" }, el("caption", {}, t("figures.by." + key)), el("thead", {}, head), body));
}

/**
 * Makes the section of a group: heading, buttons that save its table and chart, chart and table.
 *
 * @param {FigureParts} parts
 * @param {FigureGroup} group
 * @param {number} width width of the chart in px
 */
function groupNode(parts, group, width) {
  const { language: { t }, format, meta } = parts, columns = columnsOf(parts, group), title = t("figures.by." + group.key), stem = `${meta.id || "map"}-${group.key}`;
  const chart = barChart(group.rows.slice(0, CHARTED), width, {
    title,
    note: (row) => [format.number(row.refs.length), columns[columns.length - 3].text(row)].filter(Boolean).join(" · "),
  });
  const csv = () => csvFile([columns.map(({ key }) => t("figures." + key)), ...group.rows.map((row) => columns.map((column) => column.text(row)))]);
  return el("section", { class: "qj-figures-group" },
    el("h3", {}, title, el("span", { class: "qj-figures-save" },
      buttonOf("qj-more", t("figures.csv", { what: title }), () => download(csv(), stem + ".csv")),
      buttonOf("qj-more", t("figures.svg", { what: title }), () => download(chartFile(chart, { title, unit: t("figures.unit"), all: t("figures.links"), joint: t("figures.joint") }), stem + ".svg")))),
    group.key === "partners" ? el("p", { class: "qj-quiet" }, t("figures.note.partners")) : null,
    chart,
    group.rows.length > CHARTED ? el("p", { class: "qj-quiet" }, t("figures.first", { shown: CHARTED, total: group.rows.length })) : null,
    sortableTable(parts, group, columns));
}

/**
 * Makes the view; the returned `open` opens it (true) and closes it (false).
 *
 * @param {FigureParts} parts
 * @param {{ open: (yes: boolean) => void, cells: () => string[][] }} matrix the matrix of partners; `cells` are its rows for a file
 */
export function makeFigureView(parts, matrix) {
  const { language, filter, closeList } = parts, { t } = language, stage = templatePart("stage");
  const title = el("h2", { id: "qj-figures-title", tabindex: "-1" }), body = el("div", { id: "qj-figures-body" }), tools = el("div", { class: "qj-figures-tools" });
  const close = el("button", { id: "qj-figures-close", type: "button", class: "qj-icon" }, crossIcon());
  const view = el("section", { id: "qj-figures", role: "dialog", "aria-labelledby": "qj-figures-title", hidden: true }, title, tools, close, body);
  stage.append(view);
  const cover = makeCover(view, () => open(false));
  /** @type {HTMLElement | null} the element that had the focus before the view was opened */
  let before = null;

  function fill() {
    const { shown, total } = filter.numbers("partnerships");
    const { scrollTop } = view, width = Math.max(280, Math.min(WIDEST, view.clientWidth - 40));
    tools.replaceChildren(buttonOf("qj-more", t("matrix.open"), () => matrix.open(true)),
      buttonOf("qj-more", t("figures.csv", { what: t("matrix.title") }), () => download(csvFile(matrix.cells()), (parts.meta.id || "map") + "-matrix.csv")), buttonOf("qj-more", t("figures.print"), () => window.print()));
    body.replaceChildren(
      el("p", { class: "qj-quiet" }, t("figures.note", { shown, total })),
      el("p", { class: "qj-quiet" }, t("figures.unit")),
      el("p", { class: "qj-figures-key", "aria-hidden": "true" }, el("span", { class: "qj-key-all" }), t("figures.links"), el("span", { class: "qj-key-joint" }), t("figures.joint")),
      ...figureGroups(parts).filter(({ rows }) => rows.length).map((group) => groupNode(parts, group, width)));
    view.scrollTop = scrollTop;
  }

  /** Opens or closes the view. @param {boolean} yes */
  function open(yes) {
    if (yes === !view.hidden) return;
    if (yes) before = /** @type {HTMLElement | null} */ (document.activeElement);
    view.hidden = !yes;
    cover(yes);
    document.documentElement.dataset.figures = yes ? "open" : "closed";
    if (yes) {
      fill();
      view.scrollTop = 0;
      title.focus();
    } else if (before && before.isConnected) before.focus({ preventScroll: true });
  }

  const refill = () => { if (!view.hidden) fill(); };
  listen(close, "click", () => open(false));
  body.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest('a[href^="#id="]')) return;
    open(false);
    closeList();
  }, true);
  // Only this view is printed.
  window.addEventListener("beforeprint", () => { if (!view.hidden) document.body.append(view); });
  window.addEventListener("afterprint", () => { if (view.parentElement !== stage) stage.append(view); });
  window.addEventListener("resize", refill);
  filter.onChange(refill);
  language.onChange(refill);
  language.bind(title, "figures.title");
  language.bind(close, "figures.close", "aria-label");
  return { open };
}
