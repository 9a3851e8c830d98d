"""The frozen program carries what the program needs: nothing that is left out is missed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.bundle.lists import BUILD_ONLY, DATA, EXCLUDED, EXTRAS, WHOLE, extras, is_left_out
from tests.bundle.wheels import is_carried
from tests.wheelhouse import ENVIRONMENTS, LOCK, ROOT, on_platform, requirements

COMMANDS = (
    ["build", "."],
    ["add", "新.xlsx"],
    ["export", ".", "--all", "-o", "all.gpkg"],
    ["export", ".", "--all", "-o", "all.xlsx"],
    ["export", ".", "--layer", "sites", "-o", "sites.parquet"],
)
SCRIPT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(name == one or name.startswith(one + ".") for one in {absent!r}):
            raise ModuleNotFoundError(f"{{name}} is left out", name=name)
sys.meta_path.insert(0, Absent())
from qjmap.cli.main import main
for words in {commands!r}:
    try:
        main(words)
    except SystemExit as stop:
        print(words, "ends with", stop.code)
"""
"""Runs commands in one process, in which modules are missing as they are in the frozen program."""


def run_without(
    absent: tuple[str, ...], project: Path, commands: Sequence[list[str]] = COMMANDS
) -> tuple[str, dict[str, bytes]]:
    """Run commands without some modules; return what they print and the files that they write."""
    script = SCRIPT.format(absent=absent, commands=commands)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project, capture_output=True, text=True, encoding="utf-8", check=False,
        env={"QJMAP_LANG": "en", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    files = {path.relative_to(project).as_posix(): path.read_bytes() for path in project.rglob("*") if path.is_file()}
    return done.stdout + done.stderr, {name: data for name, data in files.items() if ".qjmap" not in name}


@pytest.fixture
def project(region: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["名称", "经度", "纬度", "坐标系"], ["新厂", 100.51, 30.51, "WGS84"]):
        book.active.append(row)
    book.save(region / "新.xlsx")
    return region


@pytest.mark.slow
def test_what_is_left_out_is_missed_by_no_command(project: Path, tmp_path: Path) -> None:
    other = shutil.copytree(project, tmp_path / "other")
    said, files = run_without(EXCLUDED, project)
    assert said.count("ends with 0") == len(COMMANDS), said
    assert (said, files) == run_without((), other)


@pytest.mark.slow
def test_a_missing_module_that_is_needed_is_seen(project: Path) -> None:
    said, _ = run_without(("pyogrio._io",), project, COMMANDS[2:3])
    assert "ends with 2" in said


def test_what_is_carried_whole_or_with_data_is_installed() -> None:
    assert [name for name in (*DATA, *WHOLE) if find_spec(name) is None] == []


def test_what_is_left_out_is_no_package_of_the_lock() -> None:
    locked = {name.replace("-", "_").lower() for name in requirements(LOCK.read_text(encoding="utf-8"))}
    assert locked & {one.lower() for one in EXCLUDED} == {"setuptools"}


def test_extras_are_carried_with_all_that_they_need() -> None:
    carried = {*requirements(LOCK.read_text(encoding="utf-8")), *EXTRAS}
    needed = {Requirement(one) for name in EXTRAS for one in requires(name) or () if "extra ==" not in one}
    assert {one.name.lower().replace("_", "-") for one in needed if not one.marker or one.marker.evaluate()} <= carried


def test_extras_keep_the_versions_and_hashes_of_the_lock() -> None:
    lock = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    assert all(entry in lock for entry in requirements(extras(lock)).values())
    assert list(requirements(extras(lock))) == list(EXTRAS)


@pytest.mark.parametrize("platform", ENVIRONMENTS)
def test_what_freezes_the_program_is_locked_for_every_platform(platform: str) -> None:
    lock = requirements((ROOT / "tests/bundle/requirements.txt").read_text(encoding="utf-8"))
    needed = requirements(on_platform(lock.values(), platform, "3.11"))
    assert {"pyinstaller", "altgraph", "packaging"} <= needed.keys()
    assert ({"pefile", "pywin32-ctypes"} <= needed.keys()) == (platform == "windows-x64")
    assert {*needed} <= {*BUILD_ONLY, "packaging", "pyinstaller", "pefile", "pywin32-ctypes"}


@pytest.mark.parametrize(
    "name",
    [
        "pyarrow/libarrow_flight.so.2600", "pyarrow\\arrow_flight.dll", "pyarrow/include/arrow/api.h", "pyarrow/array.pxi",
        "pyarrow/tests/test_array.py", "pandas/tests/io/data.csv", "libreadline.so.8", "xstatic/pkg/leaflet/data/leaflet.js.map",
    ],
)  # fmt: skip
def test_a_file_is_left_out(name: str) -> None:
    assert is_left_out(name)
    assert not is_carried(name)


@pytest.mark.parametrize(
    "name",
    [
        "pyarrow/libarrow.so.2600", "pyarrow/libarrow_substrait.so.2600", "pyarrow/libparquet.so.2600", "pyarrow\\arrow.dll",
        "pyogrio.libs/libgdal-253d08a6.so.38.3.12.4", "pyproj/proj_dir/share/proj/proj.db", "xstatic/pkg/leaflet/data/leaflet.js",
        "qjmap/assets/ground/boundaries.z", "qjmap/web/dist/map.js", "lib/libstdc++.so.6", "pyogrio/gdal_data/gml_registry.xml",
    ],
)  # fmt: skip
def test_a_file_is_carried(name: str) -> None:
    assert not is_left_out(name)
    assert is_carried(name)


def test_the_spec_takes_the_lists(repository: Path) -> None:
    text = (repository / "tests/bundle/qjmap.spec").read_text(encoding="utf-8")
    compile(text, "qjmap.spec", "exec")
    [names] = re.findall(r"from tests\.bundle\.lists import (.+?)(?:  #|$)", text, re.M)
    assert names.split(", ") == ["DATA", "EXCLUDED", "WHOLE", "is_left_out"]
