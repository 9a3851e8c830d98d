"""One region's folder: where its tables, geometry and pages are, and the settings in `data/project.toml`."""

from __future__ import annotations

import datetime
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from qjmap.errors import DamagedFile, DataFaults, Fault, UsageError

SETTINGS_FILE = "project.toml"
INDEX = "index"
"""What the page over all pages is called."""
_LONGEST = 64
"""Characters of an id, so that the names of its pages fit every system."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
"""Names that Windows keeps for devices, whatever their suffix."""

LAYERS = ("places", "sites", "partnerships", "corridors")
"""The layers that a view may show."""


@dataclass(frozen=True, slots=True)
class View:
    """One page of several over the same atlas: how it begins. A reader may go on from there to everything else.

    Attributes
    ----------
    id : names the page, `maps/<id>.html`.
    title, title_en : of the page.
    language : "zh" or "en", the page's first language.
    layers : those that are on at first; empty for all.
    opening : ids of the places that the opening view holds; empty for the project's own.
    filter : column -> the values that are shown at first, in every table that has the column.
    """

    id: str
    title: str
    title_en: str = ""
    language: str = "zh"
    layers: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    filter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def titles(self) -> tuple[str, str]:
        """The Chinese title and the English one, either of which may be missing."""
        return self.title, self.title_en


@dataclass(frozen=True, slots=True)
class Page:
    """What `[page]` says.

    Attributes
    ----------
    rows : sites that a page holds at most, besides those that other tables name; None where nothing is said.
    """

    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What `data/project.toml` says.

    Attributes
    ----------
    id : names the page, `maps/<id>.html`.
    title, title_en : of the map.
    language : "zh" or "en", the page's first language.
    as_of : the date for which the facts hold; ISO, may stop at the year or month; "" when it is not said.
    review_number : 审图号; "" when there is none.
    home : id of the place whose map this is; "" for none.
    region : west, south, east, north in degrees WGS 84; a position outside it is worth a warning; None for no such check.
    opening : ids of the places that the opening view holds.
    attribution : (Chinese, English) lines that must stand on the map besides those of the background.
    tiles : names of online backgrounds that a reader may turn on.
    views : further pages over the same atlas, and an `index.html` over all of them.
    page : what a page holds.
    """

    id: str
    title: str
    title_en: str = ""
    language: str = "zh"
    as_of: str = ""
    review_number: str = ""
    home: str = ""
    region: tuple[float, float, float, float] | None = None
    opening: tuple[str, ...] = ()
    attribution: tuple[tuple[str, str], ...] = ()
    tiles: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    page: Page = Page()

    def main_view(self) -> View:
        """The project's own page as a view."""
        return View(self.id, self.title, self.title_en, self.language, opening=self.opening)


@dataclass(frozen=True, slots=True)
class Project:
    """One region: a folder that holds `data/`."""

    root: Path
    settings: Settings

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
        """Folder of what commands keep for themselves: the lock, what undo needs."""
        return self.data / ".qjmap"

    def table_path(self, name: str) -> Path:
        """The file of one table."""
        return self.data / f"{name}.csv"

    def shown(self, path: Path) -> str:
        """A path as messages show it: relative to the project, with forward slashes, when it lies inside."""
        return shown_path(path, self.root)


def shown_path(path: Path, root: Path | None = None) -> str:
    """A path as messages show it: relative to `root` (else to the current folder) when it lies inside, else as given."""
    base = Path.cwd() if root is None else root
    absolute, base = Path(os.path.abspath(path)), Path(os.path.abspath(base))
    return absolute.relative_to(base).as_posix() if absolute.is_relative_to(base) else str(path)


def load_project(path: Path | str = ".") -> Project:
    """Open the project at `path`: its folder, or its `data` folder, or a file in that.

    Raises
    ------
    UsageError : there is no project at `path`.
    DataFaults : `project.toml` cannot be read, or its values are not what they should be.
    """
    given = Path(path)
    root = given.parent if given.is_file() else given
    if (root / SETTINGS_FILE).is_file() and not (root / "data").is_dir():  # the data folder itself
        root = root.parent if root.name == "data" else root.resolve().parent
    if not root.exists():
        raise UsageError("project-missing", path=str(given))
    if not (root / "data").is_dir():
        raise UsageError("project-no-data", path=str(given))
    file = root / "data" / SETTINGS_FILE
    if not file.is_file():
        raise UsageError("project-no-settings", path=shown_path(file))
    return Project(root, _settings(file))


def _settings(file: Path) -> Settings:
    shown = shown_path(file)
    try:
        given = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DamagedFile([Fault(shown, None, None, None, "toml-not-utf8")]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DamagedFile([Fault(shown, None, None, None, "toml-form", {"detail": str(error)})]) from None
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    known = [field.name for field in fields(Settings)]
    for key, value in given.items():
        if key not in known:
            faults.append(Fault(shown, None, key, str(value), "setting-unknown", {"allowed": known}))
            continue
        try:
            values[key] = _READ.get(key, _text)(value)
        except _Wrong as wrong:
            faults += [Fault(shown, None, key, one, code, params) for one, code, params in wrong.faults]
        except (TypeError, ValueError, KeyError, OverflowError):
            faults.append(Fault(shown, None, key, str(value), f"setting-{_FORM.get(key, 'text')}"))
    for key in ("id", "title"):
        if not values.get(key) and not any(fault.column == key for fault in faults):
            faults.append(Fault(shown, None, key, None, "setting-missing"))
    views = given.get("views")
    if isinstance(views, list):
        ids = [given.get("id"), *(one.get("id") for one in views if isinstance(one, Mapping))]
        faults += [Fault(shown, None, "views", one, "setting-view-twice") for one in _twice(ids)]
    if faults:
        raise DataFaults(faults)
    return Settings(**values)


def _text(value: object) -> str:
    if isinstance(value, datetime.date):  # as_of = 2021-04-13 without quotes is a date to TOML
        return value.isoformat()
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


class _Wrong(ValueError):
    """What is wrong with a setting: value, code and what the texts fill in, for each fault."""

    def __init__(self, *faults: tuple[str, str, Mapping[str, object]]) -> None:
        super().__init__(faults)
        self.faults = faults


def _slug(value: object) -> str:
    """An id that can name a page on every system."""
    text = _text(value)
    if not text or not text.isascii() or not all(c.isalnum() or c in "-_" for c in text):
        raise ValueError
    if len(text) > _LONGEST:
        raise _Wrong((text, "setting-id-long", {"most": _LONGEST}))
    if text.casefold() in _DEVICES | {INDEX}:
        raise _Wrong((text, "setting-id-taken", {}))
    return text


def _twice(ids: Iterable[object]) -> list[str]:
    """Ids that name a page twice: capitals make no difference to Windows and macOS."""
    seen: set[str] = set()
    found = []
    for one in ids:
        if isinstance(one, str):
            if one.strip().casefold() in seen:
                found.append(one)
            seen.add(one.strip().casefold())
    return found


def _language(value: object) -> str:
    if value not in ("zh", "en"):
        raise ValueError
    return str(value)


def _region(value: object) -> tuple[float, float, float, float]:
    if not isinstance(value, list):
        raise TypeError
    west, south, east, north = (float(number) for number in value)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError
    return west, south, east, north


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(item) for item in value)


def _views(value: object) -> tuple[View, ...]:
    """Views as tables of the settings; ids are slugs."""
    if not isinstance(value, list):
        raise TypeError
    views, faults = [], list[tuple[str, str, Mapping[str, object]]]()
    for item in value:
        try:
            views.append(_view(item))
        except _Wrong as wrong:
            faults += wrong.faults
        except (TypeError, ValueError):
            named = item.get("id", item) if isinstance(item, Mapping) else item
            faults.append((str(named), "setting-views", {}))
    if faults:
        raise _Wrong(*faults)
    return tuple(views)


def _view(item: object) -> View:
    if not isinstance(item, Mapping) or not {"id", "title"} <= item.keys() <= {one.name for one in fields(View)}:
        raise ValueError
    layers = _texts(item.get("layers", []))
    chosen = item.get("filter", {})
    if not isinstance(chosen, Mapping) or not set(layers) <= set(LAYERS):
        raise ValueError
    return View(
        _slug(item["id"]), _text(item["title"]), _text(item.get("title_en", "")), _language(item.get("language", "zh")),
        layers, _texts(item.get("opening", [])), {str(column): _texts(values) for column, values in chosen.items()},
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


_READ: Mapping[str, Any] = {
    "id": _slug,
    "language": _language,
    "region": _region,
    "opening": _texts,
    "attribution": _attribution,
    "tiles": _texts,
    "views": _views,
    "page": _page,
}
_FORM = {"id": "id", "language": "language", "region": "region", "opening": "list", "attribution": "list", "tiles": "list", "views": "views",
         "page": "page"}  # fmt: skip
