/* Bundle of pages of atlases, in the global QJMap.atlas: adds the parts that only such pages have. */

export { connect } from "./atlas/connect.js";
