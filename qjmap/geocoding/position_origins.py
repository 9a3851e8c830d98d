"""Tell the source of the position of an answer, as tables state it in the column `position_source`."""

from __future__ import annotations

from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.schema import GAZETTEER_SOURCE


def position_source(locator: OfflineLocator, identifier: str) -> tuple[str, str]:
    """Return the `position_source` of the point of a place, and the origin of that point; "" and "" for an unknown place.

    Parameters
    ----------
    identifier : id of the place whose point it is.

    Returns
    -------
    source : `GAZETTEER_SOURCE` for a point from the package; for a project's place the cell of its table, "" if empty.
    origin : data set from which the gazetteer has the point (geonames, cpca, polygon ...), or "project".
    """
    places = locator.places
    place = places.place_by_id(identifier) if identifier else None
    if place is None:
        return "", ""
    if isinstance(place, str):
        return places.project.position_source(place), "project"
    origins = places.china.origins
    return GAZETTEER_SOURCE, origins[place] if place < len(origins) else "geonames"
