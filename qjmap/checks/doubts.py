"""What is doubtful rather than wrong: one warning for all rows of a kind, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from qjmap import datum
from qjmap.errors import Fault
from qjmap.project import Project
from qjmap.tables import columns as cols
from qjmap.tables.cells import clean
from qjmap.tables.frames import ROW, Parsed
from qjmap.tables.positions import wgs84_of

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
        warn(good & cols.empty(cols.column(frame, "source")), "source", "no-source")
    if "lon" in tf.table:
        lon, lat = frame["lon"].to_numpy(), frame["lat"].to_numpy()
        precision = cols.column(frame, "precision")
        placed = ~np.isnan(lon) & ~np.isnan(lat)
        warn(placed & cols.empty(cols.column(frame, "datum")), "datum", "no-datum")
        warn(placed & cols.among(precision, ["unresolved"]), "precision", "precision-contradicts")
        warn(good & ~placed & cols.among(precision, _DECIMALS), "precision", "precision-alone")
        short = np.zeros(len(rows), dtype=bool)
        for level, decimals in _DECIMALS.items():
            here = placed & cols.among(precision, [level])
            if not here.any():
                continue
            for name, values in (("lon", lon), ("lat", lat)):
                tenth = values[here] * 10.0 ** (decimals - 1)
                here[here] = (
                    np.abs(tenth - np.round(tenth)) < 1e-7
                )  # no digit where this level needs one, as far as the value tells
                typed = cols.column(frame, f"orig_{name}")[
                    here
                ]  # the text tells more: 106.6500, and degrees with minutes
                here[here] = [_decimals(text) < decimals for text in cols.objects(typed)]
            short |= here
        warn(short, "precision", "precision-decimals")
        region = project.settings.region if project else None
        if region and tf.table.name == "sites":
            west, south, east, north = region
            x, y = wgs84_of(frame)
            with np.errstate(invalid="ignore"):
                warn(placed & ((x < west) | (x > east) | (y < south) | (y > north)), "lon", "outside-region")
    return found


Known = dict[str, tuple[float, float]]
"""Folded name -> longitude, latitude in WGS 84 of a row whose datum is known."""


def known_positions(tables: Iterable[Parsed], doubtful: Iterable[Parsed]) -> Known:
    """The positions that others can be held against: of rows with a datum, whose names are theirs alone.

    Parameters
    ----------
    doubtful : whose rows without a datum are to be held against them; positions under other names are left out.
    """
    asked = [parsed.keys[_open(parsed)] for parsed in doubtful if _open(parsed).any()]
    known: Known = {}
    twice = set()
    for parsed in tables if asked else ():
        if "lon" in parsed.raw.table:
            frame = parsed.frame
            here = (
                ~np.isnan(frame["lon"].to_numpy())
                & ~np.isnan(frame["lat"].to_numpy())
                & ~cols.empty(cols.column(frame, "datum"))
            )
            here[here] = np.logical_or.reduce([cols.among(parsed.keys[here], cols.objects(keys)) for keys in asked])
            places = (frame[name].to_numpy()[here] for name in ("lon", "lat", "datum"))
            for key, *point in zip(cols.objects(parsed.keys[here]), *datum.to_wgs84(*places), strict=True):
                at = (float(point[0]), float(point[1]))
                if key in known and known[key] != at:
                    twice.add(key)
                known[key] = at
    return {key: point for key, point in known.items() if key not in twice}


def _open(parsed: Parsed) -> npt.NDArray[np.bool_]:
    """The rows with a position and without a datum."""
    frame = parsed.frame
    if "lon" not in parsed.raw.table:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(~np.isnan(frame["lon"].to_numpy()) & cols.empty(cols.column(frame, "datum")), dtype=bool)


def suspects(parsed: Parsed, known: Known) -> list[Fault]:
    """Rows without a datum that come to lie on the known place of their name as soon as they are read as GCJ-02 or BD-09.

    As WGS 84 they are at least 200 m off, as the other datum at most 60 m: read right by chance they would be once in a hundred.
    """
    if "lon" not in parsed.raw.table or not known:
        return []
    frame = parsed.frame
    x, y = frame["lon"].to_numpy(), frame["lat"].to_numpy()
    at = np.flatnonzero(_open(parsed))
    at = at[cols.among(parsed.keys[at], known)]
    if not at.size:
        return []
    there = np.array([known[key] for key in cols.objects(parsed.keys[at])])

    def off(as_datum: str) -> npt.NDArray[np.float64]:
        lon, lat = datum.to_wgs84(x[at], y[at], as_datum)
        metres = 111_320.0 * np.hypot((lon - there[:, 0]) * np.cos(np.radians(lat)), lat - there[:, 1])
        return np.asarray(metres, dtype=np.float64)

    plain = off("wgs84") >= 200.0
    found = []
    for name in ("gcj02", "bd09"):
        rows = frame[ROW].to_numpy()[at[plain & (off(name) <= 60.0)]].tolist()
        if rows:
            found.append(
                parsed.raw.fault(None, "datum", None, "datum-suspect", rows=rows, datum=name, severity="warning")
            )
    return found


def same_names(parsed: Parsed) -> list[Fault]:
    """Rows of one table that go by the same name."""
    if "name" not in parsed.raw.table or parsed.raw.table.name == "indicators":
        return []
    shared = parsed.shared_keys & ~cols.empty(parsed.keys)
    if not shared.any():
        return []
    where: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for key, name, row in zip(
        cols.objects(parsed.keys[shared]), parsed.frame["name"][shared], parsed.frame[ROW][shared], strict=True
    ):
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
