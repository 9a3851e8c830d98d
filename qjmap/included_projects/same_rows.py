"""Find equal rows of sources, sites, corridors, legs and indicators in different projects, by the cells that identify a row.

Sites are only joined if they have a place, an address or coordinates; corridors only if all of their legs are equal too.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from qjmap.included_projects.same_places import Groups
from qjmap.schema import fold
from qjmap.tables.columns import operations as cols

IDENTIFYING: Mapping[str, tuple[str, ...]] = {
    "sources": ("title", "publisher", "published", "url"),
    "sites": ("name", "category", "place", "address", "orig_lon", "orig_lat"),
    "corridors": ("name", "area", "start"),
    "corridor_legs": ("corridor", "mode", "from", "to", "via"),
    "indicators": ("subject", "name", "kind", "period", "unit", "value", "qualifier"),
}
"""Table -> the columns in which two rows of different projects must be equal to be joined."""
_WHERE: Mapping[str, tuple[str, ...]] = {"sites": ("place", "address", "orig_lon")}
"""Table -> columns of which at least one must be filled for a row to be joined."""
_NAMES = ("name", "title")


def same_rows(table: str, frame: Any, project_of: Any, besides: Sequence[Any] | None = None) -> Groups:
    """Return the groups of equal rows of different projects.

    Parameters
    ----------
    frame : rows with parsed values and ids of the atlas. The rows to which they refer must have been joined before.
    project_of : index of the project of each row.
    besides : for each row a further value that must be equal.
    """
    ids, projects = cols.to_objects(cols.column(frame, "id")).tolist(), project_of.tolist()
    groups = Groups(dict(zip(ids, projects, strict=True)))
    if len({*projects}) < 2:
        return groups
    columns = [[*map(_comparable(name), cols.to_objects(frame[name]))] for name in IDENTIFYING[table]]
    where = [cols.to_objects(frame[name]).tolist() for name in _WHERE.get(table, ())]
    says_where = [any(cells) for cells in zip(*where, strict=True)] if where else [True] * len(ids)
    same: dict[tuple[Any, ...], dict[int, str]] = {}
    for at in sorted((at for at in range(len(ids)) if says_where[at]), key=ids.__getitem__):
        key = (*(column[at] for column in columns), besides[at] if besides is not None else None)
        same.setdefault(key, {}).setdefault(projects[at], ids[at])
    groups.join(pair for some in same.values() for pair in itertools.pairwise(some.values()))
    return groups


def _comparable(name: str) -> Any:
    """Return the function that makes the cells of a column comparable: names are folded, NaN becomes ""."""
    return fold if name in _NAMES else lambda value: "" if value != value else value
