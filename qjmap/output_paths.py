"""Check output paths, and choose the format of an output file.

Outputs never overwrite inputs: the tables, settings and geometry of a project, and the files that a command reads.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from qjmap.errors import UsageError
from qjmap.project import SETTINGS_FILE, display_path

_OTHERS = {
    f".{kind}": kind for kind in ("xlsm", "xlsb", "xls", "ods", "shp", "dbf", "kmz", "gpx", "zip", "html", "pdf")
}
LAYER_FILES: Mapping[str, str] = MappingProxyType(
    _OTHERS
    | {".geojson": "geojson", ".json": "geojson", ".gpkg": "gpkg", ".fgb": "fgb", ".kml": "kml", ".csv": "csv"}
    | {".xlsx": "xlsx"}
    | {".parquet": "parquet", ".geoparquet": "parquet"}
)
"""Suffix -> format, for the file of a layer. It includes formats that are not written, so that their suffixes can be refused."""
REPORT_FILES: Mapping[str, str] = MappingProxyType({**LAYER_FILES, ".json": "json"})
"""Suffix -> format, for the file of a report."""


def output_format(
    out: Path, chosen: str | None, suffixes: Mapping[str, str], allowed: Sequence[str], default: str
) -> str:
    """Return the format of an output file: the chosen one, else that of its suffix, else ``default``.

    Parameters
    ----------
    out : path of the file.
    chosen : format that the user has chosen; None if none.
    suffixes : suffix in lower case -> format.
    allowed : formats that can be written.
    default : format of a file without a suffix, or with one that is no word of ASCII letters and digits, such as the year in "map.2024".

    Raises
    ------
    UsageError : the suffix is that of another format than the chosen one; or no format is chosen and that of the suffix is unknown or
        cannot be written.
    """
    suffix = out.suffix.lower()
    named = suffixes.get(suffix)
    if chosen is not None:
        if named not in (None, chosen):
            raise UsageError("form-contradicts", path=display_path(out), suffix=suffix, form=chosen)
        return chosen
    if named is not None and named in allowed:
        return named
    if named is None and not re.fullmatch(r"\.[a-z]\w*", suffix):
        return default
    raise UsageError("form-unknown", path=display_path(out), suffix=suffix, allowed=allowed)


def check_outputs(targets: Iterable[Path], *, project: Path | None = None, read: Iterable[Path] = ()) -> None:
    """Raise UsageError if an output file cannot be written, or would overwrite an input.

    Inputs are the files that the command reads, and all files in the folder ``data`` or directly in the folder ``geo`` of a project: of
    `project`, and of any folder above the output that is one. They are recognised through symbolic and hard links, ``..`` and different
    capitalisation. A folder or special file cannot be written, nor a path below a file.

    Parameters
    ----------
    targets : output files.
    project : folder of the project that the command works on, or its folder ``data``; None if there is none.
    read : files that the command reads, and folders whose files it reads.
    """
    inputs = [Path(os.path.realpath(path)) for path in read]
    roots = [] if project is None else [Path(os.path.realpath(project)), Path(os.path.realpath(project)).parent]
    for target in targets:
        _check_kind(target)
        real = Path(os.path.realpath(target))
        if any(_same(path, real) or any(_same(path, folder) for folder in real.parents) for path in inputs):
            raise UsageError("output-input", path=display_path(target))
        for root in dict.fromkeys((*roots, *real.parents)):
            if (root / "data" / SETTINGS_FILE).is_file() and _is_input(real, root):
                raise UsageError("output-project", path=display_path(target))


def _check_kind(target: Path) -> None:
    """Raise UsageError unless there is a regular file at a path or there could be one."""
    try:
        mode = target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        parent = next(folder for folder in target.absolute().parents if folder.exists())
        if not parent.is_dir():
            raise UsageError("folder-file", path=display_path(parent)) from None
        return
    if stat.S_ISDIR(mode):
        raise UsageError("file-folder", path=display_path(target))
    if not stat.S_ISREG(mode):
        raise UsageError("file-special", path=display_path(target))


def _is_input(real: Path, root: Path) -> bool:
    """Whether a resolved path is that of a file in the folder ``data``, or directly in the folder ``geo``, of the project at `root`."""
    if real.is_relative_to(root):
        folded = [part.casefold() for part in real.relative_to(root).parts]
        if folded[0] == "data" or (folded[0] == "geo" and len(folded) == 2):
            return True
    data, geo = root / "data", root / "geo"
    if any(_same(folder, data) for folder in real.parents) or _same(real.parent, geo):
        return True
    return any(_same(path, real) for path in _files(data, geo))


def _files(data: Path, geo: Path) -> Iterator[Path]:
    yield from data.rglob("*")
    yield from geo.glob("*")


def _same(path: Path, other: Path) -> bool:
    """Whether two paths lead to the same file or folder, which need not exist. `other` is a resolved path."""
    try:
        return path.samefile(other)
    except OSError:
        return os.path.realpath(path) == str(other)
