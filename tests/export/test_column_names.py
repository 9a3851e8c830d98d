"""Files of every format open with all cells, whatever the names of the columns."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap.export.column_names import NOT_IN_XML, changed_names, names_in_format
from qjmap.export.formats import WRITERS, write_layers
from qjmap.tables.readers.delimited import neutralised
from tests.properties import examples

AWKWARD = [
    "fid", "=1+1", "FID", "geom", "Geom", "ogc_fid", "rowid", "oid", "_rowid_", "Tel", "tel", "TEL", "name", "Name", "description",
    "Description", "lon", "lat", "wkt", "", " ", "column", "fid_1", "tel_2", "a'b", 'a"b', "a`b", "a;b", "a\\b", "<b>&", "]]>", "x" * 300,
    "备注", "a b", "bbox", "select", "*", "[x]", "timestamp", "begin", "visibility", "icon", "altitudeMode", "é", "É", "ß", "ss",
]  # fmt: skip
NAMES = st.lists(
    st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), max_size=12),
    min_size=1, max_size=12, unique=True,
)  # fmt: skip


def frame(columns: dict[str, list[Any]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        pd.DataFrame(columns, dtype=object), geometry=[shapely.Point(106.65, 29.03), None], crs="EPSG:4326"
    )


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    result = gpd.read_file(path)
    return result.rename(columns={"description": "Description"}) if path.suffix == ".kml" else result


@pytest.mark.slow
@pytest.mark.parametrize("form", sorted({*WRITERS} - {"xlsx"}))
@examples(60)
@given(names=NAMES)
def test_every_cell_is_there_whatever_the_columns_are_called(form: str, names: list[str]) -> None:
    cells = {name: [f"first {number}", f"second {number}"] for number, name in enumerate(names)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{form}")
        used = write_layers(form, path, {"sites": frame(cells)})["sites"]
        result = read(path)
    assert list(used) == names
    for name, new in used.items():
        if form == "kml" and name in ("id", "end"):  # columns of ours, which GDAL takes for what KML itself calls so
            continue
        shown = neutralised(new) if form == "csv" else new
        assert result[shown].tolist() == cells[name], (name, new)


@given(names=NAMES)
def test_names_are_changed_alike_each_time_and_only_where_they_must(names: list[str]) -> None:
    for form in WRITERS:
        used = names_in_format(names, form)
        assert used == names_in_format(names, form)
        assert len(set(used.values())) == len(names)
    assert changed_names(names_in_format(["id", "name", "备注", "end", "description"], "kml")) == {}
    assert changed_names(names_in_format(["fid", "Tel", "tel", "geom", "fid_1"], "gpkg")) == {
        "fid": "fid_2",
        "tel": "tel_2",
        "geom": "geom_1",
    }
    assert changed_names(names_in_format(["lon", "lat"], "csv")) == {"lon": "lon_1", "lat": "lat_1"}


@pytest.mark.slow
@examples(60)
@given(
    text=st.text(
        st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x01\x1f\ufffe\uffff\ufdd0\U0001ffff"), max_size=20
    )
)
def test_no_character_breaks_a_kml_file(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.kml")
        write_layers("kml", path, {"sites": frame({"name": [text, "b"], "note": ["a", text]})})
        assert not NOT_IN_XML.search(path.read_text(encoding="utf-8"))
        assert len(gpd.read_file(path)) == 2


def test_a_kml_file_bears_the_name_of_its_layer(tmp_path: Path) -> None:
    write_layers("kml", tmp_path / "0.kml", {"sites": frame({"name": ["a", "b"], "note": ["c", "d"]})})
    text = (tmp_path / "0.kml").read_text(encoding="utf-8")
    assert 'Schema name="sites" id="sites"' in text
    assert 'id="0' not in text
