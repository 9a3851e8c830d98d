/* Lines of the legend that show only the rows of their symbol, and all again. */

/** @type {Record<string, Record<string, string>>} layer -> kind of symbol -> facet */
const FACETS = { sites: { category: "category", status: "status" }, partnerships: { arc_family: "kind" }, corridors: { mode: "mode" } };

/** @param {PageFace} face */
export function makeLegendChoice({ legend, facets, language }) {
  legend.chooseBy((layer, { key, kind, keys = [key] }) => {
    const facet = facets.of((FACETS[layer] || {})[kind]);
    if (!facet) return null;
    // A project's own kind or mode is drawn like a built-in one, its own category has a symbol.
    const like = (/** @type {string} */ value) => (layer === "sites" ? value : language.like(String(facet.vocab), value));
    const values = facet.values.filter((value) => keys.includes(like(value)));
    if (!values.length) return null;
    const isOn = () => values.length === facet.chosen.size && values.every((value) => facet.chosen.has(value));
    return { isOn, choose: () => facets.choose(facet.key, isOn() ? [] : values) };
  });
}
