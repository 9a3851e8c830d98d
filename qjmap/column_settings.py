"""Settings of the user's own columns: the table `[columns]` in `data/project.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from qjmap.schema import TABLES, fold

_BRACKETS = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
"""Brackets at the end of a header."""
Problem = tuple[str, str, Mapping[str, object]]
"""A fault in the settings: the value as messages show it, the code of its text (see `errors`), and the parameters of the text."""


@dataclass(frozen=True, slots=True)
class ColumnSettings:
    """Settings of a column: `[columns."列名"]` for all tables, or `[columns.sites."列名"]` for one table.

    Attributes
    ----------
    label, label_en : labels that are shown instead of the header; "" if not set.
    unit : unit of measurement that is shown after numbers; "" if not set.
    order : columns are sorted by this number, ascending; those without one (None) come last.
    filter : whether readers may filter by the column.
    hidden : True to leave it out of pages and exports, False to show it whatever it contains, None to hide it if it looks personal.
    """

    label: str = ""
    label_en: str = ""
    unit: str = ""
    order: float | None = None
    filter: bool = False
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class OwnColumnSettings:
    """The settings of own columns of all tables.

    Attributes
    ----------
    given : (table, folded header) -> the settings that are given; the table is "" for settings of all tables.
    headers : the same keys -> header as it is written in the settings.
    """

    given: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    headers: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, table: str, name: str) -> ColumnSettings:
        """Return the settings of a column. Settings may name it by its whole header or by the header without the brackets at its end.

        Settings of one table override those of all tables; settings of the whole header override those of the header without brackets.
        """
        found: dict[str, Any] = {}
        for key in [(where, key) for where in ("", table) for key in _keys(name)]:
            found.update(self.given.get(key, {}))
        return ColumnSettings(**found)

    def unused(self, columns: Mapping[str, Iterator[str] | tuple[str, ...]]) -> list[str]:
        """Return the headers in the settings that no table has; "sites.列名" for settings of one table.

        Parameters
        ----------
        columns : table -> headers of its own columns.
        """
        there = {(table, key) for table, names in columns.items() for name in names for key in _keys(name)}
        there |= {("", name) for _, name in there}
        return [_path(table, header) for (table, key), header in self.headers.items() if (table, key) not in there]


def without_brackets(header: str) -> str:
    """Return a header without the brackets at its end, which contain a unit or a remark: 面积 for 面积（亩）."""
    return _BRACKETS.sub("", header)


def _keys(header: str) -> tuple[str, ...]:
    return fold(without_brackets(header)), fold(header)


def _path(table: str, header: str) -> str:
    return f"{table}.{header}" if table else header


def parse_columns(value: object) -> tuple[OwnColumnSettings, list[Problem]]:
    """Parse the value of `[columns]`; return the settings, which are valid only without faults, and all faults in them.

    Raise TypeError if the value is no table of TOML.
    """
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
    """Yield (table, header, settings) of each entry; the table is "" for an entry of all tables."""
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
"""Name of a setting of a column -> type of its value."""
