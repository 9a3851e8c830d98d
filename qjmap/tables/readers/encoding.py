"""Bytes -> text: by byte-order mark, as UTF-16 without a mark, as UTF-8, else in the encoding whose text scores best.

Almost every file in a legacy encoding decodes without error in several others, so the first one that fits may be wrong. Instead
the text that each candidate gives is scored (`language_score`). A file whose texts all score low, or whose best two scores are too close
to choose, is refused rather than read as mojibake.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from qjmap.errors import UsageError
from qjmap.tables.readers.language_score import ALPHABETIC, CHARACTER_SETS, language_score

_SAMPLE = 65_536  # number of bytes in which NULs are looked for
_SCORED = 8_192  # number of bytes of lines with non-ASCII characters that are scored
_LONG_LINE = 2_000  # number of bytes of a line that are scored
_MIN_SCORE = 0.45  # a text with a lower score is not readable
_MIN_ALPHABETIC_SCORE = 0.6  # the same for encodings of alphabets
_MARGIN = 0.15  # two scores are close if they differ by less
_ALPHABETIC_MARGINS = ((3, 0.6), (8, 0.3), (16, 0.15), (10**9, 0.03))
"""(largest number of letters, needed difference of scores) to choose between two encodings of alphabets. They give different letters
for the same bytes, and the fewer letters there are, the less sure is the score.
"""

_BYTE_ORDER_MARKS = (  # longer marks first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_SUPERSETS = dict.fromkeys(("gb2312", "gbk", "x-gbk", "cp936"), "gb18030")
"""Encoding that a file declares -> the larger encoding that Chinese programs mean by it."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and how it was decoded.

    Attributes
    ----------
    text : "" if the encoding was only detected.
    encoding : Python's name of the encoding; "utf-8-sig" is UTF-8 with a byte-order mark.
    method : "mark" (byte-order mark), "strict" (valid UTF-8), "zeros" (UTF-16 by its NUL bytes), "score" (best score), "given"
        (by the caller or the file itself), or "unclear" if no encoding gives a readable text.
    runner_up : the second-best encoding if its score is close, else "".
    broken : whether the text holds replacement characters for undecodable bytes.
    """

    text: str
    encoding: str
    method: str
    runner_up: str = ""
    broken: bool = False


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode the bytes of a file in `encoding`; None to detect it. Raises the errors of `detect`.

    Undecodable bytes become U+FFFD; callers refuse a text whose encoding is unclear with `refuse_unclear`.
    """
    return decode_as(data, detect(data, encoding))


def decode_as(data: bytes, detected: Decoded) -> Decoded:
    """Decode the bytes of a file in the encoding that `detect` returned for it; undecodable bytes become U+FFFD."""
    try:
        return replace(detected, text=data.decode(detected.encoding))
    except UnicodeDecodeError:
        return replace(detected, text=data.decode(detected.encoding, errors="replace"), broken=True)


def decode_declared(data: bytes, declaration: re.Match[bytes] | None) -> Decoded:
    """Decode in the encoding that the file declares in its own first bytes, if that fits every byte, else in the detected one.

    The encoding is also detected if the file declares UTF-8 or UTF-16, or a name that Python does not know.

    Parameters
    ----------
    declaration : a match whose first group is the declared name; None without a declaration.
    """
    name = declaration[1].decode("ascii").lower() if declaration else ""
    if name and not name.startswith(
        ("utf-8", "utf8", "utf-16")
    ):  # for these names, detection is more reliable than the declaration
        with suppress(UsageError):
            decoded = decode(data, _SUPERSETS.get(name, name))
            if not decoded.broken:
                return decoded
    return decode(data)


def detect(data: bytes, encoding: str | None = None) -> Decoded:
    """Return the encoding of a file, with an empty text: by byte-order mark, as UTF-16 by its NULs, as UTF-8, else by score.

    Parameters
    ----------
    encoding : the encoding, if the caller knows it.

    Raises
    ------
    UsageError : `encoding-unknown`, Python does not know `encoding`.
    """
    if encoding:
        name = codec_name(encoding)
        has_mark = name == "utf-8" and data.startswith(codecs.BOM_UTF8)
        return Decoded("", "utf-8-sig" if has_mark else name, "given")
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Decoded("", name, "mark")
    sample = data[:_SAMPLE]
    if b"\0" in sample and (utf16 := _unmarked_utf16(sample)):
        return Decoded("", utf16, "zeros")
    with suppress(UnicodeDecodeError):  # a stray NUL does not matter here: the cell that holds it is reported
        data.decode("utf-8")
        return Decoded("", "utf-8", "strict")
    return _best_scored(data)


def codec_name(encoding: str) -> str:
    """Return Python's name of a text encoding.

    Raises
    ------
    UsageError : `encoding-unknown`, Python does not know it.
    """
    try:
        b"a".decode(encoding, "replace")  # raises LookupError also for codecs of bytes such as hex
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError):
        raise UsageError("encoding-unknown", encoding=encoding) from None


def _unmarked_utf16(sample: bytes) -> str:
    """Return the codec of bytes in UTF-16 without a mark, "" for other bytes. In UTF-16 the high bytes of separators, digits and line ends
    are NULs, all at even or all at odd offsets.
    """
    if len(sample) < 4 or (len(sample) % 2 and len(sample) < _SAMPLE):
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    codec = "utf-16-le" if odd > 8 * even else "utf-16-be" if even > 8 * odd else ""
    if not codec or even + odd >= max(2, len(sample) // 100):
        return codec
    # few NULs: long texts with few separators, or no UTF-16
    return codec if language_score(sample.decode(codec, "replace"), "utf-8") >= _MIN_SCORE else ""


def _best_scored(data: bytes) -> Decoded:
    """Return the candidate encoding whose text scores best, with an empty text; its method is "unclear" if the score is low, or that of
    another one is too close.
    """
    sample = b"\n".join(_non_ascii_lines(data))
    codecs_ = ("utf-8", *CHARACTER_SETS, *ALPHABETIC)
    texts = {codec: sample.decode(codec, "replace") for codec in codecs_}
    scores = {codec: language_score(text, codec) for codec, text in texts.items()}
    best, *others = sorted(codecs_, key=lambda codec: -scores[codec])  # equal scores keep the order of the candidates
    others = [codec for codec in others if texts[codec] != texts[best]]
    second = others[0] if others else best
    distance = scores[best] - scores[second] if others else 1.0
    needed = _alphabetic_margin(texts[best]) if {best, second} & {*ALPHABETIC} else 0.0
    if scores[best] < (_MIN_ALPHABETIC_SCORE if best in ALPHABETIC else _MIN_SCORE) or distance < needed:
        return Decoded("", best, "unclear", second if distance < needed else "")
    margin = _MARGIN if best in CHARACTER_SETS else _MARGIN / 3
    return Decoded("", best, "score", second if distance < margin else "")


def _alphabetic_margin(text: str) -> float:
    """Return the needed difference between the scores of the best and the second-best encoding, by the number of letters in the text."""
    letters = sum(character > "\x7f" for character in text)
    return next(margin for most, margin in _ALPHABETIC_MARGINS if letters <= most)


def _non_ascii_lines(data: bytes) -> Iterable[bytes]:
    """Yield the first lines with non-ASCII bytes, about `_SCORED` bytes in all; lines in ASCII tell nothing. Long lines are cut."""
    size = 0
    for line in (*data[: 64 * _SAMPLE].splitlines(), data[64 * _SAMPLE :]):
        match = _NON_ASCII.search(line)
        if not match:
            continue
        if len(line) > _LONG_LINE:  # from the first non-ASCII byte to a separator, so that no character is cut in two
            line = line[match.start() : match.start() + _LONG_LINE]
            line = line[: max(map(line.rfind, (b",", b";", b"\t", b" "))) + 1] or line
        yield line
        size += len(line)
        if size > _SCORED:
            return


ENCODING_NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "gb18030": "GB18030/GBK", "big5hkscs": "Big5", "big5": "Big5", "gbk": "GBK",
    "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR/CP949", "cp1252": "Windows-1252 (Latin 1)", "cp1250": "Windows-1250",
    "cp1254": "Windows-1254", "cp1251": "Windows-1251", "cp1253": "Windows-1253", "iso8859-7": "ISO 8859-7",
    "cp1255": "Windows-1255", "cp1257": "Windows-1257", "iso8859-2": "ISO 8859-2", "iso8859-5": "ISO 8859-5", "iso8859-15": "ISO 8859-15",
    "mac_cyrillic": "Mac Cyrillic", "mac_roman": "Mac Roman", "cp850": "CP850 (MS-DOS)", "koi8-r": "KOI8-R", "cp866": "CP866 (MS-DOS)",
    "utf-16": "UTF-16", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "utf-32": "UTF-32", "gb2312": "GB2312",
}  # fmt: skip


def encoding_name(encoding: str) -> str:
    """Return the usual name of an encoding, for messages."""
    return ENCODING_NAMES.get(encoding, encoding)


def refuse_unclear(decoded: Decoded, shown: str) -> None:
    """Raise UsageError (`encoding-unclear`) if no encoding gave a readable text."""
    if decoded.method == "unclear":
        names = [encoding_name(codec) for codec in (decoded.encoding, decoded.runner_up) if decoded.runner_up]
        among = {
            "zh": f"（可能是 {'、'.join(names)}）" if names else "",
            "en": f" (perhaps {' or '.join(names)})" if names else "",
        }
        raise UsageError("encoding-unclear", path=shown, among=among)
