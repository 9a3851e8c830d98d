"""Many texts at once say what each would say alone."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import qjmap
from qjmap.locators import Everywhere
from qjmap.locators.batch import COLUMNS, locate_many
from qjmap.locators.of_table import locate_file, unresolved_path

CHINA = Everywhere()
TEXTS = [
    "重庆市綦江区打通镇1号", "綦江", "朝阳区", "", "不存在镇", "重庆市纂江区打通镇", "Zigong", "四川綦江", "綦江县", "打通镇",
    "遵义市汇川区 上海路1号", "贵阳市7星关区", "万盛经开区管委会", "重庆市綦江区打通镇1号",
]  # fmt: skip


def alone(text: str, within: tuple[str, ...] = ()) -> tuple[object, ...]:
    answer = CHINA.locate(text, within=within)
    best = answer.best
    return (best.id if best else "", best.lon if best else None, best.score if best else 0.0,
            best.matched if best else "", best.rest if best else "", answer.reason, best.note if best else "")  # fmt: skip


def together(found: dict[str, list[object]]) -> list[tuple[object, ...]]:
    return list(zip(*(found[name] for name in ("place_id", "lon", "score", "matched", "rest", "reason", "note")), strict=True))


def test_many_at_once_say_what_each_says_alone() -> None:
    assert together(locate_many(CHINA, TEXTS)) == [alone(text) for text in TEXTS]
    within = [("重庆市",) if number % 2 else () for number in range(len(TEXTS))]
    assert together(locate_many(CHINA, TEXTS, within)) == [alone(*pair) for pair in zip(TEXTS, within, strict=True)]


def test_no_text_gives_empty_columns() -> None:
    assert locate_many(CHINA, []) == {name: [] for name in COLUMNS}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="重庆市綦江区县镇路打通川渝，, 12号四川省自贡", max_size=30), max_size=8))
def test_the_short_way_and_the_long_way_agree(texts: list[str]) -> None:
    assert together(locate_many(CHINA, texts)) == [alone(text) for text in texts]


def test_what_was_not_located_is_listed_to_be_filled_in(tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "out.csv"
    source.write_text("名称,地址\n甲,重庆市綦江区\n乙,朝阳区\n丙,自供市\n", encoding="utf-8")
    assert locate_file(CHINA, source, out) == (3, 1)
    with unresolved_path(out).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["text"], row["reason"]) for row in rows] == [
        ("3", "朝阳区", "ambiguous"), ("4", "自供市", "unknown"),
    ]  # fmt: skip
    assert "北京市 朝阳区 110105" in rows[0]["candidates"]
    assert "自贡市" in rows[1]["suggestions"]


def test_the_public_verbs_answer_without_a_project(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    assert qjmap.locate("贵阳高新区").best.name == "贵阳高新技术产业开发区"  # type: ignore[union-attr]
    found = qjmap.geocode(["重庆市綦江区", None, "朝阳区"])
    assert list(found["level"]) == ["district", "unresolved", "unresolved"]
    assert found.geometry.isna().tolist() == [False, True, True]
