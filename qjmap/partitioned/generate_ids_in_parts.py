"""Generate ids for rows that have none, by the rule of `tables.generate_ids`, without all texts in one process.

For each row without an id, the process that parses the partition returns 36 bytes (the row's index and four hashes) to the main process,
which answers with one byte: which of three forms the id has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.partitioned.sorted_hashes import Hashes, isin
from qjmap.tables import TableFrame, generate_ids, naming
from qjmap.tables.columns import operations as cols
from qjmap.tables.generate_ids import PLAIN, SIX, Forms
from qjmap.tables.slugs import slugs


@dataclass(frozen=True)
class RowsWithoutId:
    """The rows of a partition without an id.

    Attributes
    ----------
    positions : their indices in the partition.
    forms : hashes of the three possible ids of each row (`generate_ids.possible_ids`); 0 for a plain slug that is empty or too long.
    contents : hash of the contents of each row.
    """

    positions: npt.NDArray[np.int32]
    forms: tuple[Hashes, Hashes, Hashes]
    contents: Hashes


def rows_without_id(tf: TableFrame, ids: Any) -> RowsWithoutId | None:
    """Return the rows of a partition without an id, with their possible ids; None if every row has an id."""
    positions = np.flatnonzero(cols.is_empty(ids)).astype(np.int32)
    if not positions.size:
        return None
    texts, digests = _possible_ids(tf, ids, positions)
    contents = np.array([int(digest[:16], 16) for digest in digests], dtype=np.uint64)
    return RowsWithoutId(positions, tuple(map(cols.hash_array, texts)), contents)  # type: ignore[arg-type]


def _possible_ids(tf: TableFrame, ids: Any, positions: npt.NDArray[np.int32]) -> tuple[Any, list[str]]:
    """Return the three forms of each id, shape (3, n), and the SHA-256 of each row's contents in hexadecimal."""
    names, contents = naming(tf, cols.to_objects(ids))
    digests = [*map(generate_ids.digest_of, contents(positions.tolist()))]
    texts = np.empty((3, len(positions)), dtype=object)
    short = slugs([names[row] for row in positions.tolist()])
    for index, (one, digest) in enumerate(zip(short, digests, strict=True)):
        texts[:, index] = generate_ids.possible_ids(one, digest)
    return texts, digests


def choose_forms(partitions: Sequence[RowsWithoutId | None], used: Hashes) -> list[Forms | None]:
    """Choose the forms of the ids to be generated; return them for each partition, None for one whose rows all have ids.

    Parameters
    ----------
    used : sorted hashes of the existing ids of all tables.
    """
    affected = [rows for rows in partitions if rows is not None]
    if not affected:
        return [None] * len(partitions)
    plain, six = (np.concatenate([rows.forms[form] for rows in affected]) for form in (PLAIN, SIX))
    contents = np.concatenate([rows.contents for rows in affected])
    form = generate_ids.choose_forms(plain, six, contents, isin(plain, used))
    chunks = iter(np.split(form, np.cumsum([len(rows.positions) for rows in affected])[:-1]))
    return [None if rows is None else next(chunks) for rows in partitions]


def id_hashes(rows: RowsWithoutId, form: Forms) -> Hashes:
    """Return the hashes of the ids in the chosen forms."""
    return np.choose(form, rows.forms)


def fill_ids(tf: TableFrame, ids: Any, form: Forms | None) -> Any:
    """Return the ids of a partition, with missing ones generated in the given forms."""
    if form is None:
        return ids
    filled = cols.to_objects(ids).copy()
    positions = np.flatnonzero(cols.is_empty(ids)).astype(np.int32)
    filled[positions] = np.choose(form, list(_possible_ids(tf, ids, positions)[0]))
    return filled
