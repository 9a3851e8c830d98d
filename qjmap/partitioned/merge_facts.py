"""Merge the facts about all partitions: generate missing ids, find shared ids and names, run the checks that compare rows.

The texts of all rows are never in memory at once. Hashes show which partitions have rows that these checks need, and only those
rows are collected. The result equals that of `validation.check` for a table in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from qjmap.engine import Engine
from qjmap.errors import DataFaults, Fault, Severity
from qjmap.partitioned.collect_rows import concat_parsed, select_rows
from qjmap.partitioned.generate_ids_in_parts import choose_forms, id_hashes
from qjmap.partitioned.parse_partition import (
    WITH_DATUM,
    WITHOUT_DATUM,
    PartitionFacts,
    Task,
    collect_facts,
    position_kinds,
    read_task,
    unlisted_faults,
)
from qjmap.partitioned.row_numbers import RowNumbers, in_its_file
from qjmap.partitioned.sorted_hashes import Hashes, duplicated, hash_set, isin, sorted_hashes
from qjmap.project import Project
from qjmap.schema import TABLES, fold
from qjmap.tables import Parsed, empty_table, ids, order_of_fault, parse, read_table
from qjmap.tables.columns import operations as cols
from qjmap.tables.isolate_rows import FAILED, tables_by_row
from qjmap.tables.own_columns import ColumnFacts, OwnColumn, decide, own_names
from qjmap.tables.partitions import split_file, table_partitions
from qjmap.validation import Step
from qjmap.validation.check_project import check_tables, ids_in_use
from qjmap.validation.checks import Facts
from qjmap.validation.long_tables import is_long
from qjmap.validation.own_column_warnings import decide_own_columns
from qjmap.validation.row_index import References, RowIndex, references_by_column, with_parts

TABLE = "sites"
"""The table that may be larger than memory; the other tables are read as a whole."""
LISTED_DUPLICATES = 20_000
"""Number of rows that share an id, and number of rows that share a name, up to which each row gets a fault or warning; further ids and
names are only counted.
"""


@dataclass
class Merged:
    """The state of a project after the first pass.

    Attributes
    ----------
    tasks : the partitions of the sites, with the forms of their generated ids.
    partitions : the facts about each partition.
    ids : hashes of each partition's ids.
    tables : the other tables; under "sites" the few rows that checks and other tables need, numbered over all partitions.
    facts : data that the checks of single rows need: index of ids and names, known positions, places.
    faults : all faults so far, with the files and row numbers of the partitions.
    numbers : name of a partitioned table in messages -> its row numbers.
    shown : name of the table of sites in messages.
    """

    tasks: list[Task]
    partitions: list[PartitionFacts]
    ids: list[Hashes]
    tables: dict[str, Parsed]
    facts: Facts
    faults: list[Fault]
    numbers: dict[str, RowNumbers]
    shown: str

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the columns of all partitions that the schema does not define, in the order of their first occurrence."""
        return _unknown(self.partitions)

    @property
    def words(self) -> frozenset[str]:
        """Return the columns of words as typed (such as ``category_word``) that are filled in some partition."""
        return frozenset().union(*(one.words for one in self.partitions))

    @property
    def own(self) -> dict[str, tuple[OwnColumn, ...]]:
        """Return for each table the types and visibility of the columns that the user added."""
        facts = {
            name: sum((one.own[name] for one in self.partitions if name in one.own), ColumnFacts())
            for name in own_names(TABLES[TABLE], self.unknown)
        }
        others = {name: parsed for name, parsed in self.tables.items() if name != TABLE}
        decided = decide_own_columns(self.facts.project, others)
        settings = self.facts.project.settings.columns if self.facts.project else None
        return {**decided, TABLE: decide(TABLES[TABLE], facts, settings)}

    @property
    def rows(self) -> int:
        """Return the number of sites."""
        return sum(facts.rows for facts in self.partitions)


def merge_facts(project: Project, engine: Engine, *, step: Step | None = None) -> Merged:
    """Run the first pass over all partitions of the sites, read the other tables, and run the checks that compare rows.

    Parameters
    ----------
    step : called with "look", the number of partitions read so far, and the number of all.

    Raises
    ------
    DataFaults : as in `table_partitions`; also if the program itself failed on rows.
    UsageError : a partition or another table cannot be read.
    """
    numbers: dict[str, RowNumbers] = {}
    faults: list[Fault] = []
    tables = {name: read_whole(project, name, numbers, faults) for name in TABLES if name != TABLE}
    shown, tasks = _tasks(project, engine, tables["places"])
    partitions: list[PartitionFacts] = []
    for facts in engine.map(collect_facts, tasks):
        partitions.append(facts)
        if step:
            step("look", len(partitions), len(tasks))
    numbers[shown] = _row_numbers(shown, tasks, partitions)
    faults += [fault for facts in partitions for fault in facts.faults]
    faults += unlisted_faults(shown, sum((facts.unlisted for facts in partitions), Counter()))
    if any(
        fault.code == FAILED for fault in faults
    ):  # the facts about these rows are missing, so checks that compare rows would be wrong
        raise DataFaults(sorted((in_its_file(fault, numbers) for fault in faults), key=order_of_fault))
    tasks, hashes = _fill_ids(tables, tasks, partitions)
    duplicates, unlisted = _duplicates(shown, hashes, [facts.names for facts in partitions])
    tables[TABLE] = _collect_needed(project, engine, tables, tasks, partitions, hashes, numbers[shown], duplicates)
    long = {name for name, table in tables.items() if is_long(len(table.frame))}
    long |= {TABLE} if is_long(sum(facts.rows for facts in partitions)) else set()
    ordered = {name: tables[name] for name in TABLES}
    checked, facts_of_all, new_faults = tables_by_row(
        ordered,
        lambda some: check_tables(
            project,
            some,
            RowIndex(long={*long}),
            selected=(TABLE,),
            references=_references(tables, partitions),
            taken=lambda: _UsedIds(ids_in_use(tables.values()), sorted_hashes(hashes)),
        ),
    )[1]
    all_faults = [in_its_file(fault, numbers) for fault in (*faults, *unlisted, *new_faults)]
    return Merged(tasks, partitions, hashes, checked, facts_of_all, all_faults, numbers, shown)


def _tasks(project: Project, engine: Engine, places: Parsed) -> tuple[str, list[Task]]:
    """Return the name of the table of sites in messages, and its partitions, already parsed if a serial engine has room for all."""
    path = project.table_path(TABLE)
    partitions = table_partitions(project, TABLE, engine.partition_bytes)
    shown = project.display_path(path if partitions is None else project.data / TABLE)
    if partitions is None:
        partitions = split_file(path, shown, engine.partition_bytes) if path.is_file() else []
    tasks = [Task(partition, vocabularies=project.settings.vocabularies, places=places) for partition in partitions]
    size = sum({partition.path: partition.path.stat().st_size for partition in partitions}.values())
    if engine.in_process and size <= engine.partition_bytes:
        tasks = [replace(task, parsed=read_task(task)) for task in tasks]
    return shown, tasks


def _row_numbers(shown: str, tasks: Sequence[Task], partitions: Sequence[PartitionFacts]) -> RowNumbers:
    """Number the rows of all files consecutively. Partitions of one file share its row numbers."""
    files: list[str] = []
    offsets: list[int] = []
    last = 0
    for task, facts in zip(tasks, partitions, strict=True):
        if not files or files[-1] != task.partition.shown:
            files.append(task.partition.shown)
            offsets.append(last)
        last = max(last, offsets[-1] + facts.last)
    return RowNumbers(shown, files, offsets)


def read_whole(project: Project, name: str, numbers: dict[str, RowNumbers], faults: list[Fault]) -> Parsed:
    """Read a table other than the sites as a whole, from one file or several; missing ids stay empty.

    Parameters
    ----------
    numbers, faults : are extended by the row numbers and the faults of a table in several files.

    Raises
    ------
    DataFaults, UsageError : as in `table_partitions` and `read_table`.
    """
    table, path = TABLES[name], project.table_path(name)
    partitions = table_partitions(project, name)
    if partitions is None:
        shown = project.display_path(path)
        words = project.settings.vocabularies
        raw = read_table(path, table, shown=shown, vocabularies=words) if path.is_file() else empty_table(table, shown)
        return parse(raw if raw.header else empty_table(table, shown), fill_ids=False)
    shown = project.display_path(project.data / name)
    parsed, files, offsets, last = [], [], [], 0
    for partition in partitions:
        task = Task(partition, name, vocabularies=project.settings.vocabularies)
        faults += read_task(task).faults
        files.append(partition.shown)
        offsets.append(last)
        parsed.append(select_rows(task, last, None, np.empty(0, dtype=np.uint64)))
        last = max([last, *parsed[-1].frame["_row"]])
    numbers[shown] = RowNumbers(shown, files, offsets)
    return concat_parsed(parsed, name, shown)


@dataclass(frozen=True)
class _UsedIds(Container[str]):
    """Set of ids, given partly as texts and partly as sorted hashes."""

    texts: set[str]
    hashes: Hashes

    def __contains__(self, text: object) -> bool:
        return text in self.texts or bool(isin(hash_set([str(text)]), self.hashes).any())


def _fill_ids(
    tables: dict[str, Parsed], tasks: Sequence[Task], partitions: Sequence[PartitionFacts]
) -> tuple[list[Task], list[Hashes]]:
    """Generate missing ids, table after table, unique over all tables.

    Changes `tables` in place. Returns the tasks with the forms of their ids, and the hashes of all ids of each partition.
    """
    used = ids_in_use(tables.values())
    hashes = [facts.ids for facts in partitions]
    sites = sorted_hashes(hashes)
    forms = None
    for name in TABLES:
        if name == TABLE:
            forms = choose_forms([facts.without_id for facts in partitions], sorted_hashes([sites, hash_set(used)]))
            for index, (facts, form) in enumerate(zip(partitions, forms, strict=True)):
                if form is not None and facts.without_id is not None:
                    hashes[index] = facts.ids.copy()
                    hashes[index][facts.without_id.positions] = id_hashes(facts.without_id, form)
            sites = sorted_hashes(hashes)
            continue
        parsed = tables[name]
        existing = cols.column(parsed.frame, "id")
        if cols.is_empty(existing).any():
            filled = ids(parsed.raw, {"id": existing}, _UsedIds(used - set(cols.to_objects(existing)), sites))
            used.update(cols.to_objects(filled))
            tables[name] = parsed.with_columns({"id": filled})
    return [replace(task, id_forms=form) for task, form in zip(tasks, forms or (), strict=True)], hashes


def _duplicates(
    shown: str, id_hashes: Sequence[Hashes], names: Sequence[Hashes]
) -> tuple[tuple[Hashes, Hashes], list[Fault]]:
    """Return hashes of the ids, and of the names, that several rows share, and faults with the number of those beyond the limit."""
    listed, unlisted = [], []
    kinds: tuple[tuple[str, Severity, Sequence[Hashes]], ...] = (
        ("ids-unlisted", "fault", id_hashes), ("names-unlisted", "warning", names),
    )  # fmt: skip
    for code, severity, hashes in kinds:
        kept, count = limit_duplicates(hashes, LISTED_DUPLICATES)
        listed.append(kept)
        unlisted += [Fault(shown, None, None, None, code, {"count": count}, severity)] if count else []
    return (listed[0], listed[1]), unlisted


def limit_duplicates(partitions: Sequence[Hashes], rows: int) -> tuple[Hashes, int]:
    """Return the hashes that occur more than once, sorted, and the number of such hashes that were left out.

    Hashes are taken in the order of their first occurrence as long as together they occur in at most `rows` rows; the rest is left out.
    """
    repeated = duplicated(partitions)
    if not len(repeated):
        return repeated, 0
    codes, unique = pd.factorize(np.concatenate([hashes[isin(hashes, repeated)] for hashes in partitions]))
    listed = np.cumsum(np.bincount(codes)) <= rows
    return np.sort(unique[listed]), int((~listed).sum())


def _collect_needed(
    project: Project, engine: Engine, tables: dict[str, Parsed], tasks: Sequence[Task],
    partitions: Sequence[PartitionFacts], id_hashes: Sequence[Hashes], numbers: RowNumbers, duplicates: tuple[Hashes, Hashes],
) -> Parsed:  # fmt: skip
    """Collect the sites that share an id or name, to which rows refer, or whose datum must be compared; all sites of a short table."""
    references = {name for names in project.settings.places_named().values() for name in names}
    references |= with_parts(_references(tables, partitions))
    needed = {*references, *(text.lower() for text in references), *ids_in_use(tables.values())}
    ids_needed = sorted_hashes([hash_set(needed), duplicates[0]])
    names_needed = sorted_hashes(
        [hash_set({fold(text) for text in references}), duplicates[1], _comparable_names(tables, partitions)]
    )
    select_all = not is_long(sum(facts.rows for facts in partitions))
    selected = [
        (task, numbers.offset(task.partition.shown))
        for task, facts, hashes in zip(tasks, partitions, id_hashes, strict=True)
        if select_all
        or isin(hashes, ids_needed).any()
        or isin(facts.names, names_needed).any()
        or isin(facts.aliases, names_needed).any()
    ]
    shared = engine.share((None if select_all else ids_needed, names_needed))
    return concat_parsed([*engine.map(_select, selected, shared)], TABLE, numbers.shown, _unknown(partitions))


def _references(tables: Mapping[str, Parsed], partitions: Sequence[PartitionFacts]) -> References:
    """Return the distinct references of all rows by table and column."""
    found = {**references_by_column(*(parsed for name, parsed in tables.items() if name != TABLE))}
    for facts in partitions:
        for key, texts in facts.references.items():
            found[key] = found.get(key, frozenset()) | texts
    return found


def _select(task_and_offset: tuple[Task, int], hashes: tuple[Hashes | None, Hashes]) -> Parsed:
    return select_rows(*task_and_offset, *hashes)


def _unknown(partitions: Sequence[PartitionFacts]) -> tuple[str, ...]:
    """Return the own columns of all partitions, each once."""
    return tuple(dict.fromkeys(name for facts in partitions for name in facts.unknown))


def _comparable_names(tables: dict[str, Parsed], partitions: Sequence[PartitionFacts]) -> Hashes:
    """Return hashes of the names that occur both in rows with a stated datum and in rows without one, over all tables."""
    named = [(facts.names, facts.positions) for facts in partitions]
    named += [
        (cols.hash_array(table.keys), position_kinds(table)) for table in tables.values() if "lon" in table.raw.table
    ]
    without: list[Any] = [names[kinds == WITHOUT_DATUM] for names, kinds in named]
    if not any(map(len, without)):
        return np.empty(0, dtype=np.uint64)
    with_datum = sorted_hashes(names[kinds == WITH_DATUM] for names, kinds in named)
    return sorted_hashes([names[isin(names, with_datum)] for names in without], unique=True)
