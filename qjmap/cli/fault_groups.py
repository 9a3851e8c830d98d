"""Faults in few lines: those of one file, column and code become one line with their count, first rows and some of their values.

A list never exceeds `MOST_FAULTS` + `MOST_WARNINGS` + 1 lines; ``--json`` and ``--all`` list every fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from qjmap.errors import Fault, format_value, shorten_path
from qjmap.i18n import text

MOST_FAULTS = 20
"""Lines of faults."""
MOST_WARNINGS = 10
"""Lines of warnings."""
VALUES = 3
"""Different values that a line shows, the one of its example included."""

_IDLE = frozenset(("reference-named", "place-is-site", "zeros-restored", "id-lowered"))
"""Codes of warnings that ask for nothing."""
_RUNS = 5
_VALUE_RUNS = 3
_VALUE_CHARACTERS = 24
_COMPARED = 50
"""Messages of a group that are compared to see whether all are the same."""
_HEADER_CODE = "column-missing"
"""Fault of a header without which no row can be read: what the rows have besides is not worth a line."""


@dataclass(frozen=True)
class FaultGroup:
    """Faults of one file, column, code and severity; of several columns where a list would be too long.

    Attributes
    ----------
    faults : at least one, in the order of the list.
    """

    faults: Sequence[Fault]

    @property
    def count(self) -> int:
        """How many faults the group stands for."""
        return sum(fault.count for fault in self.faults)

    @property
    def severity(self) -> str:
        """Severity of its faults."""
        return self.faults[0].severity

    def line(self, lang: str) -> str:
        """Format place, count, rows, an example, other values and the cure as one line."""
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
        """File, worksheets and columns: the first of several, and how many there are."""
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
        """Number of rows with the first of them; number of faults where some have no row, or rows of several worksheets."""
        rows = sorted({fault.row for fault in self.faults if fault.row is not None})
        if self._sheets > 1 or any(fault.row is None for fault in self.faults):
            return text("group.times", lang, count=self.count)
        return text("group.rows", lang, count=len(rows), rows=_runs(rows, lang))

    def _example(self, lang: str) -> str:
        """The message; where the messages differ the first one, as an example with its row."""
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
        """The next different values with their rows, and how many there are; nothing where all are the same."""
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
        """The faults by their value; those without one under ""."""
        found: dict[str, list[Fault]] = {}
        for fault in self.faults:
            found.setdefault(fault.value or "", []).append(fault)
        return found


def group_faults(faults: Iterable[Fault]) -> list[FaultGroup]:
    """Group faults, faults before warnings, each group where its first fault stood.

    Faults of one file, column and code are a group. Warnings that ask for nothing are one whatever their column, and so are all
    of a severity that would otherwise be too many groups.
    """
    made = []
    listed = list(faults)
    for severity, most in (("fault", MOST_FAULTS), ("warning", MOST_WARNINGS)):
        several = [fault for fault in listed if fault.severity == severity]
        groups = _grouped(several, lambda fault: fault.code not in _IDLE)
        made += groups if len(groups) <= most else _grouped(several, lambda _: False)
    return made


def _grouped(faults: Iterable[Fault], by_column: Callable[[Fault], bool]) -> list[FaultGroup]:
    groups: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        column = (fault.column, fault.letter) if by_column(fault) else ()
        groups.setdefault((fault.file, fault.code, column), []).append(fault)
    return [FaultGroup(group) for group in groups.values()]


def fault_lines(faults: Sequence[Fault], lang: str, *, every: bool = False) -> list[str]:
    """Format faults as few lines; the last one says how many are left out.

    Parameters
    ----------
    every : one line a fault, none left out.
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
    """Whether a file's header could be read; if not, its one fault says all there is to say."""
    return all(fault.code != _HEADER_CODE for fault in faults)


def _runs(rows: Iterable[int], lang: str, most: int = _RUNS) -> str:
    """Row numbers as ranges, the first `most` only."""
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
