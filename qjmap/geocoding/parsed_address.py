"""What the parsers return: the places that the names of an address may mean, and where in the text these names end."""

from __future__ import annotations

from typing import NamedTuple

from qjmap.geocoding.china_gazetteer import Place
from qjmap.geocoding.county_towns import State


class ParsedAddress(NamedTuple):
    """The part of an address that names places.

    Attributes
    ----------
    state : the places that it may mean.
    form : the last name, as it is written.
    end : index in the text behind that name.
    rivals : places named right behind it that lie elsewhere; empty where nothing contradicts it.
    wider : a zone or other area named before the last name, if any.
    skipped : whether an unknown word stands between the names.
    """

    state: State
    form: str
    end: int
    rivals: State = ()
    wider: Place | None = None
    skipped: bool = False
