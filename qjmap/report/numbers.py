"""The numbers of an atlas, table by table, from its ties, its corridors and its rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qjmap.model import Atlas
from qjmap.report.tables import Report
from qjmap.ties import Apart, Ties

JOINT = frozenset({"joint-project", "joint-park"})
"""Kinds of partnership that count as a joint project."""

COMMITTED = frozenset({"signed", "under-construction", "operating", "ended"})
"""Statuses whose values are committed; those of the others are only intended."""

STATUSES = ("operating", "under-construction", "signed", "planned", "proposed", "ended", "")

_PLANNED = frozenset({"planned", "proposed"})
_NUMBERS = ["links", "joint_projects", "committed_cny", "committed_qualifier", "intended_cny", "intended_qualifier", "no_value"]
_KILOMETRES = ["distance_km", "corridor_km", "drawn_km", "schematic_km", "published_km", "drawn_km_of_published"]
_MONEY = ["committed_cny", "intended_cny"]


def build_report(atlas: Atlas) -> Report:
    """All numbers of an atlas."""
    ties = Ties(atlas)
    settings = atlas.project.settings
    return Report(
        settings.id, settings.as_of, settings.language,
        places=_places(atlas, ties), partners=_partners(atlas, ties), corridors=_corridors(atlas), legs=_legs(atlas),
        status=_status(atlas), gaps=_gaps(atlas),
    )  # fmt: skip


def summed(rows: Sequence[int], deals: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Counts and sums over partnerships; ``deals`` are columns by name.

    A sum of values that are "about" is "about"; one with an "at least" in it is "at least"; one with both an "at least"
    and an "at most" can only be "about". A sum without any value is None.
    """
    whole = {deals["id"][row]: row for row in rows if _stated(deals["value_cny"][row])}
    counted = [row for row in whole.values() if not _within_another(row, whole, deals["part_of"])]
    out: dict[str, Any] = {
        "links": len(rows),
        "joint_projects": sum(deals["kind"][row] in JOINT for row in rows),
    }
    for name, committed in (("committed", True), ("intended", False)):
        group = [row for row in counted if (deals["status"][row] in COMMITTED) == committed]
        out[f"{name}_cny"] = math.fsum(deals["value_cny"][row] for row in group) if group else None
        out[f"{name}_qualifier"] = _together(deals["value_qualifier"][row] or "=" for row in group) if group else ""
    out["no_value"] = len(rows) - len(whole)
    return out


def _stated(value: Any) -> bool:
    return value is not None and math.isfinite(value)


def _within_another(row: int, whole: Mapping[str, int], part_of: Sequence[Sequence[str]]) -> bool:
    """Whether a partnership is part of another one of the sum, at whatever remove within it."""
    waiting, seen = list(part_of[row]), set[str]()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in whole and whole[one] != row:
            return True
        if one in whole:
            waiting.extend(part_of[whole[one]])
    return False


def _together(qualifiers: Iterable[str]) -> str:
    """The qualifier of a sum."""
    used = set(qualifiers) - {"="}
    if not used:
        return "="
    if used <= {">", ">="}:
        return ">" if ">" in used else ">="
    if used <= {"<", "<="}:
        return "<" if "<" in used else "<="
    return "about"


def _deals(atlas: Atlas) -> dict[str, list[Any]]:
    columns = ("id", "kind", "status", "start", "end", "value_cny", "value_qualifier", "part_of", "source")
    return {name: list(atlas.partnerships[name]) for name in columns}


def _names(atlas: Atlas) -> dict[str, tuple[str, str, str]]:
    """Table, name and English name by id, of places and sites."""
    return {
        one: (table, name, name_en)
        for table, frame in (("places", atlas.places), ("sites", atlas.site_rows))
        for one, name, name_en in zip(frame["id"], frame["name"], frame["name_en"], strict=True)
    }


def _places(atlas: Atlas, ties: Ties) -> pd.DataFrame:
    deals, names = _deals(atlas), _names(atlas)
    lines = []
    for one, rows in ties.links.items():
        table, name, name_en = names.get(one, ("", one, ""))
        line = {"table": table, "id": one, "name": name, "name_en": name_en, "partners": len(ties.partners(one))}
        line |= summed(rows, deals)
        line |= {_key(status): sum(deals["status"][row] == status for row in rows) for status in STATUSES}
        line["no_date"] = sum(not (deals["start"][row] or deals["end"][row]) for row in rows)
        line["no_source"] = sum(not deals["source"][row] for row in rows)
        lines.append(line)
    columns = ["table", "id", "name", "name_en", "partners", *_NUMBERS, *map(_key, STATUSES), "no_date", "no_source"]
    frame = _frame(lines, columns)
    order = frame.assign(_most=-frame["links"]).sort_values(["_most", "id"]).index
    return frame.loc[order].reset_index(drop=True)


def _key(status: str) -> str:
    return status.replace("-", "_") or "no_status"


def _partners(atlas: Atlas, ties: Ties) -> pd.DataFrame:
    deals, names = _deals(atlas), _names(atlas)
    legs = {name: list(atlas.corridor_legs[name]) for name in ("mode", "along", "status", "schematic_km")}
    lines = []
    for one in ties.links:
        for partner, rows in ties.partners(one):
            ends = {"id": one, "name": names.get(one, ("", one, ""))[1], "partner": partner}
            ends["partner_name"] = names.get(partner, ("", partner, ""))[1]
            lines.append(ends | summed(rows, deals) | _way(ties.between(one, partner), legs))
    columns = ["id", "name", "partner", "partner_name", *_NUMBERS, "distance_km", "corridor_km", "corridor_mode",
               "corridor_via", "corridor_planned", "corridor_schematic"]  # fmt: skip
    return _frame(lines, columns)


def _way(apart: Apart, legs: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Distances, and of the way along the corridors its modes, the places on it, and how sure its line is."""
    return {
        "distance_km": apart.km,
        "corridor_km": apart.corridor_km,
        "corridor_mode": tuple(dict.fromkeys(filter(None, (_gone(legs, row) for row in apart.legs)))),
        "corridor_via": apart.via,
        "corridor_planned": any(legs["status"][row] in _PLANNED for row in apart.legs) if apart.legs else None,
        "corridor_schematic": any(legs["schematic_km"][row] > 0 for row in apart.legs) if apart.legs else None,
    }


def _gone(legs: Mapping[str, Sequence[Any]], row: int) -> str:
    """How a leg is gone: an economic axis as the network that it is drawn along."""
    mode, along = str(legs["mode"][row]), str(legs["along"][row])
    return along if mode == "economic" and along not in ("", "none") else mode


def _legs(atlas: Atlas) -> pd.DataFrame:
    legs = atlas.corridor_legs
    frame = pd.DataFrame({name: list(legs[name]) for name in ("corridor", "id", "seq", "from", "to", "mode", "status", "grade")})
    frame["drawn_km"] = np.round(legs["length_km"].to_numpy(dtype=float), 1)
    frame["schematic_km"] = np.round(legs["schematic_km"].to_numpy(dtype=float), 1)
    frame["published_km"] = legs["published_km"].to_numpy(dtype=float)
    frame["difference_percent"] = _percent(legs["length_km"].to_numpy(dtype=float), frame["published_km"].to_numpy())
    frame["length_source"] = list(legs["length_source"])
    return frame


def _percent(drawn: Any, published: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.round(100 * (drawn - published) / published, 1)


def _corridors(atlas: Atlas) -> pd.DataFrame:
    names = dict(zip(atlas.corridors["id"], atlas.corridors["name"], strict=True))
    legs = atlas.corridor_legs
    lines = []
    for one, name in names.items():
        own = legs[legs["corridor"] == one]
        groups = [("", "", own)]
        for column in ("mode", "status", "grade"):
            groups += [(column, value, own[own[column] == value]) for value in sorted(set(own[column]))]
        for by, value, group in groups:
            drawn = group["length_km"].to_numpy(dtype=float)
            published = group["published_km"].to_numpy(dtype=float)
            both = np.isfinite(drawn) & np.isfinite(published)
            lines.append({
                "id": one, "name": name, "by": by, "value": value, "legs": len(group),
                "legs_drawn": int(np.isfinite(drawn).sum()), "drawn_km": _sum(drawn),
                "schematic_km": _sum(group["schematic_km"].to_numpy(dtype=float)),
                "legs_published": int(np.isfinite(published).sum()), "published_km": _sum(published),
                "drawn_km_of_published": _sum(drawn[both]),
            })  # fmt: skip
    columns = ["id", "name", "by", "value", "legs", "legs_drawn", "drawn_km", "schematic_km", "legs_published", "published_km",
               "drawn_km_of_published"]  # fmt: skip
    return _frame(lines, columns)


def _sum(values: Any) -> float | None:
    known = values[np.isfinite(values)]
    return round(math.fsum(known), 1) if len(known) else None


def _status(atlas: Atlas) -> pd.DataFrame:
    lines = [
        {"table": table, "status": status, "rows": int((frame["status"] == status).sum())}
        for table, frame in atlas.tables().items()
        if "status" in frame.columns
        for status in STATUSES
        if (frame["status"] == status).any()
    ]
    return pd.DataFrame(lines, columns=["table", "status", "rows"])


def _gaps(atlas: Atlas) -> pd.DataFrame:
    """Rows that lack a date, a source or a position; each column is None where a table has no such thing."""
    dates = {"sites": ["start", "end"], "partnerships": ["start", "end"], "corridors": ["start", "end"], "indicators": ["period"]}
    parts = []
    for table, frame in atlas.tables().items():
        if table == "sources":
            continue
        part = pd.DataFrame({"table": table, "id": frame["id"], "name": frame["name"] if "name" in frame.columns else ""}, dtype=object)
        part["no_date"] = (frame[dates[table]] == "").all(axis=1).astype(object) if table in dates else None
        part["no_source"] = (frame["source"].str.len() == 0).astype(object)
        if table == "partnerships":  # two parties in one place have no line, but they have a place
            part["no_position"] = (frame["located"] == 0).astype(object)
        else:
            part["no_position"] = frame.geometry.isna().astype(object) if "geometry" in frame.columns else None
        missing = part[["no_date", "no_source", "no_position"]].eq(True).any(axis=1)
        parts.append(part[missing])
    return pd.concat(parts, ignore_index=True)


def _frame(lines: list[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """A table whose figures are numbers even where none is known."""
    frame = pd.DataFrame(lines, columns=list(columns))
    return frame.astype({name: "float64" for name in (*_MONEY, *_KILOMETRES) if name in frame.columns})
