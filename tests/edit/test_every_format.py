"""Export, then add: random tables come back the same from every format, and bear the same types whatever their cells."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qjmap.edit import add
from qjmap.output_paths import LAYER_FILES
from qjmap.pipeline.export import export
from qjmap.project import load_project
from qjmap.schema import COMPANIONS, TABLES
from qjmap.validation import check
from tests.properties import examples

FORMS = ("geojson", "gpkg", "parquet", "fgb", "kml", "csv", "xlsx")
WHOLE = ("gpkg", "kml", "xlsx")
SETTINGS = 'id = "t"\ntitle = "测试"\nlanguage = "zh"\n'

TEXT = st.text(
    st.sampled_from("甲乙丙丁山水城渝黔ABCxyz0159 -,;'\"<>&=+@（）：。\n") | st.characters(codec="utf-8", categories=["L", "N"]), max_size=12
).map(str.strip)  # fmt: skip
NAME = st.text(st.sampled_from("山水城渝黔川江河湖海东西南北中"), min_size=2, max_size=6)
DATE = st.sampled_from(["", "2020", "2019-05", "2021-04-30", "1998-12-01"])
NUMBER = st.sampled_from(["", "0", "12", "2.5", "5000000", "1234567.25"])
LON = st.decimals(100, 109, places=4).map(str)
LAT = st.decimals(26, 32, places=4).map(str)


def rows_of(table: str, data: st.DataObject, ids: list[str], known: dict[str, list[str]]) -> list[dict[str, str]]:
    """Random rows of a table that refer to rows of the tables before."""
    rows = []
    for identifier in ids:
        row = {"id": identifier}
        for column in TABLES[table].columns:
            if column.name != "id":
                row[column.name] = cell(table, column, data, known)
        for first, last in (("start", "end"), ("valid_from", "valid_to")):
            if first in row and (not row[first] or row[first][:4] >= row[last][:4]):
                row[last] = ""  # what ends before it starts is refused
        if "lon" in TABLES[table] and not rows:  # where nothing has a position the table is refused
            row["lon"], row["lat"] = row["lon"] or "106.65", row["lat"] or "29.03"
        if "lon" in TABLES[table] and not (row["lon"] and row["lat"]):
            row["lon"] = row["lat"] = row["datum"] = ""
            row["position_locator"] = ""  # of no position: `parse_positions` clears it where the gazetteer finds one
        elif "lon" in TABLES[table]:
            row["datum"] = row["datum"] or "wgs84"
        rows.append(row)
    return rows


def cell(table: str, column: Any, data: st.DataObject, known: dict[str, list[str]]) -> str:
    draw = data.draw
    if column.name in ("name", "title"):
        return draw(NAME)
    if column.type in ("id", "ids"):
        pool = [one for name in column.refers or ("places", "sites") for one in known.get(name, [])]
        if not pool or column.name in ("parent", "members", "part_of", "via", "position_source"):
            return ""
        if column.name == "parties":
            return "|".join(dict.fromkeys(draw(st.lists(st.sampled_from(pool), min_size=2, max_size=3))))
        return draw(st.sampled_from([*pool, *([] if column.required else [""])]))
    if column.type == "vocab":
        words = {"datum": ["", "wgs84", "gcj02"], "precision": ["", "site", "town"], "network": [""]}
        from qjmap.vocabulary import BUILT_IN

        return draw(st.sampled_from(words.get(column.vocab, ["", *BUILT_IN.entries(column.vocab)])))
    kinds: dict[str, Any] = {
        "lon": LON | st.just(""),
        "lat": LAT | st.just(""),
        "date": DATE,
        "number": NUMBER,
        "integer": st.integers(1, 9).map(str),
    }
    if column.type in kinds:
        return draw(kinds[column.type])
    if column.type == "url":
        return draw(st.sampled_from(["", "https://example.cn/a?b=1&c=2"]))
    return "" if column.type in ("roles", "texts") or column.name == "adcode" else draw(TEXT)


ORDER = ("sources", "places", "sites", "partnerships", "corridors", "corridor_legs", "indicators")


def random_project(folder: Path, data: st.DataObject) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "project.toml").write_text(SETTINGS, encoding="utf-8")
    known: dict[str, list[str]] = {}
    for table in ORDER:
        count = data.draw(st.integers(0, 3), label=table)
        known[table] = [f"{table.replace('_', '-')}-{number}" for number in range(count)]
        if table == "corridor_legs" and not known["corridors"]:
            known[table] = []
        with (folder / "data" / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, TABLES[table].names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows_of(table, data, known[table], known))
    return folder


def add_again(project: Path, out: Path, form: str, table: str) -> None:
    """Empty a table, and add its export."""
    file = out / f"all.{form}" if form in WHOLE else out / f"{table}.{form}"
    path = project / "data" / f"{table}.csv"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    sheet = {"places": "地点", "sites": "点位", "partnerships": "合作", "corridors": "通道", "corridor_legs": "通道分段",
             "indicators": "指标", "sources": "来源"}[table]  # fmt: skip
    report = add(load_project(project), file, table=table, sheet=sheet if form == "xlsx" else None, duplicates="add")
    assert report.refused == [], [fault.code for fault in report.faults]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@examples(6)
@given(data=st.data())
def test_random_tables_come_back_from_every_format(form: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project, out = random_project(Path(folder, "p"), data), Path(folder, "out")
        full, faults = check(load_project(project))[:2]
        assume(not any(fault.severity == "fault" for fault in faults))
        out.mkdir()
        export(load_project(project), out / f"all.{form}" if form in WHOLE else out, form=form)
        filled = [table for table in TABLES if len(full[table].frame)]
        for table in filled:  # one after the other: the rows of the others are what its cells refer to
            add_again(project, out, form, table)
        again = check(load_project(project))[0]
        for table in filled:
            before, after = (
                tables[table].frame.drop(columns="_row").sort_values("id", ignore_index=True)
                for tables in (full, again)
            )
            assert before.astype(str).to_dict("list") == after.astype(str).to_dict("list"), (form, table)


def types_in(form: str, out: Path, table: str) -> dict[str, str]:
    if form == "parquet":
        import pyarrow.parquet as pq

        return {field.name: str(field.type) for field in pq.read_schema(out / f"{table}.parquet")}
    info = pyogrio.read_info(out / "all.gpkg" if form == "gpkg" else out / f"{table}.fgb", layer=table)
    return {**dict(zip(info["fields"], info["dtypes"], strict=True)), "geometry": str(info["geometry_type"])}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["gpkg", "fgb", "parquet"])
def test_types_do_not_depend_on_the_cells(region: Path, tmp_path: Path, form: str) -> None:
    def types(name: str) -> dict[str, dict[str, str]]:
        out = tmp_path / name
        out.mkdir()
        export(load_project(region), out / "all.gpkg" if form == "gpkg" else out, form=form)
        return {table: types_in(form, out, table) for table in TABLES}

    (region / "data" / "project.toml").write_text(
        SETTINGS, encoding="utf-8"
    )  # names no place, which empty tables would not have
    full = types("full")
    for path in sorted((region / "data").glob("*.csv")):
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert types("empty") == full
    assert {name for name in COMPANIONS["sites"] if name.endswith("_date")} == {
        name for name, kind in full["sites"].items() if "date" in kind
    }


def test_names_stand_beside_ids(region: Path, tmp_path: Path) -> None:
    export(load_project(region), tmp_path / "a.gpkg")
    rows = gpd.read_file(tmp_path / "a.gpkg", layer="partnerships").set_index("id")
    assert rows.loc["pact", "party_names"] == "海口湾区|山城市"
    assert str(rows.loc["pact", "start_date"].date()) == "2019-05-01"
    assert rows.loc["pact", "start"] == "2019-05"
    assert LAYER_FILES[".xlsx"] == "xlsx"


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_what_stands_beside_empty_cells_is_no_column_of_the_user(tmp_path: Path, form: str) -> None:
    data = tmp_path / "p" / "data"
    data.mkdir(parents=True)
    (data / "project.toml").write_text(SETTINGS, encoding="utf-8")
    text = "id,name,lon,lat,datum,start,as_of\ns,甲厂,106.65,29.03,wgs84,2020,2021-04\n"
    (data / "sites.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    export(load_project(tmp_path / "p"), out / f"all.{form}" if form in WHOLE else out, form=form)
    full = check(load_project(tmp_path / "p"))[0]["sites"].frame
    add_again(tmp_path / "p", out, form, "sites")
    assert list(full) == list(check(load_project(tmp_path / "p"))[0]["sites"].frame)


def test_a_value_without_a_label_is_kept_as_it_is(region: Path, tmp_path: Path) -> None:
    table = region / "data" / "partnerships.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",5000000,,", ",5000000,=,"), encoding="utf-8")
    export(load_project(region), tmp_path / "a.xlsx")
    assert set(pd.read_excel(tmp_path / "a.xlsx", sheet_name="合作")["金额限定"].dropna()) == {"至少", "="}
