"""Many texts at once, as columns; what repeats is answered once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from qjmap.collector import uncollected
from qjmap.locators.everywhere import Everywhere

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
    0..1, matched, rest, reason, position_of, note.
    """
    with uncollected():  # many tuples, none in a circle
        rows = _rows(locator, texts, within)
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return {name: list(column) for name, column in zip(COLUMNS, columns, strict=True)}


def _rows(locator: Everywhere, texts: Iterable[str], within: Iterable[Sequence[str]] | None) -> list[tuple[Any, ...]]:
    plain, answer, areas_of = locator.plain, locator.answer, locator.areas
    areas: dict[tuple[str, ...], Any] = {(): ()}
    known: dict[Any, tuple[Any, ...]] = {}
    rows: list[tuple[Any, ...]] = []
    add = rows.append
    if within is None:
        for text in texts:
            row = known.get(text)
            if row is None:
                if len(known) >= _REMEMBERED:
                    known.clear()
                row = known[text] = plain(text) or _row(answer(text))
            add(row)
    else:
        for text, words in zip(texts, within, strict=True):
            group = tuple(words)
            row = known.get((text, group))
            if row is None:
                if group not in areas:
                    areas[group] = areas_of(group)
                if len(known) >= _REMEMBERED:
                    known.clear()
                row = known[text, group] = plain(text, areas[group]) or _row(answer(text, areas[group]))
            add(row)
    return rows


def _row(answer: Any) -> tuple[Any, ...]:
    best = answer.best
    if best is None:
        return "", "", None, None, "unresolved", None, 0.0, "", "", answer.reason, "", ""
    return (
        best.id, best.name, best.lon, best.lat, best.level, best.radius_m, best.score, best.matched, best.rest,
        answer.reason, best.position_of, best.note,
    )  # fmt: skip
