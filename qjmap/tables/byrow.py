"""The last line of defence of steps that take all rows at once: the rows on which a step fails are found and emptied.

A step that fails on all rows is tried on halves of them until the rows at fault are known. The rest keeps the quick way, and
costs nothing as long as nothing fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from qjmap.defence import row_failed
from qjmap.errors import Fault, QjmapError
from qjmap.tables import columns as cols
from qjmap.tables.frames import ROW, Parsed, TableFrame, frame_of

FAILED = "row-failed"
_NOT_OF_A_ROW = (MemoryError, OSError, QjmapError)
"""What comes of the machine or was meant, and not of what a row holds."""
T = TypeVar("T")
Rows = TypeVar("Rows", TableFrame, Parsed)


def by_row(rows: Rows, step: Callable[[Rows], T]) -> tuple[Rows, T]:
    """What a step makes of the rows of a table.

    Parameters
    ----------
    step : called with all rows, and after an unexpected exception with some of them, and at last with those emptied that it
        fails on. It must change nothing that it does not make itself.

    Returns
    -------
    the rows, those emptied (but for their numbers) on which the step fails, with the fault `row-failed` for each; what the
    step returned for these.
    """
    try:
        return rows, step(rows)
    except _NOT_OF_A_ROW:
        raise
    except Exception as error:
        unexpected = error
    failed = failing(lambda at: step(some_rows(rows, at)), len(rows.frame))
    if not failed:
        raise unexpected
    rest = emptied(rows, failed)
    return rest, step(rest)


def failing(step: Callable[[Sequence[int]], object], count: int) -> dict[int, Exception]:
    """The rows, of so many, without which a step does not fail, and what it raised: those on which it fails when they are
    alone, then those with which it fails after the ones before them.

    What it raises on no row at all is raised here too.
    """
    step([])
    found: dict[int, Exception] = {}

    def look(rows: Sequence[int]) -> None:
        error = _raised(step, rows)
        if error is None:
            return
        if len(rows) == 1:
            found[rows[0]] = error
            return
        look(rows[: len(rows) // 2])
        look(rows[len(rows) // 2 :])

    if count:
        look(range(count))
    while True:
        rest = [at for at in range(count) if at not in found]
        error = _raised(step, rest)
        if error is None:
            return found
        good, bad = 0, len(rest)  # of the first `bad` rows the step fails, of the first `good` it does not
        while bad - good > 1:
            middle = (good + bad) // 2
            raised = _raised(step, rest[:middle])
            good, bad, error = (middle, bad, error) if raised is None else (good, middle, raised)
        found[rest[bad - 1]] = error


def tables_by_row(
    tables: Mapping[str, Parsed], step: Callable[[Mapping[str, Parsed]], T]
) -> tuple[Mapping[str, Parsed], T]:
    """`by_row` of a step that takes all tables of a project together."""
    try:
        return tables, step(tables)
    except _NOT_OF_A_ROW:
        raise
    except Exception as error:
        unexpected = error
    failed = failing_rows(tables, step)
    if not failed:
        raise unexpected
    rest = {name: emptied(one, failed[name]) if name in failed else one for name, one in tables.items()}
    return rest, step(rest)


def failing_rows(
    tables: Mapping[str, Parsed], step: Callable[[Mapping[str, Parsed]], object]
) -> dict[str, dict[int, Exception]]:
    """Table -> the rows without which a step does not fail, and what it raised: each table is tried alone, then among the others."""
    left = {name: list(range(len(one.frame))) for name, one in tables.items()}
    found: dict[str, dict[int, Exception]] = {}
    for others in (False, True):
        for name, one in tables.items():
            around = {other: some_rows(all_of, left[other] if others else []) for other, all_of in tables.items()}
            here = left[name]

            def alone(at: Sequence[int], *, name: str = name, one: Parsed = one, around: Any = around, here: Any = here) -> None:
                step({**around, name: some_rows(one, [here[row] for row in at])})

            if _raised(alone, []) is not None:  # what is wrong stands in another table
                continue
            for at, error in failing(alone, len(here)).items():
                found.setdefault(name, {})[here[at]] = error
            left[name] = [row for row in here if row not in found.get(name, {})]
    return found


def _raised(step: Callable[[Sequence[int]], object], rows: Sequence[int]) -> Exception | None:
    try:
        step(rows)
    except _NOT_OF_A_ROW:
        raise
    except Exception as error:
        return error
    return None


def some_rows(rows: Rows, at: Any) -> Rows:
    """The table with some of its rows alone."""
    here = np.asarray(at, dtype=np.int64)
    if isinstance(rows, TableFrame):
        return replace(rows, frame=rows.frame.iloc[here].reset_index(drop=True))
    return replace(rows, frame=rows.frame.iloc[here].reset_index(drop=True), raw=some_rows(rows.raw, at))


def emptied(rows: Rows, failed: Mapping[int, Exception]) -> Rows:
    """The table with nothing in the cells of some rows but their numbers, each of them with its fault."""
    blank = np.array(sorted(failed), dtype=np.int64)
    tf: TableFrame = rows if isinstance(rows, TableFrame) else rows.raw
    if isinstance(rows, TableFrame):
        return replace(rows, frame=_blanked(tf.frame, blank), faults=one_fault_each((*tf.faults, *failures(tf, failed))))
    return replace(
        rows,
        frame=_blanked(rows.frame, blank),
        raw=replace(tf, frame=_blanked(tf.frame, blank)),
        faults=one_fault_each((*rows.faults, *failures(tf, failed))),
        bad_rows=rows.bad_rows | {int(number) for number in tf.frame[ROW].to_numpy()[blank]},
    )


def failures(tf: TableFrame, failed: Mapping[int, Exception]) -> list[Fault]:
    """The faults of rows that a step failed on; what it raised goes to the log."""
    names = cols.column(tf.frame, next(name for name in ("name", "title", "corridor") if name in tf.frame))
    numbers = tf.frame[ROW].to_numpy()
    return [
        replace(row_failed(error, tf.file, int(numbers[at]), str(names[at]) or None), sheet=tf.sheet)
        for at, error in sorted(failed.items())
    ]


def one_fault_each(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults, of a row on which the program failed that one alone: nothing else is known of it."""
    failed = {(fault.file, fault.row) for fault in faults if fault.code == FAILED}
    if not failed:
        return tuple(faults)
    kept = [fault for fault in faults if fault.code == FAILED or (fault.file, fault.row) not in failed]
    first = {(fault.file, fault.row): fault for fault in reversed(kept) if fault.code == FAILED}
    return tuple(fault for fault in kept if fault.code != FAILED or first[fault.file, fault.row] is fault)


def _blanked(frame: pd.DataFrame, at: Any) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name in map(str, frame):
        values = cols.column(frame, name)
        if name != ROW:
            number = isinstance(values, np.ndarray) and values.dtype != object
            values = (values if number else cols.objects(values)).copy()
            for one in at:
                values[one] = np.nan if number else () if isinstance(values[one], tuple) else ""
        columns[name] = values
    return frame_of(columns)
