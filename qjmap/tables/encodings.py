"""Bytes -> text, with the reason. A Chinese office saves UTF-8, GB18030 (and its subsets GBK and GB2312), Big5 and UTF-16."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

from qjmap.schema import TABLES, fold

_SAMPLE = 65_536
_BROKEN = "�"

_MARKS = (  # the longer first: UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and how it was found.

    Attributes
    ----------
    encoding : as Python names it; "utf-8-sig" is UTF-8 with a byte-order mark.
    why : "mark", "strict", "zeros", "score", "only" or "told".
    close : the runner-up, when it scored nearly as well; else "".
    broken : the text holds replacement characters for bytes that are nothing in its encoding.
    data : the text as UTF-8, where the file is just that; else b"".
    """

    text: str
    encoding: str
    why: str
    close: str = ""
    broken: bool = False
    data: bytes = b""


def decode(data: bytes, told: str | None = None) -> Decoded:
    """The text of a file.

    By its mark; then UTF-8, if it is that to the letter and holds no NUL; then UTF-16, by where the NULs and the common
    high bytes stand; then GB18030 or Big5, whichever makes the better Chinese. (Almost every Big5 file is formally GB18030
    too, so trying one after the other would not do.)

    Parameters
    ----------
    told : the encoding that the caller knows; LookupError when Python does not know it.
    """
    if told:
        name = codecs.lookup(told).name
        if name == "utf-8" and data.startswith(codecs.BOM_UTF8):
            name = "utf-8-sig"
        return _leniently(data, name, "told")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _leniently(data, name, "mark")
    sample = data[:_SAMPLE]
    if b"\0" not in sample:
        try:
            return Decoded(data.decode("utf-8"), "utf-8", "strict", data=data)
        except UnicodeDecodeError:
            pass
    wide = _wide(sample)
    if wide:
        return _leniently(data, wide, "zeros")
    found = []
    if b"\0" in sample:  # a stray NUL, which is for the cell's reader to name
        try:
            return Decoded(data.decode("utf-8"), "utf-8", "strict")
        except UnicodeDecodeError:
            pass
    for name in ("gb18030", "big5hkscs"):
        try:
            found.append((name, data.decode(name)))
        except UnicodeDecodeError:
            continue
    if not found:
        return min(
            (_leniently(data, name, "only") for name in ("utf-8", "gb18030", "big5hkscs")),
            key=lambda decoded: decoded.text.count(_BROKEN),
        )
    if len(found) == 1:
        return Decoded(found[0][1], found[0][0], "only")
    scored = sorted(((score(text[:_SAMPLE], name), name, text) for name, text in found), reverse=True)
    (best, name, text), (second, other, _) = scored
    return Decoded(text, name, "score", other if best - second < 0.15 else "")


def score(text: str, encoding: str) -> float:
    """How much a text that was decoded from `encoding` looks like Chinese that someone wrote; about -1 to 2.

    The share of its double-byte characters that stand in the encoding's table of common characters, less twice the share
    that is private-use or rare, and a bonus for headers that the tables know.
    """
    wide = [character for character in text if character > "\x7f"]
    if not wide:
        return 0.0
    common = rare = 0
    for character in wide:
        point = ord(character)
        if 0xE000 <= point <= 0xF8FF or point >= 0x20000 or 0x3400 <= point <= 0x4DBF or 0xFF61 <= point <= 0xFF9F:
            rare += 1
            continue
        lead = _lead(character, encoding)
        if encoding == "gb18030":  # GB 2312's first level: the 3,755 commonest characters; and its punctuation
            common += 0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3)
        else:  # Big5's first level: the 5,401 commonest; and its punctuation
            common += 0xA4 <= lead <= 0xC6 or lead in (0xA1, 0xA2)
    first_lines = text[:4096].splitlines()[:5]
    words = {fold(word) for line in first_lines for word in re.split(r"[,;\t|，；]", line)}
    return (common - 2 * rare) / len(wide) + min(1.0, 0.5 * len(words & _header_words()))


def _lead(character: str, encoding: str) -> int:
    """The first byte of a character in the narrow encoding whose tables tell common from rare; 0 when it is not in it."""
    narrow = "gb2312" if encoding == "gb18030" else "big5"
    try:
        return character.encode(narrow)[0]
    except UnicodeEncodeError:
        return 0


@cache
def _header_words() -> frozenset[str]:
    """Chinese headers, in simplified characters and, as far as they are written alike or listed here, in traditional ones."""
    traditional = (
        "名稱", "企業名稱", "單位", "單位名稱", "項目名稱", "類別", "地址", "經度", "緯度", "座標", "座標系", "精度",
        "狀態", "來源", "簡介", "說明", "備註", "編號", "網址", "日期",
    )  # fmt: skip
    simplified = {
        fold(header)
        for table in TABLES.values()
        for column in table.columns
        for header in column.headers
        if not header.isascii()
    }
    return frozenset(simplified | {fold(word) for word in traditional})


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: its separators, digits and line ends have a zero for a high byte, always on the same side."""
    if len(sample) < 4 or (len(sample) % 2 and len(sample) < _SAMPLE):
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd < max(2, len(sample) // 100):
        return ""
    if odd > 8 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 8 * odd else ""


def _leniently(data: bytes, name: str, why: str) -> Decoded:
    try:
        return Decoded(data.decode(name), name, why)
    except UnicodeDecodeError:
        return Decoded(data.decode(name, errors="replace"), name, why, broken=True)
