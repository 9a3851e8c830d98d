"""Every check is run by `check`, `add`, `build` and each partition."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.engine import Here
from qjmap.errors import Fault
from qjmap.pipeline.build import build
from qjmap.pipeline.load import find_faults
from qjmap.project import load_project
from qjmap.tables import Parsed
from qjmap.validation import check_file, checks, judge, read_file
from qjmap.validation.checks import Facts
from tests.region import make_region


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_region(tmp_path_factory.mktemp("checks") / "region")


@pytest.mark.slow
@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.name)
def test_every_check_is_run_by_every_command(
    region: Path, monkeypatch: pytest.MonkeyPatch, check: checks.Check
) -> None:
    seen: list[str] = []

    def find(parsed: Parsed, facts: Facts) -> list[Fault]:
        seen.append(parsed.raw.table.name)
        return check.find(parsed, facts)

    other = checks.Check(check.name, check.severity, find, check.compares_rows)
    monkeypatch.setattr(checks, "CHECKS", tuple(other if one is check else one for one in checks.CHECKS))
    project = load_project(region)
    for run in (
        lambda: find_faults(project),
        lambda: check_file(region / "data" / "sites.csv", project=project),
        lambda: build(project),
        lambda: find_faults(project, engine=Here(partition_bytes=1_000)),
    ):
        run()
        assert "sites" in seen
        seen.clear()


def test_a_fault_of_a_check_keeps_its_row_out_of_the_table(region: Path, tmp_path: Path) -> None:
    file = tmp_path / "legs.csv"
    file.write_text("corridor,seq,from,to,mode\nrail,91,hill,hill,rail\n", encoding="utf-8")
    found = check_file(file, "corridor_legs", project=load_project(region))
    assert ("leg-same-ends", 2) in [(fault.code, fault.row) for fault in found if fault.severity == "fault"]


@pytest.mark.slow
def test_rows_of_a_file_that_are_part_of_one_another_are_refused(region: Path, tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("id,name,part_of\nwest-works,甲厂,east-works\neast-works,乙厂,west-works\n", encoding="utf-8")
    found = check_file(file, "sites", project=load_project(region))
    assert {(fault.code, fault.row) for fault in found if fault.severity == "fault"} == {
        ("part-cycle", 2),
        ("reference-refused", 3),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (
            "id,name,part_of\nwest-works,甲厂,works\nworks,海湾齿轮厂,west-works\n",
            {("row-differs", 3)},
        ),
        (
            "id,name,part_of\nwest-works,甲厂,\neast-works,乙厂,west-works\nwest-works,甲厂,east-works\n",
            {("row-differs", 4)},
        ),
    ],
    ids=["that the table has", "that the file has twice"],
)
def test_a_row_that_is_not_added_makes_no_cycle(
    region: Path, tmp_path: Path, table: str, codes: set[tuple[str, int]]
) -> None:
    file = tmp_path / "sites.csv"
    file.write_text(table, encoding="utf-8")
    found = check_file(file, "sites", project=load_project(region))
    assert {(fault.code, fault.row) for fault in found if fault.severity == "fault"} == codes


@pytest.mark.slow
def test_a_row_that_is_updated_may_make_a_cycle(region: Path, tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("id,name,part_of\nwest-works,甲厂,works\nworks,海湾齿轮厂,west-works\n", encoding="utf-8")
    found = judge(read_file(file, "sites"), load_project(region), policy="update").faults
    assert ("part-cycle", 2) in {(fault.code, fault.row) for fault in found}
