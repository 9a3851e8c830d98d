"""The boundaries of China's counties as one coverage, and the file of their arcs."""

from collections.abc import Sequence
from typing import Final

import _packages as packages
import numpy as np
import shapely
from _ground_arcs import arcs_of, clean_on_lattice
from _ground_files import arc_columns, pack
from _packages import Unit

#: Steps of the lattice in a degree: 0.0005 degrees are 56 m, a thirtieth of the median distance of two vertices in the source.
PER_DEGREE: Final = 2000
#: Enclosed gaps between members of the source that are narrower than this (degrees) are closed.
GAP: Final = 0.01
#: Code in the source -> today's code.
CURRENT_CODES: Final = {"460321": "460302", "460322": "460303", "540422": "540481", "540530": "540581"}
#: Units of today that the source has as the units before -> their codes.
JOINT: Final = {"500157": ["500105", "500112"]}
#: Areas with an outline that are no administrative unit: 山丹马场, 莲花山, 太子山, 大柴旦.
NO_UNITS: Final = ("629700", "629800", "629900", "632857")
#: Steps per degree of the counties' bounding boxes, which are rounded outward.
BOX_PER_DEGREE: Final = 100


def counties() -> list[Unit]:
    """Return the members of the county layer as a coverage on the lattice, by today's codes in their order."""
    source = packages.units("district")
    shapes = clean_on_lattice([unit.geometry for unit in source], PER_DEGREE, GAP)
    for unit, shape in zip(source, shapes, strict=True):
        # Not even a reef of 南海诸岛 may be lost; 前三岛 stand in two provinces of the source.
        lost = [part for part in shapely.get_parts(unit.geometry) if shapely.distance(part, shape) > 1 / PER_DEGREE]
        if lost and unit.adcode != "371103":
            raise ValueError(f"{len(lost)} parts of {unit.name} are lost")
    made = [
        Unit(CURRENT_CODES.get(unit.adcode, unit.adcode), unit.name, shape)
        for unit, shape in zip(source, shapes, strict=True)
    ]
    return sorted(made, key=lambda unit: unit.adcode)


def prefectures(codes: Sequence[str]) -> dict[str, str]:
    """Return the unit of the prefecture layer that each county lies in: itself where it stands under its province alone."""
    layer = {CURRENT_CODES.get(unit.adcode, unit.adcode) for unit in packages.units("city")}
    found = {}
    for code in codes:
        candidates = (code, f"{code[:4]}00", f"{code[:2]}0000")
        found[code] = next(candidate for candidate in candidates if candidate in layer)
    return found


def boundaries_file(units: Sequence[Unit]) -> bytes:
    """Return the file of the boundaries: codes, bounding boxes, and every arc with the counties on its left and right."""
    codes = [unit.adcode for unit in units]
    prefecture = prefectures(codes)
    arcs = arcs_of([unit.geometry for unit in units], PER_DEGREE)
    boxes = shapely.bounds([unit.geometry for unit in units]) * BOX_PER_DEGREE
    header = {
        "per_degree": PER_DEGREE,
        "box_per_degree": BOX_PER_DEGREE,
        "counties": codes,
        "prefectures": [prefecture[code] for code in codes],
        "joint": JOINT,
        "former": {old: [new] for old, new in CURRENT_CODES.items()},
        "no_units": NO_UNITS,
    }
    sides = {"left": [arc.left for arc in arcs], "right": [arc.right for arc in arcs]}
    edges = zip(("west", "south", "east", "north"), (np.floor, np.floor, np.ceil, np.ceil), boxes.T, strict=True)
    return pack(
        header, {**{name: outward(values).astype(int) for name, outward, values in edges}, **sides, **arc_columns(arcs)}
    )
