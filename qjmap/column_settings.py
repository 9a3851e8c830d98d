"""Settings of the user's own columns, `[columns]` in `data/project.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from qjmap.schema import TABLES, fold

_BRACKETS = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
Problem = tuple[str, str, Mapping[str, object]]
"""Value, code and parameters of a fault."""


@dataclass(frozen=True, slots=True)
class ColumnSettings:
    """What the settings say of a column; `[columns."列名"]`, or `[columns.sites."列名"]` for one table.

    Attributes
    ----------
    label, label_en : shown instead of the header.
    unit : shown behind numbers.
    order : columns with one come first, the least before.
    filter : whether readers may filter by the column.
    hidden : True to leave it out of pages and exports, False to keep it whatever it holds; None to hide personal data only.
    """

    label: str = ""
    label_en: str = ""
    unit: str = ""
    order: float | None = None
    filter: bool = False
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class OwnColumnSettings:
    """Settings of columns of all tables.

    Attributes
    ----------
    given : (table, folded header) -> the settings that are given; the table is "" for those of every table.
    headers : the same keys -> header as the settings write it.
    """

    given: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    headers: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, table: str, name: str) -> ColumnSettings:
        """Return the settings of a column, named with or without the brackets at the end of its header.

        Those of its table overrule those of every table, those of the whole header those without brackets.
        """
        found: dict[str, Any] = {}
        for key in [(where, key) for where in ("", table) for key in _keys(name)]:
            found.update(self.given.get(key, {}))
        return ColumnSettings(**found)

    def unused(self, columns: Mapping[str, Iterator[str] | tuple[str, ...]]) -> list[str]:
        """Return the headers for which no table has a column; `columns` are the own columns by table."""
        there = {(table, key) for table, names in columns.items() for name in names for key in _keys(name)}
        there |= {("", name) for _, name in there}
        return [_path(table, header) for (table, key), header in self.headers.items() if (table, key) not in there]


def without_brackets(header: str) -> str:
    """Return a header without the brackets at its end, which hold a unit or a remark."""
    return _BRACKETS.sub("", header)


def _keys(header: str) -> tuple[str, ...]:
    return fold(without_brackets(header)), fold(header)


def _path(table: str, header: str) -> str:
    return f"{table}.{header}" if table else header


def parse_columns(value: object) -> tuple[OwnColumnSettings, list[Problem]]:
    """Parse `[columns]`; return the settings, and every problem with them. TypeError where it is no table."""
    if not isinstance(value, Mapping):
        raise TypeError
    given: dict[tuple[str, str], dict[str, Any]] = {}
    headers: dict[tuple[str, str], str] = {}
    problems: list[Problem] = []
    for table, header, options in _entries(value):
        path = _path(table, header)
        if not isinstance(options, Mapping):
            problems.append((f"{path} = {options}", "setting-columns", {}))
            continue
        for name, option in options.items():
            if name not in _TYPES or not isinstance(option, _TYPES[name]) or (name == "order" and option is True):
                problems.append((f"{path}.{name} = {option}", "setting-columns", {}))
        key = table, fold(header)
        headers[key] = header
        given[key] = {name: option.strip() if isinstance(option, str) else option for name, option in options.items()}
    return OwnColumnSettings(given, headers), problems


def _entries(value: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    """Yield table ("" for every table), header and settings of each entry."""
    for name, options in value.items():
        if (
            name in TABLES
            and isinstance(options, Mapping)
            and all(isinstance(one, Mapping) for one in options.values())
        ):
            yield from ((name, header, one) for header, one in options.items())
        else:
            yield "", name, options


_TYPES: Mapping[str, Any] = {
    **{one.name: str for one in fields(ColumnSettings)}, "order": (int, float), "filter": bool, "hidden": bool,
}  # fmt: skip
