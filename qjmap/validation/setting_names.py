"""Find the ids of the places that a project's settings name, and the bounding box of those that make up the region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qjmap.errors import Fault
from qjmap.geocoding import OfflineLocator, box_around
from qjmap.project import SETTINGS_FILE, Project
from qjmap.validation.row_index import References, RowIndex

_LOOKED_UP_LIKE = ("places", "parent")
"""Table and column whose references are looked up like the names in the settings."""


def with_setting_names(references: References, project: Project) -> References:
    """Return the references together with the names in the settings, so that these are looked up in the gazetteer too."""
    named = {name for names in project.settings.places_named().values() for name in names}
    if not named:
        return references
    return {**references, _LOOKED_UP_LIKE: {*references.get(_LOOKED_UP_LIKE, ()), *named}}


def resolve_settings(project: Project, row_index: RowIndex) -> tuple[Project, list[Fault]]:
    """Return the project with ids instead of names of places in its settings, and a fault for each name that means no place or several."""
    shown = project.display_path(project.data / SETTINGS_FILE)
    ids, faults = dict[str, str](), list[Fault]()
    for key, names in project.settings.places_named().items():
        for name in names:
            found = row_index.find(name, ("places",))
            candidates = list(row_index.gazetteer.candidates.get(name, ()))
            if len(found) == 1:
                ids[name] = found[0]
            elif several := list(found) or candidates:
                faults.append(Fault(shown, None, key, name, "setting-ambiguous", {"places": several}))
            else:
                faults.append(Fault(shown, None, key, name, "setting-reference"))
    return replace(project, settings=project.settings.with_ids(ids)), faults


def with_region(project: Project, locator: OfflineLocator) -> Project:
    """Return the project with its region set to the common bounding box of the places that the settings name for it.

    The box is (west, south, east, north) in WGS 84 degrees. If none of the places has a position, the project is returned unchanged.
    """
    boxes = [box for place in project.settings.region_of if (box := _box(place, locator)) is not None]
    if not boxes:
        return project
    return replace(project, settings=replace(project.settings, region=_union(boxes)))


def _box(place: str, locator: OfflineLocator) -> tuple[float, float, float, float] | None:
    """Return the bounding box (west, south, east, north; WGS 84 degrees) of a place's boundary, or else of the circle around its position
    with the radius of its uncertainty; None without a position.

    `place` is an id.
    """
    row = locator.places.row_of.get(place)
    outline = None if row is None else locator.places.china.bounding_box(row)
    if outline is not None:
        return outline
    position = locator.position(place)
    if position is None:
        return None
    return box_around(position.lon, position.lat, position.radius_m)


def _union(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    """Return the bounding box of some boxes, clipped to -180 to 180 degrees of longitude and -90 to 90 of latitude."""
    west, south, east, north = zip(*boxes, strict=True)
    return max(min(west), -180.0), max(min(south), -90.0), min(max(east), 180.0), min(max(north), 90.0)
