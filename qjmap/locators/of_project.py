"""The locator of one project: its own places, read straight from its table, then all of China; without pandas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.locators.everywhere import Everywhere
from qjmap.locators.gazetteer import Gazetteer
from qjmap.project import Project, load_project
from qjmap.schema import LIST_SEPARATOR, TABLES

_LISTS = frozenset(column.name for column in TABLES["places"].columns if column.type in ("ids", "texts"))
_SAME_AS_WGS84 = frozenset(("", "wgs84", "cgcs2000"))


_SMALL = 4 << 20
_kept: list[tuple[str, bytes, Everywhere]] = []
"""The home of the last project, the bytes of its table of places, and the locator made of them: a notebook asks name by
name, and answers depend on nothing else."""


def project_locator(project: Project) -> Everywhere:
    """What answers for a project: its places first, then the gazetteer of China.

    Raises
    ------
    DataFaults : the table cannot be read.
    """
    home, table = project.settings.home, _bytes(project)
    for kept_home, kept_table, locator in _kept:
        if (kept_home, kept_table) == (home, table):
            return locator
    rows = None if table is None else _plain_rows(table)
    locator = Everywhere(Gazetteer(_read_rows(project) if rows is None else rows), home=home)
    if table is not None and rows is not None and len(table) <= _SMALL:
        _kept[:] = [(home, table, locator)]
    return locator


@cache
def _china() -> Everywhere:
    return Everywhere()


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
        return _china()


def _bytes(project: Project) -> bytes | None:
    """The table of places as it stands; None where it is no single file."""
    try:
        return project.table_path("places").read_bytes()
    except OSError:
        return None


def _plain_rows(table: bytes) -> list[dict[str, Any]] | None:
    """Rows of a table that is written as the house writes it: UTF-8, canonical headers, WGS 84; None for any other."""
    try:
        reader = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
        if not {"id", "name"} <= set(reader.fieldnames or ()):
            return None
        return [_typed(row) for row in reader]
    except (ValueError, csv.Error):
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
