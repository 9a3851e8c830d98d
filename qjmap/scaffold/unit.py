"""Find the administrative unit of a new project by name, the units that contain it, and its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from qjmap.errors import UsageError
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.exact_names import GazetteerPlace, exact_names
from qjmap.ground import neighbours

_LEVELS = ("province", "city", "district")
_ADCODE = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Unit:
    """A county, prefecture or province (`home`), with the units that contain it and its neighbours."""

    home: GazetteerPlace

    @cached_property
    def areas(self) -> tuple[GazetteerPlace, ...]:
        """The prefecture and the province that it lies in, nearest first."""
        areas = map(exact_names().place, self.home.parents)
        return tuple(area for area in areas if _is_unit(area))

    @cached_property
    def neighbours(self) -> tuple[GazetteerPlace, ...]:
        """The units of the same level that share a piece of boundary with it, sorted by adcode; () if its outline is not known."""
        found = map(exact_names().with_code, neighbours(self.home.code))
        return tuple(place for place in found if place is not None and place != self.home)

    @property
    def places(self) -> tuple[GazetteerPlace, ...]:
        """The unit, the prefecture and the province that it lies in, and its neighbours, each once."""
        return tuple(dict.fromkeys((self.home, *self.areas, *self.neighbours)))


def find_units(name: str, within: str = "") -> tuple[GazetteerPlace, ...]:
    """Return the counties, prefectures and provinces of today that a name or adcode may mean; at least one.

    Parameters
    ----------
    within : name or adcode of an area that contains the unit, or of the unit itself; "" for no restriction.

    Raises
    ------
    UsageError : no place has the name, or only places that are no such units; or no unit of that name lies in the area.
    """
    match = exact_names().find(name.strip())
    found = match.candidates or ((match.place,) if match.place else ())
    if not found:
        near = OfflineLocator().locate(name).suggestions
        raise UsageError("new-unknown", name=name, near=_near(near))
    units = tuple(place for place in found if _is_unit(place))
    if not units:
        around = next((area for key in found[0].parents if _is_unit(area := exact_names().place(key))), None)
        if around is None:
            raise UsageError("new-no-unit", name=found[0].label)
        raise UsageError("new-kind", name=found[0].label, area=around.label)
    if not within:
        return units
    around_it = exact_names().find(within.strip()).place
    inside = tuple(place for place in units if around_it and around_it.key in (place.key, *place.parents))
    if not inside:
        raise UsageError("new-within", name=name, within=within, places=[place.label for place in units])
    return inside


def _near(suggestions: tuple[str, ...]) -> dict[str, str]:
    """Return the part of the message that names similar units, by language; "" if there are none."""
    if not suggestions:
        return {"zh": "", "en": ""}
    return {"zh": f"；相近的有：{'、'.join(suggestions)}", "en": f"; similar: {', '.join(suggestions)}"}


def _is_unit(place: GazetteerPlace) -> bool:
    """Return whether a place is a county, prefecture or province that has an adcode and has not been abolished."""
    is_of_today = not load_china_gazetteer().abolished_in(place.key)
    return place.kind in _LEVELS and bool(_ADCODE.fullmatch(place.code)) and is_of_today
