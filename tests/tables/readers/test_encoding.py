"""Detection of encodings: by byte-order mark, by bytes, by characters, or as given."""

from __future__ import annotations

import base64
import codecs
import random
from collections import Counter
from pathlib import Path

import pytest

from qjmap.errors import UsageError
from qjmap.tables.readers.encoding import decode
from tests.tables.helpers import TEXT, TRADITIONAL, codes, parsed, read
from tests.tables.multilingual_tables import SAVED, sparse, table
from tests.tables.page_reader import run_page_reader

pytestmark = pytest.mark.slow


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


def test_a_given_encoding_wins(tmp_path: Path) -> None:
    assert read(tmp_path, TEXT.encode("gb18030"), encoding="GBK").frame["name"][0] == "綦江工业园区"
    for encoding in ("klingon", "hex"):  # no codec; a codec of bytes
        with pytest.raises(UsageError) as caught:
            read(tmp_path, TEXT, encoding=encoding)
        assert caught.value.code == "encoding-unknown"


def test_broken_bytes_are_a_fault_of_their_cells(tmp_path: Path) -> None:
    data = "名称\n好\n".encode() + b"\xff\xfe\xff\n" + "也好\n".encode()
    result = parsed(tmp_path, data)
    assert "encoding-broken" in codes(result)
    assert "text-broken" in codes(result)
    assert len(result.good) == 2


@pytest.mark.slow
@pytest.mark.parametrize(("language", "encoding"), SAVED)
def test_a_table_is_read_as_it_was_saved_or_refused(language: str, encoding: str) -> None:
    """Never mojibake: tables of any length, with few or many non-ASCII letters."""
    found: Counter[str] = Counter()
    for rows in (1, 3, 10, 100):
        for seed in map(str, range(6)):
            for text in (table(language, rows, seed, headed=rows % 2 == 0), sparse(language, 10 * rows, seed)):
                if text.isascii() or any("\ud800" <= sign <= "\udfff" for sign in text):
                    continue
                try:
                    data = text.encode(encoding)
                except UnicodeEncodeError:
                    continue
                decoded = decode(data)
                kind = "refused" if decoded.method == "unclear" else "right" if decoded.text == text else "wrong"
                found[kind] += 1
                if rows == 100:
                    assert kind == "right", (text, decoded)
    assert found["wrong"] == 0
    assert found["right"] > found["refused"]


@pytest.mark.slow
def test_chinese_tables_are_always_read() -> None:
    for encoding, language in (("gb18030", "zh"), ("big5hkscs", "zh-hant")):
        for rows in (1, 2, 3, 5, 30):
            for seed in map(str, range(40)):
                text = table(language, rows, seed)
                assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    "data",
    [bytes(range(0x80, 0x100)), "name\nกรุงเทพมหานคร,ถนนสุขุมวิท\n".encode("cp874"), random.Random(1).randbytes(400)],
)
def test_what_looks_like_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, data)
    assert caught.value.code == "encoding-unclear"
    assert "--encoding" in str(caught.value)
    assert read(tmp_path, data, encoding="latin-1").encoding == "iso8859-1"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "cp949"])
def test_a_few_broken_bytes_in_a_large_file_cost_their_cells_alone(encoding: str) -> None:
    language = {"big5hkscs": "zh-hant", "cp949": "ko"}.get(encoding, "zh")
    text = table(language, 3000, "0")
    for at in (10, len(text) // 2, len(text) - 30):
        before, after = text[:at], text[at:]
        decoded = decode(before.encode(encoding) + b"\xff" + after.encode(encoding))
        assert (decoded.encoding, decoded.broken) == (encoding, True)
        assert sum(one != other for one, other in zip(decoded.text.splitlines(), text.splitlines(), strict=True)) == 1


def test_utf_16_without_a_mark_and_with_few_separators() -> None:
    text = "名称,简介\n甲厂," + "重庆市綦江区古南街道的企业生产汽车零件" * 40 + "\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(text.encode(encoding)).text == text


@pytest.mark.slow
def test_the_page_tells_encodings_as_the_program_does() -> None:
    files = [table(language, rows, str(rows)).encode(name, "ignore") for language, name in SAVED for rows in (1, 3, 10)]
    files += [sparse(language, 60, "1").encode(name, "ignore") for language, name in SAVED]
    files += [random.Random(seed).randbytes(60) for seed in range(30)]
    page = run_page_reader(
        """return given.map((one) => {
          const found = E.decode(Uint8Array.from(atob(one), (sign) => sign.charCodeAt(0)));
          return [found.encoding, found.close || "", Boolean(found.unclear), found.unclear ? "" : found.text];
        });""",
        [base64.b64encode(data).decode() for data in files],
    )
    for data, found in zip(files, page, strict=True):
        ours = decode(data)
        unclear = ours.method == "unclear"
        assert found[2:] == [unclear, "" if unclear else ours.text], data[:80]
        assert unclear or found[:2] == [ours.encoding, ours.runner_up], data[:80]


def test_the_page_refuses_what_looks_like_no_text_in_the_same_words(tmp_path: Path) -> None:
    data = "name\nกรุงเทพมหานคร,ถนนสุขุมวิท\n".encode("cp874")
    with pytest.raises(UsageError) as caught:
        read(tmp_path, data, name="thai.csv")
    job = {"bytes": list(data), "name": "thai.csv", "table": "sites", "entries": [], "there": [], "outlines": []}
    found = run_page_reader("return E.readTable({ ...given, bytes: Uint8Array.from(given.bytes) });", job)
    (fault,) = found["faults"]
    assert found["rows"] == []
    assert fault["code"] == caught.value.code == "encoding-unclear"
    assert all(fault["told"][lang][part] in str(caught.value) for lang in ("zh", "en") for part in ("message", "cure"))
