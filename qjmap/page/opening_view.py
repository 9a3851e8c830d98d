"""The extent that a map shows when it opens, and the partners that lie outside of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qjmap.geocoding import box_around
from qjmap.geodesy import distances_km
from qjmap.ground import bounds as bounds_of
from qjmap.model.atlas import Atlas

_MARGIN = 0.04
"""Margin around the places in view, as a share of the greater of their width and height, which counts as at least 0.5 degrees."""
_MOST_AROUND_M = 30_000.0
"""Maximum distance in metres that is shown around a home without an outline: about the radius of a county."""
_CLOSEST = (13, 18)
"""Range of the page's maximum zoom: 13 shows the towns of a district, 18 suits positions exact to a few metres."""
_RADIUS_PX = 60
"""Uncertainty radius of the most exact position at the maximum zoom, in pixels."""
_METRES_PER_PIXEL = 156_543.0
"""Size of a pixel on the equator of WGS 84 at zoom 0, with tiles of 256 pixels."""
_CHINA = [[18.0, 73.0], [54.0, 135.0]]
"""[[south, west], [north, east]] in degrees: the extent for an atlas in which no place has a position."""


def opening_view(atlas: Atlas, ids: Sequence[str] = ()) -> tuple[list[list[float]], list[dict[str, Any]]]:
    """Return the extent that a map shows when it opens, and the partners outside of it.

    Parameters
    ----------
    ids : ids of the places to show; by default those of the project's settings. If none of them has a position, all partners are
        shown, and if none of these has one, all places; without any position China.

    Returns
    -------
    bounds : [[south, west], [north, east]] in degrees, with a margin; if the home is among the places, they contain its outline, or
        without one its surroundings (see `_corners_of_home`)
    far : ``id``, ``lon``, ``lat`` (degrees) and ``km`` (geodesic distance from home) of each partner outside the bounds; empty if home
        has no position
    """
    located = zip(atlas.places["id"], atlas.places.geometry, strict=True)
    points = {place: (point.x, point.y) for place, point in located if point is not None}
    partners = list(
        dict.fromkeys(party for parties in atlas.partnership_rows["parties"] for party in parties if party in points)
    )
    places = [place for place in ids or atlas.project.settings.opening if place in points] or partners or list(points)
    if not places:
        return _CHINA, []
    corners = _corners_of_home(atlas) if atlas.project.settings.home in places else []
    in_view = np.array([*(points[place] for place in places), *corners])
    west, south = in_view.min(axis=0)
    east, north = in_view.max(axis=0)
    margin = _MARGIN * max(east - west, north - south, 0.5)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    bounds = [[round(float(south), 5), round(float(west), 5)], [round(float(north), 5), round(float(east), 5)]]
    home = points.get(atlas.project.settings.home)
    outside = [
        party for party in partners if not (west <= points[party][0] <= east and south <= points[party][1] <= north)
    ]
    if home is None or not outside:
        return bounds, []
    ends = np.array([points[party] for party in outside])
    kilometres = distances_km(np.broadcast_to(np.array(home), ends.shape), ends)
    far = [
        {"id": party, "lon": round(points[party][0], 6), "lat": round(points[party][1], 6), "km": round(float(km))}
        for party, km in zip(outside, kilometres, strict=True)
    ]
    return bounds, far


def closest_zoom(atlas: Atlas) -> int:
    """Return the maximum zoom of a page, within `_CLOSEST`: that at which the radius of the most exact position reaches `_RADIUS_PX`."""
    radii = np.concatenate([frame["radius_m"].to_numpy(dtype=float) for frame in (atlas.places, atlas.site_rows)])
    radii = radii[np.isfinite(radii)]
    least, most = _CLOSEST
    if not len(radii):
        return least
    zoom = np.ceil(np.log2(_METRES_PER_PIXEL * _RADIUS_PX / max(float(radii.min()), 1.0)))
    return int(np.clip(zoom, least, most))


def _corners_of_home(atlas: Atlas) -> list[tuple[float, float]]:
    """Return the south-western and north-eastern corner (degrees) of the box around the outline of the home.

    If the outline is unknown, the box is drawn around the point of the home with its radius, but at most `_MOST_AROUND_M`.
    """
    places = atlas.places
    (row,) = np.flatnonzero(places["id"] == atlas.project.settings.home)[:1].tolist()
    box = bounds_of(str(places["adcode"].iat[row]))
    if box is None:
        point, radius_m = places.geometry.iat[row], float(places["radius_m"].iat[row])
        box = box_around(point.x, point.y, min(radius_m, _MOST_AROUND_M))
    return [box[:2], box[2:]]
