"""The atlas of two editions: the rows of the new one, and at their old positions the rows that only the old one had.

Both atlases are located before their rows are joined. A withdrawn row therefore keeps its old position and line, even if the rows to which
it referred have moved or were withdrawn.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from qjmap.diff import Change, Edition, changes, old_and_new, page_changes
from qjmap.i18n import text
from qjmap.included_projects.project_tables import empty_cell, mapped
from qjmap.model.atlas import Atlas, build_atlas
from qjmap.model.point_layers import CRS, axes
from qjmap.pipeline.load import load_atlas
from qjmap.project import SETTINGS_FILE, Project, Settings, load_project
from qjmap.schema import EDITION_CHANGE, LIST_SEPARATOR, TABLES, WORD_COLUMNS
from qjmap.setting_values import View
from qjmap.tables import empty_table, frame_of
from qjmap.tables.columns import operations as cols

_FRAMES = {"sites": "site_rows", "partnerships": "partnership_rows"}
"""Table -> attribute of an atlas with its frame, if the attribute has another name than the table."""


@dataclass(frozen=True)
class BothEditions:
    """The data for a page of two editions.

    Attributes
    ----------
    atlas : the rows of both, each with `EDITION_CHANGE`; its ``new`` is the new edition alone.
    view : opening view, whose title states that the page is a comparison.
    changes : the changes for the metadata of the page, as values for JSON: those of `diff.page_changes`; ``old``, the name of the old
        edition; ``cells``, as `diff.old_and_new` returns them; ``from``, id -> old longitude and latitude of a row that moved.
    """

    atlas: Atlas
    view: View
    changes: dict[str, Any]


def both_editions(old: Edition, new: Edition, folder: Path, *, old_name: str) -> BothEditions:
    """Return the atlas of two editions, with its opening view and the description of its changes.

    Parameters
    ----------
    folder : folder of the project whose settings are used for editions that are built pages or exports; it may be no project.
    old_name : name of the old edition on the page.

    Raises
    ------
    DataFaults : the tables have faults.
    """
    found = changes(old, new)
    before, after = atlas_of(old, folder), atlas_of(new, folder)
    view = after.project.settings.main_view()
    titles = {
        lang: text("edition_change.title", lang, title=title) if title else ""
        for lang, title in zip(("zh", "en"), view.titles, strict=True)
    }
    renamed = _new_ids(before, after, found)
    said = page_changes(found, replace(old, name=old_name), new)
    said["rows"] = [
        {**row, "id": renamed.get(row["id"], row["id"])} if row["kind"] == "withdrawn" else row for row in said["rows"]
    ]
    return BothEditions(
        atlas=_joined(before, after, found, renamed),
        view=replace(view, title=titles["zh"], title_en=titles["en"]),
        changes={**said, "old": old_name, "cells": old_and_new(found, old, new), "from": _old_positions(before, found)},
    )


def atlas_of(edition: Edition, folder: Path) -> Atlas:
    """Return the located tables of an edition; parameters and errors as in `both_editions`."""
    if edition.project is not None:
        return load_atlas(edition.project)[0]
    project = (
        load_project(folder)
        if (folder / "data" / SETTINGS_FILE).is_file()
        else Project(Path(), Settings("atlas", Path(edition.name).stem))
    )
    frames = {
        name: edition.frames[name] if name in edition.frames else empty_table(table, name).frame
        for name, table in TABLES.items()
    }
    return build_atlas(project, frames)


def _frame(atlas: Atlas, table: str) -> pd.DataFrame:
    frame: pd.DataFrame = getattr(atlas, _FRAMES.get(table, table))
    return frame


def _new_ids(old: Atlas, new: Atlas, found: Sequence[Change]) -> dict[str, str]:
    """Return old id -> new id for withdrawn rows whose id the new edition has in another table: ids are unique over all tables."""
    taken = {one for frame in new.table_rows().values() for one in frame["id"]}
    gone = [change.id for change in found if change.kind == "withdrawn" and change.id in taken]
    taken.update(one for frame in old.table_rows().values() for one in frame["id"])
    renamed: dict[str, str] = {}
    for one in gone:
        renamed[one] = next(free for free in map(f"{one}-{{}}".format, itertools.count(2)) if free not in taken)
        taken.add(renamed[one])
    return renamed


def _joined(old: Atlas, new: Atlas, found: Sequence[Change], renamed: Mapping[str, str]) -> Atlas:
    """Return the atlas with the rows of both editions."""
    frames: dict[str, Any] = {}
    for table in TABLES:
        became = {key: LIST_SEPARATOR.join(words) for key, words in _became(table, found, old, new).items()}
        gone = {change.id for change in found if change.table == table and change.kind == "withdrawn"}
        after, before = _frame(new, table), _frame(old, table)
        kept = before.iloc[np.flatnonzero(cols.isin(cols.column(before, "id"), gone))]
        pieces = [_columns(table, after, {}), _columns(table, kept, renamed)]
        pieces[0][EDITION_CHANGE] = np.array([became.get(one, "same") for one in after["id"]], dtype=object)
        pieces[1][EDITION_CHANGE] = np.array(["withdrawn"] * len(kept), dtype=object)
        frame = _stacked(table, pieces)
        frames[_FRAMES.get(table, table)] = gpd.GeoDataFrame(frame, crs=CRS) if "geometry" in frame else frame
    return replace(new, **frames, new=new)


def _became(table: str, found: Sequence[Change], old: Atlas, new: Atlas) -> dict[str, list[str]]:
    """Return id -> change of each added or changed row of the new edition: ["added"], or a list of "moved", "changed" or both.

    A corridor counts as changed if one of its legs was added, withdrawn or changed.
    """
    kinds: dict[str, set[str]] = {}
    for change in found:
        if change.table == table and change.kind != "withdrawn":
            kinds.setdefault(change.id, set()).add(change.kind if change.kind in ("added", "moved") else "changed")
    if table == "corridors":
        legs = {change.id for change in found if change.table == "corridor_legs"}
        for frame in (new.corridor_legs, old.corridor_legs):
            for leg, corridor in zip(frame["id"], frame["corridor"], strict=True):
                if leg in legs:
                    kinds.setdefault(corridor, set()).add("changed")
    return {
        one: ["added"] if "added" in words else [word for word in ("moved", "changed") if word in words]
        for one, words in kinds.items()
    }


def _columns(table: str, frame: pd.DataFrame, renamed: Mapping[str, str]) -> dict[str, Any]:
    """Return name -> column of a frame, without `EDITION_CHANGE`; a geometry as an array of objects.

    Parameters
    ----------
    renamed : old id -> new id, by which ids and references are replaced; other ids stay.
    """
    shapes = {"geometry": np.asarray(frame["geometry"], dtype=object)} if "geometry" in frame else {}
    plain = frame_of(
        {str(name): cols.column(frame, str(name)) for name in frame if name not in ("geometry", EDITION_CHANGE)}
    )
    if renamed:
        plain = mapped(table, plain, lambda one: renamed.get(one, one))
    columns = {str(name): cols.column(plain, str(name)) for name in plain}
    return {**columns, **shapes}


def _stacked(table: str, pieces: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the rows of two frames as one, sorted by id, with the columns of the first, and words as typed of the second."""
    names = [*pieces[0], *(name for name in pieces[1] if name in WORD_COLUMNS and name not in pieces[0])]
    columns: dict[str, Any] = {}
    for name in names:
        found = [piece[name] if name in piece else _empty(table, name, len(piece["id"])) for piece in pieces]
        arrays = [array if isinstance(array, np.ndarray) else cols.to_objects(array) for array in found]
        is_number = all(array.dtype.kind in "iufb" for array in arrays)
        columns[name] = np.concatenate(arrays if is_number else [array.astype(object) for array in arrays])
    order = np.argsort(np.array(columns["id"], dtype=str), kind="stable")
    return frame_of({name: values[order] for name, values in columns.items()})


def _empty(table: str, name: str, count: int) -> Any:
    return np.fromiter([empty_cell(table, name)] * count, dtype=object, count=count)


def _old_positions(old: Atlas, found: Sequence[Change]) -> dict[str, list[float]]:
    """Return id -> longitude and latitude (WGS 84 degrees) that a place or site had in the old edition, of those that moved."""
    moved = {change.id for change in found if change.kind == "moved"}
    positions: dict[str, list[float]] = {}
    for table in ("places", "sites"):
        frame = _frame(old, table)
        for one, lon, lat in zip(frame["id"], *axes(frame), strict=True):
            if one in moved and np.isfinite(lon) and np.isfinite(lat):
                positions[one] = [round(float(lon), 6), round(float(lat), 6)]
    return positions
