"""Find lines for corridor legs in open network data: the command `qjmap route`, which writes them to a file that every build reads.

The command needs the extra ``route``; a build does not. The networks are large: each is loaded in a process of its own, one by one.
"""

from qjmap.routing.leg_report import LegReport, leg_reports
from qjmap.routing.route_legs import Routed, route

__all__ = ["LegReport", "Routed", "leg_reports", "route"]
