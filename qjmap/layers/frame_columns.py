"""Columns of a frame in the types that a block takes; a column that the frame lacks is empty."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as strings, empty for a missing column or cell."""
    if column not in frame.columns:
        return [""] * len(frame)
    return [value if isinstance(value, str) else "" for value in frame[column]]


def lists(frame: pd.DataFrame, column: str) -> list[Sequence[str]]:
    """A column of lists, empty for a missing column or cell."""
    if column not in frame.columns:
        return [[] for _ in range(len(frame))]
    return [list(value) if isinstance(value, (tuple, list)) else [] for value in frame[column]]


def radii(frame: pd.DataFrame) -> list[int]:
    """The column ``radius_m`` (uncertainty radii) in whole metres, 0 for none."""
    if "radius_m" not in frame.columns:
        return [0] * len(frame)
    return frame["radius_m"].fillna(0).round().astype(int).tolist()
