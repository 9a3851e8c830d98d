"""Geocode a table of names or addresses: all columns and rows of the input in order, and the position of each row."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjmap.atomic_write import Content, file_chunks, write_all
from qjmap.datum import to_wgs84
from qjmap.engine import Engine, Here
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.geocoding.choice_list import HEADER, Choice, Choices, Query, choice_lines
from qjmap.geocoding.country_columns import country_column, country_ids
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.located_workbook import located_workbook
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.position_origins import position_source
from qjmap.geocoding.settle_by_point import settle_by_point
from qjmap.internal_errors import row_fault
from qjmap.project import display_path
from qjmap.schema import PRECISION_RADIUS_M, TABLES, fold
from qjmap.tables import ROW, TableFrame, read_table
from qjmap.tables.columns import operations as cols
from qjmap.tables.headers import area_level
from qjmap.tables.partitions import Partition, folder_partitions, read_partition
from qjmap.tables.saved_column_mappings import ColumnSource

if TYPE_CHECKING:
    from qjmap.geocoding.online.online_locator import OnlineLocator

ANSWER_COLUMNS = (
    "lon", "lat", "datum", "level", "radius_m", "score", "place_id", "matched", "reason", "position_source", "origin",
)  # fmt: skip
"""Columns that the result has after those of the input; one that the input has already gets the prefix ``qjmap_``."""
_OF_ANSWERS = ("lon", "lat", "level", "radius_m", "score", "place_id", "matched", "reason", "position_of")
"""Columns of `locate_many` from which `ANSWER_COLUMNS` are made."""

PROVIDER_COLUMNS = ("provider", "provider_datum", "asked_on", "provider_reason")
"""Further columns of a result with an online provider: its name, the datum of its point, the day of the query (UTC), the outcome."""

AREA_HEADERS = frozenset(
    fold(word)
    for word in (
        "parent", "province", "city", "district", "county", "省", "省份", "所在省", "市", "城市", "所在市", "地市",
        "区县", "区", "县", "所在区县", "上级",
    )
)  # fmt: skip
"""Folded headers of columns that name an area in which a row's place lies."""

_AREA_LEVELS = ("province", "city", "county")
"""Results of `area_level` for headers of further columns that name an area. Towns are left out: their names are not unique."""

MAX_LISTED_TEXTS = 5_000
"""Maximum number of texts in the list of unresolved ones: nobody fills in more by hand."""

CHUNK_ROWS = 50_000
"""Number of rows that are located and written at once."""

Unresolved = dict[Query, tuple[int, str]]
"""Unresolved texts: (text, names of areas) -> (index of its first row from 0, reason)."""

Columns = tuple[tuple[str, int], ...]
"""Columns of the input, each as (name, number of columns of the same name before it)."""


@dataclass
class Located:
    """Located rows of a chunk, a partition or a whole table.

    Attributes
    ----------
    lines : the rows of the result as CSV (UTF-8), without a header.
    rows, resolved : number of rows, and of those with a position.
    unresolved : the other texts, at most `MAX_LISTED_TEXTS`.
    failures : faults of rows on which the program itself failed.
    """

    lines: bytes = b""
    rows: int = 0
    resolved: int = 0
    unresolved: Unresolved = field(default_factory=dict)
    failures: list[Fault] = field(default_factory=list)

    def add(self, chunk: Located) -> None:
        """Add the counts, unresolved texts and failures of the rows that follow these, but not their lines."""
        for query, (index, reason) in chunk.unresolved.items():
            if len(self.unresolved) < MAX_LISTED_TEXTS:
                self.unresolved.setdefault(query, (self.rows + index, reason))
        self.failures += chunk.failures
        self.rows, self.resolved = self.rows + chunk.rows, self.resolved + chunk.resolved


@dataclass(frozen=True)
class ReadOptions:
    """How a table in one file is read.

    Attributes
    ----------
    sheet : name of the worksheet; None to choose it.
    encoding : name of the text encoding; None to detect it.
    told : meanings of columns that the user or the project states; None to derive all of them from headers and cells.
    """

    sheet: str | None = None
    encoding: str | None = None
    told: ColumnSource | None = None

    def given(self) -> list[str]:
        """Return the names of the options that the user has set: some of "sheet", "encoding" and "columns"."""
        said = {"sheet": self.sheet, "encoding": self.encoding, "columns": self.told and self.told.told}
        return [name for name, value in said.items() if value]


def locate_file(
    locator: OfflineLocator, file: Path, out: Path, *, reading: ReadOptions | None = None, choices: Choices | None = None,
    online: OnlineLocator | None = None, engine: Engine | None = None, progress: Callable[[int, int], None] | None = None,
) -> tuple[int, int]:  # fmt: skip
    """Locate the rows of a table file, or of a folder of them, and write them to a CSV file (UTF-8 with BOM, for Excel) or a workbook.

    Of each row the address is located, or the name if there is no address, inside the areas that columns of a country, province, city,
    district or parent name. Unresolved texts are listed with their candidates, for a person to mark the right ones: in a second file
    (`unresolved_path`), or on a second worksheet of a workbook. The result has the columns of the first partition, then those that
    only other partitions have.

    Parameters
    ----------
    file : the table, or a folder whose files are its partitions.
    out : path of the result; a workbook if its suffix is .xlsx, else CSV.
    reading : how the file is read; options that the user has set are for a single file without an engine.
    choices : choices for texts that an earlier run did not resolve; they replace the answer of every row with that text and those areas.
    online : locator for the rows that the offline one leaves unresolved, for a single file without an engine; adds `PROVIDER_COLUMNS`.
    engine : engine that works on the partitions of a folder or of a large file; None to read a file as a whole.
    progress : called with the number of finished rows (with `online`: queries) and their total.

    Returns
    -------
    The number of rows, and of resolved ones.

    Raises
    ------
    UsageError : the file cannot be read, has neither a name nor an address column, or has more rows than the worksheet of a workbook; a
        folder or an engine is given with `online` or with a sheet, an encoding or columns in `reading`.
    DataFaults : the program itself failed on some rows; the result is written all the same, with these rows unresolved.
    OSError : the result cannot be written.
    """
    running, how = engine or Here(), reading or ReadOptions()
    partitions = [Partition(file, display_path(file))]
    if engine is not None or file.is_dir():
        if options := [*how.given(), *(("online",) if online is not None else ())]:
            raise UsageError("locate-parts", file=display_path(file), options=options)
        partitions = folder_partitions(file, display_path(file), running.partition_bytes)
    columns: Columns = ()
    total = 0
    chosen = dict(choices or {})
    if len(partitions) == 1:
        table = read_table(
            partitions[0].path, TABLES["sites"], sheet=how.sheet, encoding=how.encoding, columns=how.told
        )
        columns, total = _columns_and_rows(table, file)
        chunks = _locate_table(table, columns, locator, chosen, online, progress)
    else:
        for some, rows in running.map(_read_columns, partitions, file):
            columns, total = tuple(dict.fromkeys((*columns, *some))), total + rows
        chunks = running.map(_locate_partition, partitions, running.share((locator, columns, chosen)))
    result = Located()
    with tempfile.TemporaryDirectory() as folder:
        located = Path(folder) / "located.csv"
        with located.open("wb") as target:
            added = ANSWER_COLUMNS if online is None else ANSWER_COLUMNS + PROVIDER_COLUMNS
            target.write(_csv([extend_header([name for name, _ in columns], added)]).encode("utf-8-sig"))
            for chunk in chunks:
                target.write(chunk.lines)
                result.add(chunk)
                if online is None and progress:
                    progress(result.rows, total)
        is_open = result.resolved < total
        write_results(located, out, [list(HEADER), *choice_lines(locator, result.unresolved)] if is_open else [])
    if result.failures:
        raise DataFaults(result.failures)
    return result.rows, result.resolved


def _read_columns(partition: Partition, file: Path) -> tuple[Columns, int]:
    return _columns_and_rows(read_partition(partition, TABLES["sites"]), file)


def _columns_and_rows(table: TableFrame, file: Path) -> tuple[Columns, int]:
    """Return the columns of a table and the number of its rows. Raise UsageError if it has neither a name nor an address column."""
    if not {"name", "address"} & set(table.typed):
        raise UsageError("locate-no-column", file=str(file))
    return _columns(table), len(table.frame)


def _columns(table: TableFrame) -> Columns:
    return tuple((name, table.header[:index].count(name)) for index, name in enumerate(table.header))


def _locate_partition(partition: Partition, shared: tuple[OfflineLocator, Columns, Choices]) -> Located:
    """Locate all rows of a partition. `shared` has the locator, the columns of the result and the choices."""
    locator, columns, chosen = shared
    result, lines = Located(), []
    for chunk in _locate_table(read_partition(partition, TABLES["sites"]), columns, locator, chosen, None, None):
        lines.append(chunk.lines)
        result.add(chunk)
    result.lines = b"".join(lines)
    return result


def _locate_table(
    table: TableFrame, columns: Columns, locator: OfflineLocator, chosen: Choices, online: OnlineLocator | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Located]:  # fmt: skip
    """Yield the located rows of a table chunk by chunk. With `online` all rows are one chunk, so that each text is queried once."""
    count, areas = len(table.frame), _area_columns(table, columns)
    country, countries = country_column(table.unknown), locator.places.countries
    cells = dict(zip(_columns(table), table.cells, strict=True))
    size = CHUNK_ROWS if online is None else max(count, 1)
    for start in range(0, count, size):
        rows = slice(start, min(start + size, count))
        texts, within = _texts_and_areas(table, areas, rows)
        if country:
            codes = country_ids(cols.column(table.frame, country)[rows], countries)
            within = [(code, *words) if code else words for code, words in zip(codes, within, strict=True)]
        answers = locate_many(locator, texts, within if areas or country else None)
        settle_by_point(locator, table, start, texts, within, answers)
        put_choices(locator, chosen, texts, within, answers)
        outcomes: list[str] = []
        provider_cells: Sequence[Sequence[str]] = [()] * len(texts)
        if online is not None:
            asked = online.fill_unresolved(texts, within, answers, progress)
            outcomes, provider_cells = list(asked.outcome), asked.rows()
        blank = [""] * len(texts)
        typed = zip(*(cols.to_objects(cells[name][rows]) if name in cells else blank for name in columns), strict=True)
        columns_of_answers = zip(*(answers[name] for name in _OF_ANSWERS), strict=True)
        source_of = cache(partial(position_source, locator))
        lines = _csv(
            [*row, *answer_cells(answer, source_of), *provider]
            for row, answer, provider in zip(typed, columns_of_answers, provider_cells, strict=True)
        )
        unresolved: Unresolved = {}
        lost = collect_unresolved(unresolved, texts, within, answers)
        failures = internal_error_faults(table, texts, answers, start, outcomes)
        yield Located(lines.encode(), len(texts), len(texts) - lost, unresolved, failures)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def write_results(located: Path, out: Path, choices: Sequence[Sequence[str]]) -> None:
    """Write the result, and the list of choices if there is one: both, or neither.

    Parameters
    ----------
    located : temporary CSV file (UTF-8 with BOM) of the result.
    choices : header and lines of the list; empty for none.
    """
    if out.suffix.lower() == ".xlsx":
        write_all({out: located_workbook(located, choices)})
        return
    contents: dict[Path, Content] = {out: file_chunks(located)}
    if choices:
        contents[unresolved_path(out)] = _csv(choices).encode("utf-8-sig")
    write_all(contents)


def area_columns(table: TableFrame) -> list[str]:
    """Return the names of the columns that name an area in which a row's place lies, in file order; `place`, the finest, comes last."""
    areas = [name for name in table.unknown if fold(name) in AREA_HEADERS or area_level(name) in _AREA_LEVELS]
    return [*areas, "place"] if "place" in table.typed else areas


def _area_columns(table: TableFrame, columns: Columns) -> list[str]:
    """Return the columns of `area_columns` in the order of the result's columns, with `place` last."""
    areas = area_columns(table)
    positions = {name: index for index, (name, _) in reversed([*enumerate(columns)])}
    return sorted(areas, key=lambda name: (name == "place", positions.get(name, 0)))


def extend_header(header: Sequence[str], added: Sequence[str]) -> list[str]:
    """Return a header with added columns; one whose name the header has already gets the prefix ``qjmap_``."""
    names = {fold(name) for name in header}
    return [*header, *(f"qjmap_{name}" if name in names else name for name in added)]


def _texts_and_areas(table: TableFrame, areas: Sequence[str], rows: slice) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return two lists for a slice of rows: the text to locate of each, and the names of its areas without blanks."""
    names, addresses, *around = (
        cols.to_objects(cols.column(table.frame, name)[rows]) for name in ("name", "address", *areas)
    )
    texts = [address or name for name, address in zip(names, addresses, strict=True)]
    return texts, [tuple(filter(None, row)) for row in zip(*around, strict=True)] if areas else [()] * len(texts)


def collect_unresolved(
    unresolved: Unresolved,
    texts: Sequence[str],
    within: Sequence[tuple[str, ...]],
    answers: Mapping[str, list[Any]],
) -> int:
    """Add texts of a chunk without a position to `unresolved`, each once, up to `MAX_LISTED_TEXTS`; return the number of all such rows."""
    count = 0
    for index, lon in enumerate(answers["lon"]):
        if lon is None:
            count += 1
            if len(unresolved) < MAX_LISTED_TEXTS:
                unresolved.setdefault((texts[index], within[index]), (index, answers["reason"][index]))
    return count


def internal_error_faults(
    table: TableFrame,
    texts: Sequence[str],
    answers: Mapping[str, list[Any]],
    start: int,
    outcomes: Sequence[str] = (),
) -> list[Fault]:
    """Return the faults of the rows of a chunk on which the program itself failed.

    Parameters
    ----------
    start : index in the table of the first row of the chunk.
    outcomes : outcomes of the provider's queries; () without a provider.
    """
    numbers = table.frame[ROW]
    return [
        row_fault(answers["note"][index], table.file, int(numbers.iloc[start + index]), texts[index])
        for index, reason in enumerate(answers["reason"])
        if reason == "internal-error" or (outcomes and outcomes[index] == "internal-error")
    ]


def unresolved_path(out: Path) -> Path:
    """Return the path of the list of unresolved texts, beside the result."""
    return out.with_name(f"{out.stem}.unresolved.csv")


def put_choices(
    locator: OfflineLocator, chosen: Choices, texts: Sequence[str], within: Sequence[tuple[str, ...]],
    answers: Mapping[str, list[Any]],
) -> None:  # fmt: skip
    """Write the chosen places and points into the columns of answers (`locate_many`), which are changed in place.

    A chosen place that does not exist any more, or has no position, leaves the answer as it is.
    """
    if not chosen:
        return
    rows: dict[Query, dict[str, Any]] = {}
    for index, query in enumerate(zip(texts, within, strict=True)):
        if query in chosen:
            if query not in rows:
                rows[query] = _chosen_row(locator, query[0], chosen[query])
            for name, value in rows[query].items():
                answers[name][index] = value


def _chosen_row(locator: OfflineLocator, text: str, choice: Choice) -> dict[str, Any]:
    row = {
        "place_id": choice.place_id,
        "matched": text,
        "reason": "chosen",
        "score": 1.0,
        "position_of": "",
        "note": "",
    }
    if choice.lon is not None and choice.lat is not None:
        lon, lat = to_wgs84([choice.lon], [choice.lat], choice.datum)
        level = "site"
        return row | {"lon": float(lon[0]), "lat": float(lat[0]), "level": level, "radius_m": PRECISION_RADIUS_M[level]}
    position = locator.position(choice.place_id)
    if position is None:  # a place that is gone, or has no point
        return {}
    point = {"lon": position.lon, "lat": position.lat, "level": position.level, "radius_m": position.radius_m}
    return row | point | {"position_of": position.position_of}


def answer_cells(answer: tuple[Any, ...], source_of: Callable[[str], tuple[str, str]]) -> list[str]:
    """Return the cells of an answer for `ANSWER_COLUMNS`.

    Parameters
    ----------
    answer : values of the columns `_OF_ANSWERS`.
    source_of : function that returns `position_source` and origin of the point of the place with an id.
    """
    lon, lat, level, radius_m, score, place_id, matched, reason, position_of = answer
    if lon is None:
        return ["", "", "", "unresolved", "", f"{score:.2f}", place_id, "", reason, "", ""]
    score_cell = "" if score is None else f"{score:.2f}"  # a provider's place has none
    sources = ("", "") if reason.startswith("provider") else source_of(position_of or place_id)
    return [
        f"{lon:.6f}", f"{lat:.6f}", "wgs84", level, f"{radius_m:.0f}", score_cell, place_id, matched, reason, *sources,
    ]  # fmt: skip
