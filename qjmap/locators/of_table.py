"""A whole table of names or addresses: every input column and row in order, and where each row lies."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjmap.defence import row_fault
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.files import Content, parts_of, write_all
from qjmap.locators.batch import locate_many
from qjmap.locators.everywhere import Everywhere
from qjmap.schema import LIST_SEPARATOR, TABLES, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qjmap.locators.online.locator import Online
    from qjmap.tables import TableFrame

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
LISTED = 5_000
"""Texts in the list to fill in: nobody fills in more."""
ROWS = 50_000
"""Rows that are located and written at once."""


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
    progress : told how many of how many questions (with a provider) or rows are done.

    Returns
    -------
    the number of rows, and of those that were located

    Raises
    ------
    UsageError : the file cannot be read, or has neither a name nor an address column.
    DataFaults : the program itself failed on some rows; the result is written all the same, with these rows unresolved.
    """
    from qjmap.tables import columns, read_table

    table = TABLES["sites"]
    read = read_table(file, table, sheet=sheet, encoding=encoding)
    check_columns(read, file)
    count, areas = len(read.frame), areas_of(read)
    head = header_with(read.header, ADDED if online is None else ADDED + ADDED_ONLINE)
    size = ROWS if online is None else max(count, 1)  # a provider is asked for the file as a whole
    resolved = 0
    missing: Missing = {}
    failures: list[Fault] = []
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "located.csv"
        with beside.open("w", encoding="utf-8-sig", newline="") as sheet_file:
            writer = csv.writer(sheet_file, lineterminator="\r\n")
            writer.writerow(head)
            for start in range(0, count, size):
                rows = slice(start, start + size)
                texts, within = questions(read, areas, rows)
                found = locate_many(locator, texts, within if areas else None)
                more: list[tuple[str, ...]] = [()] * len(texts)
                outcomes: list[str] = []
                if online is not None:
                    asked = online.improve(texts, within, found, progress)
                    outcomes = list(asked.outcome)
                    more = list(zip(asked.provider, asked.provider_datum, asked.asked_on, asked.outcome, strict=True))
                answers = zip(*(found[name] for name in ADDED), strict=True)
                cells = zip(*(columns.objects(cell[rows]) for cell in read.cells), strict=True)
                writer.writerows([*row, *answer_cells(answer), *tail] for row, answer, tail in zip(cells, answers, more, strict=True))
                resolved += len(texts) - left_open(missing, texts, within, found, start)
                failures += failed_rows(read, texts, found, start, outcomes)
                if online is None and progress:
                    progress(min(start + size, count), count)
        hand_over(beside, out, to_fill_in(locator, missing) if resolved < count else None)
    if failures:
        raise DataFaults(failures)
    return count, resolved


def hand_over(beside: Path, out: Path, open_rows: bytes | None) -> None:
    """Puts the result in its place, and the list to fill in beside it where rows were left open: both, or neither."""
    written: dict[Path, Content] = {out: parts_of(beside)}
    if open_rows is not None:
        written[unresolved_path(out)] = open_rows
    write_all(written)


Missing = dict[tuple[str, tuple[str, ...]], tuple[int, str]]
"""What was not located: a text and the areas that it lies in -> its first row, counted from 0, and why."""


def check_columns(read: TableFrame, file: Path) -> None:
    """UsageError for a table with neither a name nor an address column."""
    if not {"name", "address"} & set(read.typed):
        raise UsageError("locate-no-column", file=str(file))


def areas_of(read: TableFrame) -> list[str]:
    """The columns that say in which area a row's place lies."""
    areas = [name for name in read.unknown if fold(name) in AREAS]
    return [*areas, "place"] if "place" in read.typed else areas


def header_with(header: Sequence[str], added: Sequence[str]) -> list[str]:
    """The header of the result."""
    taken = {fold(head) for head in header}
    return [*header, *(f"qjmap_{name}" if name in taken else name for name in added)]


def questions(read: TableFrame, areas: Sequence[str], rows: slice) -> tuple[list[str], list[tuple[str, ...]]]:
    """What is asked of some rows: a text each, and the areas that it lies in."""
    from qjmap.tables import columns

    names, addresses, *around = (columns.objects(columns.column(read.frame, name)[rows]) for name in ("name", "address", *areas))
    texts = [address or name for name, address in zip(names, addresses, strict=True)]
    return texts, [tuple(filter(None, row)) for row in zip(*around, strict=True)] if areas else [()] * len(texts)


def left_open(
    missing: Missing, texts: Sequence[str], within: Sequence[tuple[str, ...]], found: Mapping[str, list[Any]], start: int
) -> int:
    """How many were not located; they are entered as missing, the first of the same text, as long as somebody might read them."""
    count = 0
    for at, lon in enumerate(found["lon"]):
        if lon is None:
            count += 1
            if len(missing) < LISTED:
                missing.setdefault((texts[at], within[at]), (start + at, found["reason"][at]))
    return count


def failed_rows(
    read: TableFrame, texts: Sequence[str], found: Mapping[str, list[Any]], start: int, outcomes: Sequence[str] = ()
) -> list[Fault]:
    """The faults of rows on which the program itself failed."""
    from qjmap.tables.frames import ROW

    numbers = read.frame[ROW]
    return [
        row_fault(found["note"][at], read.file, int(numbers.iloc[start + at]), texts[at])
        for at, reason in enumerate(found["reason"])
        if reason == "internal-error" or (outcomes and outcomes[at] == "internal-error")
    ]


def unresolved_path(out: Path) -> Path:
    """The file beside the result that lists what was not located."""
    return out.with_name(f"{out.stem}.unresolved.csv")


def to_fill_in(locator: Everywhere, missing: Missing) -> bytes:
    """What was not located, each text once: why, what it may mean, and empty columns for a person to fill in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["row", "text", "reason", "candidates", "suggestions", "place_id", "lon", "lat", "datum"])
    for question, (number, reason) in missing.items():
        answer = locator.locate(question[0], within=question[1])
        meant = LIST_SEPARATOR.join(f"{one.within} {one.name} {one.id}".strip() for one in answer.candidates)
        near = LIST_SEPARATOR.join(answer.suggestions)
        writer.writerow([number + 2, question[0], reason, meant, near, "", "", "", ""])
    return text.getvalue().encode("utf-8-sig")


def answer_cells(answer: tuple[Any, ...]) -> list[str]:
    """The cells of an answer under `ADDED`."""
    lon, lat, level, radius_m, score, place_id, matched, reason = answer
    if lon is None:
        return ["", "", "unresolved", "", f"{score:.2f}", place_id, "", reason]
    grade = "" if score is None else f"{score:.2f}"  # a provider's place has none
    return [f"{lon:.6f}", f"{lat:.6f}", level, f"{radius_m:.0f}", grade, place_id, matched, reason]
