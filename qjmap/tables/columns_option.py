"""The option `--columns`, by which the user says which columns of a file are which: `名称=医院名称,纬度=N`.

The text before each equals sign names a column of the table (name, 名称 or another listed header of it; 坐标 for pairs of coordinates). The
text after it is a header of the file, or the letter or number of a column; if it is empty, the file has no such column.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qjmap.errors import UsageError
from qjmap.schema import Table, fold
from qjmap.tables.headers import parse_header

_COMMA = re.compile(r"[,，]")
_LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True)
class GivenColumns:
    """Meaning of the columns of one file, as stated by the user.

    Attributes
    ----------
    columns : index -> canonical column, "lonlat" for pairs of coordinates.
    without : columns of the table that the file does not have.
    """

    columns: Mapping[int, str]
    without: frozenset[str] = frozenset()


def parse_columns(told: str | Mapping[str, str], table: Table) -> dict[str, str]:
    """Parse the option into canonical column -> header, letter or number of a column; "" for a column that the file lacks.

    Parameters
    ----------
    told : the option as typed, or a mapping of the text before each equals sign -> the text after it.

    Raises
    ------
    UsageError : `columns-form`, the first part has no equals sign; `columns-ours`, the text before one is no column of the table.
    """
    parts = _split(told) if isinstance(told, str) else [*told.items()]
    columns = {}
    for ours, theirs in parts:
        column = parse_header(ours.strip(), table).column
        if column is None:
            columns_of = table.columns
            allowed = {
                "zh": "、".join(one.label for one in columns_of),
                "en": ", ".join(one.name for one in columns_of),
            }
            raise UsageError("columns-ours", ours=ours.strip(), allowed=allowed)
        columns[column] = theirs.strip()
    return columns


def columns_of_sheets(
    told: str | Mapping[str, str], sheets: Mapping[str, tuple[Sequence[str], Table]]
) -> dict[str, dict[str, str] | None]:
    """Split the option between several worksheets: each gets the parts whose header, letter or number it has, and the parts that say
    that a column is missing.

    Parameters
    ----------
    told : as in `parse_columns`.
    sheets : name of a worksheet -> its header, and the table that its rows belong to.

    Returns
    -------
    name of a worksheet -> its parts, in the form that `parse_columns` returns; None for a worksheet that has none of the parts.

    Raises
    ------
    UsageError : as in `parse_columns`, if none of the tables has the column; or no worksheet has the header, letter or number.
    """
    parts = _split(told) if isinstance(told, str) else [*told.items()]
    found: dict[str, dict[str, str]] = {name: {} for name in sheets}
    for ours, theirs in parts:
        of_table = {name: parse_header(ours.strip(), table).column for name, (_, table) in sheets.items()}
        if not any(of_table.values()):
            parse_columns({ours: theirs}, next(table for _, table in sheets.values()))
        typed = theirs.strip()
        having = [
            name for name, (header, _) in sheets.items()
            if of_table[name] and (not typed or _index_of(typed, header) is not None)
        ]  # fmt: skip
        if not having:
            headers = list(dict.fromkeys(head for header, _ in sheets.values() for head in header))
            raise UsageError("columns-theirs", theirs=typed, headers=headers)
        for name in having:
            found[name][of_table[name] or ""] = typed
    return {name: columns if columns or not parts else None for name, columns in found.items()}


def _split(told: str) -> list[tuple[str, str]]:
    """Return (text before, text after) for each equals sign. The option is split at commas before a part with an equals sign; other commas
    belong to a header.

    Raises
    ------
    UsageError : `columns-form`, the first part has no equals sign.
    """
    parts: list[str] = []
    for part in _COMMA.split(told.replace("＝", "=")):
        if "=" in part:
            parts.append(part)
        elif parts:
            parts[-1] += f",{part}"
        elif part.strip():
            raise UsageError("columns-form", part=part.strip())
    return [(ours, theirs) for ours, _, theirs in (part.partition("=") for part in parts)]


def find_given_columns(columns: Mapping[str, str], header: Sequence[str]) -> GivenColumns:
    """Find the indices of the columns that the user names.

    Parameters
    ----------
    columns : what `parse_columns` returns.
    header : the headers of the file as typed.

    Raises
    ------
    UsageError : `columns-theirs`, the file has no such column; `columns-both`, the user gives one column of the file two meanings.
    """
    found: dict[int, str] = {}
    for column, theirs in columns.items():
        if theirs:
            at = _index_of(theirs, header)
            if at is None or at in found:
                raise UsageError("columns-theirs" if at is None else "columns-both", theirs=theirs, headers=[*header])
            found[at] = column
    return GivenColumns(found, frozenset(column for column, theirs in columns.items() if not theirs))


def _index_of(theirs: str, header: Sequence[str]) -> int | None:
    """Return the index of the column with a header, else of the column with that number (from 1) or letter; None without one."""
    plain = [head.strip() for head in header]
    if theirs in plain:
        return plain.index(theirs)
    folded = [fold(head) for head in header]
    if fold(theirs) and fold(theirs) in folded:
        return folded.index(fold(theirs))
    at = -1
    if theirs.isascii() and theirs.isdigit():
        at = int(theirs[:6]) - 1
    elif _LETTERS.fullmatch(theirs.upper()):
        for letter in theirs.upper():
            at = (at + 1) * 26 + ord(letter) - ord("A")
    return at if 0 <= at < len(header) else None


def header_signature(header: Sequence[str]) -> str:
    """Return a short hash by which a header is recognised. Differences that `schema.fold` removes (case, spaces ...) do not count."""
    return hashlib.sha256("\x1f".join(map(fold, header)).encode("utf-8", "replace")).hexdigest()[:24]


def format_columns_option(columns: Mapping[str, str], table: Table) -> str:
    """Format a mapping of canonical column -> header, letter or number as it is typed after `--columns`."""
    labels = {name: table.column(name).label if name in table else "坐标" for name in columns}
    return ",".join(f"{labels[name]}={theirs}" for name, theirs in columns.items())
