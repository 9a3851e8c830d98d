"""Make the project of a county, prefecture or province: settings, places, empty tables, guides."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from qjmap.atomic_write import write_all
from qjmap.errors import UsageError
from qjmap.geocoding.exact_names import GazetteerPlace
from qjmap.ground import bounds
from qjmap.i18n import Note
from qjmap.output_paths import check_outputs
from qjmap.project import SETTINGS_FILE, display_path
from qjmap.scaffold.csv_text import csv_bytes, example_bytes
from qjmap.scaffold.example import Example, example_of
from qjmap.scaffold.guide import guide
from qjmap.scaffold.unit import Unit, find_units
from qjmap.scaffold.unit_rows import Row, has_point, place_rows, source_rows


@dataclass(frozen=True)
class NewProject:
    """Result of making a project or an atlas: its folder, and notes on outlines and points of its units that the package lacks."""

    folder: Path
    notes: tuple[Note, ...]


Choose = Callable[[Sequence[GazetteerPlace]], GazetteerPlace]
"""Function that chooses one of the units that a name may mean."""

_PLACES = (
    "id", "name", "name_en", "aliases", "kind", "parent", "adcode", "lon", "lat", "datum", "precision", "position_source",
    "position_locator", "source", "locator", "as_of",
)  # fmt: skip
_SOURCES = ("id", "title", "publisher", "published", "url", "accessed", "licence", "note", "as_of")
_EMPTY = ("sites", "partnerships", "corridors", "corridor_legs", "indicators")
_REGION = (-25.0, -15.0, 180.0, 75.0)
"""West, south, east, north in degrees of the area in which partners may lie: Europe, Africa north of 15° S, and Asia with its seas."""


def new_project(
    name: str, out: Path | str | None = None, *, within: str = "", example: bool = False, choose: Choose | None = None,
    today: datetime.date | None = None,
) -> NewProject:  # fmt: skip
    """Write the project of a county, prefecture or province.

    Parameters
    ----------
    name : name or adcode of the unit.
    out : folder to write, which must be missing or empty; by default a folder in the current one with the name of the unit.
    within : name or adcode of an area that contains the unit, if several units have the name.
    example : fill the tables with invented firms and agreements, for trying out the program.
    choose : chooses between units of one name; without it, a name of several units is an error.
    today : day whose month becomes the date of the facts; by default today.

    Raises
    ------
    UsageError : the name means no unit, or several and `choose` is not given; or the folder is not empty.
    """
    units = find_units(name, within)
    if len(units) > 1 and choose is None:
        raise UsageError("new-ambiguous", name=name, places=[f"{place.label} {place.code}" for place in units])
    unit = Unit(choose(units) if len(units) > 1 and choose else units[0])
    folder = empty_folder(out if out is not None else unit.home.name)
    contents = {folder / path: content for path, content in project_files(unit, this_month(today), example).items()}
    check_outputs(contents)
    write_all(contents)
    return NewProject(folder, tuple(missing(unit)))


def empty_folder(path: Path | str) -> Path:
    """Return the path if it is that of a missing or empty folder; otherwise raise UsageError."""
    folder = Path(path)
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise UsageError("new-there", path=display_path(folder))
    return folder


def this_month(today: datetime.date | None) -> str:
    """Return the month of a day in the form 2026-05. None means today by the clock and time zone of the machine."""
    return (today or datetime.datetime.now().astimezone().date()).isoformat()[:7]


def missing(unit: Unit) -> Iterator[Note]:
    """Yield a note if the package lacks the outline of a unit, and one if it lacks the unit's point."""
    area = unit.areas[0].name if unit.areas else ""
    if bounds(unit.home.code) is None:
        yield Note("note.new-outline", {"name": unit.home.name})
    if not has_point(unit.home):
        yield Note("note.new-point", {"name": unit.home.name, "area": area})


def project_files(unit: Unit, month: str, example: bool) -> dict[str, bytes]:
    """Return path in the folder of the project -> content, of all files of a new project.

    Parameters
    ----------
    month : date of the facts, in the form 2026-05.
    example : whether the tables are filled with the invented example.
    """
    filled = example_of(unit) if example else Example()
    places = place_rows((*unit.places, *filled.places))
    sources = [*source_rows(places), *filled.sources]
    tables = {"places": csv_bytes("places", _PLACES, places), "sources": csv_bytes("sources", _SOURCES, sources)}
    ids = {place.key: row["id"] for place, row in zip((*unit.places, *filled.places), places, strict=True)}
    for table in _EMPTY:
        rows = filled.rows(table, ids)
        tables[table] = csv_bytes(table, list(rows[0]), rows) if rows else example_bytes(table)
    words = _words(unit, places, month, example)
    return {
        "README.md": fill_asset("README.md", words),
        f"data/{SETTINGS_FILE}": fill_asset("project.toml", words),
        "data/README.md": guide("zh").encode(),
        **{f"data/{table}.csv": content for table, content in tables.items()},
    }


def _words(unit: Unit, places: Sequence[Row], month: str, example: bool) -> Mapping[str, str]:
    """Return the values of the placeholders in the files of `assets/scaffold`: name -> text.

    Parameters
    ----------
    places : rows of the unit, of the units that contain it, of its neighbours, and of any further places, in this order.
    month, example : as in `project_files`.
    """
    home, name = places[0]["id"], unit.home.name
    around = [row["id"] for row in places[: 1 + len(unit.areas) + len(unit.neighbours)]]
    opening = [home, *around[1 + len(unit.areas) :]]
    named = {row["id"]: row["name"] for row in places}
    return {
        "name": name,
        "id": home,
        "title": json.dumps(f"{name}合作地图（虚构示例）" if example else f"{name}合作地图", ensure_ascii=False),
        "as_of": month,
        "region": ", ".join(map(str, _REGION)),
        "opening": ", ".join(f'"{place}"' for place in opening),
        "opening_names": "、".join(named[place] for place in opening),
        "places": "、".join(named[place] for place in around),
    }


def fill_asset(asset: str, words: Mapping[str, str]) -> bytes:
    """Return a file of `assets/scaffold` with its placeholders (``$name``) replaced by `words`, in UTF-8."""
    path = files("qjmap") / "assets" / "scaffold" / asset
    return Template(path.read_text(encoding="utf-8")).substitute(words).encode()
