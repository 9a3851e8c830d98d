"""The table of providers and their terms of use, and the results that their answers are parsed into."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from qjmap.schema import PRECISION_RADIUS_M

LEVELS = tuple(level for level in PRECISION_RADIUS_M if level not in ("exact", "unresolved"))
"""Precision levels of providers' results, finest first. "exact" is not among them, since no provider surveys a site."""

_MAX_LABEL_LENGTH = 200
_MAX_DEPTH = 32  # of nested JSON; the providers' answers have five levels


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of geocoding.

    Attributes
    ----------
    name : name in options, messages and environment variables.
    datum : datum of its coordinates, see `qjmap.datum.to_wgs84`.
    url : base URL of its API, without a slash at the end.
    queries_per_second : maximum rate. Nominatim: 1, the absolute maximum of its usage policy. Amap and Baidu: 3, which their consoles
        give an individual developer. Photon and Tianditu state no figure; 1 and 2 are assumed.
    needs_key : whether it needs an API key.
    max_bytes : length of the longest query in bytes of UTF-8, None where the provider states no limit.
    separator : text that joins the areas, the name and the rest in a query; "" as in Chinese addresses.
    returns_names : whether its results have names that can be compared with the query, as those from OpenStreetMap have.
    """

    name: str
    datum: str
    url: str
    queries_per_second: float
    needs_key: bool = False
    max_bytes: int | None = None
    separator: str = ""
    returns_names: bool = False

    @property
    def variable_prefix(self) -> str:
        """The beginning of its environment variables: QJMAP_AMAP -> QJMAP_AMAP_KEY, QJMAP_AMAP_URL, QJMAP_AMAP_RATE."""
        return f"QJMAP_{self.name.upper()}"


PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        provider.name: provider
        for provider in (
            Provider(
                "nominatim", "wgs84", "https://nominatim.openstreetmap.org", 1.0, separator=" ", returns_names=True
            ),
            Provider("photon", "wgs84", "https://photon.komoot.io", 1.0, separator=" ", returns_names=True),
            Provider("amap", "gcj02", "https://restapi.amap.com", 3.0, needs_key=True),
            Provider("tianditu", "cgcs2000", "https://api.tianditu.gov.cn", 2.0, needs_key=True),
            Provider("baidu", "bd09", "https://api.map.baidu.com", 3.0, needs_key=True, max_bytes=84),
        )
    }
)
"""Name -> provider."""


@dataclass(frozen=True, slots=True)
class ProviderResult:
    """One place of a provider's answer.

    Attributes
    ----------
    lon, lat : degrees in the provider's datum.
    level : one of `LEVELS`.
    radius_m : uncertainty radius in metres.
    word : the provider's own word for the precision of the result.
    label : name or address of the place that the provider returns; "" for none.
    names : names by which the place may have been found; None if the provider returns no names.
    """

    lon: float
    lat: float
    level: str
    radius_m: float
    word: str
    label: str = ""
    names: tuple[str, ...] | None = None


class ProviderApi(Protocol):
    """Client of one provider's API.

    Attributes
    ----------
    provider : the provider.
    parameters : everything besides the query that the answer depends on; a part of the key in the cache.
    """

    provider: Provider
    parameters: str

    def query(self, text: str) -> list[Any]:
        """Return the provider's results as plain JSON values, the best first; [] if it has none. Raise ProviderError without an answer."""
        ...

    def parse(self, raw: Any) -> ProviderResult | None:
        """Parse one item that `query` returned; return None if it has no valid position or no known level."""
        ...


def make_result(
    lon: float, lat: float, level: str, word: str, *, reach_m: float = 0.0, label: str = "",
    names: tuple[str, ...] | None = None,
) -> ProviderResult | None:  # fmt: skip
    """Return a result at a level, or at a coarser one whose radius is at least `reach_m`.

    The radius of the result is that of the given level, or `reach_m` if that is larger. None if the coordinates are invalid, or `reach_m`
    exceeds the radius of the level "country".

    Parameters
    ----------
    lon, lat, word, label, names : as in `ProviderResult`; `word` and `label` are cleaned of control characters and cut.
    reach_m : how far the place reaches from its point, or how far the point may be off, in metres.
    """
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    label, word = (
        "".join(character if character.isprintable() else " " for character in text)[:_MAX_LABEL_LENGTH]
        for text in (label, word)
    )
    wide_enough = [name for name in LEVELS[LEVELS.index(level) :] if PRECISION_RADIUS_M[name] >= reach_m]
    if not wide_enough:
        return None
    radius_m = max(PRECISION_RADIUS_M[level], reach_m)
    return ProviderResult(lon, lat, wide_enough[0], radius_m, word, label, names)


def is_storable_json(page: Any) -> bool:
    """Whether a JSON value can be cached and shown: it is not nested too deeply and has no lone surrogates."""
    stack: list[tuple[Any, int]] = [(page, 1)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, str):
            if any("\ud800" <= character <= "\udfff" for character in value):
                return False
        elif isinstance(value, (list, dict)):
            if depth > _MAX_DEPTH:
                return False
            stack += [(child, depth + 1) for child in _children(value)]
    return True


def _children(value: list[Any] | dict[str, Any]) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    else:
        yield from value
