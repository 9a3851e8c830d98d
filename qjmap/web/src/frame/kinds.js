/* Kinds of parts of shapes, as qjmap/frames/shapes.py has them. */

export const POINT = 0, LINE = 1, SHELL = 2, HOLE = 3;
