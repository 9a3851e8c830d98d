"""Find the outlines of administrative units of China for the rows of a table without coordinates, by the names or adcodes in them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.frames.convert_columns import is_missing
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.locate_many import locate_many
from qjmap.ground import outline
from qjmap.tables.headers import area_level

_CODE = re.compile(r"[1-9]\d{5}(?:000000)?(?:\.0)?")
"""Pattern of an adcode: six digits, perhaps written as a float (500110.0) or as a code of twelve digits that ends in six zeros."""
_LEVELS = ("province", "city", "county")
_SHARE, _LEAST_FILLED = 0.5, 0.25
"""Minimum share of the filled cells that must name units, and minimum share of a column's cells that must be filled."""

Objects = npt.NDArray[np.object_]


def unit_shapes(frame: pd.DataFrame) -> Objects | None:
    """Return the outline of the unit that each row names (WGS 84 degrees, None where it is unknown or ambiguous), shape (n,).

    Units are read from a column of adcodes; else from the columns of areas by their level (省, 市, 区县), from the smallest up; or, if there
    are no columns of areas, from the first column in which at least half of the filled cells name units. The result is None if no column
    names units.
    """
    texts = [[_text(cell) for cell in frame.iloc[:, at]] for at in range(frame.shape[1])]
    for column in texts:
        codes = [text[:6] if _CODE.fullmatch(text) else "" for text in column]
        if _are_enough(codes, column) and (shapes := _outlines(codes, column)) is not None:
            return shapes
    levels = [area_level(str(name)) for name in frame.columns]
    areas = sorted((_LEVELS.index(level), at) for at, level in enumerate(levels) if level in _LEVELS)
    order = [at for _, at in reversed(areas)] or [at for at in range(len(texts)) if not _is_number(texts[at])]
    for at in order:
        larger = [other for rank, other in areas if other != at and levels[at] in _LEVELS[rank + 1 :]]
        within = [[texts[other][row] for other in larger if texts[other][row]] for row in range(len(frame))]
        answers = locate_many(OfflineLocator(suggests=False), texts[at], within)
        if (shapes := _outlines(answers["place_id"], texts[at])) is not None:
            return shapes
    return None


def _text(cell: Any) -> str:
    return "" if is_missing(cell) else str(cell).strip()


def _is_number(column: list[str]) -> bool:
    return all(re.fullmatch(r"[-+.\deE]*", text) for text in column)


def _are_enough(found: list[str], column: list[str]) -> bool:
    filled = sum(map(bool, column))
    return filled > 0 and filled >= _LEAST_FILLED * len(column) and sum(map(bool, found)) >= _SHARE * filled


def _outlines(codes: list[str], column: list[str]) -> Objects | None:
    """Return the outline of each row's adcode (None if unknown); None if too few cells have one (see `_SHARE`, `_LEAST_FILLED`).

    Parameters
    ----------
    codes : adcode of each row, "" for none.
    column : the cells as texts from which the adcodes were read, "" if empty.
    """
    known = {code: outline(code) for code in {*codes} if code}
    shapes = np.full(len(codes), None, dtype=object)
    for row, code in enumerate(codes):
        shapes[row] = known.get(code)
    return shapes if _are_enough(["x" if shape is not None else "" for shape in shapes], column) else None
