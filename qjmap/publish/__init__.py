"""What is checked before a map leaves the building. It rests on published regulations and is no legal advice."""

from qjmap.publish.check import find, passed_line
from qjmap.publish.rules import BASES, RULES

__all__ = ["BASES", "RULES", "find", "passed_line"]
