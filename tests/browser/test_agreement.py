"""The page judges a table as the program would: the same rows, the same faults, in the same words."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from qjmap.errors import Fault
from qjmap.project import Project, load_project
from tests.browser.conftest import Opened
from tests.region import make_region
from tests.tables.reading_cases import cases, outcome

Open = Callable[..., Opened]

_ALONE = re.compile(r"；相近的有：.*(?=。$)|(?<=\.csv )第(\d+|\?)行")
"""Known to the program alone: the nearest spellings and the lines of the project's files."""
_GIVEN = re.compile(r"（编号 [^）]*）")
_IDS = re.compile(
    r"（编号 [^）]*）|(?<=指的可能是 ).*|(?<=理解：).*|(?<=请改用编号 ).*|“[^”]*”(?=是本文件中被退回)|(?<=角色里的).*(?=不在合作方里)"
    r"|(?<=成了一个圈：).*"
    r"|[^\s：]*/(?=\S+\.csv)"
)
"""Ids that the program gives to new rows, which have none in the page; folders, of which a page knows nothing."""


def in_page(page: Page, file: Path, table: str, datum: str | None) -> tuple[list[int], list[list[str]]] | None:
    """How many rows the page would add, has already and refuses, and severity, place, message and cure of every fault.

    None where the page reads nothing before the reader has said which column a required one is.
    """
    for name, value in (("table", table), ("datum", datum or "")):
        field = page.locator(f"#qj-drop-{name}")
        if field.input_value() == value:
            continue
        field.select_option(value)  # the file before is read anew
        page.locator('#qj-columns:not([hidden]), #qj-drop-body:not(:has-text("正在读取"))').first.wait_for()
        if page.locator("#qj-columns").is_visible():
            page.keyboard.press("Escape")
    page.locator("#qj-drop-file").set_input_files(file)
    page.locator(f'#qj-drop:has(h3:text-is("{file.name}")) #qj-drop-summary, #qj-columns:not([hidden])').wait_for()
    dialog = page.locator("#qj-columns")
    if dialog.is_visible():  # the page asks about the columns; as proposed they are read as the program reads them
        if dialog.get_by_text("还没有选定").is_visible():
            page.keyboard.press("Escape")
            return None
        page.locator('[data-act="read_columns"]').click()
        page.locator("#qj-drop h3", has_text=file.name).wait_for()
        page.locator("#qj-drop-summary").wait_for()
    numbers = list(map(int, re.findall(r"\d+", page.locator("#qj-drop-summary").inner_text().partition("（")[0])))
    shown = page.locator("#qj-drop .qj-fault").evaluate_all(
        "faults => faults.map(one => [one.dataset.severity, ...Array.from(one.children, line => line.textContent)])"
    )
    return numbers, shown


def in_program(project: Project, file: Path, table: str, datum: str | None) -> tuple[list[int], list[list[str]]]:
    """The same of the program."""
    rows, faults = outcome(project, file, table, datum)
    said = []
    for one in map(as_the_page_knows, faults):
        where = "整个文件" if one.row is None else f"第{one.row}行"
        column = f" · {one.letter + ' ' if one.letter else ''}{one.column}" if one.column else ""
        mark = "" if one.severity == "fault" else " · 提醒"
        said.append([one.severity, where + column + mark, one.message("zh"), one.cure("zh")])
    return [len(rows["added"]), len(rows["already"]), len(rows["refused"])], said


def as_the_page_knows(fault: Fault) -> Fault:
    """A warning of an unknown name as the page tells it, which has no gazetteer to look it up."""
    unknown = fault.code in ("place-unknown", "party-unknown")
    return replace(fault, code="place-unchecked") if unknown else fault


def told(faults: list[list[str]], but: re.Pattern[str] = _ALONE) -> list[list[str]]:
    """Faults in order, without what is known to one side only."""
    return sorted([but.sub("", _ALONE.sub("", part)) for part in one] for one in faults)


@pytest.mark.parametrize("where", ["region", "atlas"])
def test_the_page_reads_every_shared_case_as_the_program_does(
    open_file: Open, region_page: Path, atlas_page: Path, repository: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, where: str,
) -> None:  # fmt: skip
    project = load_project(repository if where == "atlas" else make_region(tmp_path / "region"))
    monkeypatch.chdir(tmp_path)  # a file is called by its name, as in the page
    opened = open_file(atlas_page if where == "atlas" else region_page)
    opened.open_import()
    for number, case in enumerate(one for one in cases() if one.project == where):
        file = Path(f"case-{number}.csv")
        file.write_bytes(case.data)
        counts, faults = in_program(project, file, case.table, case.datum)
        in_the_page = in_page(opened.page, file, case.table, case.datum)
        if in_the_page is None:
            assert "column-missing" in [code for _, _, code, _ in case.faults], case.name
            continue
        shown_counts, shown = in_the_page
        assert shown_counts == counts, case.name
        assert told(shown, _GIVEN) == told(faults, _GIVEN), case.name


NAMES = ["Plant 1", "plant１", "Plant 2", "Plant 3", "Works 4", "Works-4", "海湾齿轮厂", "三千万", "园中园", "湖畔市"]
ALIASES = ["三千万", "园中园", "小厂", "Plant 3", "老厂", "湾区", "厂 九", "", "", ""]
NAMED = [
    *NAMES,
    *ALIASES,
    "works",
    "park",
    "nowhere",
    "无此地",
    "plant-2",
    "own-1",
    "OWN-2",
    "海湾工业园",
    "小廠",
    "pact",
    "湾区—山城协议",
]
IDS = ["", "", "", "", "own-1", "own-2", "own-3", "坏号", "works"]
SURE = ["works", "park", "nowhere", "plant-2", "pact", "海湾工业园", "湖畔市"]
"""Rows of the project, and ids: where the program refuses unknown names, the page, which cannot look them up, accepts them."""
COLUMNS = {
    "sites": ["category", "place", "part_of"],
    "places": ["kind", "parent", "members"],
    "partnerships": ["kind", "parties", "roles", "part_of", "about"],
    "indicators": ["kind", "subject", "value", "period"],
    "sources": ["published"],
}


def made(table: str, column: str, pick: random.Random) -> str:
    """A cell: mostly right, and often the name or alias of a row of the same file."""
    some = pick.sample(SURE if column in ("members", "about") else NAMED, pick.choice([0, 1, 1, 2]))
    values = {
        "category": ["企业", "企业", "企业", "不存在的类别"],
        "kind": {"places": ["city", "市", "无此类"], "indicators": ["actual", "目标", "无此类"]}.get(
            table, ["agreement", "协议", "无此类"]
        ),
        "place": ["", "湾区", "湖畔市", pick.choice(NAMED)],
        "parent": ["", "coast", "湖畔市", pick.choice(NAMED)],
        "subject": ["works", pick.choice(SURE), pick.choice(SURE)],
        "value": ["12", "约3万", "x"],
        "period": ["2020", "2021-05", "去年"],
        "published": ["2020", "去年", ""],
        "roles": ["", "|".join(f"{one}：签约方" for one in some)],
    }
    return pick.choice(values.get(column, ["|".join(some)]))


def tables_of_rows_that_name_each_other(seed: int) -> Iterator[tuple[str, str]]:
    """Tables whose names, aliases and ids meet each other's and the project's; some rows are faulty."""
    pick = random.Random(seed)
    for table, columns in COLUMNS.items():
        named = "title" if table == "sources" else "name"
        placed = ["lon", "lat", "datum"] if table in ("sites", "places") else []
        aliased = ["aliases"] if placed else []
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["id", named, *aliased, *columns, *placed])
        for _ in range(25):
            writer.writerow([
                pick.choice(IDS),
                pick.choice(NAMES) if pick.random() > 0.05 else "",
                *("|".join(pick.sample(ALIASES, pick.randint(0, 2))) for _ in aliased),
                *(made(table, column, pick) for column in columns),
                *(pick.choice([["", "", ""], ["100.5", "30.5", "wgs84"], ["100.9", "30.5", "gcj02"], ["100.5", "290.5", ""]]) if placed else []),
            ])  # fmt: skip
        yield table, text.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_rows_that_name_each_other_are_judged_alike(
    open_file: Open, region_page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """By id, name or alias; of a row that is added, is there already, or is refused itself."""
    project = load_project(make_region(tmp_path / "region"))
    monkeypatch.chdir(tmp_path)  # a file is called by its name, as in the page
    opened = open_file(region_page)
    opened.open_import()
    for number, (table, text) in enumerate(tables_of_rows_that_name_each_other(seed)):
        file = Path(f"made-{number}.csv")
        file.write_text(text, encoding="utf-8")
        counts, faults = in_program(project, file, table, None)
        in_the_page = in_page(opened.page, file, table, None)
        assert in_the_page is not None
        shown_counts, shown = in_the_page
        here, there = (Counter(map(tuple, told(one, _IDS))) for one in (shown, faults))
        assert (list(here - there), list(there - here)) == ([], []), text
        assert shown_counts == counts, text
