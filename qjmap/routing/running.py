"""The steps of `qjmap route`: which legs follow which network, each network in turn, all faults at once, one file."""

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

from qjmap.errors import DataFaults, Fault, QjmapError, UsageError
from qjmap.files import write_all
from qjmap.leglines import FILE, NETWORKS, ODBL, OPENSTREETMAP, LegLine, Wish, collection_text
from qjmap.making import make_atlas
from qjmap.model import leg_wishes
from qjmap.project import Project
from qjmap.routing.joining import absurd, leg_line
from qjmap.routing.memory import check_memory
from qjmap.routing.networks import Way
from qjmap.routing.worker import MODULES

Finder = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""A network's name and stops by leg -> the worker's answers by leg."""

PACKAGES = {"rail": ("scgraph", "scgraph_data"), "road": ("scgraph", "scgraph_data"), "sea": ("searoute",)}


@dataclass(frozen=True, slots=True)
class Routed:
    """What a run wrote, and the lines in it by leg."""

    path: Path
    lines: tuple[LegLine, ...]


def route(project: Project, *, find: Finder | None = None, step: Callable[[str], None] = lambda _: None) -> Routed:
    """Finds the line of every leg that follows a network and writes `geo/corridor_legs.geojson`.

    Parameters
    ----------
    find : where ways come from; by default each network in a process of its own.
    step : told the name of each network before it is loaded.

    Raises
    ------
    UsageError : the extra ``route`` is not installed, or a network does not fit into the free memory.
    DataFaults : every leg that a network does not reach, or for which it has only an absurd detour. Nothing is written.
    """
    atlas = make_atlas(project)[0]
    wishes = leg_wishes(atlas)
    asked = {network: [one for one in wishes if one.along == network] for network in NETWORKS}
    used = [network for network in NETWORKS if asked[network]]
    if find is None:
        _check_packages(used)
        find = _in_its_own_process
    table = project.shown(project.table_path("corridor_legs"))
    lines: list[LegLine] = []
    faults: list[Fault] = []
    for network in used:
        step(network)
        answers = find(network, {one.leg: one.points for one in asked[network]})
        found, wrong = _lines(asked[network], answers, table)
        lines += found
        faults += wrong
    if faults:
        raise DataFaults(faults)
    path = project.geo / FILE
    write_all({path: collection_text(lines).encode("utf-8")})
    return Routed(path, tuple(sorted(lines, key=lambda line: line.wish.leg)))


def _lines(wishes: Sequence[Wish], answers: Mapping[str, Any], table: str) -> tuple[list[LegLine], list[Fault]]:
    lines, faults = [], []
    for wish in wishes:
        told = answers[wish.leg]
        if "stop" in told:
            stop = wish.stops[told["stop"]]
            faults.append(Fault(table, None, "id", wish.leg, "route-none", {"along": wish.along, "stop": stop}))
            continue
        way = Way(np.asarray(told["points"], dtype=np.float64), tuple(told["leaps"]), float(told["network_km"]))
        line = leg_line(wish, way, **_credit(wish.along))
        fault = absurd(line, table)
        if fault:
            faults.append(fault)
        else:
            lines.append(line)
    return lines, faults


def _credit(network: str) -> dict[str, str]:
    """Origin, attribution and licence of a network's lines."""
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


def _in_its_own_process(network: str, legs: Mapping[str, Any]) -> dict[str, Any]:
    """Asks the worker; one process at a time, so that one network at a time is in memory."""
    module = MODULES.get(network)
    check_memory(network, f"scgraph_data.{module}" if module else None)
    asked = json.dumps({"network": network, "legs": legs})
    command = [sys.executable, "-m", "qjmap.routing.worker"]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise QjmapError("route-failed", network=network, detail=last[0])
    found: dict[str, Any] = json.loads(done.stdout)
    return found
