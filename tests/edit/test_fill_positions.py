"""Positions from a provider, written into a project's table: only where there is none, named, and taken back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qjmap.project import load_project
from qjmap.schema import TABLES
from qjmap.validation import check
from tests.commands import Result, run_command
from tests.geocoding.online.server import NEIJIANG, QIJIANG, Place, Providers
from tests.region import write_table

pytestmark = pytest.mark.slow

Run = Callable[..., Result]

PLACES: list[dict[str, Any]] = [
    {"id": "qijiang", "name": "綦江区", "kind": "district", "adcode": "500110", "source": "survey"},
    {"id": "valley", "name": "石佛谷", "kind": "area", "parent": "qijiang", "source": "survey"},
]
SITES: list[dict[str, Any]] = [
    {"id": "a", "name": "甲厂", "place": "qijiang", "address": "綦江区石佛路1号", "source": "survey"},
    {
        "id": "b",
        "name": "乙厂",
        "address": "綦江区石佛路2号",
        "source": "survey",
        "lon": "106.7",
        "lat": "29.1",
        "datum": "wgs84",
    },
    {"id": "c", "name": "丙厂", "place": "qijiang", "address": "綦江区远方路3号", "source": "survey"},
    {"id": "d", "name": "丁厂", "place": "qijiang", "source": "survey"},
    {"id": "e", "name": "戊厂", "address": "綦江区石佛路5号", "precision": "unresolved", "source": "survey"},
    {"id": "f", "name": "己厂", "address": "綦江区石佛路6号", "datum": "bd09", "source": "survey"},
]


@pytest.fixture
def providers() -> Iterator[Providers]:
    server = Providers()
    server.places = {
        "石佛路": [Place("石佛路1号", *QIJIANG)], "石佛谷": [Place("石佛谷", *QIJIANG)], "远方路": [Place("远方路3号", *NEIJIANG)],
    }  # fmt: skip
    yield server
    server.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    data = tmp_path / "綦江 project" / "data"
    data.mkdir(parents=True)
    (data / "project.toml").write_text('id = "q"\ntitle = "图"\n', encoding="utf-8")
    rows = {"places": PLACES, "sites": SITES, "sources": [{"id": "survey", "title": "调查"}]}
    for name, table in TABLES.items():
        write_table(data / f"{name}.csv", table.names, rows.get(name, []))
    return data.parent


@pytest.fixture
def qjmap(providers: Providers, project: Path, tmp_path: Path) -> Run:
    environment = providers.environment(QJMAP_CACHE=str(tmp_path / "cache"))

    def run(*arguments: str) -> Result:
        return run_command(*arguments, cwd=project, environment=environment)

    return run


def table(project: Path, name: str = "sites") -> dict[str, dict[str, str]]:
    text = (project / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_rows_without_a_position_get_one_and_say_whose_it_is(qjmap: Run, project: Path) -> None:
    before = (project / "data" / "sites.csv").read_text(encoding="utf-8").splitlines()
    done = qjmap("locate", "--online", "amap", "--lang", "en")
    assert done.returncode == 0, done.stderr
    found = table(project)
    row = found["a"]
    assert (float(row["lon"]), float(row["lat"])) == pytest.approx((106.653746, 29.026819), abs=2e-5)  # as Amap has it
    assert (row["datum"], row["precision"], row["position_source"]) == ("gcj02", "site", "amap")
    assert row["position_locator"].endswith("门牌号")
    after = (project / "data" / "sites.csv").read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(after) if line != before[number]] == [1, 6]
    assert table(project, "sources")["amap"]["licence"]
    assert "row 4 丙厂" in done.stdout  # its answer lies in another province
    assert "qjmap undo" in done.stdout


def test_a_datum_that_a_row_names_is_kept(qjmap: Run, project: Path) -> None:
    assert qjmap("locate", "--online", "amap").returncode == 0
    row = table(project)["f"]
    assert row["datum"] == "bd09"
    assert (float(row["lon"]), float(row["lat"])) == pytest.approx((106.660217, 29.032878), abs=2e-5)


@pytest.mark.slow
def test_the_tables_are_sound_afterwards_and_the_map_can_be_made(qjmap: Run, project: Path) -> None:
    assert qjmap("locate", "--online", "amap").returncode == 0
    assert [fault for fault in check(load_project(project))[1] if fault.severity == "fault"] == []
    assert qjmap("build").returncode == 0
    sites = json.loads((project / "geo/export/sites.geojson").read_text(encoding="utf-8"))["features"]
    (site,) = (one for one in sites if one["id"] == "a")
    assert site["geometry"]["coordinates"] == pytest.approx(QIJIANG, abs=1e-5)


def test_one_undo_takes_the_positions_and_the_source_back(qjmap: Run, project: Path) -> None:
    before = {path.name: path.read_bytes() for path in (project / "data").glob("*.csv")}
    assert qjmap("locate", "--online", "amap").returncode == 0
    done = qjmap("undo", "--lang", "en")
    assert done.returncode == 0
    assert "positions of 2 rows" in done.stdout
    assert "1 rows taken out" in done.stdout
    assert {path.name: path.read_bytes() for path in (project / "data").glob("*.csv")} == before
    assert qjmap("undo").returncode == 2


def test_the_row_of_the_provider_gets_an_id_that_no_row_has(qjmap: Run, project: Path) -> None:
    ids = ("amap", "amap-geocoder", "amap-geocoder-2")
    rows = [{"id": one, "name": one, "source": "survey"} for one in ids]
    write_table(project / "data" / "corridors.csv", TABLES["corridors"].names, rows)
    assert qjmap("locate", "--online", "amap").returncode == 0
    assert table(project)["a"]["position_source"] == "amap-geocoder-3"
    assert [*table(project, "sources")] == ["survey", "amap-geocoder-3"]
    assert [fault for fault in check(load_project(project)).faults if fault.severity == "fault"] == []


def test_sources_that_are_changed_during_the_requests_keep_the_changes(
    qjmap: Run, project: Path, providers: Providers
) -> None:
    sources = project / "data" / "sources.csv"

    def rewrite(_: str) -> None:
        sources.write_text("标题,id\n调查,survey\n别人刚加的,amap\n", encoding="utf-8")

    providers.on_question = rewrite
    done = qjmap("locate", "--online", "amap")
    assert done.returncode == 0, done.stderr
    assert sources.read_text("utf-8") == "标题,id\n调查,survey\n别人刚加的,amap\n"
    assert table(project)["a"]["position_source"] == "amap"


@pytest.mark.slow
def test_a_second_run_changes_nothing_and_asks_nothing(qjmap: Run, project: Path, providers: Providers) -> None:
    assert qjmap("locate", "--online", "amap").returncode == 0
    data, asked = (project / "data" / "sites.csv").read_bytes(), len(providers.asked)
    done = qjmap("locate", "--online", "amap", "--lang", "en")
    assert done.returncode == 0
    assert (project / "data" / "sites.csv").read_bytes() == data
    assert len(providers.asked) == asked
    assert len([row for row in table(project, "sources") if row == "amap"]) == 1


def test_places_are_filled_by_name_inside_their_parent(qjmap: Run, project: Path, providers: Providers) -> None:
    done = qjmap("locate", "--online", "nominatim", "--table", "places", "--lang", "en")
    assert done.returncode == 0, done.stderr
    row = table(project, "places")["valley"]
    assert (row["datum"], row["position_source"]) == ("wgs84", "nominatim")
    assert table(project, "places")["qijiang"]["lon"] == ""  # the gazetteer knows it; nobody is asked
    assert providers.questions() == ["重庆市 綦江区 石佛谷"]


def test_a_dry_run_asks_and_writes_nothing(qjmap: Run, project: Path, providers: Providers) -> None:
    files = {path: path.read_bytes() for path in (project / "data").glob("*.csv")}
    done = qjmap("locate", "--online", "amap", "--dry-run", "--json", "--lang", "en")
    report = json.loads(done.stdout)
    assert [one["row"] for one in report["filled"]] == [2, 7]
    assert report["left"][0]["provider_reason"] == "outside"
    assert report["skipped"] == 1
    assert providers.asked
    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.slow
def test_a_table_that_is_changed_meanwhile_is_left_alone(qjmap: Run, project: Path, providers: Providers) -> None:
    path = project / "data" / "sites.csv"

    def edit(_: str) -> None:
        path.write_bytes(path.read_bytes().replace("甲厂".encode(), "甲工厂".encode()))

    providers.on_question = edit
    done = qjmap("locate", "--online", "amap", "--lang", "en")
    assert done.returncode == 1
    assert "nothing is asked twice" in done.stderr
    assert table(project)["a"]["lon"] == ""
    asked = len(providers.asked)
    assert qjmap("locate", "--online", "amap").returncode == 0
    assert table(project)["a"]["lon"]
    assert len(providers.asked) == asked


def test_a_table_in_gb18030_with_chinese_headers_keeps_its_bytes(qjmap: Run, project: Path) -> None:
    path = project / "data" / "sites.csv"
    path.write_bytes("名称,地址,来源\r\n甲厂,綦江区石佛路1号,survey\r\n乙厂,,survey\r\n".encode("gb18030"))
    assert qjmap("locate", "--online", "baidu").returncode == 0
    lines = path.read_bytes().decode("gb18030").split("\r\n")
    assert lines[0].startswith("名称,地址,来源,")
    assert lines[1].startswith("甲厂,綦江区石佛路1号,survey,106.66")
    assert lines[2] == "乙厂,,survey"


@pytest.mark.slow
def test_a_quota_that_ends_keeps_the_positions_so_far(qjmap: Run, project: Path, providers: Providers) -> None:
    providers.quota = 1
    done = qjmap("locate", "--online", "amap", "--lang", "en")
    assert done.returncode == 1
    assert table(project)["a"]["lon"]
    assert not table(project)["f"]["lon"]
    providers.quota = None
    assert qjmap("locate", "--online", "amap").returncode == 0
    assert table(project)["f"]["lon"]


@pytest.mark.slow
def test_a_table_that_a_provider_placed_can_be_added_as_it_is(qjmap: Run, project: Path) -> None:
    (project / "new.csv").write_text("名称,地址,来源\n新厂,綦江区石佛路9号,survey\n", encoding="utf-8")
    assert qjmap("locate", "--file", "new.csv", "-o", "placed.csv", "--online", "amap").returncode == 0
    done = qjmap("add", "placed.csv", "--lang", "en")
    assert done.returncode == 0, done.stdout
    (row,) = (row for row in table(project).values() if row["name"] == "新厂")
    assert (float(row["lon"]), float(row["lat"])) == pytest.approx(QIJIANG, abs=1e-5)
    assert (row["precision"], row["provider"]) == ("site", "amap")
    assert row["asked_on"]
    assert not {"provider_datum", "provider_reason"} & set(row)
