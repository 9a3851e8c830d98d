"""An ambiguous name in a file with coordinates means the place around its row's point."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.geocode_file import locate_file

LOCATOR = OfflineLocator()


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("鼓楼区,118.77,32.07,wgs84", "320106"),
        ("朝阳,116.44,39.92,wgs84", "110105"),
        ("鼓楼区人民路1号,117.19,34.29,gcj02", "320302"),
        ("鼓楼区,106.65,29.03,wgs84", ""),
        ("鼓楼区,,,", ""),
        ("鼓楼区,东边,32.07,wgs84", ""),
    ],
)
def test_the_point_of_a_row_settles_its_ambiguous_name(tmp_path: Path, row: str, place: str) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text(f"名称,经度,纬度,坐标系\n{row}\n", encoding="utf-8")
    locate_file(LOCATOR, file, out)
    with out.open(encoding="utf-8-sig", newline="") as lines:
        (found,) = csv.DictReader(lines)
    assert found["place_id"] == place
    assert (found["reason"] == "ambiguous") == (not place)


def test_a_point_changes_no_answer_that_is_sure(tmp_path: Path) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("名称,经度,纬度\n重庆市綦江区,118.77,32.07\n", encoding="utf-8")
    locate_file(LOCATOR, file, out)
    with out.open(encoding="utf-8-sig", newline="") as lines:
        assert [row["place_id"] for row in csv.DictReader(lines)] == ["500110"]
