"""A whole table of names or addresses: every input column and row in order, and where each row lies."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from pathlib import Path

from qjmap.errors import UsageError
from qjmap.files import write_all
from qjmap.locators.protocol import Answer, Locator
from qjmap.schema import TABLES, fold

ADDED = ("lon", "lat", "level", "radius_m", "score", "place_id", "matched", "reason")
"""Columns after the input's own; one that the input has already gets the prefix ``qjmap_``."""

_AREAS = frozenset(
    fold(word)
    for word in (
        "parent", "province", "city", "district", "county", "省", "省份", "所在省", "市", "城市", "所在市", "地市",
        "区县", "区", "县", "所在区县", "上级",
    )
)  # fmt: skip
_REMEMBERED = 200_000  # distinct questions: a table repeats its districts far more often than that


def locate_file(
    locator: Locator, file: Path, out: Path, *, sheet: str | None = None, encoding: str | None = None
) -> tuple[int, int]:
    """Locates the rows of a table file and writes them to a CSV file (UTF-8 with BOM, for Excel).

    The address is asked where there is one, else the name; columns of a province, city, district or parent hold the
    answer inside them.

    Returns
    -------
    the number of rows, and of those that were located

    Raises
    ------
    UsageError : the file cannot be read, or has neither a name nor an address column.
    """
    from qjmap.tables import read_table

    table = TABLES["sites"]
    read = read_table(file, table, sheet=sheet, encoding=encoding)
    if not {"name", "address"} & set(read.typed):
        raise UsageError("locate-no-column", file=str(file))
    frame = read.frame
    areas = [frame[name] for name in read.unknown if fold(name) in _AREAS]
    if "place" in read.typed:
        areas.append(frame["place"])

    @lru_cache(_REMEMBERED)
    def ask(text: str, within: tuple[str, ...]) -> Answer:
        return locator.locate(text, within=within)

    within_rows = zip(*areas, strict=True) if areas else (() for _ in range(len(frame)))
    answers = [
        ask(address or name, tuple(filter(None, within)))
        for name, address, within in zip(frame["name"], frame["address"], within_rows, strict=True)
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    taken = {fold(head) for head in read.header}
    writer.writerow([*read.header, *(f"qjmap_{name}" if name in taken else name for name in ADDED)])
    rows = zip(*read.cells, strict=True) if read.cells else iter(())
    writer.writerows([*row, *_cells(answer)] for row, answer in zip(rows, answers, strict=True))
    write_all({out: text.getvalue().encode("utf-8-sig")})
    return len(answers), sum(answer.resolved for answer in answers)


def _cells(answer: Answer) -> list[str]:
    best = answer.best
    if best is None or best.lon is None or best.lat is None or best.radius_m is None:
        place = best.id if best else ""
        return ["", "", "unresolved", "", f"{best.score if best else 0:.2f}", place, "", answer.reason]
    where = [f"{best.lon:.6f}", f"{best.lat:.6f}", best.level, f"{best.radius_m:.0f}"]
    return [*where, f"{best.score:.2f}", best.id, best.matched, answer.reason]
