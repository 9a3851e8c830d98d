"""The writer of each export format, and the function that calls it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from qjmap.errors import UsageError
from qjmap.export.column_names import names_in_format
from qjmap.export.csv_file import write_csv
from qjmap.export.flat_frame import columns_of
from qjmap.export.geopackage import write_fgb, write_gpkg
from qjmap.export.geoparquet import write_parquet
from qjmap.export.kml import write_kml
from qjmap.export.legend import Legend
from qjmap.export.workbook import write_xlsx

_PROBE_BYTES = 1 << 16
"""Number of bytes that must still fit on the disk after a file has been written."""

Writer = Callable[[Path, Mapping[str, pd.DataFrame], Legend], None]
WRITERS: dict[str, Writer] = {
    "gpkg": write_gpkg,
    "fgb": write_fgb,
    "kml": write_kml,
    "parquet": write_parquet,
    "csv": write_csv,
    "xlsx": write_xlsx,
}
"""Writers by format."""
WHOLE = ("gpkg", "kml", "xlsx")
"""Formats whose file holds all tables. A file of any other format holds one table."""


def write_layers(
    form: str, path: Path, layers: Mapping[str, pd.DataFrame], legend: Legend | None = None
) -> dict[str, dict[str, str]]:
    """Write flat frames to a file of a format; return the column names used in it by layer (see `names_in_format`).

    Parameters
    ----------
    form : name of the format, a key of `WRITERS`.
    path : file to write.
    layers : name of the table -> flat frame (see `flat_frame`); only one for a format that is not in `WHOLE`.
    legend : labels and symbols of the project; the built-in ones by default.

    Raises
    ------
    OSError : the file cannot be written, or the disk is full, which GDAL does not report for some formats.
    UsageError : GDAL reports another error, or the tables do not fit the format (see `write_xlsx`).
    """
    names = {layer: names_in_format(columns_of(frame), form) for layer, frame in layers.items()}
    try:
        renamed = {layer: frame.rename(columns=names[layer]) for layer, frame in layers.items()}
        WRITERS[form](path, renamed, legend or Legend())
    except RuntimeError as error:  # pyogrio's exception for errors of GDAL
        _check_disk(path, failed="disk" in str(error))
        raise UsageError("export-failed", path=path.name, form=form, detail=str(error)) from error
    _check_disk(path)
    return names


def _check_disk(path: Path, *, failed: bool = False) -> None:
    """Raise OSError if `_PROBE_BYTES` more do not fit on the disk of a file just written: the file may then be truncated.

    Parameters
    ----------
    failed : whether GDAL has reported an error of the disk: then many more bytes are tried, and OSError is raised even if they fit.
    """
    size = path.stat().st_size if path.exists() else 0
    with path.open("ab") as file:
        file.write(bytes(_PROBE_BYTES * (64 if failed else 1)))
        file.flush()
        os.ftruncate(file.fileno(), size)
    if failed:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
