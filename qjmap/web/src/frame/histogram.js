/* Shows a facet of numbers or dates as a histogram, in which the reader chooses a range by dragging over the bars, or with two sliders. */

import { el } from "../app/base/dom.js";

const HEIGHT = 56; // px of the highest bar

/**
 * Returns the indexes of the first and last chosen bin; those of the first and last of all bins if none is chosen.
 *
 * @param {Facet} facet
 * @param {string[]} bins names of the bins ("from/to") in ascending order
 */
function chosenRange(facet, bins) {
  const chosen = bins.flatMap((name, k) => (facet.chosen.has(name) ? [k] : []));
  return chosen.length ? [chosen[0], chosen[chosen.length - 1]] : [0, bins.length - 1];
}

/**
 * Returns the function that makes the histogram of a facet; that function returns null for a facet without bins.
 *
 * @param {{ language: Language, format: Format }} parts
 * @returns {MakeFacetView}
 */
export function facetView({ language, format }) {
  return (facet, facets) => {
    if (!facet.own || !facet.own.bins || !facet.own.order) return null;
    const bins = facet.own.order;
    return { nodes: () => [makeHistogram({ language, format, facet, facets, bins })] };
  };
}

/**
 * Returns the range of the chosen bins of a facet in words, from the first to the last.
 *
 * @param {Facet} facet
 * @param {FacetFilter} facets
 */
export function rangeWords(facet, facets) {
  const bins = facet.values.filter((value) => facet.chosen.has(value)), from = bins[0] || "", to = bins[bins.length - 1] || "";
  const isNumber = facet.own?.kind === "number" || facet.own?.kind === "exact";
  return facets.words(facet, from === to ? from : isNumber ? `${from.split("/")[0]}/${to.split("/").pop()}` : `${from}/${to}`);
}

/**
 * Makes the bars. A drag over them chooses a range; `mark` shows the chosen bins, `count` sets the heights of the bars.
 *
 * @param {{ facet: Facet, facets: FacetFilter, bins: string[], format: Format, choose: (a: number, b: number) => void }} parts
 */
function makeBars({ facet, facets, bins, format, choose }) {
  const last = bins.length - 1, bars = bins.map((name) => el("span", { class: "qj-bar", title: facets.words(facet, name) }));
  const plot = el("div", { class: "qj-bars", "aria-hidden": "true" }, bars);

  /** Returns the index of the bin under the pointer. @param {PointerEvent} event */
  function binAt(event) {
    const { left, width } = plot.getBoundingClientRect();
    return Math.max(0, Math.min(last, Math.floor(((event.clientX - left) / width) * bins.length)));
  }

  plot.addEventListener("pointerdown", (event) => {
    const start = binAt(event), drag = new AbortController(), { signal } = drag;
    let end = start;
    plot.setPointerCapture(event.pointerId);
    plot.addEventListener("pointermove", (move) => {
      end = binAt(move);
      bars.forEach((bar, k) => bar.classList.toggle("qj-out", k < Math.min(start, end) || k > Math.max(start, end)));
    }, { signal });
    const done = () => {
      drag.abort();
      // A click on the only chosen bar removes the choice.
      if (start === end && facet.chosen.size === 1 && facet.chosen.has(bins[start])) choose(0, last);
      else choose(start, end);
    };
    plot.addEventListener("pointerup", done, { signal });
    plot.addEventListener("pointercancel", done, { signal });
  });

  return {
    plot,
    mark() { bars.forEach((bar, k) => bar.classList.toggle("qj-out", facet.chosen.size > 0 && !facet.chosen.has(bins[k]))); },
    /** Sets heights and titles of the bars. @param {Map<string, number>} counts bin -> number of rows */
    count(counts) {
      const most = Math.max(1, ...bins.map((name) => counts.get(name) || 0));
      bars.forEach((bar, k) => {
        const count = counts.get(bins[k]) || 0;
        bar.style.height = (count ? Math.max(2, (count / most) * HEIGHT) : 0) + "px";
        bar.title = `${facets.words(facet, bins[k])}: ${format.number(count)}`;
      });
    },
  };
}

/**
 * Makes the histogram: bars, two sliders, the range in words, and a button for rows without a value.
 *
 * @param {{ language: Language, format: Format, facet: Facet, facets: FacetFilter, bins: string[] }} parts
 */
function makeHistogram({ language, format, facet, facets, bins }) {
  const { t } = language, last = bins.length - 1, bars = makeBars({ facet, facets, bins, format, choose });
  /** Makes a slider for an end of the range. @param {string} key key of its text */
  const slider = (key) => el("input", { type: "range", min: 0, max: last, step: 1, class: "qj-range", "aria-label": `${facets.label(facet)} – ${t(key)}` });
  const from = slider("explore.from"), to = slider("explore.to"), nothing = el("span", { class: "qj-count" }), said = el("p", { class: "qj-range-said" });
  const missing = el("button", { type: "button", class: "qj-more", hidden: !facet.values.includes("") }, t("facet.unstated"), " ", nothing);
  const node = el("div", { class: "qj-histogram" }, bars.plot, el("div", { class: "qj-ranges" }, from, to), said, missing);

  function show() {
    const ends = chosenRange(facet, bins), all = [facets.words(facet, bins[0]).split(" – ")[0], facets.words(facet, bins[last]).split(" – ").pop()].join(" – ");
    [from, to].forEach((input, k) => {
      input.value = String(ends[k]);
      input.setAttribute("aria-valuetext", facets.words(facet, bins[ends[k]]));
    });
    bars.mark();
    said.textContent = facet.chosen.has("") ? t("facet.unstated") : facet.chosen.size ? rangeWords(facet, facets) : all;
  }

  /** Filters by the bins from one to another, in either order; all bins are no filter. @param {number} a @param {number} b */
  function choose(a, b) {
    const [low, high] = a < b ? [a, b] : [b, a];
    facets.choose(facet.key, low === 0 && high === last ? [] : bins.slice(low, high + 1));
    show();
  }

  for (const input of [from, to]) input.addEventListener("change", () => choose(Number(from.value), Number(to.value)));
  missing.addEventListener("click", () => {
    facets.choose(facet.key, facet.chosen.has("") ? [] : [""]);
    show();
  });
  requestAnimationFrame(() => {
    const section = node.closest(".qj-facet");
    if (!section) return;
    section.addEventListener("qjmap:counts", (event) => {
      const counts = /** @type {CustomEvent<Map<string, number>>} */ (event).detail;
      bars.count(counts);
      nothing.textContent = format.number(counts.get("") || 0);
      show();
    });
    section.dispatchEvent(new CustomEvent("qjmap:counts", { detail: facets.counts(facet) }));
  });
  show();
  return node;
}
