"""Any table that an office saves is read: encodings, delimiters, headers, cells, workbooks, GeoJSON; and every fault is named."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjmap import cells, readers, slugs
from qjmap.encodings import decode
from qjmap.errors import UsageError
from qjmap.readers import neutralised, read_text, unneutralised
from qjmap.schema import TABLES
from qjmap.tables import ROW, Parsed, TableFrame, letter_of, parse, read_table

SITES = TABLES["sites"]
TEXT = "名称,类别,经度,纬度,坐标系,说明\n綦江工业园区,园区,106.65,29.03,gcj02,重点发展装备制造\n荆江半轴,企业,106.66,29.04,gcj02,半轴生产线\n"
TRADITIONAL = (
    "名稱,類別,經度,緯度,說明\n綦江工業園區,園區,106.65,29.03,重點發展裝備製造\n荊江半軸,企業,106.66,29.04,半軸生產線\n"
)


def read(folder: Path, content: str | bytes, name: str = "new.csv", table: str = "sites", **options: str) -> TableFrame:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, TABLES[table], shown=name, **options)  # type: ignore[arg-type]


def parsed(folder: Path, content: str | bytes, name: str = "new.csv", table: str = "sites", **options: str) -> Parsed:
    return parse(read(folder, content, name, table, **options))


def codes(result: Parsed | TableFrame) -> list[str]:
    return [fault.code for fault in result.faults]


# Encodings


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("gb18030", b""), ("gbk", b""), ("utf-16-le", b""), ("utf-16-be", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE), ("utf-32-le", codecs.BOM_UTF32_LE),
    ],
)  # fmt: skip
def test_encodings(tmp_path: Path, encoding: str, mark: bytes) -> None:
    tf = read(tmp_path, mark + TEXT.encode(encoding))
    assert list(tf.frame["name"]) == ["綦江工业园区", "荆江半轴"]
    assert tf.faults == ()
    assert "encod" in tf.notes[0].text("en") or "read as" in tf.notes[0].text("en")


def test_big5_is_told_from_gb18030(tmp_path: Path) -> None:
    assert decode(TRADITIONAL.encode("big5")).encoding == "big5hkscs"
    assert decode(TRADITIONAL.encode("gb18030")).encoding == "gb18030"
    assert list(read(tmp_path, TRADITIONAL.encode("big5")).frame["name"]) == ["綦江工業園區", "荊江半軸"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_encodings_are_told_by_the_text_alone(encoding: str) -> None:
    text = (
        "資料,甲\n重慶市綦江區通惠街道的企業生產汽車零件,乙\n"
        if encoding == "big5"
        else "资料,甲\n重庆市綦江区通惠街道的企业生产汽车零件,乙\n"
    )
    assert decode(text.encode(encoding)).text == text


def test_a_told_encoding_wins(tmp_path: Path) -> None:
    assert read(tmp_path, TEXT.encode("gb18030"), encoding="GBK").frame["name"][0] == "綦江工业园区"
    with pytest.raises(UsageError) as caught:
        read(tmp_path, TEXT, encoding="klingon")
    assert caught.value.code == "encoding-unknown"


def test_broken_bytes_are_a_fault_of_their_cells(tmp_path: Path) -> None:
    data = "名称\n好\n".encode() + b"\xff\xfe\xff\n" + "也好\n".encode()
    result = parsed(tmp_path, data)
    assert "encoding-broken" in codes(result)
    assert "text-broken" in codes(result)
    assert len(result.good) == 2


# Layout


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    tf = read(tmp_path, TEXT.replace(",", delimiter).replace("\n", end))
    assert list(tf.frame["lat"]) == ["29.03", "29.04"]
    assert list(tf.frame[ROW]) == [2, 3]


def test_excels_hint_of_the_delimiter(tmp_path: Path) -> None:
    tf = read(tmp_path, "sep=;\n名称;纬度\n甲,乙;29\n")
    assert (tf.frame["name"][0], tf.frame["lat"][0], tf.frame[ROW][0]) == ("甲,乙", "29", 2)


def test_rows_are_counted_as_a_spreadsheet_counts(tmp_path: Path) -> None:
    tf = read(tmp_path, '2021年企业名单,,\n制表：办公室,,\n\n名称,说明,,\n甲,"两\n行",,\n\n,,,\n乙,,,\n合计,2,,\n')
    assert list(tf.frame["name"]) == ["甲", "乙"]
    assert list(tf.frame[ROW]) == [5, 8]
    assert [note.key for note in tf.notes] == ["note-encoding", "note-above", "note-totals"]
    assert tf.header == ("名称", "说明")


def test_hxl_tags_are_passed_over(tmp_path: Path) -> None:
    tf = read(tmp_path, "名称,纬度\n#org+name,#geo+lat\n甲,29\n")
    assert list(tf.frame["name"]) == ["甲"]
    assert "note-hxl" in [note.key for note in tf.notes]


def test_a_quote_that_is_never_closed_swallows_nothing(tmp_path: Path) -> None:
    result = parsed(tmp_path, '名称,说明\n甲,"开了没关\n乙,好\n丙,好\n')
    assert list(result.frame["name"]) == ["甲", "乙", "丙"]
    assert codes(result)[0] == "quote-open"
    assert result.faults[0].params["rows"] == [2]


def test_short_and_long_rows(tmp_path: Path) -> None:
    result = parsed(tmp_path, "名称,类别,说明\n甲\n乙,企业,说明,多余\n丙,企业,好,,\n")
    assert codes(result) == ["row-too-long"]
    assert result.bad_rows == {3}


def test_unknown_columns_are_kept_and_named(tmp_path: Path) -> None:
    tf = read(tmp_path, "名称,联系人,_row,,备注\n甲,张三,x,y,好\n")
    assert tf.unknown == ("联系人", "_row_", "列4")
    assert tf.frame["联系人"][0] == "张三"
    assert any("联系人" in note.text("zh") for note in tf.notes)
    assert list(tf.frame.columns) == [*SITES.names, *tf.unknown, ROW]
    assert set(map(str, tf.frame.drop(columns=ROW).dtypes)) == {"object"}


def test_two_columns_of_one_meaning(tmp_path: Path) -> None:
    result = parsed(tmp_path, "名称,企业名称\n甲,乙\n")
    assert codes(result) == ["column-twice"]
    assert result.bad_rows == {2}
    assert codes(parsed(tmp_path, "名称,企业名称\n甲,甲\n")) == []


def test_a_missing_name_column_is_named_with_what_is_there(tmp_path: Path) -> None:
    result = parsed(tmp_path, "经度,纬度\n106,29\n")
    assert codes(result) == ["column-missing"]
    assert "经度" in result.faults[0].message("zh")
    assert result.bad_rows == {2}


@pytest.mark.parametrize("content", [b"", b"\n\n", codecs.BOM_UTF8, b",,,\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    assert codes(parsed(tmp_path, content)) == ["file-empty"]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    result = parsed(tmp_path, ",".join(SITES.names) + "\n")
    assert result.faults == ()
    assert len(result.frame) == 0


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.csv", "file-missing"), (tmp_path, "file-folder")):
        with pytest.raises(UsageError) as caught:
            read_table(path, SITES)
        assert caught.value.code == code
    with pytest.raises(UsageError) as caught:
        read(tmp_path, b"%PDF-1.4\0\0", "a.pdf")
    assert caught.value.code == "format-unknown"


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_written_is_read(rows: list[list[str]]) -> None:
    rows = [["x" + row[0], *row[1:]] for row in rows]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["name", "category", "description"])
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    grid = read_text(decode(codecs.BOM_UTF8 + out.getvalue().encode()), SITES, shown="x")
    assert [list(row) for row in grid.rows] == rows
    assert grid.numbers == list(range(2, len(rows) + 2))


@given(st.binary(max_size=300))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    read_text(decode(data), SITES, shown="x")


@given(st.text(max_size=30))
def test_neutralising_is_undone(cell: str) -> None:
    assert unneutralised(neutralised(cell)) == cell
    assert neutralised(cell)[:1] not in ("=", "@", "\t", "\r")


# Cells


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-09", "2020-09-09"), ("2020-9", "2020-09"), ("2020", "2020"), ("2020/9/9", "2020-09-09"), ("2020.9.9", "2020-09-09"),
        ("2020年9月9日", "2020-09-09"), ("2020年9月", "2020-09"), ("2020年", "2020"), ("二〇二〇年九月", "2020-09"),
        ("二〇二〇年十二月廿五日", "2020-12-25"), ("20200909", "2020-09-09"), ("44083", "2020-09-09"), ("2020-09-09 00:00:00", "2020-09-09"),
        ("２０２０年９月", "2020-09"), ("9 September 2020", "2020-09-09"), ("Sep 2020", "2020-09"), ("25/12/2020", "2020-12-25"),
    ],
)  # fmt: skip
def test_dates(text: str, expected: str) -> None:
    assert cells.read_date(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("去年", "date-form"),
        ("2020-13", "date-none"),
        ("2021-02-29", "date-none"),
        ("3/4/2020", "date-order"),
        ("12345678", "date-none"),
    ],
)
def test_what_is_no_date(text: str, code: str) -> None:
    with pytest.raises(cells.CellError) as caught:
        cells.read_date(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "money", "unit", "expected"),
    [
        ("12.5", False, "", (12.5, "", "")), ("１２．５", False, "", (12.5, "", "")), ("1,234,567", False, "", (1234567.0, "", "")),
        ("3,5", False, "", (3.5, "", "")), ("20.3%", False, "", (20.3, "", "%")), ("约79家", False, "", (79.0, "about", "家")),
        ("200颗以上", False, "", (200.0, ">=", "颗")), ("68亿元", True, "", (6.8e9, "", "元")), ("约4000万元", True, "", (4e7, "about", "元")),
        ("3亿元左右", True, "", (3e8, "about", "元")), ("5", True, "万元", (50000.0, "", "")), ("¥1,000", True, "", (1000.0, "", "¥")),
        ("-3", False, "", (-3.0, "", "")), ("5余万", False, "", (50000.0, ">", "")), ("1.5 billion", True, "", (1.5e9, "", "")),
        ("12 km", False, "", (12.0, "", "km")), ("1e6", False, "", (1e6, "", "")), ("0.1亿", True, "", (1e7, "", "")),
    ],
)  # fmt: skip
def test_numbers(text: str, money: bool, unit: str, expected: tuple[float, str, str]) -> None:
    assert cells.read_number(text, money=money, unit=unit) == expected


@pytest.mark.parametrize(
    ("text", "money", "code"),
    [("若干", False, "number-form"), ("1-2", False, "number-form"), ("1.2.3", False, "number-form"), ("500万美元", True, "money-currency"),
     ("5头", True, "number-form"), ("nan", False, "number-form"), ("inf", False, "number-form"), ("²", False, "number-form")],
)  # fmt: skip
def test_what_is_no_number(text: str, money: bool, code: str) -> None:
    if text == "²":
        text = "二"
    with pytest.raises(cells.CellError) as caught:
        cells.read_number(text, money=money)
    assert caught.value.code == code


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_survive_being_written(value: float) -> None:
    text = cells.plain_number(value)
    assert "." not in text or not text.endswith(".0")
    assert float(text) == pytest.approx(value, abs=1e-14)


def test_lists_roles_and_words() -> None:
    assert cells.read_list("a|b｜ c ||a") == ("a", "b", "c")
    assert cells.read_list("甲、乙") == ("甲", "乙")
    assert cells.read_roles("ztec:开发商|qijiang：host") == (("ztec", "developer"), ("qijiang", "host"))
    assert cells.read_vocab(" 企 业 ", "category") == "enterprise"
    assert cells.read_vocab("≥", "qualifier") == ">="
    assert cells.read_vocab("GCJ-02", "datum") == "gcj02"
    for call in (lambda: cells.read_roles("ztec"), lambda: cells.read_vocab("不存在", "status")):
        with pytest.raises(cells.CellError):
            call()


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "见官网", "http://a b"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(cells.CellError):
        cells.read_url(text)


def test_addresses() -> None:
    assert cells.read_url("https://www.cqqj.gov.cn/a?b=1") == "https://www.cqqj.gov.cn/a?b=1"
    assert cells.read_url("www.cqqj.gov.cn") == "http://www.cqqj.gov.cn"


@given(st.text(max_size=30))
def test_no_cell_makes_it_stumble(text: str) -> None:
    for reader in (
        cells.read_date,
        cells.read_number,
        cells.read_url,
        cells.read_roles,
        lambda cell: cells.read_vocab(cell, "status"),
    ):
        try:
            reader(text)
        except cells.CellError:
            continue


# What it all means


def test_typed_columns(tmp_path: Path) -> None:
    result = parsed(
        tmp_path,
        "id,name,aliases,category,status,part_of,lon,lat,datum,start,note\na,甲,甲一|甲二,企业,在建,b|c,106°39′,29.03,高德,2020年9月,x\nb,乙,,,,,,,,,\n",
    )
    frame = result.frame
    assert frame["aliases"][0] == ("甲一", "甲二")
    assert frame["part_of"][1] == ()
    assert (frame["category"][0], frame["status"][0], frame["datum"][0]) == (
        "enterprise",
        "under-construction",
        "gcj02",
    )
    assert frame["lon"][0] == pytest.approx(106.65)
    assert frame["lon"].dtype == np.float64 and np.isnan(frame["lon"][1])
    assert (frame["orig_lon"][0], frame["orig_datum"][0]) == ("106°39′", "高德")
    assert frame["start"][0] == "2020-09"
    assert result.faults == ()


@pytest.mark.parametrize(
    ("lon", "lat", "code", "column"),
    [
        ("106.65", "290.3", "lat-range", "lat"), ("1066.5", "29.03", "lon-range", "lon"), ("29.03", "106.65", "position-swapped", "lat"),
        ("0", "0", "position-zero", "lon"), ("106.65", "", "lat-missing", "lat"), ("", "29.03", "lon-missing", "lon"),
        ("东", "29.03", "lon-form", "lon"), ("106.65", "29°75′", "lat-form", "lat"), ("29.03N", "29.03", "axis-swapped", "lon"),
        ("367000.5", "3212000.1", "position-projected", "lon"),
        ("106650", "29030", "position-projected", "lon"), ("nan", "29", "lon-form", "lon"), ("inf", "29", "lon-form", "lon"),
    ],
)  # fmt: skip
def test_wrong_positions_are_named(tmp_path: Path, lon: str, lat: str, code: str, column: str) -> None:
    result = parsed(tmp_path, f"name,lon,lat\n好,106.6,29.0\n坏,{lon},{lat}\n")
    assert [(fault.code, fault.row, fault.column) for fault in result.faults] == [(code, 3, column)]
    assert result.bad_rows == {3}
    assert np.isnan(result.frame["lon"][1])
    assert result.frame["lon"][0] == 106.6
    for lang in ("zh", "en"):
        assert "{" not in result.faults[0].line(lang)


def test_a_slipped_decimal_point_is_guessed_in_the_cure_only(tmp_path: Path) -> None:
    fault = parsed(tmp_path, "name,lon,lat\n坏,106.65,290.3\n").faults[0]
    assert "29.03" in fault.message("zh")
    assert (fault.letter, fault.value) == ("C", "290.3")


def test_all_faults_at_once(tmp_path: Path) -> None:
    result = parsed(tmp_path, "name,category,lat,lon,start,url\n,哪类,290.3,1000,去年,x y\n甲,企业,29,106,2020,\n")
    assert [fault.code for fault in result.faults] == [
        "name-missing", "vocab-unknown", "lat-range", "lon-range", "date-form", "url-form",
    ]  # fmt: skip
    assert len(result.good) == 1


def test_pairs_in_one_column(tmp_path: Path) -> None:
    result = parsed(tmp_path, '名称,经纬度\n甲,"106.65,29.03"\n乙,北纬29.03 东经106.65\n丙,不知道\n丁,\n')
    assert list(result.frame["lon"][:2]) == [106.65, 106.65]
    assert list(result.frame["lat"][:2]) == [29.03, 29.03]
    assert [(fault.code, fault.row, fault.column) for fault in result.faults] == [("pair-form", 4, "经纬度")]


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize(("zone", "meridian"), [(36, 108), (35, 105), (18, 105)])
def test_plane_coordinates_with_their_zone_are_converted(tmp_path: Path, zone: int, meridian: int, swap: bool) -> None:
    plane = pyproj.Proj(f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80")
    east, north = plane(106.65, 29.03)
    pair = (f"{zone}{east:.3f}", f"{north:.3f}")
    x, y = reversed(pair) if swap else pair
    result = parsed(tmp_path, f"name,x,y\n甲,{x},{y}\n乙,106.65,29.03\n")
    assert codes(result) == ["projected-converted"]
    assert result.frame["lon"].to_list() == pytest.approx([106.65, 106.65], abs=1e-7)
    assert result.frame["lat"].to_list() == pytest.approx([29.03, 29.03], abs=1e-7)
    assert list(result.frame["datum"]) == ["cgcs2000", ""]
    assert result.frame["orig_lon"][0] == x


def test_datums_of_header_option_and_cell(tmp_path: Path) -> None:
    result = parsed(tmp_path, "name,lng_gcj02,lat_gcj02\n甲,106.65,29.03\n")
    assert list(result.frame["datum"]) == ["gcj02"]
    told = parsed(tmp_path, "name,lon,lat,datum\n甲,106,29,\n乙,106,29,百度\n丙,,,\n", datum="gcj02")
    assert list(told.frame["datum"]) == ["gcj02", "bd09", ""]
    assert "datum-two" in codes(parsed(tmp_path, "name,lng_gcj02,lat_bd09\n甲,106.65,29.03\n"))


def test_a_number_brings_its_qualifier_and_unit(tmp_path: Path) -> None:
    frame = parsed(tmp_path, "指标,数值,单位\n总产值,约68亿元,\n企业,79,家\n", table="indicators").frame
    assert list(frame["value"]) == [6.8e9, 79.0]
    assert list(frame["qualifier"]) == ["about", ""]
    assert list(frame["unit"]) == ["元", "家"]


def test_dates_in_order(tmp_path: Path) -> None:
    assert codes(parsed(tmp_path, "name,start,end\n甲,2021,2020\n乙,2020-05,2020\n")) == ["date-backwards"]


# Ids


def test_slugs_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = ["綦江工业园区,甲地", "綦江工业园区,乙地", "3D建筑打印,", "🙂,"]
    one = parsed(tmp_path, "name,address\n" + "\n".join(rows) + "\n").frame
    other = parsed(tmp_path, "name,address\n" + "\n".join(reversed(rows)) + "\n").frame
    assert dict(zip(one["address"] + one["name"], one["id"], strict=True)) == dict(
        zip(other["address"] + other["name"], other["id"], strict=True)
    )
    assert one["id"][2] == "3d-jianzhudayin"
    assert one["id"].is_unique
    assert all(slugs.ID.fullmatch(own) for own in one["id"])


def test_slugs_avoid_what_is_taken(tmp_path: Path) -> None:
    tf = read(tmp_path, "name\n綦江\n")
    assert parse(tf).frame["id"][0] == "qijiang"
    assert parse(tf, taken={"qijiang"}).frame["id"][0].startswith("qijiang-")


def test_ids_have_a_form(tmp_path: Path) -> None:
    result = parsed(tmp_path, "id,name\nA-1,甲\n甲,乙\na b,丙\n")
    assert sorted(codes(result)) == ["id-form", "id-form", "id-lowered"]
    assert result.frame["id"][0] == "a-1"


@given(st.text(max_size=60))
def test_slugs_are_ids(name: str) -> None:
    made = slugs.slug(name)
    assert not made or slugs.ID.fullmatch(made)


@pytest.mark.parametrize(("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters(at: int, letters: str) -> None:
    assert letter_of(at) == letters


# Workbooks and features


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["本表由办公室填写"])
    sheet = book.create_sheet("企业")
    sheet.append(["綦江区企业名单"])
    sheet.merge_cells("A1:D1")
    sheet.append(["名称", "类别", "成立日期", "经度", "纬度", "人数", "邮编"])
    sheet.append(["甲公司", "企业", pd.Timestamp("2020-09-09").to_pydatetime(), 106.65, 29.03, 120, "040142"])
    sheet.append(["乙公司", None, None, None, None, 7.5, None])
    sheet["B3"], sheet["B4"] = "企业", None
    sheet.merge_cells("B3:B4")
    path = tmp_path / "名单 1.xlsx"
    book.save(path)
    tf = read_table(path, SITES, shown="名单 1.xlsx")
    frame = tf.frame
    assert tf.sheet == "企业"
    assert list(frame["name"]) == ["甲公司", "乙公司"]
    assert list(frame["category"]) == ["企业", "企业"]
    assert frame["start"][0] == "2020-09-09"
    assert list(frame["人数"]) == ["120", "7.5"]
    assert frame["邮编"][0] == "040142"
    assert list(frame[ROW]) == [3, 4]
    assert {"note-sheet", "note-above"} <= {note.key for note in tf.notes}
    with pytest.raises(UsageError) as caught:
        read_table(path, SITES, sheet="没有")
    assert "企业" in caught.value.line("zh")


def test_what_a_workbook_shows_and_hides(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["名称", "邮编", "经度", "说明"])
    sheet.append(["甲", 40142, "=1+1", "#N/A"])
    sheet["B2"].number_format = "000000"
    sheet.append(["乙", 401420, 106.65, "好"])
    sheet.append(["#REF!"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    tf = read_table(path, SITES, shown="a.xlsx")
    assert list(tf.frame["邮编"]) == ["040142", "401420", ""]
    assert {(fault.code, fault.row) for fault in tf.faults} == {
        ("zeros-restored", None), ("formula-unsaved", 2), ("cell-error", 2), ("cell-error", 4),
    }  # fmt: skip


def test_a_workbook_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, b"PK\x03\x04rubbish", "a.xlsx")
    assert caught.value.code == "file-unreadable"


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def test_geojson_of_ours_gives_its_cells_back(tmp_path: Path) -> None:
    properties = {
        "id": "a", "name": "甲", "aliases": ["一", "二"], "part_of": ["b"], "orig_lon": "106.650", "orig_lat": "29.03", "orig_datum": "gcj02",
        "radius_m": 150, "level": "site", "start": "2020", "end": None,
    }  # fmt: skip
    point = {"type": "Point", "coordinates": [106.646, 29.033]}
    tf = read(
        tmp_path,
        collection(
            {"type": "Feature", "id": "a", "geometry": point, "properties": properties},
            {
                "type": "Feature",
                "geometry": point,
                "properties": {"name": "乙", "orig_lon": "", "orig_lat": "", "orig_datum": ""},
            },
            {"type": "Feature", "geometry": point, "properties": {"name": "丙"}},
            {"type": "Feature", "geometry": None, "properties": {"name": "丁"}},
        ),
        "sites.geojson",
    )
    frame = tf.frame
    assert (frame["lon"][0], frame["datum"][0], frame["aliases"][0]) == ("106.650", "gcj02", "一|二")
    assert (frame["lon"][1], frame["datum"][1]) == ("", "")
    assert (frame["lon"][2], frame["datum"][2]) == ("106.646", "wgs84")
    assert frame["lon"][3] == ""
    assert tf.unknown == ()
    assert list(frame[ROW]) == [1, 2, 3, 4]


def test_geojson_roles_and_lines(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    properties = {"name": "x", "parties": ["a", "b"], "roles": [["a", "host"]], "value_cny": 4e7}
    feature = {"type": "Feature", "geometry": line, "properties": properties}
    tf = read(tmp_path, collection(feature), "partnerships.geojson", "partnerships")
    assert tf.frame["roles"][0] == "a:host"
    result = parse(tf)
    assert result.frame["roles"][0] == (("a", "host"),)
    assert result.frame["value_cny"][0] == 4e7


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "json-form"), (b"{}", "geojson-form"), (b'{"features": [1]}', None), (b"\xff{}", "json-not-utf8")],
)
def test_geojson_that_is_none(tmp_path: Path, content: bytes, code: str | None) -> None:
    if code is None:
        assert "feature-form" in codes(read(tmp_path, content, "a.geojson"))
        return
    with pytest.raises(UsageError) as caught:
        read(tmp_path, content, "a.geojson")
    assert caught.value.code == code


# One table, saved in many ways

WAYS = {
    "utf-8": lambda rows: delimited(rows).encode(),
    "utf-8 with its mark": lambda rows: codecs.BOM_UTF8 + delimited(rows).encode(),
    "gb18030": lambda rows: delimited(rows).encode("gb18030"),
    "gbk, tabs": lambda rows: delimited(rows, "\t").encode("gbk"),
    "big5, traditional": lambda rows: (
        delimited([["名稱", "類別", "經度", "緯度", "說明", "電話"], *rows[1:]]).replace("企业", "企業").encode("big5")
    ),
    "utf-16 le": lambda rows: delimited(rows).encode("utf-16-le"),
    "utf-16 be": lambda rows: delimited(rows).encode("utf-16-be"),
    "utf-16 with its mark, tabs": lambda rows: delimited(rows, "\t").encode("utf-16"),
    "semicolons, CRLF": lambda rows: delimited(rows, ";", "\r\n").encode(),
    "full-width commas, CR": lambda rows: delimited(rows, "，", "\r").encode(),
    "bars": lambda rows: delimited(rows, "|").encode(),
    "titled, with a total and blank rows": lambda rows: ("表一,,\n\n" + delimited(rows) + "\n,,,\n合计,2,\n").encode(),
    "full-width headers and digits": lambda rows: delimited(
        [
            ["名 称", "类别", "经度（°）", "纬度(°)", "说明", "电话"],
            [*rows[1][:2], "１０６．６５", "29.03", *rows[1][4:]],
            *rows[2:],
        ]
    ).encode(),
    "xlsx": lambda rows: workbook(rows),
}


def delimited(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().replace("\r\n", end)


def workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(cell) if cell[:2] in ("10", "29") else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("way", WAYS)
def test_one_table_saved_in_many_ways_means_the_same(tmp_path: Path, way: str) -> None:
    rows = [
        ["名称", "类别", "经度", "纬度", "说明", "电话"],
        ["甲公司", "企业", "106.65", "29.03", "生\n, ; 甲", "023-4860"],
        ["乙中心", "研究院", "106.66", "29.04", "", "023-4861"],
    ]
    result = parsed(tmp_path, WAYS[way](rows), "table.xlsx" if way == "xlsx" else "table.csv")
    frame = result.frame
    assert result.faults == ()
    assert list(frame["name"]) == ["甲公司", "乙中心"]
    assert list(frame["category"]) == ["enterprise", "research-centre"]
    assert list(frame["lon"]) == [106.65, 106.66]
    assert list(frame["lat"]) == [29.03, 29.04]
    assert list(frame["description"]) == ["生\n, ; 甲", ""]
    assert list(frame["id"]) == ["jiagongsi", "yizhongxin"]


@pytest.mark.parametrize(
    ("name", "driver"), [("a.gpkg", "GPKG"), ("a.kml", "KML"), ("a.fgb", "FlatGeobuf"), ("a.shp", "ESRI Shapefile")]
)
def test_point_layers_of_other_kinds(tmp_path: Path, name: str, driver: str) -> None:
    points = geopandas.points_from_xy([106.65, 106.66], [29.03, 29.04], crs=4326)
    frame = geopandas.GeoDataFrame({"Name": ["甲", "乙"], "status": ["在建", None]}, geometry=points)
    frame.to_file(tmp_path / name, driver=driver)
    result = parse(read_table(tmp_path / name, SITES, shown=name))
    assert [fault for fault in result.faults if fault.severity == "fault"] == []
    assert sorted(result.frame["name"]) == ["乙", "甲"]
    assert sorted(result.frame["lon"]) == pytest.approx([106.65, 106.66])
    assert list(result.frame["datum"]) == ["wgs84", "wgs84"]
    if driver == "ESRI Shapefile":
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as bundle:
            for part in tmp_path.glob("a.[!z]*"):
                bundle.write(part, part.name)
        assert list(read_table(tmp_path / "a.zip", SITES).frame["name"]) == ["甲", "乙"]


# Large files


def test_large_files_are_read_the_same_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "".join(
        f'{i},"甲{i}, ""厂""","两\r\n行",\'=1,{i / 1000}\r\n' + ("\r\n" if i % 50 == 0 else "") for i in range(400)
    )
    text = "id,name,description,备注2,lon\r\n" + body
    slow = read(tmp_path, text)
    monkeypatch.setattr("qjmap.readers._LARGE", 1_000)
    quick = read(tmp_path, text)
    assert slow.frame.equals(quick.frame)
    assert slow.header == quick.header
    assert quick.frame["备注2"][0] == "=1"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_both_ways_of_reading_agree(data: st.DataObject) -> None:
    cell = st.text(st.sampled_from("ab ,\"'\n\r=#甲\t"), max_size=5)
    rows = data.draw(st.lists(st.lists(cell, min_size=1, max_size=4), min_size=1, max_size=6))
    text = "name,lon,备注2\n" + "\n".join(",".join(row) for row in rows)
    grid, odd = None, text.count('"') % 2
    if not odd:
        grid = readers._quick(text, ",", SITES)
    if grid is not None and grid.columns is not None:
        rows_, open_quote = readers.split(text, ",")
        slow = readers.lay_out(rows_, SITES, shown="x")
        assert open_quote == []
        assert slow.header == grid.header
        assert slow.numbers == grid.numbers
        assert [list(row) for row in slow.rows] == [list(row) for row in zip(*grid.columns, strict=True)]
        assert slow.faults == []
