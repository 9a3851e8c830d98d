/* Codes of the kinds of parts: points, lines, and the shells and holes of areas, as in qjmap/frames/geometry_arrays.py. */

export const POINT = 0, LINE = 1, SHELL = 2, HOLE = 3;
