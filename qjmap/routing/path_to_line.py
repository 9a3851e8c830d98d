"""Convert a path through a network to the line of a leg: connect it to the stops, grade its parts and simplify them."""

from __future__ import annotations

import math

import numpy as np
import shapely

from qjmap import geodesy
from qjmap.errors import Fault
from qjmap.model.leg_line_file import DECIMALS, LegLine, LegRequest, part_km
from qjmap.routing.networks import NetworkPath

CONNECTED_KM = 5.0
"""Distance in km up to which the end of a path counts as connected to its stop, since the point of a city is its seat and not its
station. If they lie farther apart, a straight schematic part connects the two."""

GAP_KM = 1.0
"""Width in km from which a bridged gap of the network is drawn as a schematic part. The data are rounded to a tenth of that."""

MAX_DETOUR = 2.5
"""A line is refused as a wrong route if it is longer than this many times the geodesics between its stops."""

SURVEYED_SHARE = 0.98
"""Minimum share of the length stated by the network that the vertices of a surveyed line keep; a shorter line is generalised."""

TOLERANCE = 0.001
"""Tolerance of simplification in degrees: about 100 m, to which the network data are rounded."""

MAX_SHORTENING = 0.005
"""Maximum share of its length that a part may lose by simplification; the tolerance is halved until it loses no more."""


def leg_line(request: LegRequest, path: NetworkPath, *, origin: str, attribution: str, licence: str) -> LegLine:
    """Return the line of a leg, made from the path that the network has for it; without parts if all of them vanish by rounding.

    Parameters
    ----------
    request : the leg and its stops.
    origin, attribution, licence : as in `LegLine`, to which they are copied.
    """
    grade = "generalised" if request.along == "sea" or not _keeps_length(path) else "surveyed"
    parts: list[tuple[str, geodesy.Floats]] = []
    stops = np.asarray(request.points, dtype=np.float64)
    line = path.points
    # Longitudes of a path may continue past 180 degrees; shift the stops accordingly.
    first = stops[0] + [360 * round((line[0, 0] - stops[0, 0]) / 360), 0]
    last = stops[-1] + [360 * round((line[-1, 0] - stops[-1, 0]) / 360), 0]
    if _distance_km(first, line[0]) > CONNECTED_KM:
        parts.append(("schematic", np.array([first, line[0]])))
    begin = 0
    wide_gaps = [step for step in path.gap_steps if _distance_km(line[step], line[step + 1]) >= GAP_KM]
    for step in (*wide_gaps, len(line) - 1):
        if step > begin:
            parts.append((grade, _simplify(line[begin : step + 1])))
        if step < len(line) - 1:
            parts.append(("schematic", line[step : step + 2]))
        begin = step + 1
    if _distance_km(line[-1], last) > CONNECTED_KM:
        parts.append(("schematic", np.array([line[-1], last])))
    pieces = [(grade, piece) for grade, part in parts for piece in _rounded_pieces(part)]
    return LegLine(
        request,
        tuple(piece for _, piece in pieces),
        tuple(grade for grade, _ in pieces),
        origin,
        attribution,
        licence,
        path.network_km,
    )


def detour_fault(line: LegLine, file: str) -> Fault | None:
    """Return the fault of a line that has no parts or is longer than `MAX_DETOUR` allows; None for any other line.

    Parameters
    ----------
    file : table of the legs, as messages name it.
    """
    stops = np.asarray(line.request.points, dtype=np.float64)
    direct = float(geodesy.distances_km(stops[:-1], stops[1:]).sum())
    if line.parts and line.length_km <= MAX_DETOUR * direct:
        return None
    numbers = {"km": round(line.length_km), "direct": round(direct), "times": f"{MAX_DETOUR:g}"}
    return Fault(file, None, "id", line.request.leg, "route-absurd", {**numbers, "along": line.request.along})


def _keeps_length(path: NetworkPath) -> bool:
    """Whether the straight steps of a path add up to at least `SURVEYED_SHARE` of the length that the network states."""
    steps = geodesy.distances_km(path.points[:-1], path.points[1:])
    network_steps_km = float(steps.sum() - steps[list(path.gap_steps)].sum())
    return math.isfinite(path.network_km) and network_steps_km >= SURVEYED_SHARE * path.network_km


def _distance_km(start: geodesy.Floats, end: geodesy.Floats) -> float:
    return float(geodesy.distances_km(start[None], end[None])[0])


def _simplify(part: geodesy.Floats) -> geodesy.Floats:
    """Return a part simplified so far that it loses no more than `MAX_SHORTENING` of its length. Shape (n, 2), as the input."""
    length_km, tolerance = part_km(part), TOLERANCE
    line = shapely.linestrings(part)
    while True:
        simplified = shapely.get_coordinates(shapely.simplify(line, tolerance, preserve_topology=False))
        if len(simplified) > 1 and part_km(simplified) >= (1 - MAX_SHORTENING) * length_km:
            return np.asarray(simplified, dtype=np.float64)
        tolerance /= 2
        if tolerance < 1e-9:
            return part


def _rounded_pieces(part: geodesy.Floats) -> list[geodesy.Floats]:
    """Return the pieces of a part, cut at the antimeridian, rounded to `DECIMALS` and without consecutive equal vertices.

    A piece that has only one vertex left is dropped.
    """
    shapes = shapely.get_parts(geodesy.cut_at_antimeridian(shapely.linestrings(part)))
    out = []
    for shape in shapes:
        points = np.round(shapely.get_coordinates(shape), DECIMALS) + 0.0
        keep = np.ones(len(points), dtype=bool)
        keep[1:] = (points[1:] != points[:-1]).any(axis=1)
        if keep.sum() > 1:
            out.append(points[keep])
    return out
