"""Many texts at once, as columns; what repeats is answered once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, Final

from qjmap.collector import uncollected
from qjmap.locators.everywhere import Areas, Everywhere
from qjmap.locators.protocol import Answer, failed

COLUMNS: Final = (
    "place_id", "name", "lon", "lat", "level", "radius_m", "score", "matched", "rest", "reason", "position_of", "note",
)  # fmt: skip
_REMEMBERED: Final = 200_000  # distinct questions: a table repeats its districts far more often than that


def locate_many(
    locator: Everywhere, texts: Iterable[str], within: Iterable[Sequence[str]] | None = None
) -> dict[str, list[Any]]:
    """Answers for many texts, one list a column, in the order of the texts.

    Parameters
    ----------
    within : names or ids of areas that hold each text's place, one sequence a text.

    Returns
    -------
    place_id and name ("" unresolved), lon and lat in WGS 84 degrees (None without), level, radius_m in metres, score in
    0..1, matched, rest, reason, position_of, note. A text on which the program itself fails is unresolved, for the reason
    internal-error, with the reference and the log as its note.
    """
    with uncollected():  # many tuples, none in a circle
        rows = _rows(locator, texts, within)
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return {name: list(column) for name, column in zip(COLUMNS, columns, strict=True)}


def _rows(locator: Everywhere, texts: Iterable[str], within: Iterable[Sequence[str]] | None) -> list[tuple[Any, ...]]:
    plain, answer = locator.plain, locator.answer
    areas: dict[tuple[str, ...], Areas] = {(): ()}
    known: dict[Any, tuple[Any, ...]] = {}
    rows: list[tuple[Any, ...]] = []
    add = rows.append
    asked = zip(texts, within, strict=True) if within is not None else zip(texts, repeat(()))
    for text, words in asked:
        key = (text, tuple(words)) if words else text
        row = known.get(key)
        if row is None:
            try:
                group = areas.get(tuple(words))
                if group is None:
                    group = areas[tuple(words)] = locator.areas(words)
                row = plain(text, group) or _row(answer(text, group))
            except MemoryError:
                raise
            except Exception as error:  # one row's fault; the others are answered
                row = _row(failed(text, error))
            if len(known) >= _REMEMBERED:
                known.clear()
            known[key] = row
        add(row)
    return rows


def _row(answer: Answer) -> tuple[Any, ...]:
    best = answer.best
    if best is None:
        return "", "", None, None, "unresolved", None, 0.0, "", "", answer.reason, "", answer.note
    return (
        best.id, best.name, best.lon, best.lat, best.level, best.radius_m, best.score, best.matched, best.rest,
        answer.reason, best.position_of, best.note,
    )  # fmt: skip
