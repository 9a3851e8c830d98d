"""Long columns over Arrow say what object columns say, and a large file is read by columns as it would be row by row."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.schema import TABLES, fold
from qjmap.tables import Parsed, cell_values, parse, read_table
from qjmap.tables.columns import operations
from qjmap.tables.columns.dtypes import object_array
from qjmap.tables.readers import delimited_arrow
from tests.properties import examples
from tests.tables.helpers import rows_only

SIGNS = st.sampled_from(
    "aAbZ0 9１٣-_·（）ＡｚＺ綦稱厂。、\u3000\u200b\ufeff\u2002\xa0\x01\x7f\x85\n\ufffdßéİ가\U00020000\"',:;#|"
)
CELLS = st.lists(st.text(SIGNS, max_size=6), max_size=12)


def both(texts: list[str]) -> tuple[Any, Any]:
    plain = object_array(texts)
    half = len(texts) // 2
    chunks = [pa.array(part, pa.large_string()) for part in (texts[:half], texts[half:])]
    return plain, operations.string_array(pa.chunked_array(chunks).slice(0))


def few(texts: list[str]) -> Any:
    """The same as codes, into texts of which one is never used."""
    words = ["never", *dict.fromkeys(texts)]
    return operations.categorical(words, np.array([words.index(text, 1) for text in texts], dtype=np.int64))


@examples(400)
@given(CELLS, CELLS)
def test_every_question_has_one_answer(texts: list[str], others: list[str]) -> None:
    plain, long = both(texts)
    codes_of = few(texts)
    for form in (long, codes_of):
        assert operations.to_objects(form).tolist() == texts
        assert operations.to_objects(operations.folded(form)).tolist() == [fold(text) for text in texts]
        assert operations.to_objects(operations.strip(form)).tolist() == [cell_values.clean(text) for text in texts]
        assert operations.unique(form) == operations.unique(plain)
        assert operations.to_arrow(form).to_pylist() == texts
        back = np.arange(len(texts))[::-1]
        assert operations.to_objects(operations.take(form, back)).tolist() == texts[::-1]
        for ask in (
            operations.is_empty,
            operations.duplicated,
            operations.argsort,
            lambda values: operations.isin(values, others),
        ):
            assert ask(form).tolist() == ask(plain).tolist()
    for values in (plain, long, codes_of):
        known, words = operations.dictionary_encode(values)
        assert [words[code] for code in known] == texts
        codes, different = operations.factorize(values)
        assert [different[code] for code in codes] == texts
        assert operations.is_sorted(values) == (texts == sorted(texts))
        codes, different = operations.factorize_without(values, r"\d.*")
        assert [different[code] for code in codes] == [re.sub(r"\d.*", "", text) for text in texts]
        assert set("".join(operations.text_blocks(values))) == set("".join(texts))
    for part in ("#", "Err:5", "\u2028", "稱"):
        for form in (long, codes_of):
            assert operations.any_contains(form, part) == any(part in text for text in texts)
    if operations.is_plain(long):
        for text in texts:
            cell_values.check_characters(text)
    rows = np.arange(len(texts))[::-1]
    assert operations.take(long, rows).tolist() == operations.take(plain, rows).tolist() == texts[::-1]
    assert operations.equal(*both(texts)).all()
    whole = operations.combine_chunks(operations.arrow_or_none(long))
    assert whole.to_pylist() == texts
    assert operations.combine_chunks(whole) is whole
    again = operations.combine_chunks(pa.chunked_array([whole]))
    assert [held and held.address for held in again.buffers()] == [
        held and held.address for held in whole.buffers()
    ]  # no copy


@examples(300)
@given(st.lists(st.text(st.sampled_from("0123456789.-"), max_size=20), min_size=1, max_size=6))
def test_degrees(texts: list[str]) -> None:
    quick = operations.parse_floats(both(texts)[1])
    if quick is not None:
        slow = [float(text) if text else float("nan") for text in texts]
        assert np.array_equal(quick, slow, equal_nan=True)
        assert np.array_equal(quick, operations.parse_floats(few(texts)), equal_nan=True)


HEADER = ["编号", "名称", "类别", "所在地", "地址", "经度", "纬度", "坐标系", "精度", "日期", "网址", "别名", "自定"]
ROW = st.tuples(
    st.sampled_from(["", "s1", "s2", "S3", "x-1", "x_", "坏", " s4", "s5 "]),
    st.one_of(st.text(SIGNS, max_size=5), st.sampled_from(["齿轮厂", "仓库", "'=1+1", "合计", ""])),
    st.sampled_from(["企业", "enterprise", "", "没有"]),
    st.sampled_from(["", "harbour", "海口湾区"]),
    st.text(SIGNS, max_size=4),
    st.sampled_from(["", "106.65", "106.650", "29.1", "0", "x", "1e3", "106°39′", "400", " 106.6"]),
    st.sampled_from(["", "29.03", "106.2", "-29.0", "0", "99"]),
    st.sampled_from(["", "wgs84", "gcj02", "西安80"]),
    st.sampled_from(["", "exact", "unresolved", "site"]),
    st.sampled_from(["", "2020", "2020-09", "2020/9/9", "bad"]),
    st.sampled_from(["", "https://a.cn", "www.a.cn", "javascript:1"]),
    st.sampled_from(["", "甲|乙", "丙"]),
    st.text(SIGNS, max_size=3),
)


def same(one: Parsed, other: Parsed) -> None:
    assert list(one.frame) == list(other.frame)
    for name in one.frame:
        left, right = (
            operations.to_objects(operations.column(parsed.frame, str(name))).tolist() for parsed in (one, other)
        )
        assert [repr(value) for value in left] == [repr(value) for value in right], name
    assert one.faults == other.faults
    assert one.bad_rows == other.bad_rows
    raw, there = one.raw, other.raw
    assert (raw.header, raw.typed, raw.letters, raw.unknown, raw.units, raw.datum, raw.encoding, raw.delimiter, raw.header_row) == (
        there.header, there.typed, there.letters, there.unknown, there.units, there.datum, there.encoding, there.delimiter, there.header_row
    )  # fmt: skip
    assert [str(note) for note in raw.notes] == [str(note) for note in there.notes]
    assert [operations.to_objects(cells).tolist() for cells in raw.cells] == [
        operations.to_objects(cells).tolist() for cells in there.cells
    ]


@pytest.mark.slow
@examples(150)
@given(
    st.lists(ROW, min_size=1, max_size=8),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.sampled_from(["", "\n\n", ",,\n", '"', "a,b\n"]),
)
def test_a_file_by_columns_and_by_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], delimiter: str, ends: str, quoting: Any, encoding: str, tail: str
) -> None:  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ends, quoting=quoting)
    writer.writerow(HEADER)
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("large") / "sites.csv"
    path.write_bytes((text.getvalue() + tail).encode(encoding, "replace"))
    found = []
    for by_rows in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if by_rows:
                rows_only(patch)
            found.append(parse(read_table(path, TABLES["sites"], shown="sites.csv"), fill_ids=False))
    same(*found)


def test_columns_that_hardly_repeat_are_over_arrow_and_others_codes(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("id,name,status\n" + "".join(f"s{at},厂{at},operating\n" for at in range(100)), encoding="utf-8")
    frame = parse(read_table(path, TABLES["sites"])).frame
    assert (str(frame["name"].dtype), str(frame["status"].dtype)) == ("str", "category")


CELL = st.text(st.sampled_from('a,";\n\r\n綦'), max_size=6)


@examples(300)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]), st.integers(1, 40))
def test_a_file_is_cut_between_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], ends: str, size: int
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows(rows)
    path = tmp_path_factory.mktemp("cut") / "sites.csv"
    path.write_bytes(text.getvalue().encode())
    data = path.read_bytes()
    marks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord('"'))
    borders = delimited_arrow.row_starts(path, marks, size)
    parts = [data[start:end].decode() for start, end in pairwise(borders)]
    assert "".join(parts).encode() == data
    found = [[tuple(row) for row in csv.reader(io.StringIO(part, newline=""))] for part in parts]
    assert all(found), "no part is empty"
    assert [row for part in found for row in part] == rows
    assert all(end - start >= size for start, end in pairwise(borders[:-1]))
