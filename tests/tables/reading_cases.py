"""The cases of `cases.json`, which hold the program's reader and the page's to the same: as bytes, and as `qjmap add` judges them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjmap.edit import add
from qjmap.errors import Fault
from qjmap.project import Project

CASES = Path(__file__).with_name("cases.json")


@dataclass(frozen=True)
class Case:
    """A table as somebody saved it, and what becomes of its rows in a project."""

    name: str
    text: str
    encoding: str
    table: str
    datum: str | None
    added: list[int]
    already: list[int]
    refused: list[int]
    faults: list[list[Any]]
    """Row, column, code, severity."""
    project: str = "region"
    """The invented region, or "atlas", the repository's own tables: outlines of invented areas are known to nobody."""

    @property
    def data(self) -> bytes:
        """The file."""
        return self.text.encode(self.encoding)


def cases() -> list[Case]:
    """All of them."""
    return [Case(**one) for one in json.loads(CASES.read_text(encoding="utf-8"))]


def outcome(
    project: Project, path: Path, table: str, datum: str | None
) -> tuple[dict[str, list[int]], tuple[Fault, ...]]:
    """What `qjmap add --dry-run` says."""
    report = add(project, path, table=table, datum=datum, dry_run=True)
    return {"added": report.added, "already": report.already, "refused": sorted(report.refused)}, tuple(report.faults)
