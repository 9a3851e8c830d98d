"""The folder of a project: paths of tables, geometry and pages, and the settings in `data/project.toml`."""

from __future__ import annotations

import datetime
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from qjmap.column_settings import OwnColumnSettings, parse_columns
from qjmap.errors import DamagedFile, DataFaults, Fault, UsageError
from qjmap.include_settings import parse_include
from qjmap.vocabulary import BUILT_IN, Vocabularies
from qjmap.word_settings import WORD_SETTINGS, read_word_settings

SETTINGS_FILE = "project.toml"
_DERIVED = ("vocabularies", "region_of", "homes")
"""Fields of `Settings` that are no keys of `project.toml`: they follow from other keys or are set later."""
INDEX = "index"
"""Stem of the file name of the page that lists all pages."""
_MAX_ID = 64
"""Maximum length of an id in characters, so that the file name of its page is valid on every system."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
"""Names reserved by Windows for devices, with any suffix."""

_MOST_LINES = 2
"""Sentences of a chapter."""

LAYERS = ("places", "sites", "partnerships", "corridors")
"""Layers that a view may show."""


@dataclass(frozen=True, slots=True)
class View:
    """A page that shows the atlas of the project with an opening of its own. Readers can change everything that it sets.

    Attributes
    ----------
    id : stem of the file name, `maps/<id>.html`.
    title, title_en : title of the page in Chinese and English; "" if not set.
    language : language in which the page opens, "zh" or "en".
    layers : layers that are visible at first; () for all.
    opening : ids or names of the places that the map shows when it opens; () for those of the project.
    filter : column -> values that are selected at first, in every table that has the column.
    lines, lines_en : what the chapter of the view says on the project's own page: one or two sentences in Chinese and English.
    page : whether the view is a page of its own too, and not only a chapter.
    """

    id: str
    title: str
    title_en: str = ""
    language: str = "zh"
    layers: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    filter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    lines_en: tuple[str, ...] = ()
    page: bool = True

    @property
    def titles(self) -> tuple[str, str]:
        """Chinese and English title; either may be empty."""
        return self.title, self.title_en


@dataclass(frozen=True, slots=True)
class Page:
    """Settings of pages, `[page]`.

    Attributes
    ----------
    rows : maximum number of sites on a page, not counting sites that other tables refer to; None if not set.
    """

    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings in `data/project.toml`.

    Attributes
    ----------
    id : stem of the file name of the page, `maps/<id>.html`.
    title, title_en : title of the map in Chinese and English.
    language : language in which the page opens, "zh" or "en".
    as_of : date that the facts hold for, ISO 8601, may stop at the year or month; "" if not set.
    review_number : map review number (审图号); "" if there is none.
    publish_checked : date of the check before publication, which the map's foot states if the check passes; "" if not set.
    home : id or name of the place that the map is about; "" if not set.
    region : box (west, south, east, north in WGS 84 degrees); a position outside of it gets a warning. None if not set.
    region_of : ids or names of places whose common bounding box is the region, if `region` names places.
    opening : ids or names of the places that the map shows when it opens.
    attribution : (Chinese, English) lines that the map shows besides the credits of the background.
    tiles : names of online basemaps that readers may turn on.
    views : chapters of the project's own page, and further pages that show the same atlas. If there are any pages, `index.html` lists them all.
    page : limits of pages.
    columns : settings of the user's own columns.
    include : prefix of ids -> folder of the included project.
    homes : in an atlas of several projects, the ids of the homes of the included ones.
    vocabularies : built-in words, with those that `[categories]`, `[kinds]`, `[statuses]`, `[modes]` and `[units]` add.
    """

    id: str
    title: str
    title_en: str = ""
    language: str = "zh"
    as_of: str = ""
    review_number: str = ""
    publish_checked: str = ""
    home: str = ""
    region: tuple[float, float, float, float] | None = None
    region_of: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    attribution: tuple[tuple[str, str], ...] = ()
    tiles: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    page: Page = Page()
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
        """Folder of what qjmap keeps between runs: the lock, the undo journal, remembered columns and choices."""
        return self.data / ".qjmap"

    def table_path(self, name: str) -> Path:
        """Return the path of the file of a table."""
        return self.data / f"{name}.csv"

    def display_path(self, path: Path) -> str:
        """Return a path as messages show it: relative to `shown_from` if that is set, else to the project if it is inside, else unchanged."""
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
    DataFaults : `project.toml` cannot be read, or has invalid values.
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
    names = [*(field.name for field in fields(Settings) if field.name not in _DERIVED), *WORD_SETTINGS]
    values["vocabularies"], problems = read_word_settings(document)
    faults += [Fault(shown, None, setting, value, code, params) for setting, value, code, params in problems]
    for key, value in document.items():
        if key in WORD_SETTINGS:
            continue
        if key not in names:
            faults.append(Fault(shown, None, key, str(value), "setting-unknown", {"allowed": names}))
            continue
        try:
            values[key] = _PARSERS.get(key, _text)(value)
        except _InvalidSetting as error:
            faults += [Fault(shown, None, key, text, code, params) for text, code, params in error.faults]
        except (TypeError, ValueError, KeyError, OverflowError):
            faults.append(Fault(shown, None, key, str(value), f"setting-{_FAULT_CODES.get(key, 'text')}"))
    for key in ("id", "title"):
        if not values.get(key) and not any(fault.column == key for fault in faults):
            faults.append(Fault(shown, None, key, None, "setting-missing"))
    if all(isinstance(place, str) for place in values.get("region", (0.0,))):
        values["region_of"] = values.pop("region")
    views = document.get("views")
    if isinstance(views, list):
        ids = [document.get("id"), *(view.get("id") for view in views if isinstance(view, Mapping))]
        faults += [Fault(shown, None, "views", name, "setting-view-twice") for name in _repeated(ids)]
    if faults:
        raise DataFaults(_with_example(fault, file) for fault in faults)
    return Settings(**values)


def _with_example(fault: Fault, file: Path) -> Fault:
    """Return a fault; a fault of the id gets an example of a valid id as a parameter."""
    if not fault.code.startswith("setting-id"):
        return fault
    return replace(fault, params={**fault.params, "example": _example_id(file)})


def _example_id(file: Path) -> str:
    """Return an id that would fit a project: the name of its folder in pinyin, or "my-district" if that has no letters."""
    from qjmap.pinyin import spelled  # imported here to save start-up time

    name = file.absolute().parent.parent.name
    return "-".join(re.findall(r"[a-z0-9]+", spelled(name).lower()))[:_MAX_ID] or "my-district"


_UNQUOTED_NAMES = re.compile(
    r"^[ \t]*(?:\[[^]\n]*\]|[^\s=\[#\"'][^=\"'\n]*(?==))|(?<=[{,])[ \t]*[^\s=\"'{}\[\],]+[ \t]*(?==)", re.MULTILINE
)
"""Pattern of the names that TOML wants quoted if they are in Chinese: headers of tables, and keys on a line or in an inline table."""
_QUOTED_OR_NAME = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[^\s.\"'=\[\]#]*[^\x00-\x7f\s][^\s.\"'=\[\]#]*")


def _document(text: str) -> dict[str, Any]:
    """Parse TOML. Chinese names may lack the quotation marks that TOML wants around them, as in [columns.职工人数]."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:

        def quoted(name: re.Match[str]) -> str:
            return name[0] if name[0][0] in "\"'" else f'"{name[0]}"'

        try:
            return tomllib.loads(_UNQUOTED_NAMES.sub(lambda line: _QUOTED_OR_NAME.sub(quoted, line[0]), text))
        except tomllib.TOMLDecodeError:
            raise error from None


def _text(value: object) -> str:
    """Parse a text, or a date that stands without quotation marks; TypeError for other values."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


class _InvalidSetting(ValueError):
    """Error for an invalid setting, with the (value, code, parameters) of each fault."""

    def __init__(self, *faults: tuple[str, str, Mapping[str, object]]) -> None:
        super().__init__(faults)
        self.faults = faults


def _slug(value: object) -> str:
    """Parse an id, which must be a valid file name on every system; ValueError for another text."""
    text = _text(value)
    if not text or not text.isascii() or not all(c.isalnum() or c in "-_" for c in text):
        raise ValueError
    if len(text) > _MAX_ID:
        raise _InvalidSetting((text, "setting-id-long", {"most": _MAX_ID}))
    if text.casefold() in _DEVICES | {INDEX}:
        raise _InvalidSetting((text, "setting-id-taken", {}))
    return text


def _repeated(ids: Iterable[object]) -> list[str]:
    """Return the ids that repeat an earlier one. Capitals do not distinguish ids, since they do not distinguish files on Windows."""
    seen: set[str] = set()
    repeated = []
    for name in ids:
        if isinstance(name, str):
            if name.strip().casefold() in seen:
                repeated.append(name)
            seen.add(name.strip().casefold())
    return repeated


def _language(value: object) -> str:
    if value not in ("zh", "en"):
        raise ValueError
    return str(value)


def _region(value: object) -> tuple[float, float, float, float] | tuple[str, ...]:
    """Parse a region: [west, south, east, north] in degrees, or the name or id of one place or several."""
    if isinstance(value, str):
        return (_text(value),)
    if not isinstance(value, list):
        raise TypeError
    if value and all(isinstance(item, str) for item in value):
        return _texts(value)
    west, south, east, north = (float(number) for number in value)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError
    return west, south, east, north


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(item) for item in value)


def _views(value: object) -> tuple[View, ...]:
    """Parse the views `[[views]]`; raise `_InvalidSetting` with a fault for each invalid view."""
    if not isinstance(value, list):
        raise TypeError
    views, faults = [], list[tuple[str, str, Mapping[str, object]]]()
    for item in value:
        try:
            views.append(_view(item))
        except _InvalidSetting as error:
            faults += error.faults
        except (TypeError, ValueError):
            named = item.get("id", item) if isinstance(item, Mapping) else item
            faults.append((str(named), "setting-views", {}))
    if faults:
        raise _InvalidSetting(*faults)
    return tuple(views)


def _view(item: object) -> View:
    if not isinstance(item, Mapping) or not {"id", "title"} <= item.keys() <= {field.name for field in fields(View)}:
        raise ValueError
    layers = _texts(item.get("layers", []))
    chosen, page = item.get("filter", {}), item.get("page", True)
    lines, lines_en = _texts(item.get("lines", [])), _texts(item.get("lines_en", []))
    if not isinstance(chosen, Mapping) or not set(layers) <= set(LAYERS) or not isinstance(page, bool):
        raise ValueError
    if max(len(lines), len(lines_en)) > _MOST_LINES or len({len(lines), len(lines_en)} - {0}) > 1:
        raise ValueError
    return View(
        _slug(item["id"]), _text(item["title"]), _text(item.get("title_en", "")), _language(item.get("language", "zh")),
        layers, _texts(item.get("opening", [])), {str(column): _texts(values) for column, values in chosen.items()},
        lines, lines_en, page,
    )  # fmt: skip


def _attribution(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise TypeError
    lines = []
    for item in value:
        if isinstance(item, Mapping):
            lines.append((_text(item["zh"]), _text(item["en"])))
        else:
            lines.append((_text(item), _text(item)))
    return tuple(lines)


def _page(value: object) -> Page:
    if not isinstance(value, Mapping) or set(value) - {"rows"}:
        raise ValueError
    rows = value.get("rows")
    if rows is not None and (not isinstance(rows, int) or isinstance(rows, bool) or rows < 0):
        raise ValueError
    return Page(rows)


def _columns(value: object) -> OwnColumnSettings:
    columns, problems = parse_columns(value)
    if problems:
        raise _InvalidSetting(*problems)
    return columns


def _include(value: object) -> Mapping[str, str]:
    folders, problems = parse_include(value)
    if problems:
        raise _InvalidSetting(*problems)
    return folders


_PARSERS: Mapping[str, Any] = {
    "id": _slug,
    "language": _language,
    "region": _region,
    "opening": _texts,
    "attribution": _attribution,
    "tiles": _texts,
    "views": _views,
    "page": _page,
    "columns": _columns,
    "include": _include,
}
_FAULT_CODES = {"id": "id", "language": "language", "region": "region", "opening": "list", "attribution": "list", "tiles": "list", "views": "views",
         "page": "page", "columns": "columns", "include": "include"}  # fmt: skip
