"""Warnings about values that are readable but doubtful; one warning for all rows with the same doubt."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from qjmap import datum
from qjmap.errors import Fault
from qjmap.project import Project
from qjmap.tables.cell_values import clean
from qjmap.tables.columns import operations as cols
from qjmap.tables.coordinates import wgs84_of
from qjmap.tables.table_frame import ROW, Parsed

_DECIMALS = {"exact": 4, "site": 3}
"""Precision -> minimum number of decimals of degrees that a position of this precision needs; the fourth is 11 m, the third 110 m."""


def implausible_values(parsed: Parsed, project: Project | None) -> list[Fault]:
    """Warn of rows without a source, coordinates without a datum, a precision that contradicts them, and sites outside the region."""
    frame, tf = parsed.frame, parsed.raw
    rows = frame[ROW].to_numpy()
    faults: list[Fault] = []

    def warn(mask: npt.NDArray[np.bool_], column: str, code: str, **params: object) -> None:
        if mask.any():
            faults.append(
                tf.fault(None, column, None, code, rows=[int(row) for row in rows[mask]], severity="warning", **params)
            )

    good = ~np.isin(rows, list(parsed.bad_rows)) if parsed.bad_rows else np.ones(len(rows), dtype=bool)
    if "source" in tf.table:
        warn(good & cols.is_empty(cols.column(frame, "source")), "source", "no-source")
    if "lon" in tf.table:
        lon, lat = frame["lon"].to_numpy(), frame["lat"].to_numpy()
        precision = cols.column(frame, "precision")
        placed = ~np.isnan(lon) & ~np.isnan(lat)
        warn(placed & cols.is_empty(cols.column(frame, "datum")), "datum", "no-datum")
        warn(placed & cols.isin(precision, ["unresolved"]), "precision", "precision-contradicts")
        warn(good & ~placed & cols.isin(precision, _DECIMALS), "precision", "precision-alone")
        short = np.zeros(len(rows), dtype=bool)
        for level, decimals in _DECIMALS.items():
            mask = placed & cols.isin(precision, [level])
            if not mask.any():
                continue
            for name, values in (("lon", lon), ("lat", lat)):
                # Values select candidates quickly; then the text decides, since 106.6500 has 4 decimals, and 106°39′ none.
                scaled = values[mask] * 10.0 ** (decimals - 1)
                mask[mask] = np.abs(scaled - np.round(scaled)) < 1e-7
                typed = cols.column(frame, f"orig_{name}")[mask]
                mask[mask] = [_decimals(text) < decimals for text in cols.to_objects(typed)]
            short |= mask
        warn(short, "precision", "precision-decimals")
        region = project.settings.region if project else None
        if region and tf.table.name == "sites":
            west, south, east, north = region
            x, y = wgs84_of(frame)
            with np.errstate(invalid="ignore"):
                warn(placed & ((x < west) | (x > east) | (y < south) | (y > north)), "lon", "outside-region")
    return faults


KnownPositions = dict[str, tuple[float, float]]
"""Folded name -> longitude and latitude (WGS 84 degrees) of the row with this name that states a datum."""


def known_positions(tables: Iterable[Parsed], doubtful: Iterable[Parsed]) -> KnownPositions:
    """Return the positions of the rows that state a datum, for `suspect_datums`. A name with several positions is left out.

    Parameters
    ----------
    doubtful : tables whose rows without a datum are to be compared; only positions under the names of such rows are returned.
    """
    asked = [parsed.keys[_open(parsed)] for parsed in doubtful if _open(parsed).any()]
    known: KnownPositions = {}
    twice = set()
    for parsed in tables if asked else ():
        if "lon" in parsed.raw.table:
            frame = parsed.frame
            mask = (
                ~np.isnan(frame["lon"].to_numpy())
                & ~np.isnan(frame["lat"].to_numpy())
                & ~cols.is_empty(cols.column(frame, "datum"))
            )
            mask[mask] = np.logical_or.reduce([cols.isin(parsed.keys[mask], cols.to_objects(keys)) for keys in asked])
            places = (frame[name].to_numpy()[mask] for name in ("lon", "lat", "datum"))
            for key, *point in zip(cols.to_objects(parsed.keys[mask]), *datum.to_wgs84(*places), strict=True):
                at = (float(point[0]), float(point[1]))
                if key in known and known[key] != at:
                    twice.add(key)
                known[key] = at
    return {key: point for key, point in known.items() if key not in twice}


def _open(parsed: Parsed) -> npt.NDArray[np.bool_]:
    """Return a mask of the rows that have a position but no datum."""
    frame = parsed.frame
    if "lon" not in parsed.raw.table:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(~np.isnan(frame["lon"].to_numpy()) & cols.is_empty(cols.column(frame, "datum")), dtype=bool)


def suspect_datums(parsed: Parsed, positions: KnownPositions) -> list[Fault]:
    """Warn of rows without a datum whose coordinates fit the known position of their name only if they are read as GCJ-02 or BD-09.

    Read as WGS 84 they are at least 200 m away from it, read in the other datum at most 60 m. By chance this happens to one row in a
    hundred.

    Parameters
    ----------
    positions : as `known_positions` returns them.
    """
    if "lon" not in parsed.raw.table or not positions:
        return []
    frame = parsed.frame
    x, y = frame["lon"].to_numpy(), frame["lat"].to_numpy()
    at = np.flatnonzero(_open(parsed))
    at = at[cols.isin(parsed.keys[at], positions)]
    if not at.size:
        return []
    there = np.array([positions[key] for key in cols.to_objects(parsed.keys[at])])

    def off(as_datum: str) -> npt.NDArray[np.float64]:
        lon, lat = datum.to_wgs84(x[at], y[at], as_datum)
        metres = 111_320.0 * np.hypot((lon - there[:, 0]) * np.cos(np.radians(lat)), lat - there[:, 1])
        return np.asarray(metres, dtype=np.float64)

    plain = off("wgs84") >= 200.0
    faults = []
    for name in ("gcj02", "bd09"):
        rows = frame[ROW].to_numpy()[at[plain & (off(name) <= 60.0)]].tolist()
        if rows:
            faults.append(
                parsed.raw.fault(None, "datum", None, "datum-suspect", rows=rows, datum=name, severity="warning")
            )
    return faults


def same_names(parsed: Parsed) -> list[Fault]:
    """Return a warning for each name that several rows of the table have; [] for indicators and tables without names."""
    if "name" not in parsed.raw.table or parsed.raw.table.name == "indicators":
        return []
    shared = parsed.shared_keys & ~cols.is_empty(parsed.keys)
    if not shared.any():
        return []
    where: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for key, name, row in zip(
        cols.to_objects(parsed.keys[shared]), parsed.frame["name"][shared], parsed.frame[ROW][shared], strict=True
    ):
        where.setdefault(key, []).append(int(row))
        names.setdefault(key, name)
    return [
        parsed.raw.fault(None, "name", None, "name-twice", name=names[key], rows=rows, severity="warning")
        for key, rows in where.items()
    ]


def _decimals(text: str) -> int:
    """Return the number of decimals of a number as typed; 99 for a text that is not a plain decimal number."""
    whole, _, decimals = clean(text).partition(".")
    return len(decimals) if whole.lstrip("-").isdigit() and (not decimals or decimals.isdigit()) else 99
