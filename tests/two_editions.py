"""The invented region in two editions, with every kind of change between them."""

from __future__ import annotations

from pathlib import Path

from qjmap.schema import TABLES
from tests.region import ROWS, SOURCE, make_region, write_table


def make_two_editions(folder: Path) -> tuple[Path, Path]:
    """Write two editions of the region and return their folders.

    The new one has a port more, a leg and a pact fewer, and no longer the yard, whose works stood at it and joined it to the harbour. The
    lakeside city moved and a depot in it was renamed; the plan for the island was dropped to an idea. The id of a withdrawn site is that of a
    new source.
    """
    old, new = make_region(folder / "old"), make_region(folder / "new")
    _write(
        old,
        "places",
        [
            *ROWS["places"],
            {"id": "yard", "name": "旧堆场", "kind": "park", "lon": "101.4", "lat": "29.9", "datum": "wgs84"},
        ],
    )
    _write(old, "sites", [*ROWS["sites"], {"id": "crane", "name": "旧吊机厂", "category": "enterprise", "place": "yard"},
                          {"id": "notes", "name": "旧站房", "category": "other", "lon": "100.9", "lat": "30.1", "datum": "wgs84"}])  # fmt: skip
    _write(old, "partnerships", [*ROWS["partnerships"], {"id": "yard-pact", "name": "堆场协议", "kind": "agreement", "parties": "harbour|yard",
                                                         "status": "signed"}])  # fmt: skip
    _write(new, "places", [{**row, "lon": "101.3"} if row["id"] == "lake" else row for row in ROWS["places"]])
    sites = [{**row, "name": "湖畔大仓库", "lon": "101.2"} if row["id"] == "depot" else row for row in ROWS["sites"]]
    _write(
        new,
        "sites",
        [
            *sites,
            {"id": "port", "name": "新港", "category": "dry-port", "lon": "100.2", "lat": "29.6", "datum": "wgs84"},
        ],
    )
    _write(
        new,
        "partnerships",
        [{**row, "status": "planned"} if row["id"] == "far" else row for row in ROWS["partnerships"]],
    )
    _write(new, "corridor_legs", ROWS["corridor_legs"][:1])
    _write(new, "sources", [*ROWS["sources"], {"id": "notes", "title": "补充说明"}])
    return old, new


def _write(project: Path, table: str, rows: list[dict[str, str]]) -> None:
    write_table(
        project / "data" / f"{table}.csv",
        TABLES[table].names,
        [({} if table == "sources" else SOURCE) | row for row in rows],
    )
