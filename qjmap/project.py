"""One region's folder: where its tables, geometry and pages are, and the settings in `data/project.toml`."""

from __future__ import annotations

import datetime
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from qjmap.errors import DataFaults, Fault, UsageError

SETTINGS_FILE = "project.toml"


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
        raise DataFaults([Fault(shown, None, None, None, "toml-not-utf8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise DataFaults([Fault(shown, None, None, None, "toml-form", {"detail": str(error)})]) from None
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    known = [field.name for field in fields(Settings)]
    for key, value in given.items():
        if key not in known:
            faults.append(Fault(shown, None, key, str(value), "setting-unknown", {"allowed": known}))
            continue
        try:
            values[key] = _READ.get(key, _text)(value)
        except (TypeError, ValueError):
            faults.append(Fault(shown, None, key, str(value), f"setting-{_FORM.get(key, 'text')}"))
    for key in ("id", "title"):
        if not values.get(key) and not any(fault.column == key for fault in faults):
            faults.append(Fault(shown, None, key, None, "setting-missing"))
    if faults:
        raise DataFaults(faults)
    return Settings(**values)


def _text(value: object) -> str:
    if isinstance(value, datetime.date):  # as_of = 2021-04-13 without quotes is a date to TOML
        return value.isoformat()
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


def _slug(value: object) -> str:
    text = _text(value)
    if not text or not text.isascii() or not all(c.isalnum() or c in "-_" for c in text):
        raise ValueError
    return text


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


_READ: Mapping[str, Any] = {
    "id": _slug,
    "language": _language,
    "region": _region,
    "opening": _texts,
    "attribution": _attribution,
    "tiles": _texts,
}
_FORM = {"id": "id", "language": "language", "region": "region", "opening": "list", "attribution": "list", "tiles": "list"}
