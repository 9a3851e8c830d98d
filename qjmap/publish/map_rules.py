"""Rules on what the map shows: review number, national borders and territory, tiles, lines. Each yields a fault per violation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import shapely

from qjmap.basemaps import is_foreign
from qjmap.errors import Fault
from qjmap.model.leg_line_file import part_km
from qjmap.publish.project_data import ProjectData
from qjmap.schema import fold
from qjmap.tables import ROW

_REVIEW = re.compile(r"(?:GS[\u4e00-\u9fff]?|[\u4e00-\u9fff]S)\s*[（(〔\[]\d{4}[）)〕\]]\s*\d+\s*号")
"""Pattern of a map review number (审图号): GS（2023）2767号, GS京（2023）0001号, 渝S（2021）012号."""
_WHOLE = (74.0, 4.5, 135.0, 53.0)
"""West, south, east and north in degrees to which complete national borders extend at least: the Pamirs, Zengmu Ansha, the Amur."""
_NATIONAL = frozenset(("country", "national", "nation", "国界", "国家"))
_REGIONS = ("台湾", "taiwan", "香港", "hongkong", "澳门", "macau", "macao")
_VERTEX_KM = 20.0
"""Mean distance between vertices, in km, above which a line does not follow a real course; in simplified network lines it is below 8."""


def review(data: ProjectData) -> Iterator[Fault]:
    """Rule: the settings have a review number of valid form, and every page that has been built contains it."""
    number = data.project.settings.review_number
    if not number:
        yield data.setting("review_number", None, "publish-review-missing")
        return
    if not _REVIEW.fullmatch(number.strip()):
        yield data.setting("review_number", number, "publish-review-form")
    for view in data.project.settings.pages if data.with_pages else ():
        page = data.project.maps / f"{view.id}.html"
        if page.is_file() and number not in page.read_text(encoding="utf-8"):
            yield Fault(data.project.display_path(page), None, None, None, "publish-review-hidden", {"number": number})


def territory(data: ProjectData) -> Iterator[Fault]:
    """Rule: national borders in the project's own geometry are complete, and Taiwan, Hong Kong and Macau are not of the kind country."""
    for name, features in data.ground.features.items():
        shapes = [
            shape
            for properties, shape in features
            if shape is not None and (name == "national_lines" or _is_national(properties))
        ]
        if shapes and not _is_whole(shapely.total_bounds(shapes).tolist()):
            yield Fault(data.ground_file(name), None, None, None, "publish-border", {"name": name})
    for row in data.rows("places"):
        names = fold(" ".join((row["name"], row["name_en"], *row["aliases"])))
        if data.like("place_kind", row["kind"]) == "country" and any(word in names for word in _REGIONS):
            yield data.fault("places", row[ROW], "kind", row["kind"], "publish-territory", name=row["name"])


def _is_national(properties: dict[str, object]) -> bool:
    return any(str(properties.get(key) or "").casefold() in _NATIONAL for key in ("kind", "level", "类别", "级别"))


def _is_whole(box: list[float]) -> bool:
    west, south, east, north = _WHOLE
    return box[0] <= west and box[1] <= south and box[2] >= east and box[3] >= north


def foreign_tiles(data: ProjectData) -> Iterator[Fault]:
    """Rule: the settings offer readers no basemap of a foreign provider."""
    for name in data.project.settings.tiles:
        if is_foreign(name):
            yield data.setting("tiles", name, "publish-tiles", name=name)


def surveyed_lines(data: ProjectData) -> Iterator[Fault]:
    """Rule: no part of a leg's line is graded ``surveyed`` if its vertices are more than `_VERTEX_KM` apart on average.

    Parts up to that length are exempt. Yield at most one fault for each leg.
    """
    for leg, line in sorted(data.lines.lines.items()):
        for part, grade in zip(line.parts, line.grades, strict=True):
            kilometres = part_km(part)
            if grade == "surveyed" and kilometres > _VERTEX_KM and kilometres / (len(part) - 1) > _VERTEX_KM:
                params = {"leg": leg, "km": round(kilometres), "vertices": len(part)}
                yield Fault(data.lines.file, None, "grade", grade, "publish-schematic", params)
                break
