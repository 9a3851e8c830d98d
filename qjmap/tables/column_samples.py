"""The first filled cells of a column, and how many of them fit a column of a table; the readers of cells decide what fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from qjmap.schema import BLANKS, OPEN_VOCABULARIES, Column
from qjmap.tables import angles, cell_values, dates, numbers
from qjmap.tables.cell_values import CellError
from qjmap.tables.empty_words import is_empty_word
from qjmap.vocabulary import BUILT_IN, Vocabularies

SAMPLE_ROWS = 2_000
"""Number of rows at the start of a file from which samples are taken."""
SAMPLE_CELLS = 200
"""Maximum number of filled cells of a column that are looked at."""
SAMPLE_CHARACTERS = 250
"""Maximum number of characters of a cell that are looked at; they are enough to tell what a column holds."""
MOST = 0.5
"""Most cells of a sample pass a test if a greater share of them than this does."""
NEARLY_ALL = 0.9

_NAME_LENGTH = 60
_WORD_LENGTH = 24
_NUMBER = re.compile(r"[-+]?[\d\s.,'/%]*\d[\d\s.,'/%]*")
_TELEPHONE = re.compile(r"[+(]?\d[\d\s()/+;,、\-]{5,}")
_CODE = re.compile(r"(?=.*\d)[A-Za-z]{0,6}[-_./\dA-Za-z]*|[A-Z]{1,5}|\{?[0-9A-Fa-f-]{32,38}\}?")
_ADDRESS = re.compile(
    r"[路街巷道号村镇乡区县市省]\w*\d+|\d+\s*[号號栋幢室弄](?!(?![附院楼之单内负])[^\W\d_])|(?:[省市区县]\w+){2}|\D{2}[路街巷]$"
    r"|\w+(?:路|街|大道|巷)\w*号|丁目|番地|番$"
    r"|\d+-\d+-\d+$|로\s*\d+|길\s*\d+|(?i:str\.|stra(?:ß|ss)e|street|avenue|road|\brd\b|\bst\b)",
)
_POLYGON = re.compile(
    r"^\s*(?:SRID=\d+;\s*)?(?:MULTI\w+|POLYGON|LINESTRING|GEOMETRYCOLLECTION|CURVE\w*)(?:\s*(?:ZM?|M))?\s*(?:\(|EMPTY)",
    re.I,
)


@dataclass(frozen=True)
class Sample:
    """The first filled cells of a column.

    Attributes
    ----------
    texts : at most `SAMPLE_CELLS` texts without blanks around them, each truncated to `SAMPLE_CHARACTERS`.
    rows : number of rows from which they were taken, those with an empty cell included.
    """

    texts: tuple[str, ...]
    rows: int

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """The texts without repetitions, in the order of their first occurrence."""
        return tuple(dict.fromkeys(self.texts))

    def share(self, test: Callable[[str], bool]) -> float:
        """Return the share of the cells that pass a test, from 0 to 1; 0 for an empty column."""
        passed = {text for text in self.distinct if _passes(test, text)}
        return sum(text in passed for text in self.texts) / len(self.texts) if self.texts else 0.0


def _passes(test: Callable[[str], bool], text: str) -> bool:
    """Whether a cell passes a test.

    A cell on which the test fails with an exception (other than MemoryError) does not; the exception becomes a fault of its row when the
    row is read.
    """
    try:
        return test(text)
    except MemoryError:
        raise
    except Exception:
        return False


def sample_of(column: Iterable[str], empty: Callable[[str], bool] = lambda text: not text) -> Sample:
    """Take the sample of a column's first cells.

    Parameters
    ----------
    column : the cells of at most `SAMPLE_ROWS` rows.
    empty : whether a text, without blanks around it, stands for an empty cell.
    """
    texts: list[str] = []
    rows = 0
    for cell in column:
        rows += 1
        text = cell.strip(BLANKS)[:SAMPLE_CHARACTERS]
        if text and not _passes(empty, text):
            texts.append(text)
            if len(texts) == SAMPLE_CELLS:
                break
    return Sample(tuple(texts), rows)


def fits(
    column: Column, unit: str = "", *, weak: bool = False, vocabularies: Vocabularies = BUILT_IN
) -> Callable[[str], bool]:
    """Return a test that tells whether a cell fits a column. A word for an empty cell (无, -) fits every column.

    Parameters
    ----------
    unit : the unit in the header.
    weak : whether the header may mean something else. If so, the cell must be a valid value. If not, it need only look like one: a
        number with too many digits or a date that does not exist fits too, and is reported as a fault of its row later.
    """
    test = _test_of(column, unit, weak, vocabularies)
    return lambda text: test(text) or is_empty_word(text)


def _test_of(column: Column, unit: str, weak: bool, vocabularies: Vocabularies) -> Callable[[str], bool]:
    """Do what `fits` does, but return a test that words for an empty cell do not pass."""
    if column.type in ("lon", "lat"):
        return (lambda text: is_axis(text, 180.0 if column.type == "lon" else 90.0)) if weak else is_angle
    if column.type == "vocab":
        return _vocabulary_test(column.vocab or "", weak, vocabularies)
    if column.type in ("id", "ids"):
        return (is_place_name if column.refers == ("places",) else is_name) if weak else is_text
    read = _VALUES.get(column.type)
    if read is not None:
        meant = _MEANT[column.type]
        money = column.name == "value_cny"
        return lambda text: _reads(lambda: read(text, unit, money)) or (not weak and meant.search(text) is not None)
    if column.name in _OF_ANY_TEXT:
        return lambda text: True
    return is_name if column.name in ("name", "title") else is_text


_OF_ANY_TEXT = ("adcode", "period", "unit", "locator", "position_locator", "note", "licence")
"""Columns of text whose cells may also be numbers."""

_VALUES: Mapping[str, Callable[[str, str, bool], object]] = {
    "number": lambda text, unit, money: numbers.read_number(text, money=money, header_unit=unit),
    "integer": lambda text, unit, money: numbers.read_number(text, header_unit=unit),
    "date": lambda text, unit, money: dates.read_date(text),
    "url": lambda text, unit, money: cell_values.read_url(text),
    "roles": lambda text, unit, money: cell_values.read_roles(text),
}
"""Column type -> reader of a cell, called with the text, the unit of the header, and whether the column holds money."""
_MEANT: Mapping[str, re.Pattern[str]] = {
    "number": re.compile(r"^\D{0,3}\d"),
    "integer": re.compile(r"^\d"),
    "date": re.compile(r"\d{4}|\d\s*[年月日]|\d[-/.]\d"),
    "url": re.compile(r"^\w+:|^www\.|[./]\w+/"),
    "roles": re.compile(r"[:：]"),
}
"""Column type -> pattern of texts that are meant as a value of that type, valid or not."""


def is_pair(text: str) -> bool:
    """Whether a text is a pair of coordinates, or a point in a format of geometry such as WKT (see `angles.read_pair`)."""
    return angles.read_pair(text) is not None


def is_position(text: str) -> bool:
    """Whether a text can be nothing but a position: a point in a format of geometry, or a pair of angles with hemispheres or labels."""
    return angles.read_point(text) is not None or (angles.names_axes(text) and is_pair(text))


def is_shape(text: str) -> bool:
    """Whether a text is a WKT geometry that is no position: a line, an area, several shapes."""
    return _POLYGON.match(text) is not None and not is_position(text)


def is_angle(text: str) -> bool:
    """Whether a text is a number or an angle; its range is not checked."""
    return degrees_of(text) is not None


def is_axis(text: str, most: float) -> bool:
    """Whether a text is a coordinate: from -`most` to `most` degrees, or an easting or northing in metres, from 100 km to 100,000 km."""
    degrees = degrees_of(text)
    return degrees is not None and (abs(degrees) <= most or 100_000.0 <= abs(degrees) < 1e8)


def degrees_of(text: str) -> float | None:
    """Parse a text as degrees: any text that `float` accepts, nan and inf too, or an angle; None for any other text."""
    with suppress(ValueError):
        return float(text)
    angle = angles.read_angle(text)
    return None if angle is None else angle.degrees


def is_date(text: str) -> bool:
    """Whether `read_date` understands a text as a date."""
    return _reads(lambda: dates.read_date(text))


def is_number(text: str) -> bool:
    """Whether a text is digits with at most a sign in front, blanks, separators, slashes and percent signs: -5, 1,234.5, 1/3, 12%."""
    return _NUMBER.fullmatch(text) is not None


def is_text(text: str) -> bool:
    """Whether a text is not just a number (see `is_number`)."""
    return not is_number(text)


def is_name(text: str) -> bool:
    """Whether a text may name something: at most 60 characters; no number, date, e-mail or web address, telephone number or
    coordinates.
    """
    return len(text) <= _NAME_LENGTH and not (
        is_number(text) or _TELEPHONE.fullmatch(text) or "@" in text or "://" in text or is_date(text) or is_pair(text)
    )


def is_word(text: str) -> bool:
    """Whether a text is a short word or a path of at most six of them (公司企业;公司)."""
    parts = re.split(r"[;；|/,，、>＞:：]", text)
    return not is_number(text) and len(parts) <= 6 and all(len(part) <= _WORD_LENGTH for part in parts)


def is_place_name(text: str) -> bool:
    """Whether a text may be the name of a place: at most 24 characters, not just a number, no address with digits."""
    return is_text(text) and len(text) <= _WORD_LENGTH and not (is_address(text) and any(map(str.isdigit, text)))


def is_code(text: str) -> bool:
    """Whether a text looks like an identifier: a number, letters and digits (A001), up to five capitals (QJJ), a GUID."""
    return _CODE.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether a text looks like an address: a street, a house number, or areas one inside the other."""
    return _ADDRESS.search(text) is not None


def _vocabulary_test(vocabulary: str, weak: bool, vocabularies: Vocabularies) -> Callable[[str], bool]:
    if vocabulary == "status" and weak:  # such a column may hold sentences: notes on progress
        return lambda text: vocabularies.find(text, vocabulary) is not None
    return (
        is_word
        if vocabulary in OPEN_VOCABULARIES
        else lambda text: _reads(lambda: cell_values.read_vocab(text, vocabulary))
    )


def _reads(read: Callable[[], object]) -> bool:
    """Whether `read` returns without a `CellError`."""
    try:
        read()
    except CellError:
        return False
    return True
