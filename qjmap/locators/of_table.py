"""A whole table of names or addresses: every input column and row in order, and where each row lies."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjmap.errors import UsageError
from qjmap.files import write_all
from qjmap.locators.batch import locate_many
from qjmap.locators.everywhere import Everywhere
from qjmap.schema import LIST_SEPARATOR, TABLES, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from qjmap.locators.online.locator import Online

ADDED = ("lon", "lat", "level", "radius_m", "score", "place_id", "matched", "reason")
"""Columns after the input's own; one that the input has already gets the prefix ``qjmap_``."""

ADDED_ONLINE = ("provider", "provider_datum", "asked_on", "provider_reason")
"""Further columns when a provider may be asked: who gave the position, in which datum, on which day (UTC), and for each
row that was to be asked what came of it."""

AREAS = frozenset(
    fold(word)
    for word in (
        "parent", "province", "city", "district", "county", "省", "省份", "所在省", "市", "城市", "所在市", "地市",
        "区县", "区", "县", "所在区县", "上级",
    )
)  # fmt: skip
"""Folded headers of columns that say in which area a row's place lies."""
_LISTED = 5_000  # texts in the list to fill in: nobody fills in more


def locate_file(
    locator: Everywhere, file: Path, out: Path, *, sheet: str | None = None, encoding: str | None = None,
    online: Online | None = None, progress: Callable[[int, int], None] | None = None,
) -> tuple[int, int]:  # fmt: skip
    """Locates the rows of a table file and writes them to a CSV file (UTF-8 with BOM, for Excel).

    The address is asked where there is one, else the name; columns of a province, city, district or parent hold the
    answer inside them. What was not located is listed in a second file beside it (`unresolved_path`), to be filled in.

    Parameters
    ----------
    online : asked for the rows that the locator leaves open; adds the columns of `ADDED_ONLINE`.
    progress : told how many of how many questions are done.

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
    areas = [frame[name] for name in read.unknown if fold(name) in AREAS]
    if "place" in read.typed:
        areas.append(frame["place"])

    within_rows = zip(*areas, strict=True) if areas else (() for _ in range(len(frame)))
    texts = [address or name for name, address in zip(frame["name"], frame["address"], strict=True)]
    within = [tuple(filter(None, row)) for row in within_rows]
    found = locate_many(locator, texts, within if areas else None)
    added: tuple[str, ...] = ADDED
    more: list[tuple[str, ...]] = [()] * len(texts)
    if online is not None:
        asked = online.improve(texts, within, found, progress)
        added += ADDED_ONLINE
        more = list(zip(asked.provider, asked.provider_datum, asked.asked_on, asked.outcome, strict=True))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    taken = {fold(head) for head in read.header}
    writer.writerow([*read.header, *(f"qjmap_{name}" if name in taken else name for name in added)])
    rows = zip(*read.cells, strict=True) if read.cells else iter(())
    answers = list(zip(*(found[name] for name in ADDED), strict=True))
    writer.writerows([*row, *_cells(answer), *asked] for row, answer, asked in zip(rows, answers, more, strict=True))
    written = {out: text.getvalue().encode("utf-8-sig")}
    missing = [number for number, lon in enumerate(found["lon"]) if lon is None]
    if missing:
        written[unresolved_path(out)] = _to_fill_in(locator, texts, within if areas else None, missing, found["reason"])
    write_all(written)
    return len(answers), len(answers) - len(missing)


def unresolved_path(out: Path) -> Path:
    """The file beside the result that lists what was not located."""
    return out.with_name(f"{out.stem}.unresolved.csv")


def _to_fill_in(
    locator: Everywhere, texts: list[str], within: list[tuple[str, ...]] | None, missing: list[int], reasons: list[str]
) -> bytes:
    """What was not located, each text once: why, what it may mean, and empty columns for a person to fill in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["row", "text", "reason", "candidates", "suggestions", "place_id", "lon", "lat", "datum"])
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for number in missing:
        question = texts[number], within[number] if within else ()
        if question in seen or len(seen) >= _LISTED:
            continue
        seen.add(question)
        answer = locator.locate(question[0], within=question[1])
        meant = LIST_SEPARATOR.join(f"{one.within} {one.name} {one.id}".strip() for one in answer.candidates)
        near = LIST_SEPARATOR.join(answer.suggestions)
        writer.writerow([number + 2, question[0], reasons[number], meant, near, "", "", "", ""])
    return text.getvalue().encode("utf-8-sig")


def _cells(answer: tuple[Any, ...]) -> list[str]:
    lon, lat, level, radius_m, score, place_id, matched, reason = answer
    if lon is None:
        return ["", "", "unresolved", "", f"{score:.2f}", place_id, "", reason]
    grade = "" if score is None else f"{score:.2f}"  # a provider's place has none
    return [f"{lon:.6f}", f"{lat:.6f}", level, f"{radius_m:.0f}", grade, place_id, matched, reason]
