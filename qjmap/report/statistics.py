"""Statistics of an atlas for the six tables of its report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qjmap.committed_amounts import is_committed
from qjmap.model.atlas import Atlas
from qjmap.model.corridor_distances import relative_deviations
from qjmap.model.partner_pairs import Shared
from qjmap.model.relations import JOINT_KINDS, Distance, Relations
from qjmap.report.render import Report
from qjmap.vocabulary import OTHER

STATUSES = ("operating", "under-construction", "signed", "planned", "proposed", "ended", OTHER, "")

_PLANNED = frozenset({"planned", "proposed"})
_NUMBERS = [
    "links",
    "own_links",
    "within_links",
    "joint_projects",
    "committed_cny",
    "committed_qualifier",
    "intended_cny",
    "intended_qualifier",
    "no_value",
]
_KILOMETRES = ["distance_km", "corridor_km", "drawn_km", "schematic_km", "published_km", "drawn_km_of_published"]
_MONEY = ["committed_cny", "intended_cny"]


def build_report(atlas: Atlas) -> Report:
    """Compute the report of an atlas."""
    relations = Relations(atlas)
    settings = atlas.project.settings
    return Report(
        settings.id, settings.as_of, settings.language, settings.vocabularies,
        places=_places(atlas, relations), partners=_partners(atlas, relations), corridors=_corridors(atlas), legs=_legs(atlas),
        status=_status(atlas), gaps=_gaps(atlas),
    )  # fmt: skip


def sum_values(rows: Sequence[int], partnerships: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return counts and sums over some partnerships: name of the report's column -> value.

    They are the numbers of partnerships (`links`), of joint projects and of partnerships without a value; and the committed and intended
    sums in CNY (None if no value belongs to the sum), each with a qualifier ("" for None). The qualifier is "=" if all values are exact,
    a bound (">", ">=", "<" or "<=") if all values that are not exact are bounds in the same direction, else "about".

    Parameters
    ----------
    rows : indices of the partnerships to sum over.
    partnerships : name of a column -> cells of all partnerships.
    """
    with_value = {partnerships["id"][row]: row for row in rows if _has_value(partnerships["value_cny"][row])}
    counted = [row for row in with_value.values() if not _is_part_of_another(row, with_value, partnerships["part_of"])]
    out: dict[str, Any] = {
        "links": len(rows),
        "joint_projects": sum(partnerships["kind"][row] in JOINT_KINDS for row in rows),
    }
    for name, committed in (("committed", True), ("intended", False)):
        group = [
            row
            for row in counted
            if is_committed(partnerships["status"][row], partnerships["value_kind"][row]) == committed
        ]
        out[f"{name}_cny"] = math.fsum(partnerships["value_cny"][row] for row in group) if group else None
        out[f"{name}_qualifier"] = (
            _combined_qualifier(partnerships["value_qualifier"][row] or "=" for row in group) if group else ""
        )
    out["no_value"] = len(rows) - len(with_value)
    return out


def _has_value(value: Any) -> bool:
    return value is not None and math.isfinite(value)


def _is_part_of_another(row: int, row_by_id: Mapping[str, int], part_of: Sequence[Sequence[str]]) -> bool:
    """Return whether a partnership is part, directly or through others of the same sum, of another one in that sum.

    Parameters
    ----------
    row_by_id : id -> index, of the partnerships in the sum.
    part_of : for each partnership the ids of those that it is part of.
    """
    stack, visited = list(part_of[row]), set[str]()
    while stack:
        whole = stack.pop()
        if whole in visited:
            continue
        visited.add(whole)
        if whole in row_by_id and row_by_id[whole] != row:
            return True
        if whole in row_by_id:
            stack.extend(part_of[row_by_id[whole]])
    return False


def _combined_qualifier(qualifiers: Iterable[str]) -> str:
    """Return the qualifier of a sum of values with these qualifiers; see `sum_values`."""
    used = set(qualifiers) - {"="}
    if not used:
        return "="
    if used <= {">", ">="}:
        return ">" if ">" in used else ">="
    if used <= {"<", "<="}:
        return "<" if "<" in used else "<="
    return "about"


def _partnership_columns(atlas: Atlas) -> dict[str, list[Any]]:
    columns = (
        "id",
        "kind",
        "status",
        "start",
        "end",
        "value_cny",
        "value_qualifier",
        "value_kind",
        "part_of",
        "source",
    )
    rows = {name: list(atlas.partnership_rows[name]) for name in columns}
    rows["kind"] = _alike(atlas, "partnership_kind", rows["kind"])
    rows["status"] = _alike(atlas, "status", rows["status"])
    rows["value_kind"] = _alike(atlas, "indicator_kind", rows["value_kind"])
    return rows


def _alike(atlas: Atlas, vocabulary: str, values: Iterable[str]) -> list[str]:
    """Return values of a vocabulary, with each value that the project has added replaced by the built-in one that it is treated as."""
    likes = atlas.project.settings.vocabularies.likes(vocabulary)
    return [likes.get(value, value) for value in values]


def _names(atlas: Atlas) -> dict[str, tuple[str, str, str]]:
    """Return id -> (table, name, English name) of the places and sites."""
    return {
        identifier: (table, name, name_en)
        for table, frame in (("places", atlas.places), ("sites", atlas.site_rows))
        for identifier, name, name_en in zip(frame["id"], frame["name"], frame["name_en"], strict=True)
    }


def _places(atlas: Atlas, relations: Relations) -> pd.DataFrame:
    partnerships, names = _partnership_columns(atlas), _names(atlas)
    records = []
    for identifier, shared in relations.links.items():
        rows = shared.rows
        table, name, name_en = names.get(identifier, ("", identifier, ""))
        record: dict[str, Any] = {"table": table, "id": identifier, "name": name, "name_en": name_en}
        record["partners"] = relations.named_partners(identifier)
        record |= sum_values(rows, partnerships) | _own_and_within(shared)
        record |= {
            _status_column(status): sum(partnerships["status"][row] == status for row in rows) for status in STATUSES
        }
        record["no_date"] = sum(not (partnerships["start"][row] or partnerships["end"][row]) for row in rows)
        record["no_source"] = sum(not partnerships["source"][row] for row in rows)
        records.append(record)
    columns = [
        "table",
        "id",
        "name",
        "name_en",
        "partners",
        *_NUMBERS,
        *map(_status_column, STATUSES),
        "no_date",
        "no_source",
    ]
    frame = _table(records, columns)
    # Sorted by own partnerships first: otherwise a place that only contains parties would precede them.
    return frame.sort_values(["own_links", "links", "id"], ascending=[False, False, True], ignore_index=True)


def _own_and_within(shared: Shared) -> dict[str, int]:
    """Return the columns `own_links` and `within_links`: the number of partnerships that name the id, or both ids of a pair, as parties,
    and the number of the others, in which something within takes part.
    """
    return {"own_links": len(shared.own), "within_links": len(shared.within)}


def _status_column(status: str) -> str:
    return status.replace("-", "_") or "no_status"


def _partners(atlas: Atlas, relations: Relations) -> pd.DataFrame:
    partnerships, names = _partnership_columns(atlas), _names(atlas)
    legs = {name: list(atlas.corridor_legs[name]) for name in ("mode", "along", "status", "schematic_km")}
    legs["status"] = _alike(atlas, "status", legs["status"])
    records = []
    for identifier in relations.links:
        for partner, shared in relations.partners(identifier):
            ends = {"id": identifier, "name": names.get(identifier, ("", identifier, ""))[1], "partner": partner}
            ends["partner_name"] = names.get(partner, ("", partner, ""))[1]
            numbers = sum_values(shared.rows, partnerships) | _own_and_within(shared)
            records.append(ends | numbers | _distance_columns(relations.distance(identifier, partner), legs))
    columns = ["id", "name", "partner", "partner_name", *_NUMBERS, "distance_km", "distance_about", "corridor_km", "corridor_mode",
               "corridor_via", "corridor_planned", "corridor_schematic"]  # fmt: skip
    return _table(records, columns)


def _distance_columns(distance: Distance, legs: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return column -> value for a pair of partners.

    They are the geodesic distance in km (None as in `Distance.km`) and whether it is approximate; and for the shortest path along the
    corridors its length in km, the modes of its legs, the ids of the places on the way, whether any leg is planned or proposed, and whether
    any is partly schematic. Without a path, modes and places are () and the other values None.

    Parameters
    ----------
    legs : name of a column -> cells of all corridor legs.
    """
    return {
        "distance_km": distance.km,
        "distance_about": distance.about if distance.km is not None else None,
        "corridor_km": distance.corridor_km,
        "corridor_mode": tuple(dict.fromkeys(filter(None, (_mode(legs, row) for row in distance.legs)))),
        "corridor_via": distance.via,
        "corridor_planned": any(legs["status"][row] in _PLANNED for row in distance.legs) if distance.legs else None,
        "corridor_schematic": any(legs["schematic_km"][row] > 0 for row in distance.legs) if distance.legs else None,
    }


def _mode(legs: Mapping[str, Sequence[Any]], row: int) -> str:
    """Return the mode of transport of a leg; for an economic axis the network along which it is drawn."""
    mode, along = str(legs["mode"][row]), str(legs["along"][row])
    return along if mode == "economic" and along not in ("", "none") else mode


def _legs(atlas: Atlas) -> pd.DataFrame:
    legs = atlas.corridor_legs
    frame = pd.DataFrame(
        {name: list(legs[name]) for name in ("corridor", "id", "seq", "from", "to", "mode", "status", "grade")}
    )
    frame["drawn_km"] = np.round(legs["length_km"].to_numpy(dtype=float), 1)
    frame["schematic_km"] = np.round(legs["schematic_km"].to_numpy(dtype=float), 1)
    frame["published_km"] = legs["published_km"].to_numpy(dtype=float)
    deviations = relative_deviations(legs["length_km"], legs["published_km"])
    frame["difference_percent"] = np.round(100 * deviations, 1)
    frame["length_source"] = list(legs["length_source"])
    return frame


def _corridors(atlas: Atlas) -> pd.DataFrame:
    names = dict(zip(atlas.corridors["id"], atlas.corridors["name"], strict=True))
    legs = atlas.corridor_legs
    has_length = dict(zip(atlas.corridors["id"], np.isfinite(atlas.corridors["length_km"]), strict=True))
    records = []
    for corridor, name in names.items():
        corridor_legs = legs[legs["corridor"] == corridor]
        groups = [("", "", corridor_legs)]
        for column in ("mode", "status", "grade"):
            groups += [
                (column, value, corridor_legs[corridor_legs[column] == value])
                for value in sorted(set(corridor_legs[column]))
            ]
        for by, value, group in groups:
            drawn = group["length_km"].to_numpy(dtype=float)
            published = group["published_km"].to_numpy(dtype=float)
            both = np.isfinite(drawn) & np.isfinite(published)
            if not by and not has_length[corridor]:  # with branches, the sum is not the length of any one route
                drawn, published, both = drawn[:0], published[:0], both[:0]
            records.append({
                "id": corridor, "name": name, "by": by, "value": value, "legs": len(group),
                "legs_drawn": int(np.isfinite(group["length_km"].to_numpy(dtype=float)).sum()), "drawn_km": _sum(drawn),
                "schematic_km": _sum(group["schematic_km"].to_numpy(dtype=float)) if len(drawn) else None,
                "legs_published": int(np.isfinite(group["published_km"].to_numpy(dtype=float)).sum()), "published_km": _sum(published),
                "drawn_km_of_published": _sum(drawn[both]),
            })  # fmt: skip
    columns = ["id", "name", "by", "value", "legs", "legs_drawn", "drawn_km", "schematic_km", "legs_published", "published_km",
               "drawn_km_of_published"]  # fmt: skip
    return _table(records, columns)


def _sum(values: Any) -> float | None:
    finite = values[np.isfinite(values)]
    return round(math.fsum(finite), 1) if len(finite) else None


def _status(atlas: Atlas) -> pd.DataFrame:
    records = [
        {"table": table, "status": status, "rows": int((frame["status"] == status).sum())}
        for table, frame in atlas.table_rows().items()
        if "status" in frame.columns
        for status in [*atlas.project.settings.vocabularies.entries("status"), ""]
        if (frame["status"] == status).any()
    ]
    return pd.DataFrame(records, columns=["table", "status", "rows"])


def _gaps(atlas: Atlas) -> pd.DataFrame:
    """Return the rows of all tables but sources that lack a date, a source or a position.

    The columns `no_date`, `no_source` and `no_position` hold True, False, or None for a table whose rows have no such property.
    """
    dates = {
        "sites": ["start", "end"],
        "partnerships": ["start", "end"],
        "corridors": ["start", "end"],
        "indicators": ["period"],
    }
    parts = []
    for table, frame in atlas.tables().items():
        if table == "sources":
            continue
        part = pd.DataFrame(
            {"table": table, "id": frame["id"], "name": frame["name"] if "name" in frame.columns else ""}, dtype=object
        )
        part["no_date"] = (frame[dates[table]] == "").all(axis=1).astype(object) if table in dates else None
        part["no_source"] = (frame["source"].str.len() == 0).astype(object)
        if table == "partnerships":  # parties at the same place have a position, though no line
            part["no_position"] = (frame["located"] == 0).astype(object)
        else:
            part["no_position"] = frame.geometry.isna().astype(object) if "geometry" in frame.columns else None
        missing = part[["no_date", "no_source", "no_position"]].eq(True).any(axis=1)
        parts.append(part[missing])
    return pd.concat(parts, ignore_index=True)


def _table(records: list[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return records as a table of the report; columns of amounts and lengths are float64 even if all values are missing."""
    frame = pd.DataFrame(records, columns=list(columns))
    return frame.astype({name: "float64" for name in (*_MONEY, *_KILOMETRES) if name in frame.columns})
