"""The road of a table in parts, from a project's folder to its faults, to what an atlas is made of, and to the file of its sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from qjmap.checks.references import cycles
from qjmap.engine import Engine
from qjmap.errors import Fault
from qjmap.export.bulk import text_bytes
from qjmap.export.files import csv_header, geo_metadata, write_row_groups
from qjmap.export.geojson import COLLECTION_END, collection_head
from qjmap.export.rows import TYPED_NUMBERS
from qjmap.files import parts_of
from qjmap.model import Beyond
from qjmap.parts.finishing import Finished, Plan, Shared, csv_line, finish
from qjmap.parts.hashing import among, hash_set, in_order
from qjmap.parts.joining import stacked
from qjmap.parts.runs import Runs, bounds
from qjmap.parts.settling import TABLE, Settled, Step, settle
from qjmap.points import CRS
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.siting import Belongs
from qjmap.tables import ROW, Parsed, frame_of, order_of_fault
from qjmap.tables.byrow import one_fault_each

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class Travelled:
    """What came of all parts.

    Attributes
    ----------
    faults : all of them with the warnings, sorted.
    frames : the tables as an atlas is made of them, the sites those that were to be kept; empty where a fault stands against it.
    belongs : where sites that others name lie, for sites without a position of their own.
    beyond : what is known of all sites.
    """

    faults: list[Fault]
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    belongs: Belongs = field(default_factory=dict)
    beyond: Beyond | None = None
    file: SitesFile | None = None


def check(project: Project, engine: Engine, *, step: Step | None = None) -> list[Fault]:
    """Every fault of a project with a table in parts, by file, row and column."""
    return travel(project, engine, Plan(), step=step).faults


def travel(
    project: Project, engine: Engine, plan: Plan, *, rows: int | None = None, folder: Path | None = None,
    strict: bool = False, step: Step | None = None,
) -> Travelled:  # fmt: skip
    """All parts, looked at, settled and finished.

    Parameters
    ----------
    plan : the format of the file, whether it has counties, and whether rows are kept; the rest of it is filled in here.
    rows : keep so many of the rows, chosen evenly by the numbers of their ids, and those that other tables name; None for all.
    folder : where the rows of the file wait for each other.
    strict : make nothing where there is a warning.
    step : told "look" and "judge" with how many parts or rows of how many are done.

    Raises
    ------
    DataFaults, UsageError : as `settle`.
    """
    found = settle(project, engine, whole=plan.form in ("parquet", "csv"), step=step)
    if any(strict or fault.severity == "fault" for fault in found.faults):
        plan = Plan()
    elif plan.locates:
        plan = _filled(plan, found, rows)
    mini = found.tables[TABLE].frame
    belongs = dict(zip(mini["id"], zip(mini["place"], mini["part_of"], strict=True), strict=True))
    places = found.tables["places"]
    places = replace(places, raw=replace(places.raw, cells=(), header=()))
    shared = Shared(project, found.register, found.known, places, belongs, found.unknown, plan)
    runs = Runs(folder, len(plan.bounds) + 1) if folder and plan.form else None
    done = _finished(found, engine, shared, runs, step)
    faults = [*found.faults, *done.faults, *cycles(_linked(found, done), "part_of")]
    if done.unlisted:
        faults.append(Fault(found.shown, None, None, None, "faults-unlisted", {"count": done.unlisted}))
    out = Travelled(sorted(one_fault_each(found.told(faults)), key=order_of_fault))
    if plan.locates and not any(strict or fault.severity == "fault" for fault in out.faults):
        out.frames = {name: parsed.frame for name, parsed in found.tables.items()}
        out.frames[TABLE] = done.kept if done.kept is not None else mini
        out.belongs = belongs
        out.beyond = _beyond(found, done)
        if runs is not None and folder is not None and found.rows:
            out.file = SitesFile(plan.form, runs, folder, done, step)
    return out


def _filled(plan: Plan, found: Settled, rows: int | None) -> Plan:
    numeric = {"radius_m": True}
    for name in TYPED_NUMBERS:
        told = [one.numeric[name] for one in found.looked if name in one.numeric]
        numeric[name] = any(number for number, _ in told) and not any(text for _, text in told)
    keep = None
    if rows is not None and rows < found.rows:
        keep = int(np.partition(np.concatenate(found.ids), rows - 1)[rows - 1]) if rows else 0
    kept = (
        frozenset(found.tables[TABLE].frame["id"]) & named_in({name: one.frame for name, one in found.tables.items()})
        if keep is not None
        else frozenset()
    )
    sample = [one for looked in found.looked for one in looked.sample]
    return replace(plan, numeric=numeric, keep=keep, kept=kept, bounds=bounds(sample, found.rows) if plan.form else ())


def named_in(frames: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """The ids that rows of other tables than the sites name."""
    asked: set[str] = set()
    for name, frame in frames.items():
        for column in TABLES[name].columns:
            if name != TABLE and column.name != "id" and column.type in ("id", "ids", "roles"):
                for value in frame[column.name]:
                    asked.update(
                        [value]
                        if isinstance(value, str)
                        else (one if isinstance(one, str) else one[0] for one in value)
                    )
    return frozenset(asked)


def _finished(found: Settled, engine: Engine, shared: Shared, runs: Runs | None, step: Step | None) -> Finished:
    """The second looks at all parts in one."""
    every: list[Finished] = []
    counties: Counter[str] = Counter()
    rows = 0
    for item, one in zip(found.items, engine.map(finish, found.items, engine.share(shared)), strict=True):
        rows += one.rows
        counties.update(one.counties)
        if runs is not None:
            runs.add(one.pieces)
        base = found.base(item)
        every.append(
            replace(one, pieces=(), linked=tuple((own, wholes, row + base) for own, wholes, row in one.linked))
        )
        if step:
            step("judge", rows, found.rows)
    boxes = [one.box for one in every if one.box]
    frames = [one.kept for one in every if one.kept is not None]
    return Finished(
        rows,
        tuple(fault for one in every for fault in one.faults),
        sum(one.unlisted for one in every),
        tuple(link for one in every for link in one.linked),
        counties=counties,
        sources=frozenset().union(*(one.sources for one in every)),
        points=frozenset().union(*(one.points for one in every)),
        box=tuple(pick(side) for pick, side in zip((min, min, max, max), zip(*boxes, strict=True), strict=True))
        if boxes
        else None,
        kept=stacked(frames, shared.unknown) if frames else None,
        names=next((one.names for one in every if one.names), ()),
    )


def _linked(found: Settled, done: Finished) -> Parsed:
    """The rows that may be part of one another in a circle."""
    columns = {"id": np.empty(len(done.linked), dtype=object), "part_of": np.empty(len(done.linked), dtype=object)}
    for at, (own, wholes, _) in enumerate(done.linked):
        columns["id"][at], columns["part_of"][at] = own, wholes
    rows = np.array([row for *_, row in done.linked], dtype=np.int64)
    return replace(found.tables[TABLE], frame=frame_of({**columns, ROW: rows}))


def _beyond(found: Settled, done: Finished) -> Beyond:
    """What is known of all sites. A point that was taken from a site of the project itself owes nothing to a gazetteer."""
    own = in_order(found.ids)
    places = {*found.tables["places"].frame["id"]}
    points = {one for one in done.points - places if not among(hash_set([one]), own).any()}
    return Beyond(found.rows, dict(sorted(done.counties.items())), done.sources, frozenset(points))


@dataclass(frozen=True)
class SitesFile:
    """The sites as a file that is made while it is written, in the order of their ids."""

    form: str
    runs: Runs
    folder: Path
    done: Finished
    step: Step | None

    def parts(self, attribution: Sequence[str], as_of: str) -> Iterator[bytes]:
        """The bytes of the file; parameters as in `geojson.feature_parts`."""
        if self.form == "parquet":
            return self._parquet()
        if self.form == "csv":
            return self._lines(csv_line(csv_header(self.done.names, points=True)).encode("utf-8-sig"), b"", 0)
        return self._lines(collection_head("sites", attribution, as_of), b"\n" + COLLECTION_END, 2)

    def _lines(self, head: bytes, end: bytes, shorter: int) -> Iterator[bytes]:
        """Lines between a head and an end; the last line is shorter by what only joins it to the next."""
        yield head
        held = b""
        rows = 0
        for lines, count in self.runs.in_order(_joined):
            if held:
                yield held
            held = lines
            rows += count
            if self.step:
                self.step("write", rows, self.done.rows)
        yield held[: len(held) - shorter] + end

    def _parquet(self) -> Iterator[bytes]:
        path = self.folder / "sites.parquet"
        nowhere = self.done.box is None
        tables: Iterable[pa.Table] = self.runs.in_order(_without_radius if nowhere else _itself)
        geo = geo_metadata(_crs(), [] if nowhere else ["Point"], self.done.box)
        write_row_groups(path, tables, geo)
        return parts_of(path)


def _joined(table: pa.Table) -> tuple[bytes, int]:
    return b"".join(text_bytes(table.column("line"))), table.num_rows


def _itself(table: pa.Table) -> pa.Table:
    return table


def _without_radius(table: pa.Table) -> pa.Table:
    """Where no site has a position the column holds no number, as in a table that is made in memory."""
    import pyarrow as pa

    at = table.schema.get_field_index("radius_m")
    return table.set_column(at, "radius_m", pa.nulls(table.num_rows, pa.string()))


def _crs() -> object:
    import pyproj

    return pyproj.CRS(CRS)
