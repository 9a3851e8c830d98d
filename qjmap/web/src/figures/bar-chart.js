/* A bar chart as SVG: the number of partnerships in each row, and how many of them are joint projects. */

import { svg } from "../app/base/svg.js";

const ROW = 26, BAR = 14, TYPE = 13; // px, height of a row and of a bar, font size

/**
 * Shortens a text to about a width in px; widths are estimated: a Chinese character is as wide as the font size, another one 0.56 of it.
 *
 * @param {string} text
 * @param {number} width
 */
function fitted(text, width) {
  let left = width, end = 0;
  for (const sign of text) {
    left -= sign > "\u2e7f" ? TYPE : TYPE * 0.56;
    if (left < 0) return text.slice(0, Math.max(1, end - 1)) + "…";
    end += sign.length;
  }
  return text;
}

/**
 * Returns the chart as an SVG element: one row with name, bars and note for each row of figures.
 *
 * @param {import("./figure-rows.js").FigureRow[]} rows
 * @param {number} width pixels
 * @param {{ title: string, note: (row: import("./figure-rows.js").FigureRow) => string }} words
 */
export function barChart(rows, width, { title, note }) {
  const name = Math.min(230, width * 0.34), room = width - name - 10, most = Math.max(1, ...rows.map(({ refs }) => refs.length));
  const text = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ words, /** @type {string} */ anchor) => {
    const node = svg("text", { x: x.toFixed(1), y: y + BAR - 2, "text-anchor": anchor, "font-size": TYPE, class: "qj-chart-text" });
    node.textContent = words;
    return node;
  };
  const bars = rows.flatMap((row, k) => {
    const y = k * ROW + 6, words = note(row), space = Math.min(room * 0.55, words.length * TYPE * 0.8 + 10), scale = (room - space) / most;
    return [
      text(name, y, fitted(row.label, name), "end"),
      svg("rect", { x: name + 8, y, width: Math.max(1, row.refs.length * scale).toFixed(1), height: BAR, class: "qj-chart-all" }),
      svg("rect", { x: name + 8, y, width: (row.totals.joint * scale).toFixed(1), height: BAR, class: "qj-chart-joint" }),
      text(name + 14 + row.refs.length * scale, y, words, "start"),
    ];
  });
  const chart = svg("svg", { class: "qj-chart", width, height: rows.length * ROW + 8, viewBox: `0 0 ${width} ${rows.length * ROW + 8}`, role: "img", "aria-label": title });
  chart.append(...bars);
  return chart;
}

/**
 * Returns the chart as an SVG file; the styles that the page gives it become attributes.
 *
 * @param {SVGElement} chart
 * @param {string} title
 */
export function chartFile(chart, title) {
  const copy = /** @type {SVGElement} */ (chart.cloneNode(true)), from = chart.querySelectorAll("*"), paper = getComputedStyle(document.body).backgroundColor;
  copy.querySelectorAll("*").forEach((node, k) => {
    const { fill, fontFamily } = getComputedStyle(from[k]);
    node.setAttribute("fill", fill);
    if (node.tagName === "text") node.setAttribute("font-family", fontFamily);
    node.removeAttribute("class");
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const caption = svg("title", {});
  caption.textContent = title;
  copy.prepend(caption, svg("rect", { width: "100%", height: "100%", fill: paper }));
  return new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}
