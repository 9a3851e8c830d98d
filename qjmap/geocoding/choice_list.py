"""Write the list of texts that `locate --file` could not decide, in which a person marks the right places, and read it back.

The list has a line for each place that an ambiguous text may mean, and one for a text that no place is known for. A person marks a
line in the column `choice`, or fills in `place_id`, or `lon` and `lat`. A project stores the marked choices
in `data/.qjmap/choices.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjmap.atomic_write import write_all
from qjmap.errors import UsageError
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.schema import LIST_SEPARATOR, TABLES, fold
from qjmap.tables.angles import read_angle
from qjmap.tables.cell_values import CellError, clean, read_vocab
from qjmap.tables.readers.choose_reader import read_grid
from qjmap.tables.readers.grid import Grid

HEADER = (
    "row", "text", "within", "reason", "choice", "candidate", "place_id", "suggestions", "lon", "lat", "datum",
)  # fmt: skip
"""Columns of the list. `within` and `suggestions` have several names, joined by `LIST_SEPARATOR`; `candidate` is a place with its areas,
`place_id` its id. A person fills in `choice`, or `place_id`, or `lon`, `lat` and `datum`."""
SHEET = "choose"
"""Worksheet of the list in a workbook."""
FILE = "choices.json"
"""Name of the file of a project's saved choices, in `data/.qjmap`."""
_NO_MARKS = frozenset(("", "0", "no", "n", "否", "不是", "×"))
"""Folded cells in the column `choice` that mark nothing."""

Query = tuple[str, tuple[str, ...]]
"""A text, and the names of the areas in which it is located."""


@dataclass(frozen=True)
class Choice:
    """The choice of a person for a text: the id of a place, or a point (`lon` and `lat` in degrees of `datum`); the other is empty."""

    place_id: str = ""
    lon: float | None = None
    lat: float | None = None
    datum: str = ""


Choices = Mapping[Query, Choice]
"""Query -> choice of a person, for texts that `locate` could not decide."""


def choice_lines(
    locator: OfflineLocator, unresolved: Mapping[Query, tuple[int, str]], first_row: int = 2
) -> Iterator[list[str]]:
    """Yield the lines of the list, each with the cells of `HEADER`: one for each candidate of a text, or one if it has none.

    Parameters
    ----------
    unresolved : query -> (index of its first row from 0, reason).
    first_row : number that the list shows for index 0; 2, since the header is row 1.
    """
    for (text, within), (index, reason) in unresolved.items():
        answer = locator.locate(text, within=within)
        ahead = [str(index + first_row), text, LIST_SEPARATOR.join(within), reason, ""]
        places = [(f"{one.within} {one.name}".strip(), one.id) for one in answer.candidates] or [("", "")]
        for place in places:
            yield [*ahead, *place, LIST_SEPARATOR.join(answer.suggestions), "", "", ""]


def read_choices(path: Path, shown: str, locator: OfflineLocator) -> dict[Query, Choice]:
    """Return query -> marked choice from a list that `locate --file` wrote and a spreadsheet program may have saved.

    Parameters
    ----------
    shown : the path as messages show it.
    locator : locator whose places may be marked.

    Raises
    ------
    UsageError : the file cannot be read (see `read_grid`) or is not such a list, a text has several different marks, a marked line names
        no known place, or its coordinates or their datum cannot be read.
    """
    choices: dict[Query, Choice] = {}
    for row, cells in _lines(path, shown):
        choice = _choice(row, cells, shown, locator)
        if choice is None:
            continue
        query = cells["text"], tuple(filter(None, cells["within"].split(LIST_SEPARATOR)))
        if choices.setdefault(query, choice) != choice:
            raise UsageError("choices-two", file=shown, row=row, text=cells["text"])
    return choices


def _lines(path: Path, shown: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row number, column of `HEADER` -> cell) of each line of a list. Raise UsageError if a necessary column is missing."""
    workbook = path.suffix.lower() == ".xlsx"
    grid = read_grid(path, TABLES["places"], shown=shown, sheet=SHEET if workbook else None)
    columns = {fold(head): index for index, head in enumerate(grid.header)}
    missing = [name for name in ("text", "choice", "place_id") if fold(name) not in columns]
    if missing:
        raise UsageError("choices-columns", file=shown, columns=missing)
    at = {name: columns[fold(name)] for name in HEADER if fold(name) in columns}
    for row, cells in zip(grid.numbers, _rows(grid), strict=True):
        yield int(row), {name: clean(cells[at[name]]) if name in at else "" for name in HEADER}


def _rows(grid: Grid) -> Iterable[Any]:
    return grid.rows if grid.columns is None else zip(*grid.columns, strict=True)


def _choice(row: int, cells: Mapping[str, str], shown: str, locator: OfflineLocator) -> Choice | None:
    """Return the choice that a line of the list marks; None for an unmarked line. Raise UsageError for an invalid mark."""

    def refusal(value: str) -> UsageError:
        return UsageError("choices-value", file=shown, row=row, value=value)

    if cells["lon"] and cells["lat"]:
        lon, lat = (read_angle(cells[name]) for name in ("lon", "lat"))
        try:
            datum = read_vocab(cells["datum"] or "wgs84", "datum")
        except CellError:
            raise refusal(cells["datum"]) from None
        if lon is None or lat is None:
            raise refusal(f"{cells['lon']}, {cells['lat']}")
        return Choice(lon=lon.degrees, lat=lat.degrees, datum=datum)
    is_marked = fold(cells["choice"]) not in _NO_MARKS
    if not (is_marked or (cells["place_id"] and not cells["candidate"])):
        return None
    place_id = cells["place_id"]
    if place_id and place_id not in locator:  # a name, typed where a code is asked for
        best = locator.locate(place_id).best
        place_id = best.id if best is not None else ""
    if not place_id:
        raise refusal(cells["place_id"] or cells["text"])
    return Choice(place_id)


def recall_choices(state: Path) -> dict[Query, Choice]:
    """Return the saved choices of a project; {} if their file is missing or damaged.

    Parameters
    ----------
    state : folder `data/.qjmap` of the project.
    """
    try:
        kept = json.loads((state / FILE).read_bytes())["choices"]
        return {(str(text), tuple(map(str, within))): Choice(**choice) for text, within, choice in kept}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def remember_choices(state: Path, choices: Mapping[Query, Choice]) -> None:
    """Save choices with a project, in addition to its saved ones, which they replace for equal queries. The caller holds its lock.

    Parameters
    ----------
    state : folder `data/.qjmap` of the project; it is made if it is missing.
    """
    kept = recall_choices(state) | dict(choices)
    lines = [
        [text, within, {name: value for name, value in vars(choice).items() if value not in ("", None)}]
        for (text, within), choice in kept.items()
    ]
    state.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": 1, "choices": lines}, ensure_ascii=False, indent=1)
    write_all({state / FILE: text.encode()})
