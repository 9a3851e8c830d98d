"""The result of the parsers: the places that the names of an address may mean, and the index in the text at which these names end."""

from __future__ import annotations

from typing import NamedTuple

from qjmap.geocoding.china_gazetteer import Place
from qjmap.geocoding.county_towns import State


class ParsedAddress(NamedTuple):
    """The part of an address that names places.

    Attributes
    ----------
    state : the places that the names together may mean.
    form : the last name that has changed the state, as written; a repetition or a larger unit after it does not count.
    end : index in the text after the last name.
    rivals : places of the next name, if they contradict the state; else ().
    wider : a zone or site named before the smallest place, which may be nearer to it than its county's point; None if there is none.
    skipped : whether there is an unknown word between the names.
    """

    state: State
    form: str
    end: int
    rivals: State = ()
    wider: Place | None = None
    skipped: bool = False
