/* Sizes that several modules of the layer of sites share. */

export const SPREAD = 240; // px around the canvas within which groups are drawn too, since they may reach into it
export const BLOCK_FROM = 9.5; // zoom from which sites at one point are laid out in a block
export const STEP = 20; // px between symbols of a block
export const COLUMN = 172; // px, width of a column of names in a block
export const PAD = 8; // px, inner margin of a block
export const CAPTION = 17; // px, height of the caption of a block
export const RADIUS = 6.2; // px, radius of a symbol
