/* The bundle of pages of frames, in the global QJMap.frame: the layer of any shapes, and what the page has besides the common parts. */

import { makeFeatures } from "./frame/features.js";
import { layers } from "./layers/registry.js";

export { connect } from "./frame/connect.js";
export { facetView } from "./frame/histogram.js";
export { forms } from "./frame/forms.js";

Object.assign(layers, { features: makeFeatures });
