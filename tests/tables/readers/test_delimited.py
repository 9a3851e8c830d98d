"""Delimited text: delimiters, headers, blank rows, quotation marks, and cells that a spreadsheet would run."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import UsageError
from qjmap.tables import ROW, read_table
from qjmap.tables.readers.delimited import neutralised, read_text, unguarded, unneutralised
from qjmap.tables.readers.encoding import decode
from tests.properties import examples
from tests.tables.helpers import SITES, TEXT, codes, parsed, read


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
    assert all(isinstance(cell, str) for cell in tf.frame.drop(columns=ROW).to_numpy().ravel())


def test_two_columns_of_one_meaning(tmp_path: Path) -> None:
    result = parsed(tmp_path, "名称,企业名称\n甲,乙\n")
    assert codes(result) == []
    assert (result.frame["name"][0], result.raw.unknown) == ("甲", ("企业名称",))
    assert any("企业名称（名称）" in note.text("zh") for note in result.raw.notes)
    assert parsed(tmp_path, "名称,企业名称\n甲,甲\n").raw.unknown == ()


def test_a_canonical_header_twice(tmp_path: Path) -> None:
    result = parsed(tmp_path, "name,name\n甲,乙\n")
    assert codes(result) == ["column-twice"]
    assert (result.frame["name"][0], result.bad_rows) == ("甲", frozenset())


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
    assert caught.value.code == "kind-not-read"


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
def test_any_bytes_are_read_or_refused_as_unclear_encoding(data: bytes) -> None:
    try:
        read_text(decode(data), SITES, shown="x")
    except UsageError as error:
        assert error.code == "encoding-unclear"


SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
ODD = st.text(st.one_of(st.characters(), st.sampled_from(f"'\" \t\r\n\x00\u3000\ufeff\u200b1.5{SIGNS}")), max_size=12)


@examples(1000)
@given(ODD)
def test_neutralising_is_undone(cell: str) -> None:
    assert unneutralised(neutralised(cell)) == cell
    assert unguarded([neutralised(cell)]) == [cell]
    written = neutralised(cell).strip("\t\r\n\x00 \xa0\u3000\ufeff\u200b")
    assert written[:1] not in SIGNS or not written or written == cell  # a plain number
    assert neutralised(cell)[:1] not in ("\t", "\r", "\n")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\n", "\r\n", "\u3000", "\ufeff", "\u200b", "'", "''"])
def test_texts_that_begin_with_a_formula_sign_are_neutralised(sign: str, before: str) -> None:
    assert neutralised(f"{before}{sign}SUM(1)") == f"'{before}{sign}SUM(1)"


@pytest.mark.parametrize("number", ["-29.5", "+5", "7", "-0"])
def test_plain_numbers_stay_numbers(number: str) -> None:
    assert neutralised(number) == number


def test_the_guards_of_erp_systems_are_taken_off(tmp_path: Path) -> None:
    tf = read(tmp_path, '="名称",="地址",="经度"\n="甲厂",="某路1号",="106.65"\n"=""乙, ""厂""""","=""0123""",=106\n')
    assert tf.header == ("名称", "地址", "经度")
    assert tf.frame[["name", "address", "lon"]].to_numpy().tolist() == [
        ["甲厂", "某路1号", "106.65"],
        ['="乙, "厂""', "0123", "=106"],
    ]
