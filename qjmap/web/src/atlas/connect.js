/* Adds the parts that only a page of an atlas has: the opening card, a card at the pointer, the view in the link, a legend that
 * filters, filters that follow relations, the time bar.
 */

import { CLOSEST } from "../app/base/viewport.js";
import { makeMapLink } from "./map-link.js";
import { makeLegendChoice } from "./legend-choice.js";
import { makeOpening } from "./opening.js";
import { makePointCard } from "./point-card.js";
import { makeRelationFilter } from "./relation-filter.js";
import { makeTimeFilter } from "../time/time-filter.js";
import { makeTimeline } from "../time/timeline.js";

/** Adds the parts of an atlas to a page; `start` of the result opens the card and applies the state that the link has. @param {PageFace} face @returns {StartedPart} */
export function connect(face) {
  const { map, layers, store, filter, onPanelClose } = face, time = makeTimeFilter(face), timeline = makeTimeline({ ...face, time }), link = makeMapLink(face);
  const opening = makeOpening(face);
  makePointCard(face);
  makeLegendChoice(face);
  makeRelationFilter(face);
  // While a period is chosen, rows with a date are highlighted and rows without one are drawn paler.
  const step = () => { if (!document.documentElement.dataset.panel) layers.forEach((layer) => layer.highlight(time.datedIds())); };
  let was = "";
  filter.onChange(() => {
    if (time.at || was) step();
    was = time.at;
  });
  onPanelClose(() => { if (time.at) setTimeout(step); });
  // Rows that the reader has added may have exact positions, so the reader may zoom in farther.
  filter.onChange(() => { if (store.tables.some((table) => store.drafts(table).length)) map.setMaxZoom(CLOSEST); });
  return {
    async start() {
      await opening.start();
      await timeline.start();
      await link.start();
    },
  };
}
