"""Isolate rows on which a step fails with an unexpected exception: bisect the table, blank those rows, go on with
the others.

The step runs on all rows first, so a table without such rows costs nothing more. Where it raises, halves are tried until the rows
at fault are known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from qjmap.errors import Fault, QjmapError
from qjmap.internal_errors import row_failed
from qjmap.tables.columns import ops as cols
from qjmap.tables.frame import ROW, Parsed, TableFrame, frame_of

FAILED = "row-failed"
_NOT_OF_A_ROW = (MemoryError, OSError, QjmapError)
"""What comes of the machine or was meant, and not of what a row holds."""
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
    the table, with the failing rows blanked (but for their numbers) and the fault `row-failed` for each; the result of the step.
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
    """Find by bisection the rows on which a step fails: row index -> the exception.

    First the rows that fail alone, then those that fail together with the ones before them. An exception that the step raises without
    any row is raised again.
    """
    step([])
    return _failing(step, count)


def _failing(step: Callable[[Sequence[int]], object], count: int) -> dict[int, Exception]:
    """Find the rows by bisection, where the step is known to succeed without any row."""
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
        good, bad = 0, len(rest)  # of the first `bad` rows the step fails, of the first `good` it does not
        while bad - good > 1:
            middle = (good + bad) // 2
            raised = _raised(step, rest[:middle])
            good, bad, error = (middle, bad, error) if raised is None else (good, middle, raised)
        found[rest[bad - 1]] = error


def tables_by_row(
    tables: Mapping[str, Parsed], step: Callable[[Mapping[str, Parsed]], T]
) -> tuple[Mapping[str, Parsed], T]:
    """Run a step that takes all tables of a project, as `by_row` runs one on a single table."""
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
    """Find the failing rows of each table, first table by table, then of all together: table -> row index -> the
    exception.
    """
    left = {name: list(range(len(one.frame))) for name, one in tables.items()}
    found: dict[str, dict[int, Exception]] = {}
    empty = {name: some_rows(one, []) for name, one in tables.items()}
    # Where all tables fail without a row, none of them fails for a row alone.
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

            if others and _raised(alone, []) is not None:  # what is wrong stands in another table
                continue
            for at, error in _failing(alone, len(here)).items():
                found.setdefault(name, {})[here[at]] = error
            left[name] = [row for row in here if row not in found.get(name, {})]
    return found


def _raised(step: Callable[[T], object], rows: T) -> Exception | None:
    try:
        step(rows)
    except _NOT_OF_A_ROW:
        raise
    except Exception as error:
        return error
    return None


def some_rows(rows: Rows, at: Any) -> Rows:
    """Return the table with a subset of its rows."""
    here = np.asarray(at, dtype=np.int64)
    if isinstance(rows, TableFrame):
        return replace(rows, frame=rows.frame.iloc[here].reset_index(drop=True))
    return replace(rows, frame=rows.frame.iloc[here].reset_index(drop=True), raw=some_rows(rows.raw, at))


def emptied(rows: Rows, failed: Mapping[int, Exception]) -> Rows:
    """Blank all cells of some rows but their numbers, and add a fault for each."""
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
    """Log the exceptions of failed rows, and return a fault for each."""
    names = cols.column(tf.frame, next(name for name in ("name", "title", "corridor") if name in tf.frame))
    numbers = tf.frame[ROW].to_numpy()
    return [
        replace(row_failed(error, tf.file, int(numbers[at]), str(names[at]) or None), sheet=tf.sheet)
        for at, error in sorted(failed.items())
    ]


def one_fault_each(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Keep `row-failed` as the only fault of a row on which the program failed."""
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
            values = (values if number else cols.to_objects(values)).copy()
            for one in at:
                values[one] = np.nan if number else () if isinstance(values[one], tuple) else ""
        columns[name] = values
    return frame_of(columns)
