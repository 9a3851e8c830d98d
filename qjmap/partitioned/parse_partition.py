"""First pass: parse a partition; return its faults, and the facts about its rows that checks across partitions need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qjmap.errors import Fault, RowNumbers, Severity
from qjmap.partitioned.generate_ids_in_parts import RowsWithoutId, fill_ids, rows_without_id
from qjmap.partitioned.sorted_hashes import Hashes, hash_set
from qjmap.schema import TABLES, fold_all
from qjmap.tables import ROW, Parsed, order_of_fault, parse
from qjmap.tables.columns import operations as cols
from qjmap.tables.generate_ids import Forms
from qjmap.tables.isolate_rows import by_row
from qjmap.tables.own_columns import ColumnFacts
from qjmap.tables.partitions import Partition, read_partition
from qjmap.tables.table_frame import filled_words
from qjmap.validation.row_index import references_by_column
from qjmap.validation.settle_places import settle_places
from qjmap.vocabulary import BUILT_IN, Vocabularies

LISTED = 1_000
"""Number of faults, and number of warnings, that are returned for one partition; further ones are only counted."""
WITHOUT_DATUM, WITH_DATUM = 1, 2
"""Kinds of rows with a position; a row without a position has kind 0."""
_SAMPLED_IDS = 256
"""Approximate number of ids of a partition that are sampled for the external sort."""


@dataclass(frozen=True)
class Task:
    """A partition of a table that a worker process reads and parses.

    Attributes
    ----------
    partition, table : the rows to read, and the name of their table.
    id_forms : forms of its generated ids (see `generate_ids`); None before the first pass, or if no id is missing.
    parsed : the parsed partition, if it is kept in memory between the passes.
    vocabularies : vocabularies of the project, by which cells are parsed.
    places : the project's places; None for partitions of another table than the sites.
    """

    partition: Partition
    table: str = "sites"
    id_forms: Forms | None = None
    parsed: Parsed | None = None
    vocabularies: Vocabularies = BUILT_IN
    places: Parsed | None = None


@dataclass(frozen=True)
class PartitionFacts:
    """Facts about the rows of a partition; they take about 17 bytes a row.

    Attributes
    ----------
    rows, last : number of rows, and the greatest row number; 0 without rows.
    faults : the listed faults and warnings, see `limit_faults`.
    unlisted : severity -> number of faults or warnings that are not listed.
    unknown : columns that the schema does not define.
    own : header of a column in `unknown` -> facts about its cells, from which its type is determined.
    words : columns of words as typed (such as ``category_word``) that are filled in some row.
    references : distinct references in its rows, by table and column.
    ids, names : hash of each row's id and of its folded name; 0 if it has none.
    aliases : sorted hashes of the folded aliases.
    positions : for each row 0, `WITHOUT_DATUM` or `WITH_DATUM`.
    without_id : the rows that have no id; None if all have one.
    sampled_ids : regularly sampled ids, from which `external_sort.range_bounds` estimates the ranges.
    """

    rows: int
    last: int
    faults: tuple[Fault, ...]
    unlisted: Counter[Severity]
    unknown: tuple[str, ...]
    own: dict[str, ColumnFacts]
    words: frozenset[str]
    references: Mapping[tuple[str, str], frozenset[str]]
    ids: Hashes
    names: Hashes
    aliases: Hashes
    positions: npt.NDArray[np.uint8]
    without_id: RowsWithoutId | None
    sampled_ids: tuple[str, ...]


def read_task(task: Task) -> Parsed:
    """Read and parse a partition; missing ids are generated if their forms are known. Raises the errors of `read_partition`."""
    parsed = task.parsed
    if parsed is None:
        parsed = parse(read_partition(task.partition, TABLES[task.table], task.vocabularies), fill_ids=False)
        parsed = settle_places(parsed, task.places)
    if task.id_forms is None:
        return parsed
    ids = fill_ids(parsed.raw, cols.column(parsed.frame, "id"), task.id_forms)
    return parsed.with_columns({"id": ids})


def collect_facts(task: Task) -> PartitionFacts:
    """Run the first pass over a partition. Raises the errors of `read_partition`."""
    return by_row(read_task(task), _facts)[1]


def _facts(parsed: Parsed) -> PartitionFacts:
    """Return the facts about a parsed partition."""
    frame = parsed.frame
    ids = cols.column(frame, "id")
    count = len(frame)
    aliases = frame["aliases"] if "aliases" in frame and "aliases" in parsed.raw.typed else ()
    distinct_aliases = sorted({alias for cell in aliases for alias in cell})
    sampled = cols.to_objects(ids[:: max(1, count // _SAMPLED_IDS)]).tolist()
    listed, unlisted = limit_faults(parsed.faults)
    return PartitionFacts(
        rows=count,
        last=int(frame[ROW].max()) if count else 0,
        faults=listed,
        unlisted=unlisted,
        unknown=parsed.raw.unknown,
        own=parsed.own_facts,
        words=filled_words(parsed.raw.table, frame),
        references=references_by_column(parsed),
        ids=cols.hash_array(ids),
        names=cols.hash_array(parsed.keys),
        aliases=hash_set(fold_all(distinct_aliases)),
        positions=position_kinds(parsed),
        without_id=rows_without_id(parsed.raw, ids),
        sampled_ids=tuple(filter(None, sampled)),
    )


def position_kinds(parsed: Parsed) -> npt.NDArray[np.uint8]:
    """Return for each row 0 (no position), `WITHOUT_DATUM` or `WITH_DATUM`."""
    frame = parsed.frame
    if "lon" not in parsed.raw.table:
        return np.zeros(len(frame), dtype=np.uint8)
    with_datum = np.where(frame["datum"].to_numpy() != "", WITH_DATUM, WITHOUT_DATUM)
    return np.where(np.isnan(frame["lon"].to_numpy()), 0, with_datum).astype(np.uint8)


def limit_faults(faults: Iterable[Fault]) -> tuple[tuple[Fault, ...], Counter[Severity]]:
    """Return the first `LISTED` faults and the first `LISTED` warnings of a partition, and how many more there are of each severity.

    A long list of row numbers in a fault is shortened to what messages show.
    """
    seen: Counter[Severity] = Counter()
    listed = []
    for fault in sorted(faults, key=order_of_fault):
        seen[fault.severity] += 1
        if seen[fault.severity] <= LISTED:
            rows = fault.params.get("rows")
            long = isinstance(rows, list) and len(rows) > 100
            listed.append(replace(fault, params={**fault.params, "rows": RowNumbers(rows)}) if long else fault)  # type: ignore[arg-type]
    return tuple(listed), Counter({severity: count - LISTED for severity, count in seen.items() if count > LISTED})


def unlisted_faults(file: str, counts: Mapping[Severity, int]) -> list[Fault]:
    """Return a fault with the number of faults that are not listed, and a warning with that of warnings; nothing for a number of 0.

    Parameters
    ----------
    counts : number of unlisted faults by severity.
    """
    return [
        Fault(file, None, None, None, f"{severity}s-unlisted", {"count": count}, severity)
        for severity, count in sorted(counts.items())
    ]
