"""Make invented addresses that are mixed as in the tables of offices, from names of the gazetteer and words for streets.

Of ten addresses, seven begin with units of China in one of the usual ways, two name no place, and one lies abroad. An address that names
a place comes with a point near it, as in a table with coordinates. No house number is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from qjmap.geocoding.china_gazetteer import load_china_gazetteer

NO_PLACE, ABROAD = 0.2, 0.1
"""Share of the addresses that name no place, and share of the addresses abroad."""
NEAR_DEGREES = 0.015
"""Standard deviation in degrees of the distance of a point from the point of its unit."""

_STREETS = (
    "人民路", "建设路", "解放街", "工业大道", "滨河路", "创新一路", "园区东路", "老街", "文化路", "迎宾大道", "科技中二路", "新华街",
    "和平里", "幸福巷", "环城北路", "商业步行街", "学府路", "体育场路", "火炬路", "天平街", "车站路", "桃园三路",
)  # fmt: skip
_BUILDINGS = (
    "", "", "{n}号楼{m}室", "创业大厦{m}室", "B座{m}", "软件园{n}栋", "国际商务中心{n}层", "（近{street}）", "金融广场A座{n}楼", "标准厂房{n}幢",
)  # fmt: skip
_ABROAD = ("Hafenstraße {n}, {name}", "{n} Main Street, {name}", "{name} Industrial Park, Lot {n}")


@dataclass(frozen=True)
class Address:
    """An address, and a point (WGS 84 degrees) near the place that it names; None if it names no place."""

    text: str
    point: tuple[float, float] | None


@dataclass
class _Unit:
    """A county or a place abroad.

    Attributes
    ----------
    point : longitude and latitude in WGS 84 degrees.
    prefixes : the ways in which its addresses begin.
    towns : names of its towns.
    latin : name in Latin letters of a place abroad; "" if it has none.
    """

    point: tuple[float, float]
    prefixes: list[str]
    towns: list[str] = field(default_factory=list)
    latin: str = ""


def mixed_addresses(draw: np.random.Generator, count: int) -> Iterator[Address]:
    """Yield `count` addresses. The same state of `draw` gives the same addresses."""
    counties, abroad = _units()
    shares = draw.dirichlet(np.full(len(counties), 0.5))
    of_county, of_abroad = draw.choice(len(counties), count, p=shares), draw.integers(0, len(abroad), count)
    kinds, offsets = draw.random(count), draw.normal(0, NEAR_DEGREES, (count, 2))
    picks = draw.integers(0, 1 << 30, (count, 5))
    for at in range(count):
        first, second, third, number, room = picks[at].tolist()
        street, house = _STREETS[first % len(_STREETS)], number % 400 + 1
        building = _BUILDINGS[second % len(_BUILDINGS)].format(
            n=room % 30 + 1, m=room % 2000 + 101, street=_STREETS[third % len(_STREETS)]
        )
        tail = f"{street}{house}号{building}"
        if kinds[at] < NO_PLACE:
            yield Address(tail, None)
            continue
        is_abroad = kinds[at] < NO_PLACE + ABROAD
        unit = abroad[of_abroad[at]] if is_abroad else counties[of_county[at]]
        point = (unit.point[0] + offsets[at, 0], unit.point[1] + offsets[at, 1])
        if is_abroad and second % 2 and unit.latin:
            yield Address(_ABROAD[third % len(_ABROAD)].format(n=house, name=unit.latin), point)
            continue
        town = unit.towns[second % len(unit.towns)] if unit.towns and third % 3 == 0 else ""
        yield Address(f"{unit.prefixes[room % len(unit.prefixes)]}{town}{tail}", point)


def _short(province: str) -> str:
    """Return the short name of a province: 黑龙江省 -> 黑龙江, 广西壮族自治区 -> 广西."""
    return province[: 3 if province.startswith(("黑龙江", "内蒙古")) else 2]


def _units() -> tuple[list[_Unit], list[_Unit]]:
    """Return the counties of China, and the countries and cities abroad."""
    china = load_china_gazetteer()
    latin: dict[int, str] = {}
    for form, rows in china.rows_by_latin_form.items():
        for row in rows:
            latin.setdefault(row, form.title())
    counties, abroad = [], []
    for row, name in enumerate(china.names):
        position = china.point(row)
        if position is None or china.abolished_in(row):
            continue
        chain: list[str] = []
        above = china.parent(row)
        while above >= 0:
            chain.insert(0, china.name(above))
            above = china.parent(above)
        kind, point = china.kind(row), (position[0], position[1])
        if kind == "district" and chain[:1] == ["中国"]:
            around = chain[1:]
            short = _short(around[0]) if around else ""
            prefixes = ["".join([*around, name]), "".join([*around[-1:], name]), f"{short}{name}", name]
            counties.append(_Unit(point, prefixes, [town for town, _ in china.towns_of(row)]))
        elif kind in ("country", "city") and (chain or [name])[0] != "中国":
            own = latin.get(row, name if name.isascii() else "")
            prefixes = [*chain[:1]] if name.isascii() else ["".join([*chain, name]), name]
            abroad.append(_Unit(point, prefixes, latin=own))
    return counties, abroad
