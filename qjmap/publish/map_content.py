"""Rules on what the map shows: review number, national borders and territory, tiles, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import shapely

from qjmap.basemaps import is_foreign
from qjmap.errors import Fault
from qjmap.model.leg_line_file import part_km
from qjmap.publish.material import Material
from qjmap.schema import fold
from qjmap.tables import ROW

_REVIEW = re.compile(r"(?:GS[\u4e00-\u9fff]?|[\u4e00-\u9fff]S)\s*[（(〔\[]\d{4}[）)〕\]]\s*\d+\s*号")
"""Forms of a review number: GS（2023）2767号, GS京（2023）0001号, 渝S（2021）012号."""
_WHOLE = (74.0, 4.5, 135.0, 53.0)
"""West, south, east and north that the national borders reach at least, degrees: the Pamirs, Zengmu Ansha, the Amur."""
_NATIONAL = frozenset(("country", "national", "nation", "国界", "国家"))
_REGIONS = ("台湾", "taiwan", "香港", "hongkong", "澳门", "macau", "macao")
_VERTEX_KM = 20.0
"""Mean kilometres between vertices beyond which a line shows no course: simplified lines of networks stay below 8."""


def review(material: Material) -> Iterator[Fault]:
    """A review number is given, has the form of one, and stands on every page that is built."""
    number = material.project.settings.review_number
    if not number:
        yield material.setting("review_number", None, "publish-review-missing")
        return
    if not _REVIEW.fullmatch(number.strip()):
        yield material.setting("review_number", number, "publish-review-form")
    settings = material.project.settings
    for view in settings.pages if material.with_pages else ():
        page = material.project.maps / f"{view.id}.html"
        if page.is_file() and number not in page.read_text(encoding="utf-8"):
            yield Fault(
                material.project.display_path(page), None, None, None, "publish-review-hidden", {"number": number}
            )


def territory(material: Material) -> Iterator[Fault]:
    """National borders of the project's own are whole, and no part of the territory is a country of its own."""
    for name, features in material.ground.features.items():
        shown = material.project.display_path(material.project.geo / f"{name}.geojson")
        shapes = [
            shape
            for properties, shape in features
            if shape is not None and (name == "national_lines" or _is_national(properties))
        ]
        if shapes and not _is_whole(shapely.total_bounds(shapes).tolist()):
            yield Fault(shown, None, None, None, "publish-border", {"name": name})
    for row in material.rows("places"):
        names = fold(" ".join((row["name"], row["name_en"], *row["aliases"])))
        if row["kind"] == "country" and any(word in names for word in _REGIONS):
            yield material.fault("places", row[ROW], "kind", row["kind"], "publish-territory", name=row["name"])


def _is_national(properties: dict[str, object]) -> bool:
    return any(str(properties.get(key) or "").casefold() in _NATIONAL for key in ("kind", "level", "类别", "级别"))


def _is_whole(box: list[float]) -> bool:
    west, south, east, north = _WHOLE
    return box[0] <= west and box[1] <= south and box[2] >= east and box[3] >= north


def foreign_tiles(material: Material) -> Iterator[Fault]:
    """No background of a foreign provider can be turned on."""
    for name in material.project.settings.tiles:
        if is_foreign(name):
            yield material.setting("tiles", name, "publish-tiles", name=name)


def surveyed_lines(material: Material) -> Iterator[Fault]:
    """No line is called surveyed whose vertices stand too far apart for a survey."""
    for leg, line in sorted(material.lines.lines.items()):
        for part, grade in zip(line.parts, line.grades, strict=True):
            kilometres = part_km(part)
            if grade == "surveyed" and kilometres > _VERTEX_KM and kilometres / (len(part) - 1) > _VERTEX_KM:
                params = {"leg": leg, "km": round(kilometres), "vertices": len(part)}
                yield Fault(material.lines.file, None, "grade", grade, "publish-schematic", params)
                break
