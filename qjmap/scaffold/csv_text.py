"""CSV tables with Chinese headers, in an encoding that Excel recognises."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from qjmap.i18n import text
from qjmap.scaffold.template_columns import EXAMPLES, template_columns
from qjmap.schema import TABLES


def csv_bytes(table: str, names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a CSV table with the given columns under their Chinese headers, in UTF-8.

    It begins with a byte-order mark, since Excel reads a file without one in another encoding. A cell that a row lacks is empty.
    """
    columns = [TABLES[table].column(name) for name in names]
    return _written([[column.label for column in columns], *([row.get(name, "") for name in names] for row in rows)])


def example_bytes(table: str) -> bytes:
    """Return a CSV table in UTF-8 with only the rows of examples of its template. They are marked as examples, and readers skip them."""
    columns = template_columns(table, "zh")
    examples = [
        [text("template.example", "zh"), *(column.examples[row] for column in columns)] for row in range(EXAMPLES)
    ]
    return _written([[text("template.mark", "zh"), *(column.header for column in columns)], *examples])


def _written(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().encode("utf-8-sig")
