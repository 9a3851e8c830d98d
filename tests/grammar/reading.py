"""Load the cases of this folder, and the readers that they name.

A file has a list of rules: `{"rule": description, "reader": key of READERS, "options": {...}, "cases": [[text, answer], ...]}`. An answer is
the value as JSON, or `{"code": ...}` of the fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from qjmap.schema import TABLES
from qjmap.tables import angles, cell_values, dates, numbers
from qjmap.tables.columns import operations as cols
from qjmap.tables.empty_words import is_empty_word
from qjmap.tables.headers import match_header, parse_header
from qjmap.tables.own_columns import facts_of, is_personal
from qjmap.tables.readers.find_header_row import rows_to_grid
from qjmap.tables.readers.non_data_rows import RowKinds
from qjmap.validation import several_names

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Rule:
    """One rule of the grammar with its cases."""

    rule: str
    reader: str
    cases: list[list[Any]]
    options: Mapping[str, Any]

    def answer(self, text: Any) -> Any:
        """Return the result of the rule's reader for a text."""
        try:
            value = READERS[self.reader](text, **self.options)
        except cell_values.CellError as error:
            return {"code": error.code}
        return json.loads(json.dumps(value))


def rules() -> list[Rule]:
    """All rules of all files."""
    return [
        Rule(rule["rule"], rule["reader"], rule["cases"], rule.get("options", {}))
        for path in sorted(FOLDER.glob("*.json"))
        for rule in json.loads(path.read_text(encoding="utf-8"))
    ]


def _header(text: str, table: str = "sites") -> list[Any]:
    found = parse_header(text, TABLES[table])
    return [found.column, found.datum, found.unit]


def _match(text: str, table: str = "sites") -> list[Any]:
    found = match_header(text, TABLES[table])
    return [found.column, found.datum, found.unit, found.rank]


def _angle(text: str) -> list[Any] | None:
    found = angles.read_angle(text)
    return None if found is None else [found.degrees, found.axis]


def _row(text: str, header: str, *, is_first: bool = False) -> str | None:
    """Return the kind of a row that is among rows of data, or above them if ``is_first``."""
    heads = header.split(",")
    plain = ["甲厂", "企业", "某路1号", "5"][: len(heads)]
    rows = [text.split(","), plain] if is_first else [plain, text.split(","), plain]
    kinds = RowKinds(heads, [heads], TABLES["sites"])
    return kinds.find(
        len(rows), rows.__getitem__, filter(lambda index: kinds.may_be_none(rows[index]), range(len(rows)))
    ).get(not is_first)


def _table_header(text: str) -> list[Any]:
    grid = rows_to_grid([line.split(",") for line in text.split("\n")], TABLES["sites"], shown="")
    return [grid.header, grid.header_row]


READERS: Mapping[str, Callable[..., Any]] = {
    "personal-header": is_personal,
    "personal-cell": lambda text: facts_of("", cols.from_texts([text])).personal > 0,
    "header": _header,
    "match_header": _match,
    "number": numbers.read_number,
    "date": dates.read_date,
    "angle": _angle,
    "pair": angles.read_pair,
    "list": cell_values.read_list,
    "names": lambda text, known: several_names.split_names(text, known.__contains__),
    "row": _row,
    "first-row": partial(_row, is_first=True),
    "table-header": _table_header,
    "empty-word": is_empty_word,
    "find-vocab": lambda text, vocabulary: cell_values.find_vocab(text, vocabulary),
    "word": lambda text, vocabulary: cell_values.read_word(text, vocabulary),
    "vocab": lambda text, vocabulary: cell_values.read_vocab(text, vocabulary),
}
"""Readers by key. web/test/import-worker/grammar.test.js has the page's readers under the same keys."""
