"""Checks before a map is published (`qjmap check --publish`). They are based on published regulations and are not legal advice."""

from qjmap.publish.check import find, passed_line
from qjmap.publish.rules import BASES, RULES

__all__ = ["BASES", "RULES", "find", "passed_line"]
