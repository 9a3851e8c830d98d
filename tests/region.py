"""An invented region, made in code: a harbour town and its partners, with every unusual kind of content that a table can have."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qjmap.schema import TABLES

HOSTILE = (
    "${window.HIT=1}",
    "`${window.HIT=1}`",
    "</script><script>window.HIT=1</script>",
    "<img src=x onerror=window.HIT=1>",
    "C:\\new\\x",
    "{{ 7*7 }}{% raw %}",
    "'\"><svg onload=window.HIT=1>",
    "a\u2028b",
    "0123456789abcdef0123456789abcdef",
)
"""Names that must be shown as written and must not run as code."""

SOURCE = {"source": "survey", "locator": "§1", "as_of": "2020-06"}

ROWS: dict[str, list[dict[str, Any]]] = {
    "places": [
        {"id": "harbour", "name": "海口湾区", "name_en": "Harbour District", "aliases": "湾区|湾县", "kind": "district",
         "parent": "coast", "adcode": "990101", "lon": "100.50", "lat": "30.50", "datum": "wgs84"},
        {"id": "coast", "name": "海岸省", "name_en": "Coast Province", "kind": "province", "lon": "100.0", "lat": "30.0",
         "datum": "wgs84"},
        {"id": "hill", "name": "山城市", "name_en": "Hill City", "kind": "city", "parent": "coast", "adcode": "990200",
         "lon": "102.00", "lat": "30.80", "datum": "gcj02"},
        {"id": "hill-zone", "name": "山城高新区", "name_en": "Hill High-tech Zone", "kind": "development-zone",
         "parent": "hill"},
        {"id": "lake", "name": "湖畔市", "name_en": "Lakeside", "kind": "city", "lon": "101.0", "lat": "29.2",
         "datum": "wgs84"},
        {"id": "island", "name": "远岛", "name_en": "Far Island", "kind": "country", "lon": "125.0", "lat": "5.0",
         "datum": "wgs84"},
        {"id": "abroad", "name": "海外", "name_en": "Overseas", "kind": "area"},
    ],
    "sites": [
        {"id": "park", "name": "海湾工业园", "name_en": "Bay Industrial Park", "category": "industrial-park",
         "status": "operating", "place": "harbour"},
        {"id": "works", "name": "海湾齿轮厂", "name_en": "Bay Gear Works", "category": "enterprise",
         "status": "operating", "part_of": "park"},
        {"id": "line", "name": "三号车间", "name_en": "Workshop 3", "category": "product-line",
         "status": "under-construction", "part_of": "works"},
        {"id": "depot", "name": "湖畔仓库", "category": "logistics-park", "status": "planned", "lon": "101.0100",
         "lat": "29.2100", "datum": "gcj02", "precision": "site"},
        {"id": "by-address", "name": "只有地址的厂", "category": "enterprise", "status": "proposed",
         "address": "山城市人民路1号"},
        {"id": "client", "name": "远方客户", "name_en": "Distant Client", "category": "enterprise", "status": "operating"},
        *(
            {"id": f"hostile-{number}", "name": name, "name_en": name, "category": "other", "status": "ended",
             "place": "lake", "description": name}
            for number, name in enumerate(HOSTILE)
        ),
    ],
    "partnerships": [
        {"id": "pact", "name": "湾区—山城协议", "name_en": "Harbour–Hill pact", "kind": "agreement",
         "parties": "harbour|hill", "roles": "harbour:signatory|hill:signatory", "direction": "mutual",
         "status": "signed", "start": "2019-05"},
        {"id": "centre", "name": "联合中心", "name_en": "Joint centre", "kind": "joint-project", "parties": "hill|harbour",
         "direction": "forward", "status": "operating", "value_cny": "5000000", "part_of": "pact"},
        {"id": "three", "name": "三方联盟", "name_en": "Alliance of three", "kind": "alliance",
         "parties": "harbour|hill-zone|lake", "direction": "mutual", "status": "planned"},
        {"id": "supply", "name": "齿轮供货", "name_en": "Gear supply", "kind": "supply", "parties": "works|client",
         "roles": "works:supplier|client:customer", "direction": "forward", "status": "operating"},
        {"id": "far", "name": "远岛计划", "name_en": "Island plan", "kind": "initiative", "parties": "harbour|island",
         "direction": "mutual", "status": "proposed", "value_cny": "2e9", "value_qualifier": ">="},
        {"id": "inner", "name": "园区平台", "name_en": "Park platform", "kind": "platform", "parties": "harbour|park",
         "status": "planned"},
    ],
    "corridors": [
        {"id": "rail", "name": "山海铁路", "name_en": "Hill–Sea Railway", "status": "operating"},
        {"id": "idea", "name": "丝带构想", "name_en": "Ribbon idea", "status": "proposed"},
    ],
    "corridor_legs": [
        {"id": "rail-1", "corridor": "rail", "seq": "1", "from": "harbour", "to": "hill", "mode": "rail",
         "status": "operating"},
        {"id": "rail-2", "corridor": "rail", "seq": "2", "from": "harbour", "to": "island", "mode": "sea",
         "status": "planned"},
    ],
    "indicators": [
        {"id": "output", "subject": "works", "name": "年产值", "name_en": "Annual output", "kind": "actual",
         "qualifier": "about", "value": "300000000", "unit": "元", "period": "2020"},
        {"id": "patents", "subject": "centre", "name": "发明专利", "name_en": "Patents", "kind": "target",
         "qualifier": ">=", "value": "2", "unit": "项", "period": "2021"},
    ],
    "sources": [
        {"id": "survey", "title": "湾区调查 Bay survey", "publisher": "湾区统计站", "published": "2020-06",
         "licence": "CC BY 4.0"},
    ],
}  # fmt: skip

TOML = """\
id = "bay"
title = "湾区合作地图"
title_en = "Bay cooperation map"
language = "zh"
as_of = "2020-06"
review_number = ""
home = "harbour"
region = [95.0, -5.0, 130.0, 35.0]
opening = ["harbour", "hill", "lake"]
"""


def make_region(folder: Path, *, shuffle: int | None = None) -> Path:
    """Write the region's tables and some geometry; ``shuffle`` is the seed of another order of the rows. Return the folder."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "project.toml").write_text(TOML, encoding="utf-8")
    for name, rows in ROWS.items():
        ordered = list(rows)
        if shuffle is not None:
            random.Random(f"{shuffle}{name}").shuffle(ordered)
        sourced = [({} if name == "sources" else SOURCE) | row for row in ordered]
        write_table(folder / "data" / f"{name}.csv", TABLES[name].names, sourced)
    _write_geometry(folder / "geo")
    return folder


def write_table(path: Path, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Write a table as the program writes it: UTF-8, LF, all columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(columns), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


def _write_geometry(folder: Path) -> None:
    folder.mkdir()

    def square(adcode: str, name: str, west: float, south: float) -> dict[str, Any]:
        ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
        return {
            "type": "Feature",
            "id": adcode,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"adcode": adcode, "name": name, "name_en": name, "level": "city"},
        }

    districts = [square("990101", "海口湾区", 100.0, 30.0), square("990200", "山城市", 101.5, 30.3)]
    collection = {"type": "FeatureCollection", "features": districts}
    (folder / "districts.geojson").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
