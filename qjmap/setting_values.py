"""Values of the settings in `data/project.toml`: views, limits of pages, and a parser for each kind of value."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from qjmap.column_settings import OwnColumnSettings, parse_columns
from qjmap.include_settings import parse_include

INDEX = "index"
"""Stem of the file name of the page that lists all pages; no other page may have it."""
MAX_ID = 64
"""Maximum length of an id in characters, so that the file name of its page is valid on every system."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
"""Names reserved by Windows for devices, with any suffix."""

_MOST_LINES = 2
"""Maximum number of texts in `View.lines` and in `View.lines_en`."""

LAYERS = ("places", "sites", "partnerships", "corridors")
"""Layers that a view may show."""


@dataclass(frozen=True, slots=True)
class View:
    """A view of the project's atlas with an opening of its own: a chapter of the project's page and, if `page` is set, a page too.

    Layers, extent and filter are those at the opening; readers can change them.

    Attributes
    ----------
    id : stem of the file name, `maps/<id>.html`.
    title, title_en : title of the page or chapter in Chinese and English; "" if not set.
    language : language in which the page opens, "zh" or "en".
    layers : layers that are visible at first; () for all.
    opening : ids or names of the places that the map shows when it opens; () for those of the project.
    filter : column -> values that are selected at first, in every table that has the column.
    lines, lines_en : text of the view's chapter on the project's own page: one or two sentences in Chinese and as many in English. If
        one of them is (), the other is shown in both languages.
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


def parse_text(value: object) -> str:
    """Return a string of TOML without blanks at its ends, or a date of TOML in ISO 8601. Raise TypeError for other values."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


class InvalidSetting(ValueError):
    """Error for an invalid setting.

    Attributes
    ----------
    faults : (value as messages show it, code of the text, parameters of the text) of each fault.
    """

    def __init__(self, *faults: tuple[str, str, Mapping[str, object]]) -> None:
        super().__init__(faults)
        self.faults = faults


def _slug(value: object) -> str:
    """Parse an id, which must be a valid file name on every system.

    Raise ValueError (`InvalidSetting` is one) for another text, TypeError for a value that is no text.
    """
    text = parse_text(value)
    if not text or not text.isascii() or not all(c.isalnum() or c in "-_" for c in text):
        raise ValueError
    if len(text) > MAX_ID:
        raise InvalidSetting((text, "setting-id-long", {"most": MAX_ID}))
    if text.casefold() in _DEVICES | {INDEX}:
        raise InvalidSetting((text, "setting-id-taken", {}))
    return text


def repeated(ids: Iterable[object]) -> list[str]:
    """Return the ids that repeat an earlier one. Upper and lower case count as equal, since they do in file names on Windows."""
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
    """Parse a region: [west, south, east, north] in degrees, or the name or id of one place or several.

    Raise TypeError or ValueError for any other value.
    """
    if isinstance(value, str):
        return (parse_text(value),)
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
    return tuple(parse_text(item) for item in value)


def _views(value: object) -> tuple[View, ...]:
    """Parse the views `[[views]]`; raise `InvalidSetting` with a fault for each invalid view, TypeError if the value is no list."""
    if not isinstance(value, list):
        raise TypeError
    views, faults = [], list[tuple[str, str, Mapping[str, object]]]()
    for item in value:
        try:
            views.append(_view(item))
        except InvalidSetting as error:
            faults += error.faults
        except (TypeError, ValueError):
            named = item.get("id", item) if isinstance(item, Mapping) else item
            faults.append((str(named), "setting-views", {}))
    if faults:
        raise InvalidSetting(*faults)
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
        _slug(item["id"]), parse_text(item["title"]), parse_text(item.get("title_en", "")), _language(item.get("language", "zh")),
        layers, _texts(item.get("opening", [])), {str(column): _texts(values) for column, values in chosen.items()},
        lines, lines_en, page,
    )  # fmt: skip


def _attribution(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise TypeError
    lines = []
    for item in value:
        if isinstance(item, Mapping):
            lines.append((parse_text(item["zh"]), parse_text(item["en"])))
        else:
            lines.append((parse_text(item), parse_text(item)))
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
        raise InvalidSetting(*problems)
    return columns


def _include(value: object) -> Mapping[str, str]:
    folders, problems = parse_include(value)
    if problems:
        raise InvalidSetting(*problems)
    return folders


PARSERS: Mapping[str, Any] = {
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
"""Key of `project.toml` -> function that parses its value; all other keys of `Settings` are parsed by `parse_text`."""
FAULT_CODES = {"id": "id", "language": "language", "region": "region", "opening": "list", "attribution": "list", "tiles": "list", "views": "views",
         "page": "page", "columns": "columns", "include": "include"}  # fmt: skip
"""Key of `project.toml` -> code, without "setting-", of the fault for a value that its parser refuses with another error than
`InvalidSetting`."""
