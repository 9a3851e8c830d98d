"""What is doubtful rather than wrong: one warning for all rows of a kind, and nothing is changed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap import datum
from qjmap.cells import clean
from qjmap.errors import Fault
from qjmap.frames import ROW, Parsed
from qjmap.project import Project
from qjmap.schema import fold

_DECIMALS = {"exact": 4, "site": 3}
"""Decimals of a degree without which a position cannot be as precise as it says: 4 are 11 m, 3 are 110 m."""


def warnings(parsed: Parsed, project: Project | None) -> list[Fault]:
    """What is doubtful rather than wrong, one warning for all rows of a kind."""
    frame, tf = parsed.frame, parsed.raw
    rows = frame[ROW].to_numpy()
    found: list[Fault] = []

    def warn(here: npt.NDArray[np.bool_], column: str, code: str, **params: object) -> None:
        if here.any():
            found.append(
                tf.fault(None, column, None, code, rows=[int(row) for row in rows[here]], severity="warning", **params)
            )

    good = ~np.isin(rows, list(parsed.bad_rows)) if parsed.bad_rows else np.ones(len(rows), dtype=bool)
    if "source" in tf.table:
        warn(good & (frame["source"].to_numpy() == ""), "source", "no-source")
    if "lon" in tf.table:
        lon, lat = frame["lon"].to_numpy(), frame["lat"].to_numpy()
        precision, named = frame["precision"].to_numpy(), frame["datum"].to_numpy()
        placed = ~np.isnan(lon) & ~np.isnan(lat)
        warn(placed & (named == ""), "datum", "no-datum")
        warn(placed & (precision == "unresolved"), "precision", "precision-contradicts")
        warn(good & ~placed & np.isin(precision, list(_DECIMALS)), "precision", "precision-alone")
        short = np.zeros(len(rows), dtype=bool)
        for level, decimals in _DECIMALS.items():
            here = placed & (precision == level)
            for name, values in (("lon", lon), ("lat", lat)):
                tenth = values[here] * 10.0 ** (decimals - 1)
                here[here] = (
                    np.abs(tenth - np.round(tenth)) < 1e-7
                )  # no digit where this level needs one, as far as the value tells
                typed = frame[f"orig_{name}"].to_numpy()[
                    here
                ]  # the text tells more: 106.6500, and degrees with minutes
                here[here] = [_decimals(text) < decimals for text in typed]
            short |= here
        warn(short, "precision", "precision-decimals")
        region = project.settings.region if project else None
        if region and tf.table.name == "sites":
            west, south, east, north = region
            x, y = datum.to_wgs84(lon, lat, named)
            with np.errstate(invalid="ignore"):
                warn(placed & ((x < west) | (x > east) | (y < south) | (y > north)), "lon", "outside-region")
    return found


def same_names(parsed: Parsed) -> list[Fault]:
    """Rows of one table that go by the same name."""
    if "name" not in parsed.raw.table or parsed.raw.table.name == "indicators":
        return []
    keys = np.array([fold(name) for name in parsed.frame["name"]], dtype=object)
    shared = pd.Series(keys, dtype=object).duplicated(keep=False).to_numpy() & (keys != "")
    where: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for key, name, row in zip(keys[shared], parsed.frame["name"][shared], parsed.frame[ROW][shared], strict=True):
        where.setdefault(key, []).append(int(row))
        names.setdefault(key, name)
    return [
        parsed.raw.fault(None, "name", None, "name-twice", name=names[key], rows=rows, severity="warning")
        for key, rows in where.items()
    ]


def _decimals(text: str) -> int:
    """Decimals of a number as typed; many for anything that is not a plain number."""
    whole, _, decimals = clean(text).partition(".")
    return len(decimals) if whole.lstrip("-").isdigit() and (not decimals or decimals.isdigit()) else 99
