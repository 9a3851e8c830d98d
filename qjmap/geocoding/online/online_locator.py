"""The online locator: the offline locator first, then a provider for what that leaves unresolved.

How a provider's result becomes an answer: its point is turned into WGS 84. Its level follows from the provider's own words,
never finer than `site`. It has no score: a provider's confidence is no probability, and how often it is right has not been
measured. It is taken if it lies in every area that the text and the row name (by polygon) and is finer than the gazetteer's
answer; where nothing names an area, it is taken with the reason ``provider-unchecked``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from qjmap.datum import to_wgs84
from qjmap.errors import QjmapError
from qjmap.geocoding.answers import Answer, Candidate, Reason
from qjmap.geocoding.china_gazetteer import Place
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.online.area_check import may_lie_within
from qjmap.geocoding.online.provider_client import ProviderClient, Refusal, UnansweredQuery
from qjmap.geocoding.online.providers import LEVELS, Provider, ProviderApi, ProviderResult
from qjmap.geocoding.place_choice import Areas
from qjmap.geocoding.project_gazetteer import distance_m
from qjmap.geocoding.reverse import reverse
from qjmap.internal_errors import log_unexpected
from qjmap.schema import fold

Outcome = Literal["", "answered", "unchecked", "unknown", "outside", "coarser", "ambiguous", "internal-error"] | Refusal
"""Outcome of a query: "" without one; `unchecked` for an answer that no named area confirms."""

_REASON_OF_OUTCOME: dict[Outcome, Reason] = {
    "outside": "outside", "quota": "quota", "provider-error": "provider-error", "too-long": "too-long", "coarser": "coarser",
}  # fmt: skip
_WIDE_LEVELS = ("district", "city", "province", "country")
_NARROW_LEVELS = ("park", "town")
_QUERIED_REASONS = ("unknown", "no-position", "ambiguous", "conflict")
_CANDIDATE_COLUMNS = ("name", "lon", "lat", "level", "radius_m", "score", "matched", "rest", "reason", "note")


@dataclass(frozen=True, slots=True)
class OnlineCandidate(Candidate):
    """A provider's place, its point turned into WGS 84.

    Attributes
    ----------
    provider_datum : datum of the provider's coordinates.
    asked_on : day of the query (ISO 8601, UTC).
    given_lon, given_lat : the provider's coordinates in its datum.
    word : the provider's word for its precision.
    """

    provider: str = ""
    provider_datum: str = ""
    asked_on: str = ""
    given_lon: float = 0.0
    given_lat: float = 0.0
    word: str = ""


@dataclass(frozen=True, slots=True)
class OnlineAnswer:
    """An answer and the outcome of the query."""

    answer: Answer
    outcome: Outcome = ""


@dataclass
class ProviderColumns:
    """Columns that a provider adds to a table: its name, its datum, the day and the outcome of each row's query."""

    provider: list[str] = field(default_factory=list)
    provider_datum: list[str] = field(default_factory=list)
    asked_on: list[str] = field(default_factory=list)
    outcome: list[str] = field(default_factory=list)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return the columns as rows."""
        return list(zip(self.provider, self.provider_datum, self.asked_on, self.outcome, strict=True))


class OnlineLocator:
    """Locator that queries a provider for what the offline one leaves unresolved.

    Parameters
    ----------
    ask_all : query also where the gazetteer has found the town of an address, or the park or port.

    Attributes
    ----------
    failed : number of texts on whose provider's answer the program itself failed.
    """

    def __init__(self, offline: OfflineLocator, client: ProviderClient, *, ask_all: bool = False) -> None:
        self.offline, self.client = offline, client
        self._ask_all = ask_all
        self.failed = 0

    @property
    def provider(self) -> Provider:
        """The provider that is queried."""
        return self.client.api.provider

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Return the candidates for a name or an address; ``within`` holds names or ids of areas that contain it."""
        return self.locate_with_outcome(text, within).answer

    def locate_with_outcome(self, text: str, within: Sequence[str] = ()) -> OnlineAnswer:
        """Return the answer and the outcome of the query; the offline answer where the program itself fails on it."""
        try:
            return self._locate(text, within)
        except (MemoryError, QjmapError):
            raise
        except Exception as error:
            self.failed += 1
            offline = self.offline.locate(text, within=within)
            note = log_unexpected(error, text, hidden=self.client.secret)
            return OnlineAnswer(replace(offline, note=offline.note or note), "internal-error")

    def fill_unresolved(
        self, texts: Sequence[str], within: Sequence[Sequence[str]] | None, columns: dict[str, list[Any]],
        progress: Callable[[int, int], None] | None = None,
    ) -> ProviderColumns:  # fmt: skip
        """Query the provider for the rows of a table that the offline locator left unresolved; each text once.

        Parameters
        ----------
        columns : the columns of `locate_many`; answers are written into them.
        progress : called after each query with the number of finished ones and their total.
        """
        areas = within or [()] * len(texts)
        rows: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for row, key in enumerate(zip(texts, map(tuple, areas), strict=True)):
            level = columns["level"][row] if columns["lon"][row] is not None else ""
            inherited = bool(level) and self._inherits_point(columns["place_id"][row], columns["position_of"][row])
            if self._should_query(columns["reason"][row], level, bool(columns["rest"][row]) or inherited):
                rows.setdefault(key, []).append(row)
        added = ProviderColumns(*([""] * len(texts) for _ in range(4)))
        for done, ((text, words), indices) in enumerate(rows.items(), start=1):
            answer = self.locate_with_outcome(text, words)
            for row in indices:
                _write_row(answer, row, columns, added)
            if progress is not None:
                progress(done, len(rows))
        return added

    def _locate(self, text: str, within: Sequence[str]) -> OnlineAnswer:
        groups = self.offline.parse_areas(within)
        offline = self.offline.locate_in_areas(text, groups)
        best = offline.best
        level = best.level if best is not None and best.lon is not None else ""
        incomplete = best is not None and (bool(best.rest) or self._inherits_point(best.id, best.position_of))
        if not self._should_query(offline.reason, level, incomplete) or not self._can_be_decided(offline, groups):
            return OnlineAnswer(offline)
        query, name = self._query(text, groups, offline)
        try:
            cached = self.client.query(query)
        except UnansweredQuery as error:
            return _unchanged(offline, error.reason)
        results = [result for raw in cached.results if (result := parse_result(self.client.api, raw)) is not None]
        if self.provider.returns_names:
            results = [result for result in results if _names_occur_in(result, name)]
        if not results:
            return _unchanged(offline, "unknown")
        named = [*groups, *self._named_places(offline)]
        inside = [
            (candidate, lies_within)
            for candidate in (self._candidate(result, text, cached.asked_on) for result in results)
            if (lies_within := self._lies_within(candidate, named)) is not False
        ]
        return self._decide(offline, level, inside)

    def _decide(
        self, offline: Answer, level: str, candidates: Sequence[tuple[OnlineCandidate, bool | None]]
    ) -> OnlineAnswer:
        """Decide whether the provider's first candidate is taken.

        Parameters
        ----------
        level : of the offline answer, "" without a position.
        candidates : those that do not lie outside the named areas, and whether these are known to contain them.
        """
        if not candidates:
            return _unchanged(offline, "outside")
        best, confirmed = candidates[0]
        # A provider that returns no names answers a name that it does not know with the area around it.
        widest = (
            level if level in LEVELS else "" if self.provider.returns_names else "district" if confirmed else "town"
        )
        if widest and LEVELS.index(best.level) >= LEVELS.index(widest):
            return _unchanged(offline, "coarser")
        rivals = any(other.level == best.level and _are_apart(best, other) for other, _ in candidates)
        if rivals or (offline.reason == "ambiguous" and not self._lies_in_one_of(best, offline)):
            return _unchanged(offline, "ambiguous")
        best = best if confirmed else replace(best, reason="provider-unchecked")
        return OnlineAnswer(Answer(offline.text, best, (best,), best.reason), "answered" if confirmed else "unchecked")

    def _should_query(self, reason: str, level: str, incomplete: bool) -> bool:
        """Whether an offline answer can be improved.

        Parameters
        ----------
        level : "" without a position.
        incomplete : a part of the text was not understood, or the point is not the place's own.
        """
        if not level:
            return reason in _QUERIED_REASONS
        return incomplete and (level in _WIDE_LEVELS or (self._ask_all and level in _NARROW_LEVELS))

    def _inherits_point(self, identifier: str, position_of: str) -> bool:
        """Whether a place has the point of another, wider one."""
        if not position_of:
            return False
        places = self.offline.places
        row, other = (
            None if (place := places.place_by_id(one)) is None else places.china_row(place)
            for one in (identifier, position_of)
        )
        return row is None or row != other

    def _can_be_decided(self, offline: Answer, groups: Areas) -> bool:
        """Whether a provider can know more: of a street or a name, in areas that do not contradict each other."""
        if offline.reason == "ambiguous":  # without area or street a provider would pick one of them at random
            return bool(groups) or any(candidate.rest for candidate in offline.candidates)
        if offline.reason != "conflict":
            return True
        # 重庆长风化工厂 in a row of 綦江区: the place in the text contains that of the row.
        place_by_id, lies_in = self.offline.places.place_by_id, self.offline.places.lies_in
        outer = [place for one in offline.candidates if one.rest and (place := place_by_id(one.id)) is not None]
        inner = [area for group in groups for area in group]
        return bool(inner) and any(all(lies_in(area, place) for area in inner) for place in outer)

    def _named_places(self, offline: Answer) -> list[list[Place]]:
        """The places that the text names, as far as the gazetteer knows: the answer must lie in one of them."""
        named = [offline.best] if offline.best is not None else [one for one in offline.candidates if one.matched]
        place_by_id = self.offline.places.place_by_id
        return [[place for one in named if (place := place_by_id(one.id)) is not None]] if named else []

    def _query(self, text: str, groups: Areas, offline: Answer) -> tuple[str, str]:
        """The query, in today's names, widest area first; and the part of it that is not an area."""
        separator, places = self.provider.separator, self.offline.places
        if offline.best is not None:
            best = offline.best
            place = places.place_by_id(best.id)
            areas = [] if place is None else self._area_names(place)
            return separator.join(filter(None, [*areas, best.name, best.rest])), best.rest or best.name
        words: list[str] = []
        for group in groups:
            if len(group) == 1:
                (area,) = group
                words += [*self._area_names(area), places.name(area)]
        words = [word for word in dict.fromkeys(words) if fold(word) not in fold(text)]
        return separator.join([*words, text]), text

    def _area_names(self, place: Place) -> list[str]:
        """The names of the areas that contain a place, widest first; above the project's own areas those of China."""
        places = self.offline.places
        names = places.area_names(place).split()
        if isinstance(place, int) or places.china_row(place) is not None:
            return names
        areas = [area for area in places.project.ancestors(place) if places.project.kind(area) != "country"]
        return [*(places.area_names(areas[-1]).split() if areas else ()), *names]

    def _candidate(self, result: ProviderResult, text: str, asked_on: str) -> OnlineCandidate:
        x, y = to_wgs84([result.lon], [result.lat], self.provider.datum)
        lon, lat = float(x[0]), float(y[0])
        return OnlineCandidate(
            "", result.label or text, result.level, lon, lat, result.radius_m, None, text, "", "provider",
            within=reverse(lon, lat).name, provider=self.provider.name, provider_datum=self.provider.datum,
            asked_on=asked_on, given_lon=result.lon, given_lat=result.lat, word=result.word,
        )  # fmt: skip

    def _lies_within(self, candidate: OnlineCandidate, groups: Iterable[Iterable[Place]]) -> bool | None:
        lon, lat, radius_m = _circle(candidate)
        return may_lie_within(self.offline.places, groups, lon, lat, radius_m)

    def _lies_in_one_of(self, best: OnlineCandidate, offline: Answer) -> bool:
        """Whether a candidate lies in exactly one of the places that the text may mean."""
        places = (self.offline.places.place_by_id(one.id) for one in offline.candidates)
        return sum(place is not None and self._lies_within(best, [[place]]) is True for place in places) == 1


def _write_row(answer: OnlineAnswer, row: int, columns: dict[str, list[Any]], added: ProviderColumns) -> None:
    """Write an answer into a row of the columns of `locate_many` and of the provider's columns."""
    added.outcome[row] = answer.outcome
    best = answer.answer.best
    if isinstance(best, OnlineCandidate):
        for name in _CANDIDATE_COLUMNS:
            columns[name][row] = getattr(best, name)
        columns["place_id"][row] = columns["position_of"][row] = ""
        added.provider[row], added.provider_datum[row] = best.provider, best.provider_datum
        added.asked_on[row] = best.asked_on
        return
    if columns["lon"][row] is None:
        columns["reason"][row] = answer.answer.reason
    if answer.outcome == "internal-error":
        columns["note"][row] = answer.answer.note


def _unchanged(offline: Answer, outcome: Outcome) -> OnlineAnswer:
    """The offline answer; an unresolved one with the provider's reason."""
    reason = _REASON_OF_OUTCOME.get(outcome)
    if offline.resolved or reason is None:
        return OnlineAnswer(offline, outcome)
    return OnlineAnswer(Answer(offline.text, None, offline.candidates, reason, offline.suggestions), outcome)


def parse_result(api: ProviderApi, raw: Any) -> ProviderResult | None:
    """Parse a provider's result; None for one of another shape than documented, which can be looked up in the cache."""
    try:
        return api.parse(raw)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


def _names_occur_in(result: ProviderResult, text: str) -> bool:
    return any(name and fold(name) in fold(text) for name in result.names or ())


def _circle(candidate: OnlineCandidate) -> tuple[float, float, float]:
    """Longitude, latitude and radius of a provider's place, which always has them."""
    assert candidate.lon is not None and candidate.lat is not None and candidate.radius_m is not None  # noqa: S101
    return candidate.lon, candidate.lat, candidate.radius_m


def _are_apart(one: OnlineCandidate, other: OnlineCandidate) -> bool:
    """Whether two places do not overlap within their radii."""
    (lon1, lat1, radius1), (lon2, lat2, radius2) = _circle(one), _circle(other)
    return distance_m(lon1, lat1, lon2, lat2) > radius1 + radius2
