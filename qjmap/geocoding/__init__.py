"""Geocoding: names and addresses -> candidates with coordinates, level and score; offline unless a provider is named.

`qjmap.locate` and `qjmap.reverse` are the public functions; names of this package that are exported here must not hide them.
"""

from qjmap.geocoding.answers import Answer, Candidate, Locator, Reason
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.project_gazetteer import Position, ProjectGazetteer, box_around, distance_m

__all__ = [
    "Answer",
    "Candidate",
    "Locator",
    "OfflineLocator",
    "Position",
    "ProjectGazetteer",
    "Reason",
    "box_around",
    "distance_m",
]
