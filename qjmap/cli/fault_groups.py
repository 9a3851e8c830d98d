"""List faults in few lines: faults of the same file, column and code share a line, with their count, first rows and some values.

A list never exceeds `MOST_FAULTS` + `MOST_WARNINGS` + 1 lines. With ``--json`` and ``--all`` every fault is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from qjmap.errors import Fault, format_value, shorten_path
from qjmap.i18n import text

MOST_FAULTS = 20
"""Maximum number of lines of faults."""
MOST_WARNINGS = 10
"""Maximum number of lines of warnings."""
VALUES = 3
"""Maximum number of distinct values in a line, including that of its example."""

_IDLE = frozenset(("reference-named", "place-is-site", "zeros-restored", "id-lowered"))
"""Codes of warnings that require no action."""
_RUNS = 5
"""Maximum number of ranges of rows after the number of faults."""
_VALUE_RUNS = 3
"""Maximum number of ranges of rows after a value."""
_VALUE_CHARACTERS = 24
"""Maximum length of a value in characters; longer ones are cut."""
_COMPARED = 50
"""Maximum number of messages of a group that are compared to decide whether all its messages are the same."""
_HEADER_CODE = "column-missing"
"""Code of the fault of a file whose header lacks a required column. No row can then be read, so that no other fault is listed."""


@dataclass(frozen=True)
class FaultGroup:
    """Faults of one file, code and severity that share a line. They are of one column, or of several (see `group_faults`).

    Attributes
    ----------
    faults : at least one, in the order in which they were found.
    """

    faults: Sequence[Fault]

    @property
    def count(self) -> int:
        """Number of faults in the group. One `Fault` may represent several (`Fault.count`)."""
        return sum(fault.count for fault in self.faults)

    @property
    def severity(self) -> str:
        """Severity of its faults: "fault" or "warning"."""
        return self.faults[0].severity

    def line(self, lang: str) -> str:
        """Return the group as one line: place, count, rows, an example, further values and the cure; for a single fault `Fault.line`."""
        first = self.faults[0]
        if len(self.faults) == 1:
            return first.line(lang)
        place = f"{self._place(lang)}{text('group.colon', lang)}"
        note = text("group.note", lang) if self.severity == "warning" else ""
        gap = "" if lang == "zh" else " "
        parts = [self._count(lang) + self._example(lang), *self._others(lang), first.cure(lang)]
        return f"{place}{note}{gap.join(parts)}"

    @cached_property
    def _sheets(self) -> int:
        return len({fault.sheet for fault in self.faults})

    def _place(self, lang: str) -> str:
        """Return the file, the worksheet and the column; of several worksheets or columns the first, with the number of all."""
        first = self.faults[0]
        columns = len({fault.column for fault in self.faults})
        if self._sheets == columns == 1:
            return first.place(lang, row=False)
        place = shorten_path(first.file)
        if first.sheet:
            sheet = shorten_path(first.sheet)
            place += text("group.sheets" if self._sheets > 1 else "group.sheet", lang, sheet=sheet, count=self._sheets)
        if first.column is not None:
            column = format_value(first.column, lang)
            place += text("group.columns" if columns > 1 else "group.column", lang, column=column, count=columns)
        return place

    def _count(self, lang: str) -> str:
        """Return the number of rows and the first row numbers; only the number of faults if some have no row or if they are in several
        worksheets.
        """
        rows = sorted({fault.row for fault in self.faults if fault.row is not None})
        if self._sheets > 1 or any(fault.row is None for fault in self.faults):
            return text("group.times", lang, count=self.count)
        return text("group.rows", lang, count=len(rows), rows=_runs(rows, lang))

    def _example(self, lang: str) -> str:
        """Return the message of the faults; if their messages or values differ, that of the first fault as an example, with the rows that
        have it.
        """
        first = self.faults[0]
        message = first.message(lang)
        if all(fault.message(lang) == message for fault in self.faults[:_COMPARED]) and len(self._by_value) < 2:
            return text("group.same", lang, message=message)
        if first.row is None:
            return text("group.example", lang, message=message)
        rows = [] if self._sheets > 1 else self._by_value.get(first.value or "", [])
        alike = [fault.row or 0 for fault in rows[:_COMPARED] if fault.message(lang) == message] or [first.row]
        return text("group.example-row", lang, rows=_runs(alike, lang, _VALUE_RUNS), message=message)

    def _others(self, lang: str) -> list[str]:
        """Return a list of one text, with further values and their rows, and the number of distinct values if not all are shown.

        [] if all faults have the same value.
        """
        by_value = self._by_value
        others = [value for value in by_value if value != (self.faults[0].value or "")][: VALUES - 1]
        if not others:
            return []
        listed = text("group.joint", lang).join(self._value(value, by_value[value], lang) for value in others)
        if len(by_value) <= VALUES:
            return [text("group.values", lang, values=listed)]
        return [text("group.values-more", lang, values=listed, count=len(by_value))]

    def _value(self, value: str, faults: Sequence[Fault], lang: str) -> str:
        shown = format_value(value, lang)
        shown = shown if len(shown) <= _VALUE_CHARACTERS else f"{shown[:_VALUE_CHARACTERS]}…"
        rows = [fault.row for fault in faults if fault.row is not None]
        if not rows or self._sheets > 1:
            return text("group.value", lang, value=shown)
        return text("group.value-rows", lang, value=shown, rows=_runs(rows, lang, _VALUE_RUNS))

    @cached_property
    def _by_value(self) -> dict[str, list[Fault]]:
        """Value -> faults with this value; "" -> faults without a value."""
        found: dict[str, list[Fault]] = {}
        for fault in self.faults:
            found.setdefault(fault.value or "", []).append(fault)
        return found


def group_faults(faults: Iterable[Fault]) -> list[FaultGroup]:
    """Return faults in groups: first those of faults, then those of warnings, each in the order of the first fault of a group.

    A group has the faults of one file, column and code. Warnings that require no action are grouped by file and code only; so are all
    faults (or all warnings) if there would be more than `MOST_FAULTS` (`MOST_WARNINGS`) groups otherwise.
    """
    made = []
    listed = list(faults)
    for severity, most in (("fault", MOST_FAULTS), ("warning", MOST_WARNINGS)):
        several = [fault for fault in listed if fault.severity == severity]
        groups = _grouped(several, lambda fault: fault.code not in _IDLE)
        made += groups if len(groups) <= most else _grouped(several, lambda _: False)
    return made


def _grouped(faults: Iterable[Fault], by_column: Callable[[Fault], bool]) -> list[FaultGroup]:
    """Return faults grouped by file and code; those for which `by_column` returns True also by column."""
    groups: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        column = (fault.column, fault.letter) if by_column(fault) else ()
        groups.setdefault((fault.file, fault.code, column), []).append(fault)
    return [FaultGroup(group) for group in groups.values()]


def fault_lines(faults: Sequence[Fault], lang: str, *, every: bool = False) -> list[str]:
    """Return faults as few lines of text. If some are left out, the last line says how many.

    Of a file or worksheet whose header lacks a required column only that fault is listed.

    Parameters
    ----------
    every : give each fault a line and leave none out.
    """
    if every:
        return [fault.line(lang) for fault in faults]
    without_header = {(fault.file, fault.sheet) for fault in faults if fault.code == _HEADER_CODE}
    said = [fault for fault in faults if fault.code == _HEADER_CODE or (fault.file, fault.sheet) not in without_header]
    groups = group_faults(said)
    wrong = [group for group in groups if group.severity == "fault"]
    doubtful = [group for group in groups if group.severity != "fault"]
    shown = [*wrong[:MOST_FAULTS], *doubtful[:MOST_WARNINGS]]
    lines = [group.line(lang) for group in shown]
    left = sum(fault.count for fault in said) - sum(group.count for group in shown)
    if left:
        lines.append(text("group.left", lang, count=left))
    return lines


def has_header(faults: Iterable[Fault]) -> bool:
    """Whether none of the faults is that of a missing required column; if one is, commands print no summary."""
    return all(fault.code != _HEADER_CODE for fault in faults)


def _runs(rows: Iterable[int], lang: str, most: int = _RUNS) -> str:
    """Return row numbers as ranges, such as "2-5, 9"; only the first `most` ranges, followed by dots if there are more."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        elif len(runs) == most:
            return text("group.joint", lang).join(map(_run, runs)) + text("group.dots", lang)
        else:
            runs.append([row, row])
    return text("group.joint", lang).join(map(_run, runs))


def _run(run: Sequence[int]) -> str:
    first, last = run
    return str(first) if first == last else f"{first}-{last}"
