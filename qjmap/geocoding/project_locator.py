"""The locator of one project, made from its table of places; without pandas for a table in the project's own format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.project_gazetteer import ProjectGazetteer
from qjmap.project import Project, load_project
from qjmap.schema import LIST_SEPARATOR, TABLES

_LIST_COLUMNS = frozenset(column.name for column in TABLES["places"].columns if column.type in ("ids", "texts"))
_SAME_AS_WGS84 = frozenset(("", "wgs84", "cgcs2000"))
_MAX_CACHED_BYTES = 4 << 20
_cache: list[tuple[str, bytes, OfflineLocator]] = []
"""Home and table (bytes) of the last project, and the locator made from them: a notebook locates name by name."""


def project_locator(project: Project) -> OfflineLocator:
    """Return the locator of a project: its places first, then the gazetteer of China.

    Raises
    ------
    DataFaults : the table cannot be read.
    """
    home, table = project.settings.home, _places_table(project)
    for cached_home, cached_table, locator in _cache:
        if (cached_home, cached_table) == (home, table):
            return locator
    rows = None if table is None else _canonical_rows(table)
    locator = OfflineLocator(ProjectGazetteer(_read_rows(project) if rows is None else rows), home=home)
    if table is not None and rows is not None and len(table) <= _MAX_CACHED_BYTES:
        _cache[:] = [(home, table, locator)]
    return locator


@cache
def _china_locator() -> OfflineLocator:
    return OfflineLocator()


def locator_at(path: Path | str = ".") -> OfflineLocator:
    """Return the locator of the project at a path; where the current folder is no project, that of China alone.

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
        return _china_locator()


def _places_table(project: Project) -> bytes | None:
    """The bytes of the table of places; None where it is no single file."""
    try:
        return project.table_path("places").read_bytes()
    except OSError:
        return None


def _canonical_rows(table: bytes) -> list[dict[str, Any]] | None:
    """The rows of a UTF-8 table with canonical headers and WGS 84 coordinates; None for any other table."""
    try:
        reader = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
        if not {"id", "name"} <= set(reader.fieldnames or ()):
            return None
        return [_typed(row) for row in reader]
    except (ValueError, csv.Error):
        return None


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """A row with lists and numbers parsed; ValueError for one that only the general reader understands."""
    typed: dict[str, Any] = {key: (value or "").strip() for key, value in row.items() if key is not None}
    if typed.get("datum", "").lower() not in _SAME_AS_WGS84 or not typed["id"]:
        raise ValueError
    for name in _LIST_COLUMNS:
        typed[name] = tuple(part.strip() for part in typed.get(name, "").split(LIST_SEPARATOR) if part.strip())
    for name in ("lon", "lat"):
        typed[name] = float(typed[name]) if typed.get(name) else None
    return typed


def _read_rows(project: Project) -> Iterator[dict[str, Any]]:
    """The rows of the table through the reader of any format and datum."""
    # Imported here: these import numpy and pandas, which a project in its own format does not need.
    from qjmap.datum import to_wgs84
    from qjmap.errors import DataFaults
    from qjmap.tables import parse, read_table
    from qjmap.tables.partitions import read_partition, table_partitions

    path = project.table_path("places")
    words = project.settings.vocabularies
    partitions = table_partitions(project, "places")
    raw_tables = [read_partition(partition, TABLES["places"], words) for partition in partitions or ()] or [
        read_table(path, TABLES["places"], shown=project.display_path(path), vocabularies=words)
    ]
    tables = [parse(raw) for raw in raw_tables]
    faults = [fault for table in tables for fault in table.faults if fault.severity == "fault"]
    if faults:
        raise DataFaults(faults)
    for table in tables:
        frame = table.frame
        lon, lat = to_wgs84(frame["lon"], frame["lat"], frame["datum"])
        for row, x, y in zip(frame.to_dict("records"), lon.tolist(), lat.tolist(), strict=True):
            yield {str(key): value for key, value in row.items()} | {"lon": x, "lat": y}
