"""A way through a network becomes the line of a leg: joined to its places, graded part by part, drawn a little straighter."""

from __future__ import annotations

import math

import numpy as np
import shapely

from qjmap import routes
from qjmap.errors import Fault
from qjmap.leglines import DECIMALS, LegLine, Wish, part_km
from qjmap.routing.networks import Way

JOIN_KM = 5.0
"""A network's end this near to a place has arrived: points of cities are their seats, not their stations. Farther off, a
straight schematic part joins the two, and its kilometres are told apart."""

BREAK_KM = 1.0
"""A narrower break in the network is closed without a word: its data are rounded to a tenth of that."""

DETOUR = 2.5
"""A line longer than so many times the shortest ways between its stops is refused: it is some other line."""

KEPT = 0.98
"""Share of the network's stated length that a surveyed line keeps; below it, it is generalised."""

TOLERANCE = 0.001
"""Degrees, about 100 m: how far the drawn line may leave the network's, which itself is rounded to that."""

SHORTENED = 0.005
"""Share of its length that a part may lose by being drawn straighter; else the tolerance is halved until it does not."""


def leg_line(wish: Wish, way: Way, *, origin: str, attribution: str, licence: str) -> LegLine:
    """The leg's line from the way that a network has for it."""
    own = "generalised" if wish.along == "sea" or not _kept(way) else "surveyed"
    parts: list[tuple[str, routes.Floats]] = []
    stops = np.asarray(wish.points, dtype=np.float64)
    line = way.points
    # Longitudes of a way may run on past 180 degrees; the stops go along.
    first = stops[0] + [360 * round((line[0, 0] - stops[0, 0]) / 360), 0]
    last = stops[-1] + [360 * round((line[-1, 0] - stops[-1, 0]) / 360), 0]
    if _apart(first, line[0]) > JOIN_KM:
        parts.append(("schematic", np.array([first, line[0]])))
    begin = 0
    wide = [leap for leap in way.leaps if _apart(line[leap], line[leap + 1]) >= BREAK_KM]
    for leap in (*wide, len(line) - 1):
        if leap > begin:
            parts.append((own, _straighter(line[begin : leap + 1])))
        if leap < len(line) - 1:
            parts.append(("schematic", line[leap : leap + 2]))
        begin = leap + 1
    if _apart(line[-1], last) > JOIN_KM:
        parts.append(("schematic", np.array([line[-1], last])))
    cut = [(grade, piece) for grade, part in parts for piece in _pieces(part)]
    return LegLine(
        wish,
        tuple(piece for _, piece in cut),
        tuple(grade for grade, _ in cut),
        origin,
        attribution,
        licence,
        way.network_km,
    )


def absurd(line: LegLine, file: str) -> Fault | None:
    """The fault of a line that is no way between its places, or None."""
    stops = np.asarray(line.wish.points, dtype=np.float64)
    direct = float(routes.distances_km(stops[:-1], stops[1:]).sum())
    if line.parts and line.length_km <= DETOUR * direct:
        return None
    numbers = {"km": round(line.length_km), "direct": round(direct), "times": f"{DETOUR:g}"}
    return Fault(file, None, "id", line.wish.leg, "route-absurd", {**numbers, "along": line.wish.along})


def _kept(way: Way) -> bool:
    steps = routes.distances_km(way.points[:-1], way.points[1:])
    own = float(steps.sum() - steps[list(way.leaps)].sum())
    return math.isfinite(way.network_km) and own >= KEPT * way.network_km


def _apart(start: routes.Floats, end: routes.Floats) -> float:
    return float(routes.distances_km(start[None], end[None])[0])


def _straighter(part: routes.Floats) -> routes.Floats:
    """The part with fewer vertices and nearly the same length."""
    whole, tolerance = part_km(part), TOLERANCE
    line = shapely.linestrings(part)
    while True:
        simple = shapely.get_coordinates(shapely.simplify(line, tolerance, preserve_topology=False))
        if len(simple) > 1 and part_km(simple) >= (1 - SHORTENED) * whole:
            return np.asarray(simple, dtype=np.float64)
        tolerance /= 2
        if tolerance < 1e-9:
            return part


def _pieces(part: routes.Floats) -> list[routes.Floats]:
    """A part rounded as the file has it and cut at the antimeridian; without a vertex that falls on its neighbour."""
    shapes = shapely.get_parts(routes.cut_at_antimeridian(shapely.linestrings(part)))
    out = []
    for shape in shapes:
        points = np.round(shapely.get_coordinates(shape), DECIMALS) + 0.0
        keep = np.ones(len(points), dtype=bool)
        keep[1:] = (points[1:] != points[:-1]).any(axis=1)
        if keep.sum() > 1:
            out.append(points[keep])
    return out
