/* The bundle of the editor, in the global QJMap.editor: pages of an atlas have it. */

export { connect, rowButton } from "./editor/start.js";
