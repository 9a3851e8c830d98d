/* Makes lines of the legend buttons: a click shows only the rows with the line's symbol, a second click all rows. */

/** @type {Record<string, Record<string, string>>} layer -> kind of symbol -> facet */
const FACETS = { sites: { category: "category", status: "status" }, partnerships: { arc_family: "kind" }, corridors: { mode: "mode" }, changes: { edition_change: "edition_change" } };

/** Makes buttons of the legend's lines whose kind of symbol has a facet. @param {PageFace} face */
export function makeLegendChoice({ legend, facets, language }) {
  legend.chooseBy((layer, { key, kind, keys = [key] }) => {
    const facet = facets.of((FACETS[layer] || {})[kind]);
    if (!facet) return null;
    // A kind or mode that the project defines has the symbol of a built-in one; a category that it defines has its own symbol.
    const like = (/** @type {string} */ value) => (layer === "sites" ? value : language.like(String(facet.vocab), value));
    const values = facet.values.filter((value) => keys.includes(like(value)));
    if (!values.length) return null;
    const isOn = () => values.length === facet.chosen.size && values.every((value) => facet.chosen.has(value));
    return { isOn, choose: () => facets.choose(facet.key, isOn() ? [] : values) };
  });
}
