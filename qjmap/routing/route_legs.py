"""Steps of `qjmap route`: group the legs by network, find paths in one network after the other, collect faults, write the file."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qjmap.atomic_write import write_all
from qjmap.errors import DataFaults, Fault, QjmapError, UsageError
from qjmap.model.atlas import network_requests
from qjmap.model.leg_line_file import FILE, NETWORKS, ODBL, OPENSTREETMAP, LegLine, LegRequest, collection_text
from qjmap.pipeline.load import load_atlas
from qjmap.project import Project
from qjmap.routing.free_memory import check_memory
from qjmap.routing.network_worker import MODULES
from qjmap.routing.networks import NetworkPath
from qjmap.routing.path_to_line import detour_fault, leg_line

Finder = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""Function that finds paths: takes the name of a network and a mapping of id of a leg -> stops (longitude and latitude in degrees);
returns id -> answer, as `network_worker.answer` makes it."""

PACKAGES = {"rail": ("scgraph", "scgraph_data"), "road": ("scgraph", "scgraph_data"), "sea": ("searoute",)}
"""Network -> packages that must be installed for it."""


@dataclass(frozen=True, slots=True)
class Routed:
    """Result of a run: the path of the written file, and the lines in it, sorted by the id of their leg."""

    path: Path
    lines: tuple[LegLine, ...]


def route(project: Project, *, find: Finder | None = None, step: Callable[[str], None] = lambda _: None) -> Routed:
    """Find the line of every leg that follows a network and write all lines to `geo/corridor_legs.geojson`.

    Parameters
    ----------
    find : function that finds paths; by default one that starts a worker process for each network.
    step : called with the name of each network before it is loaded.

    Raises
    ------
    UsageError : a package of the extra ``route`` is missing, or a network does not fit into the free memory.
    DataFaults : with the faults of the project's tables; or with one for each leg that its network does not reach, and for each whose
        line is an excessive detour (`detour_fault`). Nothing is written.
    QjmapError : a worker process failed.
    OSError : the file cannot be written.
    """
    atlas = load_atlas(project)[0]
    requests = network_requests(atlas)
    by_network = {network: [request for request in requests if request.along == network] for network in NETWORKS}
    used = [network for network in NETWORKS if by_network[network]]
    if find is None:
        _check_packages(used)
        find = _find_in_process
    table = project.display_path(project.table_path("corridor_legs"))
    lines: list[LegLine] = []
    faults: list[Fault] = []
    for network in used:
        step(network)
        answers = find(network, {request.leg: request.points for request in by_network[network]})
        network_lines, network_faults = _lines(by_network[network], answers, table)
        lines += network_lines
        faults += network_faults
    if faults:
        raise DataFaults(faults)
    path = project.geo / FILE
    write_all({path: collection_text(lines).encode("utf-8")})
    return Routed(path, tuple(sorted(lines, key=lambda line: line.request.leg)))


def _lines(requests: Sequence[LegRequest], answers: Mapping[str, Any], table: str) -> tuple[list[LegLine], list[Fault]]:
    lines, faults = [], []
    for request in requests:
        answer = answers[request.leg]
        if "stop" in answer:
            stop = request.stops[answer["stop"]]
            faults.append(Fault(table, None, "id", request.leg, "route-none", {"along": request.along, "stop": stop}))
            continue
        points = np.asarray(answer["points"], dtype=np.float64)
        path = NetworkPath(points, tuple(answer["gap_steps"]), float(answer["network_km"]))
        line = leg_line(request, path, **_credit(request.along))
        fault = detour_fault(line, table)
        if fault:
            faults.append(fault)
        else:
            lines.append(line)
    return lines, faults


def _credit(network: str) -> dict[str, str]:
    """Return the origin, attribution and licence of the lines from a network, as the arguments of `leg_line`."""
    if network == "sea":
        return {
            "origin": f"searoute {_version('searoute')}",
            "attribution": f"searoute {_version('searoute')}",
            "licence": "Apache-2.0",
        }
    return {
        "origin": f"OpenStreetMap, scgraph_data {_version('scgraph_data')} {MODULES[network]}",
        "attribution": OPENSTREETMAP,
        "licence": ODBL,
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "?"


def _check_packages(networks: Sequence[str]) -> None:
    missing = [
        package
        for package in dict.fromkeys(package for network in networks for package in PACKAGES[network])
        if importlib.util.find_spec(package) is None
    ]
    if missing:
        raise UsageError("route-missing", packages=missing)


def _find_in_process(network: str, legs: Mapping[str, Any]) -> dict[str, Any]:
    """Find paths in a worker process, so that only one network at a time is in memory; arguments and result as of `Finder`.

    Raise UsageError if the network does not fit into the free memory, QjmapError if the process fails.
    """
    check_memory(network)
    request = json.dumps({"network": network, "legs": legs})
    command = [sys.executable, "-m", "qjmap.routing.network_worker"]
    done = subprocess.run(command, input=request, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise QjmapError("route-failed", network=network, detail=last[0])
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers
