"""Which encoding a file is in: by its mark, its bytes, its characters, or as told."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from qjmap.errors import UsageError
from qjmap.tables.encodings import decode
from tests.tables.helpers import TEXT, TRADITIONAL, codes, parsed, read


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
