/* Figures of a page with partnerships: who works with whom as a matrix. */

import { makePartnerMatrix } from "./partner-matrix.js";

/** @param {FigureParts} parts */
export function figures(parts) {
  const matrix = makePartnerMatrix(parts);
  return { opener: matrix.opener, covers: [matrix] };
}
