"""What `qjmap route` does, when an atlas is authored and never when it is built: corridor legs onto open network data.

Needs the extra ``route``. The networks are large: each is loaded in a process of its own, one after the other.
"""

from qjmap.routing.listing import LegReport, listing
from qjmap.routing.running import Routed, route

__all__ = ["LegReport", "Routed", "listing", "route"]
