"""Text -> candidates: names and addresses become places, offline, and say how sure they are."""

from qjmap.locate.gazetteer import Gazetteer, Position, distance_m
from qjmap.locate.protocol import Answer, Candidate, Locator, Reason

__all__ = ["Answer", "Candidate", "Gazetteer", "Locator", "Position", "Reason", "distance_m"]
