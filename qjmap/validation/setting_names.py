"""Places that a project's settings name: their ids, and the box of those that are its region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qjmap.errors import Fault
from qjmap.geocoding import OfflineLocator, box_around
from qjmap.project import SETTINGS_FILE, Project
from qjmap.validation.register import References, Register

_LOOKED_UP_LIKE = ("places", "parent")
"""Table and column whose names are looked up as those of the settings are."""


def with_setting_names(references: References, project: Project) -> References:
    """Return references with those of the settings among them, so that the gazetteer is asked for these too."""
    named = {name for names in project.settings.places_named().values() for name in names}
    if not named:
        return references
    return {**references, _LOOKED_UP_LIKE: {*references.get(_LOOKED_UP_LIKE, ()), *named}}


def resolve_settings(project: Project, register: Register) -> tuple[Project, list[Fault]]:
    """Return a project with the ids of places in place of their names, and a fault for each name that means none or several."""
    shown = project.display_path(project.data / SETTINGS_FILE)
    ids, faults = dict[str, str](), list[Fault]()
    for key, names in project.settings.places_named().items():
        for name in names:
            found = register.find(name, ("places",))
            candidates = list(register.gazetteer.candidates.get(name, ()))
            if len(found) == 1:
                ids[name] = found[0]
            elif several := list(found) or candidates:
                faults.append(Fault(shown, None, key, name, "setting-ambiguous", {"places": several}))
            else:
                faults.append(Fault(shown, None, key, name, "setting-reference"))
    return replace(project, settings=project.settings.with_ids(ids)), faults


def with_region(project: Project, locator: OfflineLocator) -> Project:
    """Return a project with the common bounding box of the places that its settings give as its region."""
    boxes = [box for place in project.settings.region_of if (box := _box(place, locator)) is not None]
    if not boxes:
        return project
    return replace(project, settings=replace(project.settings, region=_union(boxes)))


def _box(place: str, locator: OfflineLocator) -> tuple[float, float, float, float] | None:
    """Return the bounding box of a place in degrees: that of its outline, else of the circle in which it lies."""
    row = locator.places.row_of.get(place)
    outline = None if row is None else locator.places.china.bounding_box(row)
    if outline is not None:
        return outline
    position = locator.position(place)
    if position is None:
        return None
    return box_around(position.lon, position.lat, position.radius_m)


def _union(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*boxes, strict=True)
    return max(min(west), -180.0), max(min(south), -90.0), min(max(east), 180.0), min(max(north), 90.0)
