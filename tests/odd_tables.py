"""Hypothesis strategies for tables that people might make: headers in both languages, unusual cells, addresses of real units."""

from __future__ import annotations

import csv
import io
from functools import cache

from hypothesis import strategies as st

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.i18n import vocab
from qjmap.schema import TABLES, Column

KNOWN = (
    "harbour", "山城市", "park", "海湾齿轮厂", "works", "pact", "rail",
    "survey", "湾县", "hill-zone", "湖畔市", "远岛", "nobody", "甲", "1",
)  # fmt: skip
"""Texts for references: ids, names and aliases of rows of the invented region, rows of the file itself, and names that nothing has."""

PLACEHOLDERS = (
    "", "无", "-", "—", "/", "N/A", "暂无", "NULL", "待定",
    "不详", "0", "?", "……", "''", "'-", "nan", "None", "\u3000",
)  # fmt: skip
SIGNS = (
    "=1+1", "+86 23", "-2", "@x", "＝1", "'=1", "<b>", "${x}", "`",
    "a|b", "甲、乙", "O'Brien", '"引"', "行\n二", "a\tb", "\ufeffx", "٣", "１２",
)  # fmt: skip
NUMBERS = (
    "1e999", "-1e999", "1e308", "1e-320", "0", "-0", "12e", "5 至 8", "1,000",
    "1.5万", "3 亿", "约2000", "20.3%", "٣", "九", "0x10", "inf", "nan", "1" * 400,
)  # fmt: skip
DATES = (
    "2020", "2020-09", "2020-09-09", "2020年9月", "9/9/2020", "1021-09-09",
    "0020-01", "9999-12-31", "2020-02-30", "44083", "Sep-20", "2020.09",
)  # fmt: skip
DEGREES = (
    "106.65", "29.03", "106°39′", "29°1′48″N", "E106.65", "0", "180", "-180",
    "90", "1e999", "1e-9", "290.3", "106.65,29.03", "36352345", "3215432.1", "nan",
)  # fmt: skip
TAILS = (
    "6号", "1号附2", "东街18号", "龙岗路6号", "南路", "工业园区B区", "（原厂址）",
    "～8号", "36幢", "清河龙岗路6号", "昆明湖南路", "&amp;", "500m", "𠮷村", "",
)  # fmt: skip


@cache
def units() -> tuple[str, ...]:
    """Return names of provinces, cities, counties and towns."""
    china = load_china_gazetteer()
    names = [china.name(row) for row in range(0, len(china.ids), 97)]
    return *filter(None, names), "重庆綦江区", "南京市建邺区", "北京市海淀区", "万盛", "嘉陵江", "台北市中山区"


def addresses() -> st.SearchStrategy[str]:
    heads = st.lists(st.sampled_from(units()), min_size=1, max_size=3).map("".join)
    return st.tuples(heads, st.sampled_from(TAILS)).map("".join)


def texts() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(("甲厂", "Gear Works", "3D建筑打印", "甲", "綦江齿轮", "名称", "x" * 300)), st.text(max_size=6),
        st.sampled_from(PLACEHOLDERS + SIGNS),
    )  # fmt: skip


def usual(column: Column) -> st.SearchStrategy[str]:
    """Strategy for cells that are valid in the column."""
    if column.required or column.name == "name":
        letters = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=5)
        return letters | st.sampled_from(("甲厂", "Gear Works", "3D建筑打印"))
    if column.name == "address":
        return addresses()
    if column.name == "id":
        return st.sampled_from(("", "new-works", "new-hall", "A001", "1"))
    if column.type in ("id", "ids"):
        fit = {
            "places": ("harbour", "湾县", "山城市"),
            "sources": ("survey", "某份报告"),
            "corridors": ("rail", "山海铁路"),
        }
        words = fit.get(column.refers[0] if column.refers else "", ("works", "海湾工业园", "pact"))
        return st.sampled_from((*words, "|".join(words[:2]) if column.type == "ids" else words[0]))
    if column.type == "roles":
        return st.sampled_from(("harbour:host", "works:供应方|client:客户", "湾县：签约方"))
    if column.vocab:
        return st.sampled_from([value for value in vocab()[column.vocab] if value])
    kinds: dict[str, tuple[str, ...]] = {
        "date": ("2020", "2020-09", "2020年9月", "1021-09-09", "9999-12-31", "2020.09", "44083"),
        "lon": ("106.65", "101", "E106.65", "180", "-180", "1e-9", "106°39′"),
        "lat": ("29.03", "30.5", "N29.03", "90", "-90", "1e-9", "29°1′48″N"),
        "number": ("0", "1e308", "1e-320", "1,000", "1.5万", "3 亿", "约2000", "-0", "９"),
        "integer": ("0", "1", "12", "９"),
        "url": ("www.example.cn", "http://a.cn/b?c=d"),
    }
    return st.sampled_from(kinds[column.type]) if column.type in kinds else texts()


def odd(column: Column) -> st.SearchStrategy[str]:
    """Strategy for cells that are probably invalid in the column."""
    kinds: dict[str, tuple[str, ...]] = {
        "date": DATES, "lon": DEGREES, "lat": DEGREES, "number": NUMBERS, "integer": NUMBERS, "id": KNOWN, "ids": KNOWN, "roles": (":", "harbour"),
        "url": ("javascript:1", "mailto:a@b.cn"),
    }  # fmt: skip
    return st.one_of(
        st.sampled_from(kinds.get(column.type, SIGNS)), st.sampled_from(PLACEHOLDERS + SIGNS), st.text(max_size=4)
    )


@st.composite
def odd_rows(draw: st.DrawFn, columns: list[Column], own: int) -> list[str]:
    """Draw a row of valid cells, except for one or two."""
    strange = draw(st.sets(st.sampled_from(range(len(columns))), max_size=2)) if draw(st.booleans()) else set()
    empty = draw(st.sets(st.sampled_from(range(len(columns))), max_size=3))
    cells = []
    for at, column in enumerate(columns):
        blank = at in empty and not column.required and column.type not in ("lon", "lat")
        cells.append("" if blank else draw(odd(column) if at in strange else usual(column)))
    return [*cells, *(draw(texts()) for _ in range(own))]


@st.composite
def odd_tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw the name of a table, and a CSV file of rows for it."""
    table = TABLES[draw(st.sampled_from(sorted(TABLES)))]
    required = [column for column in table.columns if column.required]
    others = [column for column in table.columns if not column.required]
    some = draw(st.lists(st.sampled_from(others), max_size=8, unique_by=lambda column: column.name))
    placed = [table.column(name) for name in ("lon", "lat")] if any(one.type in ("lon", "lat") for one in some) else []
    chosen = [*required, *(one for one in some if one not in placed), *placed]
    heads = [draw(st.sampled_from((column.name, *column.headers))) for column in chosen]
    strange = ("备注2", "联系人", "电话", "fid", "level", "Tel", "tel", "省", "区县", "orig_id")
    own = draw(st.lists(st.sampled_from(strange), max_size=2, unique=True))
    rows = draw(st.lists(odd_rows(chosen, len(own)), min_size=1, max_size=4))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[*heads, *own], *rows])
    return table.name, out.getvalue().encode(draw(st.sampled_from(("utf-8", "utf-8-sig", "gb18030"))), "replace")
