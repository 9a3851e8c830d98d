"""Ways to break each rule of the check before publication, ways to keep it narrowly, and projects in which they are planted."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

from qjmap.schema import TABLES

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


class TakenError(Exception):
    """What a way to break a rule needs is taken by another one: it cannot be planted in this project any more."""


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
        legs = [f"leg-{n}" for n in range(COUNT)]
        self.grades, self.licences = dict.fromkeys(legs, "generalised"), dict.fromkeys(legs, "CC BY 4.0")
        self.vertices = dict.fromkeys(legs, 2)
        self.files: dict[str, str] = {}
        self.taken: set[str] = set()
        self.expected: set[tuple[str, str, str]] = set()
        self._free = {table: [row["id"] for row in rows if "-" in row["id"]] for table, rows in self.rows.items()}
        for ids in self._free.values():
            self.random.shuffle(ids)

    def take(self, *things: str) -> None:
        """Take what only one fault can have. Raises TakenError where another one has it."""
        if not self.taken.isdisjoint(things):
            raise TakenError
        self.taken.update(things)

    def row(self, table: str) -> dict[str, str]:
        """A row in which nothing is planted yet."""
        if not self._free[table]:
            raise TakenError
        identifier = self._free[table].pop()
        return next(row for row in self.rows[table] if row["id"] == identifier)

    def expect(self, code: str, file: str, where: str) -> None:
        self.expected.add((code, file, where))

    def cell(self, code: str, table: str, **cells: str) -> None:
        """Plant values in a free row; without a code they break no rule."""
        row = self.row(table)
        row |= cells
        if code:
            self.expect(code, table, row["id"])

    def ground(self, name: str, shape: dict[str, object], /, *, credit: object, **properties: str) -> None:
        """Plant a file of geometry of the project's own."""
        self.take(name)
        feature = {"type": "Feature", "id": "x", "properties": properties, "geometry": shape}
        said = {} if credit is None else {"attribution": credit}
        self.files[f"geo/{name}.geojson"] = json.dumps({"type": "FeatureCollection", **said, "features": [feature]})

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
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    def _lines(self) -> str:
        places = {row["id"]: (round(float(row["lon"]), 5), round(float(row["lat"]), 5)) for row in self.rows["places"]}
        features = []
        for leg in self.rows["corridor_legs"]:
            stops = [leg["from"], leg["to"]]
            properties = {
                "stops": stops, "stop_points": [places[stop] for stop in stops], "along": "road", "grades": [self.grades[leg["id"]]],
                "origin": "试验网 1.0", "attribution": "试验网", "licence": self.licences[leg["id"]],
                "network_km": None,
            }  # fmt: skip
            last = self.vertices[leg["id"]] - 1  # of a line of 74 km
            line = [[106 + 0.5 * n / last, 29 + 0.5 * n / last] for n in range(last + 1)]
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


Way = Callable[[Plant], None]


def _cells(code: str, table: str, **cells: str) -> Way:
    return lambda plant: plant.cell(code, table, **cells)


def _review(code: str, number: str | None) -> Way:
    """A project has one number, and pages can lack only one that there is."""

    def way(plant: Plant) -> None:
        plant.take("review_number", *(() if number else ("pages",)))
        if number is None:
            del plant.settings["review_number"]
        else:
            plant.settings["review_number"] = json.dumps(number, ensure_ascii=False)
        if code:
            plant.expect(code, "project.toml", "review_number")

    return way


def _page(name: str, text: str) -> Way:
    """A page that was built before: the project's own, or one of a view."""

    def way(plant: Plant) -> None:
        plant.take(f"page {name}", *(("review_number",) if NUMBER in text else ()))
        if name != "t":
            plant.settings["views"] = f'[{{id = "{name}", title = "视图"}}]'
        if "review_number" not in plant.settings or plant.settings["review_number"] == '""':
            raise TakenError
        plant.taken.add("pages")
        plant.files[f"maps/{name}.html"] = f"<p>{text}</p>"
        if NUMBER not in text:
            plant.expect("publish-review-hidden", "maps", name)

    return way


def _border(name: str, whole: bool, **properties: str) -> Way:
    def way(plant: Plant) -> None:
        box = [[73.4, 3.8], [135.1, 3.8], [135.1, 53.6], [73.4, 53.6]] if whole else [[80, 30], [120, 50]]
        plant.ground(name, {"type": "LineString", "coordinates": box}, credit="试验", **properties)
        if not whole:
            plant.expect("publish-border", "geo", name)

    return way


def _credit(name: str, credit: object) -> Way:
    def way(plant: Plant) -> None:
        plant.ground(name, {"type": "LineString", "coordinates": [[106, 29], [107, 29]]}, credit=credit, kind="river")
        if not credit:
            plant.expect("publish-credit", "geo", name)

    return way


def _tiles(name: str) -> Way:
    def way(plant: Plant) -> None:
        plant.take(f"tiles {name}")
        plant.settings["tiles"] = json.dumps([*json.loads(plant.settings.get("tiles", "[]")), name])
        if name != "tianditu":
            plant.expect("publish-tiles", "project.toml", name)

    return way


def _digits(table: str, precision: str) -> Way:
    def way(plant: Plant) -> None:
        row = plant.row(table)
        row["lon"], row["precision"] = row["lon"][:6], precision
        if precision != "town":
            plant.expect("publish-precision-digits", table, row["id"])

    return way


def _line(code: str, grade: str = "generalised", vertices: int = 2, licence: str = "CC BY 4.0") -> Way:
    def way(plant: Plant) -> None:
        leg = plant.row("corridor_legs")["id"]
        plant.grades[leg], plant.vertices[leg], plant.licences[leg] = grade, vertices, licence
        if code:
            plant.expect(code, "geo", leg)

    return way


def _own_column(name: str, hidden: bool, cell: str) -> Way:
    def way(plant: Plant) -> None:
        plant.take(name)
        plant.columns[name] = cell
        plant.settings[f'columns."{name}".hidden'] = str(hidden).lower()
        if not hidden:
            plant.expect("publish-personal-column", "sites", name)

    return way


def _word(code: str, table: str, setting: str, word: str, like: str, **cells: str) -> Way:
    """A word of the project that is treated like a built-in one."""

    def way(plant: Plant) -> None:
        plant.take(setting)
        plant.settings[f"{setting}.{word}"] = f'{{zh = "{word}", like = "{like}"}}'
        plant.cell(code, table, **cells)

    return way


def _setting(code: str, name: str, value: str) -> Way:
    """A text of the settings that the page shows."""

    def way(plant: Plant) -> None:
        plant.take(name, *(("views",) if name == "views" else ()))
        plant.settings[name] = value
        if code:
            plant.expect(code, "project.toml", name)

    return way


def _label(cell: str) -> Way:
    """A label of an own column that is shown."""

    def way(plant: Plant) -> None:
        plant.take("车间")
        plant.columns["车间"] = "一号"
        plant.settings['columns."车间".label'] = f'"{cell}"'
        plant.expect("publish-personal-cell", "project.toml", "columns")

    return way


def _name_on_map(code: str, name: str, text: str, credit: str = "© 试验") -> Way:
    """A name, or a credit, of geometry of the project's own."""

    def way(plant: Plant) -> None:
        shape: dict[str, object] = {"type": "LineString", "coordinates": [[106, 29], [107, 29]]}
        plant.ground(name, shape, credit=credit, name=text)
        if code:
            plant.expect(code, "geo", name)

    return way


def _secret_setting(plant: Plant) -> None:
    plant.take("title_en")
    plant.settings["title_en"] = '"Map?tk=0123456789abcdef0123"'
    plant.expect("publish-secret", "project.toml", "title_en")


def _unused_source(plant: Plant) -> None:
    plant.rows["sources"].append({"id": f"unused-{len(plant.rows['sources'])}", "title": "无人引用的资料"})


FAULTS: dict[str, tuple[Way, ...]] = {
    "publish-review-missing": (_review("publish-review-missing", ""), _review("publish-review-missing", None)),
    "publish-review-form": (_review("publish-review-form", "审图号待定"), _review("publish-review-form", "GS2767")),
    "publish-review-hidden": (_page("t", "旧图"), _page("v", "渝S（2020）001号")),
    "publish-border": (_border("national_lines", False), _border("borders", False, kind="国界")),
    "publish-territory": (_cells("publish-territory", "places", kind="country", name="台湾"),
                          _cells("publish-territory", "places", kind="country", name_en="Hong Kong"),
                          _cells("publish-territory", "places", kind="country", aliases="某岛|台湾"),
                          _word("publish-territory", "places", "kinds.places", "realm", "country", kind="realm", name="台湾")),
    "publish-tiles": (_tiles("OpenStreetMap.Mapnik"), _tiles("CartoDB.Positron"), _tiles("Esri.WorldImagery")),
    "publish-datum": (_cells("publish-datum", "places", datum=""), _cells("publish-datum", "sites", datum="")),
    "publish-precision-digits": (_digits("places", "exact"), _digits("sites", "exact")),
    "publish-precision-source": (_cells("publish-precision-source", "sites", position_source="geonames", precision="site"),
                                 _cells("publish-precision-source", "sites", position_source="gazetteer", precision="exact")),
    "publish-schematic": (_line("publish-schematic", "surveyed"), _line("publish-schematic", "surveyed", 3)),
    "publish-personal-column": (_own_column("联系电话", False, "见办公室"), _own_column("法人手机", False, "见办公室")),
    "publish-personal-cell": (_cells("publish-personal-cell", "sites", address="联系13899887766"),
                              _cells("publish-personal-cell", "partnerships", description="来信 wang@example.cn"),
                              _cells("publish-personal-cell", "places", aliases="老厂|联系人13899887766"),
                              _cells("publish-personal-cell", "sites", aliases="电话１３８９９８８７７６６"),
                              _cells("publish-personal-cell", "partnerships", parties="p-1|p-2|王先生13899887766"),
                              _setting("publish-personal-cell", "attribution", '[{zh = "制图 13899887766", en = "Drawn"}]'),
                              _setting("publish-personal-cell", "categories", '{dock = {zh = "船坞", en = "dock@example.cn"}}'),
                              _label("登记（023-48612345）"), _name_on_map("publish-personal-cell", "areas", "报名电话13899887766"),
                              _name_on_map("publish-personal-cell", "coast", "", "wang@example.cn")),
    "publish-secret": (_cells("publish-secret", "sites", description="后台密码：abc12345"), _secret_setting,
                       _cells("publish-secret", "sites", aliases="二车间|token=abc12345"), _name_on_map("publish-secret", "lakes", "密码：abc12345")),
    "publish-classified": (_cells("publish-classified", "partnerships", status_note="机密★五年"),
                           _cells("publish-classified", "sites", description="内部资料，不得外传"),
                           _cells("publish-classified", "places", aliases="旧名|内部资料"),
                           _setting("publish-classified", "title_en", '"Map（内部资料）"'),
                           _name_on_map("publish-classified", "land", "机密★")),
    "publish-licence": (_cells("publish-licence", "sources", licence=""), _line("publish-licence", licence="")),
    "publish-credit": (_credit("rivers", None), _credit("lakes", [])),
    "publish-source": (_cells("publish-source", "partnerships", source=""), _cells("publish-source", "indicators", source="")),
    "publish-forecast": (_cells("publish-forecast", "indicators", period="2022"),
                         _cells("publish-forecast", "sites", start="2021-05", status="operating"),
                         _word("publish-forecast", "sites", "statuses", "trial", "operating", start="2021-05", status="trial"),
                         _word("publish-forecast", "indicators", "kinds.indicators", "counted", "actual", period="2022", kind="counted")),
}  # fmt: skip
"""Ways to break each rule, at least two of each."""

SOUND: dict[str, tuple[Way, ...]] = {
    "publish-review-missing": (_review("", "GS（2023）2767号"),),
    "publish-review-form": (_review("", "GS京(2023)0001号"),),
    "publish-review-hidden": (_page("t", f"新图 {NUMBER}"),),
    "publish-border": (_border("national_lines", True), _border("borders", True, kind="国界")),
    "publish-territory": (_cells("", "places", kind="province", name="台湾"), _cells("", "places", kind="city", name_en="Hong Kong")),
    "publish-tiles": (_tiles("tianditu"),),
    "publish-datum": (_cells("", "sites", lon="", lat="", datum="", precision="", position_source=""),),
    "publish-precision-digits": (_digits("places", "town"), _digits("sites", "town")),
    "publish-precision-source": (_cells("", "sites", position_source="geonames", precision="town"),),
    "publish-schematic": (_line("", "surveyed", 40), _line("", "schematic")),
    "publish-personal-column": (_own_column("联系电话", True, "13899887766"),),
    "publish-personal-cell": (_cells("", "sites", description="占地1389988亩，编号500110-2020-0012"),
                              _cells("", "places", aliases="１３８号|占地1389988亩"), _name_on_map("", "areas", "工业园一期138号")),
    "publish-secret": (_cells("", "sites", description="研究密码学，设有密钥管理中心"),),
    "publish-classified": (_cells("", "partnerships", description="机密仪器、秘密花园等品牌"),),
    "publish-licence": (_unused_source,),
    "publish-credit": (_credit("rivers", "© 试验"),),
    "publish-source": (_cells("", "places", source="", locator=""),),
    "publish-forecast": (_cells("", "indicators", period="2025", kind="forecast"), _cells("", "sites", start="2023", status="planned"),
                         _cells("", "sites", start="2021-04-30", status="operating"), _cells("", "indicators", period="2021")),
}  # fmt: skip
"""Ways to come near to breaking each rule that keep it."""
