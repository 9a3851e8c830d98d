"""Writer of the ground's files: columns of integers as byte planes; `qjmap/ground/columns.py` describes and reads them."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from _ground_arcs import Arc


def pack(header: Mapping[str, Any], columns: Mapping[str, Sequence[int]]) -> bytes:
    """Return a file of integer columns and free fields; the same content gives the same bytes."""
    described, planes = {}, []
    for name, values in columns.items():
        numbers = np.asarray(values, dtype=np.int64)
        coded = (numbers << 1) ^ (numbers >> 63)
        width = max(1, (int(coded.max(initial=0)).bit_length() + 7) // 8)
        described[name] = [len(numbers), width]
        planes += [((coded >> (8 * place)) & 0xFF).astype(np.uint8).tobytes() for place in range(width)]
    text = json.dumps({**header, "columns": described}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return zlib.compress(b"".join([len(text).to_bytes(4, "little"), text, *planes]), 9)


def arc_columns(arcs: Sequence[Arc]) -> dict[str, list[int]]:
    """Return arcs as columns: number of vertices, first vertex (differences between arcs), then differences between vertices."""
    first = np.array([arc.vertices[0] for arc in arcs])
    steps = np.vstack([np.diff(arc.vertices, axis=0) for arc in arcs])
    starts = np.diff(first, axis=0, prepend=[[0, 0]])
    return {
        "size": [len(arc.vertices) for arc in arcs],
        "first_x": starts[:, 0].tolist(),
        "first_y": starts[:, 1].tolist(),
        "x": steps[:, 0].tolist(),
        "y": steps[:, 1].tolist(),
    }
