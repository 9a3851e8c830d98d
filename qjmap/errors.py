"""Faults of the data and errors of commands, each with a message and a cure in Chinese and English.

The texts are in `assets/texts/faults.json`, by code. Scripts rely on codes, which are never renamed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Severity = Literal["fault", "warning"]

_MAX_ITEMS = 12
_MAX_CHARACTERS = 60
_MAX_PATH = 240
_UNLISTED = frozenset(("faults-unlisted", "warnings-unlisted", "ids-unlisted", "names-unlisted"))
"""Codes of faults that stand for all those left out of a list that became too long."""
_PATHS = frozenset(("path", "file", "file_of", "backup", "other", "log"))
"""Parameters that are paths: shown in full, since paths differ at their end."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault or warning of one file.

    Attributes
    ----------
    file : path as messages show it.
    row : number as in a spreadsheet, where the file's first line is row 1; of a feature in GeoJSON. None for faults of the
        whole file or of several rows, which are in `params["rows"]`.
    column : header as typed in the file.
    value : cell as typed.
    code : stable kebab-case key of the texts.
    params : values for placeholders of the texts; a mapping with "zh" and "en" gives the value for each language.
    severity : "fault" excludes the row, "warning" does not.
    letter : the column's letter in a spreadsheet.
    sheet : worksheet, for workbooks.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = "fault"
    letter: str | None = None
    sheet: str | None = None

    @property
    def count(self) -> int:
        """How many faults this one stands for: more than 1 only where a list was cut off."""
        return int(str(self.params["count"])) if self.code in _UNLISTED else 1

    def message(self, lang: str) -> str:
        """What is wrong, as one sentence."""
        return _fill(self.code, "message", lang, self._params())

    def cure(self, lang: str) -> str:
        """What to do about it, as one sentence."""
        return _fill(self.code, "cure", lang, self._params())

    def as_dict(self, lang: str) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message(lang),
            "cure": self.cure(lang),
            "severity": self.severity,
            "sheet": self.sheet,
            "cell": f"{self.letter}{self.row}" if self.letter and self.row else None,
        }

    def line(self, lang: str) -> str:
        """Format place, message and cure as one line."""
        zh = lang == "zh"
        note = "" if self.severity == "fault" else ("提醒：" if zh else "note: ")
        colon, gap = ("：", "") if zh else (": ", " ")
        return f"{self.place(lang)}{colon}{note}{self.message(lang)}{gap}{self.cure(lang)}"

    def place(self, lang: str, *, row: bool = True) -> str:
        """Format file, worksheet, row and column; with `row` False without the row."""
        zh = lang == "zh"
        where = shorten_path(self.file)
        if self.sheet:
            where += f" [{shorten_path(self.sheet)}]"
        if row and self.row is not None:
            where += f" 第{self.row}行" if zh else f", row {self.row}"
        if self.column is not None:
            letter = "" if not self.letter else (f"{self.letter}列" if zh else f" {self.letter}")
            column = format_value(self.column, lang)
            where += f" {letter}“{column}”" if zh else f", column{letter} “{column}”"
        return where

    def _params(self) -> dict[str, object]:
        return {"file": self.file, "row": self.row, "column": self.column, "value": self.value, **self.params}


class RowNumbers:
    """Row numbers of which only the first runs and the count are kept, as messages show them."""

    def __init__(self, rows: Iterable[int]) -> None:
        numbers = sorted(set(rows))
        self.total = len(numbers)
        self._runs: list[tuple[int, int]] = []
        for number in numbers:
            if self._runs and number == self._runs[-1][1] + 1:
                self._runs[-1] = (self._runs[-1][0], number)
            elif len(self._runs) > _MAX_ITEMS:
                break
            else:
                self._runs.append((number, number))

    def __iter__(self) -> Iterator[int]:
        for first, last in self._runs:
            yield from range(first, last + 1)

    def __repr__(self) -> str:
        return f"RowNumbers({self._runs}, total={self.total})"


class QjmapError(Exception):
    """Error that stops a command, with message and cure in the reader's language.

    Parameters
    ----------
    code : key of the texts; any other text is the message itself.
    params : values for placeholders of the texts.
    """

    exit_code = 1

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.params)

    def message(self, lang: str) -> str:
        """What is wrong."""
        return _fill(self.code, "message", lang, self.params)

    def cure(self, lang: str) -> str:
        """What to do about it."""
        return _fill(self.code, "cure", lang, self.params)

    def line(self, lang: str) -> str:
        """Format message and cure as one line."""
        return f"{self.message(lang)}{'' if lang == 'zh' else ' '}{self.cure(lang)}".rstrip()

    def __str__(self) -> str:
        return self.line("en") if self.code not in fault_texts() else f"{self.line('zh')} / {self.line('en')}"


def _rebuild(kind: type[QjmapError], code: str, params: Mapping[str, object]) -> QjmapError:
    """Rebuild a pickled error."""
    return kind(code, **params)


class DataFaults(QjmapError):
    """The data have faults; `faults` holds all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("data-faults", count=sum(fault.count for fault in self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)

    def line(self, lang: str) -> str:
        """Format message and faults, one a line."""
        return "\n".join([self.message(lang), *(fault.line(lang) for fault in self.faults)])

    def __str__(self) -> str:
        return f"{self.line('zh')}\n{self.line('en')}"


class DamagedFile(DataFaults):
    """A file of the project cannot be read at all, so that its content was not checked. Exit code 2."""

    exit_code = 2

    def line(self, lang: str) -> str:
        """Format the faults, one a line, without a message before them."""
        return "\n".join(fault.line(lang) for fault in self.faults)


class UsageError(QjmapError):
    """Wrong use of a command or function. Exit code 2."""

    exit_code = 2


@cache
def fault_texts() -> dict[str, dict[str, dict[str, str]]]:
    """Load the texts: code -> language -> message and cure with placeholders."""
    path = files("qjmap") / "assets" / "texts" / "faults.json"
    texts: dict[str, dict[str, dict[str, str]]] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def _fill(code: str, part: str, lang: str, params: Mapping[str, object]) -> str:
    texts = fault_texts().get(code)
    if texts is None:
        return code if part == "message" else ""
    template = texts["zh" if lang == "zh" else "en"][part]
    return template.format_map(
        _Placeholders({key: format_parameter(key, value, lang) for key, value in params.items()})
    )


def format_parameter(key: str, value: object, lang: str) -> str:
    """Format a parameter of a text: paths in full, other values by `format_value`."""
    return shorten_path(value) if key in _PATHS and isinstance(value, str) else format_value(value, lang)


class _Placeholders(dict[str, str]):
    """Leaves a placeholder without a value visible instead of raising KeyError."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def printable(text: str) -> str:
    """Replace control characters, line breaks and marks of text direction by spaces."""
    return text if text.isprintable() else "".join(character if character.isprintable() else " " for character in text)


def shorten_path(path: str) -> str:
    """Shorten a long path or worksheet name to its beginning and end, without control characters."""
    text = printable(path)
    half = _MAX_PATH // 2
    return text if len(text) <= _MAX_PATH else f"{text[:half]}…{text[-half:]}"


def format_value(value: Any, lang: str) -> str:
    """Format a parameter of a text as one line of limited length, with runs of row numbers as ranges."""
    if value is None:
        return ""
    if isinstance(value, Mapping):  # a text of the program in both languages
        return printable(str(value["zh" if lang == "zh" else "en"]))
    if isinstance(value, str):
        text = printable(value)
        return text if len(text) <= _MAX_CHARACTERS else text[: _MAX_CHARACTERS - 1] + "…"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Iterable):
        items = list(value)
        numbers = bool(items) and all(type(item) is int for item in items)
        parts = _runs(items) if numbers else [format_value(item, lang) for item in items]
        more = len(parts) - _MAX_ITEMS
        joint = "、" if lang == "zh" else ", "
        text = joint.join(parts[:_MAX_ITEMS])
        if more > 0:
            total = value.total if isinstance(value, RowNumbers) else len(items)
            text += f"……（共{total}项）" if lang == "zh" else f" … ({total} in all)"
        return text
    return str(value)


def _runs(numbers: Iterable[int]) -> list[str]:
    """Join consecutive numbers: 1, 2, 3, 7 -> "1-3", "7"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]
