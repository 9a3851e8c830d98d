"""Cells, headers and files are read in time proportional to their length, by the package and the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from typing import Any

import pytest

from qjmap.errors import UsageError
from qjmap.schema import fold
from qjmap.tables import cell_values, dates, generate_ids, headers, numbers, slugs
from qjmap.tables.angles import read_angle, read_pair
from qjmap.tables.cell_values import CellError
from qjmap.tables.digits import holds_odd_numeral, plain_digits
from qjmap.tables.readers.delimited import neutralised, read_text, unguarded
from qjmap.tables.readers.encoding import decode
from qjmap.tables.readers.find_header_row import count_headers
from qjmap.tables.readers.worksheet_metadata import is_error
from tests.tables.helpers import SITES
from tests.tables.page_reader import run_page_reader

pytestmark = pytest.mark.slow

_LOOK, _SLOW = 2_000, 0.004
"""Characters of the first look, and seconds of processor time from which an input is looked at closer: what takes quadratic
time takes ten times as long by then, and what takes linear time a tenth of it."""
_CLOSER = (1_000, 4, 8.0), (4_000, 16, 64.0)
"""Closer looks, the second at what the first finds: characters, how much longer a second input is, and how much longer that may
take. Between 4 times and 8 lies the doubt of a short input, between 16 and 64 no doubt: quadratic is 256."""
_TRIES = 4
"""An input is at fault only where it takes too long in each of so many tries: a collection of garbage, a compilation or another
process slows one, and not all of them."""

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
    """Pieces of the text for a reader; a file begins with its header."""
    return product(("",) if reader.startswith(("file", "row")) else _BEFORE, _RUNS, _AFTER)


def grown(spec: Spec, length: int) -> str:
    before, run, after = spec
    return before + run * (length // len(run)) + after


def nested(length: int) -> list[str]:
    half = length // 2
    return [
        "(" * half + ")" * half,
        "（" * half + "x" + "）" * half,
        "[(" * half,
        "a" * half + " " * half + "b",
        "1" * half + "." + "1" * half,
    ]


_READERS: dict[str, Callable[[str], Any]] = {
    "date": dates.read_date,
    "number": numbers.read_number,
    "money": lambda text: numbers.read_number(text, money=True, header_unit="万元"),
    "number in a unit": lambda text: numbers.read_number(text, header_unit="万人", row_unit="家"),
    "header's unit": lambda text: numbers.read_number("5", header_unit=text),
    "angle": read_angle,
    "pair": read_pair,
    "address": cell_values.read_url,
    "addresses": lambda text: cell_values.all_urls([text]),
    "list": cell_values.read_list,
    "roles": cell_values.read_roles,
    "word": lambda text: cell_values.read_vocab(text, "status"),
    "characters": cell_values.check_characters,
    "clean": cell_values.clean,
    "digits": lambda text: (plain_digits(text), holds_odd_numeral(text)),
    "fold": fold,
    "header": lambda text: headers._parse_header.__wrapped__(text, "sites"),
    "row of headers": lambda text: count_headers([text, text], SITES),
    "id": lambda text: (slugs._readings_of_word.cache_clear(), slugs.slug(text)),
    "ids": lambda text: generate_ids.ID.fullmatch(text),
    "guarded": lambda text: unguarded([neutralised(text), f'="{text}"']),
    "error": is_error,
    "file in UTF-8": lambda text: read_text(
        decode(f"名称,说明\n甲,{text}\n".encode("utf-8", "surrogatepass")), SITES, shown="x"
    ),
    "file in GB18030": lambda text: read_text(
        decode(f"名称,说明\n甲,{text}\n".encode("gb18030", "replace")), SITES, shown="x"
    ),
    "file of it alone": lambda text: (
        headers._match_header.cache_clear(),
        headers._parse_header.cache_clear(),
        read_text(decode(text.encode("utf-8", "surrogatepass")), SITES, shown="x"),
    ),
}


def seconds(read: Callable[[str], Any], text: str, repeats: int = 1) -> float:
    """Minimum processor time of several calls, in seconds."""
    least = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        with suppress(CellError, UsageError):  # a refusal must be as quick
            read(text)
        least = min(least, time.process_time() - start)
    return least


@pytest.mark.parametrize("name", _READERS)
def test_the_program_reads_in_linear_time(name: str) -> None:
    read = _READERS[name]
    seconds(read, "a")  # fill the caches
    suspects = [spec for spec in specs(name) if seconds(read, grown(spec, _LOOK)) > _SLOW]
    assert [spec for spec in suspects if is_too_slow(read, lambda length, spec=spec: grown(spec, length))] == []
    texts = range(len(nested(0)))
    assert [k for k in texts if is_too_slow(read, lambda length, k=k: nested(length)[k])] == []


def is_too_slow(read: Callable[[str], Any], text: Callable[[int], str]) -> bool:
    """Whether the time of a text grows faster than its length, in every try."""
    first, second = _CLOSER
    return _grows(read, text, *first) and all(_grows(read, text, *second) for _ in range(_TRIES))


def _grows(read: Callable[[str], Any], text: Callable[[int], str], length: int, times: int, worst: float) -> bool:
    return seconds(read, text(length * times)) > worst * max(_SLOW / 10, seconds(read, text(length), repeats=2))


_PAGE = {
    "date": "E.readDate(text)", "number": "E.readNumber(text)", "money": 'E.readNumber(text, true, "万元")',
    "number in a unit": 'E.readNumber(text, false, "万人", "家")', "header's unit": 'E.readNumber("5", false, text)', "angle": "E.readAngle(text)",
    "pair": "E.readPair(text, null)", "address": "E.readUrl(text)", "list": "E.readList(text)", "roles": "E.readRoles(text)",
    "word": 'E.readVocab(text, "status")', "characters": "E.checkCharacters(text)", "clean": "E.clean(text)", "strip": "E.strip(text)",
    "digits": "[E.plainDigits(text), E.holdsOddNumeral(text)]", "fold": "E.fold(text)", "header": "E.readHeader(text, sites)",
    "guarded": "[E.unguarded(E.guardFormula(text)), E.unguarded('=\"' + text + '\"')]",
    "file": 'E.readText(E.decode(new TextEncoder().encode("名称,说明\\n甲," + text + "\\n")), sites, "x")',
    "file of it alone": 'E.readText({ text, encoding: "utf-8" }, sites, "x")',
    "row": "E.parseFrame(E.arrangeFrame(E.readText({ text: `名称,开始日期,经度,说明,备注\\n甲,${quoted(text)},${quoted(text)},${quoted(text)},x\\n`, "
    "encoding: '' }, sites, 'x'), sites, 'x', ''))",
}  # fmt: skip


def test_the_page_reads_in_linear_time() -> None:
    calls = ", ".join(f"[{name!r}, (text) => {call}]" for name, call in _PAGE.items())
    found = run_page_reader(
        f"""const sites = E.program.tables.sites, {{ specs, look, slow, closer, tries }} = given;
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
            const grows = ([length, times, worst]) =>
              seconds(read, grown(spec, length * times)) > worst * Math.max(slow / 10, seconds(read, grown(spec, length), 2));
            if (!grows(closer[0])) continue;
            if (Array.from({{ length: tries }}).every(() => grows(closer[1]))) {{ found.push([name, spec]); break; }}
          }}
        }}
        return found;""",
        {
            "specs": {name: list(specs(name)) for name in _PAGE},
            "look": _LOOK,
            "slow": _SLOW,
            "closer": _CLOSER,
            "tries": _TRIES,
        },
    )
    assert found == []
