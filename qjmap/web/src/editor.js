/* Bundle of the editor, in the global QJMap.editor: pages of atlases have it. */

export { applied, changes, connect, rowButton } from "./editor/start-editor.js";
