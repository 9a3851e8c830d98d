"""Routing of corridor legs on open network data (`qjmap route`); used when an atlas is authored, never by a build.

Needs the extra ``route``. The networks are large: each is loaded in a process of its own, one after the other.
"""

from qjmap.routing.leg_report import LegReport, leg_reports
from qjmap.routing.run import Routed, route

__all__ = ["LegReport", "Routed", "leg_reports", "route"]
