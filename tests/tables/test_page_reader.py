"""The package's reader and the page's read random cells alike."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from qjmap.schema import fold
from qjmap.tables import cell_values, dates, numbers
from qjmap.tables.angles import read_angle, read_pair
from qjmap.tables.cell_values import CellError
from qjmap.tables.headers import parse_header
from qjmap.tables.readers.delimited import neutralised, unguarded, unneutralised
from tests.tables.helpers import SITES
from tests.tables.page_reader import run_page_reader

_PIECES = (
    "0", "1", "5", "12", "29", "106.65", "2020", "2020-09-09", "1,234",
    ".5", "1e5", "1e999", "９", "１０６．６５", "٣", "٢٠٢٠", "٫", "५", "𝟗", "²", "½", "①",
    "-", "+", "－", "−", "/", ".", ",", "，", ":", "：", " ", "  ", "\u3000",
    "\u200b", "\ufeff", "\xa0", "\n", "\t", "'", "′", "″", "°", "度", "分", "秒",
    "年", "月", "日", "号", "T", "Z", "10:30", "Sep", "二〇二〇", "十",
    "廿", "约", "以上", "至", "余", "+", "万", "亿", "千", "百", "百分点", "元", "万元",
    "美元", "¥", "usd", "%", "家", "km", "公里", "m", "M", "W", "e", "E", "N",
    "S", "北纬", "东经", "W", "经度", "lon", "名称", "(", ")", "（", "）", "[", "]",
    "〔", "单位", "gcj02", "wgs84", '"', '""', "POINT", "SRID=4326;", ";", "|",
    "=", "＝", "@", "＠", "\ufffe", "\U0001ffff", "\ufdd0", "\x01", "\ud800", "甲",
)  # fmt: skip


def made(seed: int, count: int, longest: int = 7) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices(_PIECES, k=draw.randint(1, longest))) for _ in range(count)]


def said(read: Callable[..., Any], *given: Any) -> Any:
    """The value that a reader returns, or code and parameters of its error."""
    try:
        return read(*given)
    except CellError as error:
        return {"code": error.code, "params": error.params}


def plain(value: Any) -> Any:
    """The value as JSON."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return round(value, 9) if isinstance(value, float) else value


_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "number": (lambda text: numbers.read_number(text), "E.readNumber(text)"),
    "number with a header's unit": (
        lambda text: numbers.read_number(text, header_unit="万人"),
        'E.readNumber(text, false, "万人")',
    ),
    "number in a unit": (lambda text: numbers.read_number(text, row_unit="家"), 'E.readNumber(text, false, "", "家")'),
    "number in km": (
        lambda text: numbers.read_number(text, header_unit="公里", row_unit="km"),
        'E.readNumber(text, false, "公里", "km")',
    ),
    "money": (
        lambda text: numbers.read_number(text, money=True, header_unit="万元"),
        'E.readNumber(text, true, "万元")',
    ),
    "date": (dates.read_date, "E.readDate(text)"),
    "angle": (
        lambda text: (angle.degrees, angle.axis) if (angle := read_angle(text)) else None,
        "((angle) => angle && [angle.degrees, angle.axis])(E.readAngle(text))",
    ),
    "pair": (lambda text: read_pair(text), "E.readPair(text, null)"),
    "address": (cell_values.read_url, "E.readUrl(text)"),
    "list": (cell_values.read_list, "E.readList(text)"),
    "header": (
        lambda text: (found.column, found.datum, found.unit) if (found := parse_header(text, SITES)) else None,
        "((head) => [head.column, head.datum, head.unit])(E.readHeader(text, E.program.tables.sites))",
    ),
    "characters": (cell_values.check_characters, "(E.checkCharacters(text), null)"),
    "guarded": (neutralised, "E.guardFormula(text)"),
    "unguarded": (unneutralised, "E.unguardFormula(text)"),
    "without a guard": (lambda text: unguarded([text])[0], "E.unguarded(text)"),
    "guarded by an ERP system": (lambda text: unguarded([f'="{text}"'])[0], "E.unguarded('=\"' + text + '\"')"),
    "fold": (fold, "E.fold(text)"),
    "clean": (cell_values.clean, "E.clean(text)"),
}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_both_readers_say_the_same_of_any_cell(seed: int) -> None:
    texts = [text for text in made(seed, 4000) if "\ud800" not in text]  # JSON holds no half of a character
    texts += ["'" * (seed % 3) + text for text in texts[:500]]
    calls = ", ".join(f"(text) => {call}" for _, call in _READERS.values())
    page = run_page_reader(
        f"""const round = (value) => (Array.isArray(value) ? value.map(round) : typeof value === "number" ? Number(value.toFixed(9)) : value);
        const said = (read, text) => {{
          try {{ return round(read(text)); }} catch (error) {{
            if (!(error instanceof E.CellError)) throw error;
            return {{ code: error.code, params: error.params }};
          }}
        }};
        return [{calls}].map((read) => given.map((text) => said(read, text)));""",
        texts,
    )
    for (name, (read, _)), found in zip(_READERS.items(), page, strict=True):
        program = [plain(said(read, text)) for text in texts]
        different = [
            (text, ours, theirs) for text, ours, theirs in zip(texts, program, found, strict=True) if ours != theirs
        ]
        assert different == [], f"{name}: {different[:5]}"


def test_the_page_refuses_legs_that_end_where_they_begin() -> None:
    """As the program does (tests/validation); the page's dialog does not offer this table."""
    text = "corridor,seq,from,to,mode\nrail,1,hill,hill,rail\nrail,2,hill,coast,rail\n"
    entries = [{"table": "corridors" if name == "rail" else "places", "id": name, "names": [name]} for name in
               ("rail", "hill", "coast")]  # fmt: skip
    job = {"name": "legs.csv", "text": text, "table": "corridor_legs", "there": [], "entries": entries, "outlines": []}
    result = run_page_reader("return E.readTable(given);", job)
    assert [row["state"] for row in result["rows"]] == ["refused", "added"]
    assert [
        (fault["row"], fault["column"], fault["code"]) for fault in result["faults"] if fault["severity"] == "fault"
    ] == [(2, "to", "leg-same-ends")]
