"""Read a network of the package scgraph_data from the source text of its module.

The module of a network has 17 to 36 MB and consists of two literals: `graph`, a list of dicts, and `nodes`, a list of pairs. An
import compiles it, which takes 12 s and 2.4 GB of memory for the railways of the world; to read its text takes a fifth of that time
and a tenth of that memory.
"""

from __future__ import annotations

import mmap
import re
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from qjmap.routing.networks import Adjacency, Floats

_GRAPH = re.compile(rb"^graph\s*=\s*\[(?=[{\]])", re.MULTILINE)
_NODES = re.compile(rb"^nodes\s*=\s*\[(?=[\[\]])", re.MULTILINE)
_LINKS = re.compile(rb"\{([^{}]*)\}")
_LINK = re.compile(rb"(\d+)\s*:\s*([-+.\deE]+)")
_NODE_CHARACTERS = bytes.maketrans(b"[]", b"  ")


class NetworkText(NamedTuple):
    """A network that was read from its module.

    Attributes
    ----------
    graph : for each node a mapping of neighbour -> length of the edge in km; each edge is listed at both of its nodes.
    nodes : float64, shape (n, 2), longitude and latitude of each node in degrees. The module has latitude first.
    """

    graph: Adjacency
    nodes: Floats


def read_network(module: str) -> NetworkText:
    """Return the network of an installed module, given by its full name such as "scgraph_data.world_railways", without importing it.

    Raises
    ------
    ModuleNotFoundError : the module is not installed.
    ValueError : its source lacks one of the two literals, or they disagree on the number of nodes.
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    with (
        Path(spec.origin).open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as source,
    ):
        graph, nodes = _GRAPH.search(source), _NODES.search(source)
        if graph is None or nodes is None or nodes.start() < graph.end():
            raise ValueError(f"{spec.origin} is not the source of a network")
        links = [
            {int(node): float(km) for node, km in _LINK.findall(match[1])}
            for match in _LINKS.finditer(source, graph.end(), nodes.start())
        ]
        rows = source[nodes.end() : source.find(b"\n", nodes.end())]
    numbers = rows.translate(_NODE_CHARACTERS).strip()
    points: Floats = np.fromstring(numbers, dtype=np.float64, sep=",") if numbers else np.empty(0)
    if points.size != 2 * len(links):
        raise ValueError(f"{spec.origin} is not the source of a network")
    return NetworkText(links, points.reshape(-1, 2)[:, ::-1])
