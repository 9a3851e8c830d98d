"""Rows of the list gazetteer.csv, which is kept by hand: zones, airports, ports, stations, and names that follow from no rule.

A line of kind `former` or `other` adds names to the unit `parent`; any other line is a place in the unit `parent`. `code` is the IATA
code of an airport or the UN/LOCODE of a port, by which a package has its point. A place without a point takes that of its parent.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import _gazetteer_names as names
import _gazetteer_sources as sources
from _gazetteer_units import ALIAS, EXACT, FORMER, Row

LIST: Final = Path(__file__).resolve().parent / "gazetteer.csv"
_POINT_RADIUS_M: Final = 2_000.0
_POINT_ORIGINS: Final = {"airport": "airportsdata", "port": "searoute"}
_ZONE_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "经济技术开发区": ("经开区", "经济开发区"),
    "经济开发区": ("经开区",),
    "高新技术产业开发区": ("高新区", "高新技术开发区", "国家高新区"),
    "高新技术产业园区": ("高新区",),
    "高技术产业开发区": ("高新区",),
}
"""End of the name of a zone -> ends that people write instead."""


def listed_rows(rows: Mapping[str, Row]) -> list[Row]:
    """Return the places of the list, and add its names of kind `former` and `other` to the units in `rows`."""
    points = {"airport": sources.airport_points(), "port": sources.port_points()}
    cities = {row.name.removesuffix("市") for row in rows.values() if row.name.endswith("市")}
    listed: list[Row] = []
    taken: set[str] = set()
    with LIST.open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            kind, name, code = line["kind"], line["name"], line["code"]
            aliases = [alias for alias in line["aliases"].split("|") if alias]
            if kind in ("former", "other"):
                for form in (name, *aliases):
                    rows[line["parent"]].add_form(
                        form, *((FORMER, int(line["year"])) if kind == "former" else (ALIAS,))
                    )
                continue
            row = Row(_identifier(kind, code, aliases[0] if aliases else name), name, kind, line["parent"])
            if row.id in taken:
                row.id += "-" + row.parent
            taken.add(row.id)
            if (point := points.get(kind, {}).get(code)) is not None:
                row.lon, row.lat = point
                row.radius, row.origin = _POINT_RADIUS_M, _POINT_ORIGINS[kind]
            row.add_form(name, EXACT)
            for form in aliases:
                row.add_form(form, ALIAS)
            for form in (name, *aliases):
                for other in _other_names(kind, form, row, rows, cities):
                    row.add_form(other, ALIAS)
            if kind == "development-zone":
                for form in (name, *aliases):
                    row.latin.update(names.latin_forms_of_zone(form))
            listed.append(row)
    return listed


def _identifier(kind: str, code: str, name: str) -> str:
    """Return the id of a place: its kind, and its code or else the pinyin of a name."""
    prefix = "zone" if kind == "development-zone" else kind
    return f"{kind}-{code}" if code else f"{prefix}-{names.slug(name)}"


def _other_names(kind: str, form: str, row: Row, rows: Mapping[str, Row], cities: set[str]) -> Iterator[str]:
    """Yield the other names that follow from a name of a place by rule."""
    if kind == "development-zone":
        yield from _zone_names(form, cities)
    elif kind == "airport" and row.parent in rows:
        yield from _airport_names(form, row, rows)
    elif kind == "airport":
        yield form.replace("国际机场", "机场")


def _zone_names(form: str, cities: set[str]) -> Iterator[str]:
    """Yield other names of a zone: 芜湖经开区, 芜湖经济开发区 and 芜湖市经济技术开发区 for 芜湖经济技术开发区."""
    end = next((one for one in _ZONE_ENDS if form.endswith(one)), "")
    if not end:
        return
    area = form.removesuffix(end)
    yield from (area + other for other in _ZONE_ENDS[end])
    if area in cities:
        yield from (f"{area}市{end}", f"{area}市{_ZONE_ENDS[end][0]}")


def _airport_names(form: str, row: Row, rows: Mapping[str, Row]) -> Iterator[str]:
    """Yield other names of an airport: 南京禄口机场, 禄口国际机场, 禄口机场 and 南京机场 for 南京禄口国际机场."""
    yield form.replace("国际机场", "机场")
    unit: Row | None = rows[row.parent]
    while unit is not None and unit.level != "country":
        area = names.stem(unit.name, unit.level)
        own = form.removeprefix(area).removesuffix("机场").removesuffix("国际")
        if form.startswith(area) and len(own) >= 2:
            yield from (f"{own}机场", f"{own}国际机场", f"{area}机场")
            return
        unit = rows.get(unit.parent)
