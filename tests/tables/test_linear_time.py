"""No cell, header or file takes more than time in proportion to its length, in the program or in the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from typing import Any

import pytest

from qjmap.errors import UsageError
from qjmap.schema import fold
from qjmap.tables import cells, headers, slugs
from qjmap.tables.angles import read_angle, read_pair
from qjmap.tables.cells import CellError
from qjmap.tables.delimited import neutralised, read_text, unguarded
from qjmap.tables.digits import holds_odd_numeral, plain_digits
from qjmap.tables.encodings import decode
from qjmap.tables.grids import recognised
from qjmap.tables.hints import is_error
from tests.tables.helpers import SITES
from tests.tables.page_reader import run_page_reader

_LOOK, _SLOW = 2_000, 0.004
"""Characters of the first look, and seconds of processor time from which an input is looked at closer: what takes quadratic
time takes ten times as long by then, and what takes linear time a tenth of it."""
_TIMES, _WORST = 8, 32.0
"""How much longer the input of the closer look is, and how much longer it may take: linear is 8 times, quadratic 64."""

_BEFORE = ("", "5", "2020", "2020-09-09", "N", "-", "名称", "POINT", "http://a")
_RUNS = (
    *" \t\n\r\u3000\ufeff\u200b\x1f\x85\x00aTEZ059٣９²½①.,;:|"
    "/\\-+_=＝@#'\"′°度年月万亿元余约家()[]{}<>（）【】「」《》〔〕、；，：&%$¥é名㎡\ufffd\uffff",
    "()", ")(", "[(", "（）", "a.", ".a", "5,", "1,234", " 5", "5 ", "T5",
    "T10:30", " 10:00 ", "1-", "2020-", "°5", "5°", "5′", "约约", "万元", "''=", '""', '"a',
    "http://", "a:b|", "\r\n", ",\n", "北纬", "E5", "e5", "-5", "#a", "; ",
    "甲\n", "POINT(", "SRID=5;", "sep=,", "st ", "/甲", "½甲", "é\u0301", "\U0001f600",
)  # fmt: skip
_AFTER = ("", "x", "\n甲")

Spec = tuple[str, str, str]


def specs(reader: str) -> Iterator[Spec]:
    """What the text of a reader is made of; a file begins with the header, whatever stands in it."""
    return product(("",) if reader.startswith(("file", "row")) else _BEFORE, _RUNS, _AFTER)


def grown(spec: Spec, length: int) -> str:
    before, run, after = spec
    return before + run * (length // len(run)) + after


def nested(length: int) -> list[str]:
    half = length // 2
    return ["(" * half + ")" * half, "（" * half + "x" + "）" * half, "[(" * half, "a" * half + " " * half + "b", "1" * half + "." + "1" * half]


_READERS: dict[str, Callable[[str], Any]] = {
    "date": cells.read_date,
    "number": cells.read_number,
    "money": lambda text: cells.read_number(text, money=True, unit="万元"),
    "number in a unit": lambda text: cells.read_number(text, unit="万人", told="家"),
    "header's unit": lambda text: cells.read_number("5", unit=text),
    "angle": read_angle,
    "pair": read_pair,
    "address": cells.read_url,
    "addresses": lambda text: cells.all_urls([text]),
    "list": cells.read_list,
    "roles": cells.read_roles,
    "word": lambda text: cells.read_vocab(text, "status"),
    "characters": cells.check_characters,
    "clean": cells.clean,
    "digits": lambda text: (plain_digits(text), holds_odd_numeral(text)),
    "fold": fold,
    "header": lambda text: headers._meaning.__wrapped__(text, "sites"),
    "row of headers": lambda text: recognised([text, text], SITES),
    "id": lambda text: (slugs._pinyin.cache_clear(), slugs.slug(text)),
    "ids": lambda text: slugs.all_ids([text]),
    "guarded": lambda text: unguarded([neutralised(text), f'="{text}"']),
    "error": is_error,
    "file in UTF-8": lambda text: read_text(decode(f"名称,说明\n甲,{text}\n".encode("utf-8", "surrogatepass")), SITES, shown="x"),
    "file in GB18030": lambda text: read_text(decode(f"名称,说明\n甲,{text}\n".encode("gb18030", "replace")), SITES, shown="x"),
    "file of it alone": lambda text: read_text(decode(text.encode("utf-8", "surrogatepass")), SITES, shown="x"),
}


def seconds(read: Callable[[str], Any], text: str, repeats: int = 1) -> float:
    """The least processor time of several calls."""
    least = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        with suppress(CellError, UsageError):  # refused in good time is read in good time
            read(text)
        least = min(least, time.process_time() - start)
    return least


@pytest.mark.parametrize("name", _READERS)
def test_the_program_reads_in_linear_time(name: str) -> None:
    read = _READERS[name]
    seconds(read, "a")  # what is made once
    suspects = [spec for spec in specs(name) if seconds(read, grown(spec, _LOOK)) > _SLOW]
    for spec in suspects:
        short = seconds(read, grown(spec, _LOOK), repeats=3)
        if short > _SLOW / 4:  # else something else had the machine
            assert seconds(read, grown(spec, _TIMES * _LOOK), repeats=3) < _WORST * short, spec
    for short_text, long_text in zip(nested(_LOOK), nested(_TIMES * _LOOK), strict=True):
        assert seconds(read, long_text, 3) < max(_SLOW * _TIMES, _WORST * seconds(read, short_text, 3)), long_text[:20]


_PAGE = {
    "date": "E.readDate(text)", "number": "E.readNumber(text)", "money": 'E.readNumber(text, true, "万元")',
    "number in a unit": 'E.readNumber(text, false, "万人", "家")', "header's unit": 'E.readNumber("5", false, text)', "angle": "E.readAngle(text)",
    "pair": "E.readPair(text, null)", "address": "E.readUrl(text)", "list": "E.readList(text)", "roles": "E.readRoles(text)",
    "word": 'E.readVocab(text, "status")', "characters": "E.checkCharacters(text)", "clean": "E.clean(text)", "strip": "E.strip(text)",
    "digits": "[E.plainDigits(text), E.holdsOddNumeral(text)]", "fold": "E.fold(text)", "header": "E.readHeader(text, sites)",
    "guarded": "[E.unguarded(E.neutralised(text)), E.unguarded('=\"' + text + '\"')]",
    "file": 'E.readText(E.decode(new TextEncoder().encode("名称,说明\\n甲," + text + "\\n")), sites, "x")',
    "file of it alone": 'E.readText({ text, encoding: "utf-8" }, sites, "x")',
    "row": "E.parseFrame(E.arrangeFrame(E.readText({ text: `名称,开始日期,经度,说明,备注\\n甲,${quoted(text)},${quoted(text)},${quoted(text)},x\\n`, "
    "encoding: '' }, sites, 'x'), sites, 'x', ''))",
}  # fmt: skip


def test_the_page_reads_in_linear_time() -> None:
    calls = ", ".join(f"[{name!r}, (text) => {call}]" for name, call in _PAGE.items())
    found = run_page_reader(
        f"""const sites = E.rules.tables.sites, {{ specs, look, slow, times, worst }} = given;
        const grown = ([before, run, after], length) => before + run.repeat(Math.floor(length / run.length)) + after;
        const quoted = (text) => '"' + text.replaceAll('"', '""') + '"';
        function seconds(read, text, repeats = 1) {{
          let least = Infinity;
          for (let k = 0; k < repeats; k++) {{
            const start = process.cpuUsage().user;
            try {{ read(text); }} catch (error) {{ if (!(error instanceof E.CellError)) throw error; }}
            least = Math.min(least, (process.cpuUsage().user - start) / 1e6);
          }}
          return least;
        }}
        const found = [];
        for (const [name, read] of [{calls}]) {{
          seconds(read, "a", 3);
          for (const spec of specs[name]) {{
            if (seconds(read, grown(spec, look)) <= slow) continue;
            const short = seconds(read, grown(spec, look), 3);
            if (short <= slow / 4) continue;
            const long = seconds(read, grown(spec, times * look), 3);
            if (long >= worst * short) {{ found.push([name, spec, short, long]); break; }}
          }}
        }}
        return found;""",
        {"specs": {name: list(specs(name)) for name in _PAGE}, "look": _LOOK, "slow": _SLOW, "times": _TIMES, "worst": _WORST},
    )
    assert found == []
