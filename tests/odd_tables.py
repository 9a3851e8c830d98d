"""Tables that people might make, drawn by hypothesis: headers in both languages, odd cells, addresses of real units with odd tails."""

from __future__ import annotations

import csv
import io
from functools import cache

from hypothesis import strategies as st

from qjmap.locators.everywhere import everyone
from qjmap.messages import vocab
from qjmap.schema import TABLES, Column

KNOWN = (
    "harbour", "山城市", "park", "海湾齿轮厂", "works", "pact", "rail",
    "survey", "湾县", "hill-zone", "湖畔市", "远岛", "nobody", "甲", "1",
)  # fmt: skip
"""What references name: rows of the invented region by id, name or alias, rows of the file, and nobody."""

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
    """Names of provinces, cities, counties and towns."""
    national = everyone()
    names = [national.name(row) for row in range(0, len(national.ids), 97)]
    return *filter(None, names), "重庆綦江区", "南京市建邺区", "北京市海淀区", "万盛", "嘉陵江", "台北市中山区"


def addresses() -> st.SearchStrategy[str]:
    heads = st.lists(st.sampled_from(units()), min_size=1, max_size=3).map("".join)
    return st.tuples(heads, st.sampled_from(TAILS)).map("".join)


def texts() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(("甲厂", "Gear Works", "3D建筑打印", "甲", "綦江齿轮", "名称", "x" * 300)), st.text(max_size=6),
        st.sampled_from(PLACEHOLDERS + SIGNS),
    )  # fmt: skip


def words(vocabulary: str) -> st.SearchStrategy[str]:
    entries = vocab()[vocabulary]
    known = [word for value, entry in entries.items() for word in (value, entry["zh"], entry["en"]) if word]
    return st.sampled_from([*known, "别的"])


def cells(column: Column) -> st.SearchStrategy[str]:
    """Cells of a column, most of them what it holds."""
    usual: st.SearchStrategy[str]
    if column.name == "address":
        usual = addresses()
    elif column.name == "id":
        usual = st.sampled_from(("", "1", "2", "A001", "new-works", "park", "New-Hall", "坏 id"))
    elif column.type in ("id", "ids"):
        usual = st.one_of(
            st.sampled_from(KNOWN), st.lists(st.sampled_from(KNOWN), max_size=3).map("|".join), st.sampled_from(units())
        )
    elif column.type == "roles":
        usual = st.sampled_from(("harbour:host", "works:供应方|client:客户", "甲:host", ":", "harbour"))
    elif column.vocab:
        usual = words(column.vocab)
    elif column.type == "date":
        usual = st.sampled_from(DATES)
    elif column.type in ("lon", "lat"):
        usual = st.sampled_from(DEGREES)
    elif column.type in ("number", "integer"):
        usual = st.sampled_from(NUMBERS)
    elif column.type == "url":
        usual = st.sampled_from(("www.example.cn", "http://a.cn/b?c=d", "javascript:1", "mailto:a@b.cn"))
    else:
        usual = texts()
    return st.one_of(usual, usual, usual, st.just(""), st.sampled_from(PLACEHOLDERS + SIGNS), st.text(max_size=4))


@st.composite
def odd_tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """The name of a table, and a CSV file of rows for it."""
    table = TABLES[draw(st.sampled_from(sorted(TABLES)))]
    required = [column for column in table.columns if column.required]
    others = [column for column in table.columns if not column.required]
    chosen = [*required, *draw(st.lists(st.sampled_from(others), max_size=8, unique_by=lambda column: column.name))]
    heads = [draw(st.sampled_from((column.name, *column.headers))) for column in chosen]
    strange = ("备注2", "联系人", "电话", "fid", "level", "Tel", "tel", "省", "区县", "orig_id")
    own = draw(st.lists(st.sampled_from(strange), max_size=2, unique=True))
    row = st.tuples(*(cells(column) for column in chosen), *(texts() for _ in own))
    rows = draw(st.lists(row, min_size=1, max_size=4))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[*heads, *own], *rows])
    return table.name, out.getvalue().encode(draw(st.sampled_from(("utf-8", "utf-8-sig", "gb18030"))), "replace")
