"""Ids for rows that have none, as `tables.slugs` makes them, without all texts in one place.

What decides between two rows of one slug is whether they, or an id given elsewhere, say the same: numbers are enough for
that. Each part tells 36 bytes a row, and is told for each of its rows which of three forms its id has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.parts.hashing import Hashes, among, hashes
from qjmap.tables import TableFrame, naming
from qjmap.tables import columns as cols
from qjmap.tables.slugs import forms

PLAIN, SIX, TWELVE = range(3)
"""The slug alone; with 6 digits of what the row says; with 12."""

Forms = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Unnamed:
    """The rows of a part without an id: their places in it, the numbers of their three forms, and of what they say.

    The number of the plain form is 0 where a slug cannot stand alone: it is empty, or too long.
    """

    at: npt.NDArray[np.int32]
    forms: tuple[Hashes, Hashes, Hashes]
    says: Hashes


def unnamed(tf: TableFrame, given: Any) -> Unnamed | None:
    """What a part tells of its rows without an id; None when it has none."""
    at = np.flatnonzero(cols.empty(given)).astype(np.int32)
    if not at.size:
        return None
    made, marks = _made(tf, given, at)
    says = np.array([int(mark[:16], 16) for mark in marks], dtype=np.uint64)
    return Unnamed(at, tuple(map(hashes, made)), says)  # type: ignore[arg-type]


def _made(tf: TableFrame, given: Any, at: npt.NDArray[np.int32]) -> tuple[tuple[Any, Any, Any], list[str]]:
    names, contents = naming(tf, cols.objects(given))
    marks = [hashlib.sha256(contents(one).encode("utf-8", "surrogatepass")).hexdigest() for one in at.tolist()]
    found = np.empty((3, len(at)), dtype=object)
    for place, (one, mark) in enumerate(zip(at.tolist(), marks, strict=True)):
        found[:, place] = forms(names[one], mark)
    return (found[0], found[1], found[2]), marks


def settled(parts: Sequence[Unnamed | None], used: Hashes) -> list[Forms | None]:
    """The form of each row's id, part by part.

    Parameters
    ----------
    used : ids that are given, in this table or another; sorted.
    """
    there = [part for part in parts if part is not None]
    if not there:
        return [None] * len(parts)
    plain, six = (np.concatenate([part.forms[form] for part in there]) for form in (PLAIN, SIX))
    says = np.concatenate([part.says for part in there])
    marked = (plain == 0) | among(plain, used) | _differ(plain, says)
    form = np.where(marked, SIX, PLAIN).astype(np.uint8)
    form[np.flatnonzero(marked)[_differ(six[marked], says[marked])]] = TWELVE
    ends = np.cumsum([len(part.at) for part in there])[:-1]
    found = iter(np.split(form, ends))
    return [None if part is None else next(found) for part in parts]


def _differ(keys: Hashes, says: Hashes) -> npt.NDArray[np.bool_]:
    """Which rows share their key with a row that says something else."""
    order = np.lexsort((says, keys))
    sorted_keys, sorted_says = keys[order], says[order]
    new_key = np.ones(len(keys), dtype=bool)
    new_key[1:] = sorted_keys[1:] != sorted_keys[:-1]
    new_pair = new_key.copy()
    new_pair[1:] |= sorted_says[1:] != sorted_says[:-1]
    group = np.cumsum(new_key) - 1
    several = np.bincount(group, weights=new_pair) > 1 if len(group) else np.zeros(0, dtype=bool)
    out = np.zeros(len(keys), dtype=bool)
    out[order] = several[group]
    return out


def chosen(part: Unnamed, form: Forms) -> Hashes:
    """The numbers of the ids that rows got."""
    return np.choose(form, part.forms)


def filled(tf: TableFrame, given: Any, form: Forms | None) -> Any:
    """The ids of a part, those that rows got among them."""
    if form is None:
        return given
    out = cols.objects(given).copy()
    at = np.flatnonzero(cols.empty(given)).astype(np.int32)
    made, _ = _made(tf, given, at)
    out[at] = np.choose(form, made)
    return out
