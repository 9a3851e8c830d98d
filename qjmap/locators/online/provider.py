"""Who may be asked, under which terms, and what an answer is turned into."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from qjmap.schema import PRECISION_RADIUS_M

LEVELS = tuple(level for level in PRECISION_RADIUS_M if level not in ("exact", "unresolved"))
"""Precision levels that a provider's answer may have, finest first. Never `exact`: no provider surveys a site for us."""

_LONGEST_LABEL = 200
_DEEPEST = 32  # levels of nesting of an answer; the providers' have five


@dataclass(frozen=True, slots=True)
class Provider:
    """A geocoding service.

    Attributes
    ----------
    datum : of the coordinates that it answers with, a key of `qjmap.datum`.
    url : where it is asked, without a slash at the end.
    per_second : questions a second. Nominatim: 1, its usage policy's absolute maximum. Amap and Baidu: 3, what their
        consoles give an individual developer. Photon and Tianditu name no figure: 1 and 2 are ours.
    keyed : whether it wants a key.
    longest : the longest question in bytes of UTF-8, None where the provider names no limit.
    joint : what stands between the area and the rest of an address; "" for the Chinese providers, whose answers have no
        names of their own that could be held against what was asked.
    """

    name: str
    datum: str
    url: str
    per_second: float
    keyed: bool = False
    longest: int | None = None
    joint: str = ""

    @property
    def variable(self) -> str:
        """The beginning of its environment variables: QJMAP_AMAP -> QJMAP_AMAP_KEY, QJMAP_AMAP_URL, QJMAP_AMAP_RATE."""
        return f"QJMAP_{self.name.upper()}"


PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        one.name: one
        for one in (
            Provider("nominatim", "wgs84", "https://nominatim.openstreetmap.org", 1.0, joint=" "),
            Provider("photon", "wgs84", "https://photon.komoot.io", 1.0, joint=" "),
            Provider("amap", "gcj02", "https://restapi.amap.com", 3.0, keyed=True),
            Provider("tianditu", "cgcs2000", "https://api.tianditu.gov.cn", 2.0, keyed=True),
            Provider("baidu", "bd09", "https://api.map.baidu.com", 3.0, keyed=True, longest=84),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Result:
    """One place that a provider answered with.

    ``lon`` and ``lat`` are degrees in the provider's datum; ``level`` is one of `LEVELS` and ``radius_m`` at least that
    level's radius; ``word`` is the provider's own word for its precision; ``label`` is what it calls the place;
    ``names`` are the names by which it can have been found, None where the provider gives none.
    """

    lon: float
    lat: float
    level: str
    radius_m: float
    word: str
    label: str = ""
    names: tuple[str, ...] | None = None


class Service(Protocol):
    """A provider, connected."""

    provider: Provider
    parameters: str

    def ask(self, text: str) -> list[Any]:
        """What the provider answers, as plain JSON, best first; empty where it knows nothing. ProviderFault else."""
        ...

    def read(self, raw: Any) -> Result | None:
        """One of those answers; None where it has no position or no level that we know."""
        ...


def result(
    lon: float, lat: float, level: str, word: str, *, reach_m: float = 0.0, label: str = "",
    names: tuple[str, ...] | None = None,
) -> Result | None:  # fmt: skip
    """A result at a level, or at the coarser one that `reach_m`, how far the place reaches or may be off, asks for.

    None where the coordinates are none, or the place reaches further than a country does.
    """
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    label, word = ("".join(sign if sign.isprintable() else " " for sign in one)[:_LONGEST_LABEL] for one in (label, word))
    fits = [one for one in LEVELS[LEVELS.index(level) :] if PRECISION_RADIUS_M[one] >= reach_m]
    if not fits:
        return None
    return Result(lon, lat, fits[0], max(PRECISION_RADIUS_M[level], reach_m), word, label, names)


def sound(page: Any) -> bool:
    """Whether JSON is such as can be kept and shown: not too deep, no half characters."""
    ahead: list[tuple[Any, int]] = [(page, 1)]
    while ahead:
        value, depth = ahead.pop()
        if isinstance(value, str):
            if any("\ud800" <= sign <= "\udfff" for sign in value):
                return False
        elif isinstance(value, (list, dict)):
            if depth > _DEEPEST:
                return False
            ahead += [(one, depth + 1) for one in _inside(value)]
    return True


def _inside(value: list[Any] | dict[str, Any]) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    else:
        yield from value
