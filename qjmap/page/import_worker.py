"""The worker that imports tables into the page: its script, and the schema, vocabularies and texts that it needs.

The page starts the worker only when a reader opens a table in it or edits a row. Until then the script is compressed data.
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import lru_cache
from itertools import pairwise, product
from typing import Any

from qjmap import pinyin
from qjmap.errors import fault_texts
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.geocode_file import AREA_HEADERS
from qjmap.grammar import all_grammars
from qjmap.i18n import texts
from qjmap.schema import (
    ASKED,
    COMPANIONS,
    DERIVED,
    FAULT_COLUMN,
    LOCATED,
    OPEN_VOCABULARIES,
    ORIGINAL,
    PAIR_HEADERS,
    PRECISION_RADIUS_M,
    SIMPLER,
    TABLES,
    WORD_COLUMNS,
)
from qjmap.tables.parse_table import YEARS
from qjmap.tables.readers.encoding import ENCODING_NAMES
from qjmap.tables.readers.language_score import page_data
from qjmap.validation.row_index import TABLE_WORDS
from qjmap.vocabulary import BUILT_IN, SETTING_OF, Vocabularies
from qjmap.web import bundle

_NOT_IN_TABLES = (
    "project-",
    "toml-",
    "setting-",
    "undo-",
    "tiles-",
    "sheet-missing",
    "sheet-too-large",
    "locate-",
    "json-",
    "geojson-",
    "feature",
    "frame-",
    "kind-",
    "vector-",
    "shapefile-",
    "xml-",
    "kml-",
    "layer-",
    "zip-",
    "crs-",
    "ground-",
    "serve-",
    "changes-",
    "publish-",
    "diff-",
    "report-",
    "export-",
)
"""Prefixes of the codes of faults that a dropped table cannot have; their texts are left out."""
_SHEET_NOTES = ("note-sheet", "note-sheet-only", "note-hidden-sheets")
"""Notes on the worksheets of a workbook. The page has its own wording for them, since the usual one names options of commands."""


def program_data(vocabularies: Vocabularies = BUILT_IN) -> dict[str, Any]:
    """Return the data that the worker needs, as values for JSON: schema, vocabularies of a project, texts of faults, codes of
    administrative units, encodings and grammars.
    """
    return {
        "tables": {
            table.name: {
                "name": table.name, "words": TABLE_WORDS[table.name],
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
        "vocab": vocabularies.all(),
        "open": {name: SETTING_OF[name] for name in OPEN_VOCABULARIES},
        "project_words": vocabularies.added_words(),
        "word_columns": dict(WORD_COLUMNS),
        "faults": {code: texts for code, texts in fault_texts().items() if not code.startswith(_NOT_IN_TABLES)},
        "sheet_notes": _sheet_notes(),
        "pair_headers": list(PAIR_HEADERS),
        "derived": {name: list(columns) for name, columns in DERIVED.items()},
        "companions": {name: list(columns) for name, columns in COMPANIONS.items()},
        "original": dict(ORIGINAL),
        "located": dict(LOCATED),
        "asked": dict(ASKED),
        "fault_column": FAULT_COLUMN,
        "grammar": _grammars(vocabularies),
        "areas": sorted(AREA_HEADERS),
        "provinces": provinces(),
        "units": units(),
        "simpler": ["".join(map(chr, SIMPLER)), "".join(map(chr, SIMPLER.values()))],
        "encodings": ENCODING_NAMES,
        "years": list(YEARS),
        "looks": page_data(),
        "radius_m": {level: radius if radius < float("inf") else None for level, radius in PRECISION_RADIUS_M.items()},
    }  # fmt: skip


def _sheet_notes() -> dict[str, Any]:
    """Return note (`_SHEET_NOTES`) -> language -> its message and cure, as the page words them."""
    words = texts("page")
    return {
        key: {
            lang: {"message": words[f"drop.{key}"][lang], "cure": words[f"drop.{key}.cure"][lang]}
            for lang in ("zh", "en")
        }
        for key in _SHEET_NOTES
    }


def _grammars(vocabularies: Vocabularies) -> dict[str, Any]:
    """Return the grammars of cells; the units of measurement that a project adds are among the groups of equal units."""
    grammars = all_grammars()
    units = [*grammars["numbers"]["equal_units"], *map(sorted, vocabularies.equal_units)]
    return {**grammars, "numbers": {**grammars["numbers"], "equal_units": units}}


def provinces() -> dict[str, str]:
    """Return adcode -> full name of the provinces."""
    china = load_china_gazetteer()
    rows = (row for row in range(len(china.ids)) if china.kind(row) == "province")
    return {china.ids[row]: china.name(row) for row in rows}


def units() -> list[int]:
    """Return the adcodes of the present provinces, cities and counties, ascending, as differences: the first from 0, each other from
    the previous one.
    """
    china = load_china_gazetteer()
    kinds = {"province", "city", "district"}
    rows = (row for row in range(len(china.ids)) if china.kind(row) in kinds and not china.abolished_in(row))
    codes = sorted(int(code) for row in rows if len(code := china.ids[row]) == 6 and code.isdigit())
    return [code - previous for previous, code in pairwise([0, *codes])]


def readings() -> dict[str, dict[str, str]]:
    """Return the pinyin of all Chinese characters of GB 2312, as `pinyin.restricted` does.

    Dropped rows may have characters that no table has.
    """
    pairs = product(range(0xB0, 0xF8), range(0xA1, 0xFF))
    return pinyin.restricted(frozenset(bytes(pair).decode("gb2312", "ignore") for pair in pairs) - {""})


@lru_cache(maxsize=4)
def compressed_bundle(vocabularies: Vocabularies) -> str:
    """Return the script, the program's data and the readings as JSON, compressed with zlib and encoded in base64, for a script
    element.
    """
    parts = {"source": bundle("import-worker"), "program": program_data(vocabularies), "readings": readings()}
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")
