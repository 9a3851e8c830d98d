/* Adds the parts that only a page of frames has: tooltips, a legend that filters, panels of chosen columns, the time bar. */

import { rangeWords } from "./histogram.js";
import { el, elIn } from "../app/base/dom.js";
import { makeTimeFilter } from "../time/time-filter.js";
import { makeTimeline } from "../time/timeline.js";

const MORE = 8; // default number of columns in a tooltip, as in qjmap/frames/table_view.py

/** @typedef {import("./features.js").Features} Features */

/**
 * Adds the parts of a page of frames to a page. The returned `start` moves the map to the first view that was asked for, and shows the period
 * of the link.
 *
 * @param {PageFace} face
 * @returns {StartedPart}
 */
export function connect(face) {
  const { map, layers, language, store, facets, own } = face;
  const shapes = /** @type {Features[]} */ (layers.filter((layer) => layer.geometryOf));
  for (const layer of shapes) {
    const table = layer.layerName, { popup } = layer.drawing;
    // Without columns for a popup, a click opens nothing.
    if (popup && !popup.length) map.getContainer().addEventListener("click", () => { layer.clicking = true; setTimeout(() => { layer.clicking = false; }); }, { capture: true });
    for (const column of own.of(table)) column.quiet = column.title || Boolean(popup && !popup.includes(column.name));
    layer.nameIn = (row) => store.name(store.refOf(table, row));
  }
  document.documentElement.dataset.page = "frame";
  document.documentElement.dataset.table = face.meta.list === false ? "no" : "yes";
  for (const facet of facets.all) if (facet.own?.bins) facet.range = () => `${facets.label(facet)}: ${rangeWords(facet, facets)}`;
  makeTooltip(face, shapes);

  /** Returns the facet of the classes by which a table is coloured; undefined if there is none. @param {string} table */
  const classesOf = (table) => facets.all.find((facet) => facet.columns[table] === "/class");
  map.on("qjmap:class", ({ layer, values }) => {
    const facet = classesOf(layer);
    if (!facet) return;
    const chosen = new Set(facet.chosen), isOn = values.every((/** @type {string} */ value) => chosen.has(value));
    for (const value of values) if (isOn) chosen.delete(value); else chosen.add(value);
    facets.choose(facet.key, chosen);
  });
  /* Marks the entries of the legend whose classes are chosen by the filter, and fades the others. */
  function press() {
    const chosen = new Set(shapes.flatMap(({ layerName }) => Array.from(classesOf(layerName)?.chosen || [], (value) => layerName + "/" + value)));
    for (const node of document.querySelectorAll("#qj-legend .qj-key")) {
      const key = node.getAttribute("data-class") || "";
      node.setAttribute("aria-pressed", String(chosen.has(key)));
      node.closest("li")?.classList.toggle("qj-away", chosen.size > 0 && !chosen.has(key));
    }
  }
  face.filter.onChange(press);
  language.onChange(() => requestAnimationFrame(press));
  requestAnimationFrame(press);
  const time = makeTimeFilter(face), timeline = makeTimeline({ ...face, time });
  const { at } = face.meta.start || {};
  return {
    start() {
      if (at) map.setView([at[0], at[1]], at[2], { animate: false });
      return timeline.start();
    },
  };
}

/**
 * Makes the tooltip of the row under the pointer: its name, and the columns that `drawing.tooltip` lists.
 *
 * @param {PageFace} face
 * @param {Features[]} shapes layers of frames
 */
function makeTooltip({ map, language, store, own }, shapes) {
  const node = el("div", { class: "qj-tip qj-card", hidden: true, "aria-hidden": "true" });
  map.getContainer().append(node);
  let turn = 0, pointer = { x: 0, y: 0 };

  /** Returns the contents of the tooltip of a row. @param {Features} layer @param {number} row @param {string} table */
  function linesOf(layer, row, table) {
    const { tooltip, aliases, labels } = layer.drawing, columns = own.of(table), r = store.refOf(table, row);
    const lines = tooltip.flatMap((name, k) => {
      const column = columns.find((one) => one.name === name), text = column ? own.text(r, column) : "";
      return column && text ? [el("tr", {}, labels ? elIn("th", {}, aliases[k] || own.label(column)) : null, elIn("td", {}, text))] : [];
    });
    const rest = columns.length - tooltip.length - (columns.some(({ title }) => title) ? 1 : 0);
    return [elIn("strong", {}, store.name(r)), lines.length ? el("table", {}, lines) : null,
      rest > 0 && tooltip.length === MORE ? el("p", { class: "qj-quiet" }, language.t("explore.more", { count: rest })) : null];
  }

  /** Shows the tooltip of a row beside the pointer. @param {Features} layer @param {number} row @param {Point} point px from the corner of the map */
  function place(layer, row, point) {
    node.replaceChildren(...el("div", {}, linesOf(layer, row, layer.layerName)).childNodes);
    node.hidden = false;
    const { x: width, y: height } = map.getSize(), { offsetWidth, offsetHeight } = node;
    node.style.left = Math.max(4, point.x + 14 + offsetWidth > width ? point.x - offsetWidth - 10 : point.x + 14) + "px";
    node.style.top = Math.max(4, Math.min(height - offsetHeight - 4, point.y + 14)) + "px";
  }

  for (const layer of shapes) {
    if (!layer.drawing.tooltip.length && !layer.drawing.labels) continue;
    layer.onHover = (row) => {
      const mine = ++turn;
      if (row < 0 || !layer.drawing.tooltip.length) { node.hidden = true; return; }
      const { left, top } = map.getContainer().getBoundingClientRect(), point = { x: pointer.x - left, y: pointer.y - top }, loading = store.load([store.refOf(layer.layerName, row)]);
      if (!loading) place(layer, row, point);
      else loading.then(() => { if (mine === turn) place(layer, row, point); });
    };
  }
  map.getContainer().addEventListener("mousemove", ({ clientX, clientY }) => { pointer = { x: clientX, y: clientY }; }, { capture: true, passive: true });
  map.on("movestart zoomstart mouseout", () => { node.hidden = true; });
}
