/* The bundle of the editor, in the global QJMap.editor: pages of an atlas have it. */

export { applied, changes, connect, rowButton } from "./editor/start-editor.js";
