"""Lines of a file in `assets/ground`. Vertices are whole steps of a lattice over WGS 84 degrees; lines are read singly or as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from qjmap.ground.asset_columns import Columns

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Step = tuple[int, int]
"""A vertex: longitude and latitude in whole steps of 1 / `Lines.per_degree` degrees."""


class Lines:
    """The lines of a file, numbered from 0.

    Parameters
    ----------
    columns : columns of the file: for each line the number of its vertices (``size``) and its first vertex (``first_x``,
        ``first_y``, each as the difference from the first vertex of the previous line); for each further vertex the difference from
        the previous vertex (``x``, ``y``).

    Attributes
    ----------
    per_degree : number of steps in a degree.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.per_degree: int = columns.header["per_degree"]
        self._ends = [0, *accumulate(columns.values("size"))]
        self._first: list[Step] | None = None

    def __len__(self) -> int:
        return len(self._ends) - 1

    def line(self, number: int) -> list[Step]:
        """Return the vertices of a line, given by its number. Pure Python."""
        if self._first is None:
            self._first = list(zip(*(accumulate(self._columns.values(f"first_{axis}")) for axis in "xy"), strict=True))
        start = self._ends[number] - number  # each line before has one difference fewer than vertices
        stop = self._ends[number + 1] - number - 1
        x, y = (
            accumulate(self._columns.values(axis, start, stop), initial=first)
            for axis, first in zip("xy", self._first[number], strict=True)
        )
        return list(zip(x, y, strict=True))

    def vertices(self, numbers: Sequence[int] | None = None) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the vertices of several lines, one line after the other, and the index at which each line begins.

        Parameters
        ----------
        numbers : numbers of the lines; by default all.

        Returns
        -------
        vertices : longitude and latitude in whole steps, shape (n, 2)
        starts : index of the first vertex of each line, and n at the end; shape (number of lines + 1,)
        """
        import numpy as np  # imported here, since `line` does without it

        chosen = np.asarray(range(len(self)) if numbers is None else numbers, dtype=np.int64)
        ends = np.asarray(self._ends, dtype=np.int64)
        sizes = ends[chosen + 1] - ends[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        place = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        follows = place > 0
        index = (np.repeat(ends[chosen] - chosen - 1, sizes) + place)[follows]
        axes = []
        for axis in "xy":
            steps = np.zeros(starts[-1], dtype=np.int64)
            steps[follows] = self._columns.array(axis, index)
            sums = np.cumsum(steps)
            firsts = np.cumsum(self._columns.array(f"first_{axis}"))[chosen]
            axes.append(sums + np.repeat(firsts - sums[starts[:-1]], sizes))
        return np.column_stack(axes), starts
