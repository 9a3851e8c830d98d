"""The checks that `check`, `add` and `build` run on tables. Those that look at single rows also run on each partition of a large table.

A new check is one more entry of `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qjmap.errors import Fault, Severity
from qjmap.geocoding import OfflineLocator
from qjmap.project import Project
from qjmap.tables import Parsed
from qjmap.validation.containment import addresses_outside, area_locator, misplaced_rows
from qjmap.validation.country_column import other_countries
from qjmap.validation.plausibility import KnownPositions, implausible_values, same_names, suspect_datums
from qjmap.validation.references import cycles, resolve_references, same_end_legs
from qjmap.validation.row_index import RowIndex


@dataclass(frozen=True)
class Facts:
    """Data that checks need besides the rows that they look at.

    Attributes
    ----------
    project : the project; None for a file that is checked without one.
    row_index : index of all rows that references may mean, by id and name.
    positions : known positions by name; see `known_positions`.
    places : the project's places with their references resolved; None without a project.
    """

    project: Project | None
    row_index: RowIndex
    positions: KnownPositions
    places: Parsed | None

    @cached_property
    def locator(self) -> OfflineLocator:
        """Locator that finds the administrative units which rows name."""
        return area_locator(self.places, self.project)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "locator"}


@dataclass(frozen=True)
class Check:
    """One check of a table whose references are resolved.

    Attributes
    ----------
    name : name for developers; messages do not show it.
    severity : severity of every fault that the check finds. "fault" keeps the row out: `add` runs these checks before it decides which rows
        of a file to add. It runs those with "warning" on the rows that it has accepted.
    find : function of the rows and the facts that returns the faults.
    compares_rows : whether the check compares rows of one table with one another. Of a partitioned table such a check gets those rows of
        all partitions that share an id or a name, or that other rows name; any other check gets the rows of one partition at a time.
    """

    name: str
    severity: Severity
    find: Callable[[Parsed, Facts], list[Fault]]
    compares_rows: bool = False


CHECKS = (
    Check("same names", "warning", lambda rows, _: same_names(rows), compares_rows=True),
    Check("part_of cycles", "fault", lambda rows, _: cycles(rows, "part_of"), compares_rows=True),
    Check("parent cycles", "fault", lambda rows, _: cycles(rows, "parent"), compares_rows=True),
    Check("leg ends", "fault", lambda rows, _: same_end_legs(rows)),
    Check("suspect datums", "warning", lambda rows, facts: suspect_datums(rows, facts.positions)),
    Check("plausibility", "warning", lambda rows, facts: implausible_values(rows, facts.project)),
    Check(
        "addresses",
        "warning",
        lambda rows, facts: [] if "sites" in facts.row_index.long else addresses_outside(rows, facts.locator),
    ),
    Check("countries", "warning", lambda rows, facts: other_countries(rows, facts.locator)),
    Check("containment", "warning", lambda rows, facts: misplaced_rows(rows, facts.locator)),
)


def run_checks(
    parsed: Parsed, facts: Facts, *, severity: Severity | None = None, compares_rows: bool | None = None
) -> list[Fault]:
    """Run checks on a table whose references are resolved, and return the faults.

    Parameters
    ----------
    severity, compares_rows : run only the checks with these attributes; None for any.
    """
    return [
        fault
        for check in CHECKS
        if severity in (None, check.severity) and compares_rows in (None, check.compares_rows)
        for fault in check.find(parsed, facts)
    ]


def check_partition(parsed: Parsed, facts: Facts) -> tuple[Parsed, list[Fault]]:
    """Resolve the references of some rows of a table, and run every check that looks at single rows.

    Return the rows with resolved references, and the faults of both steps.
    """
    parsed, faults = resolve_references(parsed, facts.row_index)
    return parsed, faults + run_checks(parsed, facts, compares_rows=False)
