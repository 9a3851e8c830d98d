"""Columns as the user tells them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import UsageError
from qjmap.schema import TABLES
from qjmap.tables import parse, read_table
from qjmap.tables.columns_option import find_given_columns, format_columns_option, header_signature, parse_columns
from qjmap.tables.saved_column_mappings import FILE, ColumnSource, recall_columns, remember_columns

SITES = TABLES["sites"]
HEADER = ("甲列", "医院, 名称", "N", "E")


def test_mappings_of_very_long_headers_replace_the_oldest_not_all(tmp_path: Path) -> None:
    headers = [(f"列{number}" + "长" * 9_000, "乙列") for number in range(60)]
    for header in headers:
        remember_columns(tmp_path, "sites", header, {"name": header[0]})
    known = [bool(recall_columns(tmp_path, "sites", header)) for header in headers]
    assert known == sorted(known)
    assert sum(known) > 10


def test_ours_is_any_header_of_the_column_and_theirs_any_text() -> None:
    assert parse_columns("名称=医院名称,纬度=N", SITES) == {"name": "医院名称", "lat": "N"}
    assert parse_columns("name＝a， 坐标 = b=c ,address=", SITES) == {"name": "a", "lonlat": "b=c", "address": ""}
    assert parse_columns("名称=医院, 名称,经度=E", SITES) == {"name": "医院, 名称", "lon": "E"}
    assert parse_columns({"名称": "x"}, SITES) == {"name": "x"}
    assert parse_columns("", SITES) == {}


@pytest.mark.parametrize(
    ("told", "code"), [("名称", "columns-form"), ("没有=甲列", "columns-ours"), ("=甲列", "columns-ours")]
)
def test_an_invalid_columns_option_is_refused(told: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_columns(told, SITES)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("theirs", "at"), [("N", 2), ("甲列", 0), (" 甲 列", 0), ("B", 1), ("d", 3), ("2", 1), ("医院, 名称", 1)]
)
def test_a_given_column_is_looked_up_by_header_then_by_letter_or_number(theirs: str, at: int) -> None:
    assert find_given_columns({"name": theirs}, HEADER).columns == {at: "name"}


@pytest.mark.parametrize("theirs", ["没有", "Z", "0", "5", "-1", "AAAA", "9999999999999"])
def test_a_column_that_is_not_there_is_a_usage_error_with_the_headers(theirs: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_given_columns({"name": theirs}, HEADER)
    assert (caught.value.code, caught.value.params["headers"]) == ("columns-theirs", [*HEADER])


def test_one_column_is_not_two() -> None:
    with pytest.raises(UsageError) as caught:
        find_given_columns({"name": "甲列", "address": "A"}, HEADER)
    assert caught.value.code == "columns-both"


def read(folder: Path, content: str, told: str | None, state: Path | None = None):  # type: ignore[no-untyped-def]
    file = folder / "a.csv"
    file.write_text(content, encoding="utf-8")
    columns = None if told is None else parse_columns(told, SITES)
    return read_table(file, SITES, shown="a.csv", columns=ColumnSource(columns, state))


def test_the_columns_option_overrides_headers_and_contents(tmp_path: Path) -> None:
    text = "name,别的名称,经度,纬度,N\n甲,乙,106,x,29\n"
    assert parse(read(tmp_path, text, None)).frame["name"][0] == "甲"
    frame = parse(read(tmp_path, text, "名称=别的名称,纬度=N")).frame
    assert (frame["name"][0], frame["lon"][0], frame["lat"][0]) == ("乙", 106, 29)
    without = read(tmp_path, text, "经度=,纬度=")
    assert {"经度", "纬度"} <= {*without.unknown}


def test_a_file_without_a_header_by_letters(tmp_path: Path) -> None:
    frame = parse(read(tmp_path, "1,甲站,乙处,29.03,106.65\n2,丙站,丁处,29.04,106.66\n", "名称=C")).frame
    assert list(frame["name"]) == ["乙处", "丁处"]
    assert list(frame["lat"]) == [29.03, 29.04]


def test_a_mapping_is_remembered_by_the_header_and_forgotten(tmp_path: Path) -> None:
    assert remember_columns(tmp_path, "sites", HEADER, {"name": "E"})
    assert not remember_columns(tmp_path, "sites", HEADER, {"name": "E"})
    assert recall_columns(tmp_path, "sites", (" 甲 列", *HEADER[1:])) == {"name": "E"}
    assert recall_columns(tmp_path, "places", HEADER) == {}
    assert recall_columns(tmp_path, "sites", HEADER[:3]) == {}
    remember_columns(tmp_path, "sites", HEADER, {})
    assert recall_columns(tmp_path, "sites", HEADER) == {}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"tables": 1}', b'{"tables": {"sites": {"x": 1}}}', b"\xff\xfe", b"[" * 100_000]
)
def test_damaged_saved_column_mappings_are_ignored(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert recall_columns(tmp_path, "sites", HEADER) == {}
    assert remember_columns(tmp_path, "sites", HEADER, {"name": "E"})
    assert recall_columns(tmp_path, "sites", HEADER) == {"name": "E"}


def test_what_is_remembered_is_said_and_can_be_left(tmp_path: Path) -> None:
    text = "甲列,乙列\n甲厂,乙厂\n丙厂,丁厂\n"
    remember_columns(tmp_path, "sites", ("甲列", "乙列"), {"name": "乙列"})
    frame = read(tmp_path, text, None, tmp_path)
    assert list(frame.frame["name"]) == ["乙厂", "丁厂"]
    assert any("名称=乙列" in note.text("zh") and '--columns ""' in note.text("zh") for note in frame.notes)
    assert list(read(tmp_path, text, "", tmp_path).frame["name"]) == ["甲厂", "丙厂"]


@given(st.dictionaries(st.sampled_from(SITES.names), st.text(st.sampled_from("甲乙N 1.-"), max_size=4)))
def test_a_mapping_reads_as_it_is_written(columns: dict[str, str]) -> None:
    plain = {ours: theirs.strip() for ours, theirs in columns.items()}
    assert parse_columns(format_columns_option(plain, SITES), SITES) == plain


def test_signatures_of_headers() -> None:
    assert header_signature(("名称", "N")) == header_signature((" 名稱", "n"))
    assert header_signature(("名称", "N")) != header_signature(("名称N",))
