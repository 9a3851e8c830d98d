"""Merge the tables and settings of a project and of the projects that it includes into those of one atlas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from qjmap import datum
from qjmap.column_settings import OwnColumnSettings
from qjmap.errors import Fault
from qjmap.geocoding.project_gazetteer import distance_m
from qjmap.included_projects.merge_rows import Compare, Comparison, FileRow, merge_rows
from qjmap.included_projects.project_tables import Frames, ProjectTables, join_tables, mapped
from qjmap.included_projects.same_agreements import Agreement, ancestors, same_agreements
from qjmap.included_projects.same_places import Groups, PlaceFacts, names_of, same_places
from qjmap.included_projects.same_rows import IDENTIFYING, same_rows
from qjmap.project import Settings
from qjmap.schema import PRECISION_RADIUS_M, fold
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import frame_of
from qjmap.vocabulary import Vocabularies

_ORDER = ("sources", "places", "sites", "corridors", "corridor_legs", "partnerships", "indicators")
"""The tables in the order of merging: each comes after the tables that it refers to."""


@dataclass(frozen=True)
class Merged:
    """The merged tables of several projects.

    Attributes
    ----------
    frames : table -> its rows, with ids of the atlas (see `ProjectTables.full`); joined rows have the id of the first of them.
    ids : id with any prefix of its project -> id of the merged row.
    warnings : one for each cell in which joined rows differ.
    files : id in the atlas -> file of its row, as messages name it.
    joined : table -> the groups of ids of rows that were joined.
    """

    frames: dict[str, pd.DataFrame]
    ids: dict[str, str]
    warnings: tuple[Fault, ...]
    files: dict[str, str]
    joined: Mapping[str, tuple[frozenset[str], ...]]


def merge(projects: Sequence[ProjectTables], others: Mapping[str, str]) -> Merged:
    """Merge the tables of several projects.

    Parameters
    ----------
    projects : tables of each project. Where joined rows differ, the row of the earlier project counts.
    others : further prefix of a project -> its prefix.
    """
    work = _Merge(projects, others)
    for table in _ORDER:
        work.run(table)
    ids = {own: work.ids.get(one, one) for own, one in work.all_ids.items()}
    frames = {name: mapped(name, work.frames[name], lambda text: work.ids.get(text, text)) for name in work.frames}
    return Merged(frames, ids, tuple(work.warnings), work.files, work.joined)


class _Merge:
    """Merge of the tables of several projects, one table after the other.

    Attributes
    ----------
    frames : table -> rows of all projects; after `run` for the table, with joined rows combined into one.
    all_ids : id with any prefix of its project -> id with its main prefix.
    ids : id of a row that was joined to another -> id of the row that is kept.
    files, warnings, joined : as in `Merged`.
    """

    def __init__(self, projects: Sequence[ProjectTables], others: Mapping[str, str]) -> None:
        self._projects = projects
        put_together = join_tables(projects, others)
        self.frames, self._project_of, self.all_ids = put_together.frames, put_together.project_of, put_together.ids
        self.ids: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.warnings: list[Fault] = []
        self.joined: dict[str, tuple[frozenset[str], ...]] = {}

    def run(self, table: str) -> None:
        frame = mapped(table, self.frames[table], lambda text: self.ids.get(text, text))
        project_of = self._project_of[table]
        own = cols.to_objects(cols.column(frame, "id")).tolist()
        self.files.update(
            (identifier, self._projects[project].files[table])
            for identifier, project in zip(own, project_of.tolist(), strict=True)
        )
        groups = self._groups(table, frame, project_of).of(own)
        self.joined[table] = tuple(groups)
        self.frames[table] = self._combined(table, frame, own, groups) if groups else frame

    def _groups(self, table: str, frame: pd.DataFrame, project_of: Any) -> Groups:
        if table == "places":
            return same_places(self._place_facts(frame, project_of))
        if table == "partnerships":
            return same_agreements(self._agreements(frame, project_of))
        assert table in IDENTIFYING  # noqa: S101 - one of the tables of the schema
        return same_rows(table, frame, project_of, self._legs_of(frame) if table == "corridors" else None)

    def _legs_of(self, corridors: pd.DataFrame) -> list[frozenset[tuple[Any, ...]]]:
        """Return for each row of corridors the set of its legs as (from, to, via, mode)."""
        legs = mapped("corridor_legs", self.frames["corridor_legs"], lambda text: self.ids.get(text, text))
        found: dict[str, set[tuple[Any, ...]]] = {}
        for corridor, *leg in zip(*(legs[name] for name in ("corridor", "from", "to", "via", "mode")), strict=True):
            found.setdefault(corridor, set()).add(tuple(leg))
        return [frozenset(found.get(corridor, ())) for corridor in corridors["id"]]

    def _place_facts(self, frame: pd.DataFrame, project_of: Any) -> list[PlaceFacts]:
        columns = (cols.to_objects(frame[name]) for name in ("id", "name", "aliases", "kind", "adcode", "parent"))
        facts = []
        for project, (full, name, aliases, kind, adcode, parent) in zip(
            project_of.tolist(), zip(*columns, strict=True), strict=True
        ):
            one = self._projects[project]
            own = full.removeprefix(one.full(""))
            row = one.locator.places.row_of.get(own)
            code = f"unit {row}" if row is not None else adcode
            facts.append(
                PlaceFacts(full, project, names_of(name, aliases), kind, code, parent, one.locator.position(own))
            )
        return facts

    def _agreements(self, frame: pd.DataFrame, project_of: Any) -> list[Agreement]:
        names, parent_of = _names(self.frames), _parents(self.frames)
        columns = ("id", "name", "name_en", "aliases", "parties", "kind", "direction", "start", "end", "value_cny")
        found = []
        for project, row in zip(
            project_of.tolist(), zip(*(cols.to_objects(frame[name]) for name in columns), strict=True), strict=True
        ):
            own, name, name_en, aliases, parties, kind, direction, start, end, value = row
            parties = tuple(party if party in names else fold(party) for party in parties)
            called = {
                word
                for party in parties
                for place in ancestors(parent_of, party)
                for word in names.get(place, (place,))
            }
            found.append(
                Agreement(
                    own, project, (name, name_en, *aliases), parties, frozenset(called), kind,
                    direction == "forward", start, end, value,
                )
            )  # fmt: skip
        return found

    def _combined(
        self, table: str, frame: pd.DataFrame, own: list[str], groups: Sequence[frozenset[str]]
    ) -> pd.DataFrame:
        """Return the frame with each group combined into one row; add the ids of the other rows to `ids`, and warnings to `warnings`.

        Parameters
        ----------
        own : the ids of the frame.
        groups : groups of these ids.
        """
        at_of = {identifier: at for at, identifier in enumerate(own)}
        columns = {str(name): cols.column(frame, str(name)) for name in frame}
        columns = {
            name: cols.to_objects(values).copy() if values.dtype != np.float64 else values.copy()
            for name, values in columns.items()
        }
        kept = np.ones(len(own), dtype=bool)
        # Rows are sorted by project, so that the row of the first project comes first in each group.
        rows = [sorted(map(at_of.__getitem__, group)) for group in groups]
        self.ids.update({own[one]: own[at[0]] for at in rows for one in at[1:]})
        compare = self._compare()
        for at in rows:
            group = [
                FileRow({name: values[one] for name, values in columns.items()}, self.files[own[one]]) for one in at
            ]
            row, faults = merge_rows(table, group, compare)
            for name, values in columns.items():
                if name != "id":
                    values[at[0]] = row[name]
            kept[at[1:]] = False
            self.warnings += faults
        made = frame_of({name: values[kept] for name, values in columns.items()})
        return made.astype({name: frame[name].dtype for name in frame if frame[name].dtype.kind in "if"})

    def _compare(self) -> Compare:
        """Return the function by which `merge_rows` compares cells. Of two places, the one inside the other is the finer one."""
        parent_of = {own: self.ids.get(area, area) for own, area in _parents(self.frames).items()}
        for gone, kept in self.ids.items():
            if gone in parent_of and not parent_of.get(kept):
                parent_of[kept] = parent_of[gone]

        def compare(name: str, first: Any, second: Any) -> Comparison:
            if name == "orig_lon":
                return "same" if _are_near(first, second) else "differs"
            if name not in ("parent", "place"):
                return "differs"
            first, second = self.ids.get(first, first), self.ids.get(second, second)
            if first == second or second in ancestors(parent_of, first):
                return "same"
            return "finer" if first in ancestors(parent_of, second) else "differs"

        return compare


def _names(frames: Frames) -> dict[str, tuple[str, ...]]:
    """Return id -> names (name, English name, aliases) of the places and sites."""
    return {
        own: tuple(filter(None, (name, name_en, *aliases)))
        for table in ("places", "sites")
        for own, name, name_en, aliases in zip(
            *(frames[table][name] for name in ("id", "name", "name_en", "aliases")), strict=True
        )
    }


def _parents(frames: Frames) -> dict[str, str]:
    """Return for each id of a place or site the id of the place that directly contains it; "" if unknown."""
    found = dict(zip(frames["sites"]["id"], frames["sites"]["place"], strict=True))
    return found | dict(zip(frames["places"]["id"], frames["places"]["parent"], strict=True))


def _are_near(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Return whether the typed positions of two rows are no farther apart than the sum of their radii (of `site` without a precision)."""
    points = [datum.to_wgs84([row["lon"]], [row["lat"]], row["datum"]) for row in (first, second)]
    (x1, y1), (x2, y2) = ((float(lon[0]), float(lat[0])) for lon, lat in points)
    return distance_m(x1, y1, x2, y2) <= sum(PRECISION_RADIUS_M[row["precision"] or "site"] for row in (first, second))


def merged_settings(settings: Settings, projects: Sequence[ProjectTables], ids: Mapping[str, str]) -> Settings:
    """Return the settings of an atlas: those of the including project, with vocabularies, own columns and credits of the included ones.

    Parameters
    ----------
    settings : settings of the including project; where settings differ, they take precedence.
    projects : the included projects.
    ids : id with its prefix -> id in the atlas.
    """
    included = [one.project.settings for one in projects]
    homes = (ids.get(one.full(one.project.settings.home), "") for one in projects)
    words = {
        (word.vocabulary, word.value): word
        for one in (*reversed(included), settings)
        for word in one.vocabularies.added
    }
    every = (*reversed(included), settings)
    columns = OwnColumnSettings(
        {key: given for one in every for key, given in one.columns.given.items()},
        {key: header for one in every for key, header in one.columns.headers.items()},
    )
    credits = dict.fromkeys(line for one in (settings, *included) for line in one.attribution)
    added = Vocabularies(tuple(words.values())) if words else settings.vocabularies
    changed = replace(
        settings, vocabularies=added, columns=columns, attribution=tuple(credits), homes=tuple(filter(None, homes))
    )
    return changed.with_ids(ids)
