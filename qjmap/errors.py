"""What can be wrong: one fault of one cell, and the errors that carry faults to whoever called.

The texts live in `assets/texts/faults.json`, a message and a cure in each language under each code. A code is a
promise: scripts may look for it, so it is never renamed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Severity = Literal["fault", "warning"]

_SHOWN_ITEMS = 12
_SHOWN_CHARACTERS = 60
_SHOWN_PATH = 240
_PATHS = frozenset(("path", "file", "file_of", "backup", "other", "log"))
"""Parameters that name files: shown whole, since the end of a path is what tells it from others."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in one file.

    Attributes
    ----------
    file : the file as shown to the reader.
    row : as a spreadsheet counts, the header line being row 1 when it is the file's first; for GeoJSON the number of the
        feature. None when the fault is of the whole file or of several rows, which `params["rows"]` then lists.
    column : the header as typed in the file.
    value : the cell as typed.
    code : stable, kebab-case, the key of its texts.
    params : what the texts fill in. A value that is a mapping with "zh" and "en" is taken in the reader's language.
    severity : "fault" keeps the row out; "warning" does not.
    letter : the spreadsheet's letter of the column.
    sheet : the worksheet, for workbooks.
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

    def message(self, lang: str) -> str:
        """What is wrong, in one sentence."""
        return _fill(self.code, "message", lang, self._filling())

    def cure(self, lang: str) -> str:
        """What to do about it, in one sentence."""
        return _fill(self.code, "cure", lang, self._filling())

    def as_dict(self, lang: str) -> dict[str, object]:
        """The fault for machines: plain values only."""
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
        """The fault as one line of text: where, what, cure."""
        zh = lang == "zh"
        where = clean(self.file)
        if self.sheet:
            where += f" [{clean(self.sheet)}]"
        if self.row is not None:
            where += f" 第{self.row}行" if zh else f", row {self.row}"
        if self.column is not None:
            letter = "" if not self.letter else (f"{self.letter}列" if zh else f" {self.letter}")
            where += (
                f" {letter}“{shown(self.column, lang)}”" if zh else f", column{letter} “{shown(self.column, lang)}”"
            )
        mark = "" if self.severity == "fault" else ("提醒：" if zh else "note: ")
        joint = "：" if zh else ": "
        gap = "" if zh else " "
        return f"{where}{joint}{mark}{self.message(lang)}{gap}{self.cure(lang)}"

    def _filling(self) -> dict[str, object]:
        return {"file": self.file, "row": self.row, "column": self.column, "value": self.value, **self.params}


class Many:
    """Numbers of rows, of which only the first runs are kept: what a message shows, and how many there are."""

    def __init__(self, rows: Iterable[int]) -> None:
        numbers = sorted(set(rows))
        self.total = len(numbers)
        self._runs: list[tuple[int, int]] = []
        for number in numbers:
            if self._runs and number == self._runs[-1][1] + 1:
                self._runs[-1] = (self._runs[-1][0], number)
            elif len(self._runs) > _SHOWN_ITEMS:
                break
            else:
                self._runs.append((number, number))

    def __iter__(self) -> Iterator[int]:
        for first, last in self._runs:
            yield from range(first, last + 1)

    def __repr__(self) -> str:
        return f"Many({self._runs}, total={self.total})"


class QjmapError(Exception):
    """Anything that stops a command, said in the reader's language.

    Parameters
    ----------
    code : a key of the fault texts; anything else is taken as the text itself.
    params : what the text fills in.
    """

    exit_code = 1

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.code, self.params)

    def message(self, lang: str) -> str:
        """What is wrong."""
        return _fill(self.code, "message", lang, self.params)

    def cure(self, lang: str) -> str:
        """What to do about it."""
        return _fill(self.code, "cure", lang, self.params)

    def line(self, lang: str) -> str:
        """Both as one line of text."""
        return f"{self.message(lang)}{'' if lang == 'zh' else ' '}{self.cure(lang)}".rstrip()

    def __str__(self) -> str:
        return self.line("en") if self.code not in fault_texts() else f"{self.line('zh')} / {self.line('en')}"


def _again(kind: type[QjmapError], code: str, params: Mapping[str, object]) -> QjmapError:
    """The same error in another process."""
    return kind(code, **params)


class DataFaults(QjmapError):
    """The data hold faults; all of them are in `faults`, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("data-faults", count=len(self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)

    def line(self, lang: str) -> str:
        """Every fault on a line of its own."""
        return "\n".join([self.message(lang), *(fault.line(lang) for fault in self.faults)])

    def __str__(self) -> str:
        return f"{self.line('zh')}\n{self.line('en')}"


class DamagedFile(DataFaults):
    """A file of the project that cannot be read at all, so that nothing in it can be judged: one fault, on one line."""

    exit_code = 2

    def line(self, lang: str) -> str:
        """The fault."""
        return "\n".join(fault.line(lang) for fault in self.faults)


class UsageError(QjmapError):
    """The command was given something it cannot work with."""

    exit_code = 2


@cache
def fault_texts() -> dict[str, dict[str, dict[str, str]]]:
    """Fault code -> language -> message and cure, with holes to fill."""
    path = files("qjmap") / "assets" / "texts" / "faults.json"
    texts: dict[str, dict[str, dict[str, str]]] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def _fill(code: str, part: str, lang: str, params: Mapping[str, object]) -> str:
    known = fault_texts().get(code)
    if known is None:
        return code if part == "message" else ""
    template = known["zh" if lang == "zh" else "en"][part]
    return template.format_map(_Shown({key: filled(key, value, lang) for key, value in params.items()}))


def filled(key: str, value: object, lang: str) -> str:
    """A parameter of a text as the text shows it: names of files whole, all else as `shown`."""
    return clean(value) if key in _PATHS and isinstance(value, str) else shown(value, lang)


class _Shown(dict[str, str]):
    """Leaves a hole visible rather than hide the whole message behind a KeyError."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def printable(text: str) -> str:
    """The text without what a terminal would obey or hide: controls, line breaks, marks of direction."""
    return text if text.isprintable() else "".join(one if one.isprintable() else " " for one in text)


def clean(path: str) -> str:
    """The name of a file or sheet as a line of a message holds it; of a very long one the beginning and the end."""
    text = printable(path)
    half = _SHOWN_PATH // 2
    return text if len(text) <= _SHOWN_PATH else f"{text[:half]}…{text[-half:]}"


def shown(value: Any, lang: str) -> str:
    """A parameter as a reader takes it in: one line, not too long, runs of row numbers drawn together."""
    if value is None:
        return ""
    if isinstance(value, Mapping):  # a text of ours in both languages: whole
        return str(value["zh" if lang == "zh" else "en"])
    if isinstance(value, str):
        text = printable(value)
        return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Iterable):
        items = list(value)
        numbers = bool(items) and all(type(item) is int for item in items)
        parts = _runs(items) if numbers else [shown(item, lang) for item in items]
        more = len(parts) - _SHOWN_ITEMS
        joint = "、" if lang == "zh" else ", "
        text = joint.join(parts[:_SHOWN_ITEMS])
        if more > 0:
            total = value.total if isinstance(value, Many) else len(items)
            text += f"……（共{total}项）" if lang == "zh" else f" … ({total} in all)"
        return text
    return str(value)


def _runs(numbers: Iterable[int]) -> list[str]:
    """1, 2, 3, 7 -> "1-3", "7"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]
