"""Where a command may write, and which format the name of a file tells.

No output lands on what a command or a project reads: tables, settings, geometry, the file that was given.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from qjmap.errors import UsageError
from qjmap.project import SETTINGS_FILE, shown_path

_OTHERS = {f".{kind}": kind for kind in ("xlsx", "xlsm", "xlsb", "xls", "ods", "shp", "dbf", "kmz", "gpx", "zip", "html", "pdf")}
LAYER_FILES: Mapping[str, str] = MappingProxyType(
    _OTHERS
    | {".geojson": "geojson", ".json": "geojson", ".gpkg": "gpkg", ".fgb": "fgb", ".kml": "kml", ".csv": "csv"}
    | {".parquet": "parquet", ".geoparquet": "parquet"}
)
"""What the name of a file of a layer says that it holds."""
REPORT_FILES: Mapping[str, str] = MappingProxyType({**LAYER_FILES, ".json": "json"})
"""The same of a report."""


def form_of(out: Path, told: str | None, names: Mapping[str, str], allowed: Sequence[str], default: str) -> str:
    """The format of a file that is to be written: the one told, else the one that its name tells, else ``default``.

    Parameters
    ----------
    names : suffix -> format.
    allowed : the formats that can be written.

    Raises
    ------
    UsageError : the name tells another format than the one told; nothing is told, and the name tells none of ``allowed``.
    """
    suffix = out.suffix.lower()
    named = names.get(suffix)
    if told is not None:
        if named not in (None, told):
            raise UsageError("form-contradicts", path=shown_path(out), suffix=suffix, form=told)
        return told
    if named is not None and named in allowed:
        return named
    if named is None and not re.fullmatch(r"\.[a-z]\w*", suffix):
        return default
    raise UsageError("form-unknown", path=shown_path(out), suffix=suffix, allowed=allowed)


def keep_off(targets: Iterable[Path], *, project: Path | None = None, read: Iterable[Path] = ()) -> None:
    """Sees to it that files can be written where they are to be written, and land on nothing that is read.

    Refused are the folder ``data`` of any project and the files of its folder ``geo`` (``geo/export`` and other folders in it
    are free), however the path leads there: links, other names of the same file, ``..``, capitals.

    Parameters
    ----------
    project : the folder of the project at hand, or its data folder.
    read : files that the command reads, and folders whose files it reads.

    Raises
    ------
    UsageError : a target is an input, a folder or no regular file, or lies in what is no folder.
    """
    given = [Path(os.path.realpath(one)) for one in read]
    near = [] if project is None else [Path(os.path.realpath(project)), Path(os.path.realpath(project)).parent]
    for target in targets:
        _check_kind(target)
        real = Path(os.path.realpath(target))
        if any(_same(one, real) or any(_same(one, folder) for folder in real.parents) for one in given):
            raise UsageError("output-input", path=shown_path(target))
        for root in dict.fromkeys((*near, *real.parents)):
            if (root / "data" / SETTINGS_FILE).is_file() and _is_input(real, root):
                raise UsageError("output-project", path=shown_path(target))


def _check_kind(target: Path) -> None:
    """UsageError where no regular file can be."""
    try:
        mode = target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        above = next(folder for folder in target.absolute().parents if folder.exists())
        if not above.is_dir():
            raise UsageError("folder-file", path=shown_path(above)) from None
        return
    if stat.S_ISDIR(mode):
        raise UsageError("file-folder", path=shown_path(target))
    if not stat.S_ISREG(mode):
        raise UsageError("file-special", path=shown_path(target))


def _is_input(real: Path, root: Path) -> bool:
    """Whether a real path is in the data of a project, or one of the files of its geometry."""
    if real.is_relative_to(root):
        folded = [part.casefold() for part in real.relative_to(root).parts]
        if folded[0] == "data" or (folded[0] == "geo" and len(folded) == 2):
            return True
    data, geo = root / "data", root / "geo"
    if any(_same(folder, data) for folder in real.parents) or _same(real.parent, geo):
        return True
    return any(_same(one, real) for one in _files(data, geo))


def _files(data: Path, geo: Path) -> Iterator[Path]:
    yield from data.rglob("*")
    yield from geo.glob("*")


def _same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file or folder, or would once it is there."""
    try:
        return one.samefile(other)
    except OSError:
        return os.path.realpath(one) == str(other)
