"""Make the projects of many administrative units, and the project that includes them and shows them on one map."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from qjmap.atomic_write import write_all
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.include_settings import SEPARATOR
from qjmap.output_paths import check_outputs
from qjmap.project import SETTINGS_FILE, display_path
from qjmap.scaffold.new_project import NewProject, empty_folder, fill_asset, missing, project_files, this_month
from qjmap.scaffold.unit import Unit, find_units
from qjmap.scaffold.unit_rows import place_rows
from qjmap.tables.readers.encoding import decode
from qjmap.tables.readers.read_bytes import read_file_bytes
from qjmap.tables.slugs import slug

_FOLDER = "projects"
"""Folder of the included projects, inside the folder of the atlas."""


def new_atlas(
    names: Path | str, out: Path | str | None = None, *, example: bool = False, today: datetime.date | None = None
) -> NewProject:
    """Write a project for each unit that a file names, and the project that includes them all.

    Parameters
    ----------
    names : text file with a unit on each line: the name or adcode of a county, prefecture or province. If several units have the
        name, a comma and an area that contains the unit follow. Empty lines and lines that begin with # are skipped. The stem of the
        file's name becomes the name of the atlas.
    out : folder to write, which must be missing or empty; by default a folder in the current one with the name of the atlas.
    example : fill the tables of each project with invented firms and agreements.
    today : day whose month becomes the date of the facts; by default today.

    Returns
    -------
    The folder, and notes on outlines and points of the units that the package lacks.

    Raises
    ------
    DataFaults : with a fault for each line that names no unit or several units, or the unit of an earlier line.
    UsageError : the file cannot be read or names no unit, or the folder is not empty.
    """
    path = Path(names)
    units = _units(path)
    folder = empty_folder(out if out is not None else path.stem)
    month = this_month(today)
    prefixes = _prefixes(units)
    shared = Counter(unit.home.name for unit in units)
    contents: dict[Path, bytes] = {}
    opening, include = [], []
    for unit, prefix in zip(units, prefixes, strict=True):
        name = unit.home.name if shared[unit.home.name] == 1 else f"{unit.home.name}-{unit.home.code}"
        made = project_files(unit, month, example)
        contents |= {folder / _FOLDER / name / file: content for file, content in made.items()}
        opening.append(f'"{prefix}{SEPARATOR}{place_rows((unit.home,))[0]["id"]}"')
        include.append(f"{prefix} = {json.dumps(f'{_FOLDER}/{name}', ensure_ascii=False)}")
    words = {
        "name": path.stem,
        "id": slug(path.stem) or "atlas",
        "title": json.dumps(f"{path.stem}合作地图{'（虚构示例）' if example else ''}", ensure_ascii=False),
        "as_of": month,
        "opening": ", ".join(opening),
        "include": "\n".join(include),
        "prefix": prefixes[0],
        "count": str(len(units)),
    }
    contents[folder / "README.md"] = fill_asset("atlas.md", words)
    contents[folder / "data" / SETTINGS_FILE] = fill_asset("atlas.toml", words)
    check_outputs(contents)
    write_all(contents)
    return NewProject(folder, tuple(note for unit in units for note in missing(unit)))


def _units(path: Path) -> list[Unit]:
    """Return the units that the lines of a file name, in their order; errors as in `new_atlas`."""
    shown = display_path(path)
    lines = decode(read_file_bytes(path, shown)).text.splitlines()
    units: list[Unit] = []
    row_of: dict[int, int] = {}
    faults: list[Fault] = []
    for row, line in enumerate(lines, 1):
        name, _, within = line.strip().replace("，", ",").replace("\t", ",").partition(",")
        if not name.strip() or name.startswith("#"):
            continue
        try:
            found = find_units(name.strip(), within.strip(" ,"))
        except UsageError as error:
            faults.append(Fault(shown, row, None, line.strip(), error.code, error.params))
            continue
        if len(found) > 1:
            places = [f"{place.label} {place.code}" for place in found]
            faults.append(Fault(shown, row, None, name, "atlas-ambiguous", {"name": name, "places": places}))
        elif (first := row_of.setdefault(found[0].key, row)) != row:
            faults.append(Fault(shown, row, None, name, "atlas-twice", {"name": found[0].label, "first": first}))
        else:
            units.append(Unit(found[0]))
    if faults:
        raise DataFaults(faults)
    if not units:
        raise UsageError("atlas-empty", path=shown)
    return units


def _prefixes(units: Sequence[Unit]) -> list[str]:
    """Return the prefix of ids of each unit: the pinyin of its name, with its adcode if other units have the same pinyin."""
    made = [slug(unit.home.name) for unit in units]
    shared = Counter(made)
    return [
        short if short and shared[short] == 1 else f"{short or 'unit'}-{unit.home.code}"
        for unit, short in zip(units, made, strict=True)
    ]
