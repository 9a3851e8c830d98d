"""A part alone: its own faults, and what must be known of it before any part can be judged among all the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qjmap.checks.references import references_of
from qjmap.errors import Fault, Many
from qjmap.export.files import number_kinds
from qjmap.export.rows import TYPED_NUMBERS
from qjmap.parts.hashing import Hashes, hash_set, hashes
from qjmap.parts.slugged import Forms, Unnamed, filled, unnamed
from qjmap.schema import TABLES, fold_all
from qjmap.tables import ROW, Parsed, order_of_fault, parse
from qjmap.tables import columns as cols
from qjmap.tables.byrow import by_row
from qjmap.tables.frames import with_columns
from qjmap.tables.parts import Part, read_part

LISTED = 1_000
"""Faults of a part that are kept one by one; the others are counted."""
OPEN, KNOWN = 1, 2
"""A row with a position and no datum; with both."""
_SAMPLED = 256


@dataclass(frozen=True)
class Item:
    """A part of a table as tasks take it: which it is, and the forms of the ids of its rows without one, once settled."""

    part: Part
    table: str = "sites"
    forms: Forms | None = None


@dataclass(frozen=True)
class Looked:
    """What a part tells of itself: some 17 bytes a row, and a little more.

    Attributes
    ----------
    rows, last : how many rows it has, and the greatest row number.
    unlisted : faults that are not among `faults`.
    unknown : columns that the table does not know.
    references : every text by which its rows name others.
    ids, names : numbers of each row's id and folded name, 0 where there is none.
    aliases : numbers of the folded aliases, sorted.
    positions : of each row 0, `OPEN` or `KNOWN`; None where no row is open.
    sample : some ids, to cut the order of all ids into even ranges.
    numeric : columns of coordinates as typed: whether some cells leave as numbers, whether some leave as texts.
    """

    rows: int
    last: int
    faults: tuple[Fault, ...]
    unlisted: int
    unknown: tuple[str, ...]
    references: frozenset[str]
    ids: Hashes
    names: Hashes
    aliases: Hashes
    positions: npt.NDArray[np.uint8]
    unnamed: Unnamed | None
    sample: tuple[str, ...]
    numeric: dict[str, tuple[bool, bool]]


def read(item: Item) -> Parsed:
    """What the cells of a part mean; rows without an id have that of their form, or still none."""
    table = TABLES[item.table]
    parsed = parse(read_part(item.part, table), fill_ids=False)
    if item.forms is None:
        return parsed
    own = filled(parsed.raw, cols.column(parsed.frame, "id"), item.forms)
    return replace(parsed, frame=with_columns(parsed.frame, {"id": own}))


def look(item: Item, whole: bool) -> Looked:
    """The first look at a part.

    Parameters
    ----------
    whole : also say how coordinates as typed leave, which only some formats ask.
    """
    return by_row(read(item), lambda rows: _looked(rows, whole))[1]


def _looked(parsed: Parsed, whole: bool) -> Looked:
    frame = parsed.frame
    own = cols.column(frame, "id")
    count = len(frame)
    aliases = frame["aliases"] if "aliases" in frame and "aliases" in parsed.raw.typed else ()
    words = sorted({word for several in aliases for word in several})
    sampled = cols.objects(own[:: max(1, count // _SAMPLED)]).tolist()
    kept, unlisted = few(parsed.faults)
    return Looked(
        rows=count,
        last=int(frame[ROW].max()) if count else 0,
        faults=kept,
        unlisted=unlisted,
        unknown=parsed.raw.unknown,
        references=frozenset(references_of(parsed)),
        ids=hashes(own),
        names=hashes(parsed.keys),
        aliases=hash_set(fold_all(words)),
        positions=_positions(parsed),
        unnamed=unnamed(parsed.raw, own),
        sample=tuple(one for one in sampled if one),
        numeric={name: number_kinds(cols.column(frame, name)) for name in TYPED_NUMBERS if whole and name in frame},
    )


def _positions(parsed: Parsed) -> npt.NDArray[np.uint8]:
    frame = parsed.frame
    if "lon" not in parsed.raw.table:
        return np.zeros(len(frame), dtype=np.uint8)
    placed = ~np.isnan(frame["lon"].to_numpy())
    datum = frame["datum"].to_numpy() != ""
    return np.where(placed, np.where(datum, KNOWN, OPEN), 0).astype(np.uint8)


def few(faults: Iterable[Fault]) -> tuple[tuple[Fault, ...], int]:
    """The first faults of a part, with no more of their rows than messages show, and how many others there are."""
    ordered: Sequence[Fault] = sorted(faults, key=order_of_fault)
    kept = []
    for fault in ordered[:LISTED]:
        rows = fault.params.get("rows")
        long = isinstance(rows, list) and len(rows) > 100
        kept.append(replace(fault, params={**fault.params, "rows": Many(rows)}) if long else fault)  # type: ignore[arg-type]
    return tuple(kept), max(0, len(ordered) - LISTED)
