"""Write the binary files in assets/ground: columns of integers in byte planes. `qjmap/ground/asset_columns.py` describes the format."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from _ground_arcs import Lattice
from _source_packages import Geometry


def pack(header: Mapping[str, Any], columns: Mapping[str, Sequence[int]]) -> bytes:
    """Return the bytes of a file with columns of integers and fields of the header. The same content gives the same bytes."""
    described, planes = {}, []
    for name, values in columns.items():
        numbers = np.asarray(values, dtype=np.int64)
        coded = (numbers << 1) ^ (numbers >> 63)
        width = max(1, (int(coded.max(initial=0)).bit_length() + 7) // 8)
        described[name] = [len(numbers), width]
        planes += [((coded >> (8 * place)) & 0xFF).astype(np.uint8).tobytes() for place in range(width)]
    text = json.dumps({**header, "columns": described}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return zlib.compress(b"".join([len(text).to_bytes(4, "little"), text, *planes]), 9)


def line_columns(lines: Sequence[Lattice]) -> dict[str, Sequence[int]]:
    """Return the columns of lines, which `qjmap.ground.line_vertices.Lines` describes.

    Parameters
    ----------
    lines : vertices of each line in whole steps of a lattice, shape (n, 2).
    """
    starts = np.diff(np.array([line[0] for line in lines]), axis=0, prepend=[[0, 0]])
    steps = np.vstack([np.diff(line, axis=0) for line in lines])
    return {
        "size": [len(line) for line in lines],
        "first_x": starts[:, 0].tolist(),
        "first_y": starts[:, 1].tolist(),
        "x": steps[:, 0].tolist(),
        "y": steps[:, 1].tolist(),
    }


def steps_of(shape: Geometry, per_degree: int) -> Lattice:
    """Return the vertices of a line or ring in whole steps of 1 / `per_degree` degrees, shape (n, 2), without repeated ones."""
    steps = np.round(shapely.get_coordinates(shape) * per_degree).astype(np.int64)
    is_new = np.ones(len(steps), dtype=bool)
    is_new[1:] = (np.diff(steps, axis=0) != 0).any(axis=1)
    kept: Lattice = steps[is_new]
    return kept


def lines_file(lines: Sequence[Geometry], per_degree: int, **fields: Any) -> bytes:
    """Return the bytes of a file of lines. `fields` are added to the header."""
    return pack({"per_degree": per_degree, **fields}, line_columns([steps_of(line, per_degree) for line in lines]))


def areas_file(areas: Sequence[Geometry], per_degree: int, **fields: Any) -> bytes:
    """Return the bytes of a file of polygons: their rings, and for each polygon the number of its rings, the outer one first.

    A ring that has fewer than three corners on the lattice is left out. `fields` are added to the header.
    """
    rings, counts = [], []
    for area in areas:
        made = [steps_of(ring, per_degree) for ring in (area.exterior, *area.interiors)]
        if len(made[0]) >= 4:
            kept = [ring[:-1] for ring in made if len(ring) >= 4]
            rings += kept
            counts.append(len(kept))
    return pack({"per_degree": per_degree, **fields}, {"rings": counts, **line_columns(rings)})
