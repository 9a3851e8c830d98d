"""Worker process for one network: reads legs as JSON from standard input and writes their paths as JSON to standard output.

The process then ends, which frees its memory before another process loads the next network.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from qjmap.routing.network_files import read_network
from qjmap.routing.networks import Floats, Network, NetworkPath, NoPath

MODULES = {"rail": "world_railways", "road": "world_highways"}
"""Network -> its module in the package scgraph_data."""


def load(network: str) -> Callable[[Floats], NetworkPath]:
    """Load a network ("rail", "road" or "sea") and return the function that finds a path in it.

    That function takes the stops (float64, shape (n, 2), longitude and latitude in degrees) and raises `NoPath` if the network does
    not reach one of them.
    """
    if network == "sea":
        return sea_path
    return Network(*read_network(f"scgraph_data.{MODULES[network]}")).path


def sea_path(stops: Floats) -> NetworkPath:
    """Return the shortest path along shipping lanes past all stops, as `Network.path` does for other networks.

    The lanes of searoute end at some distance from the ports, so that the path may begin and end off the stops. Raise NoPath for a stop to
    which searoute finds no line.
    """
    # Imported here, since only a worker for sea legs needs it.
    import searoute

    pieces: list[Floats] = []
    kilometres = 0.0
    for start, end in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True):
        feature = searoute.searoute(start, end, units="km")
        points = np.asarray(feature["geometry"]["coordinates"], dtype=np.float64)
        if len(points) < 2:
            raise NoPath(len(pieces) + 1)
        kilometres += float(feature["properties"]["length"])
        pieces.append(points if not pieces else points[1:])
    line = np.concatenate(pieces)
    line[:, 0] = np.unwrap(line[:, 0], period=360.0)
    return NetworkPath(line, (), kilometres)


def answer(find_path: Callable[[Floats], NetworkPath], stops: Floats) -> dict[str, Any]:
    """Return the path past stops as a dict for JSON, or {"stop": index} for the first stop that the network does not reach."""
    try:
        path = find_path(stops)
    except NoPath as error:
        return {"stop": error.stop}
    return {"points": path.points.tolist(), "gap_steps": list(path.gap_steps), "network_km": path.network_km}


def main() -> None:
    """Read {"network": name, "legs": {id: stops}} from standard input and write {id: answer} to standard output."""
    request = json.load(sys.stdin)
    find_path = load(request["network"])
    answers = {leg: answer(find_path, np.asarray(stops, dtype=np.float64)) for leg, stops in request["legs"].items()}
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
