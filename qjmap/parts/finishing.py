"""A part again, now that all is known: judged among the others, located, and its rows as files and the page have them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from qjmap.checks.doubts import Known, suspects, warnings
from qjmap.checks.outside import locator_of, outside
from qjmap.checks.references import Register, referred
from qjmap.errors import Fault
from qjmap.export import bulk
from qjmap.export.files import arrow_table, csv_rows, plain_frame
from qjmap.export.geojson import ROWS
from qjmap.locators import Everywhere, Gazetteer
from qjmap.model import gazetteer_of, locate_sites
from qjmap.parts.districts import counted, county_adcodes
from qjmap.parts.hashing import hashes
from qjmap.parts.joining import stacked
from qjmap.parts.looking import Item, few, read
from qjmap.parts.runs import Piece, split
from qjmap.points import axes, located
from qjmap.project import Project
from qjmap.siting import Belongs
from qjmap.tables import ROW, Parsed
from qjmap.tables import columns as cols
from qjmap.tables.byrow import FAILED, by_row

COUNTY = "county_adcode"
"""The column of `--districts`."""


@dataclass(frozen=True)
class Plan:
    """What is to be made of each part.

    Attributes
    ----------
    form : "geojson", "parquet" or "csv", whose rows are made; "" for none.
    bounds : ids at which the order of all ids is cut into ranges.
    numeric : column -> whether it leaves as numbers.
    counties : add the column `COUNTY`.
    keep : numbers of ids up to which rows are kept for the page: -1 for none, None for all.
    kept : ids whose rows are kept in any case.
    """

    form: str = ""
    bounds: tuple[str, ...] = ()
    numeric: dict[str, bool] = field(default_factory=dict)
    counties: bool = False
    keep: int | None = -1
    kept: frozenset[str] = frozenset()

    @property
    def locates(self) -> bool:
        """Whether rows are located at all."""
        return bool(self.form) or self.keep != -1


@dataclass(frozen=True)
class Shared:
    """What every part is told: who is who, what is known, and what is wanted."""

    project: Project
    register: Register
    known: Known
    places: Parsed
    belongs: Belongs
    unknown: tuple[str, ...]
    plan: Plan

    @cached_property
    def reader(self) -> Everywhere:
        """Reads what rows say of where they lie."""
        return locator_of(self.places, self.project)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The project's places."""
        return gazetteer_of(self.places.frame)

    @cached_property
    def locator(self) -> Everywhere:
        """Finds addresses."""
        return Everywhere(self.gazetteer, home=self.project.settings.home, suggests=False)

    def __getstate__(self) -> dict[str, Any]:
        made = ("reader", "gazetteer", "locator")
        return {name: value for name, value in self.__dict__.items() if name not in made}


@dataclass(frozen=True)
class Finished:
    """What became of a part.

    Attributes
    ----------
    linked : its rows that are part of others: id, wholes, row.
    pieces : its rows as the file has them, by range, in the order of their ids.
    counties : adcode -> rows.
    sources, points : the sources of positions, and the places whose points were taken.
    box : west, south, east, north of its points; None without any.
    kept : the rows for the page as the tables have them.
    names : the columns of the file, where its rows do not name them.
    """

    rows: int
    faults: tuple[Fault, ...]
    unlisted: int
    linked: tuple[tuple[str, tuple[str, ...], int], ...]
    pieces: tuple[Piece, ...] = ()
    counties: Counter[str] = field(default_factory=Counter)
    sources: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    box: tuple[float, ...] | None = None
    kept: pd.DataFrame | None = None
    names: tuple[str, ...] = ()


def finish(item: Item, shared: Shared) -> Finished:
    """The second look at a part."""
    parsed = read(item)
    rest, done = by_row(parsed, lambda rows: _finish(rows, shared))
    failed = [fault for fault in rest.faults if fault.code == FAILED and fault not in parsed.faults]
    return replace(done, faults=(*failed, *done.faults)) if failed else done


def _finish(parsed: Parsed, shared: Shared) -> Finished:
    plan = shared.plan
    found = suspects(parsed, shared.known)
    parsed, wrong = referred(parsed, shared.register)
    found += wrong + warnings(parsed, shared.project) + outside(parsed, shared.reader)
    faults, unlisted = few(found)
    linked = parsed.frame[parsed.frame["part_of"].to_numpy().astype(bool)]
    linked = linked[cols.among(cols.column(linked, "id"), shared.register.rows)]
    done = Finished(
        len(parsed.frame),
        faults,
        unlisted,
        tuple(zip(linked["id"], linked["part_of"], linked[ROW].tolist(), strict=True)),
    )
    stopped = any(fault.severity == "fault" for fault in (*parsed.faults, *faults))
    if stopped or not plan.locates or not len(parsed.frame):
        return done
    sites = locate_sites(_with(parsed.frame, shared.unknown), shared.gazetteer, shared.locator, shared.belongs)
    known = located(sites)
    codes = county_adcodes(sites)
    if plan.counties:
        sites[COUNTY] = codes
    names, pieces = _pieces(sites, plan)
    return replace(
        done,
        pieces=pieces,
        names=names,
        counties=counted(codes),
        sources=frozenset(cols.distinct(cols.column(sites, "position_source")[known])),
        points=frozenset(cols.distinct(cols.column(sites, "position_of"))) - {""},
        box=_box(*axes(sites)) if known.any() else None,
        kept=_kept(parsed.frame, shared),
    )


def _box(lon: Any, lat: Any) -> tuple[float, ...]:
    """West, south, east, north of points, NaN where there is none."""
    return float(np.nanmin(lon)), float(np.nanmin(lat)), float(np.nanmax(lon)), float(np.nanmax(lat))


def _with(frame: pd.DataFrame, unknown: Sequence[str]) -> pd.DataFrame:
    """The rows with all columns of the user's own that any part has, in the order of all parts."""
    if not unknown:
        return frame
    rest = frame.drop(columns=[name for name in unknown if name in frame])
    blank = cols.filled(len(frame), "")
    return rest.assign(**{name: frame[name] if name in frame else pd.Series(blank, dtype=object) for name in unknown})


def _kept(frame: pd.DataFrame, shared: Shared) -> pd.DataFrame | None:
    plan = shared.plan
    if plan.keep == -1:
        return None
    own = cols.column(frame, "id")
    here = np.ones(len(frame), dtype=bool)
    if plan.keep is not None:
        here = (hashes(own) <= plan.keep) | cols.among(own, plan.kept)
    return stacked([frame[here]], shared.unknown)


def _pieces(sites: pd.DataFrame, plan: Plan) -> tuple[tuple[str, ...], tuple[Piece, ...]]:
    """The columns of the file, and the rows of a part in its form, range by range."""
    import pyarrow as pa

    if not plan.form:
        return (), ()
    if plan.form == "geojson":
        lines = bulk.Lines("sites", sites)
        made = [lines.array(slice(at, at + ROWS)) for at in range(0, len(sites), ROWS)]
        return (), tuple(split(_by_id(sites, pa.chunked_array(made, pa.large_string())), plan.bounds))
    frame = plain_frame("sites", sites, plan.numeric)
    table = arrow_table(frame) if plan.form == "parquet" else _by_id(sites, pa.chunked_array([_csv(frame)]))
    return tuple(str(name) for name in frame if name != "geometry"), tuple(split(table, plan.bounds))


def _by_id(sites: pd.DataFrame, lines: Any) -> Any:
    import pyarrow as pa

    own = pa.array(cols.objects(cols.column(sites, "id")), pa.large_string())
    return pa.table({"id": own, "line": lines})


def _csv(frame: gpd.GeoDataFrame) -> Any:
    import pyarrow as pa

    return pa.array([csv_line(row) for row in csv_rows(frame, points=True)], pa.large_string())


def csv_line(cells: Sequence[str]) -> str:
    """A row of a CSV file with its line end."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
