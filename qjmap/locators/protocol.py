"""What every locator takes and gives: text in, ranked candidates out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Reason = Literal[
    "exact", "alias", "short-name", "former-name", "typo", "address",
    "unknown", "ambiguous", "conflict", "empty", "no-position", "internal-error",
    # of answers that a provider was asked for (`qjmap.locators.online`):
    "provider", "provider-unchecked", "outside", "coarser", "too-long", "quota", "provider-error",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a text may mean.

    ``lon`` and ``lat`` are WGS 84 degrees, None for a known place without a known position; ``radius_m`` is the
    uncertainty radius in metres; ``score`` lies in 0..1, None for a provider's place; ``matched`` is the part of the text that was understood and
    ``rest`` what follows it; ``position_of`` names the place whose point was taken when it is not the place's own;
    ``note`` says what a reader must know of a former or misspelt name (綦江县 → 綦江区, 2011); ``within`` is the chain of
    areas that hold the place, widest first.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """The candidates for one text, best first; ``best`` is None where no candidate may be taken for the answer.

    ``note`` is the reference and the log of an internal error.
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


def failed(text: str, error: Exception) -> Answer:
    """The answer to a text on which the program itself failed, which is written to the log."""
    from qjmap.defence import log_unexpected

    return Answer(text, None, (), "internal-error", note=log_unexpected(error, text))


class Locator(Protocol):
    """Anything that turns a text into candidates."""

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Answer for one text; ``within`` holds ids or names of areas that the row says it lies in."""
        ...
