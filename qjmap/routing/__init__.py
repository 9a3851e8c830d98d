"""Find lines for corridor legs in open network data: the command `qjmap route`. A build only reads the file that it wrote.

Needs the extra ``route``. The networks are large: each is loaded in a process of its own, one after the other.
"""

from qjmap.routing.leg_report import LegReport, leg_reports
from qjmap.routing.route_legs import Routed, route

__all__ = ["LegReport", "Routed", "leg_reports", "route"]
