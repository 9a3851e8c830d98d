"""GeoJSON: cells as typed, datum as stated, nesting counted without recursion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import UsageError
from qjmap.tables import ROW, parse
from qjmap.tables.readers.geojson import _nesting, parse_json, value_text
from tests.tables.helpers import codes, parsed, read

POINT = {"type": "Point", "coordinates": [106.646, 29.033]}


def collection(*features: object, **members: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False).encode()


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": {"name": "甲", **properties}}


def test_geojson_of_ours_gives_its_cells_back(tmp_path: Path) -> None:
    properties = {
        "id": "a", "name": "甲", "aliases": ["一", "二"], "part_of": ["b"], "orig_lon": "106.650", "orig_lat": "29.03", "orig_datum": "gcj02",
        "radius_m": 150, "level": "site", "position_of": None, "start": "2020", "end": None,
    }  # fmt: skip
    ours = {"type": "Feature", "id": "a", "geometry": POINT, "properties": properties}
    elsewhere = feature(POINT, orig_lon="", orig_lat="", orig_datum="")
    tf = read(tmp_path, collection(ours, elsewhere, feature(POINT), feature(None)), "sites.geojson")
    frame = tf.frame
    assert (frame["lon"][0], frame["datum"][0], frame["aliases"][0]) == ("106.650", "gcj02", "一|二")
    assert (frame["lon"][1], frame["datum"][1]) == ("", "")
    assert (frame["lon"][2], frame["datum"][2]) == ("106.646", "")
    assert frame["lon"][3] == ""
    assert tf.unknown == ()
    assert list(frame[ROW]) == [1, 2, 3, 4]


def test_roles_and_lines(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    given_ = feature(line, parties=["a", "b"], roles=[["a", "host"]], value_cny=4e7)
    tf = read(tmp_path, collection(given_, given_), "partnerships.geojson", "partnerships")
    assert tf.frame["roles"][0] == "a:host"
    result = parse(tf)
    assert result.frame["roles"][0] == (("a", "host"),)
    assert result.frame["value_cny"][0] == 4e7
    (told,) = [fault for fault in result.faults if fault.code == "feature-not-point"]
    assert (told.severity, told.value, told.params["rows"]) == ("warning", "LineString", [1, 2])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "json-form"),
        (b"{}", "geojson-form"),
        (b'{"features": [1]}', None),
        (b'{"features": [{"attributes": {"name": "x"}}]}', None),
        (b'{"geometryType": "esriGeometryPoint", "features": []}', "kind-misnamed"),
        (b'{"type": "Topology", "objects": {}}', "kind-misnamed"),
        (b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline"}', "kind-misnamed"),
        (b"<OGRVRTDataSource/>", "kind-not-read"),
        (b"name,lon,lat\n", "kind-misnamed"),
        (b"", "kind-misnamed"),
    ],
)
def test_what_is_no_geojson(tmp_path: Path, content: bytes, code: str | None) -> None:
    if code is None:
        assert "feature-form" in codes(read(tmp_path, content, "a.geojson"))
        return
    with pytest.raises(UsageError) as caught:
        read(tmp_path, content, "a.geojson")
    assert caught.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_any_encoding_of_an_office(tmp_path: Path, encoding: str) -> None:
    text = collection(feature(POINT, 名称="重庆綦江齿轮传动有限公司", 地址="重庆市綦江区古南街道")).decode()
    tf = read(tmp_path, text.replace('"name": "甲", ', "").encode(encoding), "a.geojson")
    assert tf.frame["name"][0] == "重庆綦江齿轮传动有限公司"


def test_an_invalid_byte_is_its_row_s_fault(tmp_path: Path) -> None:
    content = collection(feature(POINT, name="重庆綦江齿轮@传动"), feature(POINT, name="綦江食品园")).replace(
        b"@", b"\xff"
    )
    assert parsed(tmp_path, content, "a.geojson").bad_rows == {1}


@pytest.mark.parametrize(
    "geometry",
    [
        POINT,
        {"type": "MultiPoint", "coordinates": [POINT["coordinates"]]},
        {"type": "GeometryCollection", "geometries": [POINT]},
        {"type": "Point", "coordinates": [106.646, 29.033, 250.0]},
    ],
)
def test_one_point_is_a_point(tmp_path: Path, geometry: object) -> None:
    result = parsed(tmp_path, collection(feature(geometry)), "a.geojson")
    assert (result.frame["lon"][0], result.frame["lat"][0]) == (106.646, 29.033)
    assert codes(result) == []


@pytest.mark.parametrize(
    "geometry", [None, {"type": "Point", "coordinates": []}, {"type": "MultiPoint", "coordinates": []}]
)
def test_an_empty_geometry_is_no_position(tmp_path: Path, geometry: object) -> None:
    result = parsed(tmp_path, collection(feature(geometry), feature(POINT)), "a.geojson")
    assert str(result.frame["lon"][0]) == "nan"
    assert codes(result) == []


@pytest.mark.parametrize(
    ("properties", "datum"),
    [({}, ""), ({"坐标系": "GCJ-02"}, "gcj02"), ({"datum": "bd09"}, "bd09")],
)
def test_the_datum_is_the_one_that_is_told(tmp_path: Path, properties: dict[str, str], datum: str) -> None:
    for told in (None, "gcj02", "cgcs2000"):
        options = {"datum": told} if told else {}
        result = parsed(tmp_path, collection(feature(POINT, **properties)), "a.geojson", **options)
        assert result.frame["datum"][0] == (datum or told or "")
        assert codes(result) == []


@pytest.mark.parametrize("constant", ["1e999", "-1e999", "NaN", "Infinity", "12345678901234567890123", "0.10", "1E2"])
def test_numbers_stay_as_they_are_written(tmp_path: Path, constant: str) -> None:
    content = collection(feature(POINT, capacity=-77, deep={"a": {"b": -77}})).decode().replace("-77", constant)
    tf = read(tmp_path, content, "a.geojson")
    assert tf.frame["capacity"][0] == constant
    assert tf.frame["deep"][0] == f'{{"a": {{"b": {constant}}}}}'


def test_a_number_that_is_none_is_no_position(tmp_path: Path) -> None:
    for constant in ("1e999", "NaN"):
        content = collection(feature(POINT)).decode().replace("106.646", constant)
        result = parsed(tmp_path, content, "a.geojson")
        assert result.bad_rows == {1}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def levels(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, dict | list)) + max(map(levels, inner), default=0)


@pytest.mark.slow
@given(json_values, st.booleans())
def test_levels_are_counted_outside_texts(value: object, ascii_only: bool) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert _nesting(raw) == levels(value)


@given(json_values)
def test_every_value_becomes_a_text(value: object) -> None:
    text = value_text(value)
    assert text.encode().decode() == text


def test_half_characters_in_names_of_properties_are_marked(tmp_path: Path) -> None:
    properties = dict([("备\ud800", "一"), ("备\udc01", "二"), ("备", "三")])  # noqa: C406
    content = json.dumps(feature(POINT, **properties))
    frame = parsed(tmp_path, content, "a.geojson").frame
    assert {name: frame[name][0] for name in frame if "备" in name} == {
        "备\ufffd": "一",
        "备\ufffd_2": "二",
        "备": "三",
    }


@pytest.mark.parametrize("depth", [900, 5_000, 100_000])
def test_deep_nesting_is_refused_wherever_it_stands(tmp_path: Path, depth: int) -> None:
    for start, end in (("[", "]"), ('{"a":', "}")):
        deep = start * depth + ("1" if start != "[" else "") + end * depth
        for whole in (deep, '{"features":[{"properties":{"x":' + deep + '},"geometry":null}]}'):
            with pytest.raises(UsageError) as caught:
                read(tmp_path, whole, "a.geojson")
            assert (caught.value.code, caught.value.params["variable"]) == ("file-limit", "QJMAP_MAX_NESTING")


def test_a_raised_limit_of_nesting_is_no_recursion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QJMAP_MAX_NESTING", "1000000")
    with pytest.raises(UsageError) as caught:
        parse_json(b"[" * 200_000 + b"]" * 200_000, shown="a.geojson")
    assert caught.value.code == "file-limit"


def test_properties_that_say_the_position_again_are_no_second_one(tmp_path: Path) -> None:
    same = parsed(
        tmp_path,
        collection(feature(POINT, 经度="106.6460", 纬度="29.033"), feature(None, 经度="106.7", 纬度="29.1")),
        "a.geojson",
    )
    assert list(same.frame["orig_lon"]) == ["106.6460", "106.7"]
    assert same.raw.unknown == ()
    assert codes(same) == []


def test_properties_that_say_another_position_are_kept_beside_it(tmp_path: Path) -> None:
    result = parsed(tmp_path, collection(feature(POINT, X="36367000.5", Y="3212000.5")), "a.geojson")
    assert (result.frame["lon"][0], result.frame["X_2"][0], result.frame["Y_2"][0]) == (
        106.646,
        "36367000.5",
        "3212000.5",
    )
    assert codes(result) == []


def test_a_running_number_of_the_format_yields_to_a_property(tmp_path: Path) -> None:
    tf = read(
        tmp_path,
        collection({**feature(POINT, 编号="a-1"), "id": 0}, {**feature(POINT, 编号="a-2"), "id": 1}),
        "a.geojson",
    )
    assert list(tf.frame["id"]) == ["a-1", "a-2"]
    assert codes(tf) == []


@pytest.mark.parametrize(("begin", "end"), [("", "\n"), ("", "\r\n"), ("\x1e", "\n"), ("", "\n\n")])
@pytest.mark.parametrize("suffix", ["geojsonl", "geojsons", "ndjson", "json"])
def test_a_sequence_of_features_is_read_line_by_line(tmp_path: Path, begin: str, end: str, suffix: str) -> None:
    lines = [json.dumps(feature(POINT, name=f"厂\u2028{number}"), ensure_ascii=False) for number in range(3)]
    lines[1] = lines[1][:-9]
    tf = read(tmp_path, "".join(begin + line + end for line in lines).encode(), f"sites.{suffix}")
    assert list(tf.frame["name"]) == ["厂\u20280", "", "厂\u20282"]
    assert list(tf.frame["lon"]) == ["106.646", "", "106.646"]
    assert ("feature-form", 2) in [(fault.code, fault.row) for fault in tf.faults]
