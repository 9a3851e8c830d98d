"""Rows that lie elsewhere than they say, in the page: never a row that the program would not name."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qjmap.project import load_project
from tests.browser.conftest import Opened
from tests.tables.reading_cases import outcome

Open = Callable[..., Opened]

ADDRESSES = (
    "重庆市江北区五里店1号", "江北区建新路", "重庆路12号", "重庆市场3号", "北京西路8号", "四川北路9号", "贵州省", "四川自贡",
    "四川省自贡市贡井区", "綦江县古南街道", "重庆市綦江区万盛", "渝北区", "重庆市渝北区双凤桥", "市中区", "内江市市中区", "南岸区",
    "遵义市桐梓县", "贵阳市", "都匀市", "黔南州", "阿坝藏族羌族自治州", "凉山州西昌市", "重庆万州", "万州",
    "吉林市", "海南州", "南川区", "合川区钓鱼城", "自贡", "自贡市场", "某路7号", "重庆两江新区",
)  # fmt: skip


def table(names: list[str], rows: int, seed: int) -> bytes:
    """Sites anywhere in the southwest, each naming a place, an address or a province and city, at random."""
    chance = random.Random(seed)
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["名称", "所在地", "地址", "省", "市", "经度", "纬度", "坐标系", "精度", "来源"])
    for number in range(rows):
        lon, lat = chance.uniform(103.5, 109.5), chance.uniform(26.0, 31.5)
        said = ["", "", "", ""]
        kind = chance.randrange(3)
        if kind == 2:
            said[2:] = chance.choice(
                [
                    ("四川", "自贡"),
                    ("四川省", "宜宾市"),
                    ("重庆市", "綦江区"),
                    ("贵州", ""),
                    ("", "遵义市"),
                    ("重庆", "江北区"),
                ]
            )
        else:
            said[kind] = chance.choice(names if kind == 0 else ADDRESSES)
        level = chance.choice(["site", "", "town", "district", "city"])
        out.writerow(
            [f"厂{number}", *said, f"{lon:.6f}", f"{lat:.6f}", chance.choice(["wgs84", "gcj02"]), level, "article"]
        )
    return text.getvalue().encode()


_ROWS = re.compile(r"第([\d、-]+)行写的是")


def rows_of(messages: list[str]) -> set[int]:
    """The rows that warnings name."""
    found: set[int] = set()
    for message in messages:
        said = _ROWS.match(message)
        assert said, f"more rows than a message lists: {message}"
        for run in said[1].split("、"):
            first, _, last = run.partition("-")
            found |= set(range(int(first), int(last or first) + 1))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_the_page_says_less_than_the_program_and_never_more(
    open_file: Open, atlas_page: Path, repository: Path, tmp_path: Path, seed: int
) -> None:
    with (repository / "data" / "places.csv").open(encoding="utf-8") as lines:
        names = [row["name"] for row in csv.DictReader(lines)]
    file = tmp_path / "anywhere.csv"
    file.write_bytes(table(names, 700, seed))
    _, faults = outcome(load_project(repository), file, "sites", None)
    program = rows_of([one.message("zh") for one in faults if one.code == "misplaced"])

    opened = open_file(atlas_page)
    opened.wait_ready()
    opened.page.evaluate(  # what the worker answers, before the card shows the first of it
        """() => {
            const Plain = window.Worker;
            window.Worker = class extends Plain {
                constructor(...given) { super(...given); this.addEventListener("message", ({ data }) => { window.answer = data; }); }
            };
        }"""
    )
    opened.page.locator("#qj-drop-button").click()
    opened.page.locator("#qj-drop-file").set_input_files(file)
    opened.page.locator("#qj-drop-summary").wait_for()
    told = opened.page.evaluate(
        "window.answer.result.faults.filter(one => one.code === 'misplaced').map(one => one.told.zh.message)"
    )
    page = rows_of(told)
    assert page <= program, sorted(page - program)
    assert len(page) > 0.5 * len(program), "and it does not fall silent"
