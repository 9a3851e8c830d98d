/* Writes the title, date, review number and attributions of the map, and the sources for print. */

import { el, listen, templatePart } from "../base/dom.js";

const SOURCES = 60; // maximum number of sources that are printed

const COARSE = 12; // zoom from which one can see that the background's boundaries are simplified

/**
 * Writes title, date, review number and attributions in the page's language; from zoom `COARSE` on also a note that boundaries
 * are simplified, if the background has the boundaries of the package.
 *
 * @param {{ map: LeafletMap, meta: Meta, language: Language, format: Format }} given
 */
export function showNotes({ map, meta, language, format }) {
  const coarse = templatePart("coarse");
  language.bind(coarse, "coarse");
  map.on("zoomend", () => { coarse.hidden = !meta.ground || map.getZoom() < COARSE; });
  const fill = () => {
    const title = language.pick(meta.title, ""), other = meta.title ? meta.title[language.other] : "";
    templatePart("title").textContent = title;
    templatePart("subtitle").textContent = other !== title ? other || "" : ""; // a map may have a title in only one language
    templatePart("subtitle").lang = language.other === "zh" ? "zh-CN" : "en";
    templatePart("as-of").textContent = meta.as_of ? language.t("as_of", { date: format.date(meta.as_of) }) : "";
    templatePart("review").textContent = meta.review_number
      ? language.t("review.number", { number: meta.review_number }) : language.t("review.none");
    templatePart("attribution").replaceChildren(...(meta.attribution || []).map((one) => el("li", {}, language.pick(one, ""))));
    const button = templatePart("language");
    button.textContent = language.other === "zh" ? "中文" : "English";
    button.lang = language.other === "zh" ? "zh-CN" : "en";
  };
  listen(templatePart("language"), "click", () => language.set(language.other));
  language.onChange(fill);
  fill();
}

/**
 * Lists the first `SOURCES` sources for print; a licence that most of them have is stated once, in the heading.
 *
 * @param {{ store: Store, language: Language, format: Format }} given
 */
export function fillSources({ store, language, format }) {
  const refs = Array.from({ length: Math.min(store.rows("sources"), SOURCES) }, (_, row) => store.refOf("sources", row));
  /** Returns the licence of a source in the page's language. @param {Ref} r */
  const licence = (r) => language.half(store.get(r, "licence"));
  const most = refs.map(licence).find((one) => one && refs.filter((r) => licence(r) === one).length > refs.length / 2);
  const lines = refs.map((r) => el("li", {}, [...store.cited(r), format.date(store.get(r, "published")),
    licence(r) === most ? "" : licence(r)].filter(Boolean).join(" · ")));
  const heading = language.t("section.sources") + (most ? format.aside(language.t("sources.licence", { licence: most })) : "");
  templatePart("print-sources").replaceChildren(el("h2", {}, heading), el("ul", {}, lines));
}
