"""KML and KMZ: every placemark of every folder once, in order, with what people wrote."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import UsageError
from qjmap.tables.readers.kml import html_to_text, read_kml
from tests.tables.helpers import codes, parsed, read

POINT = "<Point><coordinates>106.65,29.03,0</coordinates></Point>"


def kml(inside: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{declaration}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>园区调研</name>{inside}</Document></kml>'.encode()


def placemark(name: str, inside: str = POINT) -> str:
    return f"<Placemark><name>{escape(name)}</name>{inside}</Placemark>"


def folder(name: str, inside: str) -> str:
    return f"<Folder><name>{escape(name)}</name>{inside}</Folder>"


names = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cc")), min_size=1, max_size=8
).map(str.strip)
trees = st.recursive(names, lambda inner: st.tuples(names, st.lists(inner, max_size=4)), max_leaves=20)


@given(st.lists(trees, max_size=5))
def test_points_of_nested_kml_folders_are_read_once_in_order(forest: list[object]) -> None:
    expected: list[tuple[str, str]] = []

    def markup(tree: object, path: tuple[str, ...]) -> str:
        if isinstance(tree, tuple):
            inner = (*path, tree[0]) if tree[0] else path
            return folder(tree[0], "".join(markup(one, inner) for one in tree[1]))
        expected.append((str(tree), " / ".join(path)))
        return placemark(str(tree))

    grid = read_kml(kml("".join(markup(tree, ()) for tree in forest)), shown="a.kml")
    rows = [dict(zip(grid.header, row, strict=True)) for row in grid.rows]
    assert [(row.get("name", ""), row.get("folder", "")) for row in rows] == expected
    assert all((row["lon"], row["lat"]) == ("106.65", "29.03") for row in rows)


def test_what_people_wrote_and_no_column_of_a_reader(tmp_path: Path) -> None:
    shown = (
        '<visibility>0</visibility><open>1</open><Snippet maxLines="0"/><styleUrl>#s</styleUrl><LookAt><altitude>0</altitude></LookAt>'
        "<ExtendedData><Data name='类别'><value>企业</value></Data><Data name='地址'><displayName>Addr</displayName><value>某某路9号</value></Data>"
        "<SchemaData schemaUrl='#a'><SimpleData name='在校人数'>1200</SimpleData></SchemaData></ExtendedData>"
        "<TimeSpan><begin>2020-09</begin><end>2021</end></TimeSpan>"
        "<Point><extrude>1</extrude><altitudeMode>absolute</altitudeMode><coordinates>\n 106.65, 29.03 ,0\n</coordinates></Point>"
    )
    tf = read(tmp_path, kml(placemark("甲厂", shown)), "a.kml")
    assert tf.header == ("name", "start", "end", "类别", "地址", "在校人数", "lon", "lat")
    assert (tf.frame["address"][0], tf.frame["category"][0], tf.frame["在校人数"][0]) == ("某某路9号", "企业", "1200")
    assert codes(tf) == []


def test_shapes_that_are_no_point_are_rows_without_a_position(tmp_path: Path) -> None:
    line, area = "<LineString><coordinates>1,2 3,4</coordinates></LineString>", "<Polygon><outerBoundaryIs/></Polygon>"
    inside = "".join(
        placemark(name, shape)
        for name, shape in (
            ("甲", POINT), ("乙", line), ("丙", area), ("丁", f"<MultiGeometry>{POINT}</MultiGeometry>"), ("戊", ""),
            ("己", f"<MultiGeometry>{POINT}{POINT}</MultiGeometry>"), ("庚", "<Point><coordinates/></Point>"),
        )
    )  # fmt: skip
    result = parsed(tmp_path, kml(inside), "a.kml")
    assert result.frame["lon"].notna().tolist() == [True, False, False, True, False, False, False]
    assert {(fault.value, *fault.params["rows"]) for fault in result.faults} == {  # type: ignore[misc]
        ("LineString", 2), ("Polygon", 3), ("MultiGeometry", 6)
    }  # fmt: skip


@pytest.mark.parametrize("text", ["106.65 29.03", "106.65", "abc,def", "106.65,29.03 1,2"])
def test_coordinates_that_are_none_are_that_row_s_fault(tmp_path: Path, text: str) -> None:
    inside = placemark("甲", f"<Point><coordinates>{text}</coordinates></Point>") + placemark("乙")
    assert parsed(tmp_path, kml(inside), "a.kml").bad_rows == {1}


@pytest.mark.parametrize("name", ["名称", "name", "单位"])
def test_data_that_means_the_name_too_is_kept_beside_it(tmp_path: Path, name: str) -> None:
    def data(value: str) -> str:
        return f"<ExtendedData><Data name={quoteattr(name)}><value>{value}</value></Data></ExtendedData>{POINT}"

    other = parsed(tmp_path, kml(placemark("甲厂", data("万元"))), "a.kml")
    assert (other.frame["name"][0], other.frame[f"{name}_2"][0], codes(other)) == ("甲厂", "万元", [])
    same = parsed(tmp_path, kml(placemark("甲厂", data("甲厂"))), "a.kml")
    assert (same.frame["name"][0], same.raw.unknown, codes(same)) == ("甲厂", (), [])


def test_a_reminder_as_for_a_csv_and_the_datum_as_told(tmp_path: Path) -> None:
    assert parsed(tmp_path, kml(placemark("甲")), "a.kml").frame["datum"][0] == ""
    assert parsed(tmp_path, kml(placemark("甲")), "a.kml", datum="gcj02").frame["datum"][0] == "gcj02"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("机械加工", "机械加工"),
        ("<b>地址</b>: 古南街道<br>电话: 023-4861", "地址: 古南街道\n电话: 023-4861"),
        ("<table><tr><td>面积</td><td>3 &lt; 4</td></tr><tr><td>备注</td></tr></table>", "面积 3 < 4\n备注"),
        ("<style>p { color: red }</style><p>正文</p><script>alert('<b>')</script>", "正文"),
        ("3 < 4 > 2 &amp; 年产<10万吨", "3 < 4 > 2 &amp; 年产<10万吨"),
        ("<script>没有结束", ""),
    ],
)
def test_a_description_is_plain_text(text: str, expected: str) -> None:
    assert html_to_text(text) == expected


@pytest.mark.parametrize("unit", ["<b", "<script>", "<b>", "</", "<<", "< a", "<style></style>", "&lt"])
def test_descriptions_take_linear_time(unit: str) -> None:
    from time import process_time

    def cost(times: int) -> float:
        best = float("inf")
        for _ in range(3):
            start = process_time()
            html_to_text("<i>" + unit * times)
            best = min(best, process_time() - start)
        return best

    assert cost(40_000) < 8 * cost(10_000) + 0.02


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    result = parsed(tmp_path, kml(placemark("甲") + link), "a.kml")
    assert codes(result) == ["features-passed"]
    assert "NetworkLink" in result.faults[0].message("zh")
    with pytest.raises(UsageError) as caught:
        read(tmp_path, kml(link), "a.kml")
    assert caught.value.code == "kml-links-only"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]><kml>&x;</kml>', "xml-doctype"),
        (b"<!DOCTYPE kml><kml/>", "xml-doctype"),
        (b"<kml><Document>", "xml-form"),
        (b"<kml>&nbsp;</kml>", "xml-form"),
        (b"<gpx/>", "kind-misnamed"),
        (b"<OGRVRTDataSource/>", "kind-misnamed"),
        (b"<html><body/></html>", "kind-misnamed"),
        (b"<wfs:FeatureCollection xmlns:wfs='w'/>", "kind-misnamed"),
        (b'{"type": "gdal_streamed_alg"}', "kind-misnamed"),
        (b"name,lon\n", "kind-misnamed"),
        (b"PK\x03\x04", "kind-misnamed"),
        (b"", "kind-misnamed"),
        (b"<kml>" + b"<Folder>" * 200 + b"</Folder>" * 200 + b"</kml>", "file-limit"),
    ],
)
def test_what_is_no_sound_kml(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, content, "a.kml")
    assert caught.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gbk", "gb2312", "big5"])
def test_the_declared_encoding(tmp_path: Path, encoding: str) -> None:
    text = kml(
        placemark("重慶" if encoding == "big5" else "重庆綦江"), f'<?xml version="1.0" encoding="{encoding}"?>'
    ).decode()
    if encoding == "gb2312":
        text = text.replace("园区调研", "")
    assert read(tmp_path, text.replace("园区调研", "").encode(encoding), "a.kml").frame["name"][0].startswith("重")


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, data in members.items():
            bundle.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def test_a_kmz_is_its_kml(tmp_path: Path) -> None:
    inside = kml(folder("企业", placemark("甲")))
    for data in (
        zipped(doc_kml=inside),
        zipped(files__a_png=b"x", layer_kml=inside),
        zipped(other_kml=kml(""), doc_kml=inside),
    ):
        tf = read(tmp_path, data, "a.kmz")
        assert (tf.frame["name"][0], tf.frame["folder"][0]) == ("甲", "企业")
    assert [note.key for note in tf.notes] == ["note-layers", "note-unknown-columns"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(zipped(a_txt=b"x"), "zip-nothing"), (b"<kml/>", "kind-misnamed"), (b"PK\x03\x04xx", "vector-unreadable")],
    ids=["of-a-text", "named-so", "damaged"],  # an archive holds the time at which it was made
)
def test_what_is_no_kmz(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, data, "a.kmz")
    assert caught.value.code == code


def test_a_property_called_folder_stays(tmp_path: Path) -> None:
    data = f"<ExtendedData><Data name='folder'><value>自己的</value></Data></ExtendedData>{POINT}"
    tf = read(tmp_path, kml(folder("企业", placemark("甲", data))), "a.kml")
    assert (tf.frame["folder"][0], tf.frame["文件夹"][0]) == ("自己的", "企业")
