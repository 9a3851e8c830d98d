"""Faults of the data and errors of commands, each with a message and a cure in Chinese and English.

The texts are in `assets/texts/faults.json`, with codes as keys. Users' scripts rely on the codes, so that a code is never renamed.
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
"""Maximum number of items of a list in a message."""
_MAX_CHARACTERS = 60
"""Maximum length of a value in a message, in characters."""
_MAX_PATH = 240
"""Maximum length of a path in a message, in characters."""
_UNLISTED = frozenset(("faults-unlisted", "warnings-unlisted", "ids-unlisted", "names-unlisted"))
"""Codes of faults that represent all faults that were left out of too long a list; their parameter `count` is the number of these."""
_PATHS = frozenset(("path", "file", "file_of", "backup", "other", "log"))
"""Names of parameters that are paths. They are cut in the middle (`shorten_path`), since paths differ at their ends."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault or warning of one file.

    Attributes
    ----------
    file : path as messages show it.
    row : number of the row as in a spreadsheet, where the first line of the file is row 1; in GeoJSON the number of the feature. None
        for a fault of the whole file, or of several rows, which are in `params["rows"]`.
    column : header as it is written in the file; None for a fault of the whole row.
    value : cell as typed; None if the fault is about no cell.
    code : key of the texts in kebab case; it never changes.
    params : values for the placeholders of the texts. A mapping with "zh" and "en" has the value for each language.
    severity : "fault" excludes the row, "warning" does not.
    letter : letter of the column in a spreadsheet; None for other files.
    sheet : name of the worksheet; None for files that are no workbooks.
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
        """Number of faults that this one represents: those left out of too long a list, else 1."""
        return int(str(self.params["count"])) if self.code in _UNLISTED else 1

    def message(self, lang: str) -> str:
        """Return the sentence that says what is wrong."""
        return _fill(self.code, "message", lang, self._params())

    def cure(self, lang: str) -> str:
        """Return the sentence that says what to do about it."""
        return _fill(self.code, "cure", lang, self._params())

    def as_dict(self, lang: str) -> dict[str, object]:
        """Return the fault as values for JSON; ``cell`` is its address in a spreadsheet, such as "C7", or None."""
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
        """Return location (see `place`), message and cure as one line; a warning is marked as a note."""
        zh = lang == "zh"
        note = "" if self.severity == "fault" else ("提醒：" if zh else "note: ")
        colon, gap = ("：", "") if zh else (": ", " ")
        return f"{self.place(lang)}{colon}{note}{self.message(lang)}{gap}{self.cure(lang)}"

    def place(self, lang: str, *, row: bool = True) -> str:
        """Return the location of the fault as a text: file, and, as far as known, worksheet, row (unless `row` is False) and column."""
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
    """Row numbers for a message. Only their count and the first ranges of consecutive numbers are kept, as messages show no more.

    Attributes
    ----------
    total : count of all distinct numbers.
    """

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
    """Error that stops a command, with a message and a cure in Chinese and English. Exit code 1.

    Parameters
    ----------
    code : key of the texts; a text that is no key is the message itself.
    params : values for the placeholders of the texts.
    """

    exit_code = 1

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.params)

    def message(self, lang: str) -> str:
        """Return the sentence that says what is wrong."""
        return _fill(self.code, "message", lang, self.params)

    def cure(self, lang: str) -> str:
        """Return the sentence that says what to do about it; "" if the code is no key of the texts."""
        return _fill(self.code, "cure", lang, self.params)

    def line(self, lang: str) -> str:
        """Return message and cure as one line."""
        return f"{self.message(lang)}{'' if lang == 'zh' else ' '}{self.cure(lang)}".rstrip()

    def __str__(self) -> str:
        return self.line("en") if self.code not in fault_texts() else f"{self.line('zh')} / {self.line('en')}"


def _rebuild(kind: type[QjmapError], code: str, params: Mapping[str, object]) -> QjmapError:
    """Create an error when it is unpickled; pickle alone does not support its keyword arguments."""
    return kind(code, **params)


class DataFaults(QjmapError):
    """Error for data that have faults. Exit code 1.

    Attributes
    ----------
    faults : all faults and warnings that were found.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("data-faults", count=sum(fault.count for fault in self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)

    def line(self, lang: str) -> str:
        """Return the message and the faults, each in a line of its own."""
        return "\n".join([self.message(lang), *(fault.line(lang) for fault in self.faults)])

    def __str__(self) -> str:
        return f"{self.line('zh')}\n{self.line('en')}"


class DamagedFile(DataFaults):
    """Error for a file that cannot be read at all, so that its content was not checked. Exit code 2."""

    exit_code = 2

    def line(self, lang: str) -> str:
        """Return the faults, each in a line of its own, without a message before them."""
        return "\n".join(fault.line(lang) for fault in self.faults)


class UsageError(QjmapError):
    """Error for the wrong use of a command or function, and for troubles outside of the data, such as a full disk. Exit code 2."""

    exit_code = 2


@cache
def fault_texts() -> dict[str, dict[str, dict[str, str]]]:
    """Return the texts of faults and errors: code -> language -> {"message": text, "cure": text}, with placeholders."""
    path = files("qjmap") / "assets" / "texts" / "faults.json"
    texts: dict[str, dict[str, dict[str, str]]] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def _fill(code: str, part: str, lang: str, params: Mapping[str, object]) -> str:
    """Return the message or cure (`part`) of a code with its placeholders filled; an unknown code is its own message."""
    texts = fault_texts().get(code)
    if texts is None:
        return code if part == "message" else ""
    template = texts["zh" if lang == "zh" else "en"][part]
    return template.format_map(
        _Placeholders({key: format_parameter(key, value, lang) for key, value in params.items()})
    )


def format_parameter(key: str, value: object, lang: str) -> str:
    """Return a parameter of a text as it is shown: a path by `shorten_path`, any other value by `format_value`."""
    return shorten_path(value) if key in _PATHS and isinstance(value, str) else format_value(value, lang)


class _Placeholders(dict[str, str]):
    """Values of placeholders. A placeholder without a value stays visible in the text, where a dict would raise KeyError."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def printable(text: str) -> str:
    """Return a text with its unprintable characters (control characters, line breaks, marks of text direction) replaced by spaces."""
    return text if text.isprintable() else "".join(character if character.isprintable() else " " for character in text)


def shorten_path(path: str) -> str:
    """Return a path or the name of a worksheet without control characters; a long one is cut to its beginning and end."""
    text = printable(path)
    half = _MAX_PATH // 2
    return text if len(text) <= _MAX_PATH else f"{text[:half]}…{text[-half:]}"


def format_value(value: Any, lang: str) -> str:
    """Return a value as one line of limited length; "" for None.

    Of a mapping of languages to texts, the text in `lang` is returned. The first `_MAX_ITEMS` items of a list are joined; a list of
    integers is sorted, and consecutive ones become ranges.
    """
    if value is None:
        return ""
    if isinstance(value, Mapping):
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
    """Return the distinct numbers as texts of ascending ranges: 1, 2, 3, 7 as "1-3" and "7"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]
