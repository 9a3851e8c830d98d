/* Marks changed rows on the map, and lists the old and new cells of a row in its panel. */

import { ChangeMarks } from "./change-mark-layer.js";
import { el, elIn } from "../app/base/dom.js";

/** @type {PageFace} */
let face;

/** Adds the marks to a page. This bundle is connected before atlas.js, which makes buttons of the legend's lines, those of marks too. @param {PageFace} given */
export function connect(given) {
  face = given;
  const { map, layers, filter, switches } = given, marks = new ChangeMarks(given);
  layers.push(marks);
  map.addLayer(marks);
  marks.setTheme(document.documentElement.dataset.theme || "light");
  filter.onChange(() => marks.again());
  switches.onChange(() => marks.again());
}

/**
 * Returns the section of a row's panel that states what became of the row since the old edition, with the old and new cells of changed
 * columns; null for a row that stayed the same.
 *
 * @param {Ref} r
 * @returns {Child}
 */
export function rowNote(r) {
  const { store, language, meta: { changes } } = face, { t, word } = language, change = store.get(r, "edition_change");
  if (!change || change === "same") return null;
  const cells = changes?.cells?.[store.id(r)]?.[language.now] || [];
  /** Returns the header cell of a column of the table. @param {string} key key of its text */
  const head = (key) => el("th", { scope: "col" }, t(key));
  return el("section", { class: "qj-section qj-edition", "data-change": change },
    el("h3", {}, t("edition_change.heading", { change: word("edition_change", change) })),
    el("p", { class: "qj-quiet" }, t(change === "withdrawn" ? "edition_change.gone" : cells.length || change === "added" ? "edition_change.since" : "edition_change.parts", { name: changes?.old || "" })),
    cells.length ? el("table", {},
      el("thead", {}, el("tr", {}, head("edition_change.column"), head("edition_change.old"), head("edition_change.new"))),
      el("tbody", {}, cells.map(([column, label, old, now]) => el("tr", {}, elIn("th", { scope: "row" }, language.has("column." + column) ? t("column." + column) : label), el("td", {}, elIn("del", {}, old)), el("td", {}, elIn("ins", {}, now)))))) : null);
}
