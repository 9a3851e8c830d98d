/* The bundle of pages of atlases, in the global QJMap.atlas: what the page has besides the common parts. */

export { connect } from "./atlas/connect.js";
