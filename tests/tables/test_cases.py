"""The package's reader on the cases that the page's reader shares (tests/browser/test_drop.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.project import load_project
from tests.tables.reading_cases import Case, cases, outcome


@pytest.mark.slow
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_program_reads_it_as_agreed(case: Case, region: Path, repository: Path, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(case.data)
    rows, faults = outcome(
        load_project({"region": region, "atlas": repository}[case.project]), file, case.table, case.datum
    )
    assert rows == {"added": case.added, "already": case.already, "refused": case.refused}
    assert [[one.row, one.column, one.code, one.severity] for one in faults] == case.faults
