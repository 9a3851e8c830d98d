"""The folder of a project: paths of tables, geometry and pages, and the settings in `data/project.toml`."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from qjmap.column_settings import OwnColumnSettings
from qjmap.errors import DamagedFile, DataFaults, Fault, UsageError
from qjmap.setting_values import FAULT_CODES, MAX_ID, PARSERS, InvalidSetting, Page, View, parse_text, repeated
from qjmap.vocabulary import BUILT_IN, Vocabularies
from qjmap.vocabulary_settings import VOCABULARY_SETTINGS, read_vocabulary_settings

SETTINGS_FILE = "project.toml"
_DERIVED = ("vocabularies", "region_of", "homes")
"""Fields of `Settings` that are no keys of `project.toml`: they follow from other keys or are set later."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings in `data/project.toml`.

    Attributes
    ----------
    id : stem of the file name of the page, `maps/<id>.html`.
    title, title_en : title of the map in Chinese and English; the English one is "" if not set.
    language : language in which the page opens, "zh" or "en".
    as_of : date that the facts hold for, ISO 8601, may stop at the year or month; "" if not set.
    issued_by : office that answers for the map (编制单位), which reports name; "" if not set.
    review_number : number of the approval that China requires for published maps (审图号); "" if there is none.
    publish_checked : date of the check before publication, which the map's foot states if the check passes; "" if not set.
    home : id or name of the place that the map is about; "" if not set.
    region : box (west, south, east, north in WGS 84 degrees); a position outside of it gets a warning. None if not set.
    region_of : ids or names of places whose common bounding box is the region, if `region` names places.
    opening : ids or names of the places that the map shows when it opens.
    attribution : (Chinese, English) lines that the map shows besides the credits of the background.
    tiles : names of online basemaps that readers may turn on.
    views : chapters of the project's own page, and further pages that show the same atlas. With further pages, `index.html` lists all.
    page : limits of pages.
    columns : settings of the user's own columns.
    include : prefix of ids -> folder of the included project.
    homes : in an atlas of several projects, the ids of the homes of the included ones; else ().
    vocabularies : built-in words, with those that `[categories]`, `[kinds]`, `[statuses]`, `[modes]` and `[units]` add.
    """

    id: str
    title: str
    title_en: str = ""
    language: str = "zh"
    as_of: str = ""
    issued_by: str = ""
    review_number: str = ""
    publish_checked: str = ""
    home: str = ""
    region: tuple[float, float, float, float] | None = None
    region_of: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    attribution: tuple[tuple[str, str], ...] = ()
    tiles: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    page: Page = field(default_factory=Page)
    columns: OwnColumnSettings = field(default_factory=OwnColumnSettings)
    include: Mapping[str, str] = field(default_factory=dict)
    homes: tuple[str, ...] = ()
    vocabularies: Vocabularies = BUILT_IN

    def main_view(self) -> View:
        """Return the project's own page as a view."""
        return View(self.id, self.title, self.title_en, self.language, opening=self.opening)

    @property
    def pages(self) -> tuple[View, ...]:
        """The views that are pages: the project's own, and those that are more than a chapter."""
        return self.main_view(), *(view for view in self.views if view.page)

    def places_named(self) -> dict[str, tuple[str, ...]]:
        """Return setting -> ids or names of the places that it names."""
        views = tuple(place for view in self.views for place in view.opening)
        home = (self.home,) if self.home else ()
        return {"home": home, "opening": self.opening, "region": self.region_of, "views": views}

    def with_ids(self, ids: Mapping[str, str]) -> Settings:
        """Return the settings with the names of places replaced by ids. `ids` maps a name or id to the id; names that it lacks stay."""

        def of(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(ids.get(name, name) for name in names))

        views = tuple(replace(view, opening=of(view.opening)) for view in self.views)
        home = ids.get(self.home, self.home)
        return replace(self, home=home, opening=of(self.opening), region_of=of(self.region_of), views=views)


@dataclass(frozen=True, slots=True)
class Project:
    """A project: a folder that contains `data/`.

    Attributes
    ----------
    root : the folder.
    settings : its settings.
    shown_from : folder to which paths in messages are relative, if another project includes this one; None for its own folder.
    """

    root: Path
    settings: Settings
    shown_from: Path | None = None

    @property
    def data(self) -> Path:
        """Folder of the tables."""
        return self.root / "data"

    @property
    def geo(self) -> Path:
        """Folder of the geometry."""
        return self.root / "geo"

    @property
    def maps(self) -> Path:
        """Folder of the pages."""
        return self.root / "maps"

    @property
    def state(self) -> Path:
        """Folder of files that qjmap stores between runs: the lock, the undo journal, remembered columns and choices."""
        return self.data / ".qjmap"

    def table_path(self, name: str) -> Path:
        """Return the path of the file of a table."""
        return self.data / f"{name}.csv"

    def display_path(self, path: Path) -> str:
        """Return a path as messages show it.

        It is relative to `shown_from` if that is set; else relative to the project if it lies inside, else unchanged.
        """
        if self.shown_from is None:
            return display_path(path, self.root)
        try:
            return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(self.shown_from))).as_posix()
        except ValueError:  # on another drive
            return str(path)


def display_path(path: Path, root: Path | None = None) -> str:
    """Return a path as messages show it: relative to `root` (by default the current folder) if it is inside, else unchanged."""
    base = Path.cwd() if root is None else root
    absolute, base = Path(os.path.abspath(path)), Path(os.path.abspath(base))
    return absolute.relative_to(base).as_posix() if absolute.is_relative_to(base) else str(path)


def load_project(path: Path | str = ".") -> Project:
    """Open a project.

    Parameters
    ----------
    path : folder of the project, its folder `data`, or a file in that.

    Raises
    ------
    UsageError : there is no project at `path`.
    DataFaults : `project.toml` has invalid values, or is not UTF-8 or no valid TOML (`DamagedFile`).
    OSError : the system does not let `project.toml` be read.
    """
    start = Path(path)
    root = start.parent if start.is_file() else start
    if (root / SETTINGS_FILE).is_file() and not (root / "data").is_dir():  # the data folder itself
        root = root.parent if root.name == "data" else root.resolve().parent
    if not root.exists():
        raise UsageError("project-missing", path=str(start))
    if not (root / "data").is_dir():
        raise UsageError("project-no-data", path=str(start))
    file = root / "data" / SETTINGS_FILE
    if not file.is_file():
        raise UsageError("project-no-settings", path=display_path(file), example=_example_id(file))
    return Project(root, _settings(file))


def _settings(file: Path) -> Settings:
    """Return the settings in a file; errors as in `load_project`."""
    shown = display_path(file)
    try:
        document = _document(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DamagedFile([Fault(shown, None, None, None, "toml-not-utf8")]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DamagedFile([Fault(shown, None, None, None, "toml-form", {"detail": str(error)})]) from None
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    names = [*(field.name for field in fields(Settings) if field.name not in _DERIVED), *VOCABULARY_SETTINGS]
    values["vocabularies"], problems = read_vocabulary_settings(document)
    faults += [Fault(shown, None, setting, value, code, params) for setting, value, code, params in problems]
    for key, value in document.items():
        if key in VOCABULARY_SETTINGS:
            continue
        if key not in names:
            faults.append(Fault(shown, None, key, str(value), "setting-unknown", {"allowed": names}))
            continue
        try:
            values[key] = PARSERS.get(key, parse_text)(value)
        except InvalidSetting as error:
            faults += [Fault(shown, None, key, text, code, params) for text, code, params in error.faults]
        except (TypeError, ValueError, KeyError, OverflowError):
            faults.append(Fault(shown, None, key, str(value), f"setting-{FAULT_CODES.get(key, 'text')}"))
    for key in ("id", "title"):
        if not values.get(key) and not any(fault.column == key for fault in faults):
            faults.append(Fault(shown, None, key, None, "setting-missing"))
    if all(isinstance(place, str) for place in values.get("region", (0.0,))):
        values["region_of"] = values.pop("region")
    views = document.get("views")
    if isinstance(views, list):
        ids = [document.get("id"), *(view.get("id") for view in views if isinstance(view, Mapping))]
        faults += [Fault(shown, None, "views", name, "setting-view-twice") for name in repeated(ids)]
    if faults:
        raise DataFaults(_with_example(fault, file) for fault in faults)
    return Settings(**values)


def _with_example(fault: Fault, file: Path) -> Fault:
    """Return a fault unchanged, or with an example of a valid id as a parameter if it is a fault of the id."""
    if not fault.code.startswith("setting-id"):
        return fault
    return replace(fault, params={**fault.params, "example": _example_id(file)})


def _example_id(file: Path) -> str:
    """Return an id that would fit a project: the name of its folder in pinyin, or "my-district" if that has no letters or digits."""
    from qjmap.pinyin import spelled  # imported here to save start-up time

    name = file.absolute().parent.parent.name
    return "-".join(re.findall(r"[a-z0-9]+", spelled(name).lower()))[:MAX_ID] or "my-district"


_UNQUOTED_NAMES = re.compile(
    r"^[ \t]*(?:\[[^]\n]*\]|[^\s=\[#\"'][^=\"'\n]*(?==))|(?<=[{,])[ \t]*[^\s=\"'{}\[\],]+[ \t]*(?==)", re.MULTILINE
)
"""Pattern of the names that TOML wants quoted if they are in Chinese: headers of tables, and keys on a line or in an inline table."""
_QUOTED_OR_NAME = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[^\s.\"'=\[\]#]*[^\x00-\x7f\s][^\s.\"'=\[\]#]*")


def _document(text: str) -> dict[str, Any]:
    """Parse TOML. Chinese names may lack the quotation marks that TOML wants around them, as in [columns.职工人数].

    Raise TOMLDecodeError, with the position in the text as it is written, if it is invalid even with these marks.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:

        def quoted(name: re.Match[str]) -> str:
            return name[0] if name[0][0] in "\"'" else f'"{name[0]}"'

        try:
            return tomllib.loads(_UNQUOTED_NAMES.sub(lambda line: _QUOTED_OR_NAME.sub(quoted, line[0]), text))
        except tomllib.TOMLDecodeError:
            raise error from None
