"""Projects of several districts on one map: what both tell is there once, with both sources; what they tell differently is said."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qjmap.edit import add
from qjmap.pipeline.build import build
from qjmap.pipeline.export import export
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import load_project
from qjmap.routing import route
from qjmap.scaffold import new_project
from tests.commands import run_command
from tests.included_projects.projects import make, merged
from tests.routing.test_route_legs import find

UNITS = ("自贡市", "泸州市", "遵义市", "义乌市", "石柱土家族自治县", "綦江区")
TOPICS = (
    "铁路货运", "公路客运", "职业教育", "医疗卫生", "文化旅游", "现代农业", "装备制造", "新能源汽车", "冷链物流", "大数据产业",
    "生态环保", "招商引资", "人才培养", "科技创新", "内河航运", "跨境电商", "食品加工", "电力供应", "天然气", "水利灌溉",
    "应急救援", "劳务协作", "茶叶种植", "花椒基地", "页岩气", "家居建材", "丝绸纺织", "小商品市场", "体育赛事", "图书档案",
)  # fmt: skip


def pairs() -> Iterator[tuple[str, str]]:
    return itertools.islice(itertools.cycle(itertools.combinations(UNITS, 2)), len(TOPICS))


def told_by_both() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each agreement as either side writes it."""
    for number, (topic, (one, two)) in enumerate(zip(TOPICS, pairs(), strict=True)):
        day = f"20{10 + number % 10}-0{1 + number % 9}-1{number % 10}"
        yield one, {"name": f"{one}与{two}{topic}合作协议", "parties": f"{one}、{two}", "start": day, "kind": "协议"}
        short = (two.removesuffix("市"), one.removesuffix("市"))
        wording = (
            f"{short[0]}—{short[1]} {topic}战略合作框架协议",
            f"《{two}、{one}关于推进{topic}协同发展的备忘录》",
            f"{two}人民政府 {one}人民政府共建{topic}项目协议书",
        )
        yield (
            two,
            {
                "name": wording[number % 3],
                "parties": f"{two}|{one}",
                "start": day[: (4, 7, 10)[number % 3]],
                "kind": "协议",
            },
        )


def look_alikes() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what each looks like an agreement above, told by the side that may have told of it."""
    for number, ((one, two), topic) in enumerate(zip(pairs(), TOPICS[:10], strict=False)):
        day = f"20{10 + number % 10}-0{1 + number % 9}-1{number % 10}"
        row = {"name": f"{two}{one}{topic}合作协议", "parties": f"{two}|{one}", "start": day, "kind": "协议"}
        third = next(unit for unit in UNITS if unit not in (one, two))
        changes = (
            {"start": "2023-05-04"}, {"name": f"{two}{one}{topic}二期合作协议"}, {"name": f"{two}{one}{topic}补充协议"},
            {"parties": f"{two}|{third}"}, {"name": f"{two}{one}合作框架协议"}, {"kind": "供货"}, {"start": "2024"},
            {"name": f"{two}{one}{topic[:2]}园区协议"}, {"parties": f"{one}|{two}|{third}"}, {"name": f"{two}{one}东区{topic}合作协议"},
        )  # fmt: skip
        yield two, {**row, **changes[number]}


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six filled projects, and the one that includes them."""
    folder = tmp_path_factory.mktemp("six")
    rows: dict[str, list[dict[str, str]]] = {}
    for unit, row in (*told_by_both(), *look_alikes()):
        rows.setdefault(unit, []).append(
            {**row, "source": f"{unit}公报", "locator": f"第{len(rows.get(unit, ())) + 1}条"}
        )
    for unit in UNITS:
        made = new_project(unit, folder / unit).folder / "data"
        with (made / "partnerships.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[unit][0]))
            writer.writeheader()
            writer.writerows(rows[unit])
        with (made / "sources.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow([f"gb-{UNITS.index(unit)}", f"{unit}公报"])
    return make(folder / "atlas", include={f"p{at}": f"../{unit}" for at, unit in enumerate(UNITS)})


@pytest.mark.slow
def test_thirty_agreements_are_joined_and_ten_look_alikes_stay_apart(six: Path) -> None:
    _, atlas = merged(six)
    frame = atlas.frames["partnerships"]
    assert [len(group) for group in atlas.joined["partnerships"]] == [2] * 30
    assert len(frame) == 30 + 10
    both = frame[[own in {min(group) for group in atlas.joined["partnerships"]} for own in frame["id"]]]
    assert all(len(sources.split("|")) == 2 for sources in both["source"])
    assert all(len(places.split("|")) == 2 for places in both["locator"])
    assert all(len(aliases) == 1 for aliases in both["aliases"])
    assert all(len(start) == 10 for start in both["start"])


@pytest.mark.slow
def test_the_map_of_six_is_built_without_a_fault_and_shows_each_once(six: Path) -> None:
    assert [fault.code for fault in find_faults(load_project(six)) if fault.severity == "fault"] == []
    built = build(load_project(six))
    assert built.counts["partnerships"] == 40
    features = json.loads((six / "geo" / "export" / "partnerships.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == 40
    assert all(feature["geometry"] for feature in features)
    places = json.loads((six / "geo" / "export" / "places.geojson").read_text(encoding="utf-8"))["features"]
    assert len({feature["properties"]["name"] for feature in places}) == len(places)


PLACES = [
    {"id": "p", "name": "甲地", "lon": 106, "lat": 29, "datum": "wgs84"},
    {"id": "q", "name": "乙地", "lon": 107, "lat": 29, "datum": "wgs84"},
]
PACT = {"id": "x", "name": "铁路协议", "parties": "p|q", "start": "2020-09", "kind": "协议"}


@pytest.mark.slow
def test_differences_name_file_row_and_both_values(tmp_path: Path) -> None:
    make(
        tmp_path / "a",
        places=PLACES,
        partnerships=[{**PACT, "value_cny": 12, "status": "已签约", "url": "https://a.example"}],
    )
    make(
        tmp_path / "b",
        places=PLACES,
        partnerships=[{**PACT, "name": "铁路合作协议", "value_cny": 10, "status": "已签约", "start": "2020-09-15"}],
    )
    make(tmp_path / "atlas", include={"a": "../a", "b": "../b"})
    _, atlas = merged(tmp_path / "atlas")
    (warning,) = atlas.warnings
    assert (warning.file, warning.row, warning.column, warning.value) == (
        "../a/data/partnerships.csv",
        2,
        "value_cny",
        "12",
    )
    assert {**warning.params}.items() >= {"file_of": "../b/data/partnerships.csv", "row_of": 2, "other": "10"}.items()
    row = atlas.frames["partnerships"].iloc[0]
    assert (row["id"], row["start"], row["value_cny"], row["aliases"]) == ("a.x", "2020-09-15", 12.0, ("铁路合作协议",))
    assert "include-differs" in {fault.code for fault in find_faults(load_project(tmp_path / "atlas"))}


@pytest.mark.slow
def test_ids_have_the_prefix_of_their_project_and_stay_when_another_is_included(tmp_path: Path) -> None:
    far = [{**PLACES[0], "id": "p", "name": "丙地", "lon": 90}]
    make(tmp_path / "a", places=PLACES, partnerships=[PACT], sites=[{"id": "s", "name": "厂", "place": "p"}])
    make(tmp_path / "b", places=far)
    make(tmp_path / "atlas", include={"a": "../a"})
    _, before = merged(tmp_path / "atlas")
    make(tmp_path / "atlas", include={"b": "../b", "a": "../a"})
    _, after = merged(tmp_path / "atlas")
    assert {*before.frames["places"]["id"]} == {"a.p", "a.q"}
    assert {*after.frames["places"]["id"]} == {"a.p", "a.q", "b.p"}
    assert after.frames["partnerships"]["parties"].tolist() == [("a.p", "a.q")]
    assert after.frames["sites"][["id", "place"]].to_numpy().tolist() == [["a.s", "a.p"]]


def test_own_rows_name_what_is_included_by_name_and_by_id(tmp_path: Path) -> None:
    make(tmp_path / "a", places=PLACES, sites=[{"id": "s", "name": "某厂", "place": "p"}])
    own = [{"id": "n", "name": "港口协议", "parties": "甲地|a.q"}, {"id": "m", "name": "供货", "parties": "某厂|乙地"}]
    make(tmp_path / "atlas", include={"a": "../a"}, settings='home = "甲地"\nopening = ["a.q"]', partnerships=own)
    atlas, warnings = load_atlas(load_project(tmp_path / "atlas"))
    assert atlas.partnership_rows["parties"].tolist() == [("a.s", "a.q"), ("a.p", "a.q")]
    assert (atlas.project.settings.home, atlas.project.settings.opening) == ("a.p", ("a.q",))
    assert {one.code for one in warnings} <= {"no-source", "reference-named", "datum-missing"}


def test_an_id_that_an_included_row_has_is_taken(tmp_path: Path) -> None:
    make(tmp_path / "a", places=PLACES)
    make(tmp_path / "atlas", include={"a": "../a"}, places=[{**PLACES[0], "id": "a.p", "name": "丁地"}])
    faults = [fault for fault in find_faults(load_project(tmp_path / "atlas")) if fault.severity == "fault"]
    assert [(fault.code, fault.params["file_of"]) for fault in faults] == [("id-duplicate", "../a/data/places.csv")]


@pytest.mark.slow
def test_rows_are_added_to_the_project_itself_alone(tmp_path: Path) -> None:
    make(tmp_path / "a", places=PLACES)
    make(tmp_path / "atlas", include={"a": "../a"})
    before = {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()}
    file = tmp_path / "new.csv"
    file.write_text("名称,合作方\n港口协议,甲地、乙地\n", encoding="utf-8")
    result = add(load_project(tmp_path / "atlas"), file)
    assert len(result.added) == 1
    assert "港口协议" in (tmp_path / "atlas" / "data" / "partnerships.csv").read_text(encoding="utf-8-sig")
    assert {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()} == before
    assert load_atlas(load_project(tmp_path / "atlas"))[0].partnership_rows["parties"].tolist() == [("a.p", "a.q")]


@pytest.mark.slow
def test_report_and_export_tell_of_all_projects(tmp_path: Path) -> None:
    make(tmp_path / "a", places=PLACES, partnerships=[PACT])
    make(tmp_path / "atlas", include={"a": "../a"}, places=[{**PLACES[0], "id": "home", "name": "戊地", "lon": 105}])
    done = run_command("report", tmp_path / "atlas", cwd=tmp_path)
    assert (done.returncode, "甲地" in done.stdout) == (0, True)
    export(load_project(tmp_path / "atlas"), tmp_path / "p.csv", layer="partnerships", form="csv")
    assert "a.p|a.q" in (tmp_path / "p.csv").read_text(encoding="utf-8-sig")


def test_words_columns_and_credits_of_included_projects_hold(tmp_path: Path) -> None:
    words = 'attribution = ["甲局"]\n[categories.dry-dock]\nzh = "干船坞"\nen = "dry dock"\nlike = "port"\n[columns."人数"]\nlabel = "职工"'
    make(
        tmp_path / "a",
        settings=words,
        places=PLACES,
        sites=[{"id": "s", "name": "坞", "category": "干船坞", "place": "p", "人数": "3"}],
    )
    make(tmp_path / "atlas", include={"a": "../a"})
    atlas, _ = load_atlas(load_project(tmp_path / "atlas"))
    assert atlas.site_rows["category"].tolist() == ["dry-dock"]
    assert atlas.project.settings.attribution == (("甲局", "甲局"),)
    assert [column.settings.label for column in atlas.own["sites"]] == ["职工"]


@pytest.mark.slow
def test_lines_of_included_legs_are_drawn(region: Path, tmp_path: Path) -> None:
    route(load_project(region), find=find)
    alone, _ = load_atlas(load_project(region))
    make(tmp_path / "atlas", include={"bay": f"../{region.name}"})
    atlas, warnings = load_atlas(load_project(tmp_path / "atlas"))
    assert {f"bay.{leg}" for leg in alone.lines} == {*atlas.lines} != set()
    assert "lines-stale" not in {warning.code for warning in warnings}
