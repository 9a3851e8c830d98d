/* The bundle of pictures, in the global QJMap.picture: the map as PNG and SVG. */

export { makePicture as picture } from "./picture/picture.js";
