/* The rows of the tables of figures: the partnerships that pass the filter, by partner, year and kind, with their totals. */

import { pushTo } from "../app/base/dom.js";

/**
 * @typedef {{ id: string, label: string, refs: Ref[], within: number | null, totals: ReturnType<PartnershipTotals["totals"]> }} FigureRow
 * A partner, year or kind (`id`, "" for none) with its partnerships (`refs`) and their totals. `within`: in how many of them not the partner
 * itself takes part, but a site or place within it; null for a year or kind.
 */
/** @typedef {{ key: "partners" | "years" | "kinds", rows: FigureRow[] }} FigureGroup The rows of one table. */

/**
 * Returns a row for each partner of the home place, those with most partnerships first; if it has no partner, a row for each id that takes
 * part in a partnership. `within` counts the partnerships in which not the row's id itself takes part, but a site or place within it.
 *
 * @param {FigureParts} parts
 */
function byPartner({ meta, store, relations, filter }) {
  const partners = relations.partners(meta.home || "", filter.passes);
  if (partners.length) return partners.map(({ id, refs, own }) => ({ id, label: store.nameOfId(id), refs, within: refs.filter((ref) => !own.has(ref)).length }));
  return relations.taking().map((id) => {
    const links = relations.links(id).filter(({ ref }) => filter.passes(ref));
    return { id, label: store.nameOfId(id), refs: links.map(({ ref }) => ref), within: links.filter(({ via }) => via).length };
  }).filter(({ refs }) => refs.length).sort((a, b) => b.refs.length - a.refs.length || (a.id < b.id ? -1 : 1));
}

/**
 * Returns the rows of the three tables: by partner, by year of the start (partnerships without one come last), and by kind.
 *
 * @param {FigureParts} parts
 * @returns {FigureGroup[]}
 */
export function figureGroups(parts) {
  const { language, store, filter, totals } = parts;
  /** @type {Map<string, Ref[]>} */
  const years = new Map();
  /** @type {Map<string, Ref[]>} */
  const kinds = new Map();
  for (let row = 0; row < store.rows("partnerships"); row++) {
    const ref = store.refOf("partnerships", row);
    if (!filter.passes(ref) || store.get(ref, "edition_change") === "withdrawn") continue;
    pushTo(years, store.get(ref, "start").slice(0, 4), ref);
    pushTo(kinds, store.get(ref, "kind"), ref);
  }
  const plain = (/** @type {Map<string, Ref[]>} */ groups, /** @type {(id: string, refs: Ref[]) => string} */ labelOf) =>
    Array.from(groups, ([id, refs]) => ({ id, label: labelOf(id, refs), refs, within: null }));
  const withTotals = (/** @type {Omit<FigureRow, "totals">[]} */ rows) => rows.map((row) => ({ ...row, totals: totals.totals(row.refs) }));
  return [
    { key: "partners", rows: withTotals(byPartner(parts)) },
    { key: "years", rows: withTotals(plain(years, (id) => id || language.t("date.none")).sort((a, b) => (a.id || "9999").localeCompare(b.id || "9999"))) },
    { key: "kinds", rows: withTotals(plain(kinds, (_, refs) => store.kind(refs[0])).sort((a, b) => b.refs.length - a.refs.length || (a.id < b.id ? -1 : 1))) },
  ];
}
