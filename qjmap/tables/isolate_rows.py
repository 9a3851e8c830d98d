"""Isolate the rows on which a step fails with an unexpected exception: find them by bisection, blank them, repeat the step.

The step first runs on all rows, so that a table without such rows costs nothing more.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from qjmap.errors import Fault, QjmapError
from qjmap.internal_errors import row_failed
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import ROW, Parsed, TableFrame, frame_of

FAILED = "row-failed"
_NOT_OF_A_ROW = (MemoryError, OSError, QjmapError, zlib.error)
"""Exceptions that are never a row's fault: they come from the machine or a damaged installation, or this program raised them on purpose."""
T = TypeVar("T")
Rows = TypeVar("Rows", TableFrame, Parsed)


def by_row(rows: Rows, step: Callable[[Rows], T]) -> tuple[Rows, T]:
    """Run a step on a table; blank the rows on which it fails.

    Parameters
    ----------
    step : called with all rows; after an unexpected exception with subsets of them, and at last with the failing rows blanked. It must
        not modify its input.

    Returns
    -------
    the table, with the failing rows blanked (except for their numbers) and a fault `row-failed` for each; the result of the step.

    Raises
    ------
    Exception : what the step raises even without rows, or although the failing rows are blanked; one of `_NOT_OF_A_ROW` at once.
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
    """Find by bisection those of `count` rows on which a step, called with row indices, fails: row index -> the exception.

    Rows that fail alone are found first, then rows that fail only together with rows before them. An exception that the step raises
    without any rows is raised.
    """
    step([])
    return _failing(step, count)


def _failing(step: Callable[[Sequence[int]], object], count: int) -> dict[int, Exception]:
    """Do what `failing` does, for a step that is known to succeed without rows."""
    found: dict[int, Exception] = {}

    def look(rows: Sequence[int], error: Exception | None) -> None:
        if error is None:
            return
        if len(rows) == 1:
            found[rows[0]] = error
            return
        for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
            look(half, _raised(step, half))

    error = _raised(step, range(count)) if count else None
    if error is None:
        return found
    look(range(count), error)
    while True:
        rest = [at for at in range(count) if at not in found]
        error = _raised(step, rest)
        if error is None:
            return found
        good, bad = 0, len(rest)  # the step succeeds on the first `good` rows, and fails on the first `bad` rows
        while bad - good > 1:
            middle = (good + bad) // 2
            raised = _raised(step, rest[:middle])
            good, bad, error = (middle, bad, error) if raised is None else (good, middle, raised)
        found[rest[bad - 1]] = error


def tables_by_row(
    tables: Mapping[str, Parsed], step: Callable[[Mapping[str, Parsed]], T]
) -> tuple[Mapping[str, Parsed], T]:
    """Run a step that takes all tables of a project, and blank the rows on which it fails, as `by_row` does for one table.

    Returns and raises what `by_row` does, with all tables instead of one.
    """
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
    """Find the failing rows of each table: table -> row index -> the exception.

    Each table is tried first without the rows of the others, then together with them.
    """
    left = {name: list(range(len(one.frame))) for name, one in tables.items()}
    found: dict[str, dict[int, Exception]] = {}
    empty = {name: some_rows(one, []) for name, one in tables.items()}
    # If the step fails even with empty tables, trying one table alone would blame its rows wrongly.
    for others in (False, True) if _raised(step, empty) is None else (True,):
        if others and _raised(step, {name: some_rows(one, left[name]) for name, one in tables.items()}) is None:
            break
        for name, one in tables.items():
            around = {other: some_rows(all_of, left[other]) for other, all_of in tables.items()} if others else empty
            here = left[name]

            def alone(
                at: Sequence[int], *, name: str = name, one: Parsed = one, around: Any = around, here: Any = here
            ) -> None:
                step({**around, name: some_rows(one, [here[row] for row in at])})

            if others and _raised(alone, []) is not None:  # the cause is in another table
                continue
            for at, error in _failing(alone, len(here)).items():
                found.setdefault(name, {})[here[at]] = error
            left[name] = [row for row in here if row not in found.get(name, {})]
    return found


def _raised(step: Callable[[T], object], rows: T) -> Exception | None:
    """Return the exception that a step raises for some rows; None if it raises none. Raise those in `_NOT_OF_A_ROW`."""
    try:
        step(rows)
    except _NOT_OF_A_ROW:
        raise
    except Exception as error:
        return error
    return None


def some_rows(rows: Rows, at: Any) -> Rows:
    """Return the table with the rows at the given indices only."""
    here = np.asarray(at, dtype=np.int64)
    if isinstance(rows, TableFrame):
        return replace(rows, frame=rows.frame.iloc[here].reset_index(drop=True))
    return replace(rows, frame=rows.frame.iloc[here].reset_index(drop=True), raw=some_rows(rows.raw, at))


def emptied(rows: Rows, failed: Mapping[int, Exception]) -> Rows:
    """Return the table with all cells of some rows blanked except their row numbers, and with a fault `row-failed` for each of these rows.

    `failed` is row index -> the exception.
    """
    blank = np.array(sorted(failed), dtype=np.int64)
    tf: TableFrame = rows if isinstance(rows, TableFrame) else rows.raw
    if isinstance(rows, TableFrame):
        return replace(
            rows, frame=_blanked(tf.frame, blank), faults=one_fault_each((*tf.faults, *failures(tf, failed)))
        )
    return replace(
        rows,
        frame=_blanked(rows.frame, blank),
        raw=replace(tf, frame=_blanked(tf.frame, blank)),
        faults=one_fault_each((*rows.faults, *failures(tf, failed))),
        bad_rows=rows.bad_rows | {int(number) for number in tf.frame[ROW].to_numpy()[blank]},
    )


def failures(tf: TableFrame, failed: Mapping[int, Exception]) -> list[Fault]:
    """Log the exceptions of failed rows, and return a fault for each row, in the order of the rows."""
    names = cols.column(tf.frame, next(name for name in ("name", "title", "corridor") if name in tf.frame))
    numbers = tf.frame[ROW].to_numpy()
    return [
        replace(row_failed(error, tf.file, int(numbers[at]), str(names[at]) or None), sheet=tf.sheet)
        for at, error in sorted(failed.items())
    ]


def one_fault_each(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Drop the other faults of a row that has the fault `row-failed`, and repetitions of that fault."""
    failed = {(fault.file, fault.row) for fault in faults if fault.code == FAILED}
    if not failed:
        return tuple(faults)
    kept = [fault for fault in faults if fault.code == FAILED or (fault.file, fault.row) not in failed]
    first = {(fault.file, fault.row): fault for fault in reversed(kept) if fault.code == FAILED}
    return tuple(fault for fault in kept if fault.code != FAILED or first[fault.file, fault.row] is fault)


def _blanked(frame: pd.DataFrame, at: Any) -> pd.DataFrame:
    """Return a copy of a frame with all cells but the row number emptied in the rows at the indices `at`: NaN, () or ""."""
    columns: dict[str, Any] = {}
    for name in map(str, frame):
        values = cols.column(frame, name)
        if name != ROW:
            number = isinstance(values, np.ndarray) and values.dtype != object
            values = (values if number else cols.to_objects(values)).copy()
            for one in at:
                values[one] = np.nan if number else () if isinstance(values[one], tuple) else ""
        columns[name] = values
    return frame_of(columns)
