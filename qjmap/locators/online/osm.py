"""Nominatim and Photon, geocoders of OpenStreetMap; through geopy. WGS 84, ODbL 1.0."""

from __future__ import annotations

from typing import Any

from qjmap.locators.gazetteer import distance_m
from qjmap.locators.online.faults import translated
from qjmap.locators.online.provider import PROVIDERS, Result, result
from qjmap.locators.online.transport import options

_SEVERAL = 5  # answers asked for: places of one name show that the name does not decide

_OF_TYPE = {
    # Photon's types follow the ranks of Nominatim; China's prefectures come as county, counties as county or city.
    # A street is many ways in OpenStreetMap, and the extent is that of one.
    "house": "site", "street": "town", "locality": "park", "district": "town", "city": "district",
    "county": "city", "state": "province", "country": "country",
}  # fmt: skip


class Nominatim:
    """https://nominatim.org/release-docs/latest/api/Search/"""

    provider = PROVIDERS["nominatim"]

    def __init__(self, url: str, agent: str, timeout_s: float) -> None:
        from geopy.geocoders import Nominatim as Geocoder

        self._geocoder = Geocoder(domain=url.partition("://")[2], **options(url, agent, timeout_s))
        self.parameters = f"limit={_SEVERAL} addressdetails namedetails"

    def ask(self, text: str) -> list[Any]:
        """Up to five answers as Nominatim gives them."""
        found = translated(
            lambda: self._geocoder.geocode(
                text, exactly_one=False, limit=_SEVERAL, addressdetails=True, namedetails=True, language=_language(text)
            ),
            keyed=False,
        )
        return [one.raw for one in found or ()]

    def read(self, raw: Any) -> Result | None:
        """By its rank (https://nominatim.org/release-docs/latest/customize/Ranking/) and its bounding box."""
        rank = int(raw["place_rank"])
        if not 1 <= rank <= 30:
            return None
        level = _of_rank(rank, f"{raw.get('class')}={raw.get('type')}")
        lon, lat = float(raw["lon"]), float(raw["lat"])
        south, north, west, east = (float(edge) for edge in raw.get("boundingbox") or (lat, lat, lon, lon))
        address = raw.get("address") or {}
        own = [str(name) for key, name in (raw.get("namedetails") or {}).items() if "name" in key]
        own += [str(raw["name"])] if raw.get("name") else []
        return result(
            lon, lat, level, f"rank {rank}", reach_m=_reach(lon, lat, west, south, east, north),
            label=str(raw.get("display_name", "")), names=tuple(own or filter(None, [address.get("road")])),
        )  # fmt: skip


class Photon:
    """https://github.com/komoot/photon/blob/master/docs/api-v1.md"""

    provider = PROVIDERS["photon"]

    def __init__(self, url: str, agent: str, timeout_s: float) -> None:
        from geopy.geocoders import Photon as Geocoder

        self._geocoder = Geocoder(domain=url.partition("://")[2], **options(url, agent, timeout_s))
        self.parameters = f"limit={_SEVERAL}"

    def ask(self, text: str) -> list[Any]:
        """Up to five GeoJSON features as Photon gives them."""
        language = "en" if text.isascii() else False  # without one it answers in the language of the place
        found = translated(
            lambda: self._geocoder.geocode(text, exactly_one=False, limit=_SEVERAL, language=language), keyed=False
        )
        return [one.raw for one in found or ()]

    def read(self, raw: Any) -> Result | None:
        """By its type and extent."""
        about = raw["properties"]
        word = str(about.get("type", ""))
        if word not in _OF_TYPE:
            return None
        lon, lat = (float(number) for number in raw["geometry"]["coordinates"][:2])
        west, north, east, south = (float(edge) for edge in about.get("extent") or (lon, lat, lon, lat))
        words = [
            str(about[key]) for key in ("housenumber", "street", "name", "district", "city", "state") if about.get(key)
        ]
        names = tuple(str(about[key]) for key in ("name", "street") if about.get(key))
        return result(
            lon, lat, _OF_TYPE[word], word, reach_m=_reach(lon, lat, west, south, east, north),
            label=", ".join(dict.fromkeys(words)), names=names[:1],
        )  # fmt: skip


def _language(text: str) -> str:
    return "en" if text.isascii() else "zh-CN,zh"


def _of_rank(rank: int, tag: str) -> str:
    """The level of a place. Administrative units of China have twice their level as rank: 8, 10, 12 and 16."""
    if rank <= 4:
        return "country"
    if rank <= 9:
        return "province"
    if rank <= 11:
        return "city"
    if rank <= 15 or tag == "place=city":
        return "district"
    if rank <= 18 or rank in (26, 27):  # a road is many ways in OpenStreetMap, and the box is that of one
        return "town"
    return "park" if rank <= 25 else "site"


def _reach(lon: float, lat: float, west: float, south: float, east: float, north: float) -> float:
    """Metres from a point to the furthest corner of its bounding box."""
    return max(distance_m(lon, lat, x, y) for x in (west, east) for y in (south, north))
