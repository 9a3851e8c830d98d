"""Offline first, then a provider for what that leaves open; an answer outside the named area is refused.

How a provider's answer becomes ours. Its point is turned into WGS 84. Its level is read off its own words, never finer
than `site`. It has no score: a provider's confidence says something else than ours, and nobody has measured how often it
is right. It is taken when it lies in every area that the text and the row name (by polygon) and is finer than what the
gazetteer found; where nothing names an area, it is taken as unchecked, and its reason says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from qjmap.defence import log_unexpected
from qjmap.errors import QjmapError
from qjmap.locators.everywhere import Areas, Everywhere
from qjmap.locators.gazetteer import distance_m
from qjmap.locators.national import Place
from qjmap.locators.online.areas import lies_within
from qjmap.locators.online.asking import Asker, Refusal, Unanswered
from qjmap.locators.online.provider import LEVELS, Result
from qjmap.locators.protocol import Answer, Candidate
from qjmap.locators.reverse import reverse
from qjmap.schema import fold

Outcome = Literal["", "answered", "unchecked", "unknown", "outside", "coarser", "ambiguous", "internal-error"] | Refusal
"""What came of asking: "" where nobody was asked; `unchecked` is an answer that no named area vouches for."""

_WIDE = ("district", "city", "province", "country")
_NEARER = ("park", "town")
_ASKED = ("unknown", "no-position", "ambiguous", "conflict")


@dataclass(frozen=True, slots=True)
class OnlineCandidate(Candidate):
    """A provider's place: its point turned into WGS 84, the datum it came in, the day it was asked (ISO 8601, UTC)."""

    provider: str = ""
    provider_datum: str = ""
    asked_on: str = ""
    given_lon: float = 0.0
    given_lat: float = 0.0
    word: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """An answer, and what came of asking."""

    answer: Answer
    outcome: Outcome = ""


@dataclass
class Found:
    """What asking added to a table: for each row the provider, its datum, the day and the outcome."""

    provider: list[str] = field(default_factory=list)
    provider_datum: list[str] = field(default_factory=list)
    asked_on: list[str] = field(default_factory=list)
    outcome: list[str] = field(default_factory=list)


class Online:
    """A locator that asks a provider for what the offline one leaves open.

    Parameters
    ----------
    everything : ask also where the gazetteer found the town of an address, or the park or port.

    Attributes
    ----------
    failed : texts on whose provider's answer the program itself failed.
    """

    def __init__(self, offline: Everywhere, asker: Asker, *, everything: bool = False) -> None:
        self.offline, self.asker = offline, asker
        self._everything = everything
        self.failed = 0

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Candidates for a name or an address; ``within`` are names or ids of areas that hold it."""
        return self.look(text, within).answer

    def look(self, text: str, within: Sequence[str] = ()) -> Looked:
        """The same with what came of asking; the offline answer where the program itself fails on the provider's."""
        try:
            return self._looked(text, within)
        except (MemoryError, QjmapError):
            raise
        except Exception as error:
            self.failed += 1
            before = self.offline.locate(text, within=within)
            note = log_unexpected(error, text, hidden=self.asker.secret)
            return Looked(replace(before, note=before.note or note), "internal-error")

    def _looked(self, text: str, within: Sequence[str]) -> Looked:
        groups = self.offline.areas(within)
        before = self.offline.answer(text, groups)
        best = before.best
        level = best.level if best is not None and best.lon is not None else ""
        open_ends = best is not None and (bool(best.rest) or self._borrowed(best.id, best.position_of))
        if not self.wanted(before.reason, level, open_ends) or not self._askable(before, groups):
            return Looked(before)
        named = [*groups, *self._named(before)]
        question, own_part = self._question(text, groups, before)
        try:
            stored = self.asker.ask(question)
        except Unanswered as fault:
            return self._left(before, fault.why)
        results = [one for raw in stored.results if (one := _read(self.asker.service.read, raw)) is not None]
        if self._bearing:
            results = [one for one in results if _bears(one, own_part)]
        if not results:
            return self._left(before, "unknown")
        places = [self._candidate(one, text, stored.asked_on) for one in results]
        kept = [(one, inside) for one in places if (inside := self._inside(one, named)) is not False]
        return self._judged(before, level, kept)

    @property
    def _bearing(self) -> bool:
        """Whether answers have names: of OpenStreetMap, what is found must bear a name that was asked for."""
        return bool(self.asker.service.provider.joint)

    def _judged(self, before: Answer, level: str, kept: Sequence[tuple[OnlineCandidate, bool | None]]) -> Looked:
        """What is made of the answers that do not lie outside of what is named; the provider's first one counts."""
        if not kept:
            return self._left(before, "outside")
        best, inside = kept[0]
        # A provider that gives no names answers for a name that it does not know with the area around it.
        widest = level if level in LEVELS else "" if self._bearing else "district" if inside else "town"
        if widest and LEVELS.index(best.level) >= LEVELS.index(widest):
            return self._left(before, "coarser")
        rivals = any(one.level == best.level and _apart(best, one) for one, _ in kept)
        if rivals or (before.reason == "ambiguous" and not self._one_of(best, before)):
            return self._left(before, "ambiguous")
        best = best if inside else replace(best, reason="provider-unchecked")
        return Looked(Answer(before.text, best, (best,), best.reason), "answered" if inside else "unchecked")

    def wanted(self, reason: str, level: str, open_ends: bool) -> bool:
        """Whether a provider is asked, by what the offline locator said.

        Parameters
        ----------
        level : "" where it found no position.
        open_ends : something of the text was not read, or the point is not the place's own.
        """
        if not level:
            return reason in _ASKED
        return open_ends and (level in _WIDE or (self._everything and level in _NEARER))

    def _borrowed(self, identifier: str, position_of: str) -> bool:
        """Whether a place has the point of another, wider one."""
        if not position_of:
            return False
        places = self.offline.places
        own, other = (None if (place := places.place(one)) is None else places.unit(place) for one in (identifier, position_of))
        return own is None or own != other

    def _askable(self, before: Answer, groups: Areas) -> bool:
        """Whether there is something to ask for: a street or a name, in areas that do not contradict each other."""
        if before.reason == "ambiguous":  # the provider would pick one of several places as well as anyone
            return bool(groups) or any(one.rest for one in before.candidates)
        if before.reason != "conflict":
            return True
        # 重庆长风化工厂 in a row of 綦江区: what the text names holds what the row names.
        places = self.offline.places
        outer = [place for one in before.candidates if one.rest and (place := places.place(one.id)) is not None]
        inner = [area for group in groups for area in group]
        return bool(inner) and any(all(places.lies_in(area, one) for area in inner) for one in outer)

    def improve(
        self, texts: Sequence[str], within: Sequence[Sequence[str]] | None, found: dict[str, list[Any]],
        progress: Callable[[int, int], None] | None = None,
    ) -> Found:  # fmt: skip
        """Asks for the rows of a table that the offline locator left open, and puts the answers into its columns.

        Parameters
        ----------
        found : the columns of `locate_many`; changed in place.
        progress : told after each question how many of how many are done.
        """
        places = list(zip(texts, within or [()] * len(texts), strict=True))
        rows: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for row, (text, areas) in enumerate(places):
            level = found["level"][row] if found["lon"][row] is not None else ""
            borrowed = bool(level) and self._borrowed(found["place_id"][row], found["position_of"][row])
            if self.wanted(found["reason"][row], level, bool(found["rest"][row]) or borrowed):
                rows.setdefault((text, tuple(areas)), []).append(row)
        count = len(places)
        added = Found([""] * count, [""] * count, [""] * count, [""] * count)
        for done, ((text, areas), numbers) in enumerate(rows.items(), start=1):
            looked = self.look(text, areas)
            for row in numbers:
                self._enter(looked, row, found, added)
            if progress is not None:
                progress(done, len(rows))
        return added

    @staticmethod
    def _enter(looked: Looked, row: int, found: dict[str, list[Any]], added: Found) -> None:
        added.outcome[row] = looked.outcome
        best = looked.answer.best
        if isinstance(best, OnlineCandidate):
            for name in ("name", "lon", "lat", "level", "radius_m", "score", "matched", "rest", "reason", "note"):
                found[name][row] = getattr(best, name)
            found["place_id"][row] = found["position_of"][row] = ""
            added.provider[row], added.provider_datum[row] = best.provider, best.provider_datum
            added.asked_on[row] = best.asked_on
            return
        if found["lon"][row] is None:
            found["reason"][row] = looked.answer.reason
        if looked.outcome == "internal-error":
            found["note"][row] = looked.answer.note

    def _named(self, before: Answer) -> list[list[Place]]:
        """The places that the text names, as far as the gazetteer reads it: in one of them the answer must lie."""
        read = [before.best] if before.best is not None else [one for one in before.candidates if one.matched]
        return [[place for one in read if (place := self.offline.places.place(one.id)) is not None]] if read else []

    def _question(self, text: str, groups: Areas, before: Answer) -> tuple[str, str]:
        """What is asked, in today's names, widest area first; and the part of it that is not an area."""
        joint, places = self.asker.service.provider.joint, self.offline.places
        if before.best is not None:
            one = before.best
            rest = [one.rest] if one.rest else []
            place = places.place(one.id)
            above = [] if place is None else self._above(place)
            return joint.join([*above, one.name, *rest]), one.rest or one.name
        words: list[str] = []
        for group in groups:
            if len(group) == 1:
                (area,) = group
                words += [*self._above(area), places.name(area)]
        words = [word for word in dict.fromkeys(words) if fold(word) not in fold(text)]
        return joint.join([*words, text]), text

    def _above(self, place: Place) -> list[str]:
        """The names of what holds a place, widest first, above the project's own areas those of China."""
        places = self.offline.places
        held = places.within(place).split()
        if isinstance(place, int) or places.unit(place) is not None:
            return held
        areas = [one for one in places.project.ancestors(place) if places.project.kind(one) != "country"]
        return [*(places.within(areas[-1]).split() if areas else ()), *held]

    def _candidate(self, one: Result, text: str, asked_on: str) -> OnlineCandidate:
        from qjmap.datum import to_wgs84

        provider = self.asker.service.provider
        x, y = to_wgs84([one.lon], [one.lat], provider.datum)
        lon, lat = float(x[0]), float(y[0])
        return OnlineCandidate(
            "", one.label or text, one.level, lon, lat, one.radius_m, None, text, "", "provider",
            within=reverse(lon, lat).name, provider=provider.name, provider_datum=provider.datum, asked_on=asked_on,
            given_lon=one.lon, given_lat=one.lat, word=one.word,
        )  # fmt: skip

    def _inside(self, one: OnlineCandidate, named: Sequence[Iterable[Place]]) -> bool | None:
        assert one.lon is not None and one.lat is not None and one.radius_m is not None  # noqa: S101
        return lies_within(self.offline.places, named, one.lon, one.lat, one.radius_m)

    def _one_of(self, best: OnlineCandidate, before: Answer) -> bool:
        """Whether the answer lies in just one of the places that the text may mean."""
        places = (self.offline.places.place(one.id) for one in before.candidates)
        return sum(place is not None and self._inside(best, [[place]]) is True for place in places) == 1

    def _left(self, before: Answer, outcome: Outcome) -> Looked:
        """The offline answer; of an unresolved one the reason is now the provider's."""
        reason = _REASONS.get(outcome)
        if before.resolved or reason is None:
            return Looked(before, outcome)
        return Looked(Answer(before.text, None, before.candidates, reason, before.suggestions), outcome)


_REASONS: dict[str, Any] = {
    "outside": "outside", "quota": "quota", "provider-error": "provider-error", "too-long": "too-long", "coarser": "coarser",
}  # fmt: skip


def _read(read: Callable[[Any], Result | None], raw: Any) -> Result | None:
    """A result, None for one of another shape than documented: it is in the cache, where it can be looked at."""
    try:
        return read(raw)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


def _bears(one: Result, asked_for: str) -> bool:
    return any(name and fold(name) in fold(asked_for) for name in one.names or ())


def _apart(one: OnlineCandidate, other: OnlineCandidate) -> bool:
    """Whether two answers are surely two places."""
    assert one.lon is not None and one.lat is not None and other.lon is not None and other.lat is not None  # noqa: S101
    return distance_m(one.lon, one.lat, other.lon, other.lat) > (one.radius_m or 0.0) + (other.radius_m or 0.0)
