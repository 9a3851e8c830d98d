"""The reader of tables that the page carries: its scripts for a worker, and what the program knows of tables.

It is read only when somebody drops a table on the page, so it travels compressed, as data: a worker is made of it then.
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import cache
from itertools import pairwise, product
from typing import Any

from qjmap import pinyin
from qjmap.errors import fault_texts
from qjmap.locators.everywhere import everyone
from qjmap.locators.of_table import AREAS
from qjmap.messages import vocab
from qjmap.schema import (
    DERIVED,
    FAULT_COLUMN,
    LOCATED,
    ORIGINAL,
    PAIR_HEADERS,
    PRECISION_RADIUS_M,
    SIMPLER,
    TABLES,
)
from qjmap.tables.encodings import ENCODING_NAMES, looks
from qjmap.tables.grids import TOTALS
from qjmap.tables.parsing import YEARS
from qjmap.web import bundle

_NOT_OF_TABLES = (
    "project-",
    "toml-",
    "setting-",
    "undo-",
    "tiles-",
    "sheet-",
    "formula-",
    "locate-",
    "json-",
    "geojson-",
    "feature",
    "kind-",
    "vector-",
    "shapefile-",
    "xml-",
    "kml-",
    "layer-",
    "zip-",
    "crs-",
    "ground-",
)
"""Beginnings of faults that no dropped table can have."""


def rules() -> dict[str, Any]:
    """What the reader must know: tables, vocabularies, the words of faults."""
    return {
        "tables": {
            table.name: {
                "name": table.name,
                "columns": [
                    {
                        "name": column.name, "type": column.type, "vocab": column.vocab, "required": column.required,
                        "headers": list(column.headers), "refers": list(column.refers),
                    }
                    for column in table.columns
                ],
            }
            for table in TABLES.values()
        },
        "vocab": vocab(),
        "faults": {code: texts for code, texts in fault_texts().items() if not code.startswith(_NOT_OF_TABLES)},
        "pair_headers": list(PAIR_HEADERS),
        "derived": {name: list(columns) for name, columns in DERIVED.items()},
        "original": dict(ORIGINAL),
        "located": dict(LOCATED),
        "fault_column": FAULT_COLUMN,
        "totals": sorted(TOTALS),
        "areas": sorted(AREAS),
        "provinces": provinces(),
        "units": units(),
        "simpler": ["".join(map(chr, SIMPLER)), "".join(map(chr, SIMPLER.values()))],
        "encodings": ENCODING_NAMES,
        "years": list(YEARS),
        "looks": looks(),
        "radius_m": {level: radius if radius < float("inf") else None for level, radius in PRECISION_RADIUS_M.items()},
    }  # fmt: skip


def provinces() -> dict[str, str]:
    """Code -> name of the provinces, for addresses and for saying where a point lies."""
    national = everyone()
    rows = (row for row in range(len(national.ids)) if national.kind(row) == "province")
    return {national.ids[row]: national.name(row) for row in rows}


def units() -> list[int]:
    """Codes of the provinces, cities and counties of today in order, each as the difference from the one before."""
    national = everyone()
    kinds = {"province", "city", "district"}
    rows = (row for row in range(len(national.ids)) if national.kind(row) in kinds and not national.until(row))
    codes = sorted(int(code) for row in rows if len(code := national.ids[row]) == 6 and code.isdigit())
    return [code - before for before, code in pairwise([0, *codes])]


def readings() -> dict[str, dict[str, str]]:
    """How characters are read: a dropped row holds others than the page's own tables, so all of GB 2312 comes along."""
    pairs = product(range(0xB0, 0xF8), range(0xA1, 0xFF))
    return pinyin.restricted(frozenset(bytes(pair).decode("gb2312", "ignore") for pair in pairs) - {""})


@cache
def packed() -> str:
    """Script, rules and readings as base64 of zlib-compressed JSON, ready for a script element."""
    parts = {"source": bundle("import-worker"), "rules": rules(), "readings": readings()}
    whole = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(whole.encode("utf-8"), 9)).decode("ascii")
