/* Bundle of the page around the map, in the global QJMap.page. The page's own scripts call `rememberMarkup` and `openPage`, the editor `pageWithDrafts`. */

export { pageWithDrafts, rememberMarkup } from "./app/import/save-page.js";
export { openPage } from "./app/main.js";
