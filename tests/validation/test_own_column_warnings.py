"""A filter that the map cannot offer is told, however the table is cut into parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.pipeline.load import find_faults
from qjmap.project import load_project
from qjmap.tables.columns import operations as cols
from qjmap.tables.own_columns import MOST_FILTER_VALUES, ColumnFacts, facts_of


def crowded(folder: Path, count: int, column: str = "分组甲", cell: str = "业{}") -> list[list[str]]:
    (folder / "data").mkdir()
    settings = f'id = "t"\ntitle = "t"\n[columns."{column}"]\nfilter = true\n'
    (folder / "data" / "project.toml").write_text(settings, encoding="utf-8")
    rows = "".join(f"s{at},厂{at},106.65,29.03,wgs84,{cell.format(at % count)}\n" for at in range(2 * count))
    (folder / "data" / "sites.csv").write_text(f"id,name,lon,lat,datum,{column}\n{rows}", encoding="utf-8")
    found = find_faults(load_project(folder))
    return [fault.params["columns"] for fault in found if fault.code == "filter-crowded"]  # type: ignore[misc]


@pytest.mark.parametrize(("count", "told"), [(MOST_FILTER_VALUES, []), (MOST_FILTER_VALUES + 1, [["分组甲"]])])
def test_a_filter_of_too_many_texts_is_told(tmp_path: Path, count: int, told: list[list[str]]) -> None:
    assert crowded(tmp_path, count) == told


def test_numbers_are_filtered_by_class_however_many(tmp_path: Path) -> None:
    assert crowded(tmp_path, 200, "产值", "1{}") == []


@pytest.mark.parametrize("size", [1, 7, 60, 200])
def test_parts_of_a_column_have_its_facts(size: int) -> None:
    texts = [f"业{at % 73}" for at in range(200)]
    parts = [facts_of("分组甲", cols.object_array(texts[at : at + size])) for at in range(0, 200, size)]
    assert sum(parts, ColumnFacts()) == facts_of("分组甲", cols.object_array(texts))
    assert len(facts_of("分组甲", cols.object_array(texts)).values) == MOST_FILTER_VALUES + 1
