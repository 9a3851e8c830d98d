"""Parse each distinct cell text of a column only once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from qjmap.errors import Fault
from qjmap.tables import cell_values
from qjmap.tables.cell_values import CellError
from qjmap.tables.columns import operations as cols
from qjmap.tables.columns.dtypes import Codes
from qjmap.tables.table_frame import ROW, TableFrame


def parse_distinct(
    tf: TableFrame, name: str, raw: Any, read: Callable[[str], Any], empty: Any, faults: list[Fault]
) -> tuple[Codes, list[Any]]:
    """Parse the cells of a column; return the code of each cell, and a list of the value of each code.

    A blank cell has the value `empty`. So has a cell that cannot be read, which also adds a fault of its row to `faults`.

    Parameters
    ----------
    name : the column in faults.
    raw : the cells of the column.
    read : parses the text of a cell; raises CellError for a text that is no value.
    """
    codes, distinct = cols.factorize(raw)
    values: list[Any] = [empty] * len(distinct)
    wrong: dict[int, CellError] = {}
    whole = "".join(distinct)
    plain = whole.isprintable() and "\ufffd" not in whole
    for at, text in enumerate(distinct):
        if cell_values.clean(text):
            try:
                if not plain:
                    cell_values.check_characters(text)
                values[at] = read(text)
            except CellError as error:
                wrong[at] = error
    if wrong:
        rows = tf.frame[ROW].to_numpy()
        for here in np.flatnonzero(np.isin(codes, list(wrong))):
            found = wrong[int(codes[here])]
            faults.append(tf.fault(int(rows[here]), name, raw[here], found.code, **found.params))
    return codes, values
