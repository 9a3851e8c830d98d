/* Bundle of pages of two editions, in the global QJMap.editions: marks, legend and panel of what changed. */

export { connect, rowNote } from "./editions/start-editions.js";
