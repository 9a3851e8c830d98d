"""Text -> candidates: names and addresses become places, offline, and say how sure they are.

`qjmap.locate` is the public verb; a package of that name would hide it.
"""

from qjmap.locators.everywhere import Everywhere
from qjmap.locators.gazetteer import Gazetteer, Position, distance_m
from qjmap.locators.protocol import Answer, Candidate, Locator, Reason

__all__ = ["Answer", "Candidate", "Everywhere", "Gazetteer", "Locator", "Position", "Reason", "distance_m"]
