"""Columns of open vocabularies: values, words as typed, one remark; the table keeps what was typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import qjmap
from qjmap.edit import add
from qjmap.pipeline.export import export
from qjmap.project import load_project
from qjmap.schema import OPEN_VOCABULARIES, TABLES, WORD_COLUMNS
from qjmap.tables import parse
from qjmap.tables.partitions import Partition, read_partition
from qjmap.validation import check
from tests.commands import run_command
from tests.tables.helpers import parsed
from tests.word_tables import ROWS, make_word_region


@pytest.fixture
def region(tmp_path: Path) -> Path:
    return make_word_region(tmp_path / "region")


def test_an_unknown_word_is_other_and_stands_beside_it(tmp_path: Path) -> None:
    result = parsed(tmp_path, "name,category,status\n甲,干船坞,运营\n乙, 干船坞 ,停建\n丙,企业,\n丁,,\n")
    frame = result.frame
    assert list(frame["category"]) == ["other", "other", "enterprise", ""]
    assert list(frame["category_word"]) == ["干船坞", "干船坞", "", ""]
    assert list(frame["status"]) == ["operating", "other", "", ""]
    assert list(frame["status_word"]) == ["", "停建", "", ""]
    assert result.bad_rows == frozenset()


def test_every_column_of_an_open_vocabulary_keeps_the_words_as_typed() -> None:
    for table in TABLES.values():
        open_columns = {column.name for column in table.columns if column.vocab in OPEN_VOCABULARIES}
        assert set(table.word_columns.values()) == open_columns, table.name


def test_what_an_amount_is_may_be_said_in_any_word(tmp_path: Path) -> None:
    text = "名称,参与方,金额,金额性质\n甲,a|b,1,预测\n乙,a|b,1,实际\n丙,a|b,1,传闻\n"
    frame = parsed(tmp_path, text, table="partnerships").frame
    assert list(frame["value_kind"]) == ["forecast", "actual", "other"]
    assert list(frame["value_kind_word"]) == ["", "", "传闻"]


def test_unknown_words_of_a_column_are_one_warning_with_words_and_rows(tmp_path: Path) -> None:
    result = parsed(tmp_path, "名称,类别\n甲,干船坞\n乙,企业\n丙,起降点\n丁,干船坞\n")
    [fault] = [fault for fault in result.faults if fault.code == "vocab-other"]
    assert (fault.row, fault.column, fault.severity) == (None, "类别", "warning")
    assert (fault.params["words"], fault.params["rows"]) == (["干船坞", "起降点"], [2, 4, 5])
    assert "[categories]" in fault.cure("zh")


def test_mapped_categories_are_one_note(tmp_path: Path) -> None:
    result = parsed(tmp_path, "name,type\n甲,公司企业;公司;机械电子\n乙,公司企业;公司;机械电子\n丙,amenity=school\n")
    assert list(result.frame["category"]) == ["enterprise", "enterprise", "school"]
    assert list(result.frame["category_word"]) == ["公司企业;公司;机械电子", "公司企业;公司;机械电子", "amenity=school"]
    [note] = result.notes
    assert note.text("zh") == "“type”按常见的分类归类，原文保留：公司企业;公司;机械电子 → 企业、amenity=school → 学校。"
    assert not result.faults


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_the_columns_of_words_that_it_needs(table: str, tmp_path: Path) -> None:
    columns = {words for words, column in WORD_COLUMNS.items() if column in TABLES[table].word_columns.values()}
    frame = parsed(tmp_path, "\n", name=f"{table}.csv", table=table).frame
    assert columns == {name for name in frame if str(name).endswith("_word")}


@pytest.mark.parametrize(
    ("typed", "value", "word"),
    [
        ("目标", "target", ""),
        ("预计值", "forecast", ""),
        ("产能", "capacity", ""),
        ("估摸", "other", "估摸"),
        ("", "", ""),
    ],
)
def test_a_kind_of_value_is_understood_as_it_is_typed(tmp_path: Path, typed: str, value: str, word: str) -> None:
    text = f"name,parties,value_cny,value_kind\n甲,a|b,5,{typed}\n"
    frame = parsed(tmp_path, text, name="partnerships.csv", table="partnerships").frame
    assert [frame["value_kind"][0], frame["value_kind_word"][0]] == [value, word]


def test_every_column_that_takes_any_word_has_one_for_the_words() -> None:
    for table in TABLES.values():
        taking = {column.name for column in table.columns if column.vocab in OPEN_VOCABULARIES}
        assert taking == {*table.word_columns.values()}


def test_a_column_of_the_user_with_such_a_name_alone_is_the_column_of_values(tmp_path: Path) -> None:
    frame = parsed(tmp_path, "name,category_word,mode_word\n甲,公司,海运\n").frame
    assert list(frame["category"]) == ["enterprise"]
    assert list(frame["mode_word"]) == ["海运"]  # sites have no mode


@pytest.mark.slow
def test_an_export_has_words_only_where_there_are_some(region: Path, tmp_path: Path) -> None:
    names = {}
    for layer in ("sites", "places", "partnerships"):
        export(load_project(region), tmp_path / f"{layer}.geojson", layer=layer, form="geojson")
        first = json.loads((tmp_path / f"{layer}.geojson").read_text(encoding="utf-8"))["features"][0]
        names[layer] = [name for name in first["properties"] if name.endswith("_word")]
    assert names == {
        "sites": ["category_word", "status_word"],
        "places": [],
        "partnerships": ["kind_word", "status_word"],
    }


@pytest.mark.slow
@pytest.mark.parametrize("form", ["geojson", "csv"])
@pytest.mark.parametrize("layer", ["sites", "partnerships"])
def test_the_export_brings_the_words_back(region: Path, tmp_path: Path, layer: str, form: str) -> None:
    table = region / "data" / f"{layer}.csv"
    export(load_project(region), tmp_path / f"out.{form}", layer=layer, form=form)
    report = add(load_project(region), tmp_path / f"out.{form}", table=layer, dry_run=True)
    assert (report.added, report.updated, report.refused, report.new_columns) == ([], [], [], [])
    before = check(load_project(region))[0][layer].frame
    table.write_bytes(table.read_bytes().splitlines(keepends=True)[0])
    assert add(load_project(region), tmp_path / f"out.{form}", table=layer).refused == []
    after = check(load_project(region))[0][layer].frame
    both = [frame.drop(columns="_row").sort_values("id", ignore_index=True) for frame in (before, after)]
    assert both[0].equals(both[1])
    kept = {"sites": ["无人机起降点", "科教文化服务;学校;中学", "停摆"], "partnerships": ["非正式磋商", "搁置"]}
    assert all(f",{word}," in table.read_text(encoding="utf-8") for word in kept[layer])


def test_adding_a_file_keeps_its_words(region: Path, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("名称,类别,状态\n戊,温室,停建\n己,船坞,在建\n", encoding="utf-8")
    add(load_project(region), tmp_path / "new.csv")
    lines = (region / "data" / "sites.csv").read_text(encoding="utf-8").splitlines()[-2:]
    assert [line.split(",")[4:6] for line in lines] == [["温室", "停建"], ["dry-dock", "under-construction"]]


@pytest.mark.slow
def test_an_unknown_status_is_never_committed(region: Path) -> None:
    report = qjmap.open_project(region).report()
    places = {row["id"]: row for row in json.loads(report.to_json())["places"]}
    before = {row["id"]: row for row in json.loads(qjmap.open_project(make_plain(region)).report().to_json())["places"]}
    assert places["harbour"]["committed_cny"] == before["harbour"]["committed_cny"]
    assert places["harbour"]["intended_cny"] == before["harbour"]["intended_cny"] + 16_000_000
    assert places["harbour"]["other"] == 1
    assert places["harbour"]["planned"] == before["harbour"]["planned"] + 1  # suspended is like planned


def make_plain(region: Path) -> Path:
    """Take the partnerships of `ROWS` out again."""
    path = region / "data" / "partnerships.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: -len(ROWS["partnerships"])]), encoding="utf-8")
    return region


@pytest.mark.slow
def test_check_warns_and_strict_makes_it_a_fault(region: Path) -> None:
    result = run_command("check", region, "--lang", "zh", cwd=region)
    assert result.returncode == 0
    assert "无人机起降点" in result.stdout and "停摆" in result.stdout and "船坞" not in result.stdout
    assert run_command("check", region, "--strict", cwd=region).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("form", ["geojson", "csv", "parquet"])
def test_a_table_in_parts_gives_the_same_file(region: Path, tmp_path: Path, form: str) -> None:
    export(load_project(region), tmp_path / f"whole.{form}", layer="sites", form=form)
    path, folder = region / "data" / "sites.csv", region / "data" / "sites"
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.unlink()
    folder.mkdir()
    for number, part in enumerate((rows[:3], rows[3:])):
        (folder / f"{number}.csv").write_text(header + "".join(part), encoding="utf-8")
    export(load_project(region), tmp_path / f"parts.{form}", layer="sites", form=form)
    assert (tmp_path / f"parts.{form}").read_bytes() == (tmp_path / f"whole.{form}").read_bytes()


def test_a_partition_knows_the_words_of_the_project(region: Path) -> None:
    path = region / "data" / "sites.csv"
    words = load_project(region).settings.vocabularies
    assert "dry-dock" in set(parse(read_partition(Partition(path, "x"), TABLES["sites"], words)).frame["category"])
    assert "dry-dock" not in set(parse(read_partition(Partition(path, "x"), TABLES["sites"])).frame["category"])
