"""A patch counts records as the reader of tables does, whatever quotation marks stand in them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.edit.csv_patch import CsvPatch
from tests.properties import examples


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(text=st.text(alphabet='ab",;\t|\n', min_size=1, max_size=40))
@examples(400)
def test_deleting_a_record_leaves_the_others(delimiter: str, text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if text.isspace() or text.count('"') % 2:  # an unclosed mark is a fault of the whole file
        return
    for number in range(1, len(rows) + 1):
        patch = CsvPatch(text.encode(), [], delimiter)
        patch.delete([number])
        left = list(csv.reader(io.StringIO(patch.bytes.decode(), newline=""), delimiter=delimiter))
        assert left == rows[: number - 1] + rows[number:]
