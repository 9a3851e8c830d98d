/* Bundle of boards, in the global QJMap.board: pages on which many sites share a coarse point have it. */

export { boards } from "./board/board.js";
