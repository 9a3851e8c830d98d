/* Figures of a page with partnerships: who works with whom as a matrix; numbers by partner, year and kind. */

import { makeFigureView } from "./figure-view.js";
import { makePartnerMatrix } from "./partner-matrix.js";
import { buttonOf, el, templatePart } from "../app/base/dom.js";

/** Makes the figures of a page: the matrix of partners, and the view of charts and tables. @param {FigureParts} parts */
export function figures(parts) {
  const { language } = parts, matrix = makePartnerMatrix(parts), view = makeFigureView(parts, matrix);
  const opener = () => buttonOf("qj-more qj-figures-open", language.t("figures.open"), () => view.open(true));
  const inList = opener();
  inList.id = "qj-figures-button";
  language.bind(inList, "figures.open");
  templatePart("matrix-button").after(inList);
  return { opener: (/** @type {string} */ id) => el("div", { class: "qj-openers" }, matrix.opener(id), opener()) };
}
