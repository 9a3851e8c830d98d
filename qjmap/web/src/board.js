/* The bundle of boards, in the global QJMap.board: what pages with sites that share a coarse point have besides. */

export { boards } from "./board/board.js";
