"""Parse longitude, latitude and datum of a table's rows, and report the usual mistakes in them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap import datum
from qjmap.datum import Floats
from qjmap.errors import Fault
from qjmap.schema import GAZETTEER_SOURCE
from qjmap.tables.angles import read_angle
from qjmap.tables.cell_values import clean, clean_all
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import TableFrame

CHINA = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north in degrees: a box around China with its seas, by which swapped coordinates are recognised."""
_WEST_CHINA = (90.0, 27.0)
"""(longitude, latitude) in degrees: west of this longitude, China lies north of this latitude. So longitude 15.5, latitude 78.2 is not
taken for a swapped pair: it lies in Svalbard, and swapped it would lie in India.
"""


def parse_positions(tf: TableFrame, values: dict[str, Any], faults: list[Fault]) -> None:
    """Replace the texts of `lon` and `lat` by degrees, and add `orig_lon`, `orig_lat` and `orig_datum`, the cells as typed.

    In a row with a position but no datum, the datum becomes CGCS2000 if the position was converted from Gauss-Krüger, else `tf.datum`.

    `values` is changed in place. A row with any fault in its position gets NaN for both axes. `position_source` and
    `position_locator` are cleared in a row that has no coordinates but names the gazetteer as their source, as our exports may: the row
    is located anew.
    """
    rows = tf.frame["_row"].to_numpy()
    raw: dict[str, Any] = {name: cols.column(tf.frame, name) for name in ("lon", "lat")}
    degrees, wrong = {}, np.zeros(len(rows), dtype=bool)
    for name in ("lon", "lat"):
        degrees[name] = _degrees(tf, name, raw[name], wrong, faults)
    lon, lat = degrees["lon"], degrees["lat"]
    with np.errstate(invalid="ignore"):
        projected = (np.abs(lon) > 1000.0) & (np.abs(lat) > 1000.0)
        converted = _unproject(tf, lon, lat, projected, faults)
        projected &= ~converted
        swapped = ~projected & _within(lat, lon) & ~_within(lon, lat)
        swapped &= (lat > _WEST_CHINA[0]) | (lon >= _WEST_CHINA[1])
        zero = (lon == 0.0) & (lat == 0.0)
        lon_off = (np.abs(lon) > 180.0) & ~projected & ~swapped
        lat_off = (np.abs(lat) > 90.0) & ~projected & ~swapped
    half = (np.isnan(lon) != np.isnan(lat)) & ~wrong
    for at in np.flatnonzero(projected | swapped | zero | lon_off | lat_off | half):
        row, x, y = int(rows[at]), raw["lon"][at], raw["lat"][at]
        if projected[at]:
            faults.append(tf.fault(row, "lon", f"{x}, {y}", "position-projected"))
        elif swapped[at]:
            faults.append(tf.fault(row, "lat", y, "position-swapped", lon=x, lat=y))
        elif zero[at]:
            faults.append(tf.fault(row, "lon", f"{x}, {y}", "position-zero"))
        elif half[at]:
            missing = "lon" if np.isnan(lon[at]) else "lat"
            faults.append(tf.fault(row, missing, "", f"{missing}-missing"))
        else:
            if lon_off[at]:
                faults.append(tf.fault(row, "lon", x, "lon-range", hint=_hint(lon[at], 73.0, 136.0)))
            if lat_off[at]:
                faults.append(tf.fault(row, "lat", y, "lat-range", hint=_hint(lat[at], 3.0, 54.0)))
    wrong |= projected | swapped | zero | lon_off | lat_off | half
    lon[wrong] = lat[wrong] = np.nan
    typed = cols.map_unique(cols.column(tf.frame, "datum"), clean_all)
    values["orig_lon"], values["orig_lat"], values["orig_datum"] = raw["lon"], raw["lat"], typed
    values["lon"], values["lat"] = lon, lat
    located = (
        cols.isin(values["position_source"], [GAZETTEER_SOURCE]) & cols.is_empty(raw["lon"]) & cols.is_empty(raw["lat"])
    )
    if located.any():
        for name in ("position_source", "position_locator"):
            values[name] = cols.from_texts(np.where(located, "", cols.to_objects(values[name])))
    open_ = cols.is_empty(typed)
    for here, name in ((converted & open_, "cgcs2000"), (~np.isnan(lon) & ~converted & open_, tf.datum)):
        if name and here.any():
            values["datum"] = cols.to_objects(values["datum"]).copy()
            values["datum"][here] = name


def wgs84_of(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Convert the positions of a typed frame to WGS 84: longitudes and latitudes in degrees, NaN for rows without a position."""
    datums = cols.column(frame, "datum")
    used = cols.unique(datums)
    lon, lat = frame["lon"].to_numpy(dtype=float), frame["lat"].to_numpy(dtype=float)
    return datum.to_wgs84(lon, lat, str(used[0]) if len(used) == 1 else cols.to_objects(datums))


def _unproject(
    tf: TableFrame, lon: Floats, lat: Floats, projected: npt.NDArray[np.bool_], faults: list[Fault]
) -> npt.NDArray[np.bool_]:
    """Convert Gauss-Krüger coordinates to CGCS2000 degrees in place, if their zone is certain; return the mask of those rows.

    Either axis may come first: surveyors call the northing x. One warning lists the rows and zones.
    """
    done = np.zeros(len(lon), dtype=bool)
    if not projected.any():
        return done
    zones = []
    for east, north in ((lon, lat), (lat, lon)):
        zone = np.where(projected & ~done, datum.gauss_kruger_zone(east, north), 0)
        here = zone > 0
        lon[here], lat[here] = (
            values[here] for values in datum.gauss_kruger_to_degrees(east.copy(), north.copy(), zone)
        )
        done |= here
        zones += [int(one) for one in np.unique(zone[here])]
    if done.any():
        rows = tf.frame["_row"].to_numpy()[done].tolist()
        named = {
            "zh": "、".join(f"{zone}带" for zone in sorted(set(zones))),
            "en": ", ".join(f"zone {zone}" for zone in sorted(set(zones))),
        }
        faults.append(tf.fault(None, "lon", None, "projected-converted", rows=rows, zones=named, severity="warning"))
    return done


def _degrees(
    tf: TableFrame, name: Literal["lon", "lat"], raw: Any, wrong: npt.NDArray[np.bool_], faults: list[Fault]
) -> Any:
    """Parse one column as degrees (float64), NaN for empty cells. A cell that cannot be read or names the other axis is NaN too; it is
    reported and marked in `wrong`.
    """
    plain = cols.parse_floats(raw)
    if plain is not None:
        return plain.copy()
    raw = cols.to_objects(raw)
    out = pd.to_numeric(pd.Series(raw, dtype=object), errors="coerce").to_numpy(dtype=np.float64, copy=True)
    out[~np.isfinite(out)] = np.nan
    rows = tf.frame["_row"].to_numpy()
    for at in np.flatnonzero(np.isnan(out) & (raw != "")):
        text = clean(raw[at])
        if not text:
            continue
        angle = read_angle(text)
        if angle is None:
            faults.append(tf.fault(int(rows[at]), name, raw[at], f"{name}-form"))
            wrong[at] = True
        elif angle.axis and angle.axis != name:
            faults.append(tf.fault(int(rows[at]), name, raw[at], "axis-swapped"))
            wrong[at] = True
        else:
            out[at] = angle.degrees
    return out


def _within(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return a mask of the positions in a box around China with its seas."""
    west, south, east, north = CHINA
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _hint(value: float, low: float, high: float) -> dict[str, str]:
    """Return the end of a message, in both languages, that suggests a value with the decimal point moved (290.3 -> 29.03); empty texts if
    no moved value lies between `low` and `high` degrees.
    """
    for power in range(1, 9):
        moved = abs(value) / 10**power
        if low <= moved <= high:
            return {
                "zh": f"；如果是小数点错位，也许是 {moved:.10g}",
                "en": f"; if the decimal point slipped, perhaps {moved:.10g}",
            }
    return {"zh": "", "en": ""}
