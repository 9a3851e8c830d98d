"""Read the editions to compare: a project, one of its git revisions, a built page, or the files that `qjmap export` wrote."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pandas as pd

from qjmap.diff.built_page import unpack_page
from qjmap.errors import DataFaults, UsageError
from qjmap.i18n import texts
from qjmap.output_paths import LAYER_FILES
from qjmap.project import SETTINGS_FILE, Project, display_path, load_project
from qjmap.schema import TABLES
from qjmap.tables import Parsed, parse
from qjmap.validation import check, read_file
from qjmap.validation.own_column_warnings import decide_own_columns
from qjmap.vocabulary import BUILT_IN, Vocabularies

_WHOLE = ("gpkg", "kml", "xlsx")
"""Suffixes of export files that contain all tables."""
_PAGES = (".html", ".htm")
_GEOMETRY = (".geojson", ".json")
"""Suffixes of the geometry files that are read from a project's folder `geo`."""
_GIT_SECONDS = 60
"""Seconds after which a git command is given up."""


@dataclass(frozen=True)
class Edition:
    """The tables of one edition.

    Attributes
    ----------
    name : name of the edition as the user gave it.
    frames : table -> typed frame; a table that the edition does not have is absent.
    hidden : table -> own columns that the edition hides; empty for a built page or export.
    vocabularies : values and labels of the project; for a page or export those of the project that `open_edition` was given.
    project : project whose tables they are; None for a built page or export. The project of a git revision is in a temporary folder,
        which is deleted with the edition.
    """

    name: str
    frames: Mapping[str, pd.DataFrame]
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    vocabularies: Vocabularies = BUILT_IN
    project: Project | None = None


def open_edition(name: str, project: Path) -> Edition:
    """Read an edition.

    Parameters
    ----------
    name : path of a project, of a built page, or of a file or folder that `qjmap export` wrote; else a git revision of `project`.
    project : folder of the project whose git revisions are meant, and whose vocabularies pages and exports use. If `name` is a page or an
        export, it need not be a project: then the built-in vocabularies are used.

    Raises
    ------
    UsageError : there is no such path or revision, the file is not of a format that can be compared, or git is not installed or takes
        too long.
    DataFaults : the tables have faults.
    """
    path = Path(name)
    if (path / "data" / SETTINGS_FILE).is_file():
        return _of_project(name, load_project(path))
    if path.is_dir():
        return _of_export(name, {table: file for table in TABLES for file in _files(path, table)}, project)
    if path.is_file() and path.suffix.lower() in _PAGES:
        with tempfile.TemporaryDirectory() as folder:
            return _of_export(name, unpack_page(path, Path(folder)), project)
    if path.is_file():
        return _of_export(name, _tables_of_file(path), project)
    if path.suffix.lower() in LAYER_FILES:
        raise UsageError("file-missing", path=display_path(path))
    folder = _revision(name, project)
    try:
        edition = _of_project(name, load_project(Path(folder)))
    except BaseException:
        shutil.rmtree(folder)
        raise
    weakref.finalize(edition, shutil.rmtree, folder)
    return edition


def _of_project(name: str, project: Project) -> Edition:
    """Check and read a project. Raise DataFaults, with the name of the edition before that of the file, since both editions have a
    data/sites.csv.
    """
    checked = check(project)
    if stopping := [fault for fault in checked.faults if fault.severity == "fault"]:
        raise DataFaults(replace(fault, file=f"{name.rstrip('/')}/{fault.file}") for fault in stopping)
    own = decide_own_columns(project, checked.tables)
    hidden = {table: frozenset(column.name for column in own[table] if column.hidden) for table in own}
    frames = {table: parsed.whole for table, parsed in checked.tables.items()}
    return Edition(name, frames, hidden, project.settings.vocabularies, project)


def _files(folder: Path, table: str) -> Iterator[Path]:
    """Yield the file of a table in a folder of exports: the first in alphabetical order if it is there in several formats, or none."""
    files = sorted(path for path in folder.glob(f"{table}.*") if path.suffix.lower() in LAYER_FILES)
    yield from files[:1]


def _tables_of_file(path: Path) -> dict[str, Path]:
    """Return table -> path for one exported file: all tables for a .gpkg, .kml or .xlsx file that is not named after a table, else the
    table after which the file is named.

    Raises
    ------
    UsageError : the suffix is not one of an export, or the name is that of no table.
    """
    form = LAYER_FILES.get(path.suffix.lower())
    if form in _WHOLE and path.stem not in TABLES:
        return dict.fromkeys(TABLES, path)
    if form is not None and form != "html" and path.stem in TABLES:
        return {path.stem: path}
    raise UsageError("diff-kind", path=display_path(path), tables=list(TABLES))


def _of_export(name: str, files: Mapping[str, Path], folder: Path) -> Edition:
    if not files:
        raise UsageError("diff-kind", path=name, tables=list(TABLES))
    project = load_project(folder) if (folder / "data" / SETTINGS_FILE).is_file() else None
    frames = {}
    for table, path in files.items():
        parsed = _parsed(path, table, project)
        if parsed is not None:
            frames[table] = parsed.whole
    return Edition(name, frames, vocabularies=project.settings.vocabularies if project else BUILT_IN)


def _parsed(path: Path, table: str, project: Project | None) -> Parsed | None:
    """Read a table of an export; return None if a file of all tables does not have it.

    Raises
    ------
    UsageError : the file cannot be read.
    DataFaults : the table has faults.
    """
    sheet = texts("export")[f"export.table.{table}"]["zh"] if path.suffix.lower() == ".xlsx" else None
    try:
        parsed = parse(read_file(path, table, sheet=sheet, project=project))
    except UsageError as error:
        if error.code in ("layer-missing", "layer-none", "sheet-missing"):
            return None
        raise
    if stopping := [fault for fault in parsed.faults if fault.severity == "fault" and fault.code != "file-empty"]:
        raise DataFaults(stopping)
    return parsed


def _revision(name: str, project: Path) -> str:
    """Return a new temporary folder with the tables and geometry of the project as they are in a git revision.

    Raises
    ------
    UsageError : git is not installed or takes too long, or there is no such revision.
    """
    root = load_project(project).root
    if name.startswith("-"):
        raise UsageError("diff-missing", name=name)
    paths = ["data", *_lines_of(_git(name, root, "ls-tree", "--name-only", name, "geo/"))]
    archived = _git(name, root, "archive", "--format=tar", name, *paths)
    folder = tempfile.mkdtemp()
    try:
        with tarfile.open(fileobj=BytesIO(archived)) as archive:
            archive.extractall(folder, filter="data")
    except BaseException:
        shutil.rmtree(folder)
        raise
    return folder


def _lines_of(listed: bytes) -> list[str]:
    """Return the paths of the geometry files in the output of `git ls-tree`; files in subfolders, such as exports, are not in it."""
    return [path for path in listed.decode("utf-8", "replace").splitlines() if path.endswith(_GEOMETRY)]


def _git(name: str, root: Path, *words: str) -> bytes:
    """Run a git command in the folder of a project and return its standard output.

    Raises
    ------
    UsageError : git is not installed or cannot be run, takes longer than `_GIT_SECONDS`, or fails, since there is no revision `name`.
    """
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *words]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_GIT_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise UsageError("diff-git-slow", name=name, seconds=_GIT_SECONDS) from None
    except OSError:
        raise UsageError("diff-git", name=name) from None
    if done.returncode:
        raise UsageError("diff-missing", name=name)
    return done.stdout
