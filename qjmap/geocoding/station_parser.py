"""Parse names of railway stations of China: X站 and X北站 are located at the unit X, any other at its city in the list of stations.

The list of stations and their cities is that of 12306, the ticket office of China Railway; it has no points. It is read with the first name
that ends in 站.
"""

from __future__ import annotations

import re
from functools import cache

from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.china_gazetteer import EXACT, Place
from qjmap.geocoding.parsed_address import ParsedAddress
from qjmap.geocoding.read_asset import read_asset

_STATION = re.compile("(?P<name>[一-龥]{2,12}?)(?:火车|高铁|动车|铁路|客运)?站")
_SIDE = re.compile("(?P<stem>.{2,})[东西南北中]")


class StationParser:
    """Parser of whole texts that are the name of a station."""

    def __init__(self, parser: AddressParser) -> None:
        self._parser, self._places = parser, parser.places

    def parse(self, folded: str) -> ParsedAddress | None:
        """Parse the name of a station; return the units that it contains, else the cities that the list has for it.

        The list decides between units of one name: 吉林站 is in 吉林市. None if neither units nor cities are known, and for a text that is
        no name of a station.
        """
        match = _STATION.fullmatch(folded)
        if match is None:
            return None
        name = match["name"]
        listed = [place for code in _cities_of_station(name) if (place := self._places.place_by_id(code)) is not None]
        for area in _area_names(name):
            parsed = self._parser.parse(area)
            if parsed is None or parsed.rivals or parsed.end < len(area):
                continue
            state = tuple(hit for hit in parsed.state if self._is_in_china(hit[0]))
            if listed:
                related = tuple(hit for hit in state if any(self._are_nested(hit[0], city) for city in listed))
                inside = tuple(hit for hit in related if any(self._places.lies_in(hit[0], city) for city in listed))
                state = inside or related
            if any(
                self._places.kind(place) == "city" and self._places.name(place).endswith("市") for place, _ in state
            ):
                # 吉林东站 is one of 吉林市's, not somewhere in 吉林省
                state = tuple(hit for hit in state if self._places.kind(hit[0]) != "province")
                return parsed._replace(state=state)
            if state and (listed or len(state) == len(parsed.state)):
                return parsed._replace(state=state)
        return ParsedAddress(tuple((place, EXACT) for place in listed), name, len(folded)) if listed else None

    def _is_in_china(self, place: Place) -> bool:
        """Whether a place is neither a country nor a city abroad."""
        if isinstance(place, int) and self._places.china.is_city_abroad(place):
            return False
        return self._places.kind(place) != "country"

    def _are_nested(self, place: Place, other: Place) -> bool:
        """Whether one of two places lies in the other."""
        return self._places.lies_in(place, other) or self._places.lies_in(other, place)


def _area_names(name: str) -> tuple[str, ...]:
    """Return what may name the area in a station's name (without 站): all of it, and it without a direction at its end: 深圳北, 深圳."""
    side = _SIDE.fullmatch(name)
    return (name, side["stem"]) if side else (name,)


def _cities_of_station(name: str) -> tuple[str, ...]:
    """Return the adcodes of the cities or counties that the list of stations has for a name without 站; () for an unknown name."""
    codes = listed_stations().get(name, "")
    return tuple(codes.split(",")) if codes else ()


@cache
def listed_stations() -> dict[str, str]:
    """Return name of a station without 站 -> adcodes of its cities, joined by commas, for all stations of the list."""
    data = read_asset("stations")
    return dict(zip(data["name"].split("|"), data["city"].split("|"), strict=True))
