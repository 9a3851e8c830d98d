"""A row on which the program itself fails is that row's fault; the others go on, and no command stops.

What fails is planted: a reader that a step relies on raises as soon as it meets a marked cell.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qjmap import internal_errors
from qjmap.edit import add
from qjmap.engine.serial import Here
from qjmap.errors import DataFaults
from qjmap.partitioned.check_and_locate import Output
from qjmap.partitioned.run_passes import run_passes
from qjmap.pipeline.export import export
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import load_project
from qjmap.schema import TABLES
from qjmap.tables import parse_table
from qjmap.tables.isolate_rows import failing, failing_rows
from qjmap.tables.table_frame import Parsed
from qjmap.validation.check_project import check
from tests.region import make_region
from tests.test_one_road import run

MARK = "坏掉的格子"
POINT = 101.98765
"""What a step fails on: a text that holds the mark, or this longitude."""


def holds(value: Any) -> bool:
    if isinstance(value, str):
        return MARK in value
    if isinstance(value, float):
        return value == POINT
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return bool((np.round(value, 5) == POINT).any())
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray, pd.Series)):
        return any(holds(one) for one in value)
    return False


def planted(patch: pytest.MonkeyPatch, place: str) -> None:
    """A function `module:name` raises on marked arguments; so it does where it was imported from there by name."""
    module_name, _, name = place.partition(":")
    module = import_module(module_name)
    owner: Any = module
    *path, last = name.split(".")
    for step in path:
        owner = getattr(owner, step)
    real = getattr(owner, last)

    def act(*given: Any, **more: Any) -> Any:
        if any(holds(one) for one in (*given, *more.values())):
            raise ZeroDivisionError("planted")
        return real(*given, **more)

    patch.setattr(owner, last, act)
    for other in [one for key, one in sys.modules.items() if key.startswith("qjmap") and one is not None]:
        if not path and getattr(other, last, None) is real:
            patch.setattr(other, last, act)
        for table in [value for value in vars(other).values() if isinstance(value, dict)]:
            for key in [key for key, value in table.items() if value is real and table is not vars(other)]:
                patch.setitem(table, key, act)
        for table in [value for value in vars(other).values() if isinstance(value, dict)]:
            for key in [key for key, item in table.items() if item is real]:
                patch.setitem(table, key, act)


STEPS: dict[str, tuple[str, dict[str, str]]] = {
    "reading texts": ("qjmap.tables.cell_values:clean", {"name": f"{MARK}\n二"}),
    "reading many texts": ("qjmap.tables.cell_values:clean_all", {"name": MARK}),
    "reading dates": ("qjmap.tables.dates:read_date", {"name": "甲", "start": MARK}),
    "reading vocabulary": ("qjmap.tables.cell_values:read_word", {"name": "甲", "status": MARK}),
    "reading lists": ("qjmap.tables.cell_values:read_list", {"name": "甲", "aliases": MARK}),
    "reading angles": ("qjmap.tables.angles:read_angle", {"name": "甲", "lon": MARK, "lat": "29"}),
    "folding names": ("qjmap.schema:fold_all", {"name": f"{MARK}é"}),  # one that Arrow leaves to it
    "slugs": ("qjmap.tables.slugs:slugs", {"name": MARK}),
    "pinyin": ("qjmap.tables.slugs:_pinyin", {"name": MARK}),
    "positions": ("qjmap.datum:to_wgs84", {"name": "甲", "lon": str(POINT), "lat": "30.5", "datum": "gcj02"}),
    "outlines": ("qjmap.geocoding.county_polygons:outside_beyond_margin",
                 {"name": "甲", "place": "hill", "lon": str(POINT), "lat": "30.5", "datum": "wgs84", "address": "重庆市綦江区"}),
    "references": ("qjmap.validation.row_index:RowIndex.find", {"name": "甲", "part_of": MARK}),
    "addresses": ("qjmap.geocoding.locate_many:locate_many", {"name": "甲", "address": f"重庆市綦江区{MARK}路"}),
}  # fmt: skip


def write(path: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(TABLES["sites"].names), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "errors.log"
    monkeypatch.setenv(internal_errors.LOG, str(path))
    monkeypatch.setattr(internal_errors, "_logged", set())
    return path


def before_and_after(bad: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"name": "好厂一号", "source": "survey"},
        bad | {"source": "survey"},
        {"name": "好厂二号", "source": "survey"},
    ]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_add_refuses_the_row_and_takes_the_others(
    region_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path, step: str
) -> None:
    place, bad = STEPS[step]
    file = tmp_path / "new.csv"
    write(file, before_and_after(bad))
    planted(monkeypatch, place)
    code, printed = run("check", file, "--project", region_folder, "--json")
    report = add(load_project(region_folder), file)
    assert (report.added, report.refused) == ([2, 4], [3])
    (fault,) = [one for one in report.faults if one.severity == "fault"]
    assert (fault.file, fault.row, fault.code) == (str(file), 3, "row-failed")
    assert str(fault.params["reference"]) in log.read_text(encoding="utf-8")
    assert code == 1
    assert json.loads(printed) == [one.as_dict("zh") for one in report.faults]
    assert report.refused_file is not None
    assert any(cell in report.refused_file.read_text(encoding="utf-8-sig") for cell in bad.values())


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_row_of_the_project_is_listed_and_stops_a_build_with_all_faults(
    region_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place, bad = STEPS[step]
    write(
        region_folder / "data" / "sites.csv",
        before_and_after({"id": "bad"} | bad if "slug" not in step and step != "pinyin" else bad),
    )
    for name in ("partnerships", "indicators"):
        (region_folder / "data" / f"{name}.csv").unlink()
    planted(monkeypatch, place)
    (fault,) = [one for one in find_faults(load_project(region_folder)) if one.severity == "fault"]
    assert (fault.file, fault.row, fault.code) == ("data/sites.csv", 3, "row-failed")
    for act in (load_atlas, lambda project: export(project, tmp_path / "out")):
        with pytest.raises(DataFaults) as caught:
            act(load_project(region_folder))
        assert [(one.row, one.code) for one in caught.value.faults] == [(3, "row-failed")]
    for words in (["check"], ["build"], ["report"], ["export", "-o", tmp_path / "o"]):
        code, printed = run(*words, region_folder)
        assert code == 1
        assert str(fault.params["reference"]) in printed
    by_parts = find_faults(load_project(region_folder), engine=Here(partition_bytes=1_000))
    if step == "addresses":  # a table in parts is located when it is built, not when it is checked
        by_parts = run_passes(load_project(region_folder), Here(partition_bytes=1_000), Output(page_hash=None)).faults
    assert [(one.row, one.code) for one in by_parts if one.severity == "fault"] == [(3, "row-failed")]


@pytest.fixture
def region_folder(tmp_path: Path) -> Path:
    return make_region(tmp_path / "region")


def test_rows_at_fault_are_found_alone_and_together() -> None:
    def step(rows: Any) -> None:
        if 7 in rows or {2, 5} <= set(rows) or {11, 12} <= set(rows):
            raise ZeroDivisionError

    assert sorted(failing(step, 20)) == [5, 7, 12]
    assert sorted(failing(lambda rows: None, 20)) == []


def test_what_fails_without_any_row_is_raised() -> None:
    def step(rows: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing(step, 3)


def test_tables_without_such_a_row_are_run_once(region_folder: Path) -> None:
    tables = check(load_project(region_folder)).tables
    runs = []

    def step(given: Mapping[str, Parsed]) -> None:
        runs.append(given)
        if "works" in set(given["sites"].frame["id"]):
            raise ZeroDivisionError

    assert {name: list(rows) for name, rows in failing_rows(tables, step).items()} == {"sites": [1]}
    halved = 2 * len(tables["sites"].frame).bit_length()
    assert len(runs) <= len(tables) + halved + 3  # none of the rows, all that are left, the others of the table


@pytest.mark.parametrize("raised", [MemoryError, KeyboardInterrupt])
def test_no_memory_and_an_interrupt_pass(
    region_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: type[BaseException]
) -> None:
    def stop(*given: Any) -> Any:
        raise raised

    file = tmp_path / "new.csv"
    write(file, [{"name": "甲", "start": "2020"}])
    monkeypatch.setitem(parse_table._READERS, "date", stop)
    with pytest.raises(raised):
        add(load_project(region_folder), file)
