"""The shared cases of `cases.json`, by which the package's reader and the page's are tested against the same results."""

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
    """A table file, and the expected result of adding it to a project."""

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
    """"region", the invented region, or "atlas", the repository's tables, for checks that need polygons, which invented areas lack."""

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode(self.encoding)


def cases() -> list[Case]:
    """All shared cases."""
    return [Case(**case) for case in json.loads(CASES.read_text(encoding="utf-8"))]


def outcome(
    project: Project, path: Path, table: str, datum: str | None
) -> tuple[dict[str, list[int]], tuple[Fault, ...]]:
    """Return the row numbers by list of the report, and the faults, of `qjmap add --dry-run`."""
    report = add(project, path, table=table, datum=datum, dry_run=True)
    return {"added": report.added, "already": report.already, "refused": sorted(report.refused)}, tuple(report.faults)
