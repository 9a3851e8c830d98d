"""One network in a process of its own: legs as JSON on standard input, their ways as JSON on standard output.

The process ends with its work, and so gives back the memory; the next network is loaded only after that.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from qjmap.routing.networks import Floats, Network, NoWay, Way

MODULES = {"rail": "world_railways", "road": "world_highways"}
"""Modules of scgraph_data by network; each holds `<module>_geograph`."""


def load(network: str) -> Callable[[Floats], Way]:
    """What finds ways in a network: rail, road or sea."""
    if network == "sea":
        return sea_way
    module = MODULES[network]
    geograph = getattr(import_module(f"scgraph_data.{module}"), f"{module}_geograph")
    return Network(geograph.graph, geograph.nodes).way


def sea_way(stops: Floats) -> Way:
    """The shortest way along shipping lanes past all stops. A lane ends where searoute's own ends: some way off the port."""
    import searoute

    pieces: list[Floats] = []
    kilometres = 0.0
    for start, end in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True):
        feature = searoute.searoute(start, end, units="km")
        points = np.asarray(feature["geometry"]["coordinates"], dtype=np.float64)
        if len(points) < 2:
            raise NoWay(len(pieces) + 1)
        kilometres += float(feature["properties"]["length"])
        pieces.append(points if not pieces else points[1:])
    line = np.concatenate(pieces)
    line[:, 0] = np.unwrap(line[:, 0], period=360.0)
    return Way(line, (), kilometres)


def answer(find: Callable[[Floats], Way], stops: Floats) -> dict[str, Any]:
    """A way as JSON has it, or the stop that the network does not reach."""
    try:
        way = find(stops)
    except NoWay as error:
        return {"stop": error.stop}
    return {"points": way.points.tolist(), "leaps": list(way.leaps), "network_km": way.network_km}


def main() -> None:
    """Reads {"network": name, "legs": {id: stops}} and writes {id: answer}."""
    asked = json.load(sys.stdin)
    find = load(asked["network"])
    found = {leg: answer(find, np.asarray(stops, dtype=np.float64)) for leg, stops in asked["legs"].items()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
