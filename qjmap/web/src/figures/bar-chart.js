/* Draws a bar chart as SVG: for each row the number of partnerships, and how many of them are joint projects. */

import { svg } from "../app/base/svg.js";
import { measuringContext } from "../app/base/wrap-text.js";
import { fittedText } from "../runtime/label-text.js";
import { typeface } from "../runtime/palette.js";

const ROW = 26, BAR = 14, TYPE = 13; // px, height of a row and of a bar, font size
const HEAD = 58, EDGE = 12; // px over a chart in a file for its title and key, and at its side

/** Shortens a text to a width in px. @param {string} text @param {number} width */
function fitted(text, width) {
  const ruler = measuringContext();
  ruler.font = `${TYPE}px ${typeface}`;
  return fittedText(ruler, text, width);
}

/**
 * Makes a text element of a chart.
 *
 * @param {number} x px
 * @param {number} y px of the top of the line
 * @param {string} words
 * @param {string} anchor value of text-anchor
 */
function text(x, y, words, anchor, size = TYPE) {
  const node = svg("text", { x: x.toFixed(1), y: y + BAR - 2, "text-anchor": anchor, "font-size": size, class: "qj-chart-text" });
  node.textContent = words;
  return node;
}

/**
 * Returns the chart as an SVG element: for each row of figures its name, two bars (all partnerships, joint projects) and a note.
 *
 * @param {import("./figure-rows.js").FigureRow[]} rows
 * @param {number} width pixels
 * @param {{ title: string, note: (row: import("./figure-rows.js").FigureRow) => string }} words
 */
export function barChart(rows, width, { title, note }) {
  const name = Math.min(230, width * 0.34), room = width - name - 10, most = Math.max(1, ...rows.map(({ refs }) => refs.length));
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

/** Makes the title, the key and the unit over a chart in a file. @param {{ title: string, unit: string, all: string, joint: string }} words */
function headOf({ title, unit, all, joint }) {
  const at = 24 + all.length * TYPE;
  return [text(0, 6, title, "start", 16), ...[["qj-chart-all", 0, all], ["qj-chart-joint", at, joint]].flatMap(([name, x, words]) => [
    svg("rect", { x, y: 32, width: 16, height: BAR, class: name }), text(Number(x) + 22, 32, String(words), "start")]),
  text(at + 46 + joint.length * TYPE, 32, unit, "start")];
}

/**
 * Returns the chart as an SVG file with its title, unit and key; its computed colours and fonts become attributes.
 *
 * @param {SVGElement} chart
 * @param {{ title: string, unit: string, all: string, joint: string }} words
 */
export function chartFile(chart, words) {
  const head = headOf(words), body = svg("g", { transform: `translate(0,${HEAD})` });
  const width = Number(chart.getAttribute("width")) + 2 * EDGE, height = Number(chart.getAttribute("height")) + HEAD + EDGE;
  const copy = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `${-EDGE} 0 ${width} ${height}` });
  body.append(...Array.from(chart.children, (node) => node.cloneNode(true)));
  copy.append(...head, body);
  chart.after(copy); // for the computed styles
  const paper = getComputedStyle(document.body).backgroundColor;
  copy.querySelectorAll("rect, text").forEach((node) => {
    const { fill, fontFamily } = getComputedStyle(node);
    node.setAttribute("fill", fill);
    if (node.tagName === "text") node.setAttribute("font-family", fontFamily);
  });
  copy.querySelectorAll("[class]").forEach((node) => node.removeAttribute("class"));
  copy.remove();
  const caption = svg("title", {});
  caption.textContent = words.title;
  copy.prepend(caption, svg("rect", { x: -EDGE, width, height, fill: paper }));
  return new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}
