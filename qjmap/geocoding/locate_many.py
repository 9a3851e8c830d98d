"""Batch geocoding: many texts -> columns of answers; repeated texts are located once."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any, Final

from qjmap.geocoding.answers import AnswerRow, failed_answer
from qjmap.geocoding.offline_locator import OfflineLocator, row_of
from qjmap.geocoding.place_choice import Areas

COLUMNS: Final = (
    "place_id", "name", "lon", "lat", "level", "radius_m", "score", "matched", "rest", "reason", "position_of", "note",
)  # fmt: skip
"""Names of the values of an `AnswerRow`, in its order."""
_MAX_CACHED_ROWS: Final = 200_000


def locate_many(
    locator: OfflineLocator, texts: Iterable[str], within: Iterable[Sequence[str]] | None = None
) -> dict[str, list[Any]]:
    """Locate many texts; return column -> list of its values in the order of the texts.

    Parameters
    ----------
    within : for each text the names or ids of areas that contain its place; None for no areas.

    Returns
    -------
    The columns `COLUMNS`, whose values are those of `AnswerRow`: WGS 84 degrees, metres, None without a position, "" for no place. A text
    on which the program itself fails is unresolved, with the reason "internal-error", and reference and log file as its note.
    """
    with _collector_paused():
        rows = _rows(locator, texts, within)
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return {name: list(column) for name, column in zip(COLUMNS, columns, strict=True)}


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: answers and caches have no reference cycles, and to search them for cycles takes a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _rows(locator: OfflineLocator, texts: Iterable[str], within: Iterable[Sequence[str]] | None) -> list[AnswerRow]:
    """Return the answer row of each text; equal texts in equal areas are located once."""
    locate = locator.locate_row
    areas_of: dict[tuple[str, ...], Areas] = {(): ()}
    cache: dict[Any, AnswerRow] = {}
    rows: list[AnswerRow] = []
    add = rows.append
    pairs = zip(texts, within, strict=True) if within is not None else zip(texts, repeat(()))
    for text, words in pairs:
        named = tuple(words)
        key = (text, named) if named else text
        row = cache.get(key)
        if row is None:
            try:
                areas = areas_of.get(named)
                if areas is None:
                    areas = areas_of[named] = locator.parse_areas(named)
                row = locate(text, areas)
            except MemoryError:
                raise
            except Exception as error:  # this row's fault; the others are located
                row = row_of(failed_answer(text, error))
            if len(cache) >= _MAX_CACHED_ROWS:
                cache.clear()
            cache[key] = row
        add(row)
    return rows
