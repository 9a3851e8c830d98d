/* Bundle of the figures, in the global QJMap.figures: parts that only pages with partnerships have. */

export { figures } from "./figures/figures.js";
