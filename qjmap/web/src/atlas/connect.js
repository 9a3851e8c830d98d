/* What a page of an atlas has besides: the opening card, a card at the pointer, the view in the link, a legend that filters, time. */

import { CLOSEST } from "../app/base/viewport.js";
import { makeMapLink } from "./map-link.js";
import { makeLegendChoice } from "./legend-choice.js";
import { makeOpening } from "./opening.js";
import { makePointCard } from "./point-card.js";
import { makeTimeFilter } from "./time-filter.js";
import { makeTimeline } from "./timeline.js";

/**
 * @param {PageFace} face
 * @returns {StartedPart}
 */
export function connect(face) {
  const { map, store, filter } = face, timeline = makeTimeline({ ...face, time: makeTimeFilter(face) }), link = makeMapLink(face);
  const opening = makeOpening(face);
  makePointCard(face);
  makeLegendChoice(face);
  // A reader's own rows may be exact.
  filter.onChange(() => { if (store.tables.some((table) => store.drafts(table).length)) map.setMaxZoom(CLOSEST); });
  return {
    async start() {
      await opening.start();
      await timeline.start();
      await link.start();
    },
  };
}
