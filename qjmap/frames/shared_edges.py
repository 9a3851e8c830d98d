"""Edges that several rings share, kept once: of a coverage, such as counties, nearly every boundary is of two of its areas.

Rings are cut into runs at the vertices where edges meet or end, and at the first vertex of every ring. Between two of these nothing
branches off, so that two runs with one edge in common are the same vertices in one or the other direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_WORTH = 0.8
"""Share of the vertices up to which those that are kept make up for the runs."""


@dataclass(frozen=True)
class Runs:
    """Parts as runs of vertices.

    Attributes
    ----------
    counts : number of runs of each part.
    of : of each run 0 where its vertices are kept, else k + 1 for the vertices of run k, -(k + 1) for these from its end on. Run k is
        of an earlier part. A run has its first vertex and not its last, which is the first one of the next run of its part.
    lengths : number of vertices of each run that is kept, 0 for the others.
    kept : mask of the vertices that are kept.
    """

    counts: Ints
    of: Ints
    lengths: Ints
    kept: Mask


def shared_runs(x: Ints, y: Ints, sizes: Ints, is_ring: Mask) -> Runs | None:
    """Return the runs of parts; None where keeping shared ones once saves too little.

    Parameters
    ----------
    x, y : vertices of all parts in their order, without the last of a ring; less than 2**31 in magnitude.
    sizes : number of vertices of each part.
    is_ring : whether a part is a ring; others are one run each.
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
    """Count different numbers; by sorting, which takes a fiftieth of the time of numpy.unique without an index."""
    ordered = np.sort(numbers)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + 1


def _successors(starts: Ints, sizes: Ints) -> Ints:
    """Index of the vertex after each in its ring."""
    after = np.arange(1, sizes.sum() + 1)
    filled = sizes > 0
    after[(starts + sizes - 1)[filled]] = starts[filled]
    return after


def _edges(number: Ints, after: Ints, in_ring: Mask) -> tuple[Ints, Mask]:
    """Return the edge that begins at each vertex, the same in both directions (-1 outside of rings), and the numbers at which not
    two edges meet.
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
    """Return `Runs.of` of runs that begin at vertices, by the least edge of each, which names them."""
    of = np.zeros(len(at), dtype=np.int64)
    rings = np.flatnonzero(in_ring[at])
    _, first, same = np.unique(name[rings], return_index=True, return_inverse=True)
    original = rings[first[same]]
    copies = part[original] != part[rings]  # a run that a ring passes twice is kept twice
    copy, source = rings[copies], original[copies]
    forward = number[at[copy]] == number[at[source]]
    second = _second(at, part, number)
    forward &= second[copy] == second[source]
    of[copy] = np.where(forward, source + 1, -(source + 1))
    return of


def _second(at: Ints, part: Ints, number: Ints) -> Ints:
    """Number of the second vertex of each run; of a run of one vertex that of the next run of its part."""
    last = np.append(part[1:] != part[:-1], True)
    head = np.maximum.accumulate(np.where(np.append(True, last[:-1]), np.arange(len(at)), 0))
    follower = np.where(last, at[head], np.append(at[1:], 0))
    lengths = np.diff(at, append=len(number))
    return number[np.where(lengths > 1, np.minimum(at + 1, len(number) - 1), follower)]
