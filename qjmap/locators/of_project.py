"""The locator of one project: its own places, read straight from its table, then all of China; without pandas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.locators.everywhere import Everywhere
from qjmap.locators.gazetteer import Gazetteer
from qjmap.project import Project, load_project
from qjmap.schema import LIST_SEPARATOR, TABLES

_LISTS = frozenset(column.name for column in TABLES["places"].columns if column.type in ("ids", "texts"))
_SAME_AS_WGS84 = frozenset(("", "wgs84", "cgcs2000"))


def project_locator(project: Project) -> Everywhere:
    """What answers for a project: its places first, then the gazetteer of China.

    Raises
    ------
    DataFaults : the table cannot be read.
    """
    return Everywhere(project_gazetteer(project), home=project.settings.home)


def locator_at(path: Path | str = ".") -> Everywhere:
    """The locator of the project at a path; where the current folder holds none, that of all China alone.

    Raises
    ------
    UsageError : a path other than the current folder holds no project.
    DataFaults : its settings or its table of places cannot be read.
    """
    try:
        return project_locator(load_project(path))
    except UsageError:
        if Path(path) != Path():
            raise
        return Everywhere()


def project_gazetteer(project: Project) -> Gazetteer:
    """Names and positions of the project's places, in WGS 84.

    Raises
    ------
    DataFaults : the table cannot be read.
    """
    rows = _plain_rows(project)
    return Gazetteer(rows if rows is not None else _read_rows(project))


def _plain_rows(project: Project) -> list[dict[str, Any]] | None:
    """Rows of a table that is written as the house writes it: UTF-8, canonical headers, WGS 84; None for any other."""
    try:
        with project.table_path("places").open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"id", "name"} <= set(reader.fieldnames or ()):
                return None
            return [_typed(row) for row in reader]
    except (OSError, ValueError, csv.Error):
        return None


def _typed(row: dict[str, str]) -> dict[str, Any]:
    typed: dict[str, Any] = {key: (value or "").strip() for key, value in row.items() if key is not None}
    if typed.get("datum", "").lower() not in _SAME_AS_WGS84 or not typed["id"]:
        raise ValueError
    for name in _LISTS:
        typed[name] = tuple(part.strip() for part in typed.get(name, "").split(LIST_SEPARATOR) if part.strip())
    for name in ("lon", "lat"):
        typed[name] = float(typed[name]) if typed.get(name) else None
    return typed


def _read_rows(project: Project) -> Iterator[dict[str, Any]]:
    """The same rows through the reader that takes any table and any datum."""
    from qjmap.datum import to_wgs84
    from qjmap.errors import DataFaults
    from qjmap.tables import parse, read_table
    from qjmap.tables.parts import read_part, table_parts

    path = project.table_path("places")
    parts = table_parts(project, "places")
    read = [read_part(part, TABLES["places"]) for part in parts or ()] or [
        read_table(path, TABLES["places"], shown=project.shown(path))
    ]
    found = [parse(one) for one in read]
    stopping = [fault for parsed in found for fault in parsed.faults if fault.severity == "fault"]
    if stopping:
        raise DataFaults(stopping)
    for frame in (parsed.frame for parsed in found):
        lon, lat = to_wgs84(frame["lon"], frame["lat"], frame["datum"])
        for number, row in enumerate(frame.to_dict("records")):
            yield {str(key): value for key, value in row.items()} | {"lon": float(lon[number]), "lat": float(lat[number])}
