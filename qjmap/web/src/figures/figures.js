/* Makes the figures of a page with partnerships: the matrix of partners, and numbers by partner, year and kind. */

import { makeFigureView } from "./figure-view.js";
import { makePartnerMatrix } from "./partner-matrix.js";
import { buttonOf, el, templatePart } from "../app/base/dom.js";

/** Makes the figures of a page and a button for them; `opener` makes the buttons that the panel of a row shows. @param {FigureParts} parts */
export function figures(parts) {
  const { language } = parts, matrix = makePartnerMatrix(parts), view = makeFigureView(parts, matrix);
  const opener = () => buttonOf("qj-more qj-figures-open", language.t("figures.open"), () => view.open(true));
  const inList = opener();
  inList.id = "qj-figures-button";
  language.bind(inList, "figures.open");
  templatePart("matrix-button").after(inList);
  return { opener: (/** @type {string} */ id) => el("div", { class: "qj-openers" }, matrix.opener(id), opener()) };
}
