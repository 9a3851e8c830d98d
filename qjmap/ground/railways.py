"""Railways under a map, where the package `qjmap-rail` is installed: its data are under the ODbL, so they come in a wheel of their own."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import shapely

from qjmap.ground.integer_columns import Columns
from qjmap.ground.lines import Lines
from qjmap.ground.water import FAR_TOLERANCE, Box, Line, touching

PACKAGE, FILE = "qjmap_rail", "railways.z"
LEAST_FAR = 0.05
"""Degrees that a line must reach away from home."""


def railways(extent: Box, focus: Box | None) -> tuple[list[Line], list[tuple[str, str]]]:
    """Return the railways of a part of the world, all near `focus`, elsewhere simplified, and what a page that shows them must say.

    Both are empty where the package is not installed.
    """
    path = _installed()
    if path is None:
        return [], []
    columns = Columns(path.read_bytes())
    lines = Lines(columns)
    vertices, starts = lines.vertices()
    owner = np.repeat(np.arange(len(lines)), np.diff(starts))
    shapes = shapely.linestrings(vertices / lines.per_degree, indices=owner)
    near = touching(shapes, focus) if focus else np.zeros(len(shapes), dtype=bool)
    far = touching(shapes, extent) & ~near
    elsewhere = shapely.simplify(shapes[far & (shapely.length(shapes) >= LEAST_FAR)], FAR_TOLERANCE)
    shown = [*shapes[near], *elsewhere]
    credit = columns.header["credit"]
    return [Line("rail", "", "", 0, line) for line in shown], [(credit["zh"], credit["en"])] if shown else []


@cache
def _installed() -> Path | None:
    """Return the file of the package, None where it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = () if spec is None else spec.submodule_search_locations or ()
    return next((path for folder in folders if (path := Path(folder) / FILE).is_file()), None)
