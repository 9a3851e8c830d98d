"""Projects with planted faults fail the check before publication on these and no other; the clean twin of each passes."""

from __future__ import annotations

import csv
import json
import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.cli.main import main
from qjmap.i18n import LANGS
from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.publish import BASES, RULES, find
from qjmap.schema import TABLES
from tests.properties import examples

NUMBER = "渝S（2021）012号"
SETTINGS = {
    "id": '"t"',
    "title": '"测试"',
    "as_of": '"2021-04"',
    "review_number": f'"{NUMBER}"',
    "publish_checked": '"2021-05-06"',
}
COUNT = 12
"""Rows of each table of the clean twin."""

Finding = tuple[str, str, str | None]
"""File, code and column of a finding with its row, as `id` writes it."""


def clean_rows() -> dict[str, list[dict[str, str]]]:
    """A project that keeps every rule."""
    told = {"source": "survey", "locator": "§1"}
    point = {"datum": "wgs84", "precision": "site", "position_source": "survey"}
    numbers = range(COUNT)
    return {
        "sources": [
            {"id": "survey", "title": "现场调查", "licence": "本单位所有"},
            {"id": "geonames", "title": "GeoNames", "licence": "CC BY 4.0"},
            *({"id": f"map-{n}", "title": f"资料{n}", "licence": "CC BY 4.0"} for n in numbers),
        ],
        "places": [
            {"id": f"p-{n}", "name": f"试验镇第{n}村", "kind": "town", "lon": f"106.{600 + n}1", "lat": f"29.{100 + n}1", **point,
             "position_source": f"map-{n}", **told} for n in numbers
        ],
        "sites": [
            {"id": f"s-{n}", "name": f"试验厂{n}号", "category": "enterprise", "status": "operating", "start": "2019", "place": f"p-{n}",
             "lon": f"106.{700 + n}1", "lat": f"29.{200 + n}1", **point, **told} for n in numbers
        ],
        "partnerships": [
            {"id": f"a-{n}", "name": f"试验协议{n}", "kind": "agreement", "parties": f"p-{n}|p-{(n + 1) % COUNT}", "status": "signed",
             "start": "2020-05", **told} for n in numbers
        ],
        "corridors": [{"id": "way", "name": "试验通道", "status": "operating", "start": "2018", **told}],
        "corridor_legs": [
            {"id": f"leg-{n}", "corridor": "way", "seq": str(n + 1), "from": f"p-{n}", "to": f"p-{(n + 1) % COUNT}", "mode": "road",
             "along": "road", **told} for n in numbers
        ],
        "indicators": [
            {"id": f"i-{n}", "subject": f"p-{n}", "name": f"试验指标{n}", "kind": "actual", "value": "5", "unit": "亿元",
             "period": "2020", **told} for n in numbers
        ],
    }  # fmt: skip


class Plant:
    """A project under construction: rows, settings, lines, and the findings that are expected of what was planted."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rows, self.settings = clean_rows(), dict(SETTINGS)
        self.columns: dict[str, str] = {}
        self.grades = dict.fromkeys((f"leg-{n}" for n in range(COUNT)), "generalised")
        self.files: dict[str, str] = {}
        self.expected: set[tuple[str, str, str]] = set()
        self._free = {table: [row["id"] for row in rows if "-" in row["id"]] for table, rows in self.rows.items()}
        for ids in self._free.values():
            self.random.shuffle(ids)

    def row(self, table: str) -> dict[str, str]:
        """A row in which nothing is planted yet."""
        identifier = self._free[table].pop()
        return next(row for row in self.rows[table] if row["id"] == identifier)

    def expect(self, code: str, file: str, where: str) -> None:
        self.expected.add((code, file, where))

    def cell(self, code: str, table: str, column: str, value: str) -> None:
        """Plant a value in a free row."""
        row = self.row(table)
        row[column] = value
        self.expect(code, table, row["id"])

    def write(self, folder: Path) -> Path:
        data, geo = folder / "data", folder / "geo"
        data.mkdir(parents=True)
        geo.mkdir()
        (data / "project.toml").write_text(
            "".join(f"{key} = {value}\n" for key, value in self.settings.items()), "utf-8"
        )
        for table, rows in self.rows.items():
            header = [*TABLES[table].names, *(self.columns if table == "sites" else ())]
            with (data / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows({**row, **(self.columns if table == "sites" else {})} for row in rows)
        (geo / "corridor_legs.geojson").write_text(self._lines(), encoding="utf-8")
        for name, text in self.files.items():
            (geo / name).write_text(text, encoding="utf-8")
        return folder

    def _lines(self) -> str:
        places = {row["id"]: (round(float(row["lon"]), 5), round(float(row["lat"]), 5)) for row in self.rows["places"]}
        features = []
        for leg in self.rows["corridor_legs"]:
            stops = [leg["from"], leg["to"]]
            properties = {
                "stops": stops, "stop_points": [places[stop] for stop in stops], "along": "road", "grades": [self.grades[leg["id"]]],
                "origin": "试验网 1.0", "attribution": "试验网", "licence": "CC BY 4.0", "network_km": None,
            }  # fmt: skip
            line = [[106.0, 29.0], [106.5, 29.5]]  # 70 km with two vertices
            features.append(
                {
                    "type": "Feature",
                    "id": leg["id"],
                    "geometry": {"type": "LineString", "coordinates": line},
                    "properties": properties,
                }
            )
        return json.dumps(
            {"type": "FeatureCollection", "name": "corridor_legs", "features": features}, ensure_ascii=False
        )


def _personal_column(plant: Plant) -> None:
    name = next(one for one in ("联系电话", "法人手机", "联系人") if one not in plant.columns)
    plant.columns[name] = "见办公室"
    plant.settings[f'columns."{name}".hidden'] = "false"
    plant.expect("publish-personal-column", "sites", name)


def _surveyed(plant: Plant) -> None:
    leg = plant.row("corridor_legs")["id"]
    plant.grades[leg] = "surveyed"
    plant.expect("publish-schematic", "geo", leg)


def _digits(plant: Plant) -> None:
    row = plant.row(plant.random.choice(("places", "sites")))
    row["lon"] = row["lon"][:6]
    row["precision"] = "exact"
    plant.expect("publish-precision-digits", "places" if row["id"].startswith("p-") else "sites", row["id"])


def _gazetteer(plant: Plant) -> None:
    row = plant.row("sites")
    row["position_source"] = plant.random.choice(("geonames", "gazetteer"))
    row["precision"] = plant.random.choice(("exact", "site"))
    plant.expect("publish-precision-source", "sites", row["id"])


def _future_start(plant: Plant) -> None:
    row = plant.row("sites")
    row["start"], row["status"] = plant.random.choice(("2022", "2021-05", "2023-01-01")), "operating"
    plant.expect("publish-forecast", "sites", row["id"])


def _tiles(plant: Plant) -> None:
    names = json.loads(plant.settings.get("tiles", "[]"))
    name = next(one for one in ("OpenStreetMap.Mapnik", "CartoDB.Positron", "Esri.WorldImagery") if one not in names)
    plant.settings["tiles"] = json.dumps([*names, name])
    plant.expect("publish-tiles", "project.toml", name)


def _border(plant: Plant) -> None:
    name = next(one for one in ("national_lines", "borders") if f"{one}.geojson" not in plant.files)
    feature = {
        "type": "Feature",
        "id": "x",
        "properties": {"kind": "国界"},
        "geometry": {"type": "LineString", "coordinates": [[80, 30], [120, 50]]},
    }
    plant.files[f"{name}.geojson"] = json.dumps({"type": "FeatureCollection", "features": [feature]})
    plant.expect("publish-border", "geo", name)


def _secret_setting(plant: Plant) -> None:
    plant.settings["title_en"] = '"Map tk=0123456789abcdef0123"'.replace("Map ", "Map?")
    plant.expect("publish-secret", "project.toml", "title_en")


def _review(code: str, number: str) -> Callable[[Plant], None]:
    def way(plant: Plant) -> None:
        plant.settings["review_number"] = f'"{number}"'
        plant.expect(code, "project.toml", "review_number")

    return way


FAULTS: dict[str, tuple[Callable[[Plant], None], ...]] = {
    "publish-review-missing": (_review("publish-review-missing", ""),),
    "publish-review-form": (_review("publish-review-form", "审图号待定"),),
    "publish-border": (_border, _border),
    "publish-territory": (lambda p: p.cell("publish-territory", "places", "kind", "country") or _rename(p, "台湾"),
                          lambda p: p.cell("publish-territory", "places", "kind", "country") or _rename(p, "香港")),
    "publish-tiles": (_tiles, _tiles),
    "publish-datum": (lambda p: p.cell("publish-datum", "places", "datum", ""), lambda p: p.cell("publish-datum", "sites", "datum", "")),
    "publish-precision-digits": (_digits, _digits),
    "publish-precision-source": (_gazetteer, _gazetteer),
    "publish-schematic": (_surveyed, _surveyed),
    "publish-personal-column": (_personal_column, _personal_column),
    "publish-personal-cell": (lambda p: p.cell("publish-personal-cell", "sites", "address", "联系13899887766"),
                              lambda p: p.cell("publish-personal-cell", "partnerships", "description", "来信 wang@example.cn")),
    "publish-secret": (lambda p: p.cell("publish-secret", "sites", "description", "后台密码：abc12345"), _secret_setting),
    "publish-classified": (lambda p: p.cell("publish-classified", "partnerships", "status_note", "机密★五年"),
                           lambda p: p.cell("publish-classified", "sites", "description", "内部资料，不得外传")),
    "publish-licence": (lambda p: p.cell("publish-licence", "sources", "licence", ""), lambda p: p.cell("publish-licence", "sources", "licence", "")),
    "publish-source": (lambda p: p.cell("publish-source", "partnerships", "source", ""),
                       lambda p: p.cell("publish-source", "indicators", "source", "")),
    "publish-forecast": (lambda p: p.cell("publish-forecast", "indicators", "period", p.random.choice(("2022", "2025"))), _future_start),
}  # fmt: skip
"""Ways to break each rule, two of each where a project can break it twice."""


def _rename(plant: Plant, name: str) -> None:
    identifier = max(where for code, _, where in plant.expected if code == "publish-territory")
    row = next(row for row in plant.rows["places"] if row["kind"] == "country" and "试验" in row["name"])
    row["name"] = name
    assert identifier


def found_in(project: Path, plant: Plant) -> set[tuple[str, str, str]]:
    """The findings as `Plant.expect` writes them."""
    ids = {table: [row["id"] for row in rows] for table, rows in plant.rows.items()}
    found = set()
    for fault in find(load_project(project)):
        table = Path(fault.file).stem
        if "geo" in Path(fault.file).parts:
            found.add((fault.code, "geo", str(fault.params.get("leg") or fault.params.get("name"))))
        elif Path(fault.file).suffix == ".toml":
            where = str(fault.params.get("name") or fault.column or "title_en")
            found.add((fault.code, "project.toml", where))
        else:
            found.add((fault.code, table, ids[table][fault.row - 2] if fault.row else str(fault.column)))
        for lang in LANGS:
            assert fault.message(lang)
            assert re.search("依据|Basis", fault.message(lang))
    return found


@pytest.mark.slow
@examples(20)
@given(seed=st.integers(0, 100_000))
def test_the_planted_faults_are_found_and_no_other(seed: int) -> None:
    plant = Plant(seed)
    kinds = [(code, way) for code, ways in FAULTS.items() for way in ways if code != "publish-review-form"]
    for _, way in plant.random.sample(kinds, 20):
        way(plant)
    with tempfile.TemporaryDirectory() as folder:
        found = found_in(plant.write(Path(folder, "p")), plant)
    assert found == plant.expected


def test_the_clean_twin_passes_and_its_map_says_so(tmp_path: Path) -> None:
    project = Plant(0).write(tmp_path / "p")
    assert find(load_project(project)) == []
    page = build(load_project(project)).page.read_text(encoding="utf-8")
    assert "公开前检查通过（2021-05-06" in page
    assert NUMBER in page
    assert find(load_project(project)) == []


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_each_fault_is_found_alone(code: str, tmp_path: Path) -> None:
    for number, way in enumerate(FAULTS[code]):
        plant = Plant(number)
        way(plant)
        assert found_in(plant.write(tmp_path / str(number)), plant) == plant.expected


def test_a_page_without_the_number_is_found(tmp_path: Path) -> None:
    project = Plant(0).write(tmp_path / "p")
    (project / "maps").mkdir()
    (project / "maps" / "t.html").write_text("<p>旧图</p>", encoding="utf-8")
    assert [fault.code for fault in find(load_project(project))] == ["publish-review-hidden"]


def test_every_code_has_a_rule_and_every_rule_a_basis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = {code for rule in RULES for code in rule.codes}
    assert codes == {*FAULTS, "publish-review-hidden"}
    assert {rule.basis for rule in RULES} == {*BASES}
    project = Plant(0).write(tmp_path / "p")
    with pytest.raises(SystemExit) as done:
        main(["check", str(project), "--publish", "--lang", "zh"])
    assert done.value.code == 0
    assert "不是法律意见" in capsys.readouterr().out
