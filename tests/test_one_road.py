"""All commands judge tables alike: what `add` accepts, `check`, `build`, `export` and `report` accept; `check FILE` and `add FILE` agree."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, seed, settings

from qjmap.cli.main import commands
from qjmap.edit import add
from qjmap.errors import DataFaults, QjmapError, UsageError
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import load_project
from tests.odd_tables import odd_tables
from tests.properties import examples
from tests.region import make_region

pytestmark = pytest.mark.slow

FORMATS = ("geojson", "gpkg", "csv", "kml", "fgb")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_region(tmp_path_factory.mktemp("one-road") / "region")


def fresh(region: Path, folder: Path) -> Path:
    """The region as it was, and an empty folder for the file beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(region, folder / "p")
    return folder / "p"


def run(*words: str | Path) -> tuple[int, str]:
    """A command's exit code and what it printed; an exception that no command foresees is raised."""
    runner = CliRunner()
    result = runner.invoke(commands, [str(word) for word in words], standalone_mode=False, obj="zh")
    if isinstance(result.exception, QjmapError):
        return result.exception.exit_code, result.exception.line("zh")
    if result.exception is not None:
        raise result.exception
    return int(result.return_value or 0), result.stdout


def goes_through(region: Path, folder: Path, table: str, data: bytes, *, build: bool) -> None:
    """Add a file, then run everything on the project; nothing that was added may be refused."""
    root = fresh(region, folder)
    file = folder / "new.csv"
    file.write_bytes(data)
    try:
        planned = add(load_project(root), file, table=table, dry_run=True)
    except (UsageError, DataFaults):
        planned = None
    said, printed = run("check", file, "--project", root, "--table", table, "--json")
    if planned is None:
        assert said in (1, 2)
        return
    told, listed = run("add", file, "--project", root, "--table", table, "--dry-run", "--json")
    assert (said, json.loads(printed)) == (told, json.loads(listed))
    for name in ("check", "add"):
        options = ["--all", *(["--dry-run"] if name == "add" else [])]
        words = run(name, file, "--project", root, "--table", table, *options)[1].splitlines()
        assert words[: len(planned.faults)] == [fault.line("zh") for fault in planned.faults]
    report = add(load_project(root), file, table=table)
    counted = report.added + report.already + report.updated + report.refused
    assert len(counted) == len(set(counted))
    assert (report.added, report.refused, report.faults) == (planned.added, planned.refused, planned.faults)
    assert all(
        any(fault.row in (row, None) and fault.severity == "fault" for fault in report.faults) for row in report.refused
    )
    faults = [fault.line("zh") for fault in find_faults(load_project(root)) if fault.severity == "fault"]
    assert faults == []
    load_atlas(load_project(root))
    assert run("report", root, "--format", "json", "-o", folder / "report.json")[0] == 0
    if build:
        assert run("build", root, "--json")[0] == 0
        for form in FORMATS:
            out = folder / "out.gpkg" if form == "gpkg" else folder / form
            assert run("export", root, "--format", form, "-o", out)[0] == 0
    again = add(load_project(root), file, table=table, dry_run=True)
    assert again.added == []


@examples(12)
@given(odd_tables())
def test_what_add_accepts_every_command_accepts(region: Path, tmp_path: Path, drawn: tuple[str, bytes]) -> None:
    goes_through(region, tmp_path / "w", *drawn, build=len(drawn[1]) % 4 == 0)


ODD = (
    "编号,名称,地址,经度,纬度,坐标系,属于,开始,电话\n"
    "1,坏厂,重庆綦江区清河龙岗路6号,,,,,2020年9月,-\n2,O'Brien 厂,南京市建邺区嘉陵江东街18号,,,,,,+86 23\n"
    "3,三厂,,106°39′,29°1′48″N,高德,坏厂,1021-09-09,=1+1\n4,四厂,,1e999,29,,,,\n"
)


def test_the_commands_themselves_go_through(region: Path, tmp_path: Path) -> None:
    root = fresh(region, tmp_path / "w")
    file = tmp_path / "new.csv"
    file.write_text(ODD, encoding="gb18030")

    def command(*words: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "qjmap", *map(str, words)], capture_output=True, text=True, encoding="utf-8"
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    code, said = command("check", file, "--project", root, "--json")
    assert (code, said) == command("add", file, "--project", root, "--dry-run", "--json")
    assert {fault["row"] for fault in json.loads(said) if fault["severity"] == "fault"} == {5}
    assert command("add", file, "--project", root)[0] == 1
    assert command("check", root)[0] == command("build", root)[0] == command("report", root)[0] == 0
    assert command("export", root, "--format", "gpkg", "-o", tmp_path / "out.gpkg")[0] == 0


def main(count: int, number: int, every: int = 10) -> None:
    """Run many: `python -m tests.test_one_road 2000 1`."""
    with tempfile.TemporaryDirectory() as name:
        region = make_region(Path(name) / "region")
        done = 0

        @seed(number)
        @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(odd_tables())
        def hold(drawn: tuple[str, bytes]) -> None:
            nonlocal done
            done += 1
            goes_through(region, Path(name) / "w", *drawn, build=done % every == 0)

        hold()
        sys.stdout.write(f"{done} tables went through\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
