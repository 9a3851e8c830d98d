"""The source of the position of an answer, as a table states it in `position_source`."""

from __future__ import annotations

from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.schema import GAZETTEER_SOURCE


def position_source(locator: OfflineLocator, identifier: str) -> tuple[str, str]:
    """Return the `position_source` of the point of a place, and the origin of that point.

    Parameters
    ----------
    identifier : id of the place whose point it is.

    Returns
    -------
    source : "gazetteer" for the gazetteer of the package, under which name it is credited; else the cell of the project's table.
    origin : the package or data set inside the gazetteer (geonames, cpca, polygon ...), or "project".
    """
    places = locator.places
    place = places.place_by_id(identifier) if identifier else None
    if place is None:
        return "", ""
    if isinstance(place, str):
        return places.project.position_source(place), "project"
    origins = places.china.origins
    return GAZETTEER_SOURCE, origins[place] if place < len(origins) else "geonames"
