"""Read columns of a frame as lists of the types that `Block` encodes. A column that the frame lacks is empty."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from qjmap.schema import EDITION_CHANGE


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column as strings; "" for a cell that is no string, and everywhere if the frame lacks the column."""
    if column not in frame.columns:
        return [""] * len(frame)
    return [value if isinstance(value, str) else "" for value in frame[column]]


def lists(frame: pd.DataFrame, column: str) -> list[Sequence[str]]:
    """Return a column as lists; [] for a cell that is no list or tuple, and everywhere if the frame lacks the column."""
    if column not in frame.columns:
        return [[] for _ in range(len(frame))]
    return [list(value) if isinstance(value, (tuple, list)) else [] for value in frame[column]]


def radii(frame: pd.DataFrame) -> list[int]:
    """Return the column ``radius_m`` (uncertainty of positions) in whole metres; 0 if unknown, or if the frame lacks the column."""
    if "radius_m" not in frame.columns:
        return [0] * len(frame)
    return frame["radius_m"].fillna(0).round().astype(int).tolist()


def withdrawn(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return {"withdrawn": ids of the rows that only the earlier of two editions has}, an option: layers draw these dashed and grey.

    {} if there are no such rows.
    """
    if EDITION_CHANGE not in frame.columns:
        return {}
    ids = [
        one
        for one, change in zip(texts(frame, "id"), texts(frame, EDITION_CHANGE), strict=True)
        if change == "withdrawn"
    ]
    return {"withdrawn": ids} if ids else {}
