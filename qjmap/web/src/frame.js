/* Bundle of pages of frames, in the global QJMap.frame: the layer `features` of points, lines and areas, and the parts that only such pages have. */

import { makeFeatures } from "./frame/features.js";
import { layers } from "./layers/registry.js";

export { connect } from "./frame/start-frame-page.js";
export { facetView } from "./frame/histogram.js";
export { forms } from "./frame/column-formats.js";

Object.assign(layers, { features: makeFeatures });
