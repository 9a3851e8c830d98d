"""Files saved from a page of 20,000 sites: part by part, of bytes, and yet every text is what the table says."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pytest

from qjmap.pipeline.export import geojson_texts
from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.map import page_bytes
from qjmap.project import load_project
from tests.browser.conftest import Opened
from tests.browser.test_take import by_id, taken
from tests.crowd import invented_sites
from tests.region import make_region

Open = Callable[..., Opened]
COUNT = 20_000
TEXTS = (
    'He said "no"\\ and left', "two\nlines\r\nand a\ttab", "\x01\x1f", "next\u0085line\u2028and\u2029paragraph", "𠮷野家🏭é",
    "=1+1", "'=cmd|' /C calc'!A0", "-5", "+86 23 4866", "@SUM(A1)", "</script><b>&amp;", "a,b;c", "\ufeffmark", "长" * 400_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def sites() -> gpd.GeoDataFrame:
    frame = invented_sites(COUNT)
    frame.loc[[5, 77], "geometry"] = None
    # Near one another, so that some parts have texts to be taken care of and others have none.
    apart = (frame.geometry.x - 101.0).abs() + (frame.geometry.y - 30.0).abs()
    near = apart.nsmallest(3 * len(TEXTS)).index
    for number, row in enumerate(near):
        frame.loc[row, ("name", "address", "description")[number % 3]] = TEXTS[number // 3]
    frame.loc[near[-1] :, "start"] = ""
    frame["radius_m"] = [(17.5 if row % 3 else None) for row in range(COUNT)]
    return frame


@pytest.fixture(scope="module")
def page_and_features(tmp_path_factory: pytest.TempPathFactory, sites: gpd.GeoDataFrame) -> tuple[Path, list[dict]]:
    folder = tmp_path_factory.mktemp("saved")
    atlas = replace(load_atlas(load_project(make_region(folder / "region")))[0], site_rows=sites)
    path = folder / "crowd.html"
    path.write_bytes(b"".join(page_bytes(atlas)))
    return path, by_id(json.loads(geojson_texts(atlas)["sites"]))


def test_geojson_has_the_programs_features_one_a_line(
    open_file: Open, page_and_features: tuple[Path, list[dict]]
) -> None:
    path, features = page_and_features
    opened = open_file(path)
    opened.wait_ready()
    text = taken(opened.page, "save_data", "sites", "geojson").decode("utf-8")
    assert by_id(json.loads(text)) == features
    assert len(text.splitlines()) == COUNT + 2
    opened.assert_quiet()


def test_csv_has_every_text_and_no_formula(open_file: Open, page_and_features: tuple[Path, list[dict]]) -> None:
    path, features = page_and_features
    opened = open_file(path)
    opened.wait_ready()
    opened.page.locator("#qj-language").click()  # in English a table for Excel has the tables' names and codes
    data = taken(opened.page, "save_data", "sites", "csv").decode("utf-8-sig")
    csv.field_size_limit(1 << 20)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(data, newline=""))}
    assert len(rows) == COUNT

    def cell(value: object) -> str:
        if value is None:
            return ""
        text = str(value)
        return "'" + text if re.match(r"'*[=+\-@\t\r]", text) and not re.fullmatch(r"[-+]?\d+(\.\d+)?", text) else text

    for one in features:
        row = rows[one["id"]]
        for name in ("name", "address", "description", "start", "category", "source"):
            assert row[name] == cell(one["properties"][name]), (one["id"], name)
        point = one["geometry"]["coordinates"] if one["geometry"] else None
        assert [row["lon"], row["lat"]] == (
            [str(degrees).removesuffix(".0") for degrees in point] if point else ["", ""]
        )


def test_kml_has_every_text(open_file: Open, page_and_features: tuple[Path, list[dict]]) -> None:
    path, features = page_and_features
    opened = open_file(path)
    opened.wait_ready()
    root = ElementTree.fromstring(taken(opened.page, "save_data", "sites", "kml"))
    marks = root.findall(".//{*}Placemark")
    assert len(marks) == COUNT
    of = {mark.get("id"): mark for mark in marks}

    def said(text: str) -> str:
        # XML 1.0 has no control characters, and reads every end of a line as one sign.
        return re.sub(r"\r\n?", "\n", re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text))

    for one in features:
        values = {data.get("name"): data.findtext("{*}value") for data in of["qj-" + one["id"]].iterfind(".//{*}Data")}
        for name in ("name", "address", "description"):
            assert values[name] == said(one["properties"][name]), (one["id"], name)


def test_only_what_is_filtered_is_saved(open_file: Open, page_and_features: tuple[Path, list[dict]]) -> None:
    path, features = page_and_features
    opened = open_file(path, fragment="#f=category:logistics-park")
    opened.wait_ready()
    saved = json.loads(taken(opened.page, "save_data", "sites", "geojson"))
    parks = [one for one in features if one["properties"]["category"] == "logistics-park"]
    assert 500 < len(parks) < COUNT / 4
    assert by_id(saved) == parks
