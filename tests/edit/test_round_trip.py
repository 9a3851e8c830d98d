"""Export, then add: every layer comes back as it was, and adding it to a full table changes no byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qjmap.cli.main import main
from qjmap.edit import add
from qjmap.project import load_project
from qjmap.schema import DERIVED
from qjmap.validation import check
from tests.region import make_region

pytestmark = pytest.mark.slow

LAYERS = ("places", "sites", "partnerships", "corridors", "corridor_legs")


def run(*arguments: object) -> int:
    """A command as a clerk types it, in this process."""
    with pytest.raises(SystemExit) as done:
        main([str(word) for word in arguments])
    return int(done.value.code or 0)


@pytest.fixture(params=["region", "atlas"])
def project(request: pytest.FixtureRequest, repository: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "项目 一"
    if request.param == "region":
        return make_region(folder)
    shutil.copytree(repository / "data", folder / "data", ignore=shutil.ignore_patterns(".qjmap"))
    shutil.copytree(repository / "geo", folder / "geo", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def test_an_export_names_what_it_adds() -> None:
    assert {name: set(columns) for name, columns in DERIVED.items()} == {
        name: set(columns) for name, columns in DERIVED.items()
    }


def test_every_layer_comes_back(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run("export", project, "-o", out) == 0
    full, _, _ = check(load_project(project))
    tables = {path: path.read_bytes() for path in sorted((project / "data").glob("*.csv"))}
    for layer in LAYERS:
        capsys.readouterr()
        path = project / "data" / f"{layer}.csv"
        assert run("add", out / f"{layer}.geojson", "--project", project, "--table", layer, "--json") == 0
        assert [fault for fault in json.loads(capsys.readouterr().out) if fault["severity"] == "fault"] == []
        assert {one: one.read_bytes() for one in tables} == tables
        path.write_bytes(tables[path].splitlines(keepends=True)[0])
        code = run("add", out / f"{layer}.geojson", "--project", project, "--table", layer)
        assert code == 0, capsys.readouterr()
        again = check(load_project(project))[0][layer]
        assert again.raw.header == full[layer].raw.header
        both = [one.frame.drop(columns="_row").sort_values("id", ignore_index=True) for one in (again, full[layer])]
        assert both[0].equals(both[1]), layer
        path.write_bytes(tables[path])


@pytest.mark.parametrize("layer", LAYERS)
def test_the_csv_for_people_is_no_new_row_either(project: Path, tmp_path: Path, layer: str) -> None:
    file = tmp_path / f"{layer}.csv"
    assert run("export", project, "--layer", layer, "--format", "csv", "-o", file) == 0
    report = add(load_project(project), file, table=layer, dry_run=True)
    assert (report.added, report.updated, report.refused, report.new_columns) == ([], [], [], [])
    assert len(report.already) == len(check(load_project(project))[0][layer].frame)


def test_a_located_file_keeps_the_precision_it_was_located_with(region: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("名称,地址\n甲,山城市人民路1号\n乙,无此地方\n", encoding="utf-8")
    assert run("locate", "--file", tmp_path / "in.csv", "-o", tmp_path / "out.csv", "--project", region) == 0
    report = add(load_project(region), tmp_path / "out.csv")
    assert (len(report.added), report.refused, report.new_columns) == (2, [], [])
    sites = check(load_project(region))[0]["sites"].frame.set_index("name")
    assert list(sites.loc[["甲", "乙"], "precision"]) == ["city", "unresolved"]
