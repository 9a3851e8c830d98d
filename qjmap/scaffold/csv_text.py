"""CSV tables with Chinese headers, as Excel opens them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from qjmap.i18n import text
from qjmap.scaffold.template_columns import EXAMPLES, template_columns
from qjmap.schema import TABLES


def csv_bytes(table: str, names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a table with some of its columns, which have their Chinese headers; UTF-8 with a byte-order mark, without which Excel reads
    another encoding.
    """
    columns = [TABLES[table].column(name) for name in names]
    return _written([[column.label for column in columns], *([row.get(name, "") for name in names] for row in rows)])


def example_bytes(table: str) -> bytes:
    """Return an empty table with the rows of examples of its template, which no reader takes for data."""
    columns = template_columns(table, "zh")
    examples = [
        [text("template.example", "zh"), *(column.examples[row] for column in columns)] for row in range(EXAMPLES)
    ]
    return _written([[text("template.mark", "zh"), *(column.header for column in columns)], *examples])


def _written(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().encode("utf-8-sig")
