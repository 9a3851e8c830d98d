"""Batch geocoding gives the same answers as single calls; files are located completely."""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qjmap
from qjmap.cli.main import main
from qjmap.engine import Here
from qjmap.errors import UsageError
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.geocode_file import ReadOptions, locate_file, unresolved_path
from qjmap.geocoding.locate_many import COLUMNS, locate_many
from qjmap.geocoding.online.environment import open_online
from qjmap.tables.saved_column_mappings import ColumnSource
from tests.properties import examples

CHINA = OfflineLocator()
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
    return list(
        zip(*(found[name] for name in ("place_id", "lon", "score", "matched", "rest", "reason", "note")), strict=True)
    )


def test_locate_many_equals_locate() -> None:
    assert together(locate_many(CHINA, TEXTS)) == [alone(text) for text in TEXTS]
    within = [("重庆市",) if number % 2 else () for number in range(len(TEXTS))]
    assert together(locate_many(CHINA, TEXTS, within)) == [alone(*pair) for pair in zip(TEXTS, within, strict=True)]


def test_no_texts_give_empty_columns() -> None:
    assert locate_many(CHINA, []) == {name: [] for name in COLUMNS}


@examples(200)
@given(st.lists(st.text(alphabet="重庆市綦江区县镇路打通川渝，, 12号四川省自贡", max_size=30), max_size=8))
def test_plain_address_equals_full_answer(texts: list[str]) -> None:
    assert together(locate_many(CHINA, texts)) == [alone(text) for text in texts]


def test_unresolved_texts_are_listed(tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "out.csv"
    source.write_text("名称,地址\n甲,重庆市綦江区\n乙,朝阳区\n丙,自供市\n", encoding="utf-8")
    assert locate_file(CHINA, source, out) == (3, 1)
    with unresolved_path(out).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(dict.fromkeys((row["row"], row["text"], row["reason"]) for row in rows)) == [
        ("3", "朝阳区", "ambiguous"), ("4", "自供市", "unknown"),
    ]  # fmt: skip
    assert ("北京市 朝阳区", "110105") in [(row["candidate"], row["place_id"]) for row in rows]
    assert "自贡市" in rows[-1]["suggestions"]


def test_public_functions_work_without_a_project(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    assert qjmap.locate("贵阳高新区").best.name == "贵阳高新技术产业开发区"  # type: ignore[union-attr]
    found = qjmap.geocode(["重庆市綦江区", None, "朝阳区"])
    assert list(found["level"]) == ["district", "unresolved", "unresolved"]
    assert found.geometry.isna().tolist() == [False, True, True]


def test_a_doubtful_place_is_listed_and_takes_no_position(tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "out.csv"
    source.write_text("名称,地址\n甲,东方水利\n乙,桐梓坡路1号\n丙,綦江一中\n", encoding="utf-8")
    assert locate_file(CHINA, source, out) == (3, 1)
    with unresolved_path(out).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["text"], row["reason"], row["suggestions"]) for row in rows] == [
        ("东方水利", "unknown", "海南省 东方市"), ("桐梓坡路1号", "unknown", "贵州省 遵义市 桐梓县"),
    ]  # fmt: skip


def test_the_garbage_collector_runs_on_behind_a_batch() -> None:
    def texts() -> Iterator[str]:
        assert not gc.isenabled()
        yield "綦江"
        raise OSError

    assert gc.isenabled()
    with pytest.raises(OSError):
        locate_many(CHINA, texts())
    assert gc.isenabled()


@pytest.mark.parametrize("many", [1, 2])
@pytest.mark.parametrize("option", ["sheet", "encoding", "columns", "online"])
def test_what_is_for_one_file_is_refused_for_a_folder_and_an_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, many: int
) -> None:
    """Whether the folder has one file or several, from Python and on the command line: nothing is dropped, and nothing written."""
    folder, out = tmp_path / "names", tmp_path / "out.csv"
    folder.mkdir()
    for number in range(many):
        (folder / f"{number}.csv").write_text("名称\n綦江\n", encoding="utf-8")
    told = ColumnSource({"name": "名称"}) if option == "columns" else None
    reading = ReadOptions(**{option: "gb18030"} if option in ("sheet", "encoding") else {}, told=told)
    online = open_online("nominatim", CHINA, {"QJMAP_CACHE": str(tmp_path / "cache")}) if option == "online" else None
    for file, engine in ((folder, None), (folder / "0.csv", Here())):
        with pytest.raises(UsageError) as refused:
            locate_file(CHINA, file, out, reading=reading, online=online, engine=engine)
        assert (refused.value.code, refused.value.params["options"]) == ("locate-parts", [option])
    if option != "online":
        value = "name=名称" if option == "columns" else "gb18030"
        with pytest.raises(SystemExit) as ended:
            main(["locate", "--file", str(folder), "-o", str(out), f"--{option}", value, "--lang", "en"])
        assert ended.value.code == 2
        assert f"{option} cannot be used with it" in capsys.readouterr().err
    assert not out.exists()
