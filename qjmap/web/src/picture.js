/* Bundle of pictures, in the global QJMap.picture: saves the map as PNG and SVG. */

export { makePicture as picture } from "./picture/picture.js";
