"""The online locator: the offline locator first, then a provider for texts that the offline one leaves unresolved.

How a provider's result becomes an answer: its point is converted to WGS 84. Its level follows from the provider's own words and is
never finer than `site`. It has no score: a provider's confidence is no probability, and how often it is right has not been
measured. It is taken if it lies in every area that the text and the row name (by polygon) and is finer than the gazetteer's
answer; if no area is named, it is taken with the reason ``provider-unchecked``.
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
"""Outcome of a query to a provider.

"" means that none was sent; "answered" and "unchecked", that the provider's answer was taken ("unchecked" if no named area confirms it);
"unknown", "outside", "coarser" and "ambiguous", why it was not; those of `Refusal`, why there is none; "internal-error", that the
program itself failed on it."""

_REASON_OF_OUTCOME: dict[Outcome, Reason] = {
    "outside": "outside", "quota": "quota", "provider-error": "provider-error", "too-long": "too-long", "coarser": "coarser",
}  # fmt: skip
_WIDE_LEVELS = ("district", "city", "province", "country")
_NARROW_LEVELS = ("park", "town")
_QUERIED_REASONS = ("unknown", "no-position", "ambiguous", "conflict")
_CANDIDATE_COLUMNS = ("name", "lon", "lat", "level", "radius_m", "score", "matched", "rest", "reason", "note")


@dataclass(frozen=True, slots=True)
class OnlineCandidate(Candidate):
    """A provider's place, with its point converted to WGS 84.

    Attributes
    ----------
    provider : name of the provider.
    provider_datum : datum of the provider's coordinates.
    asked_on : day of the query (ISO 8601, UTC).
    given_lon, given_lat : the provider's coordinates in its datum.
    word : the provider's own word for the precision of the point.
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
    """Columns that an online locator adds to a table; all lists have one item for each row.

    Attributes
    ----------
    provider, provider_datum, asked_on : as in `OnlineCandidate`; "" for a row without a provider's place.
    outcome : outcome of the query; "" if none was sent.
    """

    provider: list[str] = field(default_factory=list)
    provider_datum: list[str] = field(default_factory=list)
    asked_on: list[str] = field(default_factory=list)
    outcome: list[str] = field(default_factory=list)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return the columns as rows: (provider, provider_datum, asked_on, outcome)."""
        return list(zip(self.provider, self.provider_datum, self.asked_on, self.outcome, strict=True))


class OnlineLocator:
    """Locator that queries a provider for texts that the offline locator leaves unresolved, or resolves to a large area only.

    Parameters
    ----------
    offline : the offline locator.
    client : client of the provider.
    ask_all : whether to query also if the gazetteer has found the town, park or port of an address.

    Attributes
    ----------
    failed : number of texts on which the program itself failed.
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
        """Return the answer to a name or an address. ``within`` has names or ids of areas that contain its place.

        Raises as `locate_with_outcome`.
        """
        return self.locate_with_outcome(text, within).answer

    def locate_with_outcome(self, text: str, within: Sequence[str] = ()) -> OnlineAnswer:
        """Return the answer and the outcome of the query; the offline answer if the program itself fails on the provider's.

        Raises
        ------
        QjmapError : the cache cannot be used, or the provider refuses the key or the URL.
        """
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
        """Query the provider for the rows of a table that the offline locator left unresolved or resolved to a large area only.

        Equal texts in equal areas are queried once. Raises as `locate_with_outcome`.

        Parameters
        ----------
        texts, within : text and areas of each row, as for `locate_many`.
        columns : the columns that `locate_many` returned for them; the provider's answers are written into them.
        progress : called after each text with the numbers of finished and of all texts to query.

        Returns
        -------
        The further columns that describe the queries.
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
        """Decide whether the provider's first candidate is taken, or the offline answer stays.

        Parameters
        ----------
        level : level of the offline answer; "" without a position.
        candidates : (candidate, whether the named areas contain it) of each that is not outside of them; None if that is not known.
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
        """Whether a provider may improve an offline answer.

        Parameters
        ----------
        reason, level : of the offline answer; the level is "" without a position.
        incomplete : whether a part of the text was not understood, or the point is not the place's own.
        """
        if not level:
            return reason in _QUERIED_REASONS
        return incomplete and (level in _WIDE_LEVELS or (self._ask_all and level in _NARROW_LEVELS))

    def _inherits_point(self, identifier: str, position_of: str) -> bool:
        """Whether the point of a place is that of a different place. A project's place and the gazetteer's place linked to it count as one.

        Parameters
        ----------
        identifier : id of the place, as in `Candidate`.
        position_of : id of the place whose point it has; "" for a point of its own.
        """
        if not position_of:
            return False
        places = self.offline.places
        row, other = (
            None if (place := places.place_by_id(one)) is None else places.china_row(place)
            for one in (identifier, position_of)
        )
        return row is None or row != other

    def _can_be_decided(self, offline: Answer, groups: Areas) -> bool:
        """Whether a provider's answer to an unresolved text could be taken.

        An ambiguous text needs an area (`groups`) or further text, such as a street. Contradicting areas are allowed only if the place in
        the text, with further text, contains the areas of the row.
        """
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
        """Return one group of the places that the text names, in one of which a provider's place must lie; [] if it names none."""
        named = [offline.best] if offline.best is not None else [one for one in offline.candidates if one.matched]
        place_by_id = self.offline.places.place_by_id
        return [[place for one in named if (place := place_by_id(one.id)) is not None]] if named else []

    def _query(self, text: str, groups: Areas, offline: Answer) -> tuple[str, str]:
        """Return the query, with areas under today's names, the widest first, and the part of it that is not an area."""
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
        """Return the names of the areas that contain a place, widest first: of the gazetteer, then those that only the project has."""
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
    """Return the offline answer with an outcome; an unresolved answer also gets the reason that the outcome has."""
    reason = _REASON_OF_OUTCOME.get(outcome)
    if offline.resolved or reason is None:
        return OnlineAnswer(offline, outcome)
    return OnlineAnswer(Answer(offline.text, None, offline.candidates, reason, offline.suggestions), outcome)


def parse_result(api: ProviderApi, raw: Any) -> ProviderResult | None:
    """Parse a provider's result; also None for one of another structure than the provider documents (it stays cached)."""
    try:
        return api.parse(raw)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


def _names_occur_in(result: ProviderResult, text: str) -> bool:
    return any(name and fold(name) in fold(text) for name in result.names or ())


def _circle(candidate: OnlineCandidate) -> tuple[float, float, float]:
    """Return longitude, latitude (WGS 84 degrees) and radius (metres) of a provider's place, which always has them."""
    assert candidate.lon is not None and candidate.lat is not None and candidate.radius_m is not None  # noqa: S101
    return candidate.lon, candidate.lat, candidate.radius_m


def _are_apart(one: OnlineCandidate, other: OnlineCandidate) -> bool:
    """Whether the circles of two places, with their uncertainty radii, do not overlap."""
    (lon1, lat1, radius1), (lon2, lat2, radius2) = _circle(one), _circle(other)
    return distance_m(lon1, lat1, lon2, lat2) > radius1 + radius2
