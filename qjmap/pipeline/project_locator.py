"""Make the locator of one project from its table of places; without pandas if the table has canonical ids and words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.project_gazetteer import ProjectGazetteer
from qjmap.i18n import vocab
from qjmap.project import Project, Settings, load_project
from qjmap.schema import LIST_SEPARATOR, TABLES

_LIST_COLUMNS = frozenset(column.name for column in TABLES["places"].columns if column.type in ("ids", "texts"))
_SAME_AS_WGS84 = frozenset(("", "wgs84", "cgcs2000"))
_HEADERS = {column.label: column.name for column in TABLES["places"].columns}
"""Chinese label -> column; the tables of a new project have these labels as headers."""
_MAX_CACHED_BYTES = 4 << 20
_cache: list[tuple[Settings, bytes, OfflineLocator]] = []
"""Settings, table (bytes) and locator of the last project; at most one entry. It saves time in a notebook that locates name after name."""


def project_locator(project: Project) -> OfflineLocator:
    """Return the locator of a project: it searches the project's places first, then the package's gazetteer.

    A table with canonical ids and words and WGS 84 degrees is read quickly: all its rows are kept, even with faults in columns that a
    locator does not use. Any other table is read by `places_locator`, which leaves out rows with faults.

    Raises
    ------
    DataFaults : the table cannot be read.
    """
    settings, table = project.settings, _places_table(project)
    for cached_settings, cached_table, locator in _cache:
        if (cached_settings, cached_table) == (settings, table):
            return locator
    rows = None if table is None else _canonical_rows(table, settings.home)
    if rows is None:
        from qjmap.pipeline.load import places_locator  # loads pandas, which most projects do not need here

        locator = places_locator(project)
    else:
        locator = OfflineLocator(ProjectGazetteer(rows), home=settings.home)
    if table is not None and len(table) <= _MAX_CACHED_BYTES:
        _cache[:] = [(settings, table, locator)]
    return locator


@cache
def _china_locator() -> OfflineLocator:
    """Return the locator of the package's gazetteer alone; it is made once."""
    return OfflineLocator()


def locator_at(path: Path | str = ".") -> OfflineLocator:
    """Return the locator of the project at a path; if the path is the current folder and no project, that of the package's gazetteer alone.

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
    """Return the bytes of the table of places; None if it is a folder, missing or unreadable."""
    try:
        return project.table_path("places").read_bytes()
    except OSError:
        return None


def _canonical_rows(table: bytes, home: str) -> list[dict[str, Any]] | None:
    """Return the rows of a UTF-8 table with canonical headers, words and ids, and WGS 84 degrees, as dicts; None for any other table."""
    try:
        reader = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
        header = [_HEADERS.get(head, head) for head in reader.fieldnames or ()]
        if not {"id", "name"} <= {*header} or len({*header}) < len(header):
            return None
        reader.fieldnames = header
        rows = [_typed(row) for row in reader]
    except (ValueError, csv.Error):
        return None
    ids = {row["id"] for row in rows}
    return rows if len(ids) == len(rows) and _are_of(ids, rows, home) else None


def _are_of(ids: set[str], rows: Iterable[dict[str, Any]], home: str) -> bool:
    """Return whether the home and every parent and member are ids of rows; empty ones are ignored."""
    named = {home, *(row.get("parent", "") for row in rows), *(member for row in rows for member in row["members"])}
    return named - {""} <= ids


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """Return a row with lists and numbers parsed. Raise ValueError for a row that only the general reader can read."""
    typed: dict[str, Any] = {key: (value or "").strip() for key, value in row.items() if key is not None}
    if typed.get("datum", "").lower() not in _SAME_AS_WGS84 or not typed["id"]:
        raise ValueError
    for name, words in (("kind", "place_kind"), ("precision", "precision")):
        if word := typed.get(name):
            typed[name] = _value(words, word)
    for name in _LIST_COLUMNS:
        typed[name] = tuple(part.strip() for part in typed.get(name, "").split(LIST_SEPARATOR) if part.strip())
    for name in ("lon", "lat"):
        typed[name] = float(typed[name]) if typed.get(name) else None
    if not _is_plain(typed["lon"], typed["lat"]):
        raise ValueError
    return typed


@cache
def _value(words: str, typed: str) -> str:
    """Return the value for a word that is a value of the vocabulary `words` or its Chinese label. Raise ValueError for any other word."""
    for value, entry in vocab()[words].items():
        if typed in (value, entry["zh"]):
            return value
    raise ValueError


def _is_plain(lon: float | None, lat: float | None) -> bool:
    """Return whether a position is missing, or consists of degrees that are certainly in range and not swapped."""
    if lon is None or lat is None:
        return lon is lat
    return (abs(lon) <= 180 and abs(lat) <= 90) and (lon, lat) != (0, 0) and not (abs(lon) < 54 and abs(lat) > 73)
