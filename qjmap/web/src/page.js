/* Bundle of the page around the map, in the global QJMap.page; the script that makes the map calls it. */

export { pageWithDrafts, rememberMarkup } from "./app/import/save-page.js";
export { openPage } from "./app/main.js";
