"""Clients of Nominatim and Photon, geocoders of OpenStreetMap, through geopy. Their datum is WGS 84, the licence of the data ODbL 1.0."""

from __future__ import annotations

from typing import Any

from geopy import geocoders

from qjmap.geocoding.online.errors import translate_errors
from qjmap.geocoding.online.http_adapter import geocoder_options
from qjmap.geocoding.online.providers import PROVIDERS, ProviderResult, make_result
from qjmap.geocoding.project_gazetteer import distance_m

_LIMIT = 5  # results per query: several places of one name show that the name is ambiguous

_LEVEL_OF_TYPE = {
    # Photon's types follow the ranks of Nominatim; China's prefectures come as county, counties as county or city.
    # A street is many ways in OpenStreetMap, and the extent is that of one.
    "house": "site", "street": "town", "locality": "park", "district": "town", "city": "district",
    "county": "city", "state": "province", "country": "country",
}  # fmt: skip


class Nominatim:
    """Client of Nominatim: https://nominatim.org/release-docs/latest/api/Search/"""

    provider = PROVIDERS["nominatim"]

    def __init__(self, url: str, agent: str, timeout_s: float) -> None:
        domain = url.partition("://")[2]
        self._geocoder = geocoders.Nominatim(domain=domain, **geocoder_options(url, agent, timeout_s))
        self.parameters = f"limit={_LIMIT} addressdetails namedetails"

    def query(self, text: str) -> list[Any]:
        """Return up to five places as Nominatim gives them; [] if it has none.

        Raise ProviderError if it refuses the query, does not answer, or answers in an unexpected form.
        """
        places = translate_errors(
            lambda: self._geocoder.geocode(
                text, exactly_one=False, limit=_LIMIT, addressdetails=True, namedetails=True, language=_language(text)
            ),
            needs_key=False,
        )
        return [place.raw for place in places or ()]

    def parse(self, raw: Any) -> ProviderResult | None:
        """Parse a place; its level follows from its rank and its bounding box. Return None for a rank outside of 1 to 30,
        and where `make_result` does.

        https://nominatim.org/release-docs/latest/customize/Ranking/
        """
        rank = int(raw["place_rank"])
        if not 1 <= rank <= 30:
            return None
        level = _level_of_rank(rank, f"{raw.get('class')}={raw.get('type')}")
        lon, lat = float(raw["lon"]), float(raw["lat"])
        south, north, west, east = (float(edge) for edge in raw.get("boundingbox") or (lat, lat, lon, lon))
        address = raw.get("address") or {}
        names = [str(name) for key, name in (raw.get("namedetails") or {}).items() if "name" in key]
        names += [str(raw["name"])] if raw.get("name") else []
        return make_result(
            lon, lat, level, f"rank {rank}", reach_m=_reach(lon, lat, west, south, east, north),
            label=str(raw.get("display_name", "")), names=tuple(names or filter(None, [address.get("road")])),
        )  # fmt: skip


class Photon:
    """Client of Photon: https://github.com/komoot/photon/blob/master/docs/api-v1.md"""

    provider = PROVIDERS["photon"]

    def __init__(self, url: str, agent: str, timeout_s: float) -> None:
        domain = url.partition("://")[2]
        self._geocoder = geocoders.Photon(domain=domain, **geocoder_options(url, agent, timeout_s))
        self.parameters = f"limit={_LIMIT}"

    def query(self, text: str) -> list[Any]:
        """Return up to five GeoJSON features as Photon gives them; [] if it has none.

        Raise ProviderError if it refuses the query, does not answer, or answers in an unexpected form.
        """
        language = "en" if text.isascii() else False  # without a language Photon answers in that of the place
        places = translate_errors(
            lambda: self._geocoder.geocode(text, exactly_one=False, limit=_LIMIT, language=language), needs_key=False
        )
        return [place.raw for place in places or ()]

    def parse(self, raw: Any) -> ProviderResult | None:
        """Parse a feature; its level follows from its type and extent. Return None for an unknown type, and where `make_result` does."""
        properties = raw["properties"]
        word = str(properties.get("type", ""))
        if word not in _LEVEL_OF_TYPE:
            return None
        lon, lat = (float(number) for number in raw["geometry"]["coordinates"][:2])
        west, north, east, south = (float(edge) for edge in properties.get("extent") or (lon, lat, lon, lat))
        words = [
            str(properties[key])
            for key in ("housenumber", "street", "name", "district", "city", "state")
            if properties.get(key)
        ]
        names = tuple(str(properties[key]) for key in ("name", "street") if properties.get(key))
        return make_result(
            lon, lat, _LEVEL_OF_TYPE[word], word, reach_m=_reach(lon, lat, west, south, east, north),
            label=", ".join(dict.fromkeys(words)), names=names[:1],
        )  # fmt: skip


def _language(text: str) -> str:
    return "en" if text.isascii() else "zh-CN,zh"


def _level_of_rank(rank: int, tag: str) -> str:
    """Return the precision level of a place by its rank in Nominatim, and by its OpenStreetMap tag such as "place=city".

    Administrative units of China have the rank of twice their admin_level: 8 (province), 10 (prefecture), 12 (county), 16 (town).
    """
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
    """Return the distance in metres from a point to the farthest corner of its bounding box."""
    return max(distance_m(lon, lat, x, y) for x in (west, east) for y in (south, north))
