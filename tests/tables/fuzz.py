"""Fuzz test: randomly damaged files are added to a project; no traceback, no row lost or doubled, nothing half-written.

    python -m tests.tables.fuzz --seed 1 --count 10000                       # all kinds of files
    python -m tests.tables.fuzz --seed 1 --kind workbooks --count 2000       # workbooks only, in their bytes and members
    python -m tests.tables.fuzz --seed 1 --only 4711                         # one of them, kept in the current folder

A file is a valid one of some kind (`table_files.WAYS` and point layers), changed in its cells, structure or bytes, or in several
of these. The same seed, number and kind make the same file. Files are tried in child processes with limited memory and time,
so that a crash of the process is a failure like any other.

Recorded runs: `RUNS`.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from qjmap.edit import AddReport, add, undo
from qjmap.errors import QjmapError
from qjmap.project import Project, load_project
from qjmap.schema import TABLES
from qjmap.tables import read_table
from qjmap.validation import check
from tests.region import make_region
from tests.tables.table_files import MORE_WAYS, WAYS

RUNS: tuple[tuple[int, int, str], ...] = (
    (1, 10_000, "0 failures: 1,553 all added, 1,968 not read, 3,235 some added, 3,244 none added"),
    (1, 2_000, "of workbooks, 0 failures: 348 all added, 1,173 not read, 356 some added, 123 none added"),
)
"""Seed, number of files, result."""

HEADER = ["名称", "类别", "状态", "地址", "经度", "纬度", "坐标系", "开始日期", "来源", "备注", "属于", "邮编"]
VALID = [
    ["甲工坊", "企业", "运营", "山城市人民路1号", "100.51", "30.52", "WGS84", "2020-09", "survey", "无", "", "040142"],
    [
        "乙中心",
        "研究院",
        "在建",
        "",
        "100.6",
        "30.6",
        "gcj02",
        "2020年9月9日",
        "survey",
        "第一行\n第二行",
        "park",
        "401420",
    ],
    ["丙仓库", "", "", "湖畔市", "", "", "", "", "survey", "=1+1", "海湾工业园", ""],
    ["丁, 服务站", "平台", "规划", "", "30°30′E", "20°N", "WGS84", "44083", "", "'x", "甲工坊", "1"],
    ["海湾齿轮厂", "企业", "运营", "", "", "", "", "", "survey", "", "", ""],
]
CELLS = [
    "", " ", "\u3000", "\u200b", "0", "-1", "1e400", "nan", "inf", "NaN", "1,234.5", "９９.５", "290.3", "10651",
    "35600000,3300000", "36500000", "3212345.6", "106.65,29.03", "29.03,106.65", "N29.03 E106.65", "北纬29度1分40秒",
    "29°61′", "°", "E", "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "'=1", "''=1", "\t", "\r", "a\nb", "a\r\nb",
    "a\rb", '"', '""', '"a', 'a"b', "'", "a|b", "|", "||", "a:b", "a:signatory|b:host", "park", "works", "海湾工业园",
    "湾区", "甲工坊", "乙中心", "无此地", "PARK", "../etc", "#N/A", "#REF!", "Err:502", "#DIV/0!", "\ufffd", "\x00",
    "\x07", "\x1b[31m", "\x85", "\u2028", "\ud800", "😀", "𠀀", "ﷺ", "ß", "İ", "合计", "total", "#loc+name",
    "2020-13", "2020-02-30", "01/02/2020", "二〇二〇年九月", "20200909", "99999", "1e5", "亿", "约3亿元", "3亿美元",
    "https://x.cn", "javascript:alert(1)", "运营", "已结束", "不存在的状态", "火星", "bd09", "NULL", "None", "true",
    "x" * 5000, "，", ";", "sep=;", "{", "{}", "[1]", "\ufeff", "e\u0301", "名称", "错误", "id", "1" * 400, "0x10",
    "١٠٦", "1_000", "1 000",
]  # fmt: skip
HEADERS = [
    "名称", "name", "Name ", "NAME", "编号", "id", "经度", "lng_gcj02", "经度(°)", "经纬度", "坐标", "x", "y", "类别",
    "kind", "", " ", "错误", "备注", "备注", "level", "radius_m", "position_of", "orig_lon", "orig_lat", "precision",
    "投资额（万元）", "_row", "source", "状态", "#name", "名称\n(全称)", '"', "来源", "所在地", "别名", "网址",
    "结束日期", "datum", "lat_bd09", "a" * 300, "=1", "列1", "wkt", "as_of", "\ufeff名称", "１",
]  # fmt: skip

MARKS = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"\r",
    b"\n",
    b",",
    b"\xa1\xa1",
    b"\xef\xbf\xbd",
    b"{",
    b"PK\x03\x04",
)

EXTREMES = (
    b"0", b"-1", b"1", b"2147483648", b"4294967296", b"4000000000", b"99999999999999999999", b"XFD1048576", b"A1048576", b"XFD1", b"ZZZ9", b"A0",
    b"a1", b"A1:XFD1048576", b"", b"x", b"true", b"s", b"e", b"str", b"inlineStr", b"d", b"b", b"1e308", b"nan", b"rId1", b"../a", b"/xl/styles.xml",
    b"yyyy", b"0!.0,", b"General", b"[h]", b"0.0%", b"&#0;", b"&amp;", b"100001",
)  # fmt: skip
_QUOTED = re.compile(rb"""=["']([^"'<>]{0,60})["']""")
_WORKBOOKS = ("xlsx", "xlsx", "xls", "ods", "xlsb", "a page", "xml spreadsheet")

Rows = list[list[str]]


def change_cells(rows: Rows, draw: random.Random) -> None:
    """Change the texts of some cells, sometimes of headers."""
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        row = draw.choice(rows)
        if row:
            words = HEADERS if row is rows[0] and draw.random() < 0.8 else CELLS
            at, word = draw.randrange(len(row)), draw.choice(words)
            row[at] = word if draw.random() < 0.7 else row[at] + word


def change_structure(rows: Rows, draw: random.Random) -> None:
    """Delete, repeat, move and cut rows and columns; insert titles, totals and blank lines."""
    for _ in range(draw.choice((1, 1, 2, 4))):
        at = draw.randrange(len(rows) + 1)
        row = rows[min(at, len(rows) - 1)]
        width = max(map(len, rows))
        change = draw.randrange(14)
        if change == 0 and len(rows) > 1:
            rows.pop(at % len(rows))
        elif change == 1:
            rows.insert(at, list(draw.choice(rows)))
        elif change == 2:
            rows.insert(at, [])
        elif change == 3:
            rows.insert(at, [""] * width)
        elif change == 4:
            rows.insert(0, [draw.choice(("一览表", "2020年", "名称", ""))])
        elif change == 5:
            rows.append([draw.choice(("合计", "Total", "总计 ")), *["3"] * draw.randrange(4)])
        elif change == 6:
            del row[draw.randrange(len(row) + 1) :]
        elif change == 7:
            row += draw.choices(CELLS, k=draw.randrange(1, 4))
        elif change == 8:
            column = draw.randrange(width)
            for one in rows:
                del one[column : column + 1]
        elif change == 9:
            column, word = draw.randrange(width), draw.choice(HEADERS)
            for number, one in enumerate(rows):
                one.insert(column, word if number == 0 else draw.choice(CELLS))
        elif change == 10:
            draw.shuffle(rows)
        elif change == 11:
            order = draw.sample(range(width), width)
            rows[:] = [[one[number] for number in order if number < len(one)] for one in rows]
        elif change == 12:
            rows[:] = [
                list(one) for one in zip(*[[*one, *[""] * (width - len(one))] for one in rows], strict=True)
            ] or [[""]]
        else:
            rows += [list(draw.choice(rows)) for _ in range(draw.randrange(30))]
        if not any(rows):
            rows[:] = [["名称"]]


def change_bytes(data: bytes, draw: random.Random) -> bytes:
    """Change, delete, repeat and insert bytes; truncate the file; append another file."""
    made = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 3, 10, 50))):
        at = draw.randrange(len(made) + 1)
        length = draw.choice((1, 1, 2, 4, 16, 256))
        change = draw.randrange(8)
        if change == 0 and made:
            made[at % len(made)] = draw.randrange(256)
        elif change == 1:
            del made[at : at + length]
        elif change == 2:
            made[at:at] = draw.randbytes(length)
        elif change == 3:
            made[at:at] = made[max(0, at - length) : at]
        elif change == 4:
            made[at:at] = draw.choice(MARKS)
        elif change == 5 and draw.random() < 0.2:
            del made[at:]
        elif change == 6 and draw.random() < 0.2:
            made += draw.choice(list(_plain().values()))
        elif made:
            made[at % len(made)] ^= 1 << draw.randrange(8)
    return bytes(made)


def change_parts(data: bytes, draw: random.Random) -> bytes:
    """Damage one member of an archive, and write a valid archive again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as again:
        names = book.namelist()
        likely = [
            name
            for name in names
            if "sheet1" in name or name in ("content.xml", "xl/styles.xml", "xl/sharedStrings.xml")
        ]
        chosen = draw.choice(likely * 5 + names)
        for name in names:
            if name != chosen or draw.random() < 0.95:
                again.writestr(name, change_bytes(book.read(name), draw) if name == chosen else book.read(name))
    return out.getvalue()


def change_attributes(data: bytes, draw: random.Random) -> bytes:
    """Replace attribute values of XML by extreme ones."""
    found = [*_QUOTED.finditer(data)]
    if not found:
        return change_bytes(data, draw)
    for match in sorted(
        draw.sample(found, min(len(found), draw.choice((1, 1, 2, 5)))), key=lambda match: -match.start()
    ):
        data = data[: match.start(1)] + draw.choice(EXTREMES) + data[match.end(1) :]
    return data


def change_members(data: bytes, draw: random.Random) -> bytes:
    """Delete, rename or damage members of a package, or give one the content of another."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as book,
        zipfile.ZipFile(out, "w", draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as again,
    ):
        names = book.namelist()
        chosen = set(draw.sample(names, min(len(names), draw.choice((1, 1, 2)))))
        for name in names:
            inside = book.read(name)
            change = draw.randrange(8) if name in chosen else 9
            if change == 0:
                continue
            if change == 1:
                inside = book.read(draw.choice(names))
            elif change == 2:
                name = draw.choice((name.upper(), name.replace("/", "\\"), f"/{name}", draw.choice(names)))
            elif change in (3, 4):
                inside = change_bytes(inside, draw)
            elif change < 8:
                inside = change_attributes(inside, draw)
            again.writestr(name, inside)
    return out.getvalue()


def make_workbook(seed: int, number: int) -> tuple[str, str, bytes]:
    """Make the workbook of a number: its kind, name and bytes."""
    draw = random.Random(f"workbooks:{seed}:{number}")
    kind = draw.choice(_WORKBOOKS)
    name, make = {**WAYS, **MORE_WAYS}[kind]
    rows = [list(row) for row in (HEADER, *VALID)]
    if draw.random() < 0.3:
        change_cells(rows, draw)
    data = _made(kind, make, rows)
    for _ in range(draw.choice((1, 1, 2))):
        with suppress(
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            EOFError,
            ValueError,
            OSError,
            LookupError,
            RuntimeError,
        ):
            if data.startswith(b"PK") and draw.random() < 0.7:
                data = change_members(data, draw)
            elif kind in ("a page", "xml spreadsheet") and draw.random() < 0.5:
                data = change_attributes(data, draw)
            else:
                data = change_bytes(data, draw)
    return kind, name, data


def make_file(seed: int, number: int) -> tuple[str, str, bytes]:
    """Make the file of a number: its kind, name and bytes."""
    draw = random.Random(f"{seed}:{number}")
    kind = draw.choice([*WAYS, *_layers()] if draw.random() < 0.9 else ["utf-8", "gb18030"])
    rows = [list(row) for row in (HEADER, *VALID)]
    levels = draw.choice(
        ("cells", "structure", "bytes", "cells structure", "cells bytes", "structure bytes", "cells structure bytes")
    )
    if kind in _layers():
        name, data = f"a{Path(kind).suffix}", change_bytes(_layers()[kind], draw)
        return kind, name, data
    name, make = WAYS[kind]
    if "cells" in levels:
        change_cells(rows, draw)
    if "structure" in levels:
        change_structure(rows, draw)
    data = _made(kind, make, rows)
    if "bytes" in levels:
        archive = data.startswith(b"PK") and draw.random() < 0.7
        data = change_parts(data, draw) if archive else change_bytes(data, draw)
    return kind, name, data


def _made(kind: str, make: Callable[[Rows], bytes], rows: Rows) -> bytes:
    """Save rows as a file of a kind; a cell that it cannot hold as near as it can."""
    width = max(map(len, rows))
    if kind == "geojson":
        heads = [*dict.fromkeys([*rows[0], "经度", "纬度"])]
        filled = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
        numbers = [
            {**row, **{name: row[name] if _plain_number(row.get(name, "")) else "" for name in ("经度", "纬度")}}
            for row in filled
        ]
        both = [row if row["经度"] and row["纬度"] else {**row, "经度": "", "纬度": ""} for row in numbers]
        return make([heads, *[[row.get(name, "") for name in heads] for row in both]])
    if kind in ("xlsx", "xls", "ods", *MORE_WAYS):
        kept = [
            ["".join(c for c in cell if (c >= " " and c != "\ud800") or c == "\n")[:3000] for cell in row]
            for row in rows
        ]
        return make([row for row in kept if kind != "ods" or len(row) <= width])
    spelt = [[cell.encode("utf-8", "replace").decode("utf-8") for cell in row] for row in rows]
    try:
        return make(spelt)
    except UnicodeEncodeError:
        encoding = "big5" if kind == "big5" else "gb18030"
        return make([[cell.encode(encoding, "replace").decode(encoding) for cell in row] for row in spelt])


def _plain_number(text: str) -> bool:
    try:
        return abs(float(text)) < 1e9
    except ValueError:
        return False


@cache
def _plain() -> dict[str, bytes]:
    return {kind: _made(kind, make, [HEADER, *VALID]) for kind, (_, make) in WAYS.items() if kind != "big5"}


@cache
def _layers() -> dict[str, bytes]:
    """Small point layers of other programs."""
    import geopandas

    points = geopandas.points_from_xy([100.51, 100.6], [30.52, 30.6], crs=4326)
    frame = geopandas.GeoDataFrame({"Name": ["甲点", "乙点"], "status": ["在建", None]}, geometry=points)
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, driver in (("a.kml", "KML"), ("a.gpkg", "GPKG"), ("a.shp", "ESRI Shapefile")):
            path = Path(folder) / name
            frame.to_file(path, driver=driver)
            if name == "a.shp":
                path = Path(folder) / "a.zip"
                with zipfile.ZipFile(path, "w") as bundle:
                    for part in Path(folder).glob("a.[!zkg]*"):
                        bundle.write(part, part.name)
            made[path.name] = path.read_bytes()
    return made


def try_file(project: Project, before: bytes, file: Path, *, deeply: bool) -> str:
    """Add a file and check the invariants of the project; return the outcome."""
    table = project.table_path("sites")
    try:
        report = add(project, file, lang="en")
    except QjmapError as error:
        assert error.line("zh") and error.line("en")
        assert table.read_bytes() == before, "a refused file changed the table"
        return f"not read: {error.code}"
    after = table.read_bytes()
    _check_accounts(report, file)
    assert (after == before) == (not report.added and not report.updated)
    assert not list(project.data.glob(".*.new")), "a temporary file is left"
    if report.refused_file is None:
        assert not report.refused or len(read_table(file, TABLES["sites"]).typed) < 2, "refused rows are not saved"
    else:
        again = read_table(report.refused_file, TABLES["sites"])
        assert len(again.frame) == len(report.refused), "refused rows are missing from their file"
        report.refused_file.unlink()
    if not report.new_columns and not report.updated:
        assert after.startswith(before)
    if deeply and after != before:
        tables, faults, _ = check(project)
        assert not [fault for fault in faults if fault.severity == "fault"], [
            fault.line("en") for fault in faults if fault.severity == "fault"
        ]
        assert set(report.ids) <= set(tables["sites"].frame["id"])
        twice = add(project, file, lang="en")
        assert (twice.added, twice.updated) == ([], []), "adding twice differs from adding once"
        assert table.read_bytes() == after
        if twice.refused_file:
            twice.refused_file.unlink()
    if after != before:
        undo(project)
        assert table.read_bytes() == before, "undo does not restore the table"
    return "all added" if not report.refused else "some added" if report.added else "none added"


def _check_accounts(report: AddReport, file: Path) -> None:
    """Check that every row is in exactly one of the four lists, and every refused row has a fault."""
    rows = read_table(file, TABLES["sites"]).frame["_row"].tolist()
    counted = [*report.added, *report.updated, *report.already, *report.refused]
    assert sorted(counted) == sorted(rows), "a row is lost or counted twice"
    assert len(set(rows)) == len(rows), "two rows of one number"
    named = {fault.row for fault in report.faults if fault.severity == "fault"}
    assert None in named or set(report.refused) <= named, "a row is refused without a reason"
    failed = [fault.line("en") for fault in report.faults if fault.code == "row-failed"]
    assert not failed, failed[0]
    for fault in report.faults:
        assert fault.line("zh") and fault.line("en") and "{" not in fault.as_dict("en")["code"]  # type: ignore[operator]


MAKERS = {"": make_file, "workbooks": make_workbook}
"""Kind -> maker of the file of a seed and number."""


def run(
    seed: int, numbers: Sequence[int], *, kind: str = "", keep: Path | None = None
) -> tuple[Counter[str], list[str]]:
    """Try some files of a seed; return the outcomes and the failures."""
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        project = load_project(make_region(Path(folder) / "湾区"))
        table = project.table_path("sites")
        before = table.read_bytes()
        for number in numbers:
            made, name, data = MAKERS[kind](seed, number)
            file = Path(folder) / name
            file.write_bytes(data)
            _report(f"at {number}")
            try:
                outcomes[try_file(project, before, file, deeply=len(numbers) == 1 or number % 4 == 0)] += 1
            except Exception:
                failures.append(f"seed {seed}, file {number} ({made}):\n{traceback.format_exc()}")
                table.write_bytes(before)
            for left in Path(folder).glob("a.*"):
                if keep and left == file:
                    (keep / name).write_bytes(data)
                left.unlink()
    return outcomes, failures


_is_child = False


def _report(line: str) -> None:
    """Report to the parent process."""
    if _is_child:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def run_in_children(seed: int, numbers: Sequence[int], *, kind: str = "") -> tuple[Counter[str], list[str]]:
    """`run` in child processes of `_BATCH` files each, with 4 GB of memory and `_SECONDS` per file.

    A process that ends early has failed at the file that it reported last; the next one continues after it.
    """
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    waiting = list(numbers)
    while waiting:
        batch, waiting = waiting[:_BATCH], waiting[_BATCH:]
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.tables.fuzz",
            "--inside",
            "--seed",
            str(seed),
            "--kind",
            kind,
        ]
        command += ["--first", str(batch[0]), "--count", str(len(batch))]
        done = subprocess.run(command, capture_output=True, check=False, text=True, preexec_fn=_limited)
        lines = done.stdout.splitlines()
        if lines and lines[-1].startswith("{"):
            found = json.loads(lines[-1])
            outcomes.update(found["outcomes"])
            failures += found["failures"]
            continue
        last = max((int(line[3:]) for line in lines if line.startswith("at ")), default=batch[0])
        failures.append(f"seed {seed}, file {last}: the process ended ({done.returncode}) {done.stderr[-500:]}")
        waiting = [number for number in batch if number > last] + waiting
        outcomes["before a process ended"] += last - batch[0]
    return outcomes, failures


_BATCH = 100
_SECONDS = 30


def _limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS * 10, _SECONDS * 10))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--kind", choices=[*MAKERS], default="", help="files of this kind alone")
    parser.add_argument("--only", type=int, help="this one file; it is kept in the current folder")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.count)
    if options.inside:
        global _is_child
        _is_child = True
        outcomes, failures = run(options.seed, numbers, kind=options.kind)
        _report(json.dumps({"outcomes": outcomes, "failures": failures}))
        return
    if options.only is not None:
        outcomes, failures = run(options.seed, [options.only], kind=options.kind, keep=Path.cwd())
    else:
        outcomes, failures = run_in_children(options.seed, numbers, kind=options.kind)
    for failure in failures[:50]:
        sys.stdout.write(failure + "\n")
    sys.stdout.write(
        f"seed {options.seed}: {sum(outcomes.values())} files, {len(failures)} failures; {dict(outcomes.most_common())}\n"
    )
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
