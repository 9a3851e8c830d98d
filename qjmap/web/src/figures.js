/* The bundle of figures, in the global QJMap.figures: what pages with partnerships have besides. */

export { figures } from "./figures/figures.js";
