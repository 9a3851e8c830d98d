"""Find rows of sources, sites, corridors, legs and indicators that say the same in several projects, by the cells that identify one.

A site must say where it is, and a corridor is another's double only with all of its legs.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from qjmap.including.same_places import Groups
from qjmap.schema import fold
from qjmap.tables.columns import ops as cols

IDENTIFYING: Mapping[str, tuple[str, ...]] = {
    "sources": ("title", "publisher", "published", "url"),
    "sites": ("name", "category", "place", "address", "orig_lon", "orig_lat"),
    "corridors": ("name", "area", "start"),
    "corridor_legs": ("corridor", "mode", "from", "to", "via"),
    "indicators": ("subject", "name", "kind", "period", "unit", "value", "qualifier"),
}
"""Cells that are the same in two rows of different projects which are one row."""
_WHERE: Mapping[str, tuple[str, ...]] = {"sites": ("place", "address", "orig_lon")}
"""Cells of which one must be filled."""
_NAMES = ("name", "title")


def same_rows(table: str, frame: Any, part_of: Any, besides: Sequence[Any] | None = None) -> Groups:
    """Return the groups of rows that are one.

    Parameters
    ----------
    frame : typed rows with ids of the atlas, what they refer to joined already.
    part_of : index of the project of each row.
    besides : what else must be the same, by row.
    """
    ids, parts = cols.to_objects(cols.column(frame, "id")).tolist(), part_of.tolist()
    groups = Groups(dict(zip(ids, parts, strict=True)))
    if len({*parts}) < 2:
        return groups
    columns = [[*map(_comparable(name), cols.to_objects(frame[name]))] for name in IDENTIFYING[table]]
    where = [cols.to_objects(frame[name]).tolist() for name in _WHERE.get(table, ())]
    says_where = [any(cells) for cells in zip(*where, strict=True)] if where else [True] * len(ids)
    same: dict[tuple[Any, ...], dict[int, str]] = {}
    for at in sorted((at for at in range(len(ids)) if says_where[at]), key=ids.__getitem__):
        key = (*(column[at] for column in columns), besides[at] if besides is not None else None)
        same.setdefault(key, {}).setdefault(parts[at], ids[at])
    groups.join(pair for some in same.values() for pair in itertools.pairwise(some.values()))
    return groups


def _comparable(name: str) -> Any:
    return fold if name in _NAMES else lambda value: "" if value != value else value
