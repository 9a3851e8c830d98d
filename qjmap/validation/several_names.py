"""Split one item of a list cell that holds several names: 义乌市和马德里, 甲厂/乙厂."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from qjmap.grammar import grammar
from qjmap.schema import Column
from qjmap.tables import cell_values

_GRAMMAR = grammar("references")
_SEPARATOR = re.compile("|".join(_GRAMMAR["separators"]))


def is_split(column: Column) -> bool:
    """Whether an item of a column may hold several names."""
    return column.name in _GRAMMAR["several"]


def has_separator(text: str) -> bool:
    """Whether a text contains a separator (、, 和, / …), and so perhaps several names."""
    return bool(_SEPARATOR.search(text))


def possible_parts(text: str) -> set[str]:
    """Return the texts that may be names in a text: each part between separators, and each run of neighbouring parts except the whole.

    甲、乙、丙 gives 甲, 乙, 丙, 甲、乙 and 乙、丙. Empty for a text without separators or with too many.
    """
    bounds = _bounds(text)
    return {
        cell_values.clean(text[start:end])
        for at, (start, _) in enumerate(bounds)
        for _, end in bounds[at:]
        if (start, end) != (0, len(text))
    } - {""}


def split_names(text: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the distinct names that a text consists of; () if it is a single name or not all of it can be split into known names.

    Of several ways to split, the one with the longest first name is taken.

    Parameters
    ----------
    known : function that tells whether a text is a name.
    """
    bounds = _bounds(text)
    if len(bounds) < 2:
        return ()

    @cache
    def split_from(at: int) -> tuple[str, ...] | None:
        if at == len(bounds):
            return ()
        start = bounds[at][0]
        for last in range(len(bounds) - 1, at - 1, -1):
            part = cell_values.clean(text[start : bounds[last][1]])
            if part and known(part) and (rest := split_from(last + 1)) is not None:
                return part, *rest
        is_empty = not cell_values.clean(text[start : bounds[at][1]])  # two separators side by side
        return split_from(at + 1) if is_empty else None

    names = tuple(dict.fromkeys(split_from(0) or ()))
    return names if len(names) > 1 else ()


def _bounds(text: str) -> list[tuple[int, int]]:
    """Return start and end of each part between separators; the whole text as one part if it has no separators or too many."""
    cuts = [found.span() for found in _SEPARATOR.finditer(text)]
    if not cuts or len(cuts) >= _GRAMMAR["most_parts"]:
        return [(0, len(text))]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    return list(zip(starts, ends, strict=True))
