"""Schema of the tables: their columns, types of cells and accepted headers. Only the standard library is imported, for a quick start.

The headers are listed in `assets/grammar/headers.json`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Literal

from qjmap.grammar import grammar

ColumnType = Literal[
    "text",  # taken as it is
    "texts",  # several texts, separated by |
    "id",  # the id of a row
    "ids",  # several ids, separated by |
    "roles",  # id:role, separated by |
    "date",  # ISO 8601, may stop at the year or the month
    "vocab",  # one value of a vocabulary
    "lon",  # degrees in the datum of the row
    "lat",
    "number",
    "integer",
    "url",
]
"""Type of the cells of a column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : canonical header.
    type : type of the cells.
    vocab : name of the vocabulary of a column of type "vocab"; None for other types.
    required : whether its cells must not be empty.
    headers : further accepted headers; the first is the Chinese label.
    refers : tables whose rows the cells (of types "id", "ids" and "roles") may refer to; () for all tables.
    """

    name: str
    type: ColumnType
    vocab: str | None = None
    required: bool = False
    headers: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The Chinese header."""
        return self.headers[0] if self.headers else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """A table, whose file is `data/<name>.csv`."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in file order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column with a name. Raise KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def word_columns(self) -> Mapping[str, str]:
        """The part of `WORD_COLUMNS` that belongs to columns of this table."""
        open_columns = {column.name for column in self.columns if column.vocab in OPEN_VOCABULARIES}
        return {words: column for words, column in WORD_COLUMNS.items() if column in open_columns}

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)


LIST_SEPARATOR = "|"
"""Separator of the items of a list in a cell."""

GAZETTEER_SOURCE = "gazetteer"
"""`position_source` of a position from the gazetteer of the package. It needs no row in the table of sources."""

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""Datums that coordinates may be typed in."""

PRECISION_RADIUS_M: Mapping[str, float] = MappingProxyType(
    {
        "exact": 10.0,  # surveyed, or read from a map at the entrance
        "site": 150.0,  # somewhere on the premises: half the diagonal of a larger factory
        "park": 2_000.0,  # somewhere in an industrial park of about 10 square kilometres
        "town": 6_000.0,  # a town or subdistrict around Chongqing covers 60 to 150 square kilometres
        "district": 30_000.0,  # a district of Chongqing covers up to 3,000 square kilometres
        # Most prefectures of Sichuan and Guizhou cover 4,000 to 31,000 square kilometres; the largest, Garzê, 150,000.
        "city": 70_000.0,
        "province": 300_000.0,
        "country": 2_000_000.0,
        "unresolved": float("inf"),  # the position is unknown
    }
)
"""Precision -> radius in metres around the given point within which the true position lies."""

UNSTATED_DATUM = "unknown"
"""Value of `datum` in an export for coordinates whose datum is not stated; it is read back as an empty cell."""

UNSTATED_DATUM_M = 700.0
"""Metres that are added to the radius of a position without a stated datum: GCJ-02, the datum of most Chinese web maps, is that far off."""

DERIVED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "places": ("level", "radius_m", "position_of"),
        "sites": ("level", "radius_m", "position_of"),
        "partnerships": ("located", "length_km"),
        "corridors": ("modes", "grades", "length_km", "schematic_km", "legs"),
        "corridor_legs": ("grade", "length_km", "schematic_km", "line_source"),
    }
)
"""Table -> columns that an export adds. A file that has all of them is an export of qjmap; on reading it they are computed anew."""

DERIVED_TYPES: Mapping[str, str] = MappingProxyType(
    {"radius_m": "number", "length_km": "number", "schematic_km": "number", "located": "integer"}
)
"""Types of the derived columns that are no texts."""

EDITION_CHANGE = "edition_change"
"""Column in which an atlas of two editions states what became of each row: words of `EDITION_CHANGES`, joined by `LIST_SEPARATOR`."""
EDITION_CHANGES = ("added", "withdrawn", "moved", "changed", "same")

ORIGINAL: Mapping[str, str] = MappingProxyType({"orig_lon": "lon", "orig_lat": "lat", "orig_datum": "datum"})
"""Column of an export that has the coordinates or datum as typed -> column of the table."""

LOCATED: Mapping[str, str] = MappingProxyType(
    {"level": "precision", "radius_m": "", "score": "", "place_id": "", "matched": "", "reason": ""}
)
"""Column that `locate --file` adds -> column of a table as which it is read; "" for a column that is ignored when a table is read.

The level of a position that was found by name is its precision."""

ASKED: Mapping[str, str] = MappingProxyType({"origin": "", "provider_datum": "", "provider_reason": ""})
"""Further columns that `locate --file` may add and that are ignored when a table is read. Its columns `provider` and `asked_on` become own
columns of a table."""

OPEN_VOCABULARIES = ("category", "status", "place_kind", "partnership_kind", "indicator_kind", "mode")
"""Vocabularies whose columns may have any word. A word that is not in the vocabulary counts as `other` and is kept as typed."""

WORD_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "category_word": "category",
        "kind_word": "kind",
        "status_word": "status",
        "value_kind_word": "value_kind",
        "mode_word": "mode",
    }
)
"""Column with the words, as typed, that are not in the vocabulary -> column that has the value `other` in their place. An export has such
a column unless it is empty; when the export is read, the words are taken from there."""

FAULT_COLUMN = "错误"
"""Header of the column with the faults of each row, in a file of refused rows. It is ignored when the file is read."""

PAIR_HEADERS: tuple[str, ...] = tuple(grammar("headers")["pairs"])
"""Headers of a column that has longitude and latitude in one cell, in either order."""

_ID = Column("id", "id")
_NAME = Column("name", "text", required=True)
_NAMES = (Column("name_en", "text"), Column("aliases", "texts"))
_STATUS = Column("status", "vocab", vocab="status")
_STATUSES = (_STATUS, Column("status_note", "text"))
_DATES = (Column("start", "date"), Column("end", "date"))
_URL = Column("url", "url")
_TOLD = (Column("description", "text"), Column("description_en", "text"), _URL)
_PART_OF = Column("part_of", "ids")
_POSITION = (
    Column("lon", "lon"),
    Column("lat", "lat"),
    Column("datum", "vocab", vocab="datum"),
    Column("precision", "vocab", vocab="precision"),
    Column("position_source", "id", refers=("sources",)),
    Column("position_locator", "text"),
)
_AS_OF = Column("as_of", "date")
_SOURCED = (_AS_OF, Column("source", "id", refers=("sources",)), Column("locator", "text"))
_LEG_ENDS = ("places", "sites")


def _table(name: str, *columns: Column) -> Table:
    """Return a table whose columns get their headers from the grammar: those of this table, else those that all tables share."""
    shared, own = grammar("headers")["shared"], grammar("headers")["tables"][name]
    headed = (replace(column, headers=tuple(own.get(column.name, shared.get(column.name, ())))) for column in columns)
    return Table(name, tuple(headed))


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _table(
                "places", _ID, _NAME, *_NAMES,
                Column("kind", "vocab", vocab="place_kind"),
                Column("parent", "id", refers=("places",)),
                Column("members", "ids"),
                Column("adcode", "text"),
                *_POSITION,
                Column("valid_from", "date"),
                Column("valid_to", "date"),
                *_SOURCED,
            ),
            _table(
                "sites", _ID, _NAME, *_NAMES,
                Column("category", "vocab", vocab="category"),
                *_STATUSES,
                Column("place", "id", refers=("places",)),
                _PART_OF,
                Column("operator", "text"),
                Column("address", "text"),
                *_POSITION, *_DATES, *_TOLD, *_SOURCED,
            ),
            _table(
                "partnerships", _ID, _NAME, *_NAMES,
                Column("kind", "vocab", vocab="partnership_kind"),
                Column("parties", "ids"),
                Column("roles", "roles"),
                _PART_OF,
                Column("about", "ids"),
                Column("direction", "vocab", vocab="direction"),
                *_STATUSES, *_DATES,
                Column("value_cny", "number"),
                Column("value_qualifier", "vocab", vocab="qualifier"),
                Column("value_kind", "vocab", vocab="indicator_kind"),
                *_TOLD, *_SOURCED,
            ),
            _table(
                "corridors", _ID, _NAME, *_NAMES, _PART_OF,
                Column("area", "id", refers=("places",)),
                *_STATUSES, *_DATES, *_TOLD, *_SOURCED,
            ),
            _table(
                "corridor_legs", _ID,
                Column("corridor", "id", required=True, refers=("corridors",)),
                Column("seq", "integer"),
                Column("from", "id", refers=_LEG_ENDS),
                Column("to", "id", refers=_LEG_ENDS),
                Column("via", "ids", refers=_LEG_ENDS),
                Column("mode", "vocab", vocab="mode"),
                Column("along", "vocab", vocab="network"),
                _STATUS,
                Column("published_km", "number"),
                Column("length_source", "id", refers=("sources",)),
                *_SOURCED,
            ),
            _table(
                "indicators", _ID,
                Column("subject", "id"),
                _NAME, _NAMES[0],
                Column("kind", "vocab", vocab="indicator_kind"),
                Column("qualifier", "vocab", vocab="qualifier"),
                Column("value", "number"),
                Column("unit", "text"),
                Column("period", "text"),
                *_SOURCED,
            ),
            _table(
                "sources", _ID,
                Column("title", "text", required=True),
                Column("publisher", "text"),
                Column("published", "date"),
                _URL,
                Column("accessed", "date"),
                Column("licence", "text"),
                Column("note", "text"),
                _AS_OF,
            ),
        )
    }
)  # fmt: skip


_SINGULAR = {"parties": "party", "members": "member"}


def _companions(table: Table) -> Mapping[str, str]:
    """Return name of a column that an export adds -> column of ids or dates for which it is added; see `COMPANIONS`."""
    found: dict[str, str] = {}
    for column in table.columns:
        if column.type == "date":
            found[f"{column.name}_date"] = column.name
        elif column.type == "ids":
            found[f"{_SINGULAR.get(column.name, column.name)}_names"] = column.name
        elif column.type == "id" and column.name != "id":
            found[f"{column.name}_{'title' if column.refers == ('sources',) else 'name'}"] = column.name
    return MappingProxyType(found)


COMPANIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {name: _companions(table) for name, table in TABLES.items()}
)
"""Table -> column that an export adds beside ids (names, titles of sources) or dates (the first day of the period) -> that column of ids
or dates. An exported file has either all such columns of its table or none; readers drop them."""


RADICALS = str.maketrans(
    "⺁⺄⺈⺊⺌⺍⺎⺒⺗⺜⺝⺟⺠⺧⺩⺫⺬⺴⺶⺻⺼⻁⻄⻅⻆⻉⻋⻏⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙刀卜小小兀巳心日月母民牛王目示冗羊聿肉虎西见角贝车邑长长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟龟",
)
"""Radical that text copied from a PDF may have in place of a character (⻄安市) -> the character, simplified, according to the file
EquivalentUnifiedIdeograph.txt of Unicode. Kangxi radicals (⾃) are missing here, since NFKC replaces them.
"""

SIMPLER = RADICALS | str.maketrans(  # traditional -> simplified, for the characters of headers and vocabularies only
    "稱業單類緯經標據狀態來說備註編號網項簡詳細負責資質產區園間開結束啟終運營幣額萬億數縣鎮鄉國際體機構組織協會場廠學醫廳飯館務貿易檢測試驗"
    "設規劃劃簽約協議聯盟點圖層參與關係對方雙單純現實預計劃勢倉儲鐵車車軌陸港樞紐輛電煤礦礦產線間貨發佈布權許證訪問時載別級屬總種話聯繫從內處號幾歷",
    "称业单类纬经标据状态来说备注编号网项简详细负责资质产区园间开结束启终运营币额万亿数县镇乡国际体机构组织协会场厂学医厅饭馆务贸易检测试验"
    "设规划划签约协议联盟点图层参与关系对方双单纯现实预计划势仓储铁车车轨陆港枢纽辆电煤矿矿产线间货发布布权许证访问时载别级属总种话联系从内处号几历",
)


_IGNORED = re.compile(r"[\s_\-‐-―·*:#'\"\u200b-\u200f\ufeff]+")
_TRADITIONAL = re.compile("[" + "".join(map(chr, SIMPLER)) + "]")


@cache
def _ignored_characters() -> list[str]:
    """Return the characters that `_IGNORED` matches. In a long text it is quicker to search for each of them than for the pattern."""
    return [character for character in map(chr, range(0x10000)) if _IGNORED.match(character)]


def fold(text: str) -> str:
    """Return a text normalised for comparison: NFKC, case folded, without spaces, hyphens, quotation marks and the like (`_IGNORED`).

    The traditional characters of `SIMPLER` are replaced by simplified ones.
    """
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    if (len(plain) < 10_000 or any(character in plain for character in _ignored_characters())) and _IGNORED.search(
        plain
    ):
        plain = _IGNORED.sub("", plain)
    return plain.translate(SIMPLER) if _TRADITIONAL.search(plain) else plain


BLANKS = " \t\r\n\v\f\xa0\u3000\u200b\ufeff\u2002\u2003\u2009"
"""Characters that are stripped from both ends of a cell."""


def fold_value(text: str) -> str:
    """Return a word of a vocabulary normalised for comparison: folded, or, if nothing is left of it (as of "-"), only without blanks."""
    return fold(text) or unicodedata.normalize("NFKC", text.strip(BLANKS))


_SEPARATOR = "\x01"
"""Separator of texts that are folded as one text. Folding does not change it, and no other character becomes it."""


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return each text folded. Many texts are joined and folded as one, which is faster."""
    if len(texts) < 100:
        return [fold(text) for text in texts]
    folded = fold(_SEPARATOR.join(texts)).split(_SEPARATOR)
    return folded if len(folded) == len(texts) else [fold(text) for text in texts]
