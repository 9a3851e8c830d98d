"""Answers of locators: ranked candidates for a text, and the reason why one of them is the answer or none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Reason = Literal[
    "exact", "alias", "short-name", "former-name", "typo", "address",
    "unknown", "ambiguous", "conflict", "empty", "no-position", "internal-error",
    # with an online provider (`qjmap.geocoding.online`):
    "provider", "provider-unchecked", "outside", "coarser", "too-long", "quota", "provider-error",
]  # fmt: skip
"""How a place was found, or why there is no answer.

Found by its full name ("exact"), another name ("alias"), its short name, a former name, a name with a corrected typing error ("typo"), or
names with further text ("address"; also a railway station). Not found: no place is named ("unknown"), several may be meant ("ambiguous"),
or the text is "empty". "conflict": names or areas contradict each other; some such texts are answered by a unit around them. "no-position":
the place is known, but no position of it. "internal-error": the program itself failed.

With a provider: its place was taken, confirmed by a named area ("provider") or by none ("provider-unchecked"). It was not, since it lies
"outside" of the named areas, or is "coarser" than the place of the gazetteer. There is none: see `Refusal` in `online.provider_client`."""

AnswerRow = tuple[str, str, float | None, float | None, str, float | None, float | None, str, str, Reason, str, str]
"""id, name, lon, lat, level, radius_m, score, matched, rest, reason, position_of, note: the fields of `Candidate`.

If no place is meant, only the reason is set, and after an internal error the note: the other texts are "", lon, lat and radius_m are None,
the level is "unresolved" and the score 0."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a text may mean.

    Attributes
    ----------
    id : id of the project's place; else adcode, town code or id in the gazetteer; "" for a provider's place.
    name : name of the place; of a provider's place the name or address that it returns, else the text.
    level : precision of the position; "unresolved" without one.
    lon, lat : WGS 84 degrees; None for a known place without a known position.
    radius_m : uncertainty radius in metres; None without a position.
    score : 0 to 1; None for a provider's place.
    matched, rest : the part of the text that names the place, and the text after it.
    reason : how the place was found, or why it is not the answer.
    position_of : id of the other place whose point was taken; "" if the point is the place's own.
    note : what became of a former or misspelt name (綦江县 → 綦江区 (2011), with the year of the change), or which names contradict each
        other; "" for neither.
    within : names of the areas that contain the place, widest first, separated by spaces.
    """

    id: str
    name: str
    level: str
    lon: float | None
    lat: float | None
    radius_m: float | None
    score: float | None
    matched: str
    rest: str
    reason: Reason
    position_of: str = ""
    note: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The candidates for one text.

    Attributes
    ----------
    text : the text as it was given.
    best : the place that is meant; None if the text is not resolved to one place.
    candidates : the places that the text may mean: `best`, then the others (at most twelve), those of the project first, sorted by id. A
        place that is only suggested is the single candidate, without a `best`.
    reason : why `best` is the answer, or why there is none.
    suggestions : names that may be meant by an unknown text.
    note : reference and log file of an internal error; "" if there was none.
    """

    text: str
    best: Candidate | None
    candidates: tuple[Candidate, ...]
    reason: Reason
    suggestions: tuple[str, ...] = ()
    note: str = ""

    @property
    def resolved(self) -> bool:
        """Whether one place is meant and its position is known, at some level."""
        return self.best is not None and self.best.lon is not None

    def __repr__(self) -> str:
        if self.best is None:
            return f"<Answer {self.text!r}: {self.reason}, {len(self.candidates)} candidates>"
        best = self.best
        where = "no position" if best.lon is None else f"{best.lon}, {best.lat}"
        return f"<Answer {self.text!r}: {best.name} ({best.level}, {where}, {self.reason})>"


def failed_answer(text: str, error: Exception) -> Answer:
    """Log an error of the program itself and return the answer to the text on which it occurred."""
    from qjmap.internal_errors import log_unexpected  # imported here, since only an error needs it

    return Answer(text, None, (), "internal-error", note=log_unexpected(error, text))


class Locator(Protocol):
    """Protocol of a locator, an object that finds the place that a text means."""

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Return the answer to one text. `within` has ids or names of areas, in all of which its place must lie."""
        ...
