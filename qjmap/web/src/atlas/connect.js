/* What a page of an atlas has besides: time. */

import { makeTimeFilter } from "./time-filter.js";
import { makeTimeline } from "./timeline.js";

/**
 * @param {PageFace} face
 * @returns {StartedPart}
 */
export function connect(face) {
  const timeline = makeTimeline({ ...face, time: makeTimeFilter(face) });
  return { start: timeline.start };
}
