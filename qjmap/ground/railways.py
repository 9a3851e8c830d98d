"""Railways in the background of a map, if the package `qjmap-rail` is installed.

Its data are under the Open Database License (ODbL) and are therefore kept in a package of their own.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import shapely

from qjmap.ground.asset_columns import Columns
from qjmap.ground.line_vertices import Lines
from qjmap.ground.water import FAR_TOLERANCE, Box, Line, touching

PACKAGE, FILE = "qjmap_rail", "railways.z"
LEAST_FAR = 0.05
"""Minimum length in degrees of a line that is drawn outside of the focus."""


def railways(extent: Box, focus: Box | None) -> tuple[list[Line], list[tuple[str, str]]]:
    """Return the railways in a box, and the credits that a page must show for them, each in Chinese and in English.

    Lines whose bounding box touches the box `focus` are unchanged; of the others those shorter than `LEAST_FAR` are left out and the rest
    is simplified. Both lists are empty if no line is shown or the package is not installed.
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
    """Return the file of railways in the package `qjmap-rail`; None if it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = () if spec is None else spec.submodule_search_locations or ()
    return next((path for folder in folders if (path := Path(folder) / FILE).is_file()), None)
