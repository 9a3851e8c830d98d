"""Store the edges that rings share only once: in a coverage such as counties, nearly every boundary belongs to two areas.

Rings are cut into runs at the vertices where more or fewer than two distinct edges meet, and at the first vertex of every ring. No edge
branches off within a run, so two runs that have one edge in common consist of the same vertices, in the same or the opposite order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_WORTH = 0.8
"""Runs are used only if at most this share of the vertices is kept; otherwise the description of the runs takes more than it saves."""


@dataclass(frozen=True)
class Runs:
    """Parts described as runs of vertices. A run includes its first vertex, but not its last: that is the first of the next run.

    Attributes
    ----------
    counts : number of runs of each part.
    of : for each run 0 if its vertices are stored; k + 1 if it equals run k of an earlier part; -(k + 1) if it equals run k reversed.
    lengths : number of vertices of each stored run, 0 for the others.
    kept : mask of the vertices that are stored.
    """

    counts: Ints
    of: Ints
    lengths: Ints
    kept: Mask


def shared_runs(x: Ints, y: Ints, sizes: Ints, is_ring: Mask) -> Runs | None:
    """Return the runs of parts; None if storing shared runs once saves too little (see `_WORTH`).

    Parameters
    ----------
    x, y : integer coordinates of the vertices of all parts in order, without the closing vertex of a ring; magnitudes below 2**31.
    sizes : number of vertices of each part.
    is_ring : whether each part is a ring; any other part is a single run.
    """
    key = (x << 32) ^ (y & 0xFFFFFFFF)
    in_ring = np.repeat(is_ring, sizes)
    if not in_ring.any() or _distinct(key) > _WORTH * len(key):
        return None
    number = np.unique(key, return_inverse=True)[1].astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    edge, is_end = _edges(number, _successors(starts, sizes), in_ring)
    heads = np.zeros(len(x), dtype=bool)
    heads[starts[sizes > 0]] = True
    first_of_part = np.zeros(number.max() + 1, dtype=bool)
    first_of_part[number[heads & in_ring]] = True
    cut = heads | (in_ring & (is_end[number] | first_of_part[number]))
    at = np.flatnonzero(cut)
    lengths = np.diff(at, append=len(x))
    part = np.repeat(np.arange(len(sizes)), sizes)[at]
    of = _references(at, part, np.minimum.reduceat(edge, at), number, in_ring)
    kept = np.repeat(of == 0, lengths)
    if kept.sum() > _WORTH * len(x):
        return None
    return Runs(np.bincount(part, minlength=len(sizes)), of, np.where(of == 0, lengths, 0), kept)


def _distinct(numbers: Ints) -> int:
    """Return the number of distinct numbers; faster than `numpy.unique`, which also collects them."""
    ordered = np.sort(numbers)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + 1


def _successors(starts: Ints, sizes: Ints) -> Ints:
    """Return for each vertex the index of the next vertex of its ring."""
    after = np.arange(1, sizes.sum() + 1)
    filled = sizes > 0
    after[(starts + sizes - 1)[filled]] = starts[filled]
    return after


def _edges(number: Ints, after: Ints, in_ring: Mask) -> tuple[Ints, Mask]:
    """Return the number of the edge that begins at each vertex, and a mask of the positions where not exactly two distinct edges meet.

    An edge has the same number in both directions; vertices outside of rings have -1. The mask is indexed by the numbers of positions.
    """
    one, other = number[in_ring], number[after[in_ring]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    distinct, of_vertex = np.unique(low * (number.max() + 1) + high, return_inverse=True)
    degree = np.zeros(number.max() + 1, dtype=np.int64)
    for ends in np.divmod(distinct, number.max() + 1):
        degree += np.bincount(ends, minlength=len(degree))
    edge = np.full(len(number), -1, dtype=np.int64)
    edge[in_ring] = of_vertex
    return edge, degree != 2


def _references(at: Ints, part: Ints, name: Ints, number: Ints, in_ring: Mask) -> Ints:
    """Return `Runs.of` for the runs that begin at the vertices ``at``.

    Parameters
    ----------
    part, name : index of the part, and smallest number of an edge, of each run; equal runs have the same smallest number.
    number : number of the position of each vertex.
    """
    of = np.zeros(len(at), dtype=np.int64)
    rings = np.flatnonzero(in_ring[at])
    _, first, same = np.unique(name[rings], return_index=True, return_inverse=True)
    original = rings[first[same]]
    copies = part[original] != part[rings]  # a run that occurs twice in one ring is stored twice
    copy, source = rings[copies], original[copies]
    forward = number[at[copy]] == number[at[source]]
    second = _second(at, part, number)
    forward &= second[copy] == second[source]
    of[copy] = np.where(forward, source + 1, -(source + 1))
    return of


def _second(at: Ints, part: Ints, number: Ints) -> Ints:
    """Return the position number of the second vertex of each run; for a run of one vertex, of the next run's first vertex."""
    last = np.append(part[1:] != part[:-1], True)
    head = np.maximum.accumulate(np.where(np.append(True, last[:-1]), np.arange(len(at)), 0))
    follower = np.where(last, at[head], np.append(at[1:], 0))
    lengths = np.diff(at, append=len(number))
    return number[np.where(lengths > 1, np.minimum(at + 1, len(number) - 1), follower)]
